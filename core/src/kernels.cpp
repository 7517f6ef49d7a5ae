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

// How many units and vectors the blocks of the matrix products hold in registers at once.
constexpr std::size_t kBlockUnits = 4;
constexpr std::size_t kBlockVectors = 2;

/// x in those of vector v's lanes that hold one of so many elements, 0 beyond.
BACKPROP_INLINE Lanes within(std::size_t count, std::size_t v, Lanes x) {
    const std::size_t left = count - v * kLanes;
    if (left >= kLanes) return x;
    for (std::size_t l = left; l < kLanes; ++l) x[l] = 0;
    return x;
}

// -- Forward ----------------------------------------------------------------------------------

/// z of U units from `unit` and V vectors from `v`: U x V chains, each a sum over fan-in in order.
template <std::size_t U, std::size_t V>
BACKPROP_INLINE void affineBlock(const DenseArguments& d, std::size_t unit, std::size_t v) {
    Lanes sum[U][V];
    for (std::size_t u = 0; u < U; ++u) {
        for (std::size_t k = 0; k < V; ++k) sum[u][k] = broadcast(d.biases[unit + u]);
    }
    const double* x = d.x + v * kLanes;
    const double* w = d.weights + unit;
    for (std::size_t i = 0; i < d.fanIn; ++i, x += d.xStride, w += d.fanOut) {
        Lanes column[V];
        for (std::size_t k = 0; k < V; ++k) column[k] = load(x + k * kLanes);
        for (std::size_t u = 0; u < U; ++u) {
            const Lanes weight = broadcast(w[u]);
            for (std::size_t k = 0; k < V; ++k) sum[u][k] += weight * column[k];
        }
    }
    for (std::size_t u = 0; u < U; ++u) {
        for (std::size_t k = 0; k < V; ++k) {
            store(d.z + (unit + u) * d.stride + (v + k) * kLanes, sum[u][k]);
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

/// A product of a wide layer; in double precision, its sums run in so many phases.
template <std::size_t kPhases = 1>
BACKPROP_INLINE void multiplyWide(const DenseArguments& d, const Product& product) {
    if (d.single) {
        multiply<float, 1>(product, reinterpret_cast<float*>(d.scratch));
    } else {
        multiply<double, kPhases>(product, d.scratch);
    }
}

BACKPROP_INLINE std::size_t paddedSamples(const DenseArguments& d) {
    return vectorsFor(d.samples) * kLanes;
}

// The matrix products are the same for all activations: one copy of each.
BACKPROP_NOINLINE void affine(const DenseArguments& d) {
    if (d.scratch) {
        return multiplyWide(d, {.rows = d.fanOut,
                                .columns = paddedSamples(d),
                                .depth = d.fanIn,
                                .a = {d.weights, d.fanOut, 1},
                                .b = {d.x, d.xStride, 1},
                                .start = d.biases,
                                .c = d.z,
                                .stride = d.stride});
    }
    tile(d.fanOut, vectorsFor(d.samples),
         [&](auto units, auto width, std::size_t u, std::size_t v) {
             affineBlock<units(), width()>(d, u, v);
         });
}

template <typename Activation>
BACKPROP_NOINLINE void activateBy(std::size_t units, std::size_t vectors, std::size_t stride,
                                  const double* z, double* a) {
    if constexpr (kCouples<Activation>) {
        for (std::size_t v = 0; v < vectors; ++v) {
            Activation::f(z + v * kLanes, a + v * kLanes, units, stride);
        }
    } else {
        for (std::size_t u = 0; u < units; ++u, z += stride, a += stride) {
            std::size_t v = 0;
            if constexpr (requires { Activation::f(Wide{}); }) {
                constexpr std::size_t kStep = sizeof(Wide) / sizeof(Lanes);
                for (; v + kStep <= vectors; v += kStep) {
                    store(a + v * kLanes, Activation::f(load<Wide>(z + v * kLanes)));
                }
            }
            for (; v < vectors; ++v) {
                store(a + v * kLanes, Activation::f(load(z + v * kLanes)));
            }
        }
    }
}

template <typename Activation>
void forwardAnyWidth(const DenseArguments& d) {
    affine(d);
    activateBy<Activation>(d.fanOut, vectorsFor(d.samples), d.stride, d.z, d.a);
}

/// One unit of a layer whose fan-in the compiler knows, on one vector of samples.
template <std::size_t kFanIn>
BACKPROP_INLINE Lanes affineSmall(const DenseArguments& d, const Lanes (&x)[kFanIn],
                                  std::size_t unit) {
    Lanes z = broadcast(d.biases[unit]);
    for (std::size_t i = 0; i < kFanIn; ++i) z += d.weights[i * d.fanOut + unit] * x[i];
    return z;
}

template <std::size_t kFanIn>
BACKPROP_INLINE void loadInputs(const DenseArguments& d, Lanes (&x)[kFanIn]) {
    for (std::size_t i = 0; i < kFanIn; ++i) x[i] = load(d.x + i * d.xStride);
}

template <typename Activation, std::size_t kFanIn>
void forwardSmall(const DenseArguments& d) {
    Lanes x[kFanIn];
    loadInputs(d, x);
    for (std::size_t u = 0; u < d.fanOut; ++u) {
        const Lanes z = affineSmall(d, x, u);
        store(d.z + u * d.stride, z);
        store(d.a + u * d.stride, Activation::f(z));
    }
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

/// dx of I inputs from i and V vectors from v: I x V chains over fan-out in order.
template <std::size_t I, std::size_t V>
BACKPROP_INLINE void inputGradientBlock(const DenseArguments& d, std::size_t i, std::size_t v) {
    Lanes sums[I][V] = {};
    const double* w = d.weights + i * d.fanOut;
    const double* dz = d.da + v * kLanes;
    for (std::size_t u = 0; u < d.fanOut; ++u, dz += d.stride) {
        Lanes column[V];
        for (std::size_t k = 0; k < V; ++k) column[k] = load(dz + k * kLanes);
        for (std::size_t k = 0; k < I; ++k) {
            const Lanes weight = broadcast(w[k * d.fanOut + u]);
            for (std::size_t n = 0; n < V; ++n) sums[k][n] += weight * column[n];
        }
    }
    for (std::size_t k = 0; k < I; ++k) {
        for (std::size_t n = 0; n < V; ++n) {
            store(d.dx + (i + k) * d.stride + (v + n) * kLanes, sums[k][n]);
        }
    }
}

BACKPROP_NOINLINE void weightGradient(const DenseArguments& d) {
    if (d.scratch) {
        return multiplyWide<kLanes>(d, {.rows = d.fanIn,
                                        .columns = d.fanOut,
                                        .depth = paddedSamples(d),
                                        .a = {d.x, 1, d.xStride},
                                        .b = {d.da, 1, d.stride},
                                        .c = d.dWeights,
                                        .stride = d.fanOut,
                                        .accumulate = d.accumulate});
    }
    tile(d.fanIn, d.fanOut, [&](auto inputs, auto units, std::size_t i, std::size_t u) {
        weightGradientBlock<inputs(), units()>(d, i, u);
    });
}

BACKPROP_NOINLINE void inputGradient(const DenseArguments& d) {
    if (d.scratch) {
        return multiplyWide(d, {.rows = d.fanIn,
                                .columns = paddedSamples(d),
                                .depth = d.fanOut,
                                .a = {d.weights, 1, d.fanOut},
                                .b = {d.da, d.stride, 1},
                                .c = d.dx,
                                .stride = d.stride});
    }
    tile(d.fanIn, vectorsFor(d.samples),
         [&](auto inputs, auto width, std::size_t i, std::size_t v) {
             inputGradientBlock<inputs(), width()>(d, i, v);
         });
}

/// f' of n vectors; 1 where the activation couples units, whose backward has turned da into dz.
template <typename Activation>
void derivativeOf(std::size_t vectors, const double* z, const double* a, double* out) {
    for (std::size_t v = 0; v < vectors; ++v) {
        const std::size_t at = v * kLanes;
        if constexpr (kCouples<Activation>) {
            store(out + at, broadcast(1));
        } else {
            store(out + at, Activation::df(load(z + at), load(a + at)));
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
    for (std::size_t v = 0; v < vectors; ++v) {
        Softmax::backward(a + v * kLanes, da + v * kLanes, units, stride);
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

/// One unit of backward where the compiler knows the fan-in, on one vector of samples; dx is added
/// to before the weights go to `into`.
template <std::size_t kFanIn, typename Into>
BACKPROP_INLINE void backwardSmallUnit(const DenseArguments& d, std::size_t unit, Lanes dz,
                                       const Lanes (&x)[kFanIn], Lanes (&dx)[kFanIn], Into& into) {
    for (std::size_t i = 0; i < kFanIn; ++i) {
        const std::size_t w = i * d.fanOut + unit;
        dx[i] += settled(d.weights[w]) * dz;
        into(d.dWeights + w, sum(x[i] * dz));
    }
    into(d.dBiases + unit, sum(dz));
}

template <std::size_t kFanIn>
BACKPROP_INLINE void storeInputGradient(const DenseArguments& d, const Lanes (&dx)[kFanIn]) {
    if (!d.dx) return;
    for (std::size_t i = 0; i < kFanIn; ++i) store(d.dx + i * d.stride, dx[i]);
}

template <typename Activation, std::size_t kFanIn, typename Into>
BACKPROP_INLINE void backwardSmallInto(const DenseArguments& d, Into& into) {
    Lanes x[kFanIn];
    Lanes dx[kFanIn] = {};
    loadInputs(d, x);
    for (std::size_t u = 0; u < d.fanOut; ++u) {
        const std::size_t at = u * d.stride;
        const Lanes dz = load(d.da + at) * Activation::df(load(d.z + at), load(d.a + at));
        store(d.da + at, dz);
        backwardSmallUnit(d, u, dz, x, dx, into);
    }
    storeInputGradient(d, dx);
}

template <typename Activation, std::size_t kFanIn>
void backwardSmall(const DenseArguments& d) {
    IntoGradient into{d.accumulate};
    backwardSmallInto<Activation, kFanIn>(d, into);
}

// -- Loss -------------------------------------------------------------------------------------

/// The terms of a vector of samples, summed over the outputs in order.
template <typename Loss>
BACKPROP_INLINE Lanes termsAt(const LossArguments& l, std::size_t at) {
    if constexpr (kCouples<Loss>) {
        return Loss::term(l.z + at, l.stride, l.y + at, l.yStride, l.outputs);
    } else {
        const double* said = Loss::throughLogits ? l.z : l.a;
        Lanes terms = Loss::term(load(said + at), load(l.y + at));
        for (std::size_t u = 1; u < l.outputs; ++u) {
            terms += Loss::term(load(said + u * l.stride + at), load(l.y + u * l.yStride + at));
        }
        return terms;
    }
}

template <typename Loss>
double lossSumOf(const LossArguments& l) {
    Lanes total = {};
    for (std::size_t v = 0; v < vectorsFor(l.samples); ++v) {
        total += within(l.samples, v, termsAt<Loss>(l, v * kLanes));
    }
    return sum(total);
}

template <typename Loss>
void lossSlopeOf(const LossArguments& arguments) {
    const LossArguments l = arguments;
    for (std::size_t v = 0; v < vectorsFor(l.samples); ++v) {
        [[maybe_unused]] Lanes mass;
        if constexpr (kCouples<Loss>) mass = Loss::mass(l.y + v * kLanes, l.outputs, l.yStride);
        for (std::size_t u = 0; u < l.outputs; ++u) {
            const std::size_t at = u * l.stride + v * kLanes;
            const Lanes a = load(l.a + at);
            const Lanes y = load(l.y + u * l.yStride + v * kLanes);
            Lanes slope;
            if constexpr (kCouples<Loss>) {
                slope = Loss::slope(a, y, mass);
            } else {
                slope = Loss::slope(a, y);
            }
            store(l.da + at, within(l.samples, v, slope * l.scale));
        }
    }
}

// -- Optimizer --------------------------------------------------------------------------------

template <typename Optimizer>
bool updateBy(const UpdateArguments& arguments) {
    const UpdateArguments u = arguments;
    const Optimizer optimizer(u);
    const std::size_t stride = vectorsFor(u.count) * kLanes;
    Mask inside = ~Mask{};
    for (std::size_t v = 0; v < vectorsFor(u.count); ++v) {
        const std::size_t at = v * kLanes;
        // 0 beyond the parameters, whatever an optimizer makes of nothing.
        const Lanes p = within(u.count, v,
                               optimizer(load(u.parameters + at), load(u.gradient + at),
                                         StateView{u.state + at, stride}));
        store(u.parameters + at, p);
        inside &= abs(p) <= u.limit;
    }
    return (inside[0] & inside[1] & inside[2] & inside[3]) == 0;
}

// -- Whole steps ------------------------------------------------------------------------------

/// Forward, slope of the mean squared error, backward and plain gradient descent of a network with
/// one hidden layer and one output, on one vector of samples: all in registers.
template <typename Activation, std::size_t kFanIn, std::size_t kUnits>
void descendTwoLayers(const DenseArguments& hidden, const DenseArguments& output,
                      const LossArguments& l, double learningRate, int steps, double& lossSum) {
    IntoParameter into{learningRate};
    Lanes x[kFanIn];
    loadInputs(hidden, x);
    const Lanes y = load(l.y);
    for (int step = 0; step < steps; ++step) {
        Lanes z[kUnits];
        Lanes a[kUnits];
        for (std::size_t u = 0; u < kUnits; ++u) {
            z[u] = affineSmall(hidden, x, u);
            a[u] = Activation::f(z[u]);
        }
        const Lanes logits = affineSmall(output, a, 0);
        const Lanes said = Activation::f(logits);
        const Lanes slope = MeanSquaredError::slope(said, y);
        const Lanes dz = within(l.samples, 0, slope * l.scale) * Activation::df(logits, said);
        Lanes da[kUnits] = {};
        backwardSmallUnit(output, 0, dz, a, da, into);
        Lanes dx[kFanIn] = {};
        for (std::size_t u = 0; u < kUnits; ++u) {
            backwardSmallUnit(hidden, u, da[u] * Activation::df(z[u], a[u]), x, dx, into);
        }
        if (step == 0) lossSum = sum(within(l.samples, 0, MeanSquaredError::term(said, y)));
    }
}

// -- The table --------------------------------------------------------------------------------

// Layers of so few inputs, with an activation that is usual in small networks, have kernels of
// their own for one vector of samples: more of them would not be worth their size in WebAssembly.
constexpr std::size_t kLeastSmallFanIn = 2;
using SmallFanIns = std::index_sequence<2, 3, 4>;

template <typename Activation>
inline constexpr bool kHasSmall =
    std::is_same_v<Activation, Sigmoid> || std::is_same_v<Activation, Tanh>;

bool isSmall(std::size_t fanIn, std::size_t samples) {
    return samples <= kLanes && fanIn >= kLeastSmallFanIn &&
           fanIn < kLeastSmallFanIn + SmallFanIns::size();
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
    return forFanIn<Descend>(units, SmallFanIns{}, []<std::size_t kUnits>() {
        return &descendTwoLayers<Sigmoid, 2, kUnits>;
    });
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
