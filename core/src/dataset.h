#pragma once
// What a network learns: rows of inputs and targets, generated or given, split into training and
// test samples.

#include <span>

#include "backprop/catalog.h"
#include "backprop/plan.h"
#include "backprop/session.h"
#include "network.h"

namespace backprop {

std::span<const Entry> dataEntries();

/// How many columns the data of a plan has; needs no sample to be made.
struct DataShape {
    std::size_t inputs;   ///< raw
    std::size_t targets;  ///< which must be the units of the last layer
};
DataShape shapeOf(const Plan& plan);

/// How many training samples it has; needs no sample to be made either.
std::size_t trainingCount(const Plan& plan);

/// Row-major samples, split and with their targets as loss and output want them.
DataRows makeRows(const Plan& plan);

/// Raw inputs, row-major, as the network's inputs [inputs, samples].
Samples toSamples(const Plan& plan, std::size_t rawInputs, std::span<const double> inputs);

}  // namespace backprop
