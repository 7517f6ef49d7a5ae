#pragma once
// The places in the catalog of the names that the core treats apart from their kernels.

#include <cstddef>
#include <tuple>
#include <type_traits>

#include "activation.h"
#include "lbfgs.h"
#include "loss.h"
#include "optimizer.h"

namespace backprop {

/// Those that have kernels, and after them the one that has not.
template <typename... T>
std::tuple<T..., Lbfgs> withLbfgs(const std::tuple<T...>*);
using AllOptimizers = decltype(withLbfgs(static_cast<const Optimizers*>(nullptr)));

namespace place {

/// Where a list has this one, which it has.
template <typename T, typename... All>
consteval std::size_t among(const std::tuple<All...>*) {
    constexpr bool kIsIt[] = {std::is_same_v<T, All>...};
    std::size_t place = 0;
    while (!kIsIt[place]) ++place;
    return place;
}

inline constexpr const Activations* kActivations = nullptr;
inline constexpr std::size_t kIdentity = among<Identity>(kActivations);
inline constexpr std::size_t kSigmoid = among<Sigmoid>(kActivations);
inline constexpr std::size_t kTanh = among<Tanh>(kActivations);
inline constexpr std::size_t kSoftmax = among<Softmax>(kActivations);

inline constexpr const Losses* kLosses = nullptr;
inline constexpr std::size_t kMeanSquaredError = among<MeanSquaredError>(kLosses);
inline constexpr std::size_t kHinge = among<Hinge>(kLosses);

inline constexpr const AllOptimizers* kOptimizers = nullptr;
inline constexpr std::size_t kSgd = among<Sgd>(kOptimizers);
inline constexpr std::size_t kLbfgs = among<Lbfgs>(kOptimizers);

}  // namespace place
}  // namespace backprop
