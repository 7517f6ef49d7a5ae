#include "dataset.h"

#include <algorithm>
#include <cassert>

#include "elementary.h"
#include "feature.h"
#include "lanes.h"
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
constexpr Setting kPoints[] = {kTestFraction};
constexpr Setting kScattered[] = {kSamples, kPlaceNoise, kSeed, kTestFraction};
constexpr Setting kGaussians[] = {kSamples, noiseSetting(0.2, "Standard deviation of each class."),
                                  kSeed, classesSetting(2), kTestFraction};
constexpr Setting kSpiral[] = {kSamples, noiseSetting(0.02, kPlaceNoise.description), kSeed,
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
     kGaussians},
    {"spiral", "", "", "Arms that wind outwards to radius 1, one a class, 1.75 quarter turns each.",
     kSpiral},
    {"moons", "", "", "Two half circles, each reaching into the other.", kScattered},
    {"checkerboard", "", "", "The 4 x 4 fields of the square from -1 to 1, in turn.", kScattered},
    {"sine", "y = sin(2 pi x)", "", "A wave over -1 to 1: regression with one input.", kRegression},
    {"plane", "y = (x1 + x2) / 2", "", "A slope over the square from -1 to 1: regression.",
     kRegression},
    {"points", "", "", "Rows of your own: inputs and targets.", kPoints},
};

bool isRegression(std::string_view kind) { return kind == "sine" || kind == "plane"; }

/// Samples before their targets are put into the form that loss and output want.
struct Drawn {
    Rows inputs;
    std::vector<double> targets;  ///< class number, or value for regression
};

/// The truth value of `ones` of `bits` bits being 1.
bool logic(std::string_view kind, int ones, int bits) {
    if (kind == "and") return ones == bits;
    if (kind == "nand") return ones != bits;
    if (kind == "or") return ones > 0;
    if (kind == "nor") return ones == 0;
    if (kind == "xnor") return ones % 2 == 0;
    return ones % 2 == 1;  // xor, parity
}

/// All combinations of the bits in counting order, the first column the highest.
Drawn drawLogic(const Choice& data) {
    const int bits = static_cast<int>(settingOf(bareData(), data, "bits"));
    Drawn drawn;
    for (int n = 0; n < 1 << bits; ++n) {
        std::vector<double> row;
        for (int b = bits - 1; b >= 0; --b) row.push_back(n >> b & 1);
        const int ones = static_cast<int>(std::count(row.begin(), row.end(), 1.0));
        drawn.inputs.push_back(std::move(row));
        drawn.targets.push_back(logic(data.kind, ones, bits));
    }
    return drawn;
}

/// A point at a radius and an angle in turns.
std::vector<double> polar(double radius, double turns) {
    const Part angle = broadcast<Part>(2 * kPi * turns);
    return {radius * cos(angle)[0], radius * sin(angle)[0]};
}

/// The place of sample `index` of `count` of class c of `classes`, before noise.
std::vector<double> place(std::string_view kind, int c, int classes, double share,
                          Generator& random) {
    const double part = static_cast<double>(c) / classes;
    if (kind == "gaussians") return polar(0.6, part + 0.125);
    if (kind == "spiral") return polar(share, part + 0.4375 * share);
    if (kind == "moons") {
        const std::vector<double> p = polar(0.6, 0.5 * random.uniform());
        return c == 0 ? std::vector{p[0] - 0.3, p[1] - 0.15} : std::vector{0.3 - p[0], 0.15 - p[1]};
    }
    const double radius = c == 0 ? 0.5 * random.uniform() : 0.7 + 0.3 * random.uniform();
    return polar(radius, random.uniform());  // circle
}

double symmetric(Generator& random) { return 2 * random.uniform() - 1; }

Drawn drawScattered(const Choice& data) {
    const int samples = static_cast<int>(settingOf(bareData(), data, "samples"));
    const double noise = settingOf(bareData(), data, "noise");
    const bool hasClasses = data.kind == "gaussians" || data.kind == "spiral";
    const int classes = hasClasses ? static_cast<int>(settingOf(bareData(), data, "classes")) : 2;
    Generator random(static_cast<std::uint64_t>(settingOf(bareData(), data, "seed")));
    Drawn drawn;
    for (int s = 0; s < samples; ++s) {
        std::vector<double> x;
        double target = s % classes;
        if (data.kind == "sine") {
            x = {symmetric(random)};
            target = sin(broadcast<Part>(2 * kPi * x[0]))[0] + noise * random.normal();
        } else if (data.kind == "plane") {
            x = {symmetric(random), symmetric(random)};
            target = 0.5 * (x[0] + x[1]) + noise * random.normal();
        } else if (data.kind == "checkerboard") {
            x = {symmetric(random), symmetric(random)};
            const int fields = static_cast<int>(2 * x[0] + 2) + static_cast<int>(2 * x[1] + 2);
            target = fields % 2;
        } else {
            const double share = static_cast<double>(s / classes + 1) /
                                 static_cast<double>((samples + classes - 1) / classes);
            x = place(data.kind, s % classes, classes, share, random);
        }
        if (!isRegression(data.kind)) {
            for (double& coordinate : x) coordinate += noise * random.normal();
        }
        drawn.inputs.push_back(std::move(x));
        drawn.targets.push_back(target);
    }
    return drawn;
}

