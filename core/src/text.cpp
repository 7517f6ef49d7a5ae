#include "text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace backprop {

namespace {

/// A whole number of up to 1152 bits: all that the digits of a double need.
class Natural {
  public:
    explicit Natural(std::uint64_t value, int shift) {
        const auto at = static_cast<std::size_t>(shift / 32);
        words_[at] = static_cast<std::uint32_t>(value << shift % 32);
        words_[at + 1] = static_cast<std::uint32_t>(value << shift % 32 >> 32);
        if (shift % 32 > 0) {
            words_[at + 2] = static_cast<std::uint32_t>(value >> (64 - shift % 32));
        }
    }
    void timesTen() {
        std::uint64_t carry = 0;
        for (std::uint32_t& word : words_) {
            carry += std::uint64_t{word} * 10;
            word = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
    }
    Natural operator+(const Natural& other) const {
        Natural sum = *this;
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i < words_.size(); ++i) {
            carry += std::uint64_t{words_[i]} + other.words_[i];
            sum.words_[i] = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
        return sum;
    }
    void operator-=(const Natural& other) {
        std::uint64_t borrow = 0;
        for (std::size_t i = 0; i < words_.size(); ++i) {
            const std::uint64_t difference = std::uint64_t{words_[i]} - other.words_[i] - borrow;
            words_[i] = static_cast<std::uint32_t>(difference);
            borrow = difference >> 63;
        }
    }
    bool operator<(const Natural& other) const {
        return std::lexicographical_compare(words_.rbegin(), words_.rend(), other.words_.rbegin(),
                                            other.words_.rend());
    }

  private:
    std::array<std::uint32_t, 38> words_{};
};

/// x = 0.d1d2d3… * 10^exponent.
struct Decimal {
    std::string digits;
    int exponent;
};

/// The fewest digits that are nearer to x than to any other double; x is above 0.
/// Source: Burger and Dybvig 1996, the free-format algorithm.
Decimal shortest(double x) {
    constexpr std::uint64_t kHidden = std::uint64_t{1} << 52;
    const auto bits = __builtin_bit_cast(std::uint64_t, x);
    const int field = static_cast<int>(bits >> 52);
    const std::uint64_t mantissa = (bits & (kHidden - 1)) | (field > 0 ? kHidden : 0);
    const int exponent = std::max(field, 1) - 1075;  // x = mantissa * 2^exponent
    const bool isEven = mantissa % 2 == 0;
    const bool isUneven = field > 1 && mantissa == kHidden;  // the double below is half as far
    // x = rest / unit; the middles between doubles are low / unit below and high / unit above it.
    const int up = std::max(exponent, 0) + isUneven;
    Natural rest(mantissa, up + 1);
    Natural unit(1, std::max(-exponent, 0) + 1 + isUneven);
    Natural low(1, up - isUneven);
    Natural high(1, up);
    const auto reaches = [&](const Natural& a, const Natural& b) {
        return isEven ? !(a < b) : b < a;
    };
    Decimal decimal{{}, 0};
    for (; reaches(rest + high, unit); ++decimal.exponent) unit.timesTen();
    const auto timesTen = [&] {
        rest.timesTen();
        low.timesTen();
        high.timesTen();
    };
    for (timesTen(); !reaches(rest + high, unit); --decimal.exponent) timesTen();
    for (;; timesTen()) {
        char digit = '0';
        for (; !(rest < unit); ++digit) rest -= unit;
        const bool isLowEnough = reaches(low, rest);
        const bool isHighEnough = reaches(rest + high, unit);
        const Natural twice = rest + rest;
        const bool isNearerUp = digit % 2 == 0 ? unit < twice : !(twice < unit);  // half: to even
        const bool roundsUp = isHighEnough && (!isLowEnough || isNearerUp);
        decimal.digits += static_cast<char>(digit + roundsUp);
        if (isLowEnough || isHighEnough) return decimal;
    }
}

}  // namespace

std::string numberText(double x) {
    if (std::isnan(x)) return "NaN";
    if (x < 0) return "-" + numberText(-x);
    if (std::isinf(x)) return "Infinity";
    if (x == 0) return "0";
    auto [digits, exponent] = shortest(x);
    const int count = static_cast<int>(digits.size());
    const auto zeros = [](int n) { return std::string(static_cast<std::size_t>(n), '0'); };
    if (exponent > 21 || exponent < -5) {
        if (count > 1) digits.insert(1, ".");
        return digits + (exponent > 0 ? "e+" : "e") + numberText(exponent - 1);
    }
    if (exponent <= 0) return "0." + zeros(-exponent) + digits;
    if (count <= exponent) return digits + zeros(exponent - count);
    return digits.insert(static_cast<std::size_t>(exponent), ".");
}

std::string quoted(std::string_view text) {
    constexpr std::string_view kShort = "\b\t\n\f\r";
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (const auto at = kShort.find(c); at != kShort.npos) {
            out += '\\';
            out += "btnfr"[at];
        } else if (static_cast<unsigned char>(c) < 0x20) {
            const char* hex = "0123456789abcdef";
            out += "\\u00";
            out += hex[c >> 4];
            out += hex[c & 15];
        } else {
            out += c;
        }
    }
    return out + '"';
}

namespace {

/// How many letters must be put in, left out or changed to make a into b (Levenshtein 1966).
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates) {
    constexpr std::size_t kLongest = 64;  // no name is longer; keeps a huge input cheap
    if (name.size() > kLongest) return {};
    std::string lower(name);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    std::string_view best;
    std::size_t least = 1 + std::max<std::size_t>(2, name.size() / 3);
    for (const std::string_view candidate : candidates) {
        std::string other(candidate);
        for (char& c : other) {
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        }
        const std::size_t d = distance(lower, other);
        if (d < least && d < candidate.size()) {
            least = d;
            best = candidate;
        }
    }
    return best;
}

}  // namespace backprop
