#include "trainer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "initializer.h"
#include "lanes.h"
#include "places.h"
#include "random.h"
#include "settings.h"
#include "table.h"

namespace backprop {
namespace {

std::size_t paddedTo(std::size_t n) { return vectorsFor(n) * kLanes; }

Samples samplesOf(const Plan& plan, const DataRows& rows, std::span<const double> inputs,
                  std::span<const double> targets) {
    Samples samples = toSamples(plan, rows.inputColumns, inputs);
    samples.targets.assign(rows.targetColumns * samples.stride, 0.0);
    for (std::size_t s = 0; s < samples.count; ++s) {
        for (std::size_t t = 0; t < rows.targetColumns; ++t) {
            samples.targets[t * samples.stride + s] = targets[s * rows.targetColumns + t];
        }
    }
    return samples;
}

std::size_t batchSizeOf(const Plan& plan, std::size_t samples) {
    const auto size = static_cast<std::size_t>(plan.batchSize);
    return size >= samples ? 0 : size;
}

std::int64_t stepsFor(std::size_t samples, std::size_t batchSize) {
    return batchSize == 0 ? 1 : static_cast<std::int64_t>((samples + batchSize - 1) / batchSize);
}

double largest(std::span<const double> values) {
    double most = 0;
    for (const double x : values) most = std::max(most, std::abs(x));
    return most;
}

}  // namespace

Trainer::Trainer(Plan plan)
    : plan_(std::move(plan)),
      rows_(makeRows(plan_)),
      training_(samplesOf(plan_, rows_, rows_.inputs, rows_.targets)),
      test_(samplesOf(plan_, rows_, rows_.testInputs, rows_.testTargets)),
      batchSize_(batchSizeOf(plan_, training_.count)),
      stepsPerEpoch_(stepsFor(training_.count, batchSize_)),
      network_(plan_, training_.inputs.size() / training_.stride, kChunk),
      padded_(paddedTo(network_.parameterCount())),
      schedule_(plan_),
      scalarsAt_((1 + stateBlocks(optimizer(), settings())) * padded_),
      progressAt_(scalarsAt_ + kOptimizerScalars),
      state_(progressAt_ + sizeof(Progress) / sizeof(double)),
      gradient_(padded_),
      averagedOutputs_(averagesOverOutputs(plan_.loss) ? network_.outputs() : 1),
      limit_(safeMagnitude()) {
    arguments_ = {network_.parameterCount(),
                  state_.data(),
                  gradient_.data(),
                  state_.data() + padded_,
                  state_.data() + scalarsAt_,
                  settings().data(),
                  0,
                  0,
                  limit_};
    if (optimizer() == place::kLbfgs) {
        lbfgs_.emplace(network_.parameterCount(), settings());
    } else {
        update_ = kernels().update(optimizer());
    }
    if (batchSize_ > 0) {
        batch_.stride = paddedTo(batchSize_);
        batch_.inputs.assign(network_.inputs() * batch_.stride, 0.0);
        batch_.targets.assign(network_.outputs() * batch_.stride, 0.0);
        order_.resize(training_.count);
    }
    mayDescend_ =
        isPlain() && !plan_.single && batchSize_ == 0 && network_.canDescend(training_.count);
    sortEdits();
    initialize();
}

/// By epoch, those of one epoch in their order. Most are given so: each goes to its place from the
/// end, for which std::stable_sort would need four times the room in WebAssembly.
void Trainer::sortEdits() {
    const auto isEarlier = [](const Edit& a, const Edit& b) { return a.epoch < b.epoch; };
    std::vector<Edit>& edits = plan_.edits;
    for (auto edit = edits.begin(); edit != edits.end(); ++edit) {
        std::rotate(std::upper_bound(edits.begin(), edit, *edit, isEarlier), edit, edit + 1);
    }
}

std::int64_t Trainer::setEdits(std::vector<Edit> edits) {
    const std::vector<Edit> before = std::exchange(plan_.edits, std::move(edits));
    sortEdits();
    const std::vector<Edit>& after = plan_.edits;
    const auto [was, is] = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    if (was != before.end()) first = was->epoch;
    if (is != after.end()) first = std::min(first, is->epoch);
    return first;
}

bool Trainer::isPlain() const {
    return optimizer() == place::kSgd && settings()[1] == 0 && settings()[4] == 0 &&
           plan_.l1 == 0 && plan_.l2 == 0;
}

void Trainer::setSeed(std::uint32_t seed) { plan_.initializer.settings[0] = seed; }

void Trainer::initialize() {
    std::fill(state_.begin(), state_.end(), 0.0);
    backprop::initialize(plan_.initializer, network_, parameters());
    fitParameters();
    restartOptimizer(0);
}

void Trainer::setParameters(std::span<const double> values) {
    std::copy(values.begin(), values.end(), state_.begin());
    fitParameters();
}

void Trainer::fitParameters() {
    constexpr double kMost = std::numeric_limits<float>::max();
    if (!plan_.single) return;
    for (double& p : parameters()) p = std::clamp(p, -kMost, kMost);
    roundParameters();
}

void Trainer::roundParameters() {
    if (!plan_.single) return;
    for (double& p : parameters()) p = static_cast<float>(p);
}

void Trainer::restartOptimizer(std::int64_t epoch) {
    std::fill(state_.begin() + static_cast<std::ptrdiff_t>(padded_), state_.end(), 0.0);
    progress().lowestLoss = kInfinity;
    firstEpoch_ = epoch;
}

bool Trainer::applyEdits(std::int64_t epoch) {
    bool outside = false;
    bool edited = false;
    for (const Edit& edit : plan_.edits) {
        if (edit.epoch == epoch && edit.parameter) {
            edited = true;
            state_[static_cast<std::size_t>(*edit.parameter)] = edit.value;
            outside |= std::abs(edit.value) > limit_;
        }
    }
    if (edited) fitParameters();
    return outside;
}

std::int64_t Trainer::nextEdit(std::int64_t epoch) const {
    for (const Edit& edit : plan_.edits) {
        if (edit.epoch > epoch) return edit.epoch;
    }
    return std::numeric_limits<std::int64_t>::max();
}

double Trainer::learningRate(std::int64_t epoch) const {
    double base = settings()[0];
    for (const Edit& edit : plan_.edits) {
        if (edit.epoch > epoch) break;
        if (edit.learningRate) base = *edit.learningRate;
    }
    return schedule_.rate(base, epoch);
}

template <bool kWithLoss>
double Trainer::differentiate(const Batch& batch) {
    const double scale = lossScale(batch.samples);
    double total = 0;
    network_.bind(state_.data());
    for (std::size_t at = 0; at < batch.samples; at += kChunk) {
        network_.setSamples(std::min(kChunk, batch.samples - at));
        network_.forward(batch.inputs + at, batch.stride);
        if constexpr (kWithLoss) total += network_.lossSum(batch.targets + at, batch.stride);
        network_.backward(batch.targets + at, batch.stride, scale, gradient_.data(), at > 0);
    }
    return total * scale;
}

template <bool kWithLoss>
double Trainer::differentiateAll() {
    return differentiate<kWithLoss>(
        {training_.inputs.data(), training_.targets.data(), training_.count, training_.stride});
}

void Trainer::addPenalty(std::size_t networks, const double* parameters, double* gradient) const {
    const double l1 = plan_.l1;
    const double l2 = plan_.l2;
    if (l1 == 0 && l2 == 0) return;
    for (std::size_t l = 0; l < network_.layerCount(); ++l) {
        const std::size_t end = network_.biasesAt(l) * networks;
        for (std::size_t i = network_.weightsAt(l) * networks; i < end; ++i) {
            const double w = parameters[i];
            const double sign = w > 0 ? 1 : w < 0 ? -1 : 0;
            gradient[i] += l1 * sign + l2 * w;
        }
    }
}

void Trainer::addPenalty() { addPenalty(1, state_.data(), gradient_.data()); }

bool Trainer::update(std::int64_t step, double rate) {
    addPenalty();
    arguments_.learningRate = rate;
    arguments_.step = step;
    const bool outside = update_(arguments_);
    roundParameters();
    return outside;
}

template <bool kWithLoss>
bool Trainer::runFullBatch(std::int64_t epoch, double* lossBefore) {
    const double loss = differentiateAll<kWithLoss>();
    if constexpr (kWithLoss) *lossBefore = loss;
    return update(epoch - firstEpoch_ + 1, learningRate(epoch));
}

/// Copies samples order[first…] of the training set into the batch.
void Trainer::gather(std::size_t first, std::size_t samples) {
    const auto copy = [&](const std::vector<double>& from, std::vector<double>& to,
                          std::size_t columns) {
        for (std::size_t c = 0; c < columns; ++c) {
            const double* source = from.data() + c * training_.stride;
            double* target = to.data() + c * batch_.stride;
            for (std::size_t s = 0; s < samples; ++s) target[s] = source[order_[first + s]];
        }
    };
    copy(training_.inputs, batch_.inputs, network_.inputs());
    copy(training_.targets, batch_.targets, network_.outputs());
}

std::span<const std::uint32_t> Trainer::orderOf(std::int64_t epoch) {
    const std::size_t n = training_.count;
    for (std::size_t i = 0; i < n; ++i) order_[i] = static_cast<std::uint32_t>(i);
    if (plan_.shuffle) {
        Generator random(plan_.shuffleSeed, static_cast<std::uint64_t>(epoch));
        for (std::size_t i = n - 1; i > 0; --i) {
            std::swap(order_[i], order_[random.below(static_cast<std::uint32_t>(i + 1))]);
        }
    }
    return order_;
}

bool Trainer::runMiniBatch(std::int64_t epoch, std::int64_t step) {
    const std::size_t first = static_cast<std::size_t>(step) * batchSize_;
    const std::size_t samples = std::min(batchSize_, training_.count - first);
    gather(first, samples);
    differentiate<false>({batch_.inputs.data(), batch_.targets.data(), samples, batch_.stride});
    return update((epoch - firstEpoch_) * stepsPerEpoch_ + step + 1, learningRate(epoch));
}

bool Trainer::runMiniBatches(std::int64_t epoch) {
    orderOf(epoch);
    bool outside = false;
    for (std::int64_t step = 0; step < stepsPerEpoch_; ++step) outside |= runMiniBatch(epoch, step);
    return outside;
}

bool Trainer::runLbfgs(std::int64_t epoch, double& lossBefore) {
    const auto objective = [this] {
        const double loss = differentiateAll<true>();
        addPenalty();
        return loss + penalty(state_.data());
    };
    lossBefore = differentiateAll<true>();
    addPenalty();
    arguments_.learningRate = learningRate(epoch);
    const bool outside = lbfgs_->step(arguments_, lossBefore + penalty(state_.data()), objective);
    roundParameters();
    return outside;
}

bool Trainer::runEpoch(std::int64_t epoch) {
    if (lbfgs_) {
        double ignored = 0;
        return runLbfgs(epoch, ignored);
    }
    return batchSize_ > 0 ? runMiniBatches(epoch) : runFullBatch<false>(epoch, nullptr);
}

bool Trainer::runEpochs(std::int64_t epoch, std::int64_t end, double* lossBefore) {
    if (canDescend()) return descend(epoch, end, lossBefore);
    bool outside = false;
    if (lossBefore) outside = runEpoch(epoch++, *lossBefore);
    for (; epoch < end; ++epoch) outside |= runEpoch(epoch);
    return outside;
}

/// The kernel of whole steps wants no parameter to be -0, and makes none: x - y is -0 for no other
/// x than -0.
bool Trainer::canDescend() {
    const auto isMinusZero = [](double p) { return p == 0 && std::signbit(p); };
    const std::span<const double> all = parameters();
    return mayDescend_ && std::none_of(all.begin(), all.end(), isMinusZero);
}

bool Trainer::descend(std::int64_t epoch, std::int64_t end, double* lossBefore) {
    constexpr std::int64_t kMostSteps = 64;  // V8 exchanges code only between calls
    const double scale = lossScale(training_.count);
    const std::int64_t atOnce = schedule_.isConstant() ? kMostSteps : 1;
    network_.bind(state_.data());
    network_.setSamples(training_.count);
    for (std::int64_t at = epoch; at < end; at += atOnce) {
        double lossSum = 0;
        network_.descend(training_, scale, state_.data(), learningRate(at),
                         static_cast<int>(std::min(atOnce, end - at)), lossSum);
        if (lossBefore && at == epoch) *lossBefore = lossSum * scale;
    }
    return isOutside();
}

bool Trainer::isOutside() {
    bool outside = false;
    for (const double p : parameters()) outside |= !(std::abs(p) <= limit_);
    return outside;
}

bool Trainer::runEpoch(std::int64_t epoch, double& lossBefore) {
    if (lbfgs_) return runLbfgs(epoch, lossBefore);
    if (batchSize_ == 0) return runFullBatch<true>(epoch, &lossBefore);
    lossBefore = loss(state_.data());
    return runMiniBatches(epoch);
}

double Trainer::lossScale(std::size_t samples) const {
    return 1.0 / static_cast<double>(samples * averagedOutputs_);
}

double Trainer::loss(const double* parameters) {
    network_.bind(parameters);
    return network_.loss(training_, lossScale(training_.count));
}

double Trainer::testLoss(const double* parameters) {
    if (test_.count == 0) return kUnset;
    network_.bind(parameters);
    return network_.loss(test_, lossScale(test_.count));
}

double Trainer::penalty(const double* parameters) const {
    double absolute = 0;
    double squares = 0;
    for (std::size_t l = 0; l < network_.layerCount(); ++l) {
        for (std::size_t i = network_.weightsAt(l); i < network_.biasesAt(l); ++i) {
            absolute += std::abs(parameters[i]);
            squares += parameters[i] * parameters[i];
        }
    }
    return plan_.l1 * absolute + plan_.l2 * (0.5 * squares);
}

std::span<const double> Trainer::gradient() {
    differentiateAll<false>();
    addPenalty();
    return {gradient_.data(), network_.parameterCount()};
}

/// Every activation satisfies |a| <= 2|z| + 2, so magnitudes can be followed through the layers.
double Trainer::safeMagnitude() const {
    // Its square, summed over all samples, is finite; in single precision it is itself.
    const double enough = plan_.single ? 1e30 : 1e140;
    const double inputs = std::max(largest(training_.inputs), largest(test_.inputs));
    const double targets = std::max(largest(training_.targets), largest(test_.targets));
    if (targets > enough || (plan_.single && inputs > enough)) return 0;
    for (double magnitude = 0x1p460; magnitude >= 0x1p-460; magnitude *= 0.5) {
        double a = inputs;
        for (std::size_t l = 0; l < network_.layerCount(); ++l) {
            const double z = magnitude * (static_cast<double>(network_.layer(l).fanIn) * a + 1);
            a = 2 * z + 2;
        }
        if (a <= enough) return magnitude;
    }
    return 0;
}

}  // namespace backprop
