#include <algorithm>
#include <cmath>

#include "backprop/session.h"
#include "run.h"

namespace backprop {

/// Central differences of five points, f' = (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h + O(h^4):
/// docs/mathematics.md. With h = 2^-12 rounding and truncation are both near 1e-12.
GradientCheck Session::gradientCheck() const {
    constexpr double kStep = 0x1p-12;
    Trainer& trainer = run_->trainer;
    const std::span<const double> now = parameters();
    std::vector<double> moved(now.begin(), now.end());
    const auto objective = [&](std::size_t i, double distance) {
        moved[i] = now[i] + distance;
        const double value = trainer.loss(moved.data()) + trainer.penalty(moved.data());
        moved[i] = now[i];
        return value;
    };
    GradientCheck check{0, gradient(), std::vector<double>(now.size())};
    double difference = 0;
    double largest = 0;
    for (std::size_t i = 0; i < now.size(); ++i) {
        const double near = objective(i, kStep) - objective(i, -kStep);
        const double far = objective(i, 2 * kStep) - objective(i, -2 * kStep);
        check.numeric[i] = (8 * near - far) / (12 * kStep);
        difference = std::max(difference, std::abs(check.analytic[i] - check.numeric[i]));
        largest = std::max({largest, std::abs(check.analytic[i]), std::abs(check.numeric[i])});
    }
    if (largest > 0) check.maxRelativeError = difference / largest;
    return check;
}

}  // namespace backprop
