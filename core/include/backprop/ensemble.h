#pragma once
// An Ensemble runs one experiment under many initializer seeds, and nothing else changes. Member i
// is, to the bit, a Session whose initializer has seed i; together they train several times faster
// than one after the other.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "backprop/plan.h"

namespace backprop {

/// One experiment under many initializer seeds.
class Ensemble {
  public:
    /// The experiment must pass validate, and there must be a seed (asserted). The experiment's own
    /// seed is not used; a seed may be given twice.
    Ensemble(const Experiment& experiment, std::span<const std::uint32_t> seeds);
    /// The same of a plan.
    Ensemble(Plan plan, std::span<const std::uint32_t> seeds);
    ~Ensemble();
    /// What has been moved from can only be assigned to or destroyed.
    Ensemble(Ensemble&&) noexcept;
    /// The members that it had are gone.
    Ensemble& operator=(Ensemble&&) noexcept;

    /// Trains so many epochs, 0 or more. A member that diverges or meets its stop condition stays
    /// where its Session would, alone. Returns how many epochs ran: fewer when all have ended.
    std::int64_t train(std::int64_t epochs);

    /// The number of members: that of the seeds.
    std::size_t size() const;
    /// The epoch of the member that has come furthest: of all that have not ended.
    std::int64_t epoch() const;
    /// Where a member is; its last finite state when it has diverged.
    std::int64_t epochOf(std::size_t member) const;
    /// Whether a member's next epoch would not be finite.
    bool diverged(std::size_t member) const;

    /// On the whole training set at each member's parameters, without the penalty: [members].
    std::vector<double> losses() const;
    /// Outputs for raw inputs, row-major samples x inputs; returns members x samples x outputs.
    std::vector<double> predict(std::span<const double> inputs) const;
    std::size_t inputs() const;   ///< columns of a raw input row
    std::size_t outputs() const;  ///< units of the last layer
    /// Of one member, flat: W1 (fan_in x fan_out, row-major), b1, W2, b2, …
    std::vector<double> parameters(std::size_t member) const;

  private:
    struct Members;
    std::unique_ptr<Members> members_;
};

}  // namespace backprop
