#include "lane_trainer.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "lanes.h"
#include "places.h"
#include "table.h"

namespace backprop {
namespace {

/// Groups that go through the epochs together: their chains of operations overlap, and they share
/// what is gathered for a mini-batch.
constexpr std::size_t kGroupsAtOnce = 8;

/// These samples of [columns, stride], each value in all lanes: [columns, capacity, 4].
void spread(const std::vector<double>& from, std::size_t stride,
            std::span<const std::uint32_t> samples, std::vector<double>& to, std::size_t capacity) {
    for (std::size_t c = 0; c * stride < from.size(); ++c) {
        double* place = to.data() + c * capacity * kLanes;
        for (const std::uint32_t s : samples) {
            store(place, broadcast(from[c * stride + s]));
            place += kLanes;
        }
    }
}

}  // namespace

bool LaneTrainer::suits(const Plan& plan) {
    return plan.optimizer.kind != place::kLbfgs && !plan.single && !plan.stop.loss &&
           !plan.stop.patience;
}

LaneTrainer::LaneTrainer(Trainer& trainer, std::size_t members)
    : trainer_(trainer),
      network_(trainer.network()),
      count_(network_.parameterCount()),
      batchCapacity_(trainer.batchSize() > 0 ? trainer.batchSize()
                                             : trainer.trainingSamples().count),
      groupSize_((1 + trainer.optimizerBlocks()) * count_ * kLanes + kOptimizerScalars),
      states_(vectorsFor(members) * groupSize_),
      inputs_(network_.inputs() * batchCapacity_ * kLanes),
      targets_(network_.outputs() * batchCapacity_ * kLanes),
      gradient_(count_ * kLanes),
      partial_(batchCapacity_ > kMemberBlock ? count_ * kLanes * kLanes : 0),
      lossSlope_(kernels().lossSlope(trainer.plan().loss)),
      updateBy_(kernels().update(trainer.optimizer())) {
    for (std::size_t at = 0; at < states_.size(); at += groupSize_) {
        groups_.push_back({states_.data() + at, 0, 0});
    }
    update_.count = count_ * kLanes;
    update_.gradient = gradient_.data();
    update_.settings = trainer.settings().data();
    update_.limit = trainer.limit();
    layOut();
    prepareTinySteps();
    if (trainer.batchSize() > 0) return;
    std::vector<std::uint32_t> all(batchCapacity_);
    std::iota(all.begin(), all.end(), 0u);
    gather(all);
}

void LaneTrainer::layOut() {
    const std::size_t samples = std::min(batchCapacity_, kMemberBlock);
    std::size_t units = 0;
    std::size_t widest = 0;
    for (std::size_t l = 0; l < network_.layerCount(); ++l) {
        const DenseArguments& shape = network_.layer(l);
        MemberLayer d{};
        d.fanIn = shape.fanIn;
        d.fanOut = shape.fanOut;
        d.gradient = gradient_.data() + network_.weightsAt(l) * kLanes;
        if (!partial_.empty())
            d.partial = partial_.data() + network_.weightsAt(l) * kLanes * kLanes;
        layers_.push_back(d);
        activate_.push_back(kernels().activate(network_.activation(l)));
        derivative_.push_back(kernels().derivative(network_.activation(l)));
        units += d.fanOut;
        widest = std::max(widest, d.fanOut);
    }
    isCoupled_ = couplesUnits(network_.activation(layers_.size() - 1)) && !network_.throughLogits();
    if (network_.throughLogits()) derivative_.back() = kernels().derivative(place::kIdentity);
    buffers_.resize((3 * units + widest) * samples * kLanes);
    double* next = buffers_.data();
    const auto take = [&](std::size_t rows) {
        next += rows * samples * kLanes;
        return next - rows * samples * kLanes;
    };
    slopes_ = take(widest);
    for (MemberLayer& d : layers_) {
        d.z = take(d.fanOut);
        d.a = take(d.fanOut);
        d.da = take(d.fanOut);
        d.slopes = slopes_;
    }
    for (std::size_t l = 1; l < layers_.size(); ++l) {
        layers_[l].x = layers_[l - 1].a;
        layers_[l].dx = layers_[l - 1].da;
    }
    layers_[0].xStride = batchCapacity_;
    const MemberLayer& last = layers_.back();
    loss_ = {last.fanOut, 0, last.z, last.a, 0, nullptr, batchCapacity_ * kLanes, 0, last.da};
}

void LaneTrainer::prepareTinySteps() {
    const MemberLayer& hidden = layers_.front();
    const bool hasTheShape = layers_.size() == 2 && hidden.fanIn == kTinyInputs &&
                             layers_[1].fanOut == 1 && batchCapacity_ == kTinySamples;
    isTiny_ = hasTheShape && trainer_.isPlain() && trainer_.batchSize() == 0 && !isCoupled_ &&
              trainer_.plan().loss == place::kMeanSquaredError;
    if (!isTiny_) return;
    tiny_ = {hidden.fanOut,
             inputs_.data(),
             targets_.data(),
             trainer_.lossScale(kTinySamples),
             0,
             trainer_.limit(),
             activate_[0],
             activate_[1],
             derivative_[0],
             derivative_[1],
             hidden.z,
             hidden.a,
             slopes_,
             nullptr};
}

void LaneTrainer::seat(std::size_t member, std::span<const double> parameters) {
    Group& group = groups_[member / kLanes];
    const std::size_t lane = member % kLanes;
    for (std::size_t i = 0; i < count_; ++i) group.state[i * kLanes + lane] = parameters[i];
    group.riding |= 1u << lane;
    fillEmptyLanes(group);
}

bool LaneTrainer::rides(std::size_t member) const {
    return (groups_[member / kLanes].riding >> member % kLanes & 1) != 0;
}

void LaneTrainer::copyParameters(std::size_t member, std::span<double> to) const {
    const double* from = groups_[member / kLanes].state + member % kLanes;
    for (std::size_t i = 0; i < count_; ++i) to[i] = from[i * kLanes];
}

/// A lane that nobody rides in repeats one that somebody does: it stays as harmless.
void LaneTrainer::fillEmptyLanes(Group& group) {
    if (group.riding == 0) return;
    const auto from = static_cast<std::size_t>(std::countr_zero(group.riding));
    const std::size_t end = groupSize_ - kOptimizerScalars;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        if (group.riding >> lane & 1) continue;
        for (std::size_t at = 0; at < end; at += kLanes)
            group.state[at + lane] = group.state[at + from];
    }
}

