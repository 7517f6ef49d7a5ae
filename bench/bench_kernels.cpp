// A dense layer of w units on w inputs and 128 samples, without activation: its forward pass (2 w²
// flop a sample) and its backward pass (4 w²), as the kernels' table gives them. Beside them what
// this processor does at most in multiplications and additions (not fused: docs/determinism.md).

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "kernels.h"
#include "random.h"

namespace backprop {
namespace {

constexpr std::size_t kSamples = 128, kIdentity = 0;

/// Multiplies and adds in twelve chains that depend on nothing but themselves, in vectors of eight
/// doubles (two of four where registers hold four), so many times.
constexpr int kChains = 12, kVector = 8;
void multiplyAndAdd(int times) {
    using Vector = double __attribute__((vector_size(kVector * sizeof(double))));
    Vector chains[kChains] = {};
    double factor = 0.5, term = 0.25;
    benchmark::DoNotOptimize(factor);
    benchmark::DoNotOptimize(term);
    for (int i = 0; i < times; ++i) {
        for (Vector& chain : chains) chain = chain * factor + term;
    }
    benchmark::DoNotOptimize(chains);
}

constexpr int kTimes = 10000;
constexpr double kPeakFlop = 2.0 * kChains * kVector * kTimes;

void peak(benchmark::State& state) {
    for (auto _ : state) multiplyAndAdd(kTimes);
    state.counters["GFLOP"] = {1e-9 * kPeakFlop, benchmark::Counter::kIsIterationInvariantRate};
}
BENCHMARK(peak)->Name("multiply and add, at most");

/// The best of a few tries, flop/s.
double measuredPeak() {
    using Clock = std::chrono::steady_clock;
    double best = 0;
    for (int i = 0; i < 200; ++i) {
        const auto before = Clock::now();
        multiplyAndAdd(kTimes);
        const std::chrono::duration<double> seconds = Clock::now() - before;
        best = std::max(best, kPeakFlop / seconds.count());
    }
    return best;
}

struct DenseLayer {
    explicit DenseLayer(std::size_t width, bool single)
        : weights(width * width), dWeights(width * width), biases(width), dBiases(width) {
        const std::size_t size = width * kSamples;
        for (auto* buffer : {&x, &z, &a, &da, &dx}) buffer->resize(size);
        Generator random(width);
        for (auto* values : {&weights, &biases, &x, &da}) {
            for (double& value : *values) value = random.uniform() - 0.5;
        }
        arguments.fanIn = arguments.fanOut = width;
        arguments.samples = arguments.stride = arguments.xStride = kSamples;
        arguments.weights = weights.data();
        arguments.biases = biases.data();
        arguments.x = x.data();
        arguments.z = z.data();
        arguments.a = a.data();
        arguments.da = da.data();
        arguments.dx = dx.data();
        arguments.dWeights = dWeights.data();
        arguments.dBiases = dBiases.data();
        if (isPackable(width, width)) {
            scratch.resize(scratchFor(width, width, kSamples));
            arguments.scratch = scratch.data();
        }
        arguments.single = single && isWide(width, width);
    }

    std::vector<double> weights, dWeights, biases, dBiases, x, z, a, da, dx, scratch;
    DenseArguments arguments{};
};

void measure(benchmark::State& state, DenseKernel kernel, DenseLayer& layer, double flopPerWeight) {
    for (auto _ : state) {
        kernel(layer.arguments);
        benchmark::ClobberMemory();
    }
    const double flop = flopPerWeight * kSamples * static_cast<double>(layer.weights.size());
    static const double most = measuredPeak();
    state.counters["GFLOP"] = {1e-9 * flop, benchmark::Counter::kIsIterationInvariantRate};
    state.counters["peak"] = 1e-9 * most;
    state.SetLabel(kernels().instructionSet);
}

void denseForward(benchmark::State& state, bool single) {
    DenseLayer layer(static_cast<std::size_t>(state.range(0)), single);
    measure(state, kernels().forward(kIdentity, layer.arguments.fanIn, kSamples), layer, 2.0);
}

void denseBackward(benchmark::State& state, bool single) {
    DenseLayer layer(static_cast<std::size_t>(state.range(0)), single);
    measure(state, kernels().backward(kIdentity, layer.arguments.fanIn, kSamples), layer, 4.0);
}

#define BACKPROP_WIDTHS(function, title)                                                      \
    BENCHMARK_CAPTURE(function, f64, false)->Name(title)->RangeMultiplier(4)->Range(4, 1024); \
    BENCHMARK_CAPTURE(function, f32, true)->Name(title " f32")->RangeMultiplier(4)->Range(16, 1024)
BACKPROP_WIDTHS(denseForward, "dense forward");
BACKPROP_WIDTHS(denseBackward, "dense backward");

}  // namespace
}  // namespace backprop
