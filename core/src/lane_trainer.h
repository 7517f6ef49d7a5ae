#pragma once
// Trains the members of an ensemble four at a time: lane l of every vector is a member. They differ
// in their parameters alone, so that one sample's row, one order of mini-batches and one learning
// rate serve all of them. Every sum is made in a Session's order: docs/determinism.md.

#include <cstdint>
#include <span>
#include <vector>

#include "ensemble_kernels.h"
#include "trainer.h"

namespace backprop {

class LaneTrainer {
  public:
    /// Whether a plan's members can ride: those of first-order optimizers in f64 can, unless
    /// each epoch's loss has to be looked at.
    static bool suits(const Plan& plan);

    /// For so many members of the trainer's plan. None rides until it is seated. The trainer
    /// must outlive this.
    LaneTrainer(Trainer& trainer, std::size_t members);

    /// Gives a member its lane, with these parameters and an optimizer that has seen nothing.
    void seat(std::size_t member, std::span<const double> parameters);
    /// Whether a member is in its lane. It leaves when one of its parameters is above the trainer's
    /// limit: from then on its epochs have to be looked at one by one, which is done elsewhere.
    bool rides(std::size_t member) const;

    /// Trains all that ride, epochs from the first up to the second.
    void train(std::int64_t from, std::int64_t to);

    /// [parameterCount]
    void copyParameters(std::size_t member, std::span<double> to) const;

  private:
    /// Four members: their parameters and the optimizer's blocks, [1 + blocks, count, 4], and its
    /// scalars.
    struct Group {
        double* state;
        unsigned riding;  ///< bit l: lane l is a member; the others repeat one that is
        unsigned leaving;
    };

    void layOut();
    void prepareTinySteps();
    bool takeStep(Group& group, std::size_t samples);
    void fillEmptyLanes(Group& group);
    void runEpoch(std::span<Group> groups, std::int64_t epoch);
    void runBatch(std::span<Group> groups, std::size_t samples, std::int64_t step, double rate);
    void applyEdits(std::span<Group> groups, std::int64_t epoch);
    void noteLeaving(Group& group);
    bool letOff(std::span<Group> groups);
    void gather(std::span<const std::uint32_t> samples);
    void differentiate(const double* parameters, std::size_t samples);
    void forward(std::size_t at);
    void backward(std::size_t at);

    Trainer& trainer_;
    const Network& network_;
    std::size_t count_;          ///< parameters of a member
    std::size_t batchCapacity_;  ///< samples a step, at most
    std::size_t groupSize_;      ///< doubles
    std::vector<double> states_;
    std::vector<Group> groups_;
    std::vector<double> inputs_, targets_;  ///< of a step: [columns, batchCapacity, 4]
    std::vector<double> gradient_;
    std::vector<double> partial_;  ///< needed from the second block of a chunk on
    std::vector<double> buffers_;  ///< f' of one layer; z, a and da of every layer
    double* slopes_ = nullptr;
    bool isCoupled_ = false;  ///< softmax without cross-entropy
    std::vector<MemberLayer> layers_;
    std::vector<Activate> activate_;
    std::vector<Derivative> derivative_;
    LossArguments loss_{};
    LossSlope lossSlope_;
    TinyStep tiny_{};
    bool isTiny_ = false;  ///< has steps of its own
    UpdateArguments update_{};
    Update updateBy_;
};

}  // namespace backprop
