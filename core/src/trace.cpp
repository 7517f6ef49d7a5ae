#include <algorithm>

#include "backprop/session.h"
#include "lanes.h"
#include "run.h"
#include "table.h"
#include "text.h"

namespace backprop {
namespace {

/// The intermediates of one step, filled chunk by chunk by the kernels that train.
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
        fill("loss", {total * scale_});
        for (std::size_t l = 0; l <= last_; ++l) {
            const DenseArguments& d = network_.layer(l);
            fillFrom("W" + number(l), parameters_, network_.weightsAt(l), d.fanIn * d.fanOut);
            fillFrom("b" + number(l), parameters_, network_.biasesAt(l), d.fanOut);
            fillFrom("d_W" + number(l), gradient_, network_.weightsAt(l), d.fanIn * d.fanOut);
            fillFrom("d_b" + number(l), gradient_, network_.biasesAt(l), d.fanOut);
        }
        return std::move(intermediates_);
    }

  private:
    static std::string number(std::size_t layer) { return countText(layer + 1); }
    /// Whether the loss goes straight to the last layer's d_z.
    bool isStraight(std::size_t layer) const { return layer == last_ && network_.throughLogits(); }
    /// Whether d_z is d_a times a slope for each unit; softmax goes through its Jacobian.
    bool hasSlopes(std::size_t layer) const {
        return !isStraight(layer) && !couplesUnits(network_.activation(layer));
    }
    std::string nameOfDa(std::size_t layer) const {
        return (layer == last_ ? "d_loss_a" : "d_a") + number(layer);
    }

    void declare(const std::string& name, std::size_t rows, std::size_t columns) {
        intermediates_.push_back({name, rows, columns, {}});
    }

    void declareForward() {
        declare("X", data_.count, network_.inputs());
        declare("y", data_.count, network_.outputs());
        for (std::size_t l = 0; l <= last_; ++l) {
            const DenseArguments& d = network_.layer(l);
            declare("W" + number(l), d.fanIn, d.fanOut);
            declare("b" + number(l), 1, d.fanOut);
            declare("z" + number(l), data_.count, d.fanOut);
            declare("a" + number(l), data_.count, d.fanOut);
        }
        declare("loss", 1, 1);
    }

    void declareBackward() {
        for (std::size_t l = last_ + 1; l-- > 0;) {
            const DenseArguments& d = network_.layer(l);
            if (!isStraight(l)) declare(nameOfDa(l), data_.count, d.fanOut);
            if (hasSlopes(l)) {
                declare("d_a" + number(l) + "_z" + number(l), data_.count, d.fanOut);
            }
            declare("d_z" + number(l), data_.count, d.fanOut);
            declare("d_W" + number(l), d.fanIn, d.fanOut);
            declare("d_b" + number(l), 1, d.fanOut);
        }
    }

    std::vector<double>& valuesOf(const std::string& name) {
        return std::find_if(intermediates_.begin(), intermediates_.end(),
                            [&](const Intermediate& i) { return i.name == name; })
            ->values;
    }
    void fill(const std::string& name, std::vector<double> values) {
        valuesOf(name) = std::move(values);
    }
    void fillFrom(const std::string& name, std::span<const double> block, std::size_t at,
                  std::size_t count) {
        const auto values = block.subspan(at, count);
        fill(name, {values.begin(), values.end()});
    }
    /// Appends the chunk's [units, samples], row-major samples x units.
    void append(const std::string& name, const double* values, std::size_t stride,
                std::size_t units) {
        std::vector<double>& rows = valuesOf(name);
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
        append("X", x, data_.stride, network_.inputs());
        append("y", y, data_.stride, network_.outputs());
        for (std::size_t l = 0; l <= last_; ++l) {
            const DenseArguments& d = network_.layer(l);
            append("z" + number(l), d.z, d.stride, d.fanOut);
            append("a" + number(l), d.a, d.stride, d.fanOut);
        }
        const double sum = network_.lossSum(y, data_.stride);
        network_.lossSlope(y, data_.stride, scale_);
        for (std::size_t l = last_ + 1; l-- > 0;) backwardLayer(l, at > 0);
        return sum;
    }

    void backwardLayer(std::size_t l, bool accumulate) {
        const DenseArguments& d = network_.layer(l);
        if (!isStraight(l)) append(nameOfDa(l), d.da, d.stride, d.fanOut);
        if (hasSlopes(l)) {
            const std::size_t vectors = d.stride / kLanes * d.fanOut;
            slopes_.resize(vectors * kLanes);
            kernels().derivative(network_.activation(l))(vectors, d.z, d.a, slopes_.data());
            append("d_a" + number(l) + "_z" + number(l), slopes_.data(), d.stride, d.fanOut);
        }
        network_.backwardLayer(l, gradient_.data(), accumulate);
        append("d_z" + number(l), d.da, d.stride, d.fanOut);
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

}  // namespace backprop
