#include "correctly_rounded_log.h"

#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace backprop {
namespace {

/// x = significand · 2^(exponent - 53), significand / 2^53 in [√½, √2).
struct Split {
    std::uint64_t significand;
    int exponent;
};

/// For x > 0 and finite.
Split splitNearOne(double x) {
    constexpr double kSmallestNormal = std::numeric_limits<double>::min();
    const bool subnormal = x < kSmallestNormal;
    const auto bits = __builtin_bit_cast(std::uint64_t, subnormal ? x * 0x1p54 : x);
    const int exponent = static_cast<int>(bits >> 52) - 1023 - (subnormal ? 54 : 0);
    const std::uint64_t significand = (bits & 0xfffffffffffff) | 0x10000000000000;
    constexpr std::uint64_t kSqrtTwo = 0x16a09e667f3bcd;  // √2 · 2^52, rounded up
    return significand < kSqrtTwo ? Split{2 * significand, exponent}
                                  : Split{significand, exponent + 1};
}

// Double-double arithmetic: a number is the unevaluated sum hi + lo, |lo| <= ulp(hi) / 2. The
// bounds, in units of u² = 2^-106, are those of M. Joldes, J.-M. Muller, V. Popescu, Tight and
// Rigorous Error Bounds for Basic Building Blocks of Double-Word Arithmetic, ACM Transactions on
// Mathematical Software 44, 2017; twoProduct is that of T. J. Dekker, Numerische Mathematik 18,
// 1971, which needs no fused multiply-add.

struct DoubleDouble {
    double hi;
    double lo;
};

/// a + b, exact, for |a| >= |b| or a = 0.
constexpr DoubleDouble quickTwoSum(double a, double b) {
    const double sum = a + b;
    return {sum, b - (sum - a)};
}

/// a + b, exact.
constexpr DoubleDouble twoSum(double a, double b) {
    const double sum = a + b;
    const double bPart = sum - a;
    return {sum, (a - (sum - bPart)) + (b - bPart)};
}

/// The upper 26 bits of a, rounded; a minus them fits in 26 bits.
constexpr double upperHalf(double a) {
    const double scaled = a * 0x8000001p0;
    return scaled - (scaled - a);
}

/// a · b, exact, without over- or underflow.
constexpr DoubleDouble twoProduct(double a, double b) {
    const double aHi = upperHalf(a), aLo = a - aHi;
    const double bHi = upperHalf(b), bLo = b - bHi;
    const double product = a * b;
    return {product, ((aHi * bHi - product) + aHi * bLo + aLo * bHi) + aLo * bLo};
}

/// Relative error at most 3 u².
constexpr DoubleDouble operator+(DoubleDouble a, DoubleDouble b) {
    const DoubleDouble s = twoSum(a.hi, b.hi);
    const DoubleDouble t = twoSum(a.lo, b.lo);
    const DoubleDouble v = quickTwoSum(s.hi, s.lo + t.hi);
    return quickTwoSum(v.hi, t.lo + v.lo);
}

/// Relative error at most 7 u².
constexpr DoubleDouble operator*(DoubleDouble a, DoubleDouble b) {
    const DoubleDouble p = twoProduct(a.hi, b.hi);
    return quickTwoSum(p.hi, p.lo + (a.hi * b.lo + a.lo * b.hi));
}

/// a / b for b = hi + lo. Relative error at most 8 u²: the remainder a - q·hi is exact; q·lo, the
/// difference, the second quotient and its divisor without lo add 1, 2, 2 and 2 u².
constexpr DoubleDouble divide(double a, DoubleDouble b) {
    const double q = a / b.hi;
    const DoubleDouble p = twoProduct(q, b.hi);
    const double remainder = ((a - p.hi) - p.lo) - q * b.lo;
    return quickTwoSum(q, remainder / b.hi);
}

constexpr DoubleDouble kLogTwo = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};

