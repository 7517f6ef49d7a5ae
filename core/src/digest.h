#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace backprop {

/// FNV-1a of 64 bits (Fowler, Noll, Vo) over the little-endian bytes of doubles, every NaN as
/// 7ff8000000000000.
inline std::uint64_t hashOf(std::span<const double> values) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const double value : values) {
        const std::uint64_t bits =
            value == value ? __builtin_bit_cast(std::uint64_t, value) : 0x7ff8000000000000;
        for (int byte = 0; byte < 8; ++byte) {
            hash = (hash ^ (bits >> (8 * byte) & 0xff)) * 0x100000001b3;
        }
    }
    return hash;
}

/// The same in 16 lower-case hexadecimal digits.
inline std::string digestOf(std::span<const double> values) {
    const std::uint64_t hash = hashOf(values);
    std::string text;
    for (int digit = 15; digit >= 0; --digit) text += "0123456789abcdef"[hash >> (4 * digit) & 15];
    return text;
}

}  // namespace backprop
