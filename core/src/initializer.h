#pragma once
// The weights before the first step; biases are zero.

#include <span>

#include "backprop/catalog.h"
#include "backprop/experiment.h"
#include "network.h"

namespace backprop {

std::span<const Entry> initializerEntries();
std::span<const Entry> bareInitializers();

/// Fills the flat parameters, layer by layer, each W [fanIn, fanOut] row-major.
void initialize(const Choice& initializer, const Network& network, std::span<double> parameters);

}  // namespace backprop
