// Training: W1 to W3 of workloads.h, W1 beside the same step unrolled by hand and a plain loop, and
// the cost against samples and width. Each measurement is the same run from its beginning; the
// label is the digest of the parameters at its end (those of the two loops end in other bits: they
// call other exps).

#include <benchmark/benchmark.h>

#include <algorithm>

#include "backprop/backprop.h"
#include "limit/xor_limit.h"
#include "limit/xor_naive.h"
#include "workloads.h"

namespace backprop {
namespace {

constexpr int kEpochs = 10000;
constexpr double kRate = 0.1;

void train(benchmark::State& state, const Experiment& experiment, int epochs, double samples,
           double flop) {
    Session session(experiment);
    session.train(epochs);  // from now on the losses of these epochs are known
    while (state.KeepRunningBatch(epochs)) {
        session.seek(0);
        session.train(epochs);
    }
    using benchmark::Counter;
    constexpr auto kRateOf = Counter::kIsIterationInvariantRate;
    if (samples > 0)
        state.counters["s/sample"] = {samples, Counter::Flags(kRateOf | Counter::kInvert)};
    if (flop > 0) state.counters["GFLOP"] = {1e-9 * flop, kRateOf};
    state.SetLabel(session.digest());
}

template <double (*trainLoop)(limit::XorParameters&, double, int)>
void xorLoop(benchmark::State& state) {
    limit::XorParameters parameters;
    while (state.KeepRunningBatch(kEpochs)) {
        parameters = limit::postParameters();
        benchmark::DoNotOptimize(trainLoop(parameters, kRate, kEpochs));
    }
    Session session(workload::post());
    session.setParameters(parameters);
    state.SetLabel(session.digest());
}

BENCHMARK(xorLoop<limit::trainXor>)->Name("W1 an epoch/unrolled by hand");
BENCHMARK(xorLoop<naive::trainXor>)->Name("W1 an epoch/plain loop");

/// In every precision that the engine has.
void add(const std::string& name, Experiment experiment, int epochs, benchmark::TimeUnit unit,
         double samples = 0, double flop = 0) {
    for (const char* precision : {"f64", "f32"}) {
        experiment.precision = precision;
        if (validate(experiment)) continue;
        const std::string title = name + "/session " + precision;
        benchmark::RegisterBenchmark(title.c_str(), train, experiment, epochs, samples, flop)
            ->Unit(unit);
    }
}

const bool registered = [] {
    add("W1 an epoch", workload::post(), kEpochs, benchmark::kNanosecond);
    add("W2 an epoch", workload::small(), 100, benchmark::kMicrosecond);
    add("W3 an epoch", workload::wide(), 20, benchmark::kMillisecond);
    for (const int n : {4, 16, 64, 256, 1024, 4096, 16384, 100000}) {
        const int epochs = std::max(20, 100000 / n);
        add(std::to_string(n) + " samples, an epoch", workload::ofSamples(n), epochs,
            benchmark::kMicrosecond, n);
    }
    for (int w = 2; w <= 1024; w *= 2) {
        const int epochs = std::max(20, 4096 / w);
        add("width " + std::to_string(w) + ", an epoch", workload::ofWidth(w), epochs,
            benchmark::kMicrosecond, 0, workload::flopOfWidth(w));
    }
    return true;
}();

}  // namespace
}  // namespace backprop
