#pragma once
// Elementary functions to about 30 digits, in pairs of doubles: the witness of elementary_test.cpp.
// Plain series and Newton's method, slow, with nothing of the core's code or coefficients; they are
// themselves held against mpmath by golden/elementary.json.

#include <algorithm>
#include <cmath>
#include <limits>

namespace backprop::reference {

/// high + low, |low| <= ulp(high) / 2: 106 bits.
struct Wide {
    double high = 0, low = 0;
};

/// value 2^exponent: results whose low part would be lost to underflow.
struct Scaled {
    Wide value;
    int exponent = 0;
};

inline constexpr Wide kLn2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};
inline constexpr Wide kTwoOverSqrtPi = {0x1.20dd750429b6dp+0, 0x1.1ae3a914fed80p-56};
/// Arguments below it are their own sine, tanh, ...: x^2 is lost even in 106 bits.
inline constexpr double kTiny = 0x1p-200;

inline Wide sum(double a, double b) {
    const double high = a + b;
    const double back = high - a;
    return {high, (a - (high - back)) + (b - back)};
}

inline Wide product(double a, double b) {
    constexpr double kSplit = 0x1p27 + 1;
    const double aHigh = a * kSplit - (a * kSplit - a);
    const double bHigh = b * kSplit - (b * kSplit - b);
    const double aLow = a - aHigh;
    const double bLow = b - bHigh;
    const double high = a * b;
    return {high, ((aHigh * bHigh - high) + aHigh * bLow + aLow * bHigh) + aLow * bLow};
}

inline Wide operator-(Wide a) { return {-a.high, -a.low}; }

inline Wide operator+(Wide a, Wide b) {
    const Wide high = sum(a.high, b.high);
    const Wide low = sum(a.low, b.low);
    const Wide first = sum(high.high, high.low + low.high);
    return sum(first.high, first.low + low.low);
}

inline Wide operator+(Wide a, double b) { return a + Wide{b}; }
inline Wide operator-(Wide a, Wide b) { return a + -b; }

inline Wide operator*(Wide a, Wide b) {
    const Wide high = product(a.high, b.high);
    return sum(high.high, high.low + (a.high * b.low + a.low * b.high));
}

inline Wide operator*(Wide a, double b) { return a * Wide{b}; }

inline Wide operator/(Wide a, Wide b) {
    const double first = a.high / b.high;
    const Wide rest = a - b * first;
    const double second = rest.high / b.high;
    const double third = (rest - b * second).high / b.high;
    return sum(first, second) + third;
}

inline Wide operator/(Wide a, double b) { return a / Wide{b}; }

inline Wide scaled(Wide a, int exponent) {
    return {std::ldexp(a.high, exponent), std::ldexp(a.low, exponent)};
}

/// e^x = (1 + fraction) 2^exponent.
struct Power {
    Wide fraction;
    int exponent;
};

inline Power power(Wide x) {
    const double k = std::nearbyint(x.high / kLn2.high);
    const Wide r = scaled(x - kLn2 * k, -6);
    Wide factor = {1};
    for (int n = 14; n > 1; --n) factor = r * factor / n + 1;
    Wide fraction = r * factor;
    for (int i = 0; i < 6; ++i) fraction = fraction * (fraction + 2);
    return {fraction, static_cast<int>(k)};
}

/// Beyond 3,000, as there: far past the largest double.
inline Scaled exp(double x) {
    const Power p = power({std::clamp(x, -3000.0, 3000.0)});
    return {p.fraction + 1, p.exponent};
}

inline Wide smallExpm1(Wide x) {
    const Power p = power(x);
    if (p.exponent == 0) return p.fraction;
    return scaled(p.fraction + 1, p.exponent) + -1;
}

inline Scaled expm1(double x) {
    if (std::abs(x) < kTiny) return {{x}};
    if (x > 140) return exp(x);
    if (x < -140) return {{-1}};
    return {smallExpm1({x})};
}

inline Scaled sigmoid(double x) {
    const Power p = power({std::max(-std::abs(x), -3000.0)});
    const Wide factor = p.fraction + 1;
    if (p.exponent < -200) return x < 0 ? Scaled{factor, p.exponent} : Scaled{{1}};
    const Wide e = scaled(factor, p.exponent);
    return {(x < 0 ? e : Wide{1}) / (e + 1)};
}

