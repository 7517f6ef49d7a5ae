#pragma once
// Words for messages and numbers for JSON.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace backprop {

/// The shortest decimal text that reads back to the same double, as JavaScript writes it: 0.1,
/// 1e-10, -3, NaN, Infinity; 0 for -0. Needs no locale.
std::string numberText(double x);

/// In double quotes, with JSON's escapes.
std::string quoted(std::string_view text);

/// The candidate that is a few letters from the name; empty when none is near.
std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace backprop
