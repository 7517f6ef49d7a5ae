#pragma once

#include <cstdint>

namespace backprop {

/// base to the power of a whole number, 0 or more, by repeated squaring: the same bits everywhere.
constexpr double power(double base, std::int64_t exponent) {
    double result = 1;
    for (; exponent > 0; exponent >>= 1, base *= base) {
        if (exponent & 1) result *= base;
    }
    return result;
}

}  // namespace backprop
