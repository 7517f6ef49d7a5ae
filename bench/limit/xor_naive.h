#pragma once
// The post's step as a plain C++ loop over samples and units, with the C library's exp.

#include <cmath>

#include "xor_parameters.h"

namespace backprop::naive {

using limit::XorParameters;

inline double sigmoid(double z) { return 1.0 / (1.0 + std::exp(-z)); }

/// Trains in place; returns the loss before the last of the epochs.
inline double trainXor(XorParameters& p, double rate, int epochs) {
    constexpr double kInputs[4][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    constexpr double kTargets[4] = {0, 1, 1, 0};
    double loss = 0.0;
    for (int epoch = 0; epoch < epochs; ++epoch) {
        XorParameters gradient = {};
        loss = 0.0;
        for (std::size_t s = 0; s < 4; ++s) {
            const double* x = kInputs[s];
            double hidden[2];
            double z = p[8];
            for (std::size_t j = 0; j < 2; ++j) {
                hidden[j] = sigmoid(p[4 + j] + x[0] * p[j] + x[1] * p[2 + j]);
                z += hidden[j] * p[6 + j];
            }
            const double output = sigmoid(z), error = output - kTargets[s];
            loss += error * error / 4.0;
            const double slope = error / 2.0 * output * (1.0 - output);
            gradient[8] += slope;
            for (std::size_t j = 0; j < 2; ++j) {
                const double back = slope * p[6 + j] * hidden[j] * (1.0 - hidden[j]);
                gradient[j] += x[0] * back;
                gradient[2 + j] += x[1] * back;
                gradient[4 + j] += back;
                gradient[6 + j] += slope * hidden[j];
            }
        }
        for (std::size_t i = 0; i < p.size(); ++i) p[i] -= rate * gradient[i];
    }
    return loss;
}

}  // namespace backprop::naive