bool hasSetting(std::string_view kind, std::string_view name) {
    for (const Setting& setting : find(bareData(), kind)->settings) {
        if (setting.name == name) return true;
    }
    return false;
}

int classesOf(const Data& data) {
    return hasSetting(data.kind, "classes")
               ? static_cast<int>(settingOf(bareData(), data, "classes"))
               : 2;
}

/// 0 and 1, or -1 and 1 where the loss is hinge or the output tanh; a column for each class where
/// the output is softmax or there are more than two; values as they are for regression.
std::vector<double> targetsOf(const Experiment& experiment, double target) {
    if (isRegression(experiment.data.kind)) return {target};
    const double no =
        experiment.loss == "hinge" || experiment.layers.back().activation == "tanh" ? -1 : 0;
    const std::size_t columns = shapeOf(experiment).targets;
    if (columns == 1) return {target == 1 ? 1 : no};
    std::vector<double> row(columns, no);
    row[static_cast<std::size_t>(target)] = 1;
    return row;
}

/// How many of all samples are for testing: at least one is not.
std::size_t testCount(const Data& data, std::size_t samples) {
    const double fraction = settingOf(bareData(), data, "testFraction");
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
std::span<const Entry> bareData() { return kBareEntries<kData>; }

DataShape shapeOf(const Experiment& experiment) {
    const Data& data = experiment.data;
    if (data.kind == "points") return {data.inputs[0].size(), data.targets[0].size()};
    if (isRegression(data.kind)) return {data.kind == "sine" ? 1u : 2u, 1};
    const int classes = classesOf(data);
    const bool oneHot = classes > 2 || experiment.layers.back().activation == "softmax";
    const double bits = hasSetting(data.kind, "bits") ? settingOf(bareData(), data, "bits") : 2;
    return {static_cast<std::size_t>(bits), oneHot ? static_cast<std::size_t>(classes) : 1};
}

std::size_t trainingCount(const Experiment& experiment) {
    const Data& data = experiment.data;
    std::size_t samples = data.inputs.size();
    if (hasSetting(data.kind, "bits")) {
        samples = std::size_t{1} << static_cast<int>(settingOf(bareData(), data, "bits"));
    } else if (hasSetting(data.kind, "samples")) {
        samples = static_cast<std::size_t>(settingOf(bareData(), data, "samples"));
    }
    return samples - testCount(data, samples);
}

DataRows makeRows(const Experiment& experiment) {
    const Data& data = experiment.data;
    Rows inputs = data.inputs;
    Rows targets = data.targets;
    if (data.kind != "points") {
        Drawn drawn = hasSetting(data.kind, "bits") ? drawLogic(data) : drawScattered(data);
        inputs = std::move(drawn.inputs);
        for (const double target : drawn.targets) targets.push_back(targetsOf(experiment, target));
    }
    const std::vector<bool> isTest = chooseTests(inputs.size(), testCount(data, inputs.size()));
    DataRows rows{inputs[0].size(), targets[0].size(), {}, {}, {}, {}};
    for (std::size_t s = 0; s < inputs.size(); ++s) {
        std::vector<double>& x = isTest[s] ? rows.testInputs : rows.inputs;
        std::vector<double>& y = isTest[s] ? rows.testTargets : rows.targets;
        x.insert(x.end(), inputs[s].begin(), inputs[s].end());
        y.insert(y.end(), targets[s].begin(), targets[s].end());
    }
    return rows;
}

Samples toSamples(const Experiment& experiment, std::size_t rawInputs,
                  std::span<const double> inputs) {
    assert(inputs.size() % rawInputs == 0);
    const std::vector<std::string>& features = experiment.features;
    const std::size_t columns = features.empty() ? rawInputs : features.size();
    Samples samples;
    samples.count = inputs.size() / rawInputs;
    samples.stride = vectorsFor(samples.count) * kLanes;
    samples.inputs.assign(columns * samples.stride, 0.0);
    for (std::size_t s = 0; s < samples.count; ++s) {
        const std::span<const double> row = inputs.subspan(s * rawInputs, rawInputs);
        for (std::size_t c = 0; c < columns; ++c) {
            samples.inputs[c * samples.stride + s] =
                features.empty() ? row[c] : featureOf(features[c], row[0], row[1]);
        }
    }
    return samples;
}

}  // namespace backprop
