#pragma once
// An experiment as a tree of values, and a tree as JSON: how validate and the catalog's defaults
// share the one reader and the one form.

#include <string>

#include "backprop/experiment.h"
#include "backprop/value.h"

namespace backprop {

/// Every field, whether it differs from its default or not; settings only where given.
Value toValue(const Experiment& experiment);

/// NaN and the infinities, which JSON does not have, as null.
std::string jsonText(const Value& value);

}  // namespace backprop
