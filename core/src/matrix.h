#pragma once
// Products of wide matrices, in blocks of registers, with packed operands:
//   C[m, n] = start[m] + Σ_k A[k, m] B[k, n]
// Each sum runs over k in order, or in phases, whatever the registers hold;
// T = float does all of it in single precision.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "kernels.h"
#include "lanes.h"

namespace backprop {
inline namespace BACKPROP_ISA {

/// Element (k, m) is at k * depthStride + m * stride. One of the strides is 1.
struct Operand {
    const double* values;
    std::size_t depthStride, stride;
};

/// What there is of it from element (k, m) on.
BACKPROP_INLINE Operand from(const Operand& o, std::size_t k, std::size_t m) {
    return {o.values + k * o.depthStride + m * o.stride, o.depthStride, o.stride};
}

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

inline constexpr std::size_t kCacheLine = 64;

template <typename T>
inline constexpr std::size_t kTileColumns = kTileRegisters* kRegisterBytes / sizeof(T);

/// tile[m, n] = from[m] + Σ a[k, m] b[k, n] over `depth` values of k, which are so many elements
/// apart; without `from` it is added to what the tile holds. The tile's rows are `stride` apart.
template <typename T>
BACKPROP_NOINLINE void multiplyTile(std::size_t depth, const T* a, std::size_t aStep, const T* b,
                                    std::size_t bStep, const T* from, T* tile, std::size_t stride) {
    using Register = typename RegisterOf<T>::Type;
    constexpr std::size_t kWidth = kRegisterBytes / sizeof(T);
    const auto spread = [](T x) { return x - Register{}; };  // x - 0 is x, even of -0
    T* rows[kTileRows];
    BACKPROP_UNROLLED
    for (std::size_t m = 0; m < kTileRows; ++m) rows[m] = settled(tile + m * stride);
    const auto at = [&rows](std::size_t m, std::size_t n) { return rows[m] + n * kWidth; };
    Register sums[kTileRows][kTileRegisters];
    BACKPROP_UNROLLED
    for (std::size_t m = 0; m < kTileRows; ++m) {
        BACKPROP_UNROLLED
        for (std::size_t n = 0; n < kTileRegisters; ++n) {
            if (from) {
                sums[m][n] = spread(from[m]);
            } else {
                std::memcpy(&sums[m][n], at(m, n), sizeof(Register));
            }
        }
    }
    for (; depth > 0; --depth, a += aStep, b += bStep) {
        Register column[kTileRegisters];
        BACKPROP_UNROLLED
        for (std::size_t n = 0; n < kTileRegisters; ++n) {
            std::memcpy(&column[n], b + n * kWidth, sizeof(Register));
        }
        BACKPROP_UNROLLED
        for (std::size_t m = 0; m < kTileRows; ++m) {
            const Register weight = spread(a[m]);
            BACKPROP_UNROLLED
            for (std::size_t n = 0; n < kTileRegisters; ++n) sums[m][n] += weight * column[n];
        }
    }
    BACKPROP_UNROLLED
    for (std::size_t m = 0; m < kTileRows; ++m) {
        BACKPROP_UNROLLED
        for (std::size_t n = 0; n < kTileRegisters; ++n) {
            std::memcpy(at(m, n), &sums[m][n], sizeof(Register));
        }
    }
}

/// From one packed block to the next, in elements: a cache line more than it holds, for blocks at
/// distances of powers of two would share a few lines of the cache.
template <typename T, std::size_t kBlock>
inline constexpr std::size_t blockStride(std::size_t depth) {
    return depth * kBlock + kCacheLine / sizeof(T);
}

/// A column: one of a block's.
template <typename T, std::size_t kBlock>
BACKPROP_INLINE void packColumn(const double* from, std::size_t depthStride, std::size_t depth,
                                T* packed) {
    BACKPROP_NOT_VECTORIZED
    for (std::size_t k = 0; k < depth; ++k) {
        packed[k * kBlock] = static_cast<T>(from[k * depthStride]);
    }
}

/// kLanes columns, each of which lies along memory, a square at a time; the next ones are on their
/// way meanwhile.
template <typename T, std::size_t kBlock>
BACKPROP_INLINE void packAcross(const double* from, std::size_t stride, std::size_t depth,
                                T* packed) {
    const std::size_t squares = depth / kLanes * kLanes;
    for (std::size_t k = 0; k < squares; k += kLanes) {
        Lanes columns[kLanes];
        BACKPROP_UNROLLED
        for (std::size_t m = 0; m < kLanes; ++m) {
            columns[m] = load(from + m * stride + k);
            __builtin_prefetch(from + (m + kLanes) * stride + k);
        }
        BACKPROP_UNROLLED
        for (std::size_t l = 0; l < kLanes; ++l) {
            BACKPROP_UNROLLED
            for (std::size_t m = 0; m < kLanes; ++m) {
                packed[(k + l) * kBlock + m] = static_cast<T>(columns[m][l]);
            }
        }
    }
    for (std::size_t m = 0; m < kLanes; ++m) {
        packColumn<T, kBlock>(from + m * stride + squares, 1, depth - squares,
                              packed + squares * kBlock + m);
    }
}

/// Columns that lie beside each other, in whole blocks; the next row is on its way meanwhile.
template <typename T, std::size_t kBlock>
BACKPROP_INLINE void packAlong(const Operand& o, std::size_t depth, std::size_t blocks,
                               T* __restrict packed) {
    const double* __restrict values = o.values;
    for (std::size_t k = 0; k < depth; ++k) {
        const double* from = values + k * o.depthStride;
        T* to = packed + k * kBlock;
        for (std::size_t block = 0; block < blocks; ++block) {
            __builtin_prefetch(from + o.depthStride);
            BACKPROP_NOT_VECTORIZED
            for (std::size_t m = 0; m < kBlock; ++m) to[m] = static_cast<T>(from[m]);
            from += kBlock;
            to += blockStride<T, kBlock>(depth);
        }
    }
}

/// The operand's first `count` columns, kBlock beside each other: blocks of [depth, kBlock], with 0
/// for columns that are missing.
template <typename T, std::size_t kBlock>
BACKPROP_NOINLINE void pack(const Operand& o, std::size_t depth, std::size_t count, T* packed) {
    const auto place = [&](std::size_t column) {
        return packed + column / kBlock * blockStride<T, kBlock>(depth) + column % kBlock;
    };
    const std::size_t whole = count / kBlock * kBlock;
    if (whole < count) std::fill_n(place(whole), depth * kBlock, T{});
    if (o.stride == 1) packAlong<T, kBlock>(o, depth, whole / kBlock, packed);
    for (std::size_t column = o.stride == 1 ? whole : 0; column < count;) {
        const double* const from = o.values + column * o.stride;
        const bool fit = column % kBlock + kLanes <= kBlock && column + kLanes <= count;
        if (!kIsDownloaded && o.depthStride == 1 && fit) {
            packAcross<T, kBlock>(from, o.stride, depth, place(column));
            column += kLanes;
        } else {
            packColumn<T, kBlock>(from, o.depthStride, depth, place(column));
            ++column;
        }
    }
}

/// A tile of C, or what there is of it at C's edges; the sums of the terms before are in it already
/// where it is not the first time.
template <typename T, bool kWhole>
BACKPROP_NOINLINE void makeTile(const Product& p, std::size_t row, std::size_t column,
                                const T* block, const T* panel, std::size_t depth, bool isFirst) {
    constexpr std::size_t kColumns = kTileColumns<T>;
    constexpr std::size_t kPhases = 4;
    const std::size_t rows = kWhole ? kTileRows : std::min(kTileRows, p.rows - row);
    const std::size_t columns = kWhole ? kColumns : std::min(kColumns, p.columns - column);
    double* const c = p.c + row * p.stride + column;
    T starts[kTileRows] = {};
    BACKPROP_ROLLED
    for (std::size_t m = 0; p.start && m < rows; ++m) starts[m] = static_cast<T>(p.start[row + m]);
    const T* const from = isFirst ? starts : nullptr;
    if constexpr (kWhole && std::is_same_v<T, double>) {
        if (p.phases == 1 && !p.accumulate) {
            multiplyTile<T>(depth, block, kTileRows, panel, kColumns, from, c, p.stride);
            return;
        }
    }
    constexpr std::size_t kSize = kTileRows * kColumns;
    alignas(kCacheLine) T tile[kPhases * kSize];
    if (!isFirst) {
        for (std::size_t m = 0; m < rows; ++m) {
            const double* const before = c + m * p.stride;
            BACKPROP_NOT_VECTORIZED
            for (std::size_t n = 0; n < columns; ++n) {
                tile[m * kColumns + n] = static_cast<T>(before[n]);
            }
        }
    }
    for (std::size_t phase = 0; phase < p.phases; ++phase) {
        multiplyTile<T>(depth / p.phases, block + phase * kTileRows, p.phases * kTileRows,
                        panel + phase * kColumns, p.phases * kColumns, from, tile + phase * kSize,
                        kColumns);
    }
    if (p.phases == kPhases) {
        BACKPROP_NOT_VECTORIZED
        for (std::size_t i = 0; i < kSize; ++i) {
            tile[i] = (tile[i] + tile[i + kSize]) + (tile[i + 2 * kSize] + tile[i + 3 * kSize]);
        }
    }
    for (std::size_t m = 0; m < rows; ++m) {
        double* const __restrict to = c + m * p.stride;
        BACKPROP_NOT_VECTORIZED
        for (std::size_t n = 0; n < columns; ++n) {
            const T sum = tile[m * kColumns + n];
            to[n] = p.accumulate ? to[n] + sum : sum;
        }
    }
}

/// scratch: scratchFor of kernels.h.
template <typename T>
BACKPROP_NOINLINE void multiply(const Product& p, T* scratch) {
    constexpr std::size_t kColumns = kTileColumns<T>;
    constexpr std::size_t kMostDepth = kPackedBytes / sizeof(T);
    for (std::size_t k = 0; k < p.depth; k += kMostDepth) {
        const std::size_t depth = std::min(kMostDepth, p.depth - k);
        const bool isFirst = kIsDownloaded || k == 0;
        T* const panel = scratch;
        T* const blocks = panel + blockStride<T, kColumns>(depth);
        for (std::size_t first = 0; first < p.rows; first += kPackedRows) {
            const std::size_t rows = std::min(kPackedRows, p.rows - first);
            pack<T, kTileRows>(from(p.a, k, first), depth, rows, blocks);
            for (std::size_t column = 0; column < p.columns; column += kColumns) {
                const std::size_t columns = std::min(kColumns, p.columns - column);
                pack<T, kColumns>(from(p.b, k, column), depth, columns, panel);
                const T* block = blocks;
                for (std::size_t row = 0; row < rows; row += kTileRows) {
                    const bool isWhole = row + kTileRows <= rows && columns == kColumns;
                    const auto make =
                        !kIsDownloaded && isWhole ? &makeTile<T, true> : &makeTile<T, false>;
                    make(p, first + row, column, block, panel, depth, isFirst);
                    block += blockStride<T, kTileRows>(depth);
                }
            }
        }
    }
}

}  // namespace BACKPROP_ISA
}  // namespace backprop
