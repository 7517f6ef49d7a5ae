#pragma once
// The losses of a run at epochs that get sparser as it goes on, and its spaced checkpoints.

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

namespace backprop {

/// Whether, and when next, the loss is kept: every epoch at first, later 512 for each doubling.
/// Epochs are counted from the origin.
class Record {
  public:
    static constexpr std::int64_t kPerDoubling = 512;

    static std::int64_t spacing(std::int64_t epoch) {
        const auto doublings = std::bit_width(static_cast<std::uint64_t>(epoch / kPerDoubling / 2));
        return std::int64_t{1} << doublings;
    }
    static bool keeps(std::int64_t epoch) { return epoch % spacing(epoch) == 0; }
    static std::int64_t next(std::int64_t epoch) {
        const std::int64_t step = spacing(epoch);
        return (epoch / step + 1) * step;
    }
    /// At most how many epochs up to this one are kept.
    static std::size_t capacity(std::int64_t epoch) {
        const auto doublings = std::bit_width(static_cast<std::uint64_t>(epoch / kPerDoubling));
        return static_cast<std::size_t>(kPerDoubling * (doublings + 1) + 1);
    }

    void reserve(std::int64_t epoch) {
        epochs_.reserve(capacity(epoch));
        losses_.reserve(capacity(epoch));
        testLosses_.reserve(capacity(epoch));
    }
    void clear() {
        epochs_.clear();
        losses_.clear();
        testLosses_.clear();
    }
    void forgetAfter(std::int64_t epoch) {
        const auto last = static_cast<double>(epoch);
        const auto end = std::upper_bound(epochs_.begin(), epochs_.end(), last);
        const auto count = static_cast<std::size_t>(end - epochs_.begin());
        for (std::vector<double>* values : {&epochs_, &losses_, &testLosses_}) {
            values->resize(count);
        }
    }
    /// Whether this epoch is later than all that are known.
    bool isNew(std::int64_t epoch) const {
        return epochs_.empty() || static_cast<double>(epoch) > epochs_.back();
    }
    void add(std::int64_t epoch, double loss, double testLoss) {
        epochs_.push_back(static_cast<double>(epoch));
        losses_.push_back(loss);
        testLosses_.push_back(testLoss);
    }
    const std::vector<double>& epochs() const { return epochs_; }
    const std::vector<double>& losses() const { return losses_; }
    const std::vector<double>& testLosses() const { return testLosses_; }

  private:
    std::vector<double> epochs_, losses_, testLosses_;
};

/// Copies of a run's state at evenly spaced epochs; when they are full, every second one goes and
/// the spacing doubles. Epochs are counted from the origin, which is always there.
class Checkpoints {
  public:
    static constexpr std::size_t kMost = 128;
    static constexpr std::size_t kMostBytes = 16u << 20;
    static constexpr std::int64_t kFirstSpacing = 16;

    explicit Checkpoints(std::size_t stateSize)
        : size_(stateSize),
          slots_(std::clamp<std::size_t>(kMostBytes / (stateSize * sizeof(double)), 2, kMost) &
                 ~1u),
          states_(new double[slots_ * stateSize]) {}

    void clear() {
        count_ = 0;
        spacing_ = kFirstSpacing;
    }
    void forgetAfter(std::int64_t epoch) { count_ = slotOf(epoch) + 1; }
    /// The next epoch after this one that belongs here.
    std::int64_t next(std::int64_t epoch) const { return (epoch / spacing_ + 1) * spacing_; }
    bool wants(std::int64_t epoch) const {
        return epoch == static_cast<std::int64_t>(count_) * spacing_;
    }
    void add(std::span<const double> state) {
        if (count_ == slots_) halve();
        std::memcpy(at(count_++), state.data(), size_ * sizeof(double));
    }
    /// The epoch of the latest checkpoint at or before this one.
    std::int64_t latest(std::int64_t epoch) const {
        return static_cast<std::int64_t>(slotOf(epoch)) * spacing_;
    }
    /// Its state, copied out.
    void restore(std::int64_t epoch, std::span<double> state) const {
        std::memcpy(state.data(), at(slotOf(epoch)), size_ * sizeof(double));
    }

  private:
    std::size_t slotOf(std::int64_t epoch) const {
        return std::min(static_cast<std::size_t>(epoch / spacing_), count_ - 1);
    }
    double* at(std::size_t slot) const { return states_.get() + slot * size_; }
    void halve() {
        for (std::size_t k = 1; 2 * k < count_; ++k) {
            std::memcpy(at(k), at(2 * k), size_ * sizeof(double));
        }
        count_ = (count_ + 1) / 2;
        spacing_ *= 2;
    }

    std::size_t size_, slots_, count_ = 0;
    std::int64_t spacing_ = kFirstSpacing;
    std::unique_ptr<double[]> states_;
};

}  // namespace backprop
