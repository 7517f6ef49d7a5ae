#pragma once
// What a network learns: rows of inputs and targets, generated or given, split into training and
// test samples.

#include <span>

#include "backprop/catalog.h"
#include "backprop/experiment.h"
#include "backprop/session.h"
#include "network.h"

namespace backprop {

std::span<const Entry> dataEntries();
std::span<const Entry> bareData();

/// How many columns the data of an experiment has; needs no sample to be made.
struct DataShape {
    std::size_t inputs;   ///< raw
    std::size_t targets;  ///< which must be the units of the last layer
};
DataShape shapeOf(const Experiment& experiment);

/// How many training samples it has; needs no sample to be made either.
std::size_t trainingCount(const Experiment& experiment);

/// Row-major samples, split and with their targets as loss and output want them.
DataRows makeRows(const Experiment& experiment);

/// Raw inputs, row-major, as the network's inputs [inputs, samples].
Samples toSamples(const Experiment& experiment, std::size_t rawInputs,
                  std::span<const double> inputs);

}  // namespace backprop
