#pragma once
// The loops in which the time goes. kernels.cpp is compiled once per instruction set; `kernels()`
// gives the table of the widest that this processor has. All give the same bits: the order of every
// sum is written here and in docs/determinism.md, and none of it depends on the set.
//
// Arrays lie unit by unit, samples along the lanes: [units, samples], samples padded to whole
// vectors; element (u, s) is at u * stride + s. A chunk is at most kChunk samples.

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace backprop {

/// Samples worked on at once. Sums over more samples are made chunk by chunk: part of the order.
inline constexpr std::size_t kChunk = 256;

#if defined(__wasm__)
inline constexpr bool kIsDownloaded = true;  ///< so that small code comes before fast code
#else
inline constexpr bool kIsDownloaded = false;
#endif

/// A dense layer over one chunk, docs/mathematics.md (1) to (6). Every array is of the chunk;
/// strides are in doubles.
///   z = Wᵀx + b        sums over fan-in in order, beginning with b
///   dz = da ∘ f'(z)
///   dW = x dzᵀ, db = Σ dz   sums over samples lane by lane, then (0+1)+(2+3)
///   dx = W dz          sums over fan-out in order
struct DenseArguments {
    std::size_t fanIn, fanOut;
    std::size_t samples;    ///< in the chunk; lanes beyond them hold what does not count
    const double* weights;  ///< [fanIn, fanOut]
    const double* biases;   ///< [fanOut]
    const double* x;        ///< [fanIn, samples]
    std::size_t xStride;
    double* z;           ///< [fanOut, samples]
    double* a;           ///< [fanOut, samples]
    double* da;          ///< [fanOut, samples]: in dL/da, out dL/dz; 0 in lanes beyond the samples
    double* dx;          ///< [fanIn, samples]; null when nobody asks
    std::size_t stride;  ///< of z, a, da, dx
    double* dWeights;    ///< [fanIn, fanOut]
    double* dBiases;     ///< [fanOut]
    bool accumulate;     ///< add to dWeights and dBiases instead of overwriting them
    double* scratch;     ///< scratchFor(…); null: operands are never packed
    bool single;         ///< products in single precision; with scratch only
};

/// Whether f32 makes a layer's products in single precision.
inline constexpr bool isWide(std::size_t fanIn, std::size_t fanOut) {
    return fanIn >= 16 && fanOut >= 16;
}
/// Whether it may pay to pack the operands of a layer's products (matrix.h), as it does for all
/// that are wide, and in WebAssembly for no others.
inline constexpr bool isPackable(std::size_t fanIn, std::size_t fanOut) {
    const std::size_t least = kIsDownloaded ? 16 : 8;
    return fanIn >= least && fanOut >= least;
}
/// What of a wide layer's operands is packed at once (matrix.h): so many bytes of each row or
/// column, and so many rows, which the second-level cache holds. A row of samples is whole; the
/// rows are a multiple of every tile's. In WebAssembly a row is whole as well: parts of it gain
/// little there.
inline constexpr std::size_t kPackedBytes = kIsDownloaded ? SIZE_MAX : kChunk * sizeof(double);
inline constexpr std::size_t kPackedRows = 264;
/// At most how many doubles that takes, for so many samples.
inline constexpr std::size_t scratchFor(std::size_t fanIn, std::size_t fanOut,
                                        std::size_t samples) {
    constexpr std::size_t kMostTile = 32;  // rows and columns of the largest tile of matrix.h
    constexpr std::size_t kPadding = 8;    // a cache line
    const std::size_t larger = std::max(fanIn, fanOut);
    const std::size_t depth = std::min(std::max(larger, samples), kPackedBytes / sizeof(double));
    return (depth + kPadding) * (std::min(larger, kPackedRows) + 2 * kMostTile);
}

struct LossArguments {
    std::size_t outputs, samples;
    const double* z;  ///< logits [outputs, samples]
    const double* a;  ///< [outputs, samples]
    std::size_t stride;
    const double* y;  ///< targets [outputs, samples]
    std::size_t yStride;
    double scale;  ///< of the slope: 1 / (number of elements the loss averages over)
    double* da;    ///< [outputs, samples], stride as a; out: scale * slope, 0 beyond the samples
};

struct UpdateArguments {
    std::size_t count;       ///< of parameters, padded to whole vectors
    double* parameters;      ///< [count]
    const double* gradient;  ///< [count]
    double* state;           ///< [blocks, count]
    double* scalars;         ///< what the optimizer keeps beside its blocks, kOptimizerScalars
    const double* settings;  ///< in the order of the optimizer's settings in the catalog
    double learningRate;
    std::int64_t step;  ///< from 1
    double limit;       ///< see the result
};
inline constexpr std::size_t kOptimizerScalars = 4;

using DenseKernel = void (*)(const DenseArguments&);
/// Steps of plain gradient descent for a network with one hidden layer, one output and the mean
/// squared error: forward, backward and update in one. dWeights and dBiases are the weights and
/// biases themselves, none of them -0, which become w - learningRate dL/dw; lossSum is the sum of
/// the terms before the first step. The bits are those of forward, lossSum, lossSlope, backward and
/// sgd's update. Nothing is looked at between the steps: sigmoids are bounded, so where a loss is
/// not finite, the parameters after that step are not, and never are again.
using Descend = void (*)(const DenseArguments& hidden, const DenseArguments& output,
                         const LossArguments&, double learningRate, int steps, double& lossSum);
using LossSum = double (*)(const LossArguments&);
using LossSlope = void (*)(const LossArguments&);
/// f' of n vectors, given z and a: what the trace shows as d_a_z.
using Derivative = void (*)(std::size_t vectors, const double* z, const double* a, double* out);
/// a = f(z), [units, samples]; what is beyond the samples is finite where the rest is.
using Activate = void (*)(std::size_t units, std::size_t samples, std::size_t stride,
                          const double* z, double* a);
/// da to dz, in place, of the activation that couples units: softmax.
using BackwardCoupled = void (*)(std::size_t units, std::size_t vectors, std::size_t stride,
                                 const double* a, double* da);
/// A layer of four members of an ensemble: ensemble_kernels.h.
using MemberKernel = void (*)(const struct MemberLayer&);
using TinyMemberStep = bool (*)(const struct TinyStep&);
/// One step of an optimizer. Returns whether some |parameter| is now above the limit, or NaN.
using Update = bool (*)(const UpdateArguments&);

struct Kernels {
    const char* instructionSet;
    /// By the activation's place in the catalog. Forward writes z and a; backward turns da into dz
    /// and writes dWeights, dBiases and dx.
    DenseKernel (*forward)(std::size_t activation, std::size_t fanIn, std::size_t samples);
    DenseKernel (*backward)(std::size_t activation, std::size_t fanIn, std::size_t samples);
    /// Null where there is none: it is for two inputs, a few hidden units, sigmoids, and one vector
    /// of samples.
    Descend (*descend)(std::size_t hidden, std::size_t output, std::size_t fanIn, std::size_t units,
                       std::size_t samples);
    /// By the loss's place in the catalog. The sum of the terms over the chunk: unit by unit within
    /// a vector of samples, lane by lane over the vectors, then (0+1)+(2+3).
    LossSum (*lossSum)(std::size_t loss);
    LossSlope (*lossSlope)(std::size_t loss);
    Derivative (*derivative)(std::size_t activation);
    Update (*update)(std::size_t optimizer);
    Activate (*activate)(std::size_t activation);
    BackwardCoupled backwardCoupled;
    MemberKernel affineOfMembers, backwardOfMembers;
    TinyMemberStep tinyStepOfMembers;
};

const Kernels& kernels();

}  // namespace backprop
