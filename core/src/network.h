#pragma once
// A dense network of any depth and width: where its parameters lie, and its forward and backward
// pass over one chunk of samples: docs/mathematics.md (1) to (7).

#include <span>
#include <vector>

#include "backprop/plan.h"
#include "kernels.h"

namespace backprop {

/// Samples as the kernels want them: [columns, samples], padded to whole vectors.
struct Samples {
    std::size_t count = 0;
    std::size_t stride = 0;       ///< count padded to whole vectors
    std::vector<double> inputs;   ///< [network inputs, stride]
    std::vector<double> targets;  ///< [outputs, stride]
};

class Network {
  public:
    /// Of the plan's layers on so many network inputs, for chunks of at most `samples`.
    Network(const Plan& plan, std::size_t inputs, std::size_t samples);

    std::size_t parameterCount() const { return parameterCount_; }
    std::size_t inputs() const { return layers_.front().fanIn; }
    std::size_t outputs() const { return layers_.back().fanOut; }
    std::size_t layerCount() const { return layers_.size(); }
    /// The layer's shape and, after a pass, its z, a and dz; and where its parameters lie.
    const DenseArguments& layer(std::size_t index) const { return layers_[index]; }
    std::size_t activation(std::size_t layer) const { return activations_[layer]; }
    std::size_t weightsAt(std::size_t layer) const { return offsets_[layer]; }
    std::size_t biasesAt(std::size_t layer) const {
        return offsets_[layer] + layers_[layer].fanIn * layers_[layer].fanOut;
    }
    /// Whether loss and output activation are taken together, straight to dz.
    bool throughLogits() const { return throughLogits_; }

    /// Whether the products of wide layers are made in single precision from now on.
    void setSingle(bool single);
    /// Uses these parameters from now on; they must outlive their use.
    void bind(const double* parameters);
    /// The samples of the following passes, at most as many as the constructor said.
    void setSamples(std::size_t samples);

    /// z and a of every layer for inputs [inputs, samples].
    void forward(const double* x, std::size_t xStride);
    /// After forward: the sum of the loss's terms against targets [outputs, samples].
    double lossSum(const double* y, std::size_t yStride);
    /// After forward: the gradient of scale * (sum of terms), written or added to `gradient`, laid
    /// out as the parameters.
    void backward(const double* y, std::size_t yStride, double scale, double* gradient,
                  bool accumulate);
    /// The loss's slope into the last layer's da: the beginning of backward.
    void lossSlope(const double* y, std::size_t yStride, double scale);
    /// One layer of backward: its da becomes dz; the layer before gets its da.
    void backwardLayer(std::size_t layer, double* gradient, bool accumulate);

    /// Whether `descend` may be used for so many samples: there is a kernel for whole steps of this
    /// very network.
    bool canDescend(std::size_t samples) const { return descendFor(samples) != nullptr; }
    /// Whole steps of plain gradient descent on these parameters, which are bound, and the sum of
    /// the loss's terms before the first.
    void descend(const Samples& samples, double scale, double* parameters, double learningRate,
                 int steps, double& lossSum);

    /// What the layers from `first` on put out, each row-major samples x units.
    std::vector<std::vector<double>> activations(const Samples& samples, std::size_t first);
    /// What the last one does.
    std::vector<double> predict(const Samples& samples);

    /// The loss of the samples, chunk by chunk: the sum of the terms times scale.
    double loss(const Samples& samples, double scale);

  private:
    Descend descendFor(std::size_t samples) const;

    std::size_t parameterCount_ = 0;
    std::size_t loss_;
    bool throughLogits_;
    std::vector<std::size_t> activations_, offsets_;
    std::vector<DenseArguments> layers_;
    std::vector<DenseKernel> forward_, backward_;
    Descend descend_ = nullptr;
    LossSum lossSum_;
    LossSlope lossSlope_;
    LossArguments lossArguments_{};
    const double* bound_ = nullptr;
    std::size_t samples_ = 0, capacity_;
    std::vector<double> buffers_;  ///< z, a and da of every layer
};

}  // namespace backprop
