// Our elementary functions and the C library's: ns an element of 1024, in the first-level cache.

#include <benchmark/benchmark.h>

#include <array>
#include <cmath>
#include <cstddef>

#include "elementary.h"
#include "lanes.h"
#include "random.h"

namespace backprop {
namespace {

constexpr std::size_t kElements = 1024;

/// Uniform in (-6, 6), or in (0, 6) for the logarithms.
std::array<double, kElements> arguments(bool positive) {
    std::array<double, kElements> x;
    Generator random(1);
    for (double& value : x) {
        const double u = 6.0 * (1.0 - random.uniform());
        value = positive || random.below(2) == 0 ? u : -u;
    }
    return x;
}

template <typename Function>
void ours(benchmark::State& state, Function f, bool positive) {
    const auto x = arguments(positive);
    std::array<double, kElements> y;
    while (state.KeepRunningBatch(kElements)) {
        for (std::size_t i = 0; i < kElements; i += kLanes) store(&y[i], f(load(&x[i])));
        benchmark::DoNotOptimize(y);
    }
}

template <typename Function>
void theirs(benchmark::State& state, Function f, bool positive) {
    const auto x = arguments(positive);
    std::array<double, kElements> y;
    while (state.KeepRunningBatch(kElements)) {
        for (std::size_t i = 0; i < kElements; ++i) y[i] = f(x[i]);
        benchmark::DoNotOptimize(y);
    }
}

#define BACKPROP_COMPARE(f, positive)                                 \
    constexpr auto ours_##f = [](Lanes x) { return f(x); };           \
    constexpr auto theirs_##f = [](double x) { return std::f(x); };   \
    BENCHMARK_CAPTURE(ours, f, ours_##f, positive)->Name(#f "/ours"); \
    BENCHMARK_CAPTURE(theirs, f, theirs_##f, positive)->Name(#f "/C library")
BACKPROP_COMPARE(exp, false);
BACKPROP_COMPARE(expm1, false);
BACKPROP_COMPARE(log, true);
BACKPROP_COMPARE(log1p, true);
BACKPROP_COMPARE(sin, false);
BACKPROP_COMPARE(cos, false);
BACKPROP_COMPARE(tanh, false);
BACKPROP_COMPARE(erf, false);

constexpr auto kSigmoid = [](Lanes x) { return sigmoid(x); };
constexpr auto kLibrarySigmoid = [](double x) { return 1.0 / (1.0 + std::exp(-x)); };
BENCHMARK_CAPTURE(ours, sigmoid, kSigmoid, false)->Name("sigmoid/ours");
BENCHMARK_CAPTURE(theirs, sigmoid, kLibrarySigmoid, false)->Name("sigmoid/C library");

}  // namespace
}  // namespace backprop
