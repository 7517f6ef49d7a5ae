#pragma once
// Settings that several kinds share, written once.

#include <limits>

#include "backprop/catalog.h"

namespace backprop {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kUnset = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kMaxSeed = 4294967295.0;
inline constexpr double kMaxEpoch = 1e9;
inline constexpr double kMaxParameter = 1e9;  // more than any network has

using Type = Setting::Type;

inline constexpr Setting learningRateSetting(double value) {
    return {"learningRate", Type::kNumber, 0, kInfinity, value, "How far a step goes."};
}

inline constexpr Setting weightDecaySetting(double value, std::string_view description) {
    return {"weightDecay", Type::kNumber, 0, kInfinity, value, description};
}

inline constexpr std::string_view kCoupledDecay =
    "Added to the gradient: weightDecay p, biases too.";
inline constexpr std::string_view kDecoupledDecay =
    "Shrinks every parameter by learningRate weightDecay, apart from the gradient.";

/// A decay rate of a running mean: 0 or more, below 1.
inline constexpr Setting decayRateSetting(std::string_view name, double value,
                                          std::string_view description) {
    return {name, Type::kNumber, 0, 1, value, description, Setting::Ends::kMaximumExcluded};
}

inline constexpr Setting epsilonSetting(double value) {
    return {"epsilon", Type::kNumber, 0, kInfinity, value, "Keeps the division from overflowing."};
}

inline constexpr Setting seedSetting(double value) {
    return {"seed", Type::kInteger, 0, kMaxSeed, value, "Of the random numbers."};
}

}  // namespace backprop
