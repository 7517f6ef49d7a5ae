#pragma once
// Products of wide matrices, in blocks of registers, with packed operands:
//   C[m, n] = start[m] + Σ_k A[k, m] B[k, n]
// Each sum runs over k in order, or in phases, whatever the registers hold;
// T = float does all of it in single precision.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "lanes.h"

namespace backprop {
inline namespace BACKPROP_ISA {

/// Element (k, m) is at k * depthStride + m * stride. One of the strides is 1.
struct Operand {
    const double* values;
    std::size_t depthStride, stride;
};

struct Product {
    std::size_t rows, columns, depth;  ///< of C; and the number of its sums' terms
    Operand a;                         ///< [depth, rows]
    Operand b;                         ///< [depth, columns]
    const double* start = nullptr;     ///< [rows]; null: 0
    double* c;                         ///< [rows, columns]
    std::size_t stride;                ///< of c's rows
    bool accumulate = false;           ///< add to c instead of overwriting it
    /// 1, or 4: a sum's terms k, k + 4, k + 8 … are summed in order, and then the sums of the
    /// phases as in lanes.h: (0 + 1) + (2 + 3).
    std::size_t phases = 1;
};

// A tile of C is so many rows by so many registers; its sums stay in registers. The shapes are
// those that measured best; LLVM and V8 spill with more than eight sums of WebAssembly's.
#if defined(__AVX512F__)
inline constexpr std::size_t kRegisterBytes = 64, kTileRows = 8, kTileRegisters = 2;
#elif defined(__AVX__)
inline constexpr std::size_t kRegisterBytes = 32, kTileRows = 6, kTileRegisters = 2;
#elif defined(__aarch64__)
inline constexpr std::size_t kRegisterBytes = 16, kTileRows = 8, kTileRegisters = 2;
#else
inline constexpr std::size_t kRegisterBytes = 16, kTileRows = 4, kTileRegisters = 2;
#endif

template <typename T>
struct RegisterOf;
template <>
struct RegisterOf<double> {
    using Type = double __attribute__((vector_size(kRegisterBytes)));
};
template <>
struct RegisterOf<float> {
    using Type = float __attribute__((vector_size(kRegisterBytes)));
};

template <typename T>
inline constexpr std::size_t kTileColumns = kTileRegisters* kRegisterBytes / sizeof(T);

/// tile[m, n] += Σ a[k, m] b[k, n] over `depth` values of k, which are so many elements apart.
template <typename T>
BACKPROP_NOINLINE void multiplyTile(std::size_t depth, const T* a, std::size_t aStep, const T* b,
                                    std::size_t bStep, T* tile) {
    using Register = typename RegisterOf<T>::Type;
    constexpr std::size_t kWidth = kRegisterBytes / sizeof(T);
    T* rows[kTileRows];
    for (std::size_t m = 0; m < kTileRows; ++m) {
        rows[m] = settled(tile + m * kTileRegisters * kWidth);
    }
    const auto at = [&rows](std::size_t m, std::size_t n) { return rows[m] + n * kWidth; };
    Register sums[kTileRows][kTileRegisters];
    for (std::size_t m = 0; m < kTileRows; ++m) {
        for (std::size_t n = 0; n < kTileRegisters; ++n) {
            std::memcpy(&sums[m][n], at(m, n), sizeof(Register));
        }
    }
    for (; depth > 0; --depth, a += aStep, b += bStep) {
        Register column[kTileRegisters];
        for (std::size_t n = 0; n < kTileRegisters; ++n) {
            std::memcpy(&column[n], b + n * kWidth, sizeof(Register));
        }
        for (std::size_t m = 0; m < kTileRows; ++m) {
            const Register weight = a[m] - Register{};  // in every lane: x - 0 is x, even of -0
            for (std::size_t n = 0; n < kTileRegisters; ++n) sums[m][n] += weight * column[n];
        }
    }
    for (std::size_t m = 0; m < kTileRows; ++m) {
        for (std::size_t n = 0; n < kTileRegisters; ++n) {
            std::memcpy(at(m, n), &sums[m][n], sizeof(Register));
        }
    }
}

/// `count` of the operand's columns from `first` on, kBlock beside each other: [depth, kBlock],
/// with 0 for those that are missing.
template <typename T, std::size_t kBlock>
BACKPROP_NOINLINE void pack(const Operand& o, std::size_t depth, std::size_t first,
                            std::size_t count, T* packed) {
    const double* from = o.values + first * o.stride;
    if (count < kBlock) {
        std::fill_n(packed, depth * kBlock, T{});
        for (std::size_t m = 0; m < count; ++m, from += o.stride) {
            BACKPROP_NOT_VECTORIZED
            for (std::size_t k = 0; k < depth; ++k) {
                packed[k * kBlock + m] = static_cast<T>(from[k * o.depthStride]);
            }
        }
    } else if (o.stride == 1) {
        BACKPROP_NOT_VECTORIZED
        for (std::size_t k = 0; k < depth; ++k) {
            for (std::size_t m = 0; m < kBlock; ++m) {
                packed[k * kBlock + m] = static_cast<T>(from[k * o.depthStride + m]);
            }
        }
    } else {
        BACKPROP_NOT_VECTORIZED
        for (std::size_t k = 0; k < depth; ++k) {
            for (std::size_t m = 0; m < kBlock; ++m) {
                packed[k * kBlock + m] = static_cast<T>(from[k + m * o.stride]);
            }
        }
    }
}

/// scratch: scratchFor of kernels.h.
template <typename T>
BACKPROP_NOINLINE void multiply(const Product& p, T* scratch) {
    constexpr std::size_t kMostPhases = 4;
    constexpr std::size_t kColumns = kTileColumns<T>;
    T* const panel = scratch;
    T* const blocks = scratch + p.depth * kColumns;
    const std::size_t blockSize = p.depth * kTileRows;
    for (std::size_t row = 0; row < p.rows; row += kTileRows) {
        pack<T, kTileRows>(p.a, p.depth, row, std::min(kTileRows, p.rows - row),
                           blocks + row * p.depth);
    }
    for (std::size_t column = 0; column < p.columns; column += kColumns) {
        const std::size_t columns = std::min(kColumns, p.columns - column);
        pack<T, kColumns>(p.b, p.depth, column, columns, panel);
        const T* block = blocks;
        for (std::size_t row = 0; row < p.rows; row += kTileRows, block += blockSize) {
            const std::size_t rows = std::min(kTileRows, p.rows - row);
            alignas(64) T tile[kMostPhases][kTileRows][kColumns];
            std::fill_n(tile[0][0], p.phases * kTileRows * kColumns, T{});
            if (p.start) {
                for (std::size_t m = 0; m < rows; ++m) {
                    std::fill_n(tile[0][m], kColumns, static_cast<T>(p.start[row + m]));
                }
            }
            for (std::size_t phase = 0; phase < p.phases; ++phase) {
                multiplyTile<T>(p.depth / p.phases, block + phase * kTileRows, p.phases * kTileRows,
                                panel + phase * kColumns, p.phases * kColumns, tile[phase][0]);
            }
            for (std::size_t m = 0; m < rows; ++m) {
                double* c = p.c + (row + m) * p.stride + column;
                for (std::size_t n = 0; n < columns; ++n) {
                    T sum = tile[0][m][n];
                    if (p.phases == kMostPhases) {
                        sum = (sum + tile[1][m][n]) + (tile[2][m][n] + tile[3][m][n]);
                    }
                    c[n] = p.accumulate ? c[n] + sum : sum;
                }
            }
        }
    }
}

}  // namespace BACKPROP_ISA
}  // namespace backprop
