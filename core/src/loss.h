#pragma once
// The losses: what the catalog says of each, its term and its slope, side by side. The loss of a
// batch is the sum of the terms over all elements, divided by their number, or by that of the
// samples alone where not `averagesOverOutputs`: docs/mathematics.md (29) to (33).
//   term(a, y)   of one element, four samples at once
//   slope(a, y)  d term / da
// a [outputs, samples] is what the network says, y the target. A loss with `throughLogits` is taken
// together with its output activation, so that neither over- nor underflows: term(z, y) is given
// the logits, and slope(a, y) is d term / dz.

#include <tuple>

#include "elementary.h"
#include "lanes.h"

namespace backprop {
inline namespace BACKPROP_ISA {

struct MeanSquaredError {
    static constexpr const char* name = "mse";
    static constexpr bool isUsual = true;
    static constexpr const char* formula = "mean((a - y)^2)";
    static constexpr const char* derivative = "2 (a - y) / n";
    static constexpr const char* description = "Mean squared error, over all elements.";
    static constexpr bool throughLogits = false;
    static constexpr bool averagesOverOutputs = true;
    template <typename V>
    static BACKPROP_INLINE V term(V a, V y) {
        return (a - y) * (a - y);
    }
    template <typename V>
    static BACKPROP_INLINE V slope(V a, V y) {
        return 2.0 * (a - y);
    }
};

struct MeanAbsoluteError {
    static constexpr const char* name = "mae";
    static constexpr const char* formula = "mean(|a - y|)";
    static constexpr const char* derivative = "sign(a - y) / n";
    static constexpr const char* description = "Mean absolute error, over all elements.";
    static constexpr bool throughLogits = false;
    static constexpr bool averagesOverOutputs = true;
    template <typename V>
    static BACKPROP_INLINE V term(V a, V y) {
        return abs(a - y);
    }
    template <typename V>
    static BACKPROP_INLINE V slope(V a, V y) {
        return sign(a - y);
    }
};

struct Huber {
    static constexpr const char* name = "huber";
    static constexpr const char* formula =
        "mean(e^2 / 2 where |e| <= 1, else |e| - 1/2), e = a - y";
    static constexpr const char* derivative = "e / n, cut off at -1 / n and 1 / n";
    static constexpr const char* description =
        "Squared near the target, absolute far from it; delta 1.";
    static constexpr bool throughLogits = false;
    static constexpr bool averagesOverOutputs = true;
    template <typename V>
    static BACKPROP_INLINE V term(V a, V y) {
        const V e = abs(a - y);
        return select(e <= 1.0, 0.5 * e * e, e - 0.5);
    }
    template <typename V>
    static BACKPROP_INLINE V slope(V a, V y) {
        const V e = a - y;
        return select(abs(e) <= 1.0, e, sign(e));
    }
};

/// -y log a - (1 - y) log(1 - a) with a = sigmoid(z) is softplus(z) - y z.
/// docs/mathematics.md (34) and (35).
struct BinaryCrossEntropy {
    static constexpr const char* name = "binary_cross_entropy";
    static constexpr const char* formula = "mean(-y log a - (1 - y) log(1 - a))";
    static constexpr const char* derivative = "(a - y) / n, with respect to z";
    static constexpr const char* description =
        "For a sigmoid output and targets in 0 to 1; computed from the logits z.";
    static constexpr bool throughLogits = true;
    static constexpr bool averagesOverOutputs = true;
    template <typename V>
    static BACKPROP_INLINE V term(V z, V y) {
        // softplus(z) - y z, but so that a small loss keeps its digits.
        return (maximum(z, broadcast<V>(0)) - y * z) + log1p(exp(-abs(z)));
    }
    template <typename V>
    static BACKPROP_INLINE V slope(V a, V y) {
        return a - y;
    }
};

/// -sum_k y_k log a_k with a = softmax(z) is sum_k y_k (log sum_j exp(z_j) - z_k): the one loss
/// that couples the outputs of a sample, docs/mathematics.md (37) and (38). A column is four
/// samples, output u at u * stride.
struct CrossEntropy {
    static constexpr const char* name = "cross_entropy";
    static constexpr const char* formula = "mean over samples of sum_k -y_k log a_k";
    static constexpr const char* derivative = "(a_k sum_j y_j - y_k) / samples, with respect to z";
    static constexpr const char* description =
        "For a softmax output; computed from the logits z by log-sum-exp.";
    static constexpr bool throughLogits = true;
    static constexpr bool averagesOverOutputs = false;
    static constexpr bool couples = true;
    /// Sum of the targets of each sample.
    template <typename V>
    static BACKPROP_INLINE V mass(const double* y, std::size_t outputs, std::size_t stride) {
        V sum = {};
        for (std::size_t u = 0; u < outputs; ++u) sum += load<V>(y + u * stride);
        return sum;
    }
    template <typename V>
    static BACKPROP_INLINE V term(const double* z, std::size_t stride, const double* y,
                                  std::size_t yStride, std::size_t outputs) {
        V top = load<V>(z);
        for (std::size_t u = 1; u < outputs; ++u) top = maximum(top, load<V>(z + u * stride));
        V sum = {};
        V dot = {};
        for (std::size_t u = 0; u < outputs; ++u) {
            const V above = load<V>(z + u * stride) - top;
            sum += exp(above);
            dot += load<V>(y + u * yStride) * above;
        }
        return mass<V>(y, outputs, yStride) * log(sum) - dot;
    }
    template <typename V>
    static BACKPROP_INLINE V slope(V a, V y, V mass) {
        return a * mass - y;
    }
};

struct Hinge {
    static constexpr const char* name = "hinge";
    static constexpr const char* formula = "mean(max(0, 1 - a y))";
    static constexpr const char* derivative = "-y / n where a y < 1, else 0";
    static constexpr const char* description =
        "Wants the right sign with a margin; targets -1 and 1.";
    static constexpr bool throughLogits = false;
    static constexpr bool averagesOverOutputs = true;
    template <typename V>
    static BACKPROP_INLINE V term(V a, V y) {
        return maximum(1.0 - a * y, broadcast<V>(0));
    }
    template <typename V>
    static BACKPROP_INLINE V slope(V a, V y) {
        return select(a * y < 1.0, -y, broadcast<V>(0));
    }
};

/// In the order of the catalog; a session keeps a loss as its place in this list.
using Losses =
    std::tuple<MeanSquaredError, MeanAbsoluteError, Huber, BinaryCrossEntropy, CrossEntropy, Hinge>;

}  // namespace BACKPROP_ISA
}  // namespace backprop
