// W1, the post's run: ns an epoch of a Session, of the same step unrolled by hand, and of a plain
// loop. Each run is the post's 10,000 epochs from its beginning; the label is the digest of the
// parameters at its end (the other two call other exps, so their last bits differ).

#include <benchmark/benchmark.h>

#include "backprop/backprop.h"
#include "limit/xor_limit.h"
#include "limit/xor_naive.h"

namespace backprop {
namespace {

constexpr int kEpochs = 10000;
constexpr double kRate = 0.1;
const Experiment kPost;

void xorSession(benchmark::State& state) {
    Session session(kPost);
    while (state.KeepRunningBatch(kEpochs)) {
        session.reset();
        session.train(kEpochs);
    }
    state.SetLabel(session.digest());
}

template <double (*train)(limit::XorParameters&, double, int)>
void xorLoop(benchmark::State& state) {
    limit::XorParameters parameters;
    while (state.KeepRunningBatch(kEpochs)) {
        parameters = limit::postParameters();
        benchmark::DoNotOptimize(train(parameters, kRate, kEpochs));
    }
    Session session(kPost);
    session.setParameters(parameters);
    state.SetLabel(session.digest());
}

BENCHMARK(xorSession)->Name("W1 an epoch/session");
BENCHMARK(xorLoop<limit::trainXor>)->Name("W1 an epoch/unrolled by hand");
BENCHMARK(xorLoop<naive::trainXor>)->Name("W1 an epoch/plain loop");

}  // namespace
}  // namespace backprop
