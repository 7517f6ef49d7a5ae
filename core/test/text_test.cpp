#include "text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <utility>

namespace backprop {
namespace {

TEST(NumberText, WritesAsJavaScriptDoes) {
    const std::pair<double, const char*> cases[] = {
        {0.0, "0"},
        {-0.0, "0"},
        {-3, "-3"},
        {0.1, "0.1"},
        {1.0 / 3, "0.3333333333333333"},
        {100, "100"},
        {1e9, "1000000000"},
        {123456.789, "123456.789"},
        {0.000001, "0.000001"},
        {1e-7, "1e-7"},
        {-1.5e-10, "-1.5e-10"},
        {123456789012345680000.0, "123456789012345680000"},
        {1e21, "1e+21"},
        {0.99999999999999989, "0.9999999999999999"},
        {9007199254740993.0, "9007199254740992"},
        {5e-324, "5e-324"},
        {2.2250738585072014e-308, "2.2250738585072014e-308"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {9.5367431640625e-7, "9.5367431640625e-7"},
        {2e-44, "2e-44"},
        {0x1p-25, "2.9802322387695312e-8"},
        {5.764607523034235e39, "5.764607523034235e+39"},
        {std::numeric_limits<double>::infinity(), "Infinity"},
        {-std::numeric_limits<double>::infinity(), "-Infinity"},
        {std::numeric_limits<double>::quiet_NaN(), "NaN"},
    };
    for (const auto& [number, text] : cases) EXPECT_EQ(numberText(number), text);
}

TEST(NumberText, ReadsBackToTheSameBits) {
    std::uint64_t bits = 1;
    for (int i = 0; i < 20000; ++i) {
        bits = bits * 6364136223846793005u + 1442695040888963407u;
        const auto x = __builtin_bit_cast(double, bits);
        if (x - x != 0) continue;
        const std::string text = numberText(x);
        EXPECT_EQ(std::strtod(text.c_str(), nullptr), x) << text;
        EXPECT_LE(text.size(), 25u);
    }
    for (int exponent = -1074; exponent <= 1023; ++exponent) {
        const double x = std::ldexp(1.0, exponent);
        EXPECT_EQ(std::strtod(numberText(x).c_str(), nullptr), x);
    }
}

}  // namespace
}  // namespace backprop
