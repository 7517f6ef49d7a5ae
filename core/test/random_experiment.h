#pragma once
// Experiments and points at random, the same on every machine: for properties that hold for all.

#include <algorithm>
#include <cmath>

#include "backprop/backprop.h"
#include "random.h"

namespace backprop::test {

class Dice {
  public:
    explicit Dice(std::uint64_t seed) : random_(seed) {}

    int between(int low, int high) {
        return low + static_cast<int>(random_.below(static_cast<std::uint32_t>(high - low + 1)));
    }
    double number(double low, double high) { return low + (high - low) * random_.uniform(); }
    bool coin() { return random_.below(2) == 1; }
    /// A name of the catalog.
    std::string name(std::span<const Entry> entries) {
        return std::string(entries[random_.below(static_cast<std::uint32_t>(entries.size()))].name);
    }

  private:
    Generator random_;
};

inline Rows randomRows(Dice& dice, std::size_t samples, std::size_t columns, double low,
                       double high) {
    Rows rows(samples, std::vector<double>(columns));
    for (std::vector<double>& row : rows) {
        for (double& x : row) x = std::round(dice.number(low, high) * 1000) / 1000;
    }
    return rows;
}

/// Makes targets and output activation fit the experiment's loss.
inline void fitTargets(Experiment& e, Dice& dice) {
    const std::size_t samples = e.data.inputs.size();
    const auto outputs = static_cast<std::size_t>(e.layers.back().units);
    std::string& output = e.layers.back().activation;
    if (e.loss == "binary_cross_entropy") output = "sigmoid";
    if (e.loss == "cross_entropy") output = "softmax";
    e.data.targets = randomRows(dice, samples, outputs, e.loss == "hinge" ? -1 : 0, 1);
    if (e.loss != "hinge") return;
    for (std::vector<double>& row : e.data.targets) {
        for (double& y : row) y = y > 0 ? 1 : -1;
    }
}

/// A network of random depth and width with points of its own.
inline Experiment randomNetwork(Dice& dice, int maxDepth, int maxUnits, int maxSamples) {
    Experiment e;
    const int depth = dice.between(1, maxDepth);
    e.layers.clear();
    for (int l = 0; l < depth; ++l) {
        std::string activation;
        do activation = dice.name(catalog().activations);
        while (activation == "softmax" && l + 1 < depth);
        e.layers.push_back({dice.between(1, maxUnits), activation});
    }
    e.loss = dice.name(catalog().losses);
    e.initializer = {"xavier_normal", {{"seed", dice.between(0, 1000000)}}};
    e.data.kind = "points";
    const auto samples = static_cast<std::size_t>(dice.between(1, maxSamples));
    const auto inputs = static_cast<std::size_t>(dice.between(1, maxUnits));
    e.data.inputs = randomRows(dice, samples, inputs, -1, 1);
    fitTargets(e, dice);
    return e;
}

/// A setting's value at random, near its default or in its range.
inline double randomSetting(Dice& dice, const Setting& s) {
    if (s.type == Setting::Type::kBoolean) return dice.coin();
    if (s.type == Setting::Type::kInteger) {
        return dice.between(static_cast<int>(s.minimum),
                            static_cast<int>(std::min(s.maximum, 50.0)));
    }
    if (s.ends == Setting::Ends::kExcluded) return s.defaultValue;
    if (s.defaultValue == 0) return dice.number(0, 0.3);
    const double value = s.defaultValue * dice.number(0.5, 1.5);
    const bool below = s.ends == Setting::Ends::kMaximumExcluded;
    return std::clamp(value, s.minimum, below ? std::nextafter(s.maximum, 0) : s.maximum);
}

/// A choice with each setting given at random or left out.
inline Choice randomChoice(Dice& dice, std::span<const Entry> entries) {
    Choice choice{dice.name(entries), {}};
    for (const Entry& entry : entries) {
        if (entry.name != choice.kind) continue;
        for (const Setting& s : entry.settings) {
            if (dice.coin()) choice.settings[std::string(s.name)] = randomSetting(dice, s);
        }
    }
    return choice;
}

/// Any experiment: every field may be anything that the catalog allows, small enough to be quick.
inline Experiment randomExperiment(Dice& dice) {
    Experiment e = randomNetwork(dice, 4, 7, 40);
    if (dice.coin()) {
        const std::string hidden = e.layers.front().activation;
        e.data = {};
        static_cast<Choice&>(e.data) = randomChoice(dice, catalog().data.first(14));
        if (e.data.settings.contains("samples")) e.data.settings["samples"] = dice.between(2, 60);
        e.loss = "mse";
        e.layers.back() = {1, dice.coin() ? "sigmoid" : "tanh"};
        const bool classes = e.data.kind == "gaussians" || e.data.kind == "spiral";
        const auto given = e.data.settings.find("classes");
        if (classes && given != e.data.settings.end() && given->second > 2) {
            e.layers.back() = {static_cast<int>(given->second), "softmax"};
            e.loss = "cross_entropy";
        }
        if (e.data.kind != "sine" && !e.data.settings.contains("bits") && e.data.kind != "parity" &&
            dice.coin()) {
            e.features = {"x1_squared", "x2", "sin_x1", "x1_x2"};
        }
    }
    e.initializer = randomChoice(dice, catalog().initializers);
    e.optimizer = randomChoice(dice, catalog().optimizers);
    e.schedule = randomChoice(dice, catalog().schedules);
    e.epochs = dice.between(1, 60);
    if (e.schedule.settings.contains("warmup")) e.schedule.settings["warmup"] = dice.between(0, 20);
    if (dice.coin()) e.l1 = dice.number(0, 0.01);
    if (dice.coin()) e.l2 = dice.number(0, 0.01);
    if (e.optimizer.kind != "lbfgs" && dice.coin()) e.batchSize = dice.between(1, 20);
    e.shuffle = dice.coin();
    e.shuffleSeed = static_cast<std::uint32_t>(dice.between(0, 1000));
    if (dice.coin()) e.edits.push_back({dice.between(0, 40), 0.05, std::nullopt, 0});
    if (dice.coin()) e.edits.push_back({dice.between(0, 40), std::nullopt, 0, dice.number(-1, 1)});
    return e;
}

}  // namespace backprop::test
