#include "decode.h"

#include <cmath>
#include <optional>

namespace {

using backprop::Plan;

class Decoder {
  public:
    explicit Decoder(std::span<const double> stream) : next_(stream.data()) {}

    Plan read() {
        Plan plan{};
        plan.edits = readEdits();
        plan.data = readChoice();
        const std::size_t rows = readSize();
        plan.inputColumns = readSize();
        plan.targetColumns = readSize();
        plan.inputs = readNumbers(rows * plan.inputColumns);
        plan.targets = readNumbers(rows * plan.targetColumns);
        plan.features.resize(readSize());
        for (std::size_t& feature : plan.features) feature = readSize();
        plan.layers.resize(readSize());
        for (Plan::Layer& layer : plan.layers) layer = {readSize(), readSize()};
        plan.loss = readSize();
        plan.initializer = readChoice();
        plan.optimizer = readChoice();
        plan.schedule = readChoice();
        plan.l1 = *next_++;
        plan.l2 = *next_++;
        plan.batchSize = readWhole();
        plan.shuffle = readSize() != 0;
        plan.shuffleSeed = static_cast<std::uint32_t>(*next_++);
        plan.single = readSize() != 0;
        plan.epochs = readWhole();
        plan.stop.loss = readOptional<double>();
        plan.stop.patience = readOptional<std::int64_t>();
        return plan;
    }

    std::vector<backprop::Edit> readEdits() {
        std::vector<backprop::Edit> edits(readSize());
        for (backprop::Edit& edit : edits) {
            edit.epoch = readWhole();
            edit.learningRate = readOptional<double>();
            edit.parameter = readOptional<std::int64_t>();
            edit.value = *next_++;
        }
        return edits;
    }

  private:
    std::size_t readSize() { return static_cast<std::size_t>(*next_++); }
    std::int64_t readWhole() { return static_cast<std::int64_t>(*next_++); }
    template <typename T>
    std::optional<T> readOptional() {
        const double value = *next_++;
        if (std::isnan(value)) return std::nullopt;
        return static_cast<T>(value);
    }
    std::vector<double> readNumbers(std::size_t count) {
        next_ += count;
        return {next_ - count, next_};
    }
    Plan::Choice readChoice() {
        const std::size_t kind = readSize();
        return {kind, readNumbers(readSize())};
    }

    const double* next_;
};

}  // namespace

Plan decode(std::span<const double> stream) { return Decoder(stream).read(); }

std::vector<backprop::Edit> decodeEdits(std::span<const double> stream) {
    return Decoder(stream).readEdits();
}
