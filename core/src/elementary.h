#pragma once
// Elementary functions on four lanes, made of additions, multiplications, divisions, comparisons
// and integer operations alone, so that the bits are the same wherever IEEE 754 holds. A lane's
// result depends on that lane only, so sigmoid and tanh come for `Wide` vectors too. One unit in
// the last place (ulp) is the distance between neighbouring doubles at the exact result;
// elementary_test.cpp sweeps the errors stated here.
//
// How they are made: argument reduction, a minimax polynomial, and sums whose rounding errors are
// carried along where they would count. The polynomials are minimax among doubles (Sollya:
// fpminimax, or Remez's algorithm again after each coefficient that was rounded), the quotients
// minimax before rounding (Remez's algorithm with mpmath, 60 digits). They are evaluated in pairs
// (Estrin): more operations, but a shorter chain of them. What lies beyond a function's range is
// computed like the rest, whatever comes of it, and replaced in the end: clamping the argument
// first would lengthen the chain, and LLVM would make f64x2.min of it, for which V8 needs seven
// instructions.

#include "lanes.h"

namespace backprop {

/// Past this, sin and cos reduce their argument lane by lane, by integers.
inline constexpr double kHugeAngle = 0x1p20;

/// x = quadrant pi/2 + r, modulo 2 pi; |r| <= pi/4, r = high + low.
struct ScalarAngle {
    std::uint64_t quadrant;  ///< 0 to 3
    double high, low;
};

/// For |x| > 2^20; r is off by at most 2^-72 of itself. NaN for infinity.
ScalarAngle reduceHugeAngle(double x);

inline namespace BACKPROP_ISA {

namespace elementary {

/// A number, which code in WebAssembly reads from memory each time: of one in the code V8 makes
/// three instructions wherever it is used, since its version 13, and every formula here has twenty.
template <std::uint64_t kBits>
BACKPROP_INLINE double constant() {
    static constexpr double value = __builtin_bit_cast(double, kBits);
#if defined(__wasm__)
    const double* place = &value;
    asm volatile("" : "+r"(place));
    return *place;
#else
    return value;
#endif
}
#define K(x) constant<__builtin_bit_cast(std::uint64_t, static_cast<double>(x))>()

template <typename V>
BACKPROP_INLINE BitsOf<V> toBits(V x) {
    return reinterpret_cast<BitsOf<V>>(x);
}

/// Those bits of x that the mask has, which comes from where constants come.
template <std::uint64_t kMask, typename V>
BACKPROP_INLINE BitsOf<V> maskedBits(V x) {
#if defined(__wasm__)
    return toBits(x) & toBits(broadcast<V>(constant<kMask>()));
#else
    return toBits(x) & kMask;
#endif
}

template <typename V>
BACKPROP_INLINE V maskWith(MaskOf<V> m, V x) {
    return reinterpret_cast<V>(m & bitsOf(x));
}

inline constexpr std::uint64_t kMagnitude = INT64_MAX;  ///< all bits but the sign

/// |y| with the sign of x, for y >= 0.
template <typename V>
BACKPROP_INLINE V withSignOf(V x, V y) {
    return reinterpret_cast<V>(toBits(y) | maskedBits<~kMagnitude>(x));
}

/// 1.5 * 2^52: x + kRound has no room for a fraction, and its low bits are round(x) for |x| < 2^51.
inline constexpr double kRound = 0x1.8p52;
inline constexpr int kMantissaBits = 52;
inline constexpr int kExponentBias = 1023;
/// Twice the bias, as the exponent of a double: less the bits of a power of two, those of its
/// inverse.
inline constexpr std::uint64_t kTwiceBias = 0x7fe0000000000000;
inline constexpr double kInfinity = __builtin_inf();
inline constexpr double kNaN = __builtin_nan("");
inline constexpr double kLn2High = 0x1.62e42fefa3800p-1;  // 42 bits: k kLn2High is exact
inline constexpr double kLn2Low = 0x1.ef35793c76730p-45;  // ln2 = kLn2High + kLn2Low (1 + 2^-53)

/// x = k ln2 + r with an integer k and |r| <= ln2 / 2 (1 + 2^-40), r = high - low.
/// high is exact for |k| <= 2047; low is off by 2^-53 of itself, at most 2^-94.
template <typename V>
struct ExpArgument {
    BitsOf<V> exponent;  ///< low 12 bits: k + bias
    V high, low;
};

template <int kBias, typename V>
BACKPROP_INLINE ExpArgument<V> reduceExp(V x) {
    const V shifted = x * K(0x1.71547652b82fep+0) + K(kRound + kBias);
    const V k = shifted - K(kRound + kBias);
    return {toBits(shifted), x - k * K(kLn2High), k * K(kLn2Low)};
}

/// start + (e^r - 1 - r - r^2 / 2), within 7.1e-18 for |r| <= ln2 / 2, and 4.3e-18 for |r| < 0.16
/// (minimax with the weight 1 / sqrt(r^2 + 0.04)).
template <typename V>
BACKPROP_INLINE V addExpCubic(V start, V r, V r2) {
    const V r3 = r * r2;
    const V r4 = r2 * r2;
    const V c3 = K(0x1.555555555555bp-3) + r * K(0x1.5555555553616p-5);
    const V c5 = K(0x1.111111110eb1ap-7) + r * K(0x1.6c16c17b8734fp-10);
    const V c7 = K(0x1.a01a01b49f064p-13) + r * K(0x1.a019aee94eaf9p-16);
    const V c9 = K(0x1.71ddec63deee6p-19) + r * K(0x1.289bf6257ab65p-22);
    const V tail = (c7 + r2 * c9) + r4 * K(0x1.af735c67da2ecp-26);
    return (start + r3 * (c3 + r2 * c5)) + r3 * r4 * tail;
}

/// start + (e^r - 1 - r), r = high - low.
template <typename V>
BACKPROP_INLINE V addExpTail(V start, const ExpArgument<V>& a) {
    const V r = a.high - a.low;
    const V r2 = r * r;
    return addExpCubic(start + K(0.5) * r2, r, r2);
}

/// e^r, in [0.7, 1.42], within 0.8 ulp.
template <typename V>
BACKPROP_INLINE V expReduced(const ExpArgument<V>& a) {
    const V one = K(1.0) + a.high;
    const V rest = (1.0 - one) + a.high;  // exact: 1 > |high|
    return one + addExpTail(rest - a.low, a);
}

/// a + b without error: high is a + b rounded, low what rounding lost.
template <typename V>
struct Sum {
    V high, low;
};

template <typename V>
BACKPROP_INLINE Sum<V> exactSum(V a, V b) {
    const V high = a + b;
    const V back = high - a;
    return {high, (a - (high - back)) + (b - back)};
}

/// x = 2^k (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2), for normal positive x.
template <typename V>
struct LogArgument {
    V k, f;
    V inverse;  ///< 2^-k, for k < 1023
};

template <typename V>
BACKPROP_INLINE LogArgument<V> reduceLog(V x) {
    constexpr std::uint64_t kOne = 0x3ff0000000000000;
    constexpr std::uint64_t kSqrtHalf = 0x3fe6a09e667f3bcd;
    constexpr std::uint64_t kMantissa = 0x000fffffffffffff;
    constexpr double kUnit = 0x1p52;  // 2^52 + n holds the integer n in its low bits
    const BitsOf<V> shifted = toBits(x) + (kOne - kSqrtHalf);
    const V biased = reinterpret_cast<V>((shifted >> kMantissaBits) | toBits(broadcast<V>(kUnit)));
    const V m = reinterpret_cast<V>((shifted & kMantissa) + kSqrtHalf);
    const V inverse =
        reinterpret_cast<V>(kTwiceBias - ((shifted >> kMantissaBits) << kMantissaBits));
    return {biased - (kUnit + kExponentBias), m - 1.0, inverse};
}

/// k ln2 + log(1 + f) + low. With s = f / (2 + f), log(1 + f) = 2s + s^3 (2/3 + 2/5 s^2 + ...); the
/// polynomial in s^2 is within 2^-61 of it.
template <typename V>
BACKPROP_INLINE V logReduced(V k, V f, V low) {
    const V s = f / (2.0 + f);
    const V z = s * s;
    const V z2 = z * z;
    const V c0 = K(0x1.55555555555d6p-1) + z * K(0x1.999999996e525p-2);
    const V c2 = K(0x1.2492494ef9498p-2) + z * K(0x1.c71c48c33ec51p-3);
    const V c4 = K(0x1.7467f4e208d12p-3) + z * K(0x1.39794f0b0a9c5p-3);
    const V r = z * ((c0 + z2 * c2) + z2 * z2 * (c4 + z2 * K(0x1.307f417029c17p-3)));
    const V halfSquare = 0.5 * f * f;
    const V large = k * kLn2High;
    const V sum = large + f;
    const V sumLow = (large - sum) + f;  // exact: k = 0 or |large| > |f|
    return sum + ((sumLow + (low + k * kLn2Low)) - (halfSquare - s * (halfSquare + r)));
}

/// x = quadrant pi/2 + r, modulo 2 pi; |r| <= pi/4 (1 + 2^-30), r = high + low, off by 2^-72 of it.
template <typename V>
struct Angle {
    BitsOf<V> quadrant;  ///< in the low two bits
    V high, low;
};

template <typename V>
BACKPROP_INLINE Angle<V> reduceAngle(V x) {
    // pi/2 in parts of 33 bits, which an integer below 2^20 multiplies exactly, and a rest.
    constexpr double kPart1 = 0x1.921fb54400000p+0;
    constexpr double kPart2 = 0x1.0b4611a600000p-34;
    constexpr double kPart3 = 0x1.3198a2e000000p-69;
    constexpr double kPart4 = 0x1.b839a252049c1p-104;
    constexpr double kTwoOverPi = 0x1.45f306dc9c883p-1;
    const V shifted = x * kTwoOverPi + kRound;
    const V k = shifted - kRound;
    const Sum<V> first = exactSum(x - k * kPart1, k * -kPart2);
    const Sum<V> second = exactSum(first.high, k * -kPart3);
    const V rest = (first.low + second.low) - k * kPart4;
    const V high = second.high + rest;
    Angle<V> a{toBits(shifted), high, (second.high - high) + rest};
    const MaskOf<V> huge = abs(x) > broadcast<V>(kHugeAngle);
    if (any(huge)) {
        for (std::size_t lane = 0; lane < kLanesOf<V>; ++lane) {
            if (huge[lane] == 0) continue;
            const ScalarAngle scalar = reduceHugeAngle(x[lane]);
            a.quadrant[lane] = scalar.quadrant;
            a.high[lane] = scalar.high;
            a.low[lane] = scalar.low;
        }
    }
    return a;
}

/// sin(r + quadrant pi/2): the sine or the cosine of r, with its sign. The polynomials are within
/// 2^-56 of sin r / r and 2^-63 of cos r.
template <typename V>
BACKPROP_INLINE V sinOfQuadrant(const Angle<V>& a, BitsOf<V> quadrant) {
    const V r = a.high;
    const V z = r * r;
    const V z2 = z * z;
    const V z4 = z2 * z2;
    const V half = 0.5 * z;
    const V oneLess = 1.0 - half;
    const V halfLow = (1.0 - oneLess) - half;  // exact: 1 > half

    const V s3 = K(-0x1.555555555553dp-3) + z * K(0x1.111111110eaa7p-7);
    const V s7 = K(-0x1.a01a019aa804cp-13) + z * K(0x1.71de346c054a7p-19);
    const V s11 = K(-0x1.ae5dadf186511p-26) + z * K(0x1.5d630e3a6dffcp-33);
    const V sine = r + (z * r * ((s3 + z2 * s7) + z4 * s11) + a.low * oneLess);

    const V c4 = K(0x1.555555555554cp-5) + z * K(-0x1.6c16c16c1521bp-10);
    const V c8 = K(0x1.a01a019cbea13p-16) + z * K(-0x1.27e4f811ed655p-22);
    const V c12 = K(0x1.1ee9f0a428415p-29) + z * K(-0x1.8fb0c4e498cbap-37);
    const V cosine = oneLess + (z2 * ((c4 + z2 * c8) + z4 * c12) + (halfLow - r * a.low));

    const BitsOf<V> odd = 0 - (quadrant & 1);
    const BitsOf<V> sign = (quadrant & 2) << 62;
    return reinterpret_cast<V>(((odd & toBits(cosine)) | (~odd & toBits(sine))) ^ sign);
}

}  // namespace elementary

/// e^x: 0 below -745.14, infinity above 709.79, NaN for NaN. At most 1 ulp.
template <typename V>
BACKPROP_SHARED V exp(V x) {
    using namespace elementary;
    const auto a = reduceExp<kExponentBias>(x);
    // 2^k in two steps, of which only the last may round: k - 1 or k + 100 first, then the rest.
    const V last = select(x < broadcast<V>(0), broadcast<V>(K(0x1p-100)), broadcast<V>(K(2)));
    const BitsOf<V> scale = (a.exponent << kMantissaBits) - toBits(last);
    const V result = reinterpret_cast<V>(toBits(expReduced(a)) + scale) * last;
    const V orZero = maskWith(x > broadcast<V>(K(-746)), result);
    return select(x < broadcast<V>(K(710)), orZero, x * kInfinity);
}

/// 1 / (1 + e^-x); NaN for NaN. At most 2 ulp, also where the result is tiny.
template <typename V>
BACKPROP_INLINE V sigmoid(V x) {
    using namespace elementary;
    // Numerator and denominator carry a factor that keeps e^-x from overflow and underflow.
    const V one = select(x < broadcast<V>(0), broadcast<V>(K(0x1p-100)), broadcast<V>(K(0x1p100)));
    const auto a = reduceExp<0>(-x);
    const BitsOf<V> scale = (a.exponent << kMantissaBits) + toBits(one);
    const V power = reinterpret_cast<V>(scale);
    const V inverse = reinterpret_cast<V>(kTwiceBias - scale);  // 1 / power
    // 1 + e^-x = (1 + 2^k) + 2^k (e^r - 1), rounded once; where 1 + 2^k is not exact, 1 comes
    // later.
    const MaskOf<V> near = x > broadcast<V>(K(-30));
    const V large = maskWith(near, one) + power;
    const V rest = power * a.high;
    const V sum = large + rest;
    const V sumLow = ((large - sum) + rest) + maskWith(~near, one);
    const V denominator = sum + power * addExpTail(sumLow * inverse - a.low, a);
    const V beyond = one + maskWith(~(x > broadcast<V>(0)), x * -kInfinity);
    return one / select(abs(x) < broadcast<V>(K(746)), denominator, beyond);
}

/// Hyperbolic tangent; keeps the sign of 0, NaN for NaN. At most 1 ulp.
template <typename V>
BACKPROP_INLINE V tanh(V x) {
    using namespace elementary;
    const V magnitude = reinterpret_cast<V>(maskedBits<kMagnitude>(x));
    const MaskOf<V> small = magnitude < broadcast<V>(K(0.625));

    // |x| < 0.625: tanh |x| = |x| - |x| z P(z) / Q(z), z = x^2, within 2^-60.
    const V z = magnitude * magnitude;
    const V p =
        K(0x1.93aa03ec5ab22p+10) + z * (K(0x1.8d2514e90ad8fp+6) + z * K(0x1.edc5a6db17099p-1));
    const V q = (K(0x1.2ebf82f14405bp+12) + z * K(0x1.176e491d4298fp+11)) +
                z * z * (K(0x1.c33d7bbde8431p+6) + z);

    // Otherwise: tanh |x| = 1 - 2 / D, D = 1 + e^2|x| = (1 + 2^k) + 2^k (e^r - 1).
    const auto a = reduceExp<kExponentBias>(magnitude + magnitude);
    const V power = reinterpret_cast<V>(a.exponent << kMantissaBits);
    const V large = K(1.0) + power;
    const V rest = power * (a.high + addExpTail(-a.low, a));
    const V sum = large + rest;
    const V sumLow = (large - sum) + rest;  // exact: large > |rest|

    const V base = select(small, magnitude, broadcast<V>(K(1)));
    const V t = select(small, magnitude * z * p, broadcast<V>(K(2))) / select(small, q, sum);
    const V correction = t * (t * maskWith(~small, K(0.5) * sumLow));
    const V high = base - t;
    const V low = (base - high) - t;  // exact: base >= t
    const V result = high + (low + correction);
    const V orOne = select(magnitude > broadcast<V>(K(20)), broadcast<V>(K(1)), result);
    return withSignOf(x, orOne);
}

/// Natural logarithm; -infinity for 0, NaN below 0 and for NaN. At most 1 ulp.
template <typename V>
BACKPROP_SHARED V log(V x) {
    using namespace elementary;
    const MaskOf<V> subnormal = x < broadcast<V>(0x1p-1022);
    const LogArgument<V> a = reduceLog(select(subnormal, x * 0x1p54, x));
    const V k = a.k - maskWith(subnormal, broadcast<V>(54));
    const V result = logReduced(k, a.f, broadcast<V>(0));
    const V atMostZero = select(x < broadcast<V>(0), broadcast<V>(kNaN), broadcast<V>(-kInfinity));
    return select(x > broadcast<V>(0), select(x < broadcast<V>(kInfinity), result, x),
                  atMostZero + x);
}

/// e^x - 1, as exact where x is tiny; keeps the sign of 0, NaN for NaN. At most 1 ulp.
template <typename V>
BACKPROP_SHARED V expm1(V x) {
    using namespace elementary;
    // Half of the result, which cannot overflow: (2^(k-1) - 1/2) + 2^(k-1) (e^r - 1).
    const auto a = reduceExp<kExponentBias - 1>(x);
    const V r = a.high - a.low;
    const V rLow = (a.high - r) - a.low;
    const V r2 = r * r;
    const V half = 0.5 * r2;
    const V high = a.high + half;
    const V low = addExpCubic(((a.high - high) + half) + (rLow * r - a.low), r, r2);
    const V power = reinterpret_cast<V>(a.exponent << kMantissaBits);
    const V large = power - 0.5;
    const V largeLow = (power - large) - 0.5;  // not 0 for k > 53 only
    const V rest = power * high;
    const V sum = large + rest;
    const V sumLow = (large - sum) + rest;  // exact: k = 0 or |large| > |rest|
    const V result = 2.0 * (sum + ((sumLow + largeLow) + power * low));
    const V orMinusOne = select(x < broadcast<V>(-40), broadcast<V>(-1), result);
    const V orInfinity = select(x < broadcast<V>(710), orMinusOne, x * kInfinity);
    return select(abs(x) < broadcast<V>(0x1p-54), x, orInfinity);
}

/// log(1 + x), as exact where x is tiny; keeps the sign of 0, -infinity for -1, NaN below and for
/// NaN. At most 1 ulp.
template <typename V>
BACKPROP_SHARED V log1p(V x) {
    using namespace elementary;
    const Sum<V> u = exactSum(broadcast<V>(1), x);
    const LogArgument<V> a = reduceLog(u.high);
    // Where k = 0, f is x itself. Elsewhere log u + uLow / u, of which a few bits count, and none
    // from 2^54 on: 1 / u = 2^-k (1 - f + f^2) within 8 %.
    const MaskOf<V> unscaled = a.k == broadcast<V>(0);
    const V f = select(unscaled, x, a.f);
    const V low = maskWith(~unscaled & (x < broadcast<V>(0x1p54)),
                           u.low * a.inverse * (1.0 - a.f * (1.0 - a.f)));
    const V result = logReduced(a.k, f, low);
    const V orTiny = select(abs(x) < broadcast<V>(0x1p-54), x, result);
    const V atMostMinusOne =
        select(x < broadcast<V>(-1), broadcast<V>(kNaN), broadcast<V>(-kInfinity));
    return select(x > broadcast<V>(-1), select(x < broadcast<V>(kInfinity), orTiny, x),
                  atMostMinusOne + x);
}

/// The error function, 2 / sqrt(pi) times the integral of e^-t^2 from 0 to x; keeps the sign of 0,
/// NaN for NaN. At most 2 ulp.
template <typename V>
BACKPROP_SHARED V erf(V x) {
    using namespace elementary;
    const V magnitude = abs(x);
    const V z = magnitude * magnitude;

    // |x| < 1: erf |x| = |x| + |x| W(z), within 2^-55.
    const V z2 = z * z;
    const V z4 = z2 * z2;
    const V c0 = K(0x1.06eba8214db68p-3) + z * K(-0x1.812746b0379d3p-2);
    const V c2 = K(0x1.ce2f21a0423f9p-4) + z * K(-0x1.b82ce3126ed81p-6);
    const V c4 = K(0x1.565bcd0b44ba5p-8) + z * K(-0x1.c02db38160fb3p-11);
    const V c6 = K(0x1.f9a319654794cp-14) + z * K(-0x1.f4d1583a77521p-17);
    const V c8 = K(0x1.b9d9081956204p-20) + z * K(-0x1.5ef09a6ce01d2p-23);
    const V c10 = K(0x1.f5f2db84ccc17p-27) + z * K(-0x1.33a445698e75dp-30);
    const V tail = (c8 + z2 * c10) + z4 * K(0x1.f3252a6b2f16dp-35);
    const V w = (c0 + z2 * c2) + z4 * ((c4 + z2 * c6) + z4 * tail);
    const V small = magnitude + magnitude * w;

    // Otherwise: erf |x| = 1 - e^-z P(|x|) / Q(|x|), within 2^-59 (minimax with the weight e^-z, by
    // least squares with Lawson's weights).
    const V p0 = K(0x1.f9b7d12c4d655p+5) + magnitude * K(0x1.5f95171406285p+6);
    const V p2 = K(0x1.e0187c12c493fp+5) + magnitude * K(0x1.79c243c10d147p+4);
    const V p4 = K(0x1.551c000146218p+2) + magnitude * K(0x1.20dce222a7c0bp-1);
    const V q0 = K(0x1.f9b7d4e468163p+5) + magnitude * K(0x1.3e7394542a65cp+7);
    const V q2 = K(0x1.60eddd45628c5p+7) + magnitude * K(0x1.bc38bf5687c8cp+6);
    const V q4 = K(0x1.52cf67cee0740p+5) + magnitude * K(0x1.2e4ada9423782p+3);
    const V p = p0 + z * (p2 + z * p4);
    const V q = q0 + z * (q2 + z * (q4 + z));
    const auto a = reduceExp<0>(-z);
    const V e = reinterpret_cast<V>(toBits(expReduced(a)) + (a.exponent << kMantissaBits));
    const V large = 1.0 - e * p / q;

    const V result = select(magnitude < broadcast<V>(1), small, large);
    const V orOne = select(magnitude > broadcast<V>(6), broadcast<V>(1), result);
    return withSignOf(x, orOne);
}

/// Sine of x radians; keeps the sign of 0, NaN for infinity and NaN. At most 2 ulp.
template <typename V>
BACKPROP_SHARED V sin(V x) {
    using namespace elementary;
    const Angle<V> a = reduceAngle(x);
    const V result = sinOfQuadrant(a, a.quadrant);
    return select(abs(x) < broadcast<V>(0x1p-27), x, result);
}

/// Cosine of x radians; NaN for infinity and NaN. At most 2 ulp.
template <typename V>
BACKPROP_SHARED V cos(V x) {
    using namespace elementary;
    const Angle<V> a = reduceAngle(x);
    return sinOfQuadrant(a, a.quadrant + 1);
}

/// Those of activations that are rare.
template <typename V>
BACKPROP_SHARED V sharedSigmoid(V x) {
    return sigmoid(x);
}
template <typename V>
BACKPROP_SHARED V sharedTanh(V x) {
    return tanh(x);
}

/// log(1 + e^z), without overflow.
template <typename V>
BACKPROP_INLINE V softplus(V z) {
    return maximum(z, broadcast<V>(0)) + log1p(exp(-abs(z)));
}

}  // namespace BACKPROP_ISA
}  // namespace backprop

#undef K
