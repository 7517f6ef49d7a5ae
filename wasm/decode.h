#pragma once
// How a plan crosses into WebAssembly: as one row of numbers, which read.js writes.
//
//   edits:       n, then for each epoch, learningRate, parameter, value; NaN: none
//   data:        kind, n, n settings; rows, input columns, target columns, inputs, targets (no rows
//                but for points)
//   features:    n, n places
//   layers:      n, then for each its units and its activation
//   loss
//   initializer, optimizer, schedule: each kind, n, n settings
//   l1, l2, batchSize, shuffle (0 or 1), shuffleSeed, precision, epochs
//   stop:        loss, patience; NaN: none

#include <backprop/plan.h>

#include <span>
#include <vector>

/// Nothing in it is checked: read.js writes no other.
backprop::Plan decode(std::span<const double> stream);
/// Its beginning.
std::vector<backprop::Edit> decodeEdits(std::span<const double> stream);
