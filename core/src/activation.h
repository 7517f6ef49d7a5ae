#pragma once
// The activations: what the catalog says of each, its function and its derivative, side by side.
// To add one: write its struct, add it to the list `Activations` at the end.
//
// Each works on four samples at once:
//   f(z)      the activation a
//   df(z, a)  da/dz; a is f(z), there to be used again
// Softmax couples the units of a sample, so it works on columns instead (see kernels.cpp).

#include <tuple>

#include "elementary.h"
#include "lanes.h"

namespace backprop {
inline namespace BACKPROP_ISA {

struct Identity {
    static constexpr const char* name = "identity";
    static constexpr const char* formula = "a = z";
    static constexpr const char* derivative = "1";
    static constexpr const char* description =
        "Leaves the sum as it is: the output for regression.";
    static BACKPROP_INLINE Lanes f(Lanes z) { return z; }
    static BACKPROP_INLINE Lanes df(Lanes, Lanes) { return broadcast(1); }
};

struct Sigmoid {
    static constexpr const char* name = "sigmoid";
    static constexpr const char* formula = "a = 1 / (1 + exp(-z))";
    static constexpr const char* derivative = "a (1 - a)";
    static constexpr const char* description = "Squashes into 0 to 1; flat at both ends.";
    static BACKPROP_INLINE Lanes f(Lanes z) { return sigmoid(z); }
    static BACKPROP_INLINE Lanes df(Lanes, Lanes a) { return a * (1.0 - a); }
};

struct Tanh {
    static constexpr const char* name = "tanh";
    static constexpr const char* formula = "a = tanh(z)";
    static constexpr const char* derivative = "1 - a^2";
    static constexpr const char* description = "Squashes into -1 to 1, steepest at 0.";
    static BACKPROP_INLINE Lanes f(Lanes z) { return tanh(z); }
    static BACKPROP_INLINE Lanes df(Lanes, Lanes a) { return 1.0 - a * a; }
};

struct Relu {
    static constexpr const char* name = "relu";
    static constexpr const char* formula = "a = max(0, z)";
    static constexpr const char* derivative = "1 where z > 0, else 0";
    static constexpr const char* description =
        "Cuts off what is negative; dead where z stays below 0.";
    static BACKPROP_INLINE Lanes f(Lanes z) { return select(z <= 0.0, broadcast(0), z); }
    static BACKPROP_INLINE Lanes df(Lanes z, Lanes) {
        return select(z > 0.0, broadcast(1), broadcast(0));
    }
};

/// In the order of the catalog; a session keeps an activation as its place in this list.
using Activations = std::tuple<Identity, Sigmoid, Tanh, Relu>;

}  // namespace BACKPROP_ISA
}  // namespace backprop
