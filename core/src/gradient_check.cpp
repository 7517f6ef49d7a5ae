#include <algorithm>
#include <cmath>
#include <limits>

#include "backprop/session.h"
#include "run.h"

namespace backprop {
namespace {

constexpr double kSteps[] = {0x1p-12, 0x1p-17, 0x1p-22};
constexpr double kRounding = 0x1p-52;

/// f'(0), |f(0)| being `size`, by central differences of five points,
///   d(h) = (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h = f' + O(h^4),
/// docs/mathematics.md (64) to (66). d(2h) tells how far off d(h) may be; where that is more
/// than rounding, as near a corner, smaller steps are tried and the best one is taken.
template <typename Function>
double derivative(const Function& f, double size) {
    double best = 0;
    double leastError = std::numeric_limits<double>::infinity();
    for (const double h : kSteps) {
        const double near = f(h) - f(-h);
        const double middle = f(2 * h) - f(-2 * h);
        const double far = f(4 * h) - f(-4 * h);
        const double fine = (8 * near - middle) / (12 * h);
        const double truncation = std::abs(fine - (8 * middle - far) / (24 * h));
        const double rounding = kRounding * size / h;
        if (truncation + rounding < leastError) {
            leastError = truncation + rounding;
            best = fine;
        }
        if (truncation <= 16 * rounding) break;
    }
    return best;
}

}  // namespace

GradientCheck Session::gradientCheck() const {
    Trainer& trainer = run_->trainer;
    // Differences of single-precision losses are too coarse to tell anything.
    trainer.network().setSingle(false);
    const std::span<const double> now = parameters();
    std::vector<double> moved(now.begin(), now.end());
    GradientCheck check{0, gradient(), std::vector<double>(now.size())};
    double difference = 0;
    double largest = 0;
    const double size = std::abs(trainer.loss(now.data()) + trainer.penalty(now.data()));
    for (std::size_t i = 0; i < now.size(); ++i) {
        check.numeric[i] = derivative(
            [&](double distance) {
                moved[i] = now[i] + distance;
                return trainer.loss(moved.data()) + trainer.penalty(moved.data());
            },
            size);
        moved[i] = now[i];
        difference = std::max(difference, std::abs(check.analytic[i] - check.numeric[i]));
        largest = std::max({largest, std::abs(check.analytic[i]), std::abs(check.numeric[i])});
    }
    // Below what rounding leaves of differences, both vanish.
    if (largest > 16 * kRounding * size / kSteps[0]) check.maxRelativeError = difference / largest;
    trainer.network().setSingle(trainer.plan().single);
    return check;
}

}  // namespace backprop
