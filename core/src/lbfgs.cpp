#include "lbfgs.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace backprop {
namespace {

/// In the order of the parameters, as every sum here.
double dot(const double* a, const double* b, std::size_t n) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += a[i] * b[i];
    return sum;
}

void addMultiple(double factor, const double* from, double* to, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) to[i] += factor * from[i];
}

/// The changes of parameters and gradient that the state remembers: a ring, its oldest overwritten.
class Changes {
  public:
    Changes(const UpdateArguments& u, std::size_t historySize)
        : state_(u.state), made_(u.scalars[0]), count_(u.count), historySize_(historySize) {}
    std::size_t remembered() const { return std::min(made(), historySize_); }
    /// The k-th before the latest.
    double* ofParameters(std::size_t k) const { return block(2 * slot(k)); }
    double* ofGradient(std::size_t k) const { return block(2 * slot(k) + 1); }
    void add() { ++made_; }
    void forget() { made_ = 0; }

  private:
    std::size_t made() const { return static_cast<std::size_t>(made_); }
    std::size_t slot(std::size_t k) const { return (made() - 1 - k) % historySize_; }
    double* block(std::size_t index) const { return state_ + index * count_; }

    double* state_;
    double& made_;  ///< since the beginning
    std::size_t count_, historySize_;
};

// The next trial keeps a distance from both ends of the bracket, as a share of it; before there is
// a bracket, it is so many times the best one.
constexpr double kMargin = 0.1;
constexpr double kNearest = 2;
constexpr double kFarthest = 10;

}  // namespace

Lbfgs::Lbfgs(std::size_t count, std::span<const double> values)
    : count_(count),
      historySize_(static_cast<std::size_t>(values[1])),
      start_(count),
      startGradient_(count),
      direction_(count),
      curvatures_(historySize_),
      shares_(historySize_) {}

bool Lbfgs::step(const UpdateArguments& u, double value, const Objective& objective) {
    Changes changes(u, historySize_);
    std::copy_n(u.parameters, count_, start_.begin());
    std::copy_n(u.gradient, count_, startGradient_.begin());
    chooseDirection(u);
    double first = u.learningRate;
    if (changes.remembered() == 0) {
        double size = 0;
        for (const double g : startGradient_) size += std::abs(g);
        if (size > 1) first /= size;
    }
    const double slope = dot(direction_.data(), u.gradient, count_);
    if (slope < 0 && search(u, {0, value, slope}, first, objective)) {
        remember(u);
    } else {
        std::copy_n(start_.begin(), count_, u.parameters);
        changes.forget();
    }
    bool inside = true;
    for (std::size_t i = 0; i < count_; ++i) inside &= std::abs(u.parameters[i]) <= u.limit;
    return !inside;
}

/// The two loops: docs/mathematics.md (50).
void Lbfgs::chooseDirection(const UpdateArguments& u) {
    const Changes changes(u, historySize_);
    const std::size_t n = count_;
    double* d = direction_.data();
    for (std::size_t i = 0; i < n; ++i) d[i] = -u.gradient[i];
    for (std::size_t k = 0; k < changes.remembered(); ++k) {
        curvatures_[k] = dot(changes.ofParameters(k), changes.ofGradient(k), n);
        shares_[k] = dot(changes.ofParameters(k), d, n) / curvatures_[k];
        addMultiple(-shares_[k], changes.ofGradient(k), d, n);
    }
    if (changes.remembered() > 0) {
        const double* y = changes.ofGradient(0);
        const double scale = curvatures_[0] / dot(y, y, n);
        for (std::size_t i = 0; i < n; ++i) d[i] *= scale;
    }
    for (std::size_t k = changes.remembered(); k-- > 0;) {
        const double share = dot(changes.ofGradient(k), d, n) / curvatures_[k];
        addMultiple(shares_[k] - share, changes.ofParameters(k), d, n);
    }
}

/// Where the cubic through both trials and with their slopes is least, docs/mathematics.md (53);
/// any number or NaN where it has no such place.
double Lbfgs::leastOfCubic(const Trial& a, const Trial& b) {
    const double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.step - b.step);
    const double root = std::sqrt(d1 * d1 - a.slope * b.slope);
    const double d2 = b.step > a.step ? root : -root;
    return b.step - (b.step - a.step) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2));
}

/// Nocedal and Wright's algorithms 3.5, until the step that is sought is bracketed, and then 3.6:
/// docs/mathematics.md (52) and (53).
bool Lbfgs::search(const UpdateArguments& u, const Trial& start, double first,
                   const Objective& objective) {
    const double c1 = u.settings[3];
    const double c2 = u.settings[4];
    Trial best = start;
    Trial other = start;  // the bracket's other end; the best before, until there is a bracket
    bool bracketed = false;
    double step = first;
    auto trials = static_cast<int>(u.settings[2]);
    for (; trials > 0 && moveBy(step, u.parameters); --trials) {
        const double value = objective();
        const Trial trial{step, value, dot(direction_.data(), u.gradient, count_)};
        if (!(value <= start.value + c1 * step * start.slope && value < best.value)) {
            other = trial;
            bracketed = true;
        } else if (std::abs(trial.slope) <= -c2 * start.slope) {
            return true;
        } else {
            if (!bracketed || trial.slope * (other.step - best.step) >= 0) other = best;
            bracketed |= trial.slope >= 0;
            best = trial;
        }
        const double least = leastOfCubic(other, best);
        if (bracketed) {
            const double width = other.step - best.step;
            double share = (least - best.step) / width;
            share = std::isfinite(share) ? std::clamp(share, kMargin, 1 - kMargin) : 0.5;
            step = best.step + share * width;
        } else {
            const double farthest = kFarthest * step;
            step = least <= farthest ? std::max(least, kNearest * step) : farthest;
        }
    }
    if (best.step == 0) return false;
    moveBy(best.step, u.parameters);
    objective();
    return true;
}

/// Parameters at so long a step from the start. Returns whether one of them is not the start's.
bool Lbfgs::moveBy(double step, double* parameters) const {
    bool moved = false;
    for (std::size_t i = 0; i < count_; ++i) {
        parameters[i] = start_[i] + step * direction_[i];
        moved |= parameters[i] != start_[i];
    }
    return moved;
}

/// Unless the curvature along the step is lost in rounding: docs/mathematics.md (51).
void Lbfgs::remember(const UpdateArguments& u) {
    double expected = 0;  // of the decrease, by the slope alone
    for (std::size_t i = 0; i < count_; ++i) {
        start_[i] = u.parameters[i] - start_[i];
        expected -= startGradient_[i] * start_[i];
        startGradient_[i] = u.gradient[i] - startGradient_[i];
    }
    const double curvature = dot(start_.data(), startGradient_.data(), count_);
    if (!(curvature > std::numeric_limits<double>::epsilon() * expected)) return;
    Changes changes(u, historySize_);
    changes.add();
    std::copy(start_.begin(), start_.end(), changes.ofParameters(0));
    std::copy(startGradient_.begin(), startGradient_.end(), changes.ofGradient(0));
}

}  // namespace backprop
