#pragma once
// The committed figures of golden/. Most of the JSON library is compiled once, in golden.cpp.

#include <nlohmann/json.hpp>
#include <string>

#include "backprop/backprop.h"

namespace backprop {

nlohmann::json readGolden(const std::string& name);
/// Of nlohmann::json, or of ordered_json, which keeps the order of the fields.
template <typename Json>
Value valueOf(const Json& json);
/// Throws what is wrong with it.
Experiment experimentOf(const nlohmann::json& json);

}  // namespace backprop
