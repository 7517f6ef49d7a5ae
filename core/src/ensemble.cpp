#include "backprop/ensemble.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

#include "lane_trainer.h"
#include "run.h"

namespace backprop {

/// Most members ride in lanes. One that may diverge or stop, and all where the lanes are of no use,
/// train by themselves, in turn by the same run: to be a member is to have a state and an epoch.
struct Ensemble::Members {
    struct Apart {
        std::vector<double> state;
        std::int64_t epoch;
        bool ended, diverged;
    };

    Members(Plan plan, std::span<const std::uint32_t> seeds);

    std::vector<std::uint32_t> seeds;
    Session::Run run;
    std::optional<LaneTrainer> lanes;
    std::vector<std::optional<Apart>> apart;  ///< nothing for one that rides in a lane
    std::int64_t epoch = 0;                   ///< of those that have not ended

    /// The run becomes that of a member at its beginning.
    void restart(std::size_t member);
    void save(Apart& apart);
    void trainApart(std::size_t member, std::int64_t target);
    void copyParameters(std::size_t member, std::span<double> to) const;
};

Ensemble::Members::Members(Plan plan, std::span<const std::uint32_t> given)
    : seeds(given.begin(), given.end()), run(std::move(plan)), apart(seeds.size()) {
    if (LaneTrainer::suits(run.trainer.plan())) lanes.emplace(run.trainer, seeds.size());
    for (std::size_t m = 0; m < seeds.size(); ++m) {
        restart(m);
        if (lanes && !run.isCareful() && !run.ended()) {
            lanes->seat(m, run.trainer.parameters());
        } else {
            save(apart[m].emplace());
        }
    }
}

void Ensemble::Members::restart(std::size_t member) {
    run.trainer.setSeed(seeds[member]);
    run.restart();
}

void Ensemble::Members::save(Apart& a) {
    const std::span<const double> state = run.trainer.state();
    a.state.assign(state.begin(), state.end());
    a.epoch = run.epoch;
    a.ended = run.ended();
    a.diverged = run.diverged;
}

/// One that has just left its lane begins again: a run is a pure function of its experiment.
void Ensemble::Members::trainApart(std::size_t member, std::int64_t target) {
    std::optional<Apart>& a = apart[member];
    if (!a) {
        restart(member);
        a.emplace();
    } else if (a->ended) {
        return;
    } else {
        run.resume(a->epoch, a->state);
    }
    run.advance(target);
    save(*a);
}

void Ensemble::Members::copyParameters(std::size_t member, std::span<double> to) const {
    if (!apart[member]) return lanes->copyParameters(member, to);
    std::copy_n(apart[member]->state.begin(), to.size(), to.begin());
}

Ensemble::Ensemble(Plan plan, std::span<const std::uint32_t> seeds) {
    assert(!seeds.empty());
    members_ = std::make_unique<Members>(std::move(plan), seeds);
}

Ensemble::Ensemble(const Experiment& experiment, std::span<const std::uint32_t> seeds)
    : Ensemble((assert(!validate(experiment)), planOf(experiment)), seeds) {}

Ensemble::~Ensemble() = default;
Ensemble::Ensemble(Ensemble&&) noexcept = default;
Ensemble& Ensemble::operator=(Ensemble&&) noexcept = default;

std::int64_t Ensemble::train(std::int64_t epochs) {
    assert(epochs >= 0);
    Members& m = *members_;
    const std::int64_t start = epoch();
    const std::int64_t target = start + epochs;
    if (m.lanes) m.lanes->train(start, target);
    for (std::size_t i = 0; i < size(); ++i) {
        if (!m.lanes || !m.lanes->rides(i)) m.trainApart(i, target);
    }
    m.epoch = target;
    return epoch() - start;
}

std::size_t Ensemble::size() const { return members_->seeds.size(); }

std::int64_t Ensemble::epochOf(std::size_t member) const {
    const auto& apart = members_->apart[member];
    return apart ? apart->epoch : members_->epoch;
}

std::int64_t Ensemble::epoch() const {
    std::int64_t furthest = 0;
    for (std::size_t i = 0; i < size(); ++i) furthest = std::max(furthest, epochOf(i));
    return furthest;
}

bool Ensemble::diverged(std::size_t member) const {
    const auto& apart = members_->apart[member];
    return apart && apart->diverged;
}

std::vector<double> Ensemble::parameters(std::size_t member) const {
    assert(member < size());
    std::vector<double> parameters(members_->run.trainer.network().parameterCount());
    members_->copyParameters(member, parameters);
    return parameters;
}

std::vector<double> Ensemble::losses() const {
    Trainer& trainer = members_->run.trainer;
    std::vector<double> parameters(trainer.network().parameterCount());
    std::vector<double> losses;
    for (std::size_t i = 0; i < size(); ++i) {
        members_->copyParameters(i, parameters);
        losses.push_back(trainer.loss(parameters.data()));
    }
    return losses;
}

std::vector<double> Ensemble::predict(std::span<const double> rows) const {
    assert(rows.size() % inputs() == 0);
    Trainer& trainer = members_->run.trainer;
    Network& network = trainer.network();
    const Samples samples = toSamples(trainer.plan(), inputs(), rows);
    std::vector<double> parameters(network.parameterCount());
    std::vector<double> predictions;
    predictions.reserve(size() * samples.count * outputs());
    network.bind(parameters.data());
    for (std::size_t i = 0; i < size(); ++i) {
        members_->copyParameters(i, parameters);
        const std::vector<double> outputs = network.predict(samples);
        predictions.insert(predictions.end(), outputs.begin(), outputs.end());
    }
    return predictions;
}

std::size_t Ensemble::inputs() const { return members_->run.trainer.rows().inputColumns; }
std::size_t Ensemble::outputs() const { return members_->run.trainer.network().outputs(); }

}  // namespace backprop
