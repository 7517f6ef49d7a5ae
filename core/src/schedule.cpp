#include "schedule.h"

#include <cmath>

#include "elementary.h"
#include "power.h"
#include "settings.h"
#include "table.h"

namespace backprop {
namespace {

constexpr Setting kGamma = {"gamma", Type::kNumber, 0, kInfinity, 0.1, "Factor of each fall."};
constexpr Setting kMinimum = {"minimum", Type::kNumber, 0, kInfinity, 0, "The rate at the end."};

constexpr Setting kStep[] = {
    {"stepSize", Type::kInteger, 1, kMaxEpoch, 1000, "Epochs between two falls."}, kGamma};
constexpr Setting kExponential[] = {
    {"gamma", Type::kNumber, 0, kInfinity, 0.999, "Factor of each epoch."}};
constexpr Setting kCosine[] = {kMinimum};
constexpr Setting kWarmupCosine[] = {{"warmup", Type::kInteger, 0, kMaxEpoch, 100,
                                      "Epochs in which the rate rises to its full size."},
                                     kMinimum};

constexpr Entry kSchedules[] = {
    {"constant", "lr", "", "The learning rate as it is.", {}},
    {"step", "lr gamma^floor(epoch / stepSize)", "", "Falls by a factor now and then.", kStep},
    {"exponential", "lr gamma^epoch", "", "Falls by a factor every epoch.", kExponential},
    {"cosine", "minimum + (lr - minimum) (1 + cos(pi epoch / epochs)) / 2", "",
     "Falls along half a wave, and stays at the minimum after it.", kCosine},
    {"warmup_cosine",
     "lr (epoch + 1) / warmup before warmup, then cosine over the epochs that are left", "",
     "Rises, then falls along half a wave.", kWarmupCosine},
};

/// 1 at the beginning, 0 from the end on.
double halfWave(std::int64_t epoch, std::int64_t length) {
    constexpr double kPi = 3.141592653589793;
    if (epoch >= length) return 0;
    const double share = static_cast<double>(epoch) / static_cast<double>(length);
    return 0.5 * (1 + cos(broadcast<Part>(kPi * share))[0]);
}

}  // namespace

std::span<const Entry> scheduleEntries() { return kSchedules; }
std::span<const Entry> bareSchedules() { return kBareEntries<kSchedules>; }

Schedule::Schedule(const Experiment& experiment) : epochs_(experiment.epochs) {
    const Choice& schedule = experiment.schedule;
    const auto setting = [&](std::string_view name) {
        return settingOf(bareSchedules(), schedule, name);
    };
    const std::string& kind = schedule.kind;
    kind_ = kind == "constant"      ? Kind::kConstant
            : kind == "step"        ? Kind::kStep
            : kind == "exponential" ? Kind::kExponential
                                    : Kind::kCosine;
    if (kind_ == Kind::kStep || kind_ == Kind::kExponential) gamma_ = setting("gamma");
    if (kind_ == Kind::kStep) stepSize_ = static_cast<std::int64_t>(setting("stepSize"));
    if (kind_ == Kind::kCosine) minimum_ = setting("minimum");
    if (kind == "warmup_cosine") warmup_ = static_cast<std::int64_t>(setting("warmup"));
}

double Schedule::rate(double base, std::int64_t epoch) const {
    switch (kind_) {
        case Kind::kConstant:
            return base;
        case Kind::kStep:
            return base * power(gamma_, epoch / stepSize_);
        case Kind::kExponential:
            return base * power(gamma_, epoch);
        case Kind::kCosine:
            break;
    }
    if (epoch < warmup_)
        return base * static_cast<double>(epoch + 1) / static_cast<double>(warmup_);
    return minimum_ + (base - minimum_) * halfWave(epoch - warmup_, epochs_ - warmup_);
}

}  // namespace backprop
