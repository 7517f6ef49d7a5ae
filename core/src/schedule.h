#pragma once
// The learning rate from epoch to epoch.

#include <cstdint>
#include <span>

#include "backprop/catalog.h"
#include "backprop/plan.h"

namespace backprop {

std::span<const Entry> scheduleEntries();

class Schedule {
  public:
    explicit Schedule(const Plan& plan);

    /// The rate at an epoch, given the base that the optimizer or an edit says.
    double rate(double base, std::int64_t epoch) const;
    bool isConstant() const { return schedule_.kind == 0; }

  private:
    Plan::Choice schedule_;
    std::int64_t epochs_;
};

}  // namespace backprop
