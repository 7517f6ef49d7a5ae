#include "run.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "settings.h"

namespace backprop {

Session::Run::Run(Plan plan)
    : trainer(std::move(plan)),
      checkpoints_(trainer.state().size()),
      before_(trainer.state().size()) {
    record.reserve(trainer.plan().epochs);
    restart();
}

void Session::Run::restart() {
    trainer.initialize();
    trainer.applyEdits(0);
    begin(0);
}

void Session::Run::begin(std::int64_t from) {
    origin = epoch = from;
    step = 0;
    const double start = loss();
    diverged = !std::isfinite(start);
    lookAtProgress(start);
    record.clear();
    record.add(epoch, start, testLoss());
    checkpoints_.clear();
    checkpoints_.add(trainer.state());
    careful_ = isNearDivergence();
}

void Session::Run::resume(std::int64_t at, std::span<const double> state) {
    std::copy(state.begin(), state.end(), trainer.state().begin());
    origin = epoch = at;
    step = 0;
    diverged = false;
    record.clear();
    checkpoints_.clear();
    checkpoints_.add(trainer.state());
    careful_ = isNearDivergence();
}

/// Whether an epoch's loss has to be looked at: it might not be finite, or it might end the run.
bool Session::Run::isNearDivergence() { return trainer.hasStop() || trainer.isOutside(); }

void Session::Run::advance(std::int64_t target) {
    record.reserve(target - origin);
    if (epoch < target && !ended()) undoSteps();
    while (epoch < target && !ended()) {
        if (careful_) {
            runCarefully();
            continue;
        }
        const std::int64_t since = epoch - origin;
        const std::int64_t next = std::min(checkpoints_.next(since), Record::next(since));
        runSegment(std::min({target, origin + next, trainer.nextEdit(epoch)}));
    }
}

/// Whole epochs are trained as ever, from their beginning: only what lies within one goes by steps.
std::int64_t Session::Run::advanceSteps(std::int64_t count) {
    const std::int64_t perEpoch = trainer.stepsPerEpoch();
    const std::int64_t startEpoch = epoch;
    const std::int64_t startStep = step;
    const std::int64_t target = step + count;
    if (target >= perEpoch) advance(epoch + target / perEpoch);
    if (diverged && target >= perEpoch) {
        stepTo(perEpoch - 1);
    } else if (!stopped()) {
        stepTo(target % perEpoch);
    }
    return (epoch - startEpoch) * perEpoch + step - startStep;
}

/// To this step of the epoch, or to the last after which the parameters and the loss are finite.
void Session::Run::stepTo(std::int64_t target) {
    const std::span<double> state = trainer.state();
    if (step < target) trainer.orderOf(epoch);
    if (step == 0 && target > 0) std::copy(state.begin(), state.end(), before_.begin());
    for (; step < target; ++step) {
        trainer.runMiniBatch(epoch, step);
        if (!trainer.isOutside() || (isFinite() && std::isfinite(loss()))) continue;
        diverged = true;
        std::copy(before_.begin(), before_.end(), state.begin());
        for (std::int64_t s = 0; s < step; ++s) trainer.runMiniBatch(epoch, s);
        return;
    }
}

/// To the beginning of this epoch.
void Session::Run::undoSteps() {
    if (step == 0) return;
    std::copy(before_.begin(), before_.end(), trainer.state().begin());
    step = 0;
    diverged = false;
}

bool Session::Run::isFinite() {
    bool finite = true;
    for (const double p : trainer.parameters()) finite &= std::isfinite(p);
    return finite;
}

/// Epochs in which nothing happens but training. Should a parameter have grown so large that the
/// loss might not be finite, goes back to look at each epoch.
void Session::Run::runSegment(std::int64_t end) {
    const std::int64_t start = epoch;
    bool outside = false;
    if (Record::keeps(start - origin) && record.isNew(start)) {
        const double test = testLoss();
        double loss = 0;
        outside = trainer.runEpochs(start, end, &loss);
        record.add(start, loss, test);
    } else {
        outside = trainer.runEpochs(start, end);
    }
    epoch = end;
    outside |= trainer.applyEdits(epoch);
    if (outside) {
        goBack(start);
        careful_ = true;
    } else if (checkpoints_.wants(epoch - origin)) {
        checkpoints_.add(trainer.state());
    }
}

/// One epoch, after which parameters and loss must be finite.
void Session::Run::runCarefully() {
    const std::span<double> state = trainer.state();
    std::copy(state.begin(), state.end(), before_.begin());
    bool outside = trainer.runEpochs(epoch, epoch + 1);
    const bool finite = isFinite();
    outside |= trainer.applyEdits(epoch + 1);
    const double now = loss();
    if (!finite || !std::isfinite(now)) {
        std::copy(before_.begin(), before_.end(), state.begin());
        diverged = true;
        return;
    }
    ++epoch;
    lookAtProgress(now);
    const std::int64_t since = epoch - origin;
    if (Record::keeps(since) && record.isNew(epoch)) record.add(epoch, now, testLoss());
    if (!checkpoints_.wants(since)) return;
    checkpoints_.add(state);
    careful_ = outside || trainer.hasStop();
}

void Session::Run::lookAtProgress(double loss) {
    const Stop& stop = trainer.plan().stop;
    Trainer::Progress& progress = trainer.progress();
    if (loss < progress.lowestLoss) {
        progress.lowestLoss = loss;
        progress.epochsSince = 0;
    } else {
        ++progress.epochsSince;
    }
    const bool reached = stop.loss && loss <= *stop.loss;
    const bool stuck = stop.patience && progress.epochsSince >= static_cast<double>(*stop.patience);
    progress.stopped = reached || stuck;
}

/// To the latest checkpoint at or before the target.
void Session::Run::goBack(std::int64_t target) {
    epoch = origin + checkpoints_.latest(target - origin);
    step = 0;
    checkpoints_.restore(target - origin, trainer.state());
}

void Session::Run::seek(std::int64_t target) {
    undoSteps();
    target = std::max(target, origin);
    if (target < epoch || origin + checkpoints_.latest(target - origin) > epoch) {
        goBack(target);
        diverged = !std::isfinite(loss());
        careful_ = isNearDivergence();
    }
    advance(target);
}

void Session::Run::setEdits(std::vector<Edit> edits) {
    undoSteps();
    const std::int64_t changed = trainer.setEdits(std::move(edits));
    if (changed == 0 && origin == 0) {
        restart();
        return;
    }
    const std::int64_t kept = std::max(origin, changed - 1);
    checkpoints_.forgetAfter(kept - origin);
    record.forgetAfter(kept);
    diverged = !std::isfinite(loss());  // an edit may save what would diverge
    if (epoch > kept) seek(kept);
}

}  // namespace backprop
