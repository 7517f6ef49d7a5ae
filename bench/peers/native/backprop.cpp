// backprop FOLDER PRECISION: our own engine, natively. Behind the precision "-recorded" may stand:
// with the losses that a session keeps of its run. Otherwise it has been there before and knows
// them, so that it only trains, as the peers do.

#include <map>
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

/// With the losses that a session keeps.
struct Recorded : peer::Work {
    explicit Recorded(const Experiment& experiment) : session(experiment) {}
    void run(int epochs) override { session.train(epochs); }
    double loss() override { return session.loss(); }
    std::string digest() override { return session.digest(); }
    backprop::Session session;
};

/// The same session again and again: it knows the losses, and only trains.
struct Known : peer::Work {
    struct Kept {
        explicit Kept(const Experiment& experiment) : session(experiment) {}
        backprop::Session session;
        int epochs = 0;  ///< whose losses are known
    };
    explicit Known(Kept& kept) : kept(kept) {}
    void prepare(int epochs) override {
        kept.session.seek(0);
        if (epochs > kept.epochs) kept.session.train(kept.epochs = epochs);
        kept.session.seek(0);
    }
    void run(int epochs) override { kept.session.train(epochs); }
    double loss() override { return kept.session.loss(); }
    std::string digest() override { return kept.session.digest(); }
    Kept& kept;
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
    std::map<std::string, Known::Kept> kept;
    return peer::serve("Backprop", [&](const std::string& name) -> std::unique_ptr<peer::Work> {
        Experiment experiment = experimentOf(name);
        experiment.precision = precision;
        if (name == "W4") return std::make_unique<Atlas>(experiment);
        if (variant != precision) return std::make_unique<Recorded>(experiment);
        return std::make_unique<Known>(kept.try_emplace(name, experiment).first->second);
    });
}
