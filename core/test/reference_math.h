#pragma once
// Elementary functions in 128-bit floating point, 113 bits of them significant: the witness of
// elementary_test.cpp. g++ has them on x86-64 in its libquadmath; on 64-bit Arm under Linux they
// are long double. Where there are none, BACKPROP_QUAD is not defined; the bits are the same there.

#include <cfloat>
#include <cmath>
#include <limits>

#ifdef BACKPROP_QUADMATH
#include <quadmath.h>
#define BACKPROP_QUAD(name) name##q
#elif LDBL_MANT_DIG == 113
#define BACKPROP_QUAD(name) std::name
#endif

#ifdef BACKPROP_QUAD
namespace backprop::reference {

#ifdef BACKPROP_QUADMATH
__extension__ typedef __float128 Quad;
#else
using Quad = long double;
#endif

inline Quad exp(Quad x) { return BACKPROP_QUAD(exp)(x); }
inline Quad log(Quad x) { return BACKPROP_QUAD(log)(x); }
inline Quad tanh(Quad x) { return BACKPROP_QUAD(tanh)(x); }
inline Quad sigmoid(Quad x) { return 1 / (1 + exp(-x)); }
inline Quad expm1(Quad x) { return BACKPROP_QUAD(expm1)(x); }
inline Quad log1p(Quad x) { return BACKPROP_QUAD(log1p)(x); }
inline Quad erf(Quad x) { return BACKPROP_QUAD(erf)(x); }
inline Quad sin(Quad x) { return BACKPROP_QUAD(sin)(x); }
inline Quad cos(Quad x) { return BACKPROP_QUAD(cos)(x); }

/// value 2^exponent.
inline Quad scaled(Quad value, int exponent) { return BACKPROP_QUAD(ldexp)(value, exponent); }

inline Quad distance(Quad a, Quad b) { return a < b ? b - a : a - b; }

/// How far a double is from a result, in units in the last place of the exact result: 0 or infinity
/// where that is no number, infinite, or from 2^1024 on, where infinity is right.
inline double ulps(double got, Quad want) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (want != want) return std::isnan(got) ? 0 : kInfinity;
    if (want == 0) return got == 0 ? 0 : kInfinity;
    const int exponent = BACKPROP_QUAD(ilogb)(want);
    if (exponent >= 1024) return got == (want > 0 ? kInfinity : -kInfinity) ? 0 : kInfinity;
    if (std::isnan(got)) return kInfinity;
    const Quad finite = std::isinf(got) ? scaled(got > 0 ? 1 : -1, 1024) : Quad{got};
    const int unit = exponent < -1022 ? -1074 : exponent - 52;
    return static_cast<double>(scaled(distance(finite, want), -unit));
}

}  // namespace backprop::reference
#endif
