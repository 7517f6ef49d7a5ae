#include "dataset.h"

#include <algorithm>
#include <cassert>

#include "lanes.h"
#include "random.h"
#include "settings.h"
#include "table.h"

namespace backprop {
namespace {

constexpr Setting kTestFraction = {
    "testFraction", Type::kNumber, 0, 0.9, 0, "Share of the samples kept for testing."};

constexpr Setting bitsSetting(double value) {
    return {"bits", Type::kInteger, 1,
            10,     value,          "Inputs; all their combinations are the samples."};
}

constexpr Setting kTwoBits[] = {bitsSetting(2), kTestFraction};
constexpr Setting kThreeBits[] = {bitsSetting(3), kTestFraction};
constexpr Setting kPoints[] = {kTestFraction};

constexpr Entry kData[] = {
    {"xor", "", "", "1 where an odd number of bits is 1.", kTwoBits},
    {"and", "", "", "1 where all bits are 1.", kTwoBits},
    {"or", "", "", "1 where some bit is 1.", kTwoBits},
    {"nand", "", "", "1 where not all bits are 1.", kTwoBits},
    {"nor", "", "", "1 where no bit is 1.", kTwoBits},
    {"xnor", "", "", "1 where an even number of bits is 1.", kTwoBits},
    {"parity", "", "", "As xor, of three bits unless said otherwise.", kThreeBits},
    {"points", "", "", "Rows of your own: inputs and targets.", kPoints},
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

/// All combinations of the bits in counting order, the first column the highest; targets 0 and 1.
void makeLogic(const Choice& data, Rows& inputs, Rows& targets) {
    const int bits = static_cast<int>(settingOf(dataEntries(), data, "bits"));
    for (int n = 0; n < 1 << bits; ++n) {
        std::vector<double> row;
        for (int b = bits - 1; b >= 0; --b) row.push_back(n >> b & 1);
        const int ones = static_cast<int>(std::count(row.begin(), row.end(), 1.0));
        inputs.push_back(std::move(row));
        targets.push_back({logic(data.kind, ones, bits) ? 1.0 : 0.0});
    }
}

/// Which samples are for testing: the first of a seeded permutation, in the order of the data set.
std::vector<bool> chooseTests(std::size_t samples, double fraction) {
    const auto tests = static_cast<std::size_t>(fraction * static_cast<double>(samples) + 0.5);
    std::vector<std::uint32_t> order(samples);
    for (std::size_t i = 0; i < samples; ++i) order[i] = static_cast<std::uint32_t>(i);
    Generator random(0);
    std::vector<bool> isTest(samples);
    for (std::size_t i = 0; i < std::min(tests, samples - 1); ++i) {
        std::swap(order[i], order[i + random.below(static_cast<std::uint32_t>(samples - i))]);
        isTest[order[i]] = true;
    }
    return isTest;
}

}  // namespace

std::span<const Entry> dataEntries() { return kData; }

DataShape shapeOf(const Experiment& experiment) {
    const Data& data = experiment.data;
    if (data.kind == "points") return {data.inputs[0].size(), data.targets[0].size()};
    return {static_cast<std::size_t>(settingOf(kData, data, "bits")), 1};
}

DataRows makeRows(const Experiment& experiment) {
    const Data& data = experiment.data;
    Rows inputs = data.inputs;
    Rows targets = data.targets;
    if (data.kind != "points") makeLogic(data, inputs, targets);
    const std::vector<bool> isTest =
        chooseTests(inputs.size(), settingOf(kData, data, "testFraction"));
    DataRows rows{inputs[0].size(), targets[0].size(), {}, {}, {}, {}};
    for (std::size_t s = 0; s < inputs.size(); ++s) {
        std::vector<double>& x = isTest[s] ? rows.testInputs : rows.inputs;
        std::vector<double>& y = isTest[s] ? rows.testTargets : rows.targets;
        x.insert(x.end(), inputs[s].begin(), inputs[s].end());
        y.insert(y.end(), targets[s].begin(), targets[s].end());
    }
    return rows;
}

Samples toSamples(const Experiment&, std::size_t rawInputs, std::span<const double> inputs) {
    assert(inputs.size() % rawInputs == 0);
    Samples samples;
    samples.count = inputs.size() / rawInputs;
    samples.stride = vectorsFor(samples.count) * kLanes;
    samples.inputs.assign(rawInputs * samples.stride, 0.0);
    for (std::size_t s = 0; s < samples.count; ++s) {
        for (std::size_t i = 0; i < rawInputs; ++i) {
            samples.inputs[i * samples.stride + s] = inputs[s * rawInputs + i];
        }
    }
    return samples;
}

}  // namespace backprop
