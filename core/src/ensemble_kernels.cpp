// Compiled once per instruction set, like kernels.cpp.

#include "ensemble_kernels.h"

#include "loss.h"

namespace backprop {
inline namespace BACKPROP_ISA {
namespace {

/// z of one unit for S samples from s.
template <std::size_t S>
BACKPROP_INLINE void affineBlock(const MemberLayer& d, std::size_t unit, std::size_t s) {
    const Lanes bias = load(d.biases + unit * kLanes);
    Lanes sums[S];
    for (std::size_t k = 0; k < S; ++k) sums[k] = bias;
    const double* x = d.x + s * kLanes;
    const double* w = d.weights + unit * kLanes;
    for (std::size_t i = 0; i < d.fanIn; ++i, x += d.xStride * kLanes, w += d.fanOut * kLanes) {
        const Lanes weight = load(w);
        for (std::size_t k = 0; k < S; ++k) sums[k] += weight * load(x + k * kLanes);
    }
    double* z = d.z + (unit * d.samples + s) * kLanes;
    for (std::size_t k = 0; k < S; ++k) store(z + k * kLanes, sums[k]);
}

/// dx of one input for S samples from s.
template <std::size_t S>
BACKPROP_INLINE void inputGradientBlock(const MemberLayer& d, std::size_t input, std::size_t s) {
    Lanes sums[S] = {};
    const double* w = d.weights + input * d.fanOut * kLanes;
    const double* dz = d.da + s * kLanes;
    for (std::size_t u = 0; u < d.fanOut; ++u, dz += d.samples * kLanes, w += kLanes) {
        const Lanes weight = load(w);
        for (std::size_t k = 0; k < S; ++k) sums[k] += weight * load(dz + k * kLanes);
    }
    double* dx = d.dx + (input * d.samples + s) * kLanes;
    for (std::size_t k = 0; k < S; ++k) store(dx + k * kLanes, sums[k]);
}

/// The derivative of one parameter: x dz summed over the samples, sample 4v + k to partial sum k,
/// which are lanes 0 to 3 of a Session.
BACKPROP_NOINLINE void sumOverSamples(const MemberLayer& layer, std::size_t parameter,
                                      const double* x, std::size_t xStep, const double* dz) {
    const MemberLayer d = layer;
    const auto term = [&](std::size_t s) { return load(x + s * xStep) * load(dz + s * kLanes); };
    Lanes sums[kLanes] = {};
    const auto partial = [&](std::size_t k) {
        return d.partial + (parameter * kLanes + k) * kLanes;
    };
    if (!d.beginsChunk) {
        for (std::size_t k = 0; k < kLanes; ++k) sums[k] = load(partial(k));
    }
    std::size_t s = 0;
    for (; s + kLanes <= d.samples; s += kLanes) {
        for (std::size_t k = 0; k < kLanes; ++k) sums[k] += term(s + k);
    }
    for (std::size_t k = 0; k + 1 < kLanes; ++k) {
        if (s + k < d.samples) sums[k] += term(s + k);
    }
    if (!d.endsChunk) {
        for (std::size_t k = 0; k < kLanes; ++k) store(partial(k), sums[k]);
        return;
    }
    const Lanes sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    double* place = d.gradient + parameter * kLanes;
    store(place, d.accumulate ? load(place) + sum : sum);
}

// -- A step of the smallest networks -----------------------------------------------------------

/// term(s) of the four samples in the order of sumOverSamples; + 0.0, since that begins with 0 and
/// so is never -0.
template <typename Term>
BACKPROP_INLINE Lanes sumOfFour(Term term) {
    return ((term(0) + term(1)) + (term(2) + term(3))) + 0.0;
}

BACKPROP_INLINE Lanes vectorAt(const double* first, std::size_t index) {
    return load(first + index * kLanes);
}

struct Descent {
    double learningRate, limit;
    Mask inside = ~Mask{};
    BACKPROP_INLINE void operator()(double* place, Lanes derivative) {
        const Lanes p = load(place) - learningRate * derivative;
        store(place, p);
        inside &= abs(p) <= limit;
    }
    bool isOutside() const { return any(~inside); }
};

/// Forward through both layers; leaves the output's z.
BACKPROP_INLINE void forwardTiny(const TinyStep& t, double* z) {
    const std::size_t h = t.hidden;
    for (std::size_t u = 0; u < h; ++u) {
        const Lanes w0 = vectorAt(t.parameters, u);
        const Lanes w1 = vectorAt(t.parameters, h + u);
        const Lanes bias = vectorAt(t.parameters, 2 * h + u);
        for (std::size_t s = 0; s < kTinySamples; ++s) {
            const Lanes x0 = vectorAt(t.inputs, s);
            const Lanes x1 = vectorAt(t.inputs, kTinySamples + s);
            store(t.z + (u * kTinySamples + s) * kLanes, (bias + w0 * x0) + w1 * x1);
        }
    }
    t.activateHidden(1, h * kTinySamples * kLanes, 0, t.z, t.a);
    Lanes sums[kTinySamples];
    for (Lanes& sum : sums) sum = vectorAt(t.parameters, 4 * h);
    for (std::size_t u = 0; u < h; ++u) {
        const Lanes w = vectorAt(t.parameters, 3 * h + u);
        for (std::size_t s = 0; s < kTinySamples; ++s) {
            sums[s] += w * vectorAt(t.a, u * kTinySamples + s);
        }
    }
    for (std::size_t s = 0; s < kTinySamples; ++s) store(z + s * kLanes, sums[s]);
}

/// Backward through both layers, given the output's dz, straight into the parameters.
BACKPROP_INLINE void backwardTiny(const TinyStep& t, const Lanes (&dz)[kTinySamples],
                                  Descent& descent) {
    const std::size_t h = t.hidden;
    for (std::size_t u = 0; u < h; ++u) {
        double* place = t.parameters + u * kLanes;
        const double* a = t.a + u * kTinySamples * kLanes;
        const double* slopes = t.slopes + u * kTinySamples * kLanes;
        const Lanes w = vectorAt(t.parameters, 3 * h + u);
        Lanes hidden[kTinySamples];
        for (std::size_t s = 0; s < kTinySamples; ++s) hidden[s] = w * dz[s] * vectorAt(slopes, s);
        for (std::size_t i = 0; i < kTinyInputs; ++i) {
            const double* x = t.inputs + i * kTinySamples * kLanes;
            descent(place + i * h * kLanes,
                    sumOfFour([&](std::size_t s) { return vectorAt(x, s) * hidden[s]; }));
        }
        descent(place + 2 * h * kLanes, sumOfFour([&](std::size_t s) { return hidden[s]; }));
        descent(place + 3 * h * kLanes,
                sumOfFour([&](std::size_t s) { return vectorAt(a, s) * dz[s]; }));
    }
    descent(t.parameters + 4 * h * kLanes, sumOfFour([&](std::size_t s) { return dz[s]; }));
}

}  // namespace

bool tinyStepOfMembers(const TinyStep& step) {
    const TinyStep t = step;
    double z[kTinySamples * kLanes], a[kTinySamples * kLanes], slopes[kTinySamples * kLanes];
    forwardTiny(t, z);
    t.activateOutput(1, kTinySamples * kLanes, 0, z, a);
    t.outputDerivative(kTinySamples, z, a, slopes);
    t.hiddenDerivative(t.hidden * kTinySamples, t.z, t.a, t.slopes);
    Lanes dz[kTinySamples];
    for (std::size_t s = 0; s < kTinySamples; ++s) {
        const Lanes slope = MeanSquaredError::slope(vectorAt(a, s), vectorAt(t.targets, s));
        dz[s] = slope * t.scale * vectorAt(slopes, s);
    }
    Descent descent{t.learningRate, t.limit};
    backwardTiny(t, dz, descent);
    return descent.isOutside();
}

void affineOfMembers(const MemberLayer& layer) {
    const MemberLayer d = layer;
    for (std::size_t u = 0; u < d.fanOut; ++u) {
        std::size_t s = 0;
        for (; s + kLanes <= d.samples; s += kLanes) affineBlock<kLanes>(d, u, s);
        for (; s < d.samples; ++s) affineBlock<1>(d, u, s);
    }
}

void backwardOfMembers(const MemberLayer& layer) {
    const MemberLayer d = layer;
    const double ones[kLanes] = {1, 1, 1, 1};
    for (std::size_t u = 0; u < d.fanOut; ++u) {
        double* dz = d.da + u * d.samples * kLanes;
        const double* slopes = d.slopes + u * d.samples * kLanes;
        for (std::size_t at = 0; at < d.samples * kLanes; at += kLanes) {
            store(dz + at, load(dz + at) * load(slopes + at));
        }
        sumOverSamples(d, d.fanIn * d.fanOut + u, ones, 0, dz);
        for (std::size_t i = 0; i < d.fanIn; ++i) {
            sumOverSamples(d, i * d.fanOut + u, d.x + i * d.xStride * kLanes, kLanes, dz);
        }
    }
    if (!d.dx) return;
    for (std::size_t i = 0; i < d.fanIn; ++i) {
        std::size_t s = 0;
        for (; s + kLanes <= d.samples; s += kLanes) inputGradientBlock<kLanes>(d, i, s);
        for (; s < d.samples; ++s) inputGradientBlock<1>(d, i, s);
    }
}

}  // namespace BACKPROP_ISA
}  // namespace backprop