void LaneTrainer::train(std::int64_t from, std::int64_t to) {
    for (std::size_t first = 0; first < groups_.size(); first += kGroupsAtOnce) {
        const std::size_t size = std::min(kGroupsAtOnce, groups_.size() - first);
        const std::span<Group> groups{groups_.data() + first, size};
        for (std::int64_t epoch = from; epoch < to && letOff(groups); ++epoch) {
            runEpoch(groups, epoch);
        }
        letOff(groups);
    }
}

void LaneTrainer::runEpoch(std::span<Group> groups, std::int64_t epoch) {
    const std::size_t batch = trainer_.batchSize();
    const double rate = trainer_.learningRate(epoch);
    if (batch == 0) {
        runBatch(groups, batchCapacity_, epoch + 1, rate);
    } else {
        const std::span<const std::uint32_t> order = trainer_.orderOf(epoch);
        const std::size_t batches = (order.size() + batch - 1) / batch;
        std::int64_t step = epoch * static_cast<std::int64_t>(batches);
        for (std::size_t at = 0; at < order.size(); at += batch) {
            const std::size_t samples = std::min(batch, order.size() - at);
            gather(order.subspan(at, samples));
            runBatch(groups, samples, ++step, rate);
        }
    }
    applyEdits(groups, epoch + 1);
}

void LaneTrainer::runBatch(std::span<Group> groups, std::size_t samples, std::int64_t step,
                           double rate) {
    update_.learningRate = rate;
    update_.step = step;
    loss_.scale = trainer_.lossScale(samples);
    tiny_.learningRate = rate;
    for (Group& group : groups) {
        if (group.riding && takeStep(group, samples)) noteLeaving(group);
    }
}

