#pragma once
// The limit we measure ourselves against: the post's step (2-2-1 sigmoids, XOR, full batch, SGD) as
// a careful C++ programmer writes it for exactly this network. The four samples are the lanes of a
// vector, the nine parameters stay in registers, exp is inlined and covers no more than it must.

#include <cstdint>

#include "xor_parameters.h"

namespace backprop::limit {

using Vector = double __attribute__((vector_size(32)));
using Integers = std::int64_t __attribute__((vector_size(32)));

inline Vector broadcast(double x) { return Vector{x, x, x, x}; }

/// exp(x) for |x| < 700, about 1 ulp: exp(k ln 2 + r) = 2^k (1 + r + r² q(r)), |r| <= ½ ln 2, q of
/// degree 9 by Chebyshev interpolation (relative error 2^-55.8), in Estrin's order.
inline Vector exp(Vector x) {
    constexpr double kLogTwoHigh = 0x1.62e42feep-1, kLogTwoLow = 0x1.a39ef35793c76p-33;
    const Vector shifted = x * 0x1.71547652b82fep0 + 0x1.8p52;  // k in the lowest bits
    const Vector k = shifted - 0x1.8p52;
    const Vector r = (x - k * kLogTwoHigh) - k * kLogTwoLow;
    const Vector r2 = r * r, r4 = r2 * r2;
    const Vector q01 = 0x1.0000000000001p-1 + r * 0x1.5555555555556p-3;
    const Vector q23 = 0x1.5555555553d63p-5 + r * 0x1.11111111109b3p-7;
    const Vector q45 = 0x1.6c16c1788bd90p-10 + r * 0x1.a01a01a7c41d5p-13;
    const Vector q67 = 0x1.a019b90d2ae7ap-16 + r * 0x1.71de0dae63bb3p-19;
    const Vector q89 = 0x1.289185613a3d6p-22 + r * 0x1.af38a9b0ec855p-26;
    const Vector q = (q01 + r2 * q23) + r4 * ((q45 + r2 * q67) + r4 * q89);
    const Vector p = 1.0 + (r + r2 * q);
    return reinterpret_cast<Vector>(reinterpret_cast<Integers>(p) +
                                    (reinterpret_cast<Integers>(shifted) << 52));
}

inline Vector sigmoid(Vector z) { return 1.0 / (1.0 + exp(-z)); }

/// {Σa, Σb, Σc, Σd}, each (0 + 1) + (2 + 3).
inline Vector sums(Vector a, Vector b, Vector c, Vector d) {
    const Vector ab = __builtin_shufflevector(a, b, 0, 4, 2, 6) +
                      __builtin_shufflevector(a, b, 1, 5, 3, 7);  // a01 b01 a23 b23
    const Vector cd =
        __builtin_shufflevector(c, d, 0, 4, 2, 6) + __builtin_shufflevector(c, d, 1, 5, 3, 7);
    return __builtin_shufflevector(ab, cd, 0, 1, 4, 5) +
           __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

/// Trains in place; returns the loss before the last of the epochs (1 or more).
inline double trainXor(XorParameters& parameters, double rate, int epochs) {
    const Vector x1 = {0, 0, 1, 1}, x2 = {0, 1, 0, 1}, y = {0, 1, 1, 0};
    Vector w1 = {parameters[0], parameters[1], parameters[2], parameters[3]};
    Vector rest = {parameters[4], parameters[5], parameters[6], parameters[7]};  // b1, W2
    double b2 = parameters[8];
    Vector error = {};
    for (int epoch = 0; epoch < epochs; ++epoch) {
        const Vector a1 = sigmoid(x1 * w1[0] + x2 * w1[2] + rest[0]);
        const Vector a2 = sigmoid(x1 * w1[1] + x2 * w1[3] + rest[1]);
        const Vector a3 = sigmoid(a1 * rest[2] + a2 * rest[3] + b2);
        error = a3 - y;
        const Vector dz3 = 0.5 * error * (a3 * (1.0 - a3));
        const Vector dz1 = dz3 * rest[2] * (a1 * (1.0 - a1));
        const Vector dz2 = dz3 * rest[3] * (a2 * (1.0 - a2));
        w1 -= rate * sums(x1 * dz1, x1 * dz2, x2 * dz1, x2 * dz2);
        rest -= rate * sums(dz1, dz2, a1 * dz3, a2 * dz3);
        b2 -= rate * ((dz3[0] + dz3[1]) + (dz3[2] + dz3[3]));
    }
    for (std::size_t i = 0; i < 4; ++i) {
        parameters[i] = w1[i];
        parameters[4 + i] = rest[i];
    }
    parameters[8] = b2;
    const Vector square = error * error;
    return ((square[0] + square[1]) + (square[2] + square[3])) / 4.0;
}

}  // namespace backprop::limit