/// 1 / (2k + 1), the coefficients of artanh.
constexpr auto kCoefficients = [] {
    std::array<DoubleDouble, 21> c;
    for (std::size_t k = 0; k < c.size(); ++k) {
        c[k] = divide(1.0, {2.0 * static_cast<double>(k) + 1.0, 0.0});
    }
    return c;
}();

/// ln x to a relative error below 2^-100, for x > 0 and finite.
///
/// ln x = e ln 2 + 2 artanh s with s = (m - 1) / (m + 1), and artanh s = s Σ zᵏ / (2k + 1) with
/// z = s² < 0.02944. The series is cut after k = 20 (the rest is below 0.02 u²); the terms from
/// k = 10 on, below 2^-55 of the sum, are added up in plain double arithmetic.
///
/// Errors in u²: s 8; z 2·8 + 7 = 23; a Horner step at most 1 + 3 + 0.03 (23 + 7 + 6) < 6, of which
/// 0.01 (23 + 7 + 6) and the addition's 3 reach the sum: 4; times s: 8 + 4 + 7 = 19. e ln 2 adds
/// 1 + 7 = 8, counted twice as |ln x| may be half of it; the last addition 3. Together 38 u² and
/// terms in u³, below 2^-100 = 64 u².
DoubleDouble logDoubleDouble(double x) {
    constexpr std::size_t kDoubleDoubleTerms = 10;
    const auto [significand, exponent] = splitNearOne(x);
    const double m = static_cast<double>(significand) * 0x1p-53;
    const DoubleDouble s = divide(m - 1.0, twoSum(m, 1.0));
    const DoubleDouble z = s * s;
    DoubleDouble series = {0.0, 0.0};
    std::size_t k = kCoefficients.size();
    while (k > kDoubleDoubleTerms) series.hi = kCoefficients[--k].hi + series.hi * z.hi;
    while (k > 0) series = kCoefficients[--k] + series * z;
    const DoubleDouble artanh = s * series;
    return kLogTwo * DoubleDouble{static_cast<double>(exponent), 0.0} +
           DoubleDouble{2.0 * artanh.hi, 2.0 * artanh.lo};
}

// Fixed-point arithmetic: limb 8 is the integer part, limbs 7 to 0 are 256 bits behind the point.

constexpr std::size_t kFractionLimbs = 8;
using Fixed = std::array<std::uint32_t, kFractionLimbs + 1>;

Fixed add(const Fixed& a, const Fixed& b) {
    Fixed sum;
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < sum.size(); ++i) {
        carry += std::uint64_t{a[i]} + b[i];
        sum[i] = static_cast<std::uint32_t>(carry);
        carry >>= 32;
    }
    return sum;
}

/// a - b for a >= b.
Fixed subtract(const Fixed& a, const Fixed& b) {
    Fixed difference;
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < difference.size(); ++i) {
        const std::uint64_t d = std::uint64_t{a[i]} - b[i] - borrow;
        difference[i] = static_cast<std::uint32_t>(d);
        borrow = d >> 63;
    }
    return difference;
}

/// n a, for a product below 2^32.
Fixed multiply(const Fixed& a, std::uint32_t n) {
    Fixed product;
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < product.size(); ++i) {
        carry += std::uint64_t{a[i]} * n;
        product[i] = static_cast<std::uint32_t>(carry);
        carry >>= 32;
    }
    return product;
}

/// a b, rounded down, for a product below 2^32.
Fixed multiply(const Fixed& a, const Fixed& b) {
    std::array<std::uint32_t, 2 * std::tuple_size_v<Fixed>> full = {};
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::uint64_t carry = 0;
        for (std::size_t j = 0; j < b.size(); ++j) {
            carry += full[i + j] + std::uint64_t{a[i]} * b[j];
            full[i + j] = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
        full[i + b.size()] = static_cast<std::uint32_t>(carry);
    }
    Fixed product;
    for (std::size_t i = 0; i < product.size(); ++i) product[i] = full[i + kFractionLimbs];
    return product;
}

