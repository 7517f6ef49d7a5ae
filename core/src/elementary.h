#pragma once
// Elementary functions on four lanes, made of additions, multiplications, divisions, comparisons
// and integer operations alone, so that the bits are the same wherever IEEE 754 holds. Branch-free:
// a lane's result depends on that lane only. One unit in the last place (ulp) is the distance
// between the neighbouring doubles at the exact result; the stated errors are swept by
// elementary_test.cpp.
//
// Polynomials are evaluated in pairs (Estrin), which shortens the chain of dependent operations at
// the price of a few more of them.

#include "lanes.h"

namespace backprop {
inline namespace BACKPROP_ISA {

namespace elementary {

using Bits = std::uint64_t __attribute__((vector_size(32)));

BACKPROP_INLINE Bits toBits(Lanes x) { return reinterpret_cast<Bits>(x); }
BACKPROP_INLINE Lanes toLanes(Bits x) { return reinterpret_cast<Lanes>(x); }

BACKPROP_INLINE Lanes maskWith(Mask m, Lanes x) { return fromBits(m & bitsOf(x)); }

/// 1.5 * 2^52: x + kRound has no room for a fraction, and its low bits are round(x) for |x| < 2^51.
inline constexpr double kRound = 0x1.8p52;
inline constexpr int kMantissaBits = 52;
inline constexpr double kExponentBias = 1023;
inline constexpr double kInfinity = __builtin_inf();
inline constexpr double kNaN = __builtin_nan("");
inline constexpr double kLn2High = 0x1.62e42fefa3800p-1;  // 42 bits: k kLn2High is exact
inline constexpr double kLn2Low = 0x1.ef35793c76730p-45;  // ln2 = kLn2High + kLn2Low (1 + 2^-53)

/// x = k ln2 + r with an integer k and |r| <= ln2 / 2 (1 + 2^-40), r = high - low.
/// high is exact for |k| <= 2047; low is off by 2^-53 of itself, at most 2^-94.
struct ExpArgument {
    Bits exponent;  ///< low 12 bits: k + bias
    Lanes high, low;
};

BACKPROP_INLINE ExpArgument reduceExp(Lanes x, double bias) {
    constexpr double kLog2E = 0x1.71547652b82fep+0;
    const Lanes shifted = x * kLog2E + (kRound + bias);
    const Lanes k = shifted - (kRound + bias);
    return {toBits(shifted), x - k * kLn2High, k * kLn2Low};
}

/// start + (e^r - 1 - r), r = high - low; the polynomial is within 2^-57 of it.
/// Coefficients of r^3 to r^11: minimax on the interval, among doubles (Sollya's fpminimax).
BACKPROP_INLINE Lanes addExpTail(Lanes start, const ExpArgument& a) {
    const Lanes r = a.high - a.low;
    const Lanes r2 = r * r;
    const Lanes r4 = r2 * r2;
    const Lanes r6 = r2 * r4;
    const Lanes c2 = 0.5 + r * 0x1.5555555555563p-3;
    const Lanes c4 = 0x1.555555555314bp-5 + r * 0x1.111111110ccbap-7;
    const Lanes c6 = 0x1.6c16c17cff59dp-10 + r * 0x1.a01a01be7135bp-13;
    const Lanes c8 = 0x1.a019aa6f22200p-16 + r * 0x1.71ddd74e8c924p-19;
    const Lanes c10 = 0x1.28a0481ff5295p-22 + r * 0x1.af939936ecffcp-26;
    return (start + r2 * (c2 + r2 * c4)) + r6 * ((c6 + r2 * c8) + r4 * c10);
}

/// e^r, in [0.7, 1.42], within 0.6 ulp.
BACKPROP_INLINE Lanes expReduced(const ExpArgument& a) {
    const Lanes one = 1.0 + a.high;
    const Lanes rest = (1.0 - one) + a.high;  // exact: 1 > |high|
    return one + addExpTail(rest - a.low, a);
}

/// x = 2^k (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2), for normal positive x.
struct LogArgument {
    Lanes k, f;
};

BACKPROP_INLINE LogArgument reduceLog(Lanes x) {
    constexpr std::uint64_t kOne = 0x3ff0000000000000;
    constexpr std::uint64_t kSqrtHalf = 0x3fe6a09e667f3bcd;
    constexpr std::uint64_t kMantissa = 0x000fffffffffffff;
    constexpr double kUnit = 0x1p52;  // 2^52 + n holds the integer n in its low bits
    const Bits shifted = toBits(x) + (kOne - kSqrtHalf);
    const Lanes biased = toLanes((shifted >> kMantissaBits) | toBits(broadcast(kUnit)));
    const Lanes m = toLanes((shifted & kMantissa) + kSqrtHalf);
    return {biased - (kUnit + kExponentBias), m - 1.0};
}

/// k ln2 + log(1 + f) + low. With s = f / (2 + f), log(1 + f) = 2s + s^3 (2/3 + 2/5 s^2 + ...); the
/// polynomial in s^2 is within 2^-61 of it (minimax among doubles, Sollya's fpminimax).
BACKPROP_INLINE Lanes logReduced(Lanes k, Lanes f, Lanes low) {
    const Lanes s = f / (2.0 + f);
    const Lanes z = s * s;
    const Lanes z2 = z * z;
    const Lanes c0 = 0x1.55555555555d6p-1 + z * 0x1.999999996e525p-2;
    const Lanes c2 = 0x1.2492494ef9498p-2 + z * 0x1.c71c48c33ec51p-3;
    const Lanes c4 = 0x1.7467f4e208d12p-3 + z * 0x1.39794f0b0a9c5p-3;
    const Lanes r = z * ((c0 + z2 * c2) + z2 * z2 * (c4 + z2 * 0x1.307f417029c17p-3));
    const Lanes halfSquare = 0.5 * f * f;
    const Lanes large = k * kLn2High;
    const Lanes sum = large + f;
    const Lanes sumLow = (large - sum) + f;  // exact: k = 0 or |large| > |f|
    return sum + ((sumLow + (low + k * kLn2Low)) - (halfSquare - s * (halfSquare + r)));
}

}  // namespace elementary

/// e^x; 0 below -745.14, infinity above 709.79, NaN for NaN. At most 1 ulp.
BACKPROP_INLINE Lanes exp(Lanes x) {
    using namespace elementary;
    const ExpArgument a = reduceExp(x, kExponentBias);
    // 2^k in two steps, of which only the last may round: k - 1 or k + 100 first, then the rest.
    const Lanes last = select(x < broadcast(0), broadcast(0x1p-100), broadcast(2));
    const Bits scale = (a.exponent << kMantissaBits) - toBits(last);
    const Lanes result = toLanes(toBits(expReduced(a)) + scale) * last;
    const Lanes orZero = maskWith(x > broadcast(-746), result);
    return select(x < broadcast(710), orZero, x * kInfinity);
}

/// 1 / (1 + e^-x); NaN for NaN. At most 2 ulp, also where the result is tiny.
BACKPROP_INLINE Lanes sigmoid(Lanes x) {
    using namespace elementary;
    // Numerator and denominator carry a factor that keeps e^-x from overflow and underflow.
    const Lanes one = select(x < broadcast(0), broadcast(0x1p-100), broadcast(0x1p100));
    const ExpArgument a = reduceExp(-x, 0);
    const Bits scale = (a.exponent << kMantissaBits) + toBits(one);
    const Lanes power = toLanes(scale);
    const Lanes inverse = toLanes(0x7fe0000000000000 - scale);
    // 1 + e^-x = (1 + 2^k) + 2^k (e^r - 1), rounded once.
    const Mask near = x > broadcast(-30);
    const Lanes large = maskWith(near, one) + power;
    const Lanes rest = power * a.high;
    const Lanes sum = large + rest;
    const Lanes sumLow = ((large - sum) + rest) + maskWith(~near, one);
    const Lanes denominator = sum + power * addExpTail(sumLow * inverse - a.low, a);
    const Lanes beyond = one + maskWith(~(x > broadcast(0)), x * -kInfinity);
    return one / select(abs(x) < broadcast(746), denominator, beyond);
}

/// Hyperbolic tangent; keeps the sign of 0, NaN for NaN. At most 1 ulp.
BACKPROP_INLINE Lanes tanh(Lanes x) {
    using namespace elementary;
    const Lanes magnitude = abs(x);
    const Mask small = magnitude < broadcast(0.625);

    // |x| < 0.625: tanh |x| = |x| - |x| z P(z) / Q(z), z = x^2.
    const Lanes z = magnitude * magnitude;
    const Lanes p = 0x1.93aa03ec5ab22p+10 + z * (0x1.8d2514e90ad8fp+6 + z * 0x1.edc5a6db17099p-1);
    const Lanes q =
        (0x1.2ebf82f14405bp+12 + z * 0x1.176e491d4298fp+11) + z * z * (0x1.c33d7bbde8431p+6 + z);

    // Otherwise: tanh |x| = 1 - 2 / D, D = 1 + e^2|x| = (1 + 2^k) + 2^k (e^r - 1).
    const ExpArgument a = reduceExp(magnitude + magnitude, kExponentBias);
    const Lanes power = toLanes(a.exponent << kMantissaBits);
    const Lanes large = 1.0 + power;
    const Lanes rest = power * (a.high + addExpTail(-a.low, a));
    const Lanes sum = large + rest;
    const Lanes sumLow = (large - sum) + rest;  // exact: 1 + 2^k > |rest|

    const Lanes base = select(small, magnitude, broadcast(1));
    const Lanes t = select(small, magnitude * z * p, broadcast(2)) / select(small, q, sum);
    const Lanes correction = t * (t * maskWith(~small, 0.5 * sumLow));
    const Lanes high = base - t;
    const Lanes low = (base - high) - t;  // exact: base >= t
    const Lanes result = high + (low + correction);
    const Lanes orOne = select(magnitude > broadcast(20), broadcast(1), result);
    return toLanes(toBits(orOne) | (toBits(x) & toBits(broadcast(-0.0))));
}

/// Natural logarithm; -infinity for 0, NaN below 0 and for NaN. At most 1 ulp.
BACKPROP_INLINE Lanes log(Lanes x) {
    using namespace elementary;
    const Mask subnormal = x < broadcast(0x1p-1022);
    const LogArgument a = reduceLog(select(subnormal, x * 0x1p54, x));
    const Lanes k = a.k - maskWith(subnormal, broadcast(54));
    const Lanes result = logReduced(k, a.f, broadcast(0));
    const Lanes atMostZero = select(x < broadcast(0), broadcast(kNaN), broadcast(-kInfinity));
    return select(x > broadcast(0), select(x < broadcast(kInfinity), result, x), atMostZero + x);
}

}  // namespace BACKPROP_ISA
}  // namespace backprop
