#pragma once
// Features of two-dimensional data: what the network sees instead of x1 and x2.

#include <cstddef>
#include <span>

#include "backprop/catalog.h"

namespace backprop {

std::span<const Entry> featureEntries();

/// Of the feature at this place.
double featureOf(std::size_t feature, double x1, double x2);

}  // namespace backprop
