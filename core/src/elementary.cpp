#include "elementary.h"

#include <array>
#include <cmath>
#include <limits>

namespace backprop {
namespace {

// Multiple-precision fractions are arrays of 32-bit digits, the most significant first.
template <std::size_t n>
using Digits = std::array<std::uint32_t, n>;

// 2/pi: the 192 bits that the largest double needs, and all before them (computed with mpmath).
constexpr Digits<38> kTwoOverPi = {
    0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab, 0xdebbc561,
    0xb7246e3a, 0x424dd2e0, 0x06492eea, 0x09d1921c, 0xfe1deb1c, 0xb129a73e, 0xe88235f5, 0x2ebb4484,
    0xe99c7026, 0xb45f7e41, 0x3991d639, 0x835339f4, 0x9c845f8b, 0xbdf9283b, 0x1ff897ff, 0xde05980f,
    0xef2f118b, 0x5a0a6d1f, 0x6d367ecf, 0x27cb09b7, 0x4f463f66, 0x9e5fea2d, 0x7527bac7, 0xebe5f17b,
    0x3d0739f7, 0x8a5292ea, 0x6bfb5fb1, 0x1f8d5d08, 0x56033046, 0xfc7b6bab};

/// The 32 bits from a position on; zeros past the end.
template <std::size_t n>
std::uint32_t bitsFrom(const Digits<n>& digits, int position) {
    const auto index = static_cast<std::size_t>(position / 32);
    const std::uint64_t first = index < n ? digits[index] : 0;
    const std::uint64_t second = index + 1 < n ? digits[index + 1] : 0;
    return static_cast<std::uint32_t>((first << 32 | second) << (position % 32) >> 32);
}

/// mantissa 2^exponent / (2 pi), modulo 1, below by less than 2^-138; mantissa < 2^53,
/// -32 <= exponent <= 971.
Digits<8> turnsOf(std::uint64_t mantissa, int exponent) {
    // Six digits of 2/pi times the mantissa; the bits left out count whole turns.
    const int skipped = exponent > 2 ? exponent - 2 : 0;
    const std::array<std::uint64_t, 2> factor = {mantissa >> 32, mantissa & 0xffffffff};
    Digits<8> product{};
    for (std::size_t i = 6; i-- > 0;) {
        const std::uint64_t digit = bitsFrom(kTwoOverPi, skipped + 32 * static_cast<int>(i));
        std::uint64_t carry = 0;
        for (std::size_t j = 2; j-- > 0;) {
            carry += digit * factor[j] + product[i + j + 1];
            product[i + j + 1] = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
        product[i] = static_cast<std::uint32_t>(carry);
    }
    // The product's first bit is worth 2^(255 - 192 + exponent - skipped) quadrants; half a turn,
    // where the result begins, is worth two.
    const int first = 62 + exponent - skipped;
    Digits<8> turns{};
    for (std::size_t i = 0; i < turns.size(); ++i) {
        turns[i] = bitsFrom(product, first + 32 * static_cast<int>(i));
    }
    return turns;
}

/// The 53 bits from a position on, as a double in units of the last of them.
double mantissaFrom(const Digits<8>& digits, int position) {
    return bitsFrom(digits, position) * 0x1p21 + (bitsFrom(digits, position + 32) >> 11);
}

struct Product {
    double high, low;
};

/// a b without error (Dekker's product): high is a b rounded, low what rounding lost.
Product exactProduct(double a, double b) {
    constexpr double kSplit = 0x1p27 + 1;
    const double aHigh = a * kSplit - (a * kSplit - a);
    const double bHigh = b * kSplit - (b * kSplit - b);
    const double aLow = a - aHigh;
    const double bLow = b - bHigh;
    const double high = a * b;
    return {high, ((aHigh * bHigh - high) + aHigh * bLow + aLow * bHigh) + aLow * bLow};
}

}  // namespace

ScalarAngle reduceHugeAngle(double x) {
    constexpr double kHalfPiHigh = 0x1.921fb54442d18p+0;
    constexpr double kHalfPiLow = 0x1.1a62633145c07p-54;
    if (std::isinf(x)) {
        constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
        return {0, kNaN, kNaN};
    }
    std::uint64_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    const int exponent = static_cast<int>(bits >> 52 & 0x7ff) - 1075;
    Digits<8> turns = turnsOf((bits & 0xfffffffffffff) | 1ull << 52, exponent);

    // To the nearest quarter of a turn.
    std::uint64_t quadrant = turns[0] >> 30;
    double sign = 1;
    turns[0] &= 0x3fffffff;
    if (turns[0] >> 29 != 0) {
        quadrant += 1;
        sign = -1;
        for (std::uint32_t& digit : turns) digit = ~digit;
        turns[0] &= 0x3fffffff;
    }
    int position = 2;  // of the first bit that is set; no double comes within 2^-64 of a quarter
    while (bitsFrom(turns, position) >> 31 == 0) ++position;
    const double high = std::ldexp(mantissaFrom(turns, position), 2 - 53 - position);
    const double low = std::ldexp(mantissaFrom(turns, position + 53), 2 - 106 - position);

    const Product product = exactProduct(high, kHalfPiHigh);
    const double rest = product.low + (high * kHalfPiLow + low * kHalfPiHigh);
    const double sum = product.high + rest;
    if (x < 0) {
        sign = -sign;
        quadrant = 4 - quadrant;
    }
    return {quadrant & 3, sign * sum, sign * ((product.high - sum) + rest)};
}

}  // namespace backprop
