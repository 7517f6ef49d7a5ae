#include "network.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "lanes.h"
#include "places.h"
#include "table.h"

namespace backprop {

Network::Network(const Plan& plan, std::size_t inputs, std::size_t samples)
    : loss_(plan.loss),
      throughLogits_(goesThroughLogits(loss_)),
      lossSum_(kernels().lossSum(loss_)),
      lossSlope_(kernels().lossSlope(loss_)),
      capacity_(vectorsFor(std::min(samples, kChunk)) * kLanes) {
    std::size_t fanIn = inputs;
    std::size_t units = 0;
    for (const Plan::Layer& layer : plan.layers) {
        DenseArguments d{};
        d.fanIn = fanIn;
        d.fanOut = layer.units;
        d.stride = capacity_;
        layers_.push_back(d);
        activations_.push_back(layer.activation);
        offsets_.push_back(parameterCount_);
        parameterCount_ += (d.fanIn + 1) * d.fanOut;
        units += d.fanOut;
        fanIn = d.fanOut;
    }
    std::size_t scratch = 0;
    for (const DenseArguments& d : layers_) {
        if (!isPackable(d.fanIn, d.fanOut)) continue;
        scratch = std::max(scratch, scratchFor(d.fanIn, d.fanOut, capacity_));
    }
    buffers_.assign(3 * units * capacity_ + scratch, 0.0);
    double* next = buffers_.data();
    for (DenseArguments& d : layers_) {
        if (isPackable(d.fanIn, d.fanOut)) d.scratch = next;
    }
    next += scratch;
    setSingle(plan.single);
    for (DenseArguments& d : layers_) {
        for (double** buffer : {&d.z, &d.a, &d.da}) {
            *buffer = next;
            next += d.fanOut * capacity_;
        }
    }
    for (std::size_t l = 1; l < layers_.size(); ++l) {
        layers_[l].x = layers_[l - 1].a;
        layers_[l].xStride = capacity_;
        layers_[l].dx = layers_[l - 1].da;
    }
    const DenseArguments& last = layers_.back();
    lossArguments_ = {last.fanOut, 0, last.z, last.a, capacity_, nullptr, 0, 0, last.da};
    forward_.resize(layers_.size());
    backward_.resize(layers_.size());
    setSamples(capacity_);
}

void Network::setSingle(bool single) {
    for (DenseArguments& d : layers_) d.single = single && isWide(d.fanIn, d.fanOut);
}

void Network::bind(const double* parameters) {
    if (parameters == bound_) return;
    bound_ = parameters;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        layers_[l].weights = parameters + weightsAt(l);
        layers_[l].biases = parameters + biasesAt(l);
    }
}

void Network::setSamples(std::size_t samples) {
    assert(samples >= 1 && samples <= capacity_);
    if (samples == samples_) return;
    samples_ = samples;
    lossArguments_.samples = samples;
    descend_ = descendFor(samples);
    const std::size_t last = layers_.size() - 1;
    for (std::size_t l = 0; l <= last; ++l) {
        DenseArguments& d = layers_[l];
        d.samples = samples;
        forward_[l] = kernels().forward(activations_[l], d.fanIn, samples);
        const bool straight = l == last && throughLogits_;
        backward_[l] =
            kernels().backward(straight ? place::kIdentity : activations_[l], d.fanIn, samples);
    }
}

void Network::forward(const double* x, std::size_t xStride) {
    layers_[0].x = x;
    layers_[0].xStride = xStride;
    for (std::size_t l = 0; l < layers_.size(); ++l) forward_[l](layers_[l]);
}

double Network::lossSum(const double* y, std::size_t yStride) {
    lossArguments_.y = y;
    lossArguments_.yStride = yStride;
    return lossSum_(lossArguments_);
}

void Network::lossSlope(const double* y, std::size_t yStride, double scale) {
    lossArguments_.y = y;
    lossArguments_.yStride = yStride;
    lossArguments_.scale = scale;
    lossSlope_(lossArguments_);
}

void Network::backwardLayer(std::size_t layer, double* gradient, bool accumulate) {
    DenseArguments& d = layers_[layer];
    d.dWeights = gradient + weightsAt(layer);
    d.dBiases = gradient + biasesAt(layer);
    d.accumulate = accumulate;
    backward_[layer](d);
}

void Network::backward(const double* y, std::size_t yStride, double scale, double* gradient,
                       bool accumulate) {
    lossSlope(y, yStride, scale);
    for (std::size_t l = layers_.size(); l-- > 0;) backwardLayer(l, gradient, accumulate);
}

Descend Network::descendFor(std::size_t samples) const {
    if (layers_.size() != 2 || outputs() != 1 || loss_ != place::kMeanSquaredError) return nullptr;
    const DenseArguments& hidden = layers_[0];
    return kernels().descend(activations_[0], activations_[1], hidden.fanIn, hidden.fanOut,
                             samples);
}

void Network::descend(const Samples& samples, double scale, double* parameters, double learningRate,
                      int steps, double& lossSum) {
    layers_[0].x = samples.inputs.data();
    layers_[0].xStride = samples.stride;
    lossArguments_.y = samples.targets.data();
    lossArguments_.yStride = samples.stride;
    lossArguments_.scale = scale;
    for (std::size_t l = 0; l < 2; ++l) {
        layers_[l].dWeights = parameters + weightsAt(l);
        layers_[l].dBiases = parameters + biasesAt(l);
    }
    descend_(layers_[0], layers_[1], lossArguments_, learningRate, steps, lossSum);
}

namespace {

/// Writes what a layer puts out, [units, samples], row-major samples x units.
void writeRows(const DenseArguments& layer, double* rows) {
    for (std::size_t s = 0; s < layer.samples; ++s) {
        for (std::size_t u = 0; u < layer.fanOut; ++u) *rows++ = layer.a[u * layer.stride + s];
    }
}

}  // namespace

std::vector<std::vector<double>> Network::activations(const Samples& samples, std::size_t first) {
    std::vector<std::vector<double>> all(layers_.size() - first);
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i].resize(samples.count * layers_[first + i].fanOut);
    }
    for (std::size_t at = 0; at < samples.count; at += kChunk) {
        setSamples(std::min(kChunk, samples.count - at));
        forward(samples.inputs.data() + at, samples.stride);
        for (std::size_t i = 0; i < all.size(); ++i) {
            const DenseArguments& layer = layers_[first + i];
            writeRows(layer, all[i].data() + at * layer.fanOut);
        }
    }
    return all;
}

std::vector<double> Network::predict(const Samples& samples) {
    return std::move(activations(samples, layers_.size() - 1).front());
}

double Network::loss(const Samples& samples, double scale) {
    double total = 0;
    for (std::size_t at = 0; at < samples.count; at += kChunk) {
        setSamples(std::min(kChunk, samples.count - at));
        forward(samples.inputs.data() + at, samples.stride);
        total += lossSum(samples.targets.data() + at, samples.stride);
    }
    return total * scale;
}

}  // namespace backprop
