#pragma once
// The activations: what the catalog says of each, its function and its derivative, side by side.
// To add one: write its struct, add it to the list `Activations` at the end.
//
// Each works on a vector of samples, of any width:
//   f(z)      the activation a
//   df(z, a)  da/dz; a is f(z), there to be used again
// Those that are `isUsual` are fast in WebAssembly, the others small (lanes.h); so in loss.h and
// optimizer.h.
// Corners belong to the left side: the derivative of relu at 0 is 0, as in PyTorch. In the order of
// the catalog they are docs/mathematics.md (14) to (26); softmax is (27) and (28).

#include <tuple>

#include "elementary.h"
#include "lanes.h"

namespace backprop {
inline namespace BACKPROP_ISA {

struct Identity {
    static constexpr const char* name = "identity";
    static constexpr bool isUsual = true;
    static constexpr const char* formula = "a = z";
    static constexpr const char* derivative = "1";
    static constexpr const char* description =
        "Leaves the sum as it is: the output for regression.";
    template <typename V>
    static BACKPROP_INLINE V f(V z) {
        return z;
    }
    template <typename V>
    static BACKPROP_INLINE V df(V, V) {
        return broadcast<V>(1);
    }
};

struct Sigmoid {
    static constexpr const char* name = "sigmoid";
    static constexpr bool isUsual = true;
    static constexpr const char* formula = "a = 1 / (1 + exp(-z))";
    static constexpr const char* derivative = "a (1 - a)";
    static constexpr const char* description = "Squashes into 0 to 1; flat at both ends.";
    template <typename V>
    static BACKPROP_INLINE V f(V z) {
        return sigmoid(z);
    }
    template <typename V>
    static BACKPROP_INLINE V df(V, V a) {
        return a * (1.0 - a);
    }
};

struct Tanh {
    static constexpr const char* name = "tanh";
    static constexpr bool isUsual = true;
    static constexpr const char* formula = "a = tanh(z)";
    static constexpr const char* derivative = "1 - a^2";
    static constexpr const char* description = "Squashes into -1 to 1, steepest at 0.";
    template <typename V>
    static BACKPROP_INLINE V f(V z) {
        return tanh(z);
    }
    template <typename V>
    static BACKPROP_INLINE V df(V, V a) {
        return 1.0 - a * a;
    }
};

struct Relu {
    static constexpr const char* name = "relu";
    static constexpr bool isUsual = true;
    static constexpr const char* formula = "a = max(0, z)";
    static constexpr const char* derivative = "1 where z > 0, else 0";
    static constexpr const char* description =
        "Cuts off what is negative; dead where z stays below 0.";
    template <typename V>
    static BACKPROP_INLINE V f(V z) {
        return select(z <= 0.0, broadcast<V>(0), z);
    }
    template <typename V>
    static BACKPROP_INLINE V df(V z, V) {
        return select(z > 0.0, broadcast<V>(1), broadcast<V>(0));
    }
};

struct LeakyRelu {
    static constexpr const char* name = "leaky_relu";
    static constexpr bool isUsual = true;
    static constexpr const char* formula = "a = z where z > 0, else 0.01 z";
    static constexpr const char* derivative = "1 where z > 0, else 0.01";
    static constexpr const char* description = "A relu that never quite dies.";
    static constexpr double kSlope = 0.01;
    template <typename V>
    static BACKPROP_INLINE V f(V z) {
        return select(z > 0.0, z, kSlope * z);
    }
    template <typename V>
    static BACKPROP_INLINE V df(V z, V) {
        return select(z > 0.0, broadcast<V>(1), broadcast<V>(kSlope));
    }
};

struct Elu {
    static constexpr const char* name = "elu";
    static constexpr const char* formula = "a = z where z > 0, else exp(z) - 1";
    static constexpr const char* derivative = "1 where z > 0, else a + 1";
    static constexpr const char* description = "A relu that bends smoothly to -1.";
    template <typename V>
    static BACKPROP_INLINE V f(V z) {
        return select(z > 0.0, z, expm1(z));
    }
    template <typename V>
    static BACKPROP_INLINE V df(V z, V a) {
        return select(z > 0.0, broadcast<V>(1), a + 1.0);
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
    template <typename V>
    static BACKPROP_INLINE V f(V z) {
        return select(z > 0.0, kLambda * z, kLambdaAlpha * expm1(z));
    }
    template <typename V>
    static BACKPROP_INLINE V df(V z, V a) {
        return select(z > 0.0, broadcast<V>(kLambda), a + kLambdaAlpha);
    }
};

struct Softplus {
    static constexpr const char* name = "softplus";
    static constexpr const char* formula = "a = log(1 + exp(z))";
    static constexpr const char* derivative = "1 / (1 + exp(-z))";
    static constexpr const char* description = "A relu without a corner.";
    template <typename V>
    static BACKPROP_INLINE V f(V z) {
        return softplus(z);
    }
    template <typename V>
    static BACKPROP_INLINE V df(V z, V) {
        return sharedSigmoid(z);
    }
};

struct Softsign {
    static constexpr const char* name = "softsign";
    static constexpr const char* formula = "a = z / (1 + |z|)";
    static constexpr const char* derivative = "1 / (1 + |z|)^2";
    static constexpr const char* description = "Squashes into -1 to 1, slower than tanh.";
    template <typename V>
    static BACKPROP_INLINE V f(V z) {
        return z / (1.0 + abs(z));
    }
    template <typename V>
    static BACKPROP_INLINE V df(V z, V) {
        const V d = 1.0 + abs(z);
        return 1.0 / (d * d);
    }
};

struct Silu {
    static constexpr const char* name = "silu";
    static constexpr const char* formula = "a = z s, s = 1 / (1 + exp(-z))";
    static constexpr const char* derivative = "s (1 + z (1 - s))";
    static constexpr const char* description =
        "A relu with a dip below 0, smooth; also called swish.";
    template <typename V>
    static BACKPROP_INLINE V f(V z) {
        return z * sharedSigmoid(z);
    }
    template <typename V>
    static BACKPROP_INLINE V df(V z, V) {
        const V s = sharedSigmoid(z);
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
    template <typename V>
    static BACKPROP_SHARED V below(V z) {
        return 0.5 * (1.0 + erf(z * kRootHalf));
    }
    template <typename V>
    static BACKPROP_INLINE V f(V z) {
        return z * below(z);
    }
    template <typename V>
    static BACKPROP_INLINE V df(V z, V) {
        return below(z) + z * (kNormalPeak * exp(-0.5 * (z * z)));
    }
};

struct Mish {
    static constexpr const char* name = "mish";
    static constexpr const char* formula = "a = z t, t = tanh(log(1 + exp(z)))";
    static constexpr const char* derivative = "t + z (1 - t^2) / (1 + exp(-z))";
    static constexpr const char* description = "Much like silu, a little steeper.";
    template <typename V>
    static BACKPROP_INLINE V f(V z) {
        return z * sharedTanh(softplus(z));
    }
    template <typename V>
    static BACKPROP_INLINE V df(V z, V) {
        const V t = sharedTanh(softplus(z));
        return t + z * (1.0 - t * t) * sharedSigmoid(z);
    }
};

struct Sine {
    static constexpr const char* name = "sine";
    static constexpr const char* formula = "a = sin(z)";
    static constexpr const char* derivative = "cos(z)";
    static constexpr const char* description = "Waves: for what repeats.";
    template <typename V>
    static BACKPROP_INLINE V f(V z) {
        return sin(z);
    }
    template <typename V>
    static BACKPROP_INLINE V df(V z, V) {
        return cos(z);
    }
};

/// The one activation that couples the units of a sample: it works on a column, the logits of four
/// samples, unit u at u * stride. docs/mathematics.md (27).
struct Softmax {
    static constexpr const char* name = "softmax";
    static constexpr const char* formula = "a_k = exp(z_k) / sum_j exp(z_j)";
    static constexpr const char* derivative = "da_k/dz_j = a_k ((j = k) - a_j)";
    static constexpr const char* description = "Shares of 1 over the classes; output layer only.";
    static constexpr bool couples = true;
    template <typename V>
    static void f(const double* z, double* a, std::size_t units, std::size_t stride) {
        V top = load<V>(z);
        for (std::size_t u = 1; u < units; ++u) top = maximum(top, load<V>(z + u * stride));
        V sum = {};
        for (std::size_t u = 0; u < units; ++u) {
            const V e = exp(load<V>(z + u * stride) - top);
            store(a + u * stride, e);
            sum += e;
        }
        for (std::size_t u = 0; u < units; ++u) {
            store(a + u * stride, load<V>(a + u * stride) / sum);
        }
    }
    /// dz_k = a_k (da_k - sum_j a_j da_j), in place of da: docs/mathematics.md (28).
    template <typename V>
    static void backward(const double* a, double* da, std::size_t units, std::size_t stride) {
        V dot = {};
        for (std::size_t u = 0; u < units; ++u)
            dot += load<V>(a + u * stride) * load<V>(da + u * stride);
        for (std::size_t u = 0; u < units; ++u) {
            const std::size_t at = u * stride;
            store(da + at, load<V>(a + at) * (load<V>(da + at) - dot));
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
