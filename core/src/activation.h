#pragma once
// The activations: what the catalog says of each, its function and its derivative, side by side.
// To add one: write its struct, add it to the list `Activations` at the end.
//
// Each works on four samples at once:
//   f(z)      the activation a; of the most usual ones, also of `Wide` vectors
//   df(z, a)  da/dz; a is f(z), there to be used again
// Corners belong to the left side: the derivative of relu at 0 is 0, as in PyTorch. In the order of
// the catalog they are docs/mathematics.md (14) to (26); softmax is (27) and (28).

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
    template <typename V>
    static BACKPROP_INLINE V f(V z) {
        return sigmoid(z);
    }
    static BACKPROP_INLINE Lanes df(Lanes, Lanes a) { return a * (1.0 - a); }
};

struct Tanh {
    static constexpr const char* name = "tanh";
    static constexpr const char* formula = "a = tanh(z)";
    static constexpr const char* derivative = "1 - a^2";
    static constexpr const char* description = "Squashes into -1 to 1, steepest at 0.";
    template <typename V>
    static BACKPROP_INLINE V f(V z) {
        return tanh(z);
    }
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

struct LeakyRelu {
    static constexpr const char* name = "leaky_relu";
    static constexpr const char* formula = "a = z where z > 0, else 0.01 z";
    static constexpr const char* derivative = "1 where z > 0, else 0.01";
    static constexpr const char* description = "A relu that never quite dies.";
    static constexpr double kSlope = 0.01;
    static BACKPROP_INLINE Lanes f(Lanes z) { return select(z > 0.0, z, kSlope * z); }
    static BACKPROP_INLINE Lanes df(Lanes z, Lanes) {
        return select(z > 0.0, broadcast(1), broadcast(kSlope));
    }
};

struct Elu {
    static constexpr const char* name = "elu";
    static constexpr const char* formula = "a = z where z > 0, else exp(z) - 1";
    static constexpr const char* derivative = "1 where z > 0, else a + 1";
    static constexpr const char* description = "A relu that bends smoothly to -1.";
    static BACKPROP_INLINE Lanes f(Lanes z) { return select(z > 0.0, z, expm1(z)); }
    static BACKPROP_INLINE Lanes df(Lanes z, Lanes a) {
        return select(z > 0.0, broadcast(1), a + 1.0);
    }
};

/// Klambauer et al. 2017, arXiv:1706.02515.
struct Selu {
    static constexpr const char* name = "selu";
    static constexpr const char* formula =
        "a = lambda z where z > 0, else lambda alpha (exp(z) - 1); lambda = 1.0507, alpha = 1.6733";
    static constexpr const char* derivative = "lambda where z > 0, else a + lambda alpha";
    static constexpr const char* description =
        "An elu that keeps mean 0 and variance 1 in deep networks.";
    static constexpr double kLambda = 1.0507009873554804934193349852946;
    static constexpr double kLambdaAlpha = kLambda * 1.6732632423543772848170429916717;
    static BACKPROP_INLINE Lanes f(Lanes z) {
        return select(z > 0.0, kLambda * z, kLambdaAlpha * expm1(z));
    }
    static BACKPROP_INLINE Lanes df(Lanes z, Lanes a) {
        return select(z > 0.0, broadcast(kLambda), a + kLambdaAlpha);
    }
};

struct Softplus {
    static constexpr const char* name = "softplus";
    static constexpr const char* formula = "a = log(1 + exp(z))";
    static constexpr const char* derivative = "1 / (1 + exp(-z))";
    static constexpr const char* description = "A relu without a corner.";
    static BACKPROP_INLINE Lanes f(Lanes z) { return softplus(z); }
    static BACKPROP_INLINE Lanes df(Lanes z, Lanes) { return sharedSigmoid(z); }
};

struct Softsign {
    static constexpr const char* name = "softsign";
    static constexpr const char* formula = "a = z / (1 + |z|)";
    static constexpr const char* derivative = "1 / (1 + |z|)^2";
    static constexpr const char* description = "Squashes into -1 to 1, slower than tanh.";
    static BACKPROP_INLINE Lanes f(Lanes z) { return z / (1.0 + abs(z)); }
    static BACKPROP_INLINE Lanes df(Lanes z, Lanes) {
        const Lanes d = 1.0 + abs(z);
        return 1.0 / (d * d);
    }
};

struct Silu {
    static constexpr const char* name = "silu";
    static constexpr const char* formula = "a = z s, s = 1 / (1 + exp(-z))";
    static constexpr const char* derivative = "s (1 + z (1 - s))";
    static constexpr const char* description =
        "A relu with a dip below 0, smooth; also called swish.";
    static BACKPROP_INLINE Lanes f(Lanes z) { return z * sharedSigmoid(z); }
    static BACKPROP_INLINE Lanes df(Lanes z, Lanes) {
        const Lanes s = sharedSigmoid(z);
        return s * (1.0 + z * (1.0 - s));
    }
};

struct Gelu {
    static constexpr const char* name = "gelu";
    static constexpr const char* formula = "a = z P, P = (1 + erf(z / sqrt(2))) / 2";
    static constexpr const char* derivative = "P + z exp(-z^2 / 2) / sqrt(2 pi)";
    static constexpr const char* description =
        "z times the share of a normal distribution below it.";
    static constexpr double kRootHalf = 0.70710678118654752440;
    static constexpr double kNormalPeak = 0.39894228040143267794;
    static BACKPROP_SHARED Lanes below(Lanes z) { return 0.5 * (1.0 + erf(z * kRootHalf)); }
    static BACKPROP_INLINE Lanes f(Lanes z) { return z * below(z); }
    static BACKPROP_INLINE Lanes df(Lanes z, Lanes) {
        return below(z) + z * (kNormalPeak * exp(-0.5 * (z * z)));
    }
};

struct Mish {
    static constexpr const char* name = "mish";
    static constexpr const char* formula = "a = z t, t = tanh(log(1 + exp(z)))";
    static constexpr const char* derivative = "t + z (1 - t^2) / (1 + exp(-z))";
    static constexpr const char* description = "Much like silu, a little steeper.";
    static BACKPROP_INLINE Lanes f(Lanes z) { return z * sharedTanh(softplus(z)); }
    static BACKPROP_INLINE Lanes df(Lanes z, Lanes) {
        const Lanes t = sharedTanh(softplus(z));
        return t + z * (1.0 - t * t) * sharedSigmoid(z);
    }
};

struct Sine {
    static constexpr const char* name = "sine";
    static constexpr const char* formula = "a = sin(z)";
    static constexpr const char* derivative = "cos(z)";
    static constexpr const char* description = "Waves: for what repeats.";
    static BACKPROP_INLINE Lanes f(Lanes z) { return sin(z); }
    static BACKPROP_INLINE Lanes df(Lanes z, Lanes) { return cos(z); }
};

/// The one activation that couples the units of a sample: it works on a column, the logits of four
/// samples, unit u at u * stride. docs/mathematics.md (27).
struct Softmax {
    static constexpr const char* name = "softmax";
    static constexpr const char* formula = "a_k = exp(z_k) / sum_j exp(z_j)";
    static constexpr const char* derivative = "da_k/dz_j = a_k ((j = k) - a_j)";
    static constexpr const char* description = "Shares of 1 over the classes; output layer only.";
    static constexpr bool couples = true;
    static void f(const double* z, double* a, std::size_t units, std::size_t stride) {
        Lanes top = load(z);
        for (std::size_t u = 1; u < units; ++u) top = maximum(top, load(z + u * stride));
        Lanes sum = {};
        for (std::size_t u = 0; u < units; ++u) {
            const Lanes e = exp(load(z + u * stride) - top);
            store(a + u * stride, e);
            sum += e;
        }
        for (std::size_t u = 0; u < units; ++u) {
            store(a + u * stride, load(a + u * stride) / sum);
        }
    }
    /// dz_k = a_k (da_k - sum_j a_j da_j), in place of da: docs/mathematics.md (28).
    static void backward(const double* a, double* da, std::size_t units, std::size_t stride) {
        Lanes dot = {};
        for (std::size_t u = 0; u < units; ++u) dot += load(a + u * stride) * load(da + u * stride);
        for (std::size_t u = 0; u < units; ++u) {
            const std::size_t at = u * stride;
            store(da + at, load(a + at) * (load(da + at) - dot));
        }
    }
};

/// In the order of the catalog; a session keeps an activation as its place in this list.
using Activations = std::tuple<Identity, Sigmoid, Tanh, Relu, LeakyRelu, Elu, Selu, Softplus,
                               Softsign, Silu, Gelu, Mish, Sine, Softmax>;

/// Whether a kind of this or of loss.h couples the units of a sample.
template <typename T>
inline constexpr bool kCouples = requires {
    T::couples;
};

}  // namespace BACKPROP_ISA
}  // namespace backprop
