#pragma once
// The natural logarithm, correctly rounded: there is one right answer for every double, so the
// numbers drawn with it (random.h) cannot depend on a C library.

namespace backprop {

/// The double nearest to ln x, ties to even; no tie exists, ln 1 = 0 being the only rational value.
/// ln ±0 = -inf, ln inf = inf, NaN for x < 0 and for NaN. About 0.1 µs.
/// Method: double-double arithmetic with a relative error below 2^-100; where a result lies so
/// close to the midpoint of two doubles that this error could decide (one argument in about 2^45),
/// logFixedPoint. Its error is below 2^-190, and no double needs more than 2^-119: V. Lefèvre,
/// J.-M. Muller, Worst Cases for Correct Rounding of the Elementary Functions in Double Precision,
/// 15th IEEE Symposium on Computer Arithmetic, 2001.
double logCorrectlyRounded(double x);

/// The same by integers alone, 256 bits behind the point, for x > 0 and finite (asserted). About
/// 10 µs; the second road of logCorrectlyRounded, and a witness for the first.
double logFixedPoint(double x);

}  // namespace backprop
