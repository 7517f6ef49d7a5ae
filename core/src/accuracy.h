#pragma once

#include <span>

#include "backprop/plan.h"

namespace backprop {

/// Share of the samples on the right side; outputs and targets row-major samples x columns. One
/// output: threshold 0.5 for a sigmoid and targets 0 and 1, sign for tanh or hinge and targets -1
/// and 1. Several: argmax, for targets with one largest each. NaN for everything else, which is
/// regression, and for no samples.
double accuracyOf(const Plan& plan, std::size_t columns, std::span<const double> outputs,
                  std::span<const double> targets);

}  // namespace backprop
