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

/// Uniform in (-6, 6), or in (0, 6) for the logarithm.
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

constexpr auto kExp = [](Lanes x) { return exp(x); };
constexpr auto kLog = [](Lanes x) { return log(x); };
constexpr auto kTanh = [](Lanes x) { return tanh(x); };
constexpr auto kSigmoid = [](Lanes x) { return sigmoid(x); };
constexpr auto kLibraryExp = [](double x) { return std::exp(x); };
constexpr auto kLibraryLog = [](double x) { return std::log(x); };
constexpr auto kLibraryTanh = [](double x) { return std::tanh(x); };
constexpr auto kLibrarySigmoid = [](double x) { return 1.0 / (1.0 + std::exp(-x)); };

BENCHMARK_CAPTURE(ours, exp, kExp, false)->Name("exp/ours");
BENCHMARK_CAPTURE(theirs, exp, kLibraryExp, false)->Name("exp/C library");
BENCHMARK_CAPTURE(ours, log, kLog, true)->Name("log/ours");
BENCHMARK_CAPTURE(theirs, log, kLibraryLog, true)->Name("log/C library");
BENCHMARK_CAPTURE(ours, tanh, kTanh, false)->Name("tanh/ours");
BENCHMARK_CAPTURE(theirs, tanh, kLibraryTanh, false)->Name("tanh/C library");
BENCHMARK_CAPTURE(ours, sigmoid, kSigmoid, false)->Name("sigmoid/ours");
BENCHMARK_CAPTURE(theirs, sigmoid, kLibrarySigmoid, false)->Name("sigmoid/C library");

}  // namespace
}  // namespace backprop
