#pragma once
// A Session runs one experiment: trains, reads out, and goes to any epoch, back or forward, to the
// very same bits as training there.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "backprop/plan.h"

namespace backprop {

/// The losses of a run, at most 512 epochs for each doubling of their number; the first and the
/// current epoch are always among them. Which epochs is a function of the current epoch alone.
struct History {
    std::vector<double> epochs;      ///< ascending, the first is 0 or where parameters were set
    std::vector<double> losses;      ///< on the whole training set, at that epoch's parameters
    std::vector<double> testLosses;  ///< empty without test samples
};

/// What is computed in a step, by the names of the post: X y W b z a loss d_loss_a d_a d_a_z d_z
/// d_W d_b.
enum class Quantity : std::uint8_t {
    kInputs,           ///< X
    kTargets,          ///< y
    kWeights,          ///< W
    kBiases,           ///< b
    kSums,             ///< z
    kActivations,      ///< a
    kLoss,             ///< loss
    kLossSlope,        ///< d_loss_a, of the last layer
    kActivationSlope,  ///< d_a, of the others
    kDerivative,       ///< d_a_z
    kSumSlope,         ///< d_z
    kWeightGradient,   ///< d_W
    kBiasGradient      ///< d_b
};

/// One intermediate of a step, samples x units (or fan-in x fan-out), row-major.
struct Intermediate {
    Quantity quantity;           ///< what it is
    std::size_t layer;           ///< of which layer, from 1; 0 for X, y and loss
    std::size_t rows;            ///< samples, or fan-in
    std::size_t columns;         ///< units, or fan-out
    std::vector<double> values;  ///< rows x columns

    std::string name() const;  ///< as in the post: z1 a1 … loss d_loss_a2 …
};

/// Backpropagation beside central differences; the penalty is included in both.
struct GradientCheck {
    double maxRelativeError;       ///< max|a − n| / max(max|a|, max|n|), 0 where both vanish
    std::vector<double> analytic;  ///< laid out as parameters()
    std::vector<double> numeric;   ///< the same, by central differences
};

/// What a session trains on: row-major samples x columns.
struct DataRows {
    std::size_t inputColumns;         ///< of inputs and testInputs, before any features
    std::size_t targetColumns;        ///< of targets and testTargets
    std::vector<double> inputs;       ///< training samples x inputColumns
    std::vector<double> targets;      ///< training samples x targetColumns
    std::vector<double> testInputs;   ///< empty without test samples
    std::vector<double> testTargets;  ///< empty without test samples
};

/// One run. Its memory is there from the start, but for the history. Checkpoints take at most 16
/// MiB, or two states (parameters and the optimizer's) where that is more. The history takes at
/// most 24 (512 (floor(log2(n / 512)) + 2) + 1) bytes once n epochs, 512 or more, have been asked
/// for: 200 kB for ten million.
class Session {
  public:
    /// The experiment must pass validate (asserted).
    explicit Session(const Experiment& experiment);
    /// The same of a plan.
    explicit Session(Plan plan);
    ~Session();
    /// What has been moved from can only be assigned to or destroyed.
    Session(Session&&) noexcept;
    /// The run that it had is gone.
    Session& operator=(Session&&) noexcept;

    /// Trains so many epochs, 0 or more. Returns how many ran: fewer when the run diverged or met
    /// its stop condition.
    /// An epoch that trainSteps has begun is finished first and counts as one.
    std::int64_t train(std::int64_t epochs);

    /// Takes so many steps, 0 or more: the optimizer's updates, one a mini-batch, in the order in
    /// which train takes them. The last step of an epoch brings everything to where train does.
    /// Within an epoch, what is read out is of the current parameters, and history ends at the
    /// epoch's beginning; stop conditions are looked at where it ends. Returns how many ran: fewer
    /// when the run diverged, which leaves it at the last step with finite parameters and loss, or
    /// met its stop condition.
    std::int64_t trainSteps(std::int64_t steps);

    /// Goes to the beginning of an epoch, 0 or more, back or forward. It ends earlier where the run
    /// does. The steps of an epoch that was begun are undone.
    void seek(std::int64_t epoch);

    /// Back to the beginning: epoch 0 and the initializer's parameters.
    void reset();

    /// Goes over to an experiment that has other edits and is the same in all else; it must pass
    /// validate (asserted). What lies before the first edit that differs stays, with its history;
    /// a session that stands behind that goes back to the last epoch before it, or to its origin.
    /// One that stands within an epoch goes to its beginning in any case.
    /// Returns false, and changes nothing, where more differs than the edits.
    bool edit(const Experiment& experiment);
    /// The same of a plan that differs in nothing else, in any order.
    void setEdits(std::vector<Edit> edits);

    /// How many epochs lie behind the current parameters.
    std::int64_t epoch() const;
    /// How many steps of the next one do, 0 to stepsPerEpoch() - 1.
    std::int64_t stepOfEpoch() const;
    /// Mini-batches in the training set; 1 with the full batch, where an epoch is a step.
    std::int64_t stepsPerEpoch() const;
    /// True when the next epoch's parameters or loss would not be finite; the state is the last
    /// finite one that train or trainSteps has come to.
    bool diverged() const;
    /// True when the stop condition has been met.
    bool stopped() const;

    /// Of the current parameters on the whole training set, without the penalty.
    double loss() const;
    /// The same on the test set; NaN where there are no test samples.
    double testLoss() const;
    /// Share of samples on the right side: threshold 0.5 for one output, sign for tanh and hinge,
    /// argmax for several. NaN for regression and where there are no samples.
    double accuracy() const;
    /// The same on the test set.
    double testAccuracy() const;

    /// The losses so far.
    History history() const;

    /// Outputs for raw inputs, row-major samples x inputs; returns samples x outputs.
    std::vector<double> predict(std::span<const double> inputs) const;
    /// The activations of every layer, each row-major samples x units.
    std::vector<std::vector<double>> activations(std::span<const double> inputs) const;
    std::size_t inputs() const;   ///< columns of a raw input row
    std::size_t outputs() const;  ///< units of the last layer
    /// What it trains on.
    DataRows dataset() const;

    /// Flat: W1 (fan_in x fan_out, row-major), b1, W2, b2, …
    std::span<const double> parameters() const;
    /// A new origin at the beginning of this epoch: optimizer state, history and checkpoints begin
    /// again. As many values as parameters() has, finite (asserted).
    void setParameters(std::span<const double> parameters);
    /// Of loss plus penalty on the whole training set at the current parameters.
    std::vector<double> gradient() const;
    /// The training loss at each of these parameter vectors, row after row.
    std::vector<double> lossAt(std::span<const double> rows) const;
    /// One step on the whole training set with every intermediate.
    std::vector<Intermediate> trace() const;
    /// The gradient beside central differences at the current parameters.
    GradientCheck gradientCheck() const;

    /// FNV-1a 64 over the little-endian bytes of parameters(), every NaN as 7ff8000000000000, as 16
    /// lower-case hexadecimal digits.
    std::string digest() const;
    /// The same as a number.
    std::uint64_t hash() const;

  private:
    friend class Ensemble;
    struct Run;
    std::unique_ptr<Run> run_;
};

}  // namespace backprop
