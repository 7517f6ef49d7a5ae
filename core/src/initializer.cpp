#include "initializer.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "random.h"
#include "settings.h"
#include "table.h"

namespace backprop {
namespace {

// Fan-in and fan-out are a layer's inputs and units, as PyTorch defines them for a dense layer.
struct Shape {
    std::size_t fanIn, fanOut;
};

constexpr Setting kSeed = seedSetting(42);
constexpr Setting kSeedOnly[] = {kSeed};
constexpr Setting kOneValue[] = {
    kSeed, {"value", Type::kNumber, -kInfinity, kInfinity, 0.1, "Of every weight."}};
constexpr Setting kEnds[] = {
    kSeed,
    {"minimum", Type::kNumber, -kInfinity, kInfinity, -1, "The lower end."},
    {"maximum", Type::kNumber, -kInfinity, kInfinity, 1, "The upper end."}};
constexpr Setting kMoments[] = {
    kSeed,
    {"mean", Type::kNumber, -kInfinity, kInfinity, 0, "Of the normal distribution."},
    {"standardDeviation", Type::kNumber, 0, kInfinity, 1, "Of the normal distribution."}};

constexpr Entry kInitializers[] = {
    {"numpy_randn", "N(0, 1)", "",
     "NumPy's own numbers: np.random.seed(seed), then np.random.randn(fan_in, fan_out) layer by "
     "layer.",
     kSeedOnly},
    {"zeros", "0", "", "All zero: every unit of a layer stays the same.", kSeedOnly},
    {"constant", "value", "", "One value: every unit of a layer stays the same.", kOneValue},
    {"uniform", "U(minimum, maximum)", "", "Evenly between two ends.", kEnds},
    {"normal", "N(mean, standardDeviation^2)", "", "Normally distributed.", kMoments},
    {"xavier_uniform", "U(-r, r), r = sqrt(6 / (fan_in + fan_out))", "",
     "Glorot and Bengio 2010, gain 1.", kSeedOnly},
    {"xavier_normal", "N(0, 2 / (fan_in + fan_out))", "", "Glorot and Bengio 2010, gain 1.",
     kSeedOnly},
    {"he_uniform", "U(-r, r), r = sqrt(6 / fan_in)", "", "He et al. 2015, gain sqrt(2).",
     kSeedOnly},
    {"he_normal", "N(0, 2 / fan_in)", "", "He et al. 2015, gain sqrt(2).", kSeedOnly},
    {"lecun_normal", "N(0, 1 / fan_in)", "", "LeCun et al. 1998, gain 1.", kSeedOnly},
    {"orthogonal", "Q of a normal matrix, Q^T Q = 1", "",
     "Saxe et al. 2014, gain 1: orthonormal rows or columns, whichever are fewer.", kSeedOnly},
};

/// In the order of the table.
enum Kind : std::size_t {
    kNumpyRandn,
    kZeros,
    kConstant,
    kUniform,
    kNormal,
    kXavierUniform,
    kXavierNormal,
    kHeUniform,
    kHeNormal,
    kLecunNormal,
    kOrthogonal
};
static_assert(kInitializers[kNormal].name == "normal" &&
              kInitializers[kOrthogonal].name == "orthogonal");

void fillUniform(std::span<double> weights, Generator& random, double low, double high) {
    for (double& w : weights) w = low + (high - low) * random.uniform();
}

void fillNormal(std::span<double> weights, Generator& random, double mean, double deviation) {
    for (double& w : weights) w = mean + deviation * random.normal();
}

/// Orthonormal vectors by Gram and Schmidt, each vector cleaned twice: Q of the QR decomposition
/// with a positive diagonal of R.
void fillOrthogonal(std::span<double> weights, Generator& random, Shape shape) {
    const bool rows = shape.fanIn <= shape.fanOut;
    const std::size_t count = rows ? shape.fanIn : shape.fanOut;
    const std::size_t length = rows ? shape.fanOut : shape.fanIn;
    std::vector<double> q(count * length);
    fillNormal(q, random, 0, 1);
    for (std::size_t k = 0; k < count; ++k) {
        double* vector = q.data() + k * length;
        for (std::size_t pass = 0; pass < 2; ++pass) {
            for (std::size_t j = 0; j < k; ++j) {
                const double* other = q.data() + j * length;
                double dot = 0;
                for (std::size_t n = 0; n < length; ++n) dot += vector[n] * other[n];
                for (std::size_t n = 0; n < length; ++n) vector[n] -= dot * other[n];
            }
        }
        double square = 0;
        for (std::size_t n = 0; n < length; ++n) square += vector[n] * vector[n];
        const double size = std::sqrt(square);
        for (std::size_t n = 0; n < length; ++n) vector[n] /= size;
    }
    for (std::size_t k = 0; k < count; ++k) {
        for (std::size_t n = 0; n < length; ++n) {
            weights[rows ? k * shape.fanOut + n : n * shape.fanOut + k] = q[k * length + n];
        }
    }
}

void fill(const Plan::Choice& initializer, std::span<double> weights, Generator& random,
          Shape shape) {
    const std::vector<double>& settings = initializer.settings;
    const auto in = static_cast<double>(shape.fanIn);
    const auto out = static_cast<double>(shape.fanOut);
    const auto symmetric = [&](double r) { fillUniform(weights, random, -r, r); };
    const auto normal = [&](double variance) {
        fillNormal(weights, random, 0, std::sqrt(variance));
    };
    switch (initializer.kind) {
        case kConstant:
            return std::fill(weights.begin(), weights.end(), settings[1]);
        case kUniform:
            return fillUniform(weights, random, settings[1], settings[2]);
        case kNormal:
            return fillNormal(weights, random, settings[1], settings[2]);
        case kXavierUniform:
            return symmetric(std::sqrt(6 / (in + out)));
        case kXavierNormal:
            return normal(2 / (in + out));
        case kHeUniform:
            return symmetric(std::sqrt(6 / in));
        case kHeNormal:
            return normal(2 / in);
        case kLecunNormal:
            return normal(1 / in);
        case kOrthogonal:
            return fillOrthogonal(weights, random, shape);
        default:  // zeros
            return;
    }
}

}  // namespace

std::span<const Entry> initializerEntries() { return kInitializers; }

void initialize(const Plan::Choice& initializer, const Network& network,
                std::span<double> parameters) {
    const auto seed = static_cast<std::uint32_t>(initializer.settings[0]);
    NumpyRandom numpy(seed);
    Generator random(seed);
    std::fill(parameters.begin(), parameters.end(), 0.0);
    for (std::size_t l = 0; l < network.layerCount(); ++l) {
        const Shape shape{network.layer(l).fanIn, network.layer(l).fanOut};
        const auto weights = parameters.subspan(network.weightsAt(l), shape.fanIn * shape.fanOut);
        if (initializer.kind == kNumpyRandn) {
            for (double& w : weights) w = numpy.randn();
        } else {
            fill(initializer, weights, random, shape);
        }
    }
}

}  // namespace backprop
