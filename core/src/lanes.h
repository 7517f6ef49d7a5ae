#pragma once
// The only file that knows SIMD: four doubles, always four, whatever the machine's registers hold.
// The compilers' vector extensions split or join them; the lanes of a sum, and so its bits, do not
// depend on it. Everything that is compiled once per instruction set lives in the inline namespace
// BACKPROP_ISA, so that the linker cannot take one set's inline function for another's.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || \
    (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error "Backprop promises the same bits everywhere; -ffast-math breaks that. Compile without it."
#endif

#ifndef BACKPROP_ISA
#define BACKPROP_ISA baseline
#endif

#define BACKPROP_INLINE inline __attribute__((always_inline))
#define BACKPROP_NOINLINE __attribute__((noinline))
/// What many kernels call: one copy in WebAssembly, which a reader has to download.
#if defined(__wasm__)
#define BACKPROP_SHARED inline BACKPROP_NOINLINE
#else
#define BACKPROP_SHARED BACKPROP_INLINE
#endif
/// Loops that are to stay as they are in WebAssembly: over the parts of a vector, so that the body
/// is there once, or over what LLVM would make vectors of in a thousand bytes.
#if defined(__wasm__)
#define BACKPROP_ROLLED _Pragma("clang loop unroll(disable)")
#define BACKPROP_NOT_VECTORIZED _Pragma("clang loop vectorize(disable)")
#else
#define BACKPROP_ROLLED
#define BACKPROP_NOT_VECTORIZED
#endif

/// Loops over registers: GCC takes arrays of vectors apart into registers only where such a loop is
/// unrolled early.
#if defined(__GNUC__) && !defined(__clang__)
#define BACKPROP_UNROLLED _Pragma("GCC unroll 16")
#else
#define BACKPROP_UNROLLED
#endif

namespace backprop {
inline namespace BACKPROP_ISA {

inline constexpr int kLanes = 4;

/// Vectors of so many bytes: doubles, masks (all bits of a lane are 1 where a comparison held, else
/// 0) and bits.
template <std::size_t bytes>
struct Vectors;
template <>
struct Vectors<16> {
    using Doubles = double __attribute__((vector_size(16)));
    using Mask = std::int64_t __attribute__((vector_size(16)));
    using Bits = std::uint64_t __attribute__((vector_size(16)));
};
template <>
struct Vectors<32> {
    using Doubles = double __attribute__((vector_size(32)));
    using Mask = std::int64_t __attribute__((vector_size(32)));
    using Bits = std::uint64_t __attribute__((vector_size(32)));
};
template <>
struct Vectors<64> {
    using Doubles = double __attribute__((vector_size(64)));
    using Mask = std::int64_t __attribute__((vector_size(64)));
    using Bits = std::uint64_t __attribute__((vector_size(64)));
};

/// Four doubles; lane l holds sample (or member) 4v + l of vector v.
using Lanes = Vectors<32>::Doubles;
using Mask = Vectors<32>::Mask;

// What is done lane by lane comes to the same bits in any number of lanes. `Part` is for what is
// long and rare: half a vector in WebAssembly, whose instructions take two doubles, so that the
// code is there once and not twice. `Wide` is for activations: two vectors where that pays.
#if defined(__wasm__)
using Part = Vectors<16>::Doubles;
#else
using Part = Lanes;
#endif
#if defined(__AVX512F__)
using Wide = Vectors<64>::Doubles;
#else
using Wide = Lanes;
#endif
/// Whether an activation, a loss or an optimizer is so usual that it works by whole vectors.
template <typename Kind>
inline constexpr bool kIsUsual = requires {
    Kind::isUsual;
};
template <typename Kind>
using VectorFor = std::conditional_t<kIsUsual<Kind>, Lanes, Part>;
template <typename V>
inline constexpr std::size_t kLanesOf = sizeof(V) / sizeof(double);
/// For what is written out for each lane: loops over them are not unrolled in WebAssembly.
template <typename V>
inline constexpr std::make_index_sequence<kLanesOf<V>> kEachLaneOf;
template <typename V>
using MaskOf = typename Vectors<sizeof(V)>::Mask;
template <typename V>
using BitsOf = typename Vectors<sizeof(V)>::Bits;

template <typename V = Lanes>
BACKPROP_INLINE V broadcast(double x) {
    return x - V{};  // x - 0 is x, even of -0
}

template <typename V = Lanes>
BACKPROP_INLINE V load(const double* p) {
    V x;
    std::memcpy(&x, p, sizeof x);
    return x;
}

template <typename V>
BACKPROP_INLINE void store(double* p, V x) {
    std::memcpy(p, &x, sizeof x);
}

/// A number read from a place that is written to next. LLVM 14 for WebAssembly, Emscripten 3.1.6's,
/// reads a number that it spreads over lanes as late as it likes, be it after that.
BACKPROP_INLINE double settled(double x) {
#if defined(__wasm__)
    asm("" : "+r"(x));
#endif
    return x;
}

/// A place that is a pointer of its own, and no offset from another: for a reason not found, what
/// V8 makes of a tile's loop (matrix.h) is then 7 % faster.
template <typename T>
BACKPROP_INLINE T* settled(T* place) {
#if defined(__wasm__)
    asm("" : "+r"(place));
#endif
    return place;
}

template <typename V>
BACKPROP_INLINE MaskOf<V> bitsOf(V x) {
    return reinterpret_cast<MaskOf<V>>(x);
}

/// Lane by lane: where the mask is set, a, else b.
template <typename V>
BACKPROP_INLINE V select(MaskOf<V> m, V a, V b) {
    return reinterpret_cast<V>((m & bitsOf(a)) | (~m & bitsOf(b)));
}

template <typename V>
BACKPROP_INLINE V abs(V x) {
    return reinterpret_cast<V>(bitsOf(x) & INT64_MAX);
}

/// Whether it is set in some lane.
template <typename M>
BACKPROP_INLINE bool any(M mask) {
    return [&]<std::size_t... l>(std::index_sequence<l...>) { return (mask[l] | ...) != 0; }
    (kEachLaneOf<M>);
}

/// The larger of both; b where either is NaN.
template <typename V>
BACKPROP_INLINE V maximum(V a, V b) {
    return select(a > b, a, b);
}

/// -1, 0 or 1; 0 for NaN.
template <typename V>
BACKPROP_INLINE V sign(V x) {
    const V orMinusOne = select(x < 0.0, broadcast<V>(-1), V{});
    return select(x > 0.0, broadcast<V>(1), orMinusOne);
}

/// Correctly rounded, as IEEE 754 says.
template <typename V>
BACKPROP_INLINE V sqrt(V x) {
    return [&]<std::size_t... l>(std::index_sequence<l...>) { return V{__builtin_sqrt(x[l])...}; }
    (kEachLaneOf<V>);
}

/// Of the vector that begins with element `at`: x in the lanes that hold one of `count` elements, 0
/// beyond.
template <typename V>
BACKPROP_INLINE V within(std::size_t count, std::size_t at, V x) {
    if (at + kLanesOf<V> <= count) return x;
    const V place = []<std::size_t... l>(std::index_sequence<l...>) {
        return V{static_cast<double>(l)...};
    }
    (kEachLaneOf<V>);
    const double left = static_cast<double>(count) - static_cast<double>(at);
    return reinterpret_cast<V>((place < left) & bitsOf(x));
}

/// The one order in which lanes are added: (0 + 1) + (2 + 3).
BACKPROP_INLINE double sum(Lanes x) { return (x[0] + x[1]) + (x[2] + x[3]); }

/// The number of vectors that hold n samples.
inline constexpr std::size_t vectorsFor(std::size_t n) { return (n + kLanes - 1) / kLanes; }

}  // namespace BACKPROP_ISA
}  // namespace backprop
