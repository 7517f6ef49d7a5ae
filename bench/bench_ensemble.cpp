// W4, the seed atlas: ns an epoch and member of the post's run under a thousand seeds, beside that
// of a Session; and other experiments under a few, where sessions one after the other are the
// comparison. The label is the digest of the last member's parameters, the same on both sides.

#include <benchmark/benchmark.h>

#include <numeric>

#include "backprop/backprop.h"
#include "workloads.h"

namespace backprop {
namespace {

/// W4 with other layers.
Experiment post(std::vector<Layer> layers) {
    Experiment e = workload::post();
    e.layers = std::move(layers);
    return e;
}

std::string digestOf(const Ensemble& ensemble, const Experiment& experiment) {
    Session session(experiment);
    session.setParameters(ensemble.parameters(ensemble.size() - 1));
    return session.digest();
}

void train(benchmark::State& state, const Experiment& experiment, std::size_t members,
           std::int64_t epochs) {
    std::vector<std::uint32_t> seeds(members);
    std::iota(seeds.begin(), seeds.end(), 0u);
    std::string digest;
    const auto steps = static_cast<std::int64_t>(members) * epochs;
    while (state.KeepRunningBatch(steps)) {
        state.PauseTiming();
        Ensemble ensemble(experiment, seeds);
        state.ResumeTiming();
        ensemble.train(epochs);
        state.PauseTiming();
        digest = digestOf(ensemble, experiment);
        state.ResumeTiming();
    }
    state.SetLabel(digest);
}

void trainSession(benchmark::State& state, Experiment experiment, std::size_t members,
                  std::int64_t epochs) {
    experiment.initializer.settings["seed"] = static_cast<double>(members - 1);
    Session session(experiment);
    while (state.KeepRunningBatch(epochs)) {
        session.reset();
        session.train(epochs);
    }
    state.SetLabel(session.digest());
}

void compare(const std::string& name, const Experiment& experiment, std::size_t members,
             std::int64_t epochs) {
    benchmark::RegisterBenchmark((name + "/ensemble").c_str(), train, experiment, members, epochs);
    benchmark::RegisterBenchmark((name + "/session").c_str(), trainSession, experiment, members,
                                 epochs);
}

const bool registered = [] {
    const Layer output{1, "sigmoid"};
    compare("W4 an epoch and member", workload::post(), 1000, 1000);
    compare("W4, 2-8-1 tanh", post({{8, "tanh"}, output}), 1000, 1000);
    compare("W4, 2-4-4-1 relu", post({{4, "relu"}, {4, "relu"}, output}), 1000, 1000);
    Experiment small = workload::small();
    compare("W2 an epoch and member", small, 64, 50);
    small.optimizer.kind = "adam";
    compare("W2, adam", small, 64, 50);
    compare("W2, full batch", workload::ofSamples(200), 64, 50);
    Experiment wide = workload::moons({64, 64, 1}, 200);
    wide.batchSize = 10;
    compare("2-64-64-1", wide, 8, 10);
    wide = workload::moons({256, 256, 1}, 200);
    wide.batchSize = 100;
    compare("2-256-256-1", wide, 8, 3);
    return true;
}();

}  // namespace
}  // namespace backprop