inline Scaled tanh(double x) {
    if (std::abs(x) < kTiny) return {{x}};
    if (std::abs(x) > 100) return {{std::copysign(1.0, x)}};
    const Wide e = smallExpm1({2 * x});
    return {e / (e + 2)};
}

/// By one step of Newton's method, to second order, from the library's value.
inline Wide smallLog1p(Wide f) {
    const double guess = std::log1p(f.high);
    const Wide e = smallExpm1({guess});
    const Wide d = (f - e) / (e + 1);
    return d - d * d / 2 + guess;
}

inline Wide log(Wide x) {
    int exponent = std::ilogb(x.high);
    if (std::ldexp(x.high, -exponent) > 1.4) ++exponent;
    return kLn2 * exponent + smallLog1p(scaled(x, -exponent) + -1);
}

inline Scaled log(double x) { return {log(Wide{x})}; }

inline Scaled log1p(double x) {
    if (std::abs(x) < kTiny) return {{x}};
    return {std::abs(x) < 0.4 ? smallLog1p({x}) : log(sum(1, x))};
}

/// 2 / sqrt(pi) e^-x^2 sum of 2^n x^(2n + 1) / (1 3 5 ... (2n + 1)), whose terms are all positive.
inline Scaled erf(double x) {
    if (std::abs(x) < kTiny) return {kTwoOverSqrtPi * std::ldexp(x, 600), -600};
    if (std::abs(x) > 7) return {{std::copysign(1.0, x), std::copysign(0x1p-70, -x)}};
    const Wide square = product(x, x);
    Wide term = {x};
    Wide series = term;
    for (int n = 1; std::abs(term.high) > 0x1p-110 * std::abs(series.high); ++n) {
        term = term * square * 2 / (2 * n + 1);
        series = series + term;
    }
    const Power p = power(-square);
    return {kTwoOverSqrtPi * series * scaled(p.fraction + 1, p.exponent)};
}

/// sin(x + quadrant pi/2), |x| <= 2^50.
inline Wide sine(double x, int quadrant) {
    constexpr double kHalfPi[] = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54,
                                  -0x1.f1976b7ed8fbcp-110, 0x1.4cf98e804177dp-164};
    const double k = std::nearbyint(x / kHalfPi[0]);
    Wide r = {x};
    for (const double part : kHalfPi) r = r - product(k, part);
    const Wide square = r * r;
    const int turned = (static_cast<int>(k - 4 * std::floor(k / 4)) + quadrant) % 4;
    const int first = turned % 2 == 0 ? 1 : 0;  // r - r^3/3! + ... or 1 - r^2/2! + ...
    Wide factor = {1};
    for (int n = first + 28; n > first; n -= 2) {
        factor = -(square * factor / (n * (n - 1))) + 1;
    }
    const Wide result = first == 1 ? r * factor : factor;
    return turned < 2 ? result : -result;
}

inline Scaled sin(double x) {
    if (std::abs(x) < kTiny) return {{x}};
    return {sine(x, 0)};
}

inline Scaled cos(double x) { return {sine(x, 1)}; }

/// How far a double is from a result, in units in the last place of the exact result; from 2^1024
/// on, where infinity is right, 0 or infinity.
inline double ulps(double got, Scaled want) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (std::isnan(got)) return kInfinity;
    if (want.value.high == 0) return got == 0 ? 0 : kInfinity;
    int exponent = std::ilogb(want.value.high);
    const bool below = std::abs(want.value.high) == std::ldexp(1, exponent) &&
                       want.value.low * want.value.high < 0;
    if (below) --exponent;
    if (exponent + want.exponent >= 1024) return got == kInfinity ? 0 : kInfinity;
    const double finite = std::isinf(got) ? std::ldexp(std::copysign(1, got), 1024 - want.exponent)
                                          : std::ldexp(got, -want.exponent);
    const double unit = std::max(exponent + want.exponent - 52, -1074) - want.exponent;
    const double distance = std::abs((finite - want.value.high) - want.value.low);
    return std::ldexp(distance, -static_cast<int>(unit));
}

}  // namespace backprop::reference
