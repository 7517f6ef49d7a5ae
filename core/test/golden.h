#pragma once
// The committed figures of golden/. Most of the JSON library is compiled once, in golden.cpp.

#include <nlohmann/json.hpp>
#include <string>

#include "backprop/backprop.h"

namespace backprop {

nlohmann::json readGolden(const std::string& name);
Value valueOf(const nlohmann::json& json);
/// Throws what is wrong with it.
Experiment experimentOf(const nlohmann::json& json);

}  // namespace backprop