/// a / n, rounded down.
Fixed divide(const Fixed& a, std::uint32_t n) {
    Fixed quotient;
    std::uint64_t remainder = 0;
    for (std::size_t i = quotient.size(); i-- > 0;) {
        remainder = (remainder << 32) | a[i];
        quotient[i] = static_cast<std::uint32_t>(remainder / n);
        remainder %= n;
    }
    return quotient;
}

/// a / b, rounded down, for a < b < 2^63.
Fixed ratio(std::uint64_t a, std::uint64_t b) {
    Fixed quotient = {};
    for (std::size_t bit = 32 * kFractionLimbs; bit-- > 0;) {
        a *= 2;
        if (a < b) continue;
        a -= b;
        quotient[bit / 32] |= std::uint32_t{1} << (bit % 32);
    }
    return quotient;
}

/// 2 artanh (a / b) for a / b <= 1/3, too small by less than 2^-247: at most 80 terms, each rounded
/// down by less than 2^-255.
Fixed twiceArtanh(std::uint64_t a, std::uint64_t b) {
    Fixed power = ratio(a, b);
    const Fixed square = multiply(power, power);
    Fixed sum = power;
    for (std::uint32_t n = 3; power != Fixed{}; n += 2) {
        power = multiply(power, square);
        sum = add(sum, divide(power, n));
    }
    return multiply(sum, 2);
}

/// The double nearest to a, for a > 0.
double nearestDouble(const Fixed& a) {
    std::size_t top = a.size() - 1;
    while (a[top] == 0) --top;
    std::size_t lead = 32 * top + 31 - static_cast<std::size_t>(std::countl_zero(a[top]));
    std::uint64_t significand = 0;
    for (std::size_t i = 0; i < 54; ++i, --lead) {
        significand = 2 * significand + ((a[lead / 32] >> (lead % 32)) & 1);
    }
    // Half of the last bit kept is in; lead is now one below it, and a power of two scales exactly.
    const int scale = static_cast<int>(lead) + 2 - static_cast<int>(32 * kFractionLimbs);
    const double power = __builtin_bit_cast(double, static_cast<std::uint64_t>(1023 + scale) << 52);
    return static_cast<double>((significand + 1) / 2) * power;
}

}  // namespace

double logFixedPoint(double x) {
    assert(x > 0.0 && x <= std::numeric_limits<double>::max());
    constexpr std::uint64_t kOne = std::uint64_t{1} << 53;
    const auto [m, e] = splitNearOne(x);
    if (e == 0 && m == kOne) return 0.0;
    const Fixed small =
        m < kOne ? twiceArtanh(kOne - m, kOne + m) : twiceArtanh(m - kOne, m + kOne);
    if (e == 0) return m < kOne ? -nearestDouble(small) : nearestDouble(small);
    // |ln x| = |e| ln 2 ± 2 artanh |s|, 0.34 to 745.2; its error is below 1075 · 2^-247 < 2^-236.
    // (For e = 0, |ln x| >= 2^-54 with an error below 2^-247: 2^-193 of it.)
    const Fixed large = multiply(twiceArtanh(1, 3), static_cast<std::uint32_t>(e < 0 ? -e : e));
    const bool sameSign = (e < 0) == (m < kOne);
    const double magnitude = nearestDouble(sameSign ? add(large, small) : subtract(large, small));
    return e < 0 ? -magnitude : magnitude;
}

double logCorrectlyRounded(double x) {
    if (x == 0.0) return -std::numeric_limits<double>::infinity();
    if (!(x > 0.0)) return std::numeric_limits<double>::quiet_NaN();
    if (x > std::numeric_limits<double>::max()) return x;
    const DoubleDouble log = logDoubleDouble(x);
    // Rounding is monotonic: where both ends of the interval round to one double, so does ln x.
    const double error = 0x1p-99 * (log.hi < 0.0 ? -log.hi : log.hi);
    const double lower = log.hi + (log.lo - error);
    const double upper = log.hi + (log.lo + error);
    return lower == upper ? lower : logFixedPoint(x);
}

}  // namespace backprop
