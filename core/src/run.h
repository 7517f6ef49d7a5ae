#pragma once
// What a Session is inside: a trainer, where it stands, and what it remembers of the way.

#include <cstdint>
#include <vector>

#include "backprop/session.h"
#include "history.h"
#include "trainer.h"

namespace backprop {

struct Session::Run {
    explicit Run(Plan plan);

    Trainer trainer;
    std::int64_t origin = 0;  ///< where history and checkpoints begin
    std::int64_t epoch = 0;
    std::int64_t step = 0;  ///< of this epoch, 0 to stepsPerEpoch() - 1
    bool diverged = false;
    Record record;

    bool stopped() { return trainer.progress().stopped != 0; }
    bool ended() { return diverged || stopped(); }
    double loss() { return trainer.loss(trainer.parameters().data()); }
    double testLoss() { return trainer.testLoss(trainer.parameters().data()); }
    /// The parameters at the beginning of this epoch.
    const double* startOfEpoch() { return step > 0 ? before_.data() : trainer.state().data(); }

    /// Back to epoch 0 and the initializer's parameters.
    void restart();
    /// Makes this epoch, with the trainer's state as it is, the origin.
    void begin(std::int64_t from);
    /// Makes this epoch the origin, with the state in which a run of the same experiment was there.
    void resume(std::int64_t at, std::span<const double> state);
    /// Whether each epoch's loss has to be looked at: it might not be finite, or end the run.
    bool isCareful() const { return careful_; }
    /// Trains up to the target, or to the end of the run before it.
    void advance(std::int64_t target);
    /// Takes so many steps; returns how many.
    std::int64_t advanceSteps(std::int64_t count);
    void seek(std::int64_t target);
    /// Goes over to other edits.
    void setEdits(std::vector<Edit> edits);

  private:
    void runSegment(std::int64_t end);
    void runCarefully();
    void lookAtProgress(double loss);
    void goBack(std::int64_t target);
    void stepTo(std::int64_t target);
    void undoSteps();
    bool isFinite();
    bool isNearDivergence();

    /// Epoch by epoch, the loss of each looked at: near divergence, or for a stop condition.
    bool careful_ = false;
    Checkpoints checkpoints_;
    std::vector<double> before_;  ///< the state before a careful or a begun epoch
};

}  // namespace backprop
