#include "dataset.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>

#include "elementary.h"
#include "feature.h"
#include "lanes.h"
#include "places.h"
#include "random.h"
#include "settings.h"
#include "table.h"

namespace backprop {
namespace {

constexpr double kPi = 3.141592653589793;

constexpr Setting kTestFraction = {
    "testFraction", Type::kNumber, 0, 0.9, 0, "Share of the samples kept for testing."};
constexpr Setting kSamples = {"samples", Type::kInteger, 2, 100000, 200, "How many samples."};
constexpr Setting kSeed = seedSetting(0);

constexpr Setting noiseSetting(double value, std::string_view description) {
    return {"noise", Type::kNumber, 0, kInfinity, value, description};
}
constexpr Setting kPlaceNoise =
    noiseSetting(0.05, "Standard deviation of what is added to each coordinate.");
constexpr Setting kTargetNoise =
    noiseSetting(0, "Standard deviation of what is added to each target.");
constexpr Setting bitsSetting(double value) {
    return {"bits", Type::kInteger, 1,
            10,     value,          "Inputs; all their combinations are the samples."};
}
constexpr Setting classesSetting(double value) {
    return {"classes", Type::kInteger, 2, 10, value, "How many classes, in equal shares."};
}

constexpr Setting kTwoBits[] = {bitsSetting(2), kTestFraction};
constexpr Setting kThreeBits[] = {bitsSetting(3), kTestFraction};
constexpr Setting kOwn[] = {kTestFraction};
constexpr Setting kScattered[] = {kSamples, kPlaceNoise, kSeed, kTestFraction};
constexpr Setting kClouds[] = {kSamples, noiseSetting(0.2, "Standard deviation of each class."),
                               kSeed, classesSetting(2), kTestFraction};
constexpr Setting kArms[] = {kSamples, noiseSetting(0.02, kPlaceNoise.description), kSeed,
                             classesSetting(2), kTestFraction};
constexpr Setting kRegression[] = {kSamples, kTargetNoise, kSeed, kTestFraction};

constexpr Entry kData[] = {
    {"xor", "", "", "1 where an odd number of bits is 1.", kTwoBits},
    {"and", "", "", "1 where all bits are 1.", kTwoBits},
    {"or", "", "", "1 where some bit is 1.", kTwoBits},
    {"nand", "", "", "1 where not all bits are 1.", kTwoBits},
    {"nor", "", "", "1 where no bit is 1.", kTwoBits},
    {"xnor", "", "", "1 where an even number of bits is 1.", kTwoBits},
    {"parity", "", "", "As xor, of three bits unless said otherwise.", kThreeBits},
    {"circle", "", "", "Inside a disc of radius 0.5, or on the ring from 0.7 to 1 around it.",
     kScattered},
    {"gaussians", "", "", "Normal clouds, their centres evenly on a circle of radius 0.6.",
     kClouds},
    {"spiral", "", "", "Arms that wind outwards to radius 1, one a class, 1.75 quarter turns each.",
     kArms},
    {"moons", "", "", "Two half circles, each reaching into the other.", kScattered},
    {"checkerboard", "", "", "The 4 x 4 fields of the square from -1 to 1, in turn.", kScattered},
    {"sine", "y = sin(2 pi x)", "", "A wave over -1 to 1: regression with one input.", kRegression},
    {"plane", "y = (x1 + x2) / 2", "", "A slope over the square from -1 to 1: regression.",
     kRegression},
    {"points", "", "", "Rows of your own: inputs and targets.", kOwn},
};

/// In the order of the table.
enum Kind : std::size_t {
    kXor,
    kAnd,
    kOr,
    kNand,
    kNor,
    kXnor,
    kParity,
    kCircle,
    kGaussians,
    kSpiral,
    kMoons,
    kCheckerboard,
    kSine,
    kPlane,
    kPoints
};
static_assert(kData[kXnor].name == "xnor" && kData[kPoints].name == "points");

constexpr auto kBitsAt = placesOf<kData>("bits");
constexpr auto kSamplesAt = placesOf<kData>("samples");
constexpr auto kNoiseAt = placesOf<kData>("noise");
constexpr auto kSeedAt = placesOf<kData>("seed");
constexpr auto kClassesAt = placesOf<kData>("classes");
constexpr auto kTestFractionAt = placesOf<kData>("testFraction");

bool isLogic(std::size_t kind) { return kind <= kParity; }
bool isRegression(std::size_t kind) { return kind == kSine || kind == kPlane; }

/// Samples before their targets are put into the form that loss and output want.
struct Drawn {
    std::vector<double> inputs;   ///< row-major samples x columns
    std::vector<double> targets;  ///< class number, or value for regression: [samples]
};

int wholeAt(const Plan::Choice& data, std::size_t place) {
    return static_cast<int>(data.settings[place]);
}

/// The truth value of `ones` of `bits` bits being 1.
bool logic(std::size_t kind, int ones, int bits) {
    switch (kind) {
        case kAnd:
            return ones == bits;
        case kNand:
            return ones != bits;
        case kOr:
            return ones > 0;
        case kNor:
            return ones == 0;
        default:  // xor, xnor, parity
            return ones % 2 == (kind != kXnor);
    }
}

/// All combinations of the bits in counting order, the first column the highest.
Drawn drawLogic(const Plan::Choice& data) {
    const int bits = wholeAt(data, kBitsAt[data.kind]);
    Drawn drawn;
    for (int n = 0; n < 1 << bits; ++n) {
        for (int b = bits - 1; b >= 0; --b) drawn.inputs.push_back(n >> b & 1);
        drawn.targets.push_back(logic(data.kind, std::popcount(static_cast<unsigned>(n)), bits));
    }
    return drawn;
}

using Point = std::array<double, 2>;

/// A point at a radius and an angle in turns.
Point polar(double radius, double turns) {
    const Part angle = broadcast<Part>(2 * kPi * turns);
    return {radius * cos(angle)[0], radius * sin(angle)[0]};
}

double symmetric(Generator& random) { return 2 * random.uniform() - 1; }

/// The place of a sample of class c of `classes`, before noise; `share` of its class come before
/// it.
Point centreOf(std::size_t kind, int c, int classes, double share, Generator& random) {
    const double part = static_cast<double>(c) / classes;
    if (kind == kGaussians) return polar(0.6, part + 0.125);
    if (kind == kSpiral) return polar(share, part + 0.4375 * share);
    if (kind == kMoons) {
        const Point p = polar(0.6, 0.5 * random.uniform());
        return c == 0 ? Point{p[0] - 0.3, p[1] - 0.15} : Point{0.3 - p[0], 0.15 - p[1]};
    }
    const double radius = c == 0 ? 0.5 * random.uniform() : 0.7 + 0.3 * random.uniform();
    return polar(radius, random.uniform());  // circle
}

int classesOf(const Plan::Choice& data) {
    const std::size_t place = kClassesAt[data.kind];
    return place == kNowhere ? 2 : wholeAt(data, place);
}

std::size_t inputColumnsOf(const Plan& plan) {
    const Plan::Choice& data = plan.data;
    if (data.kind == kPoints) return plan.inputColumns;
    if (isLogic(data.kind)) return static_cast<std::size_t>(wholeAt(data, kBitsAt[data.kind]));
    return data.kind == kSine ? 1 : 2;
}

Drawn drawScattered(const Plan::Choice& data) {
    const int samples = wholeAt(data, kSamplesAt[data.kind]);
    const double noise = data.settings[kNoiseAt[data.kind]];
    const int classes = classesOf(data);
    Generator random(static_cast<std::uint64_t>(data.settings[kSeedAt[data.kind]]));
    Drawn drawn;
    for (int s = 0; s < samples; ++s) {
        Point x;
        double target = s % classes;
        if (data.kind >= kCheckerboard) {
            x[0] = symmetric(random);
            if (data.kind != kSine) x[1] = symmetric(random);
        } else {
            const double share = static_cast<double>(s / classes + 1) /
                                 static_cast<double>((samples + classes - 1) / classes);
            x = centreOf(data.kind, s % classes, classes, share, random);
        }
        if (isRegression(data.kind)) {
            target =
                data.kind == kSine ? sin(broadcast<Part>(2 * kPi * x[0]))[0] : 0.5 * (x[0] + x[1]);
            target += noise * random.normal();
        } else {
            if (data.kind == kCheckerboard) {
                target = (static_cast<int>(2 * x[0] + 2) + static_cast<int>(2 * x[1] + 2)) % 2;
            }
            for (double& coordinate : x) coordinate += noise * random.normal();
        }
        drawn.inputs.insert(drawn.inputs.end(), x.begin(), x.end() - (data.kind == kSine));
        drawn.targets.push_back(target);
    }
    return drawn;
}

/// Appends 0 and 1, or -1 and 1 where the loss is hinge or the output tanh; a column for each class
/// where the output is softmax or there are more than two; values as they are for regression.
void appendTargets(const Plan& plan, std::size_t columns, double target,
                   std::vector<double>& targets) {
    const bool isSigned =
        plan.loss == place::kHinge || plan.layers.back().activation == place::kTanh;
    const double no = isSigned ? -1 : 0;
    if (columns == 1) {
        targets.push_back(isRegression(plan.data.kind) || target == 1 ? target : no);
        return;
    }
    targets.resize(targets.size() + columns, no);
    targets[targets.size() - columns + static_cast<std::size_t>(target)] = 1;
}

/// How many of all samples are for testing: at least one is not.
std::size_t testCount(const Plan::Choice& data, std::size_t samples) {
    const double fraction = data.settings[kTestFractionAt[data.kind]];
    const auto tests = static_cast<std::size_t>(fraction * static_cast<double>(samples) + 0.5);
    return std::min(tests, samples - 1);
}

/// Which samples are for testing: the first of a seeded permutation; they keep their order.
std::vector<bool> chooseTests(std::size_t samples, std::size_t tests) {
    std::vector<std::uint32_t> order(samples);
    for (std::size_t i = 0; i < samples; ++i) order[i] = static_cast<std::uint32_t>(i);
    Generator random(0);
    std::vector<bool> isTest(samples);
    for (std::size_t i = 0; i < tests; ++i) {
        std::swap(order[i], order[i + random.below(static_cast<std::uint32_t>(samples - i))]);
        isTest[order[i]] = true;
    }
    return isTest;
}

}  // namespace

std::span<const Entry> dataEntries() { return kData; }

DataShape shapeOf(const Plan& plan) {
    const Plan::Choice& data = plan.data;
    const std::size_t inputs = inputColumnsOf(plan);
    if (data.kind == kPoints) return {inputs, plan.targetColumns};
    const int classes = classesOf(data);
    const bool oneHot = !isRegression(data.kind) &&
                        (classes > 2 || plan.layers.back().activation == place::kSoftmax);
    return {inputs, oneHot ? static_cast<std::size_t>(classes) : 1};
}

std::size_t trainingCount(const Plan& plan) {
    const Plan::Choice& data = plan.data;
    std::size_t samples = 0;
    if (data.kind == kPoints) {
        samples = plan.inputs.size() / plan.inputColumns;
    } else if (isLogic(data.kind)) {
        samples = std::size_t{1} << wholeAt(data, kBitsAt[data.kind]);
    } else {
        samples = static_cast<std::size_t>(wholeAt(data, kSamplesAt[data.kind]));
    }
    return samples - testCount(data, samples);
}

DataRows makeRows(const Plan& plan) {
    const auto [inputColumns, targetColumns] = shapeOf(plan);
    std::vector<double> inputs = plan.inputs;
    std::vector<double> targets = plan.targets;
    if (plan.data.kind != kPoints) {
        Drawn drawn = isLogic(plan.data.kind) ? drawLogic(plan.data) : drawScattered(plan.data);
        inputs = std::move(drawn.inputs);
        for (const double target : drawn.targets) {
            appendTargets(plan, targetColumns, target, targets);
        }
    }
    const std::size_t samples = inputs.size() / inputColumns;
    const std::vector<bool> isTest = chooseTests(samples, testCount(plan.data, samples));
    DataRows rows{inputColumns, targetColumns, {}, {}, {}, {}};
    const auto append = [](const std::vector<double>& from, std::size_t row, std::size_t columns,
                           std::vector<double>& to) {
        const double* first = from.data() + row * columns;
        to.insert(to.end(), first, first + columns);
    };
    for (std::size_t s = 0; s < samples; ++s) {
        append(inputs, s, inputColumns, isTest[s] ? rows.testInputs : rows.inputs);
        append(targets, s, targetColumns, isTest[s] ? rows.testTargets : rows.targets);
    }
    return rows;
}

Samples toSamples(const Plan& plan, std::size_t rawInputs, std::span<const double> inputs) {
    assert(inputs.size() % rawInputs == 0);
    const std::vector<std::size_t>& features = plan.features;
    const std::size_t columns = features.empty() ? rawInputs : features.size();
    Samples samples;
    samples.count = inputs.size() / rawInputs;
    samples.stride = vectorsFor(samples.count) * kLanes;
    samples.inputs.assign(columns * samples.stride, 0.0);
    for (std::size_t s = 0; s < samples.count; ++s) {
        const double* row = inputs.data() + s * rawInputs;
        for (std::size_t c = 0; c < columns; ++c) {
            samples.inputs[c * samples.stride + s] =
                features.empty() ? row[c] : featureOf(features[c], row[0], row[1]);
        }
    }
    return samples;
}

}  // namespace backprop
