// What a page asks of a session besides training: to be made, to go back and forth in time, and to
// be read.

#include <benchmark/benchmark.h>

#include "backprop/backprop.h"
#include "workloads.h"

namespace backprop {
namespace {

void create(benchmark::State& state, const Experiment& experiment) {
    for (auto _ : state) benchmark::DoNotOptimize(Session(experiment));
}

/// To an epoch and back to where training had come, by turns: two ways a round.
void seek(benchmark::State& state, const Experiment& experiment, std::int64_t trained,
          std::int64_t epoch) {
    Session session(experiment);
    session.train(trained);
    for (auto _ : state) {
        session.seek(epoch);
        session.seek(trained);
    }
    state.SetLabel(session.digest());
}

/// A map of 100 x 100 points.
void predictMap(benchmark::State& state, const Experiment& experiment) {
    constexpr int kSide = 100;
    std::vector<double> points;
    for (int row = 0; row < kSide; ++row) {
        for (int column = 0; column < kSide; ++column) {
            points.push_back(2.0 * column / (kSide - 1) - 1);
            points.push_back(2.0 * row / (kSide - 1) - 1);
        }
    }
    const Session session(experiment);
    for (auto _ : state) benchmark::DoNotOptimize(session.predict(points));
}

void trace(benchmark::State& state, const Experiment& experiment) {
    const Session session(experiment);
    for (auto _ : state) benchmark::DoNotOptimize(session.trace());
}

const bool registered = [] {
    const std::pair<const char*, Experiment> workloads[] = {
        {"W1", workload::post()}, {"W2", workload::small()}, {"W3", workload::wide()}};
    for (const auto& [name, experiment] : workloads) {
        const auto named = [&name = name](const char* what) {
            return what + std::string("/") + name;
        };
        benchmark::RegisterBenchmark(named("create").c_str(), create, experiment);
        if (name == std::string("W3")) continue;
        benchmark::RegisterBenchmark(named("seek 10000 to 1 and back").c_str(), seek, experiment,
                                     10000, 1);
        benchmark::RegisterBenchmark(named("seek 10000 to 9999 and back").c_str(), seek, experiment,
                                     10000, 9999);
        benchmark::RegisterBenchmark(named("predict 100 x 100").c_str(), predictMap, experiment);
        benchmark::RegisterBenchmark(named("trace").c_str(), trace, experiment);
    }
    return true;
}();

}  // namespace
}  // namespace backprop
