#pragma once
// What is measured, as experiments; workloads.mjs has the same for JavaScript, and npm run
// bench:peers compares the digests.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "backprop/backprop.h"

namespace backprop::workload {

/// W1: the post's run, 2-2-1 sigmoids on the four samples of XOR, full batch. W4 is the same under
/// many seeds.
inline Experiment post() { return {}; }

/// tanh layers on so many samples of moons.
inline Experiment moons(std::vector<int> units, int samples) {
    Experiment e;
    e.data = {{"moons", {{"samples", samples}}}, {}, {}};
    e.layers.clear();
    for (const int n : units) e.layers.push_back({n, "tanh"});
    e.initializer.kind = "xavier_uniform";
    e.shuffle = false;
    return e;
}

/// W2: 2-8-8-1, 200 samples in batches of 10.
inline Experiment small() {
    Experiment e = moons({8, 8, 1}, 200);
    e.batchSize = 10;
    return e;
}

/// The cost against the samples: W2's network, full batch.
inline Experiment ofSamples(int samples) { return moons({8, 8, 1}, samples); }

/// The cost against the width: two layers of so many units, 128 samples, full batch.
inline constexpr int kWidthSamples = 128;
inline Experiment ofWidth(int width) { return moons({width, width, 1}, kWidthSamples); }

/// The multiplications and additions of an epoch of ofWidth: forward, weight gradient, and the
/// input gradient of all layers but the first.
inline double flopOfWidth(int width) {
    const double w = width;
    return kWidthSamples * (6 * w * w + 14 * w);
}

/// W3: 64-256-256-10 tanh, softmax and cross-entropy, 1024 samples in batches of 128. The class of
/// a sample is the place of the largest of its first ten inputs.
inline Experiment wide() {
    constexpr int kSamples = 1024, kInputs = 64, kClasses = 10;
    Experiment e;
    e.data.kind = "points";
    std::uint32_t state = 1;
    for (int s = 0; s < kSamples; ++s) {
        std::vector<double> row, target(kClasses);
        for (int i = 0; i < kInputs; ++i) {
            state = state * 1664525u + 1013904223u;  // Numerical Recipes' generator
            row.push_back(state / 2147483648.0 - 1.0);
        }
        std::size_t best = 0;
        for (std::size_t c = 1; c < kClasses; ++c) best = row[c] > row[best] ? c : best;
        target[best] = 1;
        e.data.inputs.push_back(std::move(row));
        e.data.targets.push_back(std::move(target));
    }
    e.layers = {{256, "tanh"}, {256, "tanh"}, {kClasses, "softmax"}};
    e.loss = "cross_entropy";
    e.initializer.kind = "xavier_uniform";
    e.batchSize = 128;
    e.shuffle = false;
    return e;
}

}  // namespace backprop::workload
