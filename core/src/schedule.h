#pragma once
// The learning rate from epoch to epoch.

#include <cstdint>

#include "backprop/experiment.h"

namespace backprop {

/// The rate at an epoch, given the base that the optimizer or an edit says.
inline double scheduled(const Experiment&, double base, std::int64_t) { return base; }

}  // namespace backprop
