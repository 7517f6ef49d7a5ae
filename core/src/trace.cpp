#include <algorithm>

#include "backprop/session.h"
#include "lanes.h"
#include "run.h"
#include "table.h"
#include "text.h"

namespace backprop {
namespace {

/// The intermediates of one step, filled chunk by chunk by the kernels that train. Layers are
/// counted from 0 here, and from 1 in what it gives.
class Tracer {
  public:
    Tracer(Trainer& trainer)
        : network_(trainer.network()),
          data_(trainer.trainingSamples()),
          parameters_(trainer.parameters()),
          gradient_(parameters_.size()),
          last_(network_.layerCount() - 1),
          scale_(trainer.lossScale(data_.count)) {}

    std::vector<Intermediate> run() {
        declareForward();
        declareBackward();
        network_.bind(parameters_.data());
        double total = 0;
        for (std::size_t at = 0; at < data_.count; at += kChunk) total += runChunk(at);
        valuesOf(Quantity::kLoss, kNone) = {total * scale_};
        for (std::size_t l = 0; l <= last_; ++l) {
            const DenseArguments& d = network_.layer(l);
            const std::size_t weights = network_.weightsAt(l);
            const std::size_t biases = network_.biasesAt(l);
            const std::size_t end = biases + d.fanOut;
            fill(Quantity::kWeights, l, parameters_.data() + weights, parameters_.data() + biases);
            fill(Quantity::kBiases, l, parameters_.data() + biases, parameters_.data() + end);
            fill(Quantity::kWeightGradient, l, gradient_.data() + weights,
                 gradient_.data() + biases);
            fill(Quantity::kBiasGradient, l, gradient_.data() + biases, gradient_.data() + end);
        }
        return std::move(intermediates_);
    }

  private:
    /// The layer of what belongs to none.
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    /// Whether the loss goes straight to the last layer's d_z.
    bool isStraight(std::size_t layer) const { return layer == last_ && network_.throughLogits(); }
    /// Whether d_z is d_a times a slope for each unit; softmax goes through its Jacobian.
    bool hasSlopes(std::size_t layer) const {
        return !isStraight(layer) && !couplesUnits(network_.activation(layer));
    }
    Quantity slopeOf(std::size_t layer) const {
        return layer == last_ ? Quantity::kLossSlope : Quantity::kActivationSlope;
    }

    void declare(Quantity quantity, std::size_t layer, std::size_t rows, std::size_t columns) {
        intermediates_.push_back({quantity, layer + 1, rows, columns, {}});
    }

    void declareForward() {
        declare(Quantity::kInputs, kNone, data_.count, network_.inputs());
        declare(Quantity::kTargets, kNone, data_.count, network_.outputs());
        for (std::size_t l = 0; l <= last_; ++l) {
            const DenseArguments& d = network_.layer(l);
            declare(Quantity::kWeights, l, d.fanIn, d.fanOut);
            declare(Quantity::kBiases, l, 1, d.fanOut);
            declare(Quantity::kSums, l, data_.count, d.fanOut);
            declare(Quantity::kActivations, l, data_.count, d.fanOut);
        }
        declare(Quantity::kLoss, kNone, 1, 1);
    }

    void declareBackward() {
        for (std::size_t l = last_ + 1; l-- > 0;) {
            const DenseArguments& d = network_.layer(l);
            if (!isStraight(l)) declare(slopeOf(l), l, data_.count, d.fanOut);
            if (hasSlopes(l)) declare(Quantity::kDerivative, l, data_.count, d.fanOut);
            declare(Quantity::kSumSlope, l, data_.count, d.fanOut);
            declare(Quantity::kWeightGradient, l, d.fanIn, d.fanOut);
            declare(Quantity::kBiasGradient, l, 1, d.fanOut);
        }
    }

    std::vector<double>& valuesOf(Quantity quantity, std::size_t layer) {
        auto at = intermediates_.begin();
        while (at->quantity != quantity || at->layer != layer + 1) ++at;
        return at->values;
    }
    void fill(Quantity quantity, std::size_t layer, const double* first, const double* last) {
        valuesOf(quantity, layer).assign(first, last);
    }
    /// Appends the chunk's [units, samples], row-major samples x units.
    void append(Quantity quantity, std::size_t layer, const double* values, std::size_t stride,
                std::size_t units) {
        std::vector<double>& rows = valuesOf(quantity, layer);
        for (std::size_t s = 0; s < samples_; ++s) {
            for (std::size_t u = 0; u < units; ++u) rows.push_back(values[u * stride + s]);
        }
    }

    double runChunk(std::size_t at) {
        samples_ = std::min(kChunk, data_.count - at);
        const double* x = data_.inputs.data() + at;
        const double* y = data_.targets.data() + at;
        network_.setSamples(samples_);
        network_.forward(x, data_.stride);
        append(Quantity::kInputs, kNone, x, data_.stride, network_.inputs());
        append(Quantity::kTargets, kNone, y, data_.stride, network_.outputs());
        for (std::size_t l = 0; l <= last_; ++l) {
            const DenseArguments& d = network_.layer(l);
            append(Quantity::kSums, l, d.z, d.stride, d.fanOut);
            append(Quantity::kActivations, l, d.a, d.stride, d.fanOut);
        }
        const double sum = network_.lossSum(y, data_.stride);
        network_.lossSlope(y, data_.stride, scale_);
        for (std::size_t l = last_ + 1; l-- > 0;) backwardLayer(l, at > 0);
        return sum;
    }

    void backwardLayer(std::size_t l, bool accumulate) {
        const DenseArguments& d = network_.layer(l);
        if (!isStraight(l)) append(slopeOf(l), l, d.da, d.stride, d.fanOut);
        if (hasSlopes(l)) {
            const std::size_t vectors = d.stride / kLanes * d.fanOut;
            slopes_.resize(vectors * kLanes);
            kernels().derivative(network_.activation(l))(vectors, d.z, d.a, slopes_.data());
            append(Quantity::kDerivative, l, slopes_.data(), d.stride, d.fanOut);
        }
        network_.backwardLayer(l, gradient_.data(), accumulate);
        append(Quantity::kSumSlope, l, d.da, d.stride, d.fanOut);
    }

    Network& network_;
    const Samples& data_;
    std::span<const double> parameters_;
    std::vector<double> gradient_;
    std::size_t last_;
    double scale_;
    std::size_t samples_ = 0;
    std::vector<double> slopes_;
    std::vector<Intermediate> intermediates_;
};

}  // namespace

std::vector<Intermediate> Session::trace() const { return Tracer(run_->trainer).run(); }

std::string Intermediate::name() const {
    static constexpr std::string_view kNames[] = {"X",    "y",    "W#",        "b#",   "z#",
                                                  "a#",   "loss", "d_loss_a#", "d_a#", "d_a#_z#",
                                                  "d_z#", "d_W#", "d_b#"};
    std::string name;
    for (const char letter : kNames[static_cast<std::size_t>(quantity)]) {
        name += letter == '#' ? std::to_string(layer) : std::string(1, letter);
    }
    return name;
}

}  // namespace backprop
