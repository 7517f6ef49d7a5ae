#pragma once
// The learning rate from epoch to epoch.

#include <cstdint>
#include <span>

#include "backprop/catalog.h"
#include "backprop/experiment.h"

namespace backprop {

std::span<const Entry> scheduleEntries();
std::span<const Entry> bareSchedules();

class Schedule {
  public:
    explicit Schedule(const Experiment& experiment);

    /// The rate at an epoch, given the base that the optimizer or an edit says.
    double rate(double base, std::int64_t epoch) const;
    bool isConstant() const { return kind_ == Kind::kConstant; }

  private:
    enum class Kind { kConstant, kStep, kExponential, kCosine };
    Kind kind_;
    double gamma_ = 1, minimum_ = 0;
    std::int64_t stepSize_ = 1, warmup_ = 0, epochs_;
};

}  // namespace backprop