/// Returns whether a parameter is now above the limit, or NaN.
bool LaneTrainer::takeStep(Group& group, std::size_t samples) {
    if (isTiny_) {
        tiny_.parameters = group.state;
        return kernels().tinyStepOfMembers(tiny_);
    }
    differentiate(group.state, samples);
    trainer_.addPenalty(kLanes, group.state, gradient_.data());
    update_.parameters = group.state;
    update_.state = group.state + update_.count;
    update_.scalars = group.state + groupSize_ - kOptimizerScalars;
    return updateBy_(update_);
}

void LaneTrainer::applyEdits(std::span<Group> groups, std::int64_t epoch) {
    for (const Edit& edit : trainer_.plan().edits) {
        if (edit.epoch != epoch || !edit.parameter) continue;
        for (Group& group : groups) {
            const auto at = static_cast<std::size_t>(*edit.parameter) * kLanes;
            store(group.state + at, broadcast(edit.value));
            noteLeaving(group);
        }
    }
}

/// Those of whom a parameter is now above the limit, or NaN, leave after this epoch.
void LaneTrainer::noteLeaving(Group& group) {
    for (std::size_t i = 0; i < update_.count; ++i) {
        if (!(std::abs(group.state[i]) <= update_.limit)) group.leaving |= 1u << i % kLanes;
    }
}

/// Returns whether anybody rides on.
bool LaneTrainer::letOff(std::span<Group> groups) {
    unsigned riding = 0;
    for (Group& group : groups) {
        if (group.leaving & group.riding) {
            group.riding &= ~group.leaving;
            fillEmptyLanes(group);
        }
        group.leaving = 0;
        riding |= group.riding;
    }
    return riding != 0;
}

/// The samples of a step, each value in all lanes.
void LaneTrainer::gather(std::span<const std::uint32_t> samples) {
    const Samples& data = trainer_.trainingSamples();
    spread(data.inputs, data.stride, samples, inputs_, batchCapacity_);
    spread(data.targets, data.stride, samples, targets_, batchCapacity_);
}

/// The gradient over the samples that were gathered, block by block, without the penalty.
void LaneTrainer::differentiate(const double* parameters, std::size_t samples) {
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        layers_[l].weights = parameters + network_.weightsAt(l) * kLanes;
        layers_[l].biases = parameters + network_.biasesAt(l) * kLanes;
    }
    for (std::size_t at = 0; at < samples; at += kMemberBlock) {
        const std::size_t end = std::min(at + kMemberBlock, samples);
        for (MemberLayer& d : layers_) {
            d.samples = end - at;
            d.beginsChunk = at % kChunk == 0;
            d.endsChunk = end % kChunk == 0 || end == samples;
            d.accumulate = at >= kChunk;
        }
        forward(at);
        backward(at);
    }
}

void LaneTrainer::forward(std::size_t at) {
    layers_[0].x = inputs_.data() + at * kLanes;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        MemberLayer& d = layers_[l];
        if (l > 0) d.xStride = d.samples;
        kernels().affineOfMembers(d);
        activate_[l](d.fanOut, d.samples * kLanes, d.samples * kLanes, d.z, d.a);
    }
}

void LaneTrainer::backward(std::size_t at) {
    const MemberLayer& last = layers_.back();
    loss_.samples = loss_.stride = last.samples * kLanes;
    loss_.y = targets_.data() + at * kLanes;
    lossSlope_(loss_);
    if (isCoupled_) {
        kernels().backwardCoupled(last.fanOut, last.samples, loss_.stride, last.a, last.da);
    }
    for (std::size_t l = layers_.size(); l-- > 0;) {
        const MemberLayer& d = layers_[l];
        derivative_[l](d.fanOut * d.samples, d.z, d.a, slopes_);
        kernels().backwardOfMembers(d);
    }
}

}  // namespace backprop
