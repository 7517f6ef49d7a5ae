#pragma once
// Random numbers that are the same on every machine: integers, exact operations, a correctly
// rounded logarithm and IEEE's square root; nothing of <random>, whose distributions differ between
// standard libraries.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace backprop {

/// NumPy's legacy generator, as np.random.seed(seed) leaves it: MT19937 of M. Matsumoto,
/// T. Nishimura, Mersenne Twister, ACM Transactions on Modeling and Computer Simulation 8, 1998,
/// seeded by their init_genrand of 2002.
class NumpyRandom {
  public:
    explicit NumpyRandom(std::uint32_t seed);

    /// The next 32 bits.
    std::uint32_t word();

    /// np.random.random_sample(): a multiple of 2^-53 in [0, 1), from two words.
    double randomSample();

    /// np.random.randn(): a standard normal number by the polar method (see random.cpp). NumPy's
    /// bits wherever the C library under NumPy rounds log correctly, else within 1 ulp.
    double randn();

  private:
    static constexpr std::size_t kWords = 624;

    std::array<std::uint32_t, kWords> state_;
    std::size_t next_ = 0;
    std::optional<double> spare_;
};

/// Our own generator, for shuffles and data sets: xoshiro256** of D. Blackman, S. Vigna, Scrambled
/// Linear Pseudorandom Number Generators, ACM Transactions on Mathematical Software 47, 2021. Its
/// state is four words of SplitMix64 (G. Steele, D. Lea, C. Flood, Fast Splittable Pseudorandom
/// Number Generators, OOPSLA 2014), started at its mix of seed, plus stream: a few nanoseconds, so
/// that each epoch's permutation can have its own (seed, stream) = (shuffleSeed, epoch).
class Generator {
  public:
    explicit Generator(std::uint64_t seed, std::uint64_t stream = 0);

    /// The next 64 bits.
    std::uint64_t word();

    /// A multiple of 2^-53 in [0, 1).
    double uniform();

    /// An integer in [0, n), each with the same probability; n >= 1 (asserted).
    std::uint32_t below(std::uint32_t n);

    /// A standard normal number by the polar method; at most 13 in magnitude.
    double normal();

  private:
    std::array<std::uint64_t, 4> state_;
    std::optional<double> spare_;
};

}  // namespace backprop
