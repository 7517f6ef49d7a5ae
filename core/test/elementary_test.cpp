// The elementary functions against a 128-bit reference, their special values, and the digests of
// their results, which every compiler and machine must reproduce.

#include "elementary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "digest.h"
#include "golden.h"
#include "reference_math.h"

namespace backprop {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kLeast = std::numeric_limits<double>::denorm_min();
constexpr double kMost = std::numeric_limits<double>::max();

/// Four lanes of the function, in place.
using Apply = void (*)(double*);

template <Lanes (*function)(Lanes)>
void apply(double* lanes) {
    store(lanes, function(load(lanes)));
}

struct Function {
    const char* name;
    Apply apply;
    double low, high;         ///< where most of the points lie
    std::string_view digest;  ///< of 10,000 results
};

void PrintTo(const Function& function, std::ostream* out) { *out << function.name; }

// The digests were written down from g++ 12 on x86-64; they are what must never change.
const Function kFunctions[] = {
    {"exp", apply<exp>, -746, 710, "ff46a2aef6c54208"},
    {"log", apply<log>, 0, 4, "cb5526316f0ee4be"},
    {"tanh", apply<tanh>, -20, 20, "b091fc2638fcf7be"},
    {"sigmoid", apply<sigmoid>, -746, 40, "3e18792a1257fd8a"},
    {"expm1", apply<expm1>, -40, 710, "8753c25029b4416a"},
    {"log1p", apply<log1p>, -1, 4, "c5917e5adcfee5c2"},
    {"erf", apply<erf>, -6, 6, "a45e72680e67fa08"},
    {"sin", apply<sin>, -0x1p20, 0x1p20, "5107be58c66ec0d3"},
    {"cos", apply<cos>, -0x1p20, 0x1p20, "52e5dd662151d505"},
};

const Function& named(std::string_view name) {
    return *std::ranges::find(kFunctions, name, [](const Function& f) { return f.name; });
}

/// The function by its name, of one argument.
double at(std::string_view name, double x) {
    double lanes[kLanes] = {1, 1, x, 1};
    named(name).apply(lanes);
    return lanes[2];
}

/// Arguments: any bit pattern, uniform in the function's range, the same divided by up to 2^23, and
/// near the powers of two from 1/16 to 8, of either sign.
class Points {
  public:
    explicit Points(const Function& function) : function_(function) {}

    double next() {
        // One draw a statement: the order in which a call's arguments are computed is the
        // compiler's.
        const std::uint64_t bits = random_();
        const double unit = static_cast<double>(random_() >> 11) * 0x1p-53;
        const int shift = static_cast<int>(random_() % 50);
        const double within = function_.low + (function_.high - function_.low) * unit;
        const double sign = bits % 2 == 0 ? 1 : -1;
        const double above = (bits & 2) == 0 ? unit : -unit;
        switch (bits >> 2 & 3) {
            case 0:
                return std::bit_cast<double>(bits);
            case 1:
                return within;
            case 2:
                return std::ldexp(within, -(shift % 24));
            default:
                return sign *
                       std::ldexp(1 + std::ldexp(above, -shift), static_cast<int>(bits >> 61) - 4);
        }
    }

