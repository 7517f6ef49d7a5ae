#pragma once
// One epoch of training: batches, gradient, penalty, schedule, optimizer. What an epoch changes is
// one block of doubles, so that a checkpoint is a copy of it.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "backprop/plan.h"
#include "dataset.h"
#include "lbfgs.h"
#include "network.h"
#include "schedule.h"

namespace backprop {

class Trainer {
  public:
    explicit Trainer(Plan plan);

    const Plan& plan() const { return plan_; }
    const DataRows& rows() const { return rows_; }
    const Samples& trainingSamples() const { return training_; }
    Network& network() { return network_; }

    /// Everything that an epoch changes: parameters, optimizer state, progress.
    std::span<double> state() { return state_; }
    std::span<double> parameters() { return {state_.data(), network_.parameterCount()}; }
    /// Overwrites all of them, rounded to the plan's precision and kept in its range.
    void setParameters(std::span<const double> values);
    /// What the stop condition remembers from epoch to epoch.
    struct Progress {
        double lowestLoss, epochsSince, stopped;
    };
    Progress& progress() { return *reinterpret_cast<Progress*>(&state_[progressAt_]); }

    /// The initializer's seed from now on.
    void setSeed(std::uint32_t seed);
    /// The initializer's parameters, and an optimizer that has seen nothing.
    void initialize();
    /// An optimizer that has seen nothing; its first step is this epoch's.
    void restartOptimizer(std::int64_t epoch);
    /// Other edits from now on. Returns the first epoch at which they differ from those before; the
    /// largest number when they do not.
    std::int64_t setEdits(std::vector<Edit> edits);
    /// Sets the parameters that a hand changes on arriving at this epoch. Returns whether one is
    /// now above limit().
    bool applyEdits(std::int64_t epoch);
    /// The first epoch after this one that has an edit; the largest number when there is none.
    std::int64_t nextEdit(std::int64_t epoch) const;
    bool hasStop() const { return plan_.stop.loss || plan_.stop.patience; }

    /// Trains the epochs up to `end`, with no edit between them. Returns whether some |parameter|
    /// was above limit() or NaN, after each step or, where the loss is finite all the same, in the
    /// end. lossBefore, if it is wanted, is the loss before the
    /// first update: free where the batch is the whole set.
    bool runEpochs(std::int64_t epoch, std::int64_t end, double* lossBefore = nullptr);
    /// The updates of an epoch: its mini-batches, or 1.
    std::int64_t stepsPerEpoch() const { return stepsPerEpoch_; }
    /// Trains one mini-batch of an epoch, 0 to stepsPerEpoch() - 1, in the order that orderOf has
    /// made for it. Returns as runEpochs.
    bool runMiniBatch(std::int64_t epoch, std::int64_t step);

    /// What a step of every member of an ensemble has in common (lane_trainer.h).
    double learningRate(std::int64_t epoch) const;
    /// Samples a step, or 0 for all of them at once.
    std::size_t batchSize() const { return batchSize_; }
    /// The samples in the order of this epoch's mini-batches; until it is asked for again.
    std::span<const std::uint32_t> orderOf(std::int64_t epoch);
    /// Whether its optimizer is plain gradient descent on the loss alone.
    bool isPlain() const;
    std::size_t optimizer() const { return plan_.optimizer.kind; }
    const std::vector<double>& settings() const { return plan_.optimizer.settings; }
    /// How many blocks as large as the parameters the optimizer keeps.
    std::size_t optimizerBlocks() const { return scalarsAt_ / padded_ - 1; }
    /// Adds the penalty's slope to the gradient of so many networks that lie side by side: element
    /// (i, n) of parameters and gradient is parameter i of network n.
    void addPenalty(std::size_t networks, const double* parameters, double* gradient) const;

    /// While no |parameter| is above it, the loss is finite: nothing more need be looked at.
    double limit() const { return limit_; }
    /// Whether some |parameter| is above limit() or NaN.
    bool isOutside();

    /// What the sum of the loss's terms is multiplied by.
    double lossScale(std::size_t samples) const;
    /// Of these parameters on the training set, without the penalty.
    double loss(const double* parameters);
    /// The same on the test set; NaN where there is none.
    double testLoss(const double* parameters);
    double penalty(const double* parameters) const;
    /// Of loss plus penalty on the training set at the current parameters: [parameterCount].
    std::span<const double> gradient();

  private:
    struct Batch {
        const double* inputs;
        const double* targets;
        std::size_t samples, stride;
    };

    /// Loss and gradient of a batch, without the penalty; the loss only when asked.
    template <bool kWithLoss>
    double differentiate(const Batch& batch);
    /// The same of the whole training set.
    template <bool kWithLoss>
    double differentiateAll();
    void sortEdits();
    void addPenalty();
    /// To the plan's precision: what a hand or an initializer gives is kept in its range,
    void fitParameters();
    /// what a step gives may be infinite, as in any single-precision program.
    void roundParameters();
    bool update(std::int64_t step, double learningRate);
    template <bool kWithLoss>
    bool runFullBatch(std::int64_t epoch, double* lossBefore);
    bool runEpoch(std::int64_t epoch);
    bool runEpoch(std::int64_t epoch, double& lossBefore);
    bool canDescend();
    bool descend(std::int64_t epoch, std::int64_t end, double* lossBefore);
    bool runMiniBatches(std::int64_t epoch);
    bool runLbfgs(std::int64_t epoch, double& lossBefore);
    void gather(std::size_t first, std::size_t samples);
    double safeMagnitude() const;

    Plan plan_;
    DataRows rows_;
    Samples training_, test_;
    std::size_t batchSize_;  ///< 0: the full batch
    std::int64_t stepsPerEpoch_;
    Network network_;
    std::size_t padded_;  ///< parameters, in whole vectors
    Schedule schedule_;
    Update update_ = nullptr;     ///< for every optimizer but lbfgs
    std::optional<Lbfgs> lbfgs_;  ///< for it
    UpdateArguments arguments_{};
    std::size_t scalarsAt_, progressAt_;
    std::vector<double> state_, gradient_;
    std::vector<std::uint32_t> order_;
    bool mayDescend_;              ///< plain gradient descent on a small full batch
    std::size_t averagedOutputs_;  ///< outputs that the loss averages over
    Samples batch_;
    double limit_;
    std::int64_t firstEpoch_ = 0;  ///< the optimizer's first step is this epoch's
};

}  // namespace backprop
