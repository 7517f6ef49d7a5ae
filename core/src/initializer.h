#pragma once
// The weights before the first step; biases are zero.

#include <span>

#include "backprop/catalog.h"
#include "backprop/plan.h"
#include "network.h"

namespace backprop {

std::span<const Entry> initializerEntries();

/// Fills the flat parameters, layer by layer, each W [fanIn, fanOut] row-major.
void initialize(const Plan::Choice& initializer, const Network& network,
                std::span<double> parameters);

}  // namespace backprop