  private:
    const Function& function_;
    std::mt19937_64 random_{1};
};

class Elementary : public testing::TestWithParam<Function> {};

TEST_P(Elementary, EachLaneIsItsOwn) {
    const Function& function = GetParam();
    Points points(function);
    for (int i = 0; i < 1000; ++i) {
        std::array<double, kLanes> x;
        std::ranges::generate(x, [&] { return points.next(); });
        std::array<double, kLanes> together = x;
        function.apply(together.data());
        for (std::size_t lane = 0; lane < x.size(); ++lane) {
            std::array<double, kLanes> alone;
            alone.fill(x[lane]);
            function.apply(alone.data());
            for (const double y : alone) {
                if (std::isnan(y) && std::isnan(together[lane])) continue;
                EXPECT_EQ(std::bit_cast<std::uint64_t>(y),
                          std::bit_cast<std::uint64_t>(together[lane]))
                    << x[lane];
            }
        }
    }
}

TEST_P(Elementary, GivesTheSameBitsEverywhere) {
    const Function& function = GetParam();
    Points points(function);
    std::vector<double> results(10'000);
    std::ranges::generate(results, [&] { return points.next(); });
    for (std::size_t i = 0; i < results.size(); i += kLanes) function.apply(&results[i]);
    for (double& y : results) {
        if (std::isnan(y)) y = kNaN;
    }
    EXPECT_EQ(digestOf(results), function.digest);
}

INSTANTIATE_TEST_SUITE_P(All, Elementary, testing::ValuesIn(kFunctions),
                         [](const auto& test) { return std::string(test.param.name); });

#ifdef BACKPROP_QUAD

struct Bound {
    const char* name;
    reference::Quad (*reference)(reference::Quad);
    double ulps;  ///< as elementary.h states it
};

void PrintTo(const Bound& bound, std::ostream* out) { *out << bound.name; }

const Bound kBounds[] = {
    {"exp", reference::exp, 1},     {"log", reference::log, 1},
    {"tanh", reference::tanh, 1},   {"sigmoid", reference::sigmoid, 2},
    {"expm1", reference::expm1, 1}, {"log1p", reference::log1p, 1},
    {"erf", reference::erf, 2},     {"sin", reference::sin, 2},
    {"cos", reference::cos, 2},
};

class Accuracy : public testing::TestWithParam<Bound> {};

/// mpmath's points: x and the function there, to 106 bits.
std::vector<std::pair<double, reference::Quad>> goldenPoints(const char* name) {
    std::vector<std::pair<double, reference::Quad>> points;
    const nlohmann::json figures = readGolden("elementary.json");
    for (const auto& row : figures["points"][name]) {
        const reference::Quad sum = reference::Quad{row[1].get<double>()} + row[2].get<double>();
        points.push_back({row[0], reference::scaled(sum, row[3])});
    }
    return points;
}

TEST_P(Accuracy, TheReferenceAgreesWithMpmath) {
    for (const auto& [x, want] : goldenPoints(GetParam().name)) {
        const reference::Quad distance = reference::distance(GetParam().reference(x), want);
        EXPECT_LE(distance, reference::scaled(reference::distance(want, 0), -100)) << x;
    }
}

TEST_P(Accuracy, AtMpmathsPoints) {
    const Bound& bound = GetParam();
    for (const auto& [x, want] : goldenPoints(bound.name)) {
        EXPECT_LE(reference::ulps(at(bound.name, x), want), bound.ulps) << x;
    }
}

/// A hundred thousand points, or ten million where the environment says BACKPROP_SWEEP=full.
TEST_P(Accuracy, OverTheWholeRange) {
    const Bound& bound = GetParam();
    const Function& function = named(bound.name);
    const char* sweep = std::getenv("BACKPROP_SWEEP");
    const int count = sweep && std::string_view(sweep) == "full" ? 10'000'000 : 100'000;
    Points points(function);
    double worst = 0, worstAt = 0;
    for (int i = 0; i < count; i += kLanes) {
        std::array<double, kLanes> x;
        std::ranges::generate(x, [&] { return points.next(); });
        std::array<double, kLanes> y = x;
        function.apply(y.data());
        for (std::size_t lane = 0; lane < x.size(); ++lane) {
            const double error = reference::ulps(y[lane], bound.reference(x[lane]));
            if (error > worst) {
                worst = error;
                worstAt = x[lane];
            }
        }
    }
    EXPECT_LE(worst, bound.ulps) << "at " << std::hexfloat << worstAt;
    RecordProperty("worst", std::to_string(worst));
}

INSTANTIATE_TEST_SUITE_P(All, Accuracy, testing::ValuesIn(kBounds),
                         [](const auto& test) { return std::string(test.param.name); });

#else

TEST(Accuracy, OverTheWholeRange) { GTEST_SKIP() << "This compiler has no 128-bit floats."; }

#endif

struct Special {
    const char* name;
    double x, y;
};

const Special kSpecial[] = {
    {"exp", 0.0, 1},
    {"exp", -0.0, 1},
    {"exp", kLeast, 1},
    {"exp", kInfinity, kInfinity},
    {"exp", -kInfinity, 0},
    {"exp", 0x1.62e42fefa39efp9, 0x1.fffffffffff2ap1023},
    {"exp", 0x1.62e42fefa39f0p9, kInfinity},
    {"exp", kMost, kInfinity},
    {"exp", -0x1.74385446d71c3p9, kLeast},
    {"exp", -0x1.74910d52d3053p9, 0},
    {"exp", -kMost, 0},
    {"log", 0.0, -kInfinity},
    {"log", -0.0, -kInfinity},
    {"log", 1, 0},
    {"log", kInfinity, kInfinity},
    {"log", -kInfinity, kNaN},
    {"log", -1, kNaN},
    {"log", -kLeast, kNaN},
    {"log", kLeast, -0x1.74385446d71c3p9},
    {"log", kMost, 0x1.62e42fefa39efp9},
    {"tanh", 0.0, 0.0},
    {"tanh", -0.0, -0.0},
    {"tanh", kLeast, kLeast},
    {"tanh", -kLeast, -kLeast},
    {"tanh", kInfinity, 1},
    {"tanh", -kInfinity, -1},
    {"tanh", kMost, 1},
    {"tanh", -20, -1},
    {"sigmoid", 0.0, 0.5},
    {"sigmoid", -0.0, 0.5},
    {"sigmoid", kInfinity, 1},
    {"sigmoid", -kInfinity, 0},
    {"sigmoid", kMost, 1},
    {"sigmoid", -kMost, 0},
    {"sigmoid", 800, 1},
    {"sigmoid", -0x1.74385446d71c3p9, kLeast},
    {"sigmoid", -0x1.74910d52d3053p9, 0},
    {"expm1", 0.0, 0.0},
    {"expm1", -0.0, -0.0},
    {"expm1", kLeast, kLeast},
    {"expm1", -kLeast, -kLeast},
    {"expm1", kInfinity, kInfinity},
    {"expm1", -kInfinity, -1},
    {"expm1", 0x1.62e42fefa39f0p9, kInfinity},
    {"expm1", -kMost, -1},
    {"log1p", 0.0, 0.0},
    {"log1p", -0.0, -0.0},
    {"log1p", kLeast, kLeast},
    {"log1p", -kLeast, -kLeast},
    {"log1p", -1, -kInfinity},
    {"log1p", -2, kNaN},
    {"log1p", kInfinity, kInfinity},
    {"log1p", -kInfinity, kNaN},
    {"log1p", kMost, 0x1.62e42fefa39efp9},
    {"erf", 0.0, 0.0},
    {"erf", -0.0, -0.0},
    {"erf", kLeast, kLeast},
    {"erf", kInfinity, 1},
    {"erf", -kInfinity, -1},
    {"erf", -kMost, -1},
    {"sin", 0.0, 0.0},
    {"sin", -0.0, -0.0},
    {"sin", kLeast, kLeast},
    {"sin", -kLeast, -kLeast},
    {"sin", kInfinity, kNaN},
    {"sin", -kInfinity, kNaN},
    {"cos", 0.0, 1},
    {"cos", -0.0, 1},
    {"cos", kLeast, 1},
    {"cos", kInfinity, kNaN},
    {"cos", -kInfinity, kNaN},
};

TEST(ElementarySpecial, Values) {
    for (const auto& [name, x, y] : kSpecial) {
        const double got = at(name, x);
        const bool same =
            std::isnan(y) ? std::isnan(got) : got == y && std::signbit(got) == std::signbit(y);
        EXPECT_TRUE(same) << name << " of " << std::hexfloat << x << " is " << got << ", not " << y;
    }
}

TEST(ElementarySpecial, NaNStaysNaN) {
    for (const Function& function : kFunctions) {
        EXPECT_TRUE(std::isnan(at(function.name, kNaN))) << function.name;
        EXPECT_TRUE(std::isnan(at(function.name, -kNaN))) << function.name;
        // A quiet NaN with every payload bit set, and one with the last alone.
        for (const std::uint64_t bits : {~0ull, 0x7ff8000000000001ull}) {
            EXPECT_TRUE(std::isnan(at(function.name, std::bit_cast<double>(bits))))
                << function.name;
        }
    }
}

}  // namespace
}  // namespace backprop
