#include "schedule.h"

#include "elementary.h"
#include "power.h"
#include "settings.h"

namespace backprop {
namespace {

constexpr Setting kGamma = {"gamma", Type::kNumber, 0, kInfinity, 0.1, "Factor of each fall."};
constexpr Setting kMinimum = {"minimum", Type::kNumber, 0, kInfinity, 0, "The rate at the end."};

constexpr Setting kSteps[] = {
    {"stepSize", Type::kInteger, 1, kMaxEpoch, 1000, "Epochs between two falls."}, kGamma};
constexpr Setting kDecay[] = {
    {"gamma", Type::kNumber, 0, kInfinity, 0.999, "Factor of each epoch."}};
constexpr Setting kWave[] = {kMinimum};
constexpr Setting kWarmupWave[] = {{"warmup", Type::kInteger, 0, kMaxEpoch, 100,
                                    "Epochs in which the rate rises to its full size."},
                                   kMinimum};

constexpr Entry kSchedules[] = {
    {"constant", "lr", "", "The learning rate as it is.", {}},
    {"step", "lr gamma^floor(epoch / stepSize)", "", "Falls by a factor now and then.", kSteps},
    {"exponential", "lr gamma^epoch", "", "Falls by a factor every epoch.", kDecay},
    {"cosine", "minimum + (lr - minimum) (1 + cos(pi epoch / epochs)) / 2", "",
     "Falls along half a wave, and stays at the minimum after it.", kWave},
    {"warmup_cosine",
     "lr (epoch + 1) / warmup before warmup, then cosine over the epochs that are left", "",
     "Rises, then falls along half a wave.", kWarmupWave},
};

/// In the order of the table.
enum Kind : std::size_t { kConstant, kStep, kExponential, kCosine, kWarmupCosine };
static_assert(kSchedules[kCosine].name == "cosine");

/// 1 at the beginning, 0 from the end on.
double halfWave(std::int64_t epoch, std::int64_t length) {
    constexpr double kPi = 3.141592653589793;
    if (epoch >= length) return 0;
    const double share = static_cast<double>(epoch) / static_cast<double>(length);
    return 0.5 * (1 + cos(broadcast<Part>(kPi * share))[0]);
}

}  // namespace

std::span<const Entry> scheduleEntries() { return kSchedules; }

Schedule::Schedule(const Plan& plan) : schedule_(plan.schedule), epochs_(plan.epochs) {}

double Schedule::rate(double base, std::int64_t epoch) const {
    const std::vector<double>& settings = schedule_.settings;
    std::int64_t warmup = 0;
    switch (schedule_.kind) {
        case kConstant:
            return base;
        case kStep:
            return base * power(settings[1], epoch / static_cast<std::int64_t>(settings[0]));
        case kExponential:
            return base * power(settings[0], epoch);
        case kWarmupCosine:
            warmup = static_cast<std::int64_t>(settings[0]);
            break;
        default:  // cosine
            break;
    }
    if (epoch < warmup) return base * static_cast<double>(epoch + 1) / static_cast<double>(warmup);
    const double minimum = settings.back();
    return minimum + (base - minimum) * halfWave(epoch - warmup, epochs_ - warmup);
}

}  // namespace backprop
