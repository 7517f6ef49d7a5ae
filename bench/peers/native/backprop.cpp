// backprop FOLDER PRECISION: our own engine, natively. Behind the precision "-recorded" may stand:
// with the losses that a session keeps of its run. Otherwise it has been there before and knows
// them, so that it only trains, as the peers do.

#include <algorithm>
#include <numeric>

#include "../../workloads.h"
#include "protocol.h"

namespace {

using backprop::Experiment;

Experiment experimentOf(const std::string& name) {
    namespace workload = backprop::workload;
    const std::size_t dash = name.find('-');
    const int size = dash == std::string::npos ? 0 : std::stoi(name.substr(dash + 1));
    if (name == "W2") return workload::small();
    if (name == "W3") return workload::wide();
    if (name.starts_with("samples-")) return workload::ofSamples(size);
    if (name.starts_with("width-")) return workload::ofWidth(size);
    return workload::post();  // W1, W4
}

struct Session : peer::Work {
    Session(const Experiment& experiment, bool recorded)
        : session(experiment), recorded(recorded) {}
    void prepare(int epochs) override {
        if (recorded) return;
        session.train(epochs);
        session.seek(0);
    }
    void run(int epochs) override { session.train(epochs); }
    double loss() override { return session.loss(); }
    std::string digest() override { return session.digest(); }
    backprop::Session session;
    bool recorded;
};

/// Seeds 0 to 999; the loss is that of seed 42.
struct Atlas : peer::Work {
    explicit Atlas(const Experiment& experiment) : ensemble(experiment, seeds()) {}
    static std::vector<std::uint32_t> seeds() {
        std::vector<std::uint32_t> all(1000);
        std::iota(all.begin(), all.end(), 0u);
        return all;
    }
    void run(int epochs) override { ensemble.train(epochs); }
    double loss() override { return ensemble.losses()[42]; }
    backprop::Ensemble ensemble;
};

}  // namespace

int main(int, char** argv) {
    const std::string variant = argv[2], precision = variant.substr(0, 3);
    return peer::serve("Backprop", [&](const std::string& name) -> std::unique_ptr<peer::Work> {
        Experiment experiment = experimentOf(name);
        experiment.precision = precision;
        if (name == "W4") return std::make_unique<Atlas>(experiment);
        return std::make_unique<Session>(experiment, variant != precision);
    });
}
