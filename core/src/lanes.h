#pragma once
// The only file that knows SIMD: four doubles, always four, whatever the machine's registers hold.
// The compilers' vector extensions split or join them; the lanes of a sum, and so its bits, do not
// depend on it. Everything that is compiled once per instruction set lives in the inline namespace
// BACKPROP_ISA, so that the linker cannot take one set's inline function for another's.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

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

namespace backprop {
inline namespace BACKPROP_ISA {

inline constexpr int kLanes = 4;

/// Four doubles; lane l holds sample (or member) 4v + l of vector v.
using Lanes = double __attribute__((vector_size(32)));
/// Four 64-bit integers: all bits of a lane are 1 where a comparison held, else 0.
using Mask = std::int64_t __attribute__((vector_size(32)));

/// For what is done lane by lane, and so to the same bits in any number of lanes.
#if defined(__AVX512F__)
using Wide = double __attribute__((vector_size(64)));
using WideMask = std::int64_t __attribute__((vector_size(64)));
#else
using Wide = Lanes;
using WideMask = Mask;
#endif
template <typename V>
using MaskOf = std::conditional_t<std::is_same_v<V, Lanes>, Mask, WideMask>;

template <typename V = Lanes>
BACKPROP_INLINE V broadcast(double x) {
    if constexpr (sizeof(V) == sizeof(Lanes)) {
        return V{x, x, x, x};
    } else {
        return V{x, x, x, x, x, x, x, x};
    }
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
BACKPROP_INLINE Lanes fromBits(Mask x) { return reinterpret_cast<Lanes>(x); }

/// Lane by lane: where the mask is set, a, else b.
template <typename V>
BACKPROP_INLINE V select(MaskOf<V> m, V a, V b) {
    return reinterpret_cast<V>((m & bitsOf(a)) | (~m & bitsOf(b)));
}

template <typename V>
BACKPROP_INLINE V abs(V x) {
    return reinterpret_cast<V>(bitsOf(x) & INT64_MAX);
}

/// The larger of both; b where either is NaN.
BACKPROP_INLINE Lanes maximum(Lanes a, Lanes b) { return select(a > b, a, b); }

/// -1, 0 or 1; 0 for NaN.
BACKPROP_INLINE Lanes sign(Lanes x) {
    return select(x > 0.0, broadcast(1), select(x < 0.0, broadcast(-1), broadcast(0)));
}

/// Correctly rounded, as IEEE 754 says.
BACKPROP_INLINE Lanes sqrt(Lanes x) {
    return Lanes{__builtin_sqrt(x[0]), __builtin_sqrt(x[1]), __builtin_sqrt(x[2]),
                 __builtin_sqrt(x[3])};
}

/// The one order in which lanes are added: (0 + 1) + (2 + 3).
BACKPROP_INLINE double sum(Lanes x) { return (x[0] + x[1]) + (x[2] + x[3]); }

/// The number of vectors that hold n samples.
inline constexpr std::size_t vectorsFor(std::size_t n) { return (n + kLanes - 1) / kLanes; }

}  // namespace BACKPROP_ISA
}  // namespace backprop
