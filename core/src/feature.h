#pragma once
// Features of two-dimensional data: what the network sees instead of x1 and x2.

#include <span>
#include <string_view>

#include "backprop/catalog.h"

namespace backprop {

std::span<const Entry> featureEntries();
std::span<const Entry> bareFeatures();

double featureOf(std::string_view name, double x1, double x2);

}  // namespace backprop
