#include "random.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "correctly_rounded_log.h"
#include "digest.h"
#include "golden.h"

namespace backprop {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct LogCase {
    double x, log;
};

// From V. Lefèvre and J.-M. Muller's list of worst cases; arguments beside 1 whose logarithms lie
// within 2^-47 ulp of a midpoint; the ends of ranges. The values are mpmath's.
constexpr LogCase kLogCases[] = {
    {0x1.62a88613629b6p678, 0x1.d6479eba7c971p8},
    {0x1.9476e304cd7c7p-384, -0x1.09b60caf47b36p8},
    {0x1.613955dc802f8p-35, -0x1.7f02f9baf6035p4},
    {0x1.ffffffffffffep-1, -0x1.0000000000001p-52},
    {0x1.0000000000006p0, 0x1.7fffffffffffcp-50},
    {0x1.fffffffffffffp-1, -0x1p-53},
    {0x1.6a09e667f3bccp0, 0x1.62e42fefa39eep-2},
    {0x1.6a09e667f3bcdp0, 0x1.62e42fefa39fp-2},
    {0x1p-1074, -0x1.74385446d71c3p9},
    {0x1.fffffffffffffp1023, 0x1.62e42fefa39efp9},
    {1.0, 0.0},
};

TEST(CorrectlyRoundedLog, HardCases) {
    for (const auto& [x, log] : kLogCases) {
        EXPECT_EQ(logCorrectlyRounded(x), log) << std::hexfloat << x;
        EXPECT_EQ(logFixedPoint(x), log) << std::hexfloat << x;
    }
}

TEST(CorrectlyRoundedLog, SpecialValues) {
    EXPECT_EQ(logCorrectlyRounded(0.0), -kInfinity);
    EXPECT_EQ(logCorrectlyRounded(-0.0), -kInfinity);
    EXPECT_EQ(logCorrectlyRounded(kInfinity), kInfinity);
    EXPECT_FALSE(std::signbit(logCorrectlyRounded(1.0)));
    for (const double x : {-0x1p-1074, -1.0, -kInfinity, std::nan("")}) {
        EXPECT_TRUE(std::isnan(logCorrectlyRounded(x))) << x;
    }
}

TEST(CorrectlyRoundedLog, AgreesWithMultiplePrecision) {
    const auto golden = readGolden("numpy_randn.json")["log"];
    std::vector<double> logs(golden["count"].get<std::size_t>());
    NumpyRandom random(1);
    for (double& log : logs) {
        const double u = random.randomSample();
        log = logCorrectlyRounded(
            std::ldexp(u, static_cast<int>(2000 * random.randomSample()) - 1000));
    }
    EXPECT_EQ(digestOf(logs), golden["digest"]);
}

TEST(CorrectlyRoundedLog, BothRoadsAgree) {
    Generator random(1);
    for (int i = 0; i < 5000; ++i) {
        const double u = random.uniform();
        const int k = static_cast<int>(random.below(60));
        const double beside1 = 1.0 + std::ldexp(u - 0.5, -k),
                     subnormal = std::ldexp(u, -1020 - k / 2);
        EXPECT_EQ(logCorrectlyRounded(beside1), logFixedPoint(beside1)) << std::hexfloat << beside1;
        EXPECT_EQ(logCorrectlyRounded(subnormal), logFixedPoint(subnormal))
            << std::hexfloat << subnormal;
    }
}

TEST(NumpyRandom, IsTheMersenneTwister) {
    for (const std::uint32_t seed : {0u, 1u, 42u, 5489u, 4294967295u}) {
        NumpyRandom ours(seed);
        std::mt19937 theirs(seed);
        for (int i = 0; i < 2000; ++i) ASSERT_EQ(ours.word(), theirs()) << seed << ' ' << i;
    }
}

TEST(NumpyRandom, RandomSampleIsNumpys) {
    EXPECT_EQ(NumpyRandom(42).randomSample(), 0x1.7f8771e5f51ecp-2);
}

TEST(NumpyRandom, RandnIsNumpys) {
    const auto golden = readGolden("numpy_randn.json");
    const auto& streams = golden["streams"];
    ASSERT_EQ(streams.size(), 1000u);
    std::vector<double> stream(golden["draws"].get<std::size_t>());
    for (std::uint32_t seed = 0; seed < streams.size(); ++seed) {
        NumpyRandom random(seed);
        for (double& x : stream) x = random.randn();
        for (const auto& exception : golden["exceptions"]) {
            if (exception["seed"] != seed) continue;
            double& x = stream[exception["index"]];
            EXPECT_EQ(x, exception["rounded"]);
            x = exception["numpy"];
        }
        EXPECT_EQ(digestOf(stream), streams[seed]) << seed;
    }
    for (const auto& sample : golden["samples"]) {
        NumpyRandom random(sample["seed"]);
        for (const double x : sample["values"]) EXPECT_EQ(random.randn(), x) << sample["seed"];
    }
}

// Words of a program written from the papers in another language, which gives the published first
// words of SplitMix64 from 1234567 and of xoshiro256** from {1, 2, 3, 4}.
TEST(Generator, GivesTheWordsOfTheReference) {
    struct Case {
        std::uint64_t seed, stream;
        std::array<std::uint64_t, 3> words;
    };
    constexpr Case kCases[] = {
        {0, 0, {0x99ec5f36cb75f2b4, 0xbf6e1f784956452a, 0x1a5f849d4933e6e0}},
        {42, 0, {0xb462ccca6b95e916, 0xdcc682e2fceb679b, 0xcdb5d6caea1791ca}},
        {42, 7, {0x9bbfa2a52319cf76, 0x35baf43a9fc9deb0, 0xfd3c7290ec14df34}},
        {~0ull, ~0ull, {0x21c06528825cd26a, 0xb49106497e702f99, 0x3c2368ef42f4bfb2}},
    };
    for (const auto& [seed, stream, words] : kCases) {
        Generator random(seed, stream);
        for (const std::uint64_t word : words) EXPECT_EQ(random.word(), word);
    }
}

TEST(Generator, UniformIsTheTopOfAWord) {
    Generator words(5), uniforms(5);
    for (int i = 0; i < 1000; ++i) {
        const double u = uniforms.uniform();
        EXPECT_EQ(u, static_cast<double>(words.word() >> 11) / 9007199254740992.0);
        EXPECT_TRUE(u >= 0.0 && u < 1.0);
    }
}

// Pearson's chi-squared with 5 degrees of freedom exceeds 25.7 once in 10,000 seeds.
TEST(Generator, BelowIsUnbiased) {
    constexpr double kExpected = 10000.0;
    for (const std::uint32_t n : {6u, 3u << 30}) {
        Generator random(n);
        std::array<double, 6> counts = {};
        for (int i = 0; i < 6 * kExpected; ++i) {
            const std::uint32_t x = random.below(n);
            ASSERT_LT(x, n);
            ++counts[x / (n / 6)];
        }
        double chiSquared = 0.0;
        for (const double c : counts) chiSquared += (c - kExpected) * (c - kExpected) / kExpected;
        EXPECT_LT(chiSquared, 25.7) << n;
    }
    EXPECT_EQ(Generator(1).below(1), 0u);
}

// Four standard errors each: 4 / √n, 4 √(2 / n), 4 √(0.6827 · 0.3173 / n).
TEST(Generator, NormalHasTheMomentsOfTheBell) {
    constexpr int kCount = 100000;
    Generator random(3);
    double sum = 0.0, squares = 0.0, within1 = 0.0;
    for (int i = 0; i < kCount; ++i) {
        const double x = random.normal();
        sum += x;
        squares += x * x;
        within1 += std::abs(x) < 1.0;
    }
    EXPECT_NEAR(sum / kCount, 0.0, 0.0127);
    EXPECT_NEAR(squares / kCount, 1.0, 0.0179);
    EXPECT_NEAR(within1 / kCount, 0.6827, 0.0059);
}

}  // namespace
}  // namespace backprop
