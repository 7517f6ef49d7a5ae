#pragma once
// A dense layer of four members of an ensemble at once: lane l of every vector is member l, and
// every array below is of such vectors, [..., 4]. What works element by element (activations, the
// slope of the loss, optimizers) does not care what a lane is and comes from kernels.h.

#include "kernels.h"
#include "lanes.h"

namespace backprop {

/// So many samples go forward and backward at once. Whole chunks are made of it.
inline constexpr std::size_t kMemberBlock = 32;

/// A dense layer over one block of samples; its sums are those of DenseArguments, in its order.
/// Samples lie densely: element (u, s) of z, da and slopes is vector u * samples + s.
struct MemberLayer {
    std::size_t fanIn, fanOut, samples;
    const double* weights;  ///< [fanIn, fanOut]
    const double* biases;   ///< [fanOut]
    const double* x;        ///< [fanIn, xStride]
    std::size_t xStride;    ///< in vectors
    double* z;              ///< [fanOut, samples]
    double* a;              ///< [fanOut, samples]
    double* da;             ///< [fanOut, samples]: in dL/da, out dL/dz
    double* dx;             ///< [fanIn, samples]; null when nobody asks
    const double* slopes;   ///< [fanOut, samples]: f'
    double* gradient;       ///< [fanIn + 1, fanOut]: weights, then biases
    /// [fanIn + 1, fanOut, 4]: partial sum k is over the samples 4v + k of the chunk so far.
    double* partial;
    bool beginsChunk, endsChunk;
    bool accumulate;  ///< at the end of a chunk: add to the gradient instead of overwriting it
};

/// Inputs and samples of the networks that have a step of their own.
inline constexpr std::size_t kTinyInputs = 2;
inline constexpr std::size_t kTinySamples = 4;

/// A whole step of plain gradient descent on the mean squared error, by four members that are as
/// small as the post's: two inputs, one hidden layer, one output, four samples.
struct TinyStep {
    std::size_t hidden;     ///< units
    const double* inputs;   ///< [2, 4]
    const double* targets;  ///< [4]
    double scale;           ///< of the slope: 1 / samples
    double learningRate, limit;
    Activate activateHidden, activateOutput;
    Derivative hiddenDerivative, outputDerivative;
    double *z, *a, *slopes;  ///< [hidden, 4]
    double* parameters;      ///< W1 [2, hidden], b1, W2 [hidden], b2
};

inline namespace BACKPROP_ISA {

/// z = Wᵀx + b.
void affineOfMembers(const MemberLayer& layer);
/// dz = da ∘ slopes, then dW, db and dx.
void backwardOfMembers(const MemberLayer& layer);
/// Returns whether some |parameter| is now above the limit, or NaN.
bool tinyStepOfMembers(const TinyStep& step);

}  // namespace BACKPROP_ISA
}  // namespace backprop
