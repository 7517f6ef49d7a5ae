#pragma once
// The optimizer lbfgs: L-BFGS (Liu and Nocedal 1989) with a line search for the strong Wolfe
// conditions (Nocedal and Wright, Numerical Optimization, 2nd edition: algorithms 7.4, 3.5 and
// 3.6). docs/mathematics.md (50) to (53). Unlike the optimizers of optimizer.h it looks at all
// parameters together, and at the objective, loss plus penalty, several times a step.

#include <functional>
#include <span>
#include <vector>

#include "kernels.h"
#include "settings.h"

namespace backprop {

class Lbfgs {
  public:
    static constexpr const char* name = "lbfgs";
    static constexpr const char* formula =
        "p = p - a H g; H from the last historySize changes of p and g, by the two loops; a from "
        "lr on, by a line search for the strong Wolfe conditions of c1 and c2";
    static constexpr const char* description =
        "Bends the step by the curvature seen so far; the full batch only.";
    static constexpr Setting settings[] = {
        {"learningRate", Type::kNumber, 0, kInfinity, 1,
         "The first step that a line search tries."},
        {"historySize", Type::kInteger, 1, 100, 10, "Changes that it remembers."},
        {"maximumEvaluations", Type::kInteger, 1, 1000, 25, "Steps that a line search may try."},
        {"c1", Type::kNumber, 0, 0.5, 1e-4, "Share of the slope by which the loss must fall."},
        {"c2", Type::kNumber, 0, 1, 0.9, "Share of the slope that may be left after the step."}};
    /// A change of the parameters and one of the gradient for each that it remembers.
    static std::size_t blocksBy(std::span<const double> values) {
        return 2 * static_cast<std::size_t>(values[1]);
    }

    /// Loss plus penalty at the parameters as they now are; leaves its gradient beside it.
    using Objective = std::function<double()>;

    /// For so many parameters, and values of the settings above.
    Lbfgs(std::size_t count, std::span<const double> values);

    /// One direction with its line search, from parameters whose objective has this value and
    /// whose gradient is there. Never increases the objective: where no step decreases it, the
    /// parameters stay and the history is forgotten. Returns whether some |parameter| is now above
    /// the limit, or NaN.
    bool step(const UpdateArguments& u, double value, const Objective& objective);

  private:
    /// The objective and its slope after a step along the direction.
    struct Trial {
        double step, value, slope;
    };
    static double leastOfCubic(const Trial& a, const Trial& b);

    void chooseDirection(const UpdateArguments& u);
    /// Whether a step was found; the parameters are then there, and the gradient is theirs.
    bool search(const UpdateArguments& u, const Trial& start, double first,
                const Objective& objective);
    bool moveBy(double step, double* parameters) const;
    void remember(const UpdateArguments& u);

    std::size_t count_, historySize_;
    std::vector<double> start_, startGradient_, direction_;  ///< [parameters]
    std::vector<double> curvatures_, shares_;  ///< of what is remembered, in the two loops
};

}  // namespace backprop
