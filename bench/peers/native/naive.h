#pragma once
// A multilayer perceptron in plain C++: loops over samples, units and inputs, and the C library's
// functions. The inner loops run along memory, so that a compiler can use SIMD where it may.

#include <algorithm>
#include <cmath>

#include "protocol.h"

namespace peer {

class Naive : public Work {
  public:
    explicit Naive(Workload workload)
        : w_(std::move(workload)), parameters_(w_.parameters), gradient_(parameters_.size()) {
        for (const std::size_t n : w_.units) {
            a_.emplace_back(n);
            d_.emplace_back(n);
        }
    }

    void run(int epochs) override {
        for (int epoch = 0; epoch < epochs; ++epoch) {
            for (std::size_t first = 0; first < w_.samples; first += w_.batch) step(first);
        }
    }

    double loss() override {
        double total = 0;
        for (std::size_t s = 0; s < w_.samples; ++s) {
            forward(s);
            const double* y = &w_.targets[s * w_.units.back()];
            const std::vector<double>& a = a_.back();
            for (std::size_t j = 0; j < a.size(); ++j) {
                if (w_.output == Activation::kSoftmax) {
                    total -= y[j] > 0 ? y[j] * std::log(a[j]) : 0;
                } else {
                    total += (a[j] - y[j]) * (a[j] - y[j]) / static_cast<double>(a.size());
                }
            }
        }
        return total / static_cast<double>(w_.samples);
    }

  private:
    Activation activation(std::size_t layer) const {
        return layer + 1 == w_.layers() ? w_.output : w_.hidden;
    }

    void forward(std::size_t sample) {
        const double* x = &w_.inputs[sample * w_.units.front()];
        std::copy(x, x + w_.units.front(), a_[0].begin());
        for (std::size_t l = 0; l < w_.layers(); ++l) {
            const std::size_t fanIn = w_.units[l], fanOut = w_.units[l + 1];
            const double* weights = &parameters_[w_.weightsAt(l)];
            const double* biases = &parameters_[w_.biasesAt(l)];
            double* a = a_[l + 1].data();
            for (std::size_t j = 0; j < fanOut; ++j) a[j] = biases[j];
            for (std::size_t i = 0; i < fanIn; ++i) {
                const double input = a_[l][i];
                for (std::size_t j = 0; j < fanOut; ++j) a[j] += input * weights[i * fanOut + j];
            }
            activate(activation(l), a, fanOut);
        }
    }

    static void activate(Activation f, double* a, std::size_t n) {
        if (f == Activation::kSigmoid) {
            for (std::size_t j = 0; j < n; ++j) a[j] = 1.0 / (1.0 + std::exp(-a[j]));
        } else if (f == Activation::kTanh) {
            for (std::size_t j = 0; j < n; ++j) a[j] = std::tanh(a[j]);
        } else {
            const double largest = *std::max_element(a, a + n);
            double sum = 0;
            for (std::size_t j = 0; j < n; ++j) sum += a[j] = std::exp(a[j] - largest);
            for (std::size_t j = 0; j < n; ++j) a[j] /= sum;
        }
    }

    /// dL/dz of the output layer, times the batch.
    void outputSlope(std::size_t sample) {
        const double* y = &w_.targets[sample * w_.units.back()];
        const std::vector<double>& a = a_.back();
        const double scale = 2.0 / static_cast<double>(a.size());
        for (std::size_t j = 0; j < a.size(); ++j) {
            d_.back()[j] = w_.output == Activation::kSoftmax
                               ? a[j] - y[j]
                               : scale * (a[j] - y[j]) * slope(w_.output, a[j]);
        }
    }

    static double slope(Activation f, double a) {
        return f == Activation::kSigmoid ? a * (1 - a) : 1 - a * a;
    }

    void backward(std::size_t sample) {
        outputSlope(sample);
        for (std::size_t l = w_.layers(); l-- > 0;) {
            const std::size_t fanIn = w_.units[l], fanOut = w_.units[l + 1];
            const double* weights = &parameters_[w_.weightsAt(l)];
            double* dWeights = &gradient_[w_.weightsAt(l)];
            double* dBiases = &gradient_[w_.biasesAt(l)];
            const double* dz = d_[l + 1].data();
            for (std::size_t j = 0; j < fanOut; ++j) dBiases[j] += dz[j];
            for (std::size_t i = 0; i < fanIn; ++i) {
                const double input = a_[l][i];
                for (std::size_t j = 0; j < fanOut; ++j) dWeights[i * fanOut + j] += input * dz[j];
            }
            if (l == 0) return;
            for (std::size_t i = 0; i < fanIn; ++i) {
                double sum = 0;
                for (std::size_t j = 0; j < fanOut; ++j) sum += weights[i * fanOut + j] * dz[j];
                d_[l][i] = sum * slope(w_.hidden, a_[l][i]);
            }
        }
    }

    void step(std::size_t first) {
        std::fill(gradient_.begin(), gradient_.end(), 0.0);
        for (std::size_t s = first; s < first + w_.batch; ++s) {
            forward(s);
            backward(s);
        }
        const double rate = w_.rate / static_cast<double>(w_.batch);
        for (std::size_t i = 0; i < parameters_.size(); ++i) parameters_[i] -= rate * gradient_[i];
    }

    Workload w_;
    std::vector<double> parameters_, gradient_;
    std::vector<std::vector<double>> a_, d_;  ///< activations and dL/dz, inputs first
};

}  // namespace peer
