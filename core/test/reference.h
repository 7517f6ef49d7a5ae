#pragma once
// The oracle: a dense network in the plainest C++, straight from docs/mathematics.md, with the
// standard library's functions and no thought of speed. It shares nothing with the core but the
// names.

#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "backprop/backprop.h"

namespace reference {

using Vector = std::vector<double>;
using Matrix = std::vector<Vector>;

inline double sigmoid(double z) { return 1 / (1 + std::exp(-z)); }
inline double softplus(double z) { return std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z))); }
inline double normalBelow(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

inline double activate(const std::string& name, double z) {
    const double lambda = 1.0507009873554805, alpha = 1.6732632423543772;
    if (name == "sigmoid") return sigmoid(z);
    if (name == "tanh") return std::tanh(z);
    if (name == "relu") return z > 0 ? z : 0;
    if (name == "leaky_relu") return z > 0 ? z : 0.01 * z;
    if (name == "elu") return z > 0 ? z : std::expm1(z);
    if (name == "selu") return lambda * (z > 0 ? z : alpha * std::expm1(z));
    if (name == "softplus") return softplus(z);
    if (name == "softsign") return z / (1 + std::abs(z));
    if (name == "silu") return z * sigmoid(z);
    if (name == "gelu") return z * normalBelow(z);
    if (name == "mish") return z * std::tanh(softplus(z));
    if (name == "sine") return std::sin(z);
    return z;  // identity
}

inline double slope(const std::string& name, double z) {
    const double a = activate(name, z), s = sigmoid(z);
    if (name == "sigmoid") return a * (1 - a);
    if (name == "tanh") return 1 - a * a;
    if (name == "relu") return z > 0;
    if (name == "leaky_relu") return z > 0 ? 1 : 0.01;
    if (name == "elu") return z > 0 ? 1 : std::exp(z);
    if (name == "selu") return 1.0507009873554805 * (z > 0 ? 1 : 1.6732632423543772 * std::exp(z));
    if (name == "softplus") return s;
    if (name == "softsign") return std::pow(1 + std::abs(z), -2);
    if (name == "silu") return s + z * s * (1 - s);
    if (name == "gelu") return normalBelow(z) + z * std::exp(-z * z / 2) / std::sqrt(2 * M_PI);
    if (name == "mish") {
        const double t = std::tanh(softplus(z));
        return t + z * (1 - t * t) * s;
    }
    if (name == "sine") return std::cos(z);
    return 1;  // identity
}

struct Result {
    double loss = 0;
    Vector gradient;  ///< laid out as parameters()
    Matrix outputs;   ///< a row for each sample
};

/// Loss and gradient over all samples, one sample after the other.
inline Result evaluate(const backprop::Experiment& e, const backprop::Rows& inputs,
                       const backprop::Rows& targets, const Vector& parameters) {
    Result result;
    result.gradient.assign(parameters.size(), 0);
    const std::size_t layers = e.layers.size(), outputs = targets[0].size();
    double count = static_cast<double>(inputs.size() * outputs);
    if (e.loss == "cross_entropy") count = static_cast<double>(inputs.size());
    for (std::size_t s = 0; s < inputs.size(); ++s) {
        Matrix a{inputs[s]}, z{{}};
        std::vector<std::size_t> offsets;
        std::size_t at = 0;
        for (const backprop::Layer& layer : e.layers) {
            const std::size_t in = a.back().size(), out = static_cast<std::size_t>(layer.units);
            Vector sum(out), act(out);
            for (std::size_t u = 0; u < out; ++u) {
                sum[u] = parameters[at + in * out + u];
                for (std::size_t i = 0; i < in; ++i)
                    sum[u] += a.back()[i] * parameters[at + i * out + u];
                act[u] = activate(layer.activation, sum[u]);
            }
            if (layer.activation == "softmax") {
                double total = 0;
                const double top = *std::max_element(sum.begin(), sum.end());
                for (const double v : sum) total += std::exp(v - top);
                for (std::size_t u = 0; u < out; ++u) act[u] = std::exp(sum[u] - top) / total;
            }
            offsets.push_back(at);
            at += (in + 1) * out;
            z.push_back(sum);
            a.push_back(act);
        }
        const Vector& said = a.back();
        const Vector& y = targets[s];
        Vector da(outputs), dz(outputs);
        for (std::size_t u = 0; u < outputs; ++u) {
            const double d = said[u] - y[u];
            if (e.loss == "mse") result.loss += d * d, da[u] = 2 * d;
            if (e.loss == "mae") result.loss += std::abs(d), da[u] = d > 0 ? 1 : d < 0 ? -1 : 0;
            if (e.loss == "huber") {
                result.loss += std::abs(d) <= 1 ? d * d / 2 : std::abs(d) - 0.5;
                da[u] = std::abs(d) <= 1 ? d : d > 0 ? 1 : -1;
            }
            if (e.loss == "hinge") {
                result.loss += std::max(0.0, 1 - said[u] * y[u]);
                da[u] = said[u] * y[u] < 1 ? -y[u] : 0;
            }
            if (e.loss == "binary_cross_entropy") {
                result.loss -= y[u] * std::log(said[u]) + (1 - y[u]) * std::log1p(-said[u]);
                da[u] = (said[u] - y[u]) / (said[u] * (1 - said[u]));
            }
            if (e.loss == "cross_entropy") {
                result.loss -= y[u] * std::log(said[u]);
                da[u] = -y[u] / said[u];
            }
        }
        for (std::size_t l = layers; l-- > 0;) {
            const std::size_t in = a[l].size(), out = a[l + 1].size();
            const std::string& name = e.layers[l].activation;
            dz.assign(out, 0);
            for (std::size_t u = 0; u < out; ++u) {
                if (name != "softmax") {
                    dz[u] = da[u] * slope(name, z[l + 1][u]);
                    continue;
                }
                for (std::size_t k = 0; k < out; ++k) {
                    dz[u] += da[k] * a[l + 1][k] * ((k == u) - a[l + 1][u]);
                }
            }
            Vector before(in);
            for (std::size_t u = 0; u < out; ++u) {
                result.gradient[offsets[l] + in * out + u] += dz[u] / count;
                for (std::size_t i = 0; i < in; ++i) {
                    result.gradient[offsets[l] + i * out + u] += a[l][i] * dz[u] / count;
                    before[i] += parameters[offsets[l] + i * out + u] * dz[u];
                }
            }
            da = before;
        }
        result.outputs.push_back(said);
    }
    result.loss /= count;
    return result;
}

}  // namespace reference
