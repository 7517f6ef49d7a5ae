#include "backprop/session.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "accuracy.h"
#include "digest.h"
#include "run.h"
#include "settings.h"

namespace backprop {

Session::Session(Plan plan) : run_(std::make_unique<Run>(std::move(plan))) {}

Session::Session(const Experiment& experiment)
    : Session((assert(!validate(experiment)), planOf(experiment))) {}

Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

std::int64_t Session::train(std::int64_t epochs) {
    assert(epochs >= 0);
    const std::int64_t start = run_->epoch;
    run_->advance(start + epochs);
    return run_->epoch - start;
}

std::int64_t Session::trainSteps(std::int64_t steps) {
    assert(steps >= 0);
    return run_->advanceSteps(steps);
}

void Session::seek(std::int64_t epoch) {
    assert(epoch >= 0);
    run_->seek(epoch);
}

void Session::reset() { run_->restart(); }

bool Session::edit(const Experiment& experiment) {
    assert(!validate(experiment));
    Plan plan = planOf(experiment);
    std::vector<Edit> edits = std::exchange(plan.edits, run_->trainer.plan().edits);
    if (plan != run_->trainer.plan()) return false;
    setEdits(std::move(edits));
    return true;
}

void Session::setEdits(std::vector<Edit> edits) { run_->setEdits(std::move(edits)); }

std::int64_t Session::epoch() const { return run_->epoch; }
std::int64_t Session::stepOfEpoch() const { return run_->step; }
std::int64_t Session::stepsPerEpoch() const { return run_->trainer.stepsPerEpoch(); }
bool Session::diverged() const { return run_->diverged; }
bool Session::stopped() const { return run_->stopped(); }
double Session::loss() const { return run_->loss(); }
double Session::testLoss() const { return run_->testLoss(); }

std::span<const double> Session::parameters() const { return run_->trainer.parameters(); }

void Session::setParameters(std::span<const double> parameters) {
    assert(parameters.size() == this->parameters().size());
    run_->trainer.setParameters(parameters);
    run_->trainer.restartOptimizer(run_->epoch);
    run_->begin(run_->epoch);
}

std::vector<double> Session::gradient() const {
    const std::span<const double> gradient = run_->trainer.gradient();
    return {gradient.begin(), gradient.end()};
}

std::vector<double> Session::lossAt(std::span<const double> rows) const {
    const std::size_t count = parameters().size();
    assert(rows.size() % count == 0);
    std::vector<double> losses;
    for (std::size_t at = 0; at < rows.size(); at += count) {
        losses.push_back(run_->trainer.loss(rows.data() + at));
    }
    return losses;
}

History Session::history() const {
    const Record& record = run_->record;
    const auto now = static_cast<double>(run_->epoch);
    const auto known = std::upper_bound(record.epochs().begin(), record.epochs().end(), now);
    const auto count = known - record.epochs().begin();
    const auto upTo = [&](const std::vector<double>& values) {
        return std::vector<double>(values.begin(), values.begin() + count);
    };
    History history{upTo(record.epochs()), upTo(record.losses()), {}};
    const bool hasTests = !run_->trainer.rows().testInputs.empty();
    if (hasTests) history.testLosses = upTo(record.testLosses());
    if (history.epochs.empty() || history.epochs.back() != now) {
        history.epochs.push_back(now);
        const double* start = run_->startOfEpoch();
        history.losses.push_back(run_->trainer.loss(start));
        if (hasTests) history.testLosses.push_back(run_->trainer.testLoss(start));
    }
    return history;
}

std::vector<std::vector<double>> Session::activations(std::span<const double> inputs) const {
    assert(inputs.size() % this->inputs() == 0);
    Trainer& trainer = run_->trainer;
    trainer.network().bind(trainer.parameters().data());
    return trainer.network().activations(toSamples(trainer.plan(), this->inputs(), inputs), 0);
}

std::vector<double> Session::predict(std::span<const double> inputs) const {
    assert(inputs.size() % this->inputs() == 0);
    Trainer& trainer = run_->trainer;
    trainer.network().bind(trainer.parameters().data());
    return trainer.network().predict(toSamples(trainer.plan(), this->inputs(), inputs));
}

std::size_t Session::inputs() const { return run_->trainer.rows().inputColumns; }
std::size_t Session::outputs() const { return run_->trainer.network().outputs(); }
DataRows Session::dataset() const { return run_->trainer.rows(); }

double Session::accuracy() const {
    const DataRows& rows = run_->trainer.rows();
    return accuracyOf(run_->trainer.plan(), outputs(), predict(rows.inputs), rows.targets);
}

double Session::testAccuracy() const {
    const DataRows& rows = run_->trainer.rows();
    return accuracyOf(run_->trainer.plan(), outputs(), predict(rows.testInputs), rows.testTargets);
}

std::uint64_t Session::hash() const { return hashOf(parameters()); }
std::string Session::digest() const { return digestOf(parameters()); }

}  // namespace backprop
