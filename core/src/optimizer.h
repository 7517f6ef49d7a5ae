#pragma once
// The optimizers that follow the gradient step by step, after PyTorch 1.13 (Lion after Chen et al.
// 2023, arXiv:2302.06675): what the catalog says of each, and its step. To add one: write its
// struct, add it to the list `Optimizers` at the end.
//
//   settings   in the order in which UpdateArguments::settings has them
//   blocks     how many blocks as large as the parameters it keeps, zero before the first step
//   Kind(u)    what is the same for all parameters of one step
//   ()(p, g, s)  the new value of a vector of parameters p with gradient g; s.get(k), s.set(k, v)
//   is block
//   k
// Formulas: p parameter, g gradient, lr learning rate, t the step from 1; docs/mathematics.md (40)
// to (49), in the order of the catalog.

#include <tuple>

#include "elementary.h"
#include "kernels.h"
#include "lanes.h"
#include "power.h"
#include "settings.h"

namespace backprop {
inline namespace BACKPROP_ISA {

/// A vector of elements of each of the optimizer's blocks.
template <typename V>
struct StateView {
    double* base;
    std::size_t stride;
    BACKPROP_INLINE V get(std::size_t block) const { return load<V>(base + block * stride); }
    BACKPROP_INLINE void set(std::size_t block, V x) const { store(base + block * stride, x); }
};

struct Sgd {
    static constexpr const char* name = "sgd";
    static constexpr bool isUsual = true;
    static constexpr const char* formula =
        "g = g + weightDecay p; v = momentum v + (1 - dampening) g; p = p - lr v "
        "(nesterov: p = p - lr (g + momentum v))";
    static constexpr const char* description = "Gradient descent, plain or with momentum.";
    static constexpr Setting settings[] = {
        learningRateSetting(0.1),
        {"momentum", Type::kNumber, 0, kInfinity, 0, "Share of the last step that goes on."},
        {"dampening", Type::kNumber, 0, 1, 0, "Share of the gradient kept out of the momentum."},
        {"nesterov", Type::kBoolean, 0, 1, 0, "Looks ahead along the momentum."},
        weightDecaySetting(0, kCoupledDecay)};
    static constexpr std::size_t blocks = 1;

    double lr, momentum, intake, weightDecay;
    bool nesterov, first;
    explicit Sgd(const UpdateArguments& u)
        : lr(u.learningRate),
          momentum(u.settings[1]),
          intake(1 - u.settings[2]),
          weightDecay(u.settings[4]),
          nesterov(u.settings[3] != 0),
          first(u.step == 1) {}
    template <typename V>
    BACKPROP_INLINE V operator()(V p, V g, StateView<V> s) const {
        if (weightDecay != 0) g = g + weightDecay * p;
        if (momentum != 0) {
            const V v = first ? g : momentum * s.get(0) + intake * g;
            s.set(0, v);
            g = nesterov ? g + momentum * v : v;
        }
        return p - lr * g;
    }
};

struct Adagrad {
    static constexpr const char* name = "adagrad";
    static constexpr const char* formula =
        "G = G + g^2; p = p - lr / (1 + (t - 1) learningRateDecay) g / (sqrt(G) + epsilon)";
    static constexpr const char* description =
        "A rate of its own for each parameter, ever smaller.";
    static constexpr Setting settings[] = {
        learningRateSetting(0.01),
        {"learningRateDecay", Type::kNumber, 0, kInfinity, 0, "How fast the rate falls."},
        epsilonSetting(1e-10),
        weightDecaySetting(0, kCoupledDecay)};
    static constexpr std::size_t blocks = 1;

    double rate, epsilon, weightDecay;
    explicit Adagrad(const UpdateArguments& u)
        : rate(u.learningRate / (1 + static_cast<double>(u.step - 1) * u.settings[1])),
          epsilon(u.settings[2]),
          weightDecay(u.settings[3]) {}
    template <typename V>
    BACKPROP_INLINE V operator()(V p, V g, StateView<V> s) const {
        g = g + weightDecay * p;
        const V sum = s.get(0) + g * g;
        s.set(0, sum);
        return p - rate * (g / (sqrt(sum) + epsilon));
    }
};

struct Adadelta {
    static constexpr const char* name = "adadelta";
    static constexpr const char* formula =
        "v = rho v + (1 - rho) g^2; d = sqrt(u + epsilon) / sqrt(v + epsilon) g; "
        "u = rho u + (1 - rho) d^2; p = p - lr d";
    static constexpr const char* description = "Steps as large as the recent ones were.";
    static constexpr Setting settings[] = {
        learningRateSetting(1), decayRateSetting("rho", 0.9, "Memory of both running means."),
        epsilonSetting(1e-6), weightDecaySetting(0, kCoupledDecay)};
    static constexpr std::size_t blocks = 2;

    double lr, rho, epsilon, weightDecay;
    explicit Adadelta(const UpdateArguments& u)
        : lr(u.learningRate),
          rho(u.settings[1]),
          epsilon(u.settings[2]),
          weightDecay(u.settings[3]) {}
    template <typename V>
    BACKPROP_INLINE V operator()(V p, V g, StateView<V> s) const {
        g = g + weightDecay * p;
        const V v = rho * s.get(0) + (1 - rho) * g * g;
        const V d = sqrt(s.get(1) + epsilon) / sqrt(v + epsilon) * g;
        s.set(0, v);
        s.set(1, rho * s.get(1) + (1 - rho) * d * d);
        return p - lr * d;
    }
};

struct RmsProp {
    static constexpr const char* name = "rmsprop";
    static constexpr const char* formula =
        "v = alpha v + (1 - alpha) g^2; d = g / (sqrt(v) + epsilon); b = momentum b + d; "
        "p = p - lr b (centered: v - mean(g)^2 under the root)";
    static constexpr const char* description = "Divides by the gradient's recent size.";
    static constexpr Setting settings[] = {
        learningRateSetting(0.01),
        decayRateSetting("alpha", 0.99, "Memory of the running mean of squares."),
        epsilonSetting(1e-8),
        weightDecaySetting(0, kCoupledDecay),
        {"momentum", Type::kNumber, 0, kInfinity, 0, "Share of the last step that goes on."},
        {"centered", Type::kBoolean, 0, 1, 0, "Divides by the deviation instead of the size."}};
    static constexpr std::size_t blocks = 3;

    double lr, alpha, epsilon, weightDecay, momentum;
    bool centered;
    explicit RmsProp(const UpdateArguments& u)
        : lr(u.learningRate),
          alpha(u.settings[1]),
          epsilon(u.settings[2]),
          weightDecay(u.settings[3]),
          momentum(u.settings[4]),
          centered(u.settings[5] != 0) {}
    template <typename V>
    BACKPROP_INLINE V operator()(V p, V g, StateView<V> s) const {
        g = g + weightDecay * p;
        V v = alpha * s.get(0) + (1 - alpha) * g * g;
        s.set(0, v);
        if (centered) {
            const V mean = alpha * s.get(1) + (1 - alpha) * g;
            s.set(1, mean);
            v = v - mean * mean;
        }
        V d = g / (sqrt(v) + epsilon);
        if (momentum != 0) {
            d = momentum * s.get(2) + d;
            s.set(2, d);
        }
        return p - lr * d;
    }
};

/// Adam, and AdamW, which differs in where the weight decay goes.
template <bool kDecoupled>
struct AdamFamily {
    static constexpr std::size_t blocks = 3;

    double weightDecay, beta1, beta2, epsilon, shrink, stepSize, rootCorrection;
    bool amsgrad;
    explicit AdamFamily(const UpdateArguments& u)
        : weightDecay(u.settings[4]),
          beta1(u.settings[1]),
          beta2(u.settings[2]),
          epsilon(u.settings[3]),
          shrink(1 - u.learningRate * u.settings[4]),
          stepSize(u.learningRate / (1 - power(beta1, u.step))),
          rootCorrection(__builtin_sqrt(1 - power(beta2, u.step))),
          amsgrad(u.settings[5] != 0) {}
    template <typename V>
    BACKPROP_INLINE V operator()(V p, V g, StateView<V> s) const {
        if constexpr (kDecoupled) {
            p = p * shrink;
        } else {
            g = g + weightDecay * p;
        }
        const V m = beta1 * s.get(0) + (1 - beta1) * g;
        V v = beta2 * s.get(1) + (1 - beta2) * g * g;
        s.set(0, m);
        s.set(1, v);
        if (amsgrad) {
            v = select(s.get(2) > v, s.get(2), v);
            s.set(2, v);
        }
        return p - stepSize * (m / (sqrt(v) / rootCorrection + epsilon));
    }
};

inline constexpr Setting kBeta1 = decayRateSetting("beta1", 0.9, "Memory of the mean gradient.");
inline constexpr Setting kBeta2 = decayRateSetting("beta2", 0.999, "Memory of the mean square.");
inline constexpr Setting kAmsgrad = {
    "amsgrad", Type::kBoolean, 0, 1, 0, "Divides by the largest mean square so far."};

struct Adam : AdamFamily<false> {
    using AdamFamily::AdamFamily;
    static constexpr const char* name = "adam";
    static constexpr const char* formula =
        "m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; "
        "p = p - lr m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)";
    static constexpr const char* description = "The mean gradient over its recent size.";
    static constexpr Setting settings[] = {learningRateSetting(1e-3),
                                           kBeta1,
                                           kBeta2,
                                           epsilonSetting(1e-8),
                                           weightDecaySetting(0, kCoupledDecay),
                                           kAmsgrad};
};

struct AdamW : AdamFamily<true> {
    using AdamFamily::AdamFamily;
    static constexpr const char* name = "adamw";
    static constexpr const char* formula =
        "p = p - lr weightDecay p; then as adam without weight decay";
    static constexpr const char* description =
        "Adam with the weight decay apart from the gradient.";
    static constexpr Setting settings[] = {learningRateSetting(1e-3),
                                           kBeta1,
                                           kBeta2,
                                           epsilonSetting(1e-8),
                                           weightDecaySetting(1e-2, kDecoupledDecay),
                                           kAmsgrad};
};

struct NAdam {
    static constexpr const char* name = "nadam";
    static constexpr const char* formula =
        "mu_t = beta1 (1 - 0.96^(t momentumDecay) / 2); m, v as adam; "
        "p = p - lr ((1 - mu_t) g / (1 - prod mu_1..t) + mu_t+1 m / (1 - mu_t prod mu_1..t+1)) / "
        "(sqrt(v / (1 - beta2^t)) + epsilon)";
    static constexpr const char* description = "Adam that looks ahead along its momentum.";
    static constexpr Setting settings[] = {
        learningRateSetting(2e-3),
        kBeta1,
        kBeta2,
        epsilonSetting(1e-8),
        weightDecaySetting(0, kCoupledDecay),
        {"momentumDecay", Type::kNumber, 0, kInfinity, 4e-3, "How soon the momentum is whole."}};
    static constexpr std::size_t blocks = 2;

    double weightDecay, beta1, beta2, epsilon, correction, gradientRate, momentumRate;
    /// scalars[0] is the product of all mu so far. That mu_t counts twice beside m is what PyTorch
    /// 1.13 computes (its documentation has it once).
    explicit NAdam(const UpdateArguments& u)
        : weightDecay(u.settings[4]),
          beta1(u.settings[1]),
          beta2(u.settings[2]),
          epsilon(u.settings[3]),
          correction(1 - power(beta2, u.step)) {
        const double decay = u.settings[5];
        const auto mu = [&](std::int64_t t) {
            return beta1 *
                   (1 - 0.5 * exp(broadcast<Part>(static_cast<double>(t) * decay * kLog096))[0]);
        };
        const double now = mu(u.step);
        const double next = mu(u.step + 1);
        const double product = (u.step == 1 ? 1 : u.scalars[0]) * now;
        u.scalars[0] = product;
        gradientRate = u.learningRate * (1 - now) / (1 - product);
        momentumRate = u.learningRate * next / (1 - product * now * next);
    }
    template <typename V>
    BACKPROP_INLINE V operator()(V p, V g, StateView<V> s) const {
        g = g + weightDecay * p;
        const V m = beta1 * s.get(0) + (1 - beta1) * g;
        const V v = beta2 * s.get(1) + (1 - beta2) * g * g;
        s.set(0, m);
        s.set(1, v);
        const V size = sqrt(v / correction) + epsilon;
        return p - gradientRate * (g / size) - momentumRate * (m / size);
    }

  private:
    static constexpr double kLog096 = -0.040821994520255166;  // log(0.96)
};

struct Rprop {
    static constexpr const char* name = "rprop";
    static constexpr const char* formula =
        "d = d etaPlus where g kept its sign, d etaMinus where it changed (and g = 0 there), "
        "within "
        "stepSizeMinimum to stepSizeMaximum; p = p - sign(g) d; d begins as lr";
    static constexpr const char* description =
        "Looks at the gradient's sign alone; meant for the full batch.";
    static constexpr Setting settings[] = {
        learningRateSetting(0.01),
        {"etaMinus", Type::kNumber, 0, 1, 0.5, "Shortens the step when the sign changes.",
         Setting::Ends::kExcluded},
        {"etaPlus", Type::kNumber, 1, kInfinity, 1.2, "Lengthens it while the sign stays.",
         Setting::Ends::kExcluded},
        {"stepSizeMinimum", Type::kNumber, 0, kInfinity, 1e-6, "The shortest step."},
        {"stepSizeMaximum", Type::kNumber, 0, kInfinity, 50, "The longest step."}};
    static constexpr std::size_t blocks = 2;

    double start, etaMinus, etaPlus, smallest, largest;
    bool first;
    explicit Rprop(const UpdateArguments& u)
        : start(u.learningRate),
          etaMinus(u.settings[1]),
          etaPlus(u.settings[2]),
          smallest(u.settings[3]),
          largest(u.settings[4]),
          first(u.step == 1) {}
    template <typename V>
    BACKPROP_INLINE V operator()(V p, V g, StateView<V> s) const {
        const V trend = g * s.get(0);
        V d = first ? broadcast<V>(start) : s.get(1);
        d = d * select(trend > 0.0, broadcast<V>(etaPlus),
                       select(trend < 0.0, broadcast<V>(etaMinus), broadcast<V>(1)));
        d = select(d < smallest, broadcast<V>(smallest), d);
        d = select(d > largest, broadcast<V>(largest), d);
        g = select(trend < 0.0, broadcast<V>(0), g);
        s.set(0, g);
        s.set(1, d);
        return p - sign(g) * d;
    }
};

struct Lion {
    static constexpr const char* name = "lion";
    static constexpr const char* formula =
        "p = p - lr (sign(beta1 m + (1 - beta1) g) + weightDecay p); m = beta2 m + (1 - beta2) g";
    static constexpr const char* description = "Steps of one size, by the sign of the momentum.";
    static constexpr Setting settings[] = {
        learningRateSetting(1e-4),
        decayRateSetting("beta1", 0.9, "Share of the momentum in the step."),
        decayRateSetting("beta2", 0.99, "Memory of the momentum."),
        weightDecaySetting(0, kDecoupledDecay)};
    static constexpr std::size_t blocks = 1;

    double lr, beta1, beta2, weightDecay;
    explicit Lion(const UpdateArguments& u)
        : lr(u.learningRate),
          beta1(u.settings[1]),
          beta2(u.settings[2]),
          weightDecay(u.settings[3]) {}
    template <typename V>
    BACKPROP_INLINE V operator()(V p, V g, StateView<V> s) const {
        const V m = s.get(0);
        s.set(0, beta2 * m + (1 - beta2) * g);
        return p - lr * (sign(beta1 * m + (1 - beta1) * g) + weightDecay * p);
    }
};

/// In the order of the catalog; a session keeps an optimizer as its place in this list.
using Optimizers = std::tuple<Sgd, Adagrad, Adadelta, RmsProp, Adam, AdamW, NAdam, Rprop, Lion>;

}  // namespace BACKPROP_ISA
}  // namespace backprop
