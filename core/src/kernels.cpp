// Compiled once per instruction set, with BACKPROP_ISA naming it: see kernels.h and
// core/CMakeLists.txt.

#include "kernels.h"

#include <tuple>
#include <type_traits>
#include <utility>

#include "activation.h"
#include "ensemble_kernels.h"
#include "lanes.h"
#include "loss.h"
#include "matrix.h"
#include "optimizer.h"

namespace backprop {
inline namespace BACKPROP_ISA {
namespace {

// How many units and vectors the blocks of the matrix products hold in registers at once: two
// vectors would not fit into WebAssembly's.
constexpr std::size_t kBlockUnits = 4;
constexpr std::size_t kBlockVectors = kIsDownloaded ? 1 : 2;

// -- Forward ----------------------------------------------------------------------------------

/// C of U rows from `row` and V vectors from `v`: U x V chains, each a sum over the depth in order.
template <std::size_t U, std::size_t V>
BACKPROP_INLINE void multiplyBlock(const Product& p, std::size_t row, std::size_t v) {
    Lanes sums[U][V];
    for (std::size_t u = 0; u < U; ++u) {
        const Lanes start = broadcast(p.start ? p.start[row + u] : 0);
        for (std::size_t k = 0; k < V; ++k) sums[u][k] = start;
    }
    const double* a = p.a.values + row * p.a.stride;
    const double* b = p.b.values + v * kLanes;
    for (std::size_t i = 0; i < p.depth; ++i, a += p.a.depthStride, b += p.b.depthStride) {
        Lanes column[V];
        for (std::size_t k = 0; k < V; ++k) column[k] = load(b + k * kLanes);
        for (std::size_t u = 0; u < U; ++u) {
            const Lanes weight = broadcast(a[u * p.a.stride]);
            for (std::size_t k = 0; k < V; ++k) sums[u][k] += weight * column[k];
        }
    }
    for (std::size_t u = 0; u < U; ++u) {
        for (std::size_t k = 0; k < V; ++k) {
            store(p.c + (row + u) * p.stride + (v + k) * kLanes, sums[u][k]);
        }
    }
}

/// Calls block<U, V>(unit, v) until units x vectors are covered.
template <typename Block>
BACKPROP_INLINE void tile(std::size_t units, std::size_t vectors, Block block) {
    constexpr std::integral_constant<std::size_t, kBlockUnits> kU;
    constexpr std::integral_constant<std::size_t, kBlockVectors> kV;
    constexpr std::integral_constant<std::size_t, 1> kOne;
    std::size_t v = 0;
    for (; v + kBlockVectors <= vectors; v += kBlockVectors) {
        std::size_t u = 0;
        for (; u + kBlockUnits <= units; u += kBlockUnits) block(kU, kV, u, v);
        for (; u < units; ++u) block(kOne, kV, u, v);
    }
    for (; v < vectors; ++v) {
        std::size_t u = 0;
        for (; u + kBlockUnits <= units; u += kBlockUnits) block(kU, kOne, u, v);
        for (; u < units; ++u) block(kOne, kOne, u, v);
    }
}

/// Whether packing pays: for less work, and for fewer samples than a tile has columns, the copies
/// cost more than they save.
BACKPROP_INLINE bool packs(const DenseArguments& d) {
    if (kIsDownloaded) return d.scratch;
    const std::size_t least = d.samples < kTileColumns<double> ? 32768 : 4096;
    return d.single || (d.scratch && d.fanIn * d.fanOut * d.samples >= least);
}

/// Packed, in single precision or in double.
BACKPROP_INLINE void multiplyPacked(const DenseArguments& d, const Product& product) {
    if (d.single) {
        multiply(product, reinterpret_cast<float*>(d.scratch));
    } else {
        multiply(product, d.scratch);
    }
}

/// A product whose columns are whole vectors of samples; one copy for all activations.
BACKPROP_NOINLINE void multiplySamples(const DenseArguments& d, const Product& product) {
    if (packs(d)) return multiplyPacked(d, product);
    const Product p = product;
    tile(p.rows, p.columns / kLanes, [&](auto rows, auto width, std::size_t row, std::size_t v) {
        multiplyBlock<rows(), width()>(p, row, v);
    });
}

BACKPROP_INLINE std::size_t paddedSamples(const DenseArguments& d) {
    return vectorsFor(d.samples) * kLanes;
}

BACKPROP_NOINLINE void affine(const DenseArguments& d) {
    multiplySamples(d, {.rows = d.fanOut,
                        .columns = paddedSamples(d),
                        .depth = d.fanIn,
                        .a = {d.weights, d.fanOut, 1},
                        .b = {d.x, d.xStride, 1},
                        .start = d.biases,
                        .c = d.z,
                        .stride = d.stride});
}

/// In WebAssembly the last vector is half as long where that is enough, and 0 in the other half.
template <typename Activation>
BACKPROP_NOINLINE void activateBy(std::size_t units, std::size_t samples, std::size_t stride,
                                  const double* z, double* a) {
    using V = VectorFor<Activation>;
    constexpr std::size_t kPart = kLanesOf<Part>;
    const std::size_t end = (samples + kPart - 1) / kPart * kPart;
    if constexpr (kCouples<Activation>) {
        for (std::size_t at = 0; at < end; at += kLanesOf<V>) {
            Activation::template f<V>(z + at, a + at, units, stride);
        }
    }
    for (std::size_t u = 0; u < units; ++u, z += stride, a += stride) {
        std::size_t at = 0;
        if constexpr (!kCouples<Activation>) {
            if constexpr (kIsUsual<Activation> && !std::is_same_v<V, Wide>) {
                for (; at + kLanesOf<Wide> <= end; at += kLanesOf<Wide>) {
                    store(a + at, Activation::f(load<Wide>(z + at)));
                }
            }
            for (; at + kLanesOf<V> <= end; at += kLanesOf<V>) {
                store(a + at, Activation::f(load<V>(z + at)));
            }
            if constexpr (kPart < kLanesOf<V>) {
                if (at < end) store(a + at, Activation::f(load<Part>(z + at)));
            }
        }
        if (kPart < kLanes && end % kLanes != 0) store(a + end, Part{});
    }
}

template <typename Activation>
void forwardAnyWidth(const DenseArguments& d) {
    affine(d);
    activateBy<Activation>(d.fanOut, d.samples, d.stride, d.z, d.a);
}

/// One unit of a layer of which the compiler knows the fan-in, or a bound, on one vector of
/// samples.
template <std::size_t kMost>
BACKPROP_INLINE Lanes affineSmall(const DenseArguments& d, const Lanes (&x)[kMost],
                                  std::size_t unit, std::size_t fanIn = kMost) {
    Lanes z = broadcast(d.biases[unit]);
    for (std::size_t i = 0; i < fanIn; ++i) z += d.weights[i * d.fanOut + unit] * x[i];
    return z;
}

template <std::size_t kFanIn>
BACKPROP_INLINE void loadInputs(const DenseArguments& d, Lanes (&x)[kFanIn]) {
    for (std::size_t i = 0; i < kFanIn; ++i) x[i] = load(d.x + i * d.xStride);
}

template <std::size_t kFanIn>
BACKPROP_NOINLINE void affineOfVector(const DenseArguments& d) {
    Lanes x[kFanIn];
    loadInputs(d, x);
    for (std::size_t u = 0; u < d.fanOut; ++u) store(d.z + u * d.stride, affineSmall(d, x, u));
}

template <typename Activation, std::size_t kFanIn>
void forwardSmall(const DenseArguments& d) {
    affineOfVector<kFanIn>(d);
    activateBy<Activation>(d.fanOut, d.samples, d.stride, d.z, d.a);
}

// -- Backward ---------------------------------------------------------------------------------

BACKPROP_INLINE void put(double* place, double value, bool accumulate) {
    *place = accumulate ? *place + value : value;
}

/// dW of I inputs from i and U units from `unit`: I x U chains over the vectors of samples.
template <std::size_t I, std::size_t U>
BACKPROP_INLINE void weightGradientBlock(const DenseArguments& d, std::size_t i, std::size_t unit) {
    Lanes sums[I][U] = {};
    const std::size_t vectors = vectorsFor(d.samples);
    for (std::size_t v = 0; v < vectors; ++v) {
        Lanes dz[U];
        for (std::size_t u = 0; u < U; ++u) dz[u] = load(d.da + (unit + u) * d.stride + v * kLanes);
        for (std::size_t k = 0; k < I; ++k) {
            const Lanes x = load(d.x + (i + k) * d.xStride + v * kLanes);
            for (std::size_t u = 0; u < U; ++u) sums[k][u] += x * dz[u];
        }
    }
    for (std::size_t k = 0; k < I; ++k) {
        for (std::size_t u = 0; u < U; ++u) {
            put(d.dWeights + (i + k) * d.fanOut + unit + u, sum(sums[k][u]), d.accumulate);
        }
    }
}

BACKPROP_NOINLINE void weightGradient(const DenseArguments& d) {
    if (packs(d)) {
        return multiplyPacked(d, {.rows = d.fanIn,
                                  .columns = d.fanOut,
                                  .depth = paddedSamples(d),
                                  .a = {d.x, 1, d.xStride},
                                  .b = {d.da, 1, d.stride},
                                  .c = d.dWeights,
                                  .stride = d.fanOut,
                                  .accumulate = d.accumulate,
                                  .phases = std::size_t{d.single ? 1u : kLanes}});
    }
    tile(d.fanIn, d.fanOut, [&](auto inputs, auto units, std::size_t i, std::size_t u) {
        weightGradientBlock<inputs(), units()>(d, i, u);
    });
}

BACKPROP_NOINLINE void inputGradient(const DenseArguments& d) {
    multiplySamples(d, {.rows = d.fanIn,
                        .columns = paddedSamples(d),
                        .depth = d.fanOut,
                        .a = {d.weights, 1, d.fanOut},
                        .b = {d.da, d.stride, 1},
                        .c = d.dx,
                        .stride = d.stride});
}

/// f' of n vectors; 1 where the activation couples units, whose backward has turned da into dz.
template <typename Activation>
void derivativeOf(std::size_t vectors, const double* z, const double* a, double* out) {
    using V = VectorFor<Activation>;
    for (std::size_t at = 0; at < vectors * kLanes; at += kLanesOf<V>) {
        if constexpr (kCouples<Activation>) {
            store(out + at, broadcast<V>(1));
        } else {
            store(out + at, Activation::df(load<V>(z + at), load<V>(a + at)));
        }
    }
}

/// da to dz, and db: the slopes of a few vectors at a time.
BACKPROP_NOINLINE void biasGradient(const DenseArguments& d, Derivative derivative) {
    constexpr std::size_t kAtOnce = 16;
    double slopes[kAtOnce * kLanes];
    const std::size_t vectors = vectorsFor(d.samples);
    for (std::size_t u = 0; u < d.fanOut; ++u) {
        Lanes bias = {};
        for (std::size_t first = 0; first < vectors; first += kAtOnce) {
            const std::size_t count = vectors - first < kAtOnce ? vectors - first : kAtOnce;
            const std::size_t at = u * d.stride + first * kLanes;
            derivative(count, d.z + at, d.a + at, slopes);
            for (std::size_t v = 0; v < count * kLanes; v += kLanes) {
                const Lanes dz = load(d.da + at + v) * load(slopes + v);
                store(d.da + at + v, dz);
                bias += dz;
            }
        }
        put(d.dBiases + u, sum(bias), d.accumulate);
    }
}

void backwardCoupledBySoftmax(std::size_t units, std::size_t vectors, std::size_t stride,
                              const double* a, double* da) {
    for (std::size_t at = 0; at < vectors * kLanes; at += kLanesOf<Part>) {
        Softmax::backward<Part>(a + at, da + at, units, stride);
    }
}

template <typename Activation>
void backwardAnyWidth(const DenseArguments& d) {
    if constexpr (kCouples<Activation>) {
        backwardCoupledBySoftmax(d.fanOut, vectorsFor(d.samples), d.stride, d.a, d.da);
    }
    biasGradient(d, &derivativeOf<Activation>);
    weightGradient(d);
    if (d.dx) inputGradient(d);
}

/// Where the derivative of one parameter goes: into the gradient …
struct IntoGradient {
    bool accumulate;
    BACKPROP_INLINE void operator()(double* place, double derivative) {
        // Sums of backwardAnyWidth begin with 0 and so are never -0.
        put(place, derivative + 0.0, accumulate);
    }
};

/// … or straight into the parameter, as plain gradient descent does. It may be of either zero: no
/// parameter is -0.
struct IntoParameter {
    double learningRate;
    BACKPROP_INLINE void operator()(double* place, double derivative) {
        *place = *place - learningRate * derivative;
    }
};

/// One unit of backward of the same; dx is added to before the weights go to `into`.
template <std::size_t kMost, typename Into>
BACKPROP_INLINE void backwardSmallUnit(const DenseArguments& d, std::size_t unit, Lanes dz,
                                       const Lanes (&x)[kMost], Lanes (&dx)[kMost], Into& into,
                                       std::size_t fanIn = kMost) {
    for (std::size_t i = 0; i < fanIn; ++i) {
        const std::size_t w = i * d.fanOut + unit;
        dx[i] += settled(d.weights[w]) * dz;
        into(d.dWeights + w, sum(x[i] * dz));
    }
    into(d.dBiases + unit, sum(dz));
}

template <std::size_t kFanIn>
BACKPROP_NOINLINE void gradientOfVector(const DenseArguments& d) {
    Lanes x[kFanIn];
    Lanes dx[kFanIn] = {};
    loadInputs(d, x);
    IntoGradient into{d.accumulate};
    for (std::size_t u = 0; u < d.fanOut; ++u) {
        backwardSmallUnit(d, u, load(d.da + u * d.stride), x, dx, into);
    }
    if (!d.dx) return;
    for (std::size_t i = 0; i < kFanIn; ++i) store(d.dx + i * d.stride, dx[i]);
}

template <typename Activation>
BACKPROP_NOINLINE void slopeOfVector(const DenseArguments& d) {
    for (std::size_t u = 0; u < d.fanOut; ++u) {
        const std::size_t at = u * d.stride;
        const Lanes slope = Activation::df(load(d.z + at), load(d.a + at));
        store(d.da + at, load(d.da + at) * slope);
    }
}

template <typename Activation, std::size_t kFanIn>
void backwardSmall(const DenseArguments& d) {
    slopeOfVector<Activation>(d);
    gradientOfVector<kFanIn>(d);
}

// -- Loss -------------------------------------------------------------------------------------

/// The terms of a part of a vector of samples, summed over the outputs in order.
template <typename Loss>
BACKPROP_INLINE VectorFor<Loss> termsAt(const LossArguments& l, std::size_t at) {
    using V = VectorFor<Loss>;
    if constexpr (kCouples<Loss>) {
        return Loss::template term<V>(l.z + at, l.stride, l.y + at, l.yStride, l.outputs);
    } else {
        const double* said = Loss::throughLogits ? l.z : l.a;
        V terms = Loss::term(load<V>(said + at), load<V>(l.y + at));
        for (std::size_t u = 1; u < l.outputs; ++u) {
            terms +=
                Loss::term(load<V>(said + u * l.stride + at), load<V>(l.y + u * l.yStride + at));
        }
        return terms;
    }
}

template <typename Loss>
double lossSumOf(const LossArguments& l) {
    using V = VectorFor<Loss>;
    double totals[kLanes];
    BACKPROP_ROLLED
    for (std::size_t first = 0; first < kLanes; first += kLanesOf<V>) {
        V total = {};
        for (std::size_t at = first; at < vectorsFor(l.samples) * kLanes; at += kLanes) {
            total += within(l.samples, at, termsAt<Loss>(l, at));
        }
        store(totals + first, total);
    }
    return sum(load(totals));
}

template <typename Loss>
void lossSlopeOf(const LossArguments& arguments) {
    using V = VectorFor<Loss>;
    const LossArguments l = arguments;
    for (std::size_t at = 0; at < vectorsFor(l.samples) * kLanes; at += kLanesOf<V>) {
        [[maybe_unused]] V mass;
        if constexpr (kCouples<Loss>) mass = Loss::template mass<V>(l.y + at, l.outputs, l.yStride);
        for (std::size_t u = 0; u < l.outputs; ++u) {
            const V a = load<V>(l.a + u * l.stride + at);
            const V y = load<V>(l.y + u * l.yStride + at);
            V slope;
            if constexpr (kCouples<Loss>) {
                slope = Loss::slope(a, y, mass);
            } else {
                slope = Loss::slope(a, y);
            }
            store(l.da + u * l.stride + at, within(l.samples, at, slope * l.scale));
        }
    }
}

// -- Optimizer --------------------------------------------------------------------------------

template <typename Optimizer>
bool updateBy(const UpdateArguments& arguments) {
    using V = VectorFor<Optimizer>;
    const UpdateArguments u = arguments;
    const Optimizer optimizer(u);
    const std::size_t stride = vectorsFor(u.count) * kLanes;
    MaskOf<V> outside{};
    for (std::size_t at = 0; at < stride; at += kLanesOf<V>) {
        // 0 beyond the parameters, whatever an optimizer makes of nothing.
        const V p = within(u.count, at,
                           optimizer(load<V>(u.parameters + at), load<V>(u.gradient + at),
                                     StateView<V>{u.state + at, stride}));
        store(u.parameters + at, p);
        outside |= ~(abs(p) <= u.limit);
    }
    return any(outside);
}

// -- Whole steps ------------------------------------------------------------------------------

/// Forward, slope of the mean squared error, backward and plain gradient descent of a network with
/// one hidden layer and one output, on one vector of samples: all in registers. kUnits is how many
/// hidden units there are, or, where isBound, at most are.
template <typename Activation, std::size_t kFanIn, std::size_t kUnits, bool isBound = false>
void descendTwoLayers(const DenseArguments& hidden, const DenseArguments& output,
                      const LossArguments& l, double learningRate, int steps, double& lossSum) {
    IntoParameter into{learningRate};
    Lanes x[kFanIn];
    loadInputs(hidden, x);
    const Lanes y = load(l.y);
    const std::size_t units = isBound ? output.fanIn : kUnits;
    for (int step = 0; step < steps; ++step) {
        Lanes z[kUnits];
        Lanes a[kUnits];
        for (std::size_t u = 0; u < units; ++u) {
            z[u] = affineSmall(hidden, x, u);
            a[u] = Activation::f(z[u]);
        }
        const Lanes logits = affineSmall(output, a, 0, units);
        const Lanes said = Activation::f(logits);
        const Lanes slope = MeanSquaredError::slope(said, y);
        const Lanes dz = within(l.samples, 0, slope * l.scale) * Activation::df(logits, said);
        Lanes da[kUnits] = {};
        backwardSmallUnit(output, 0, dz, a, da, into, units);
        Lanes dx[kFanIn] = {};
        for (std::size_t u = 0; u < units; ++u) {
            backwardSmallUnit(hidden, u, da[u] * Activation::df(z[u], a[u]), x, dx, into);
        }
        if (step == 0) lossSum = sum(within(l.samples, 0, MeanSquaredError::term(said, y)));
    }
}

// -- The table --------------------------------------------------------------------------------

// Layers of so few inputs, with an activation that is usual in small networks, have kernels of
// their own for one vector of samples: more of them would not be worth their size in WebAssembly.
constexpr std::size_t kLeastSmallFanIn = 2;
constexpr std::size_t kMostSmallFanIn = 4;
using SmallFanIns = std::index_sequence<2, 3, 4>;

template <typename Activation>
inline constexpr bool kHasSmall =
    std::is_same_v<Activation, Sigmoid> || std::is_same_v<Activation, Tanh>;

bool isSmall(std::size_t fanIn, std::size_t samples) {
    return samples <= kLanes && fanIn >= kLeastSmallFanIn && fanIn <= kMostSmallFanIn;
}

/// kernels<kFanIn>() for the layer's fan-in, which isSmall.
template <typename Kernel, std::size_t... kFanIns>
Kernel forFanIn(std::size_t fanIn, std::index_sequence<kFanIns...>, auto kernels) {
    const Kernel table[] = {kernels.template operator()<kFanIns>()...};
    return table[fanIn - kLeastSmallFanIn];
}

template <typename Activation>
DenseKernel forwardOf(std::size_t fanIn, std::size_t samples) {
    if constexpr (kHasSmall<Activation>) {
        if (isSmall(fanIn, samples)) {
            return forFanIn<DenseKernel>(fanIn, SmallFanIns{}, []<std::size_t kFanIn>() {
                return &forwardSmall<Activation, kFanIn>;
            });
        }
    }
    return &forwardAnyWidth<Activation>;
}

template <typename Activation>
DenseKernel backwardOf(std::size_t fanIn, std::size_t samples) {
    if constexpr (kHasSmall<Activation>) {
        if (isSmall(fanIn, samples)) {
            return forFanIn<DenseKernel>(fanIn, SmallFanIns{}, []<std::size_t kFanIn>() {
                return &backwardSmall<Activation, kFanIn>;
            });
        }
    }
    return &backwardAnyWidth<Activation>;
}

/// The kernels of every type of a list, by its place in the list.
template <typename List>
struct Tables;

template <typename... T>
struct Tables<std::tuple<T...>> {
    static DenseKernel forward(std::size_t activation, std::size_t fanIn, std::size_t samples) {
        static constexpr DenseKernel (*kTable[])(std::size_t, std::size_t) = {&forwardOf<T>...};
        return kTable[activation](fanIn, samples);
    }
    static DenseKernel backward(std::size_t activation, std::size_t fanIn, std::size_t samples) {
        static constexpr DenseKernel (*kTable[])(std::size_t, std::size_t) = {&backwardOf<T>...};
        return kTable[activation](fanIn, samples);
    }
    static Derivative derivative(std::size_t activation) {
        static constexpr Derivative kTable[] = {&derivativeOf<T>...};
        return kTable[activation];
    }
    static LossSum lossSum(std::size_t loss) {
        static constexpr LossSum kTable[] = {&lossSumOf<T>...};
        return kTable[loss];
    }
    static LossSlope lossSlope(std::size_t loss) {
        static constexpr LossSlope kTable[] = {&lossSlopeOf<T>...};
        return kTable[loss];
    }
    static Activate activate(std::size_t activation) {
        static constexpr Activate kTable[] = {&activateBy<T>...};
        return kTable[activation];
    }
    static Update update(std::size_t optimizer) {
        static constexpr Update kTable[] = {&updateBy<T>...};
        return kTable[optimizer];
    }
};

}  // namespace

namespace {

/// The place of an activation in the list.
template <typename Activation, typename... A>
constexpr std::size_t placeIn(const std::tuple<A...>*) {
    std::size_t place = 0;
    (void)((std::is_same_v<A, Activation> || (++place, false)) || ...);
    return place;
}

Descend descend(std::size_t hidden, std::size_t output, std::size_t fanIn, std::size_t units,
                std::size_t samples) {
    constexpr std::size_t kSigmoid = placeIn<Sigmoid>(static_cast<const Activations*>(nullptr));
    if (hidden != kSigmoid || output != kSigmoid || fanIn != 2 || !isSmall(units, samples)) {
        return nullptr;
    }
#if defined(__wasm__)
    // All but the smallest are one copy.
    if (units > 2) return &descendTwoLayers<Sigmoid, 2, kMostSmallFanIn, true>;
    return &descendTwoLayers<Sigmoid, 2, 2>;
#else
    return forFanIn<Descend>(units, SmallFanIns{}, []<std::size_t kUnits>() {
        return &descendTwoLayers<Sigmoid, 2, kUnits>;
    });
#endif
}

}  // namespace

#define BACKPROP_TEXT_OF(name) #name
#define BACKPROP_TEXT(name) BACKPROP_TEXT_OF(name)

extern const Kernels kKernels;
const Kernels kKernels = {
    .instructionSet = BACKPROP_TEXT(BACKPROP_ISA),
    .forward = &Tables<Activations>::forward,
    .backward = &Tables<Activations>::backward,
    .descend = &descend,
    .lossSum = &Tables<Losses>::lossSum,
    .lossSlope = &Tables<Losses>::lossSlope,
    .derivative = &Tables<Activations>::derivative,
    .update = &Tables<Optimizers>::update,
    .activate = &Tables<Activations>::activate,
    .backwardCoupled = &backwardCoupledBySoftmax,
    .affineOfMembers = &backprop::affineOfMembers,
    .backwardOfMembers = &backprop::backwardOfMembers,
    .tinyStepOfMembers = &backprop::tinyStepOfMembers,
};

}  // namespace BACKPROP_ISA
}  // namespace backprop
