#pragma once
// The losses: what the catalog says of each, its term and its slope, side by side. The loss of a
// batch is the sum of the terms over all elements, divided by their number, or by that of the
// samples alone where not `averagesOverOutputs`.
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
    static constexpr const char* formula = "mean((a - y)^2)";
    static constexpr const char* derivative = "2 (a - y) / n";
    static constexpr const char* description = "Mean squared error, over all elements.";
    static constexpr bool throughLogits = false;
    static constexpr bool averagesOverOutputs = true;
    static BACKPROP_INLINE Lanes term(Lanes a, Lanes y) { return (a - y) * (a - y); }
    static BACKPROP_INLINE Lanes slope(Lanes a, Lanes y) { return 2.0 * (a - y); }
};

/// In the order of the catalog; a session keeps a loss as its place in this list.
using Losses = std::tuple<MeanSquaredError>;

}  // namespace BACKPROP_ISA
}  // namespace backprop
