#include "random.h"

#include <bit>
#include <cassert>
#include <cmath>

#include "correctly_rounded_log.h"

namespace backprop {
namespace {

/// A standard normal number out of uniform(), numbers in [0, 1): the polar method of G. Marsaglia,
/// T. A. Bray, A Convenient Method for Generating Normal Variables, SIAM Review 6, 1964. A point
/// (a, b) of the unit disc gives two numbers; as in NumPy, b's comes first and a's is kept in
/// spare.
template <typename Uniform>
double polarNormal(std::optional<double>& spare, Uniform uniform) {
    if (spare) {
        const double kept = *spare;
        spare.reset();
        return kept;
    }
    double a, b, squaredRadius;
    do {
        a = 2.0 * uniform() - 1.0;
        b = 2.0 * uniform() - 1.0;
        squaredRadius = a * a + b * b;
    } while (squaredRadius >= 1.0 || squaredRadius == 0.0);
    const double scale = std::sqrt(-2.0 * logCorrectlyRounded(squaredRadius) / squaredRadius);
    spare = scale * a;
    return scale * b;
}

constexpr std::uint64_t kGoldenGamma = 0x9e3779b97f4a7c15;  // 2^64 / golden ratio, made odd

/// SplitMix64's mix, a bijection of the 64-bit words.
std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

}  // namespace

NumpyRandom::NumpyRandom(std::uint32_t seed) {
    state_[0] = seed;
    for (std::uint32_t i = 1; i < kWords; ++i) {
        state_[i] = 1812433253 * (state_[i - 1] ^ (state_[i - 1] >> 30)) + i;
    }
}

std::uint32_t NumpyRandom::word() {
    constexpr std::size_t kOffset = 397;
    const std::uint32_t pair =
        (state_[next_] & 0x80000000) | (state_[(next_ + 1) % kWords] & 0x7fffffff);
    const std::uint32_t twist = (pair >> 1) ^ ((pair & 1) * 0x9908b0df);
    std::uint32_t y = state_[next_] = state_[(next_ + kOffset) % kWords] ^ twist;
    next_ = (next_ + 1) % kWords;
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >> 18);
}

double NumpyRandom::randomSample() {
    const double upper = word() >> 5;  // 27 bits
    const double lower = word() >> 6;  // 26 bits
    return (upper * 0x1p26 + lower) * 0x1p-53;
}

double NumpyRandom::randn() {
    return polarNormal(spare_, [this] { return randomSample(); });
}

Generator::Generator(std::uint64_t seed, std::uint64_t stream) {
    std::uint64_t counter = mix(seed) + stream;
    for (std::uint64_t& word : state_) word = mix(counter += kGoldenGamma);
}

std::uint64_t Generator::word() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

double Generator::uniform() { return static_cast<double>(word() >> 11) * 0x1p-53; }

// D. Lemire, Fast Random Integer Generation in an Interval, ACM Transactions on Modeling and
// Computer Simulation 29, 2019: the integer part of n · u is the number; of the fractions, the
// 2^32 mod n that would make some numbers more frequent are drawn again.
std::uint32_t Generator::below(std::uint32_t n) {
    assert(n >= 1);
    const std::uint32_t refused = (0u - n) % n;
    std::uint64_t product;
    do {
        product = (word() >> 32) * n;
    } while (static_cast<std::uint32_t>(product) < refused);
    return static_cast<std::uint32_t>(product >> 32);
}

double Generator::normal() {
    return polarNormal(spare_, [this] { return uniform(); });
}

}  // namespace backprop
