#include "accuracy.h"

#include <algorithm>
#include <optional>

#include "places.h"
#include "settings.h"

namespace backprop {
namespace {

bool areOnly(std::span<const double> values, double no, double yes) {
    return std::all_of(values.begin(), values.end(), [&](double y) { return y == no || y == yes; });
}

/// What tells the two classes of one output apart; nothing for regression.
std::optional<double> thresholdOf(const Plan& plan, std::span<const double> targets) {
    const std::size_t activation = plan.layers.back().activation;
    const bool isSigned = plan.loss == place::kHinge || activation == place::kTanh;
    if (isSigned && areOnly(targets, -1, 1)) return 0;
    if (!isSigned && activation == place::kSigmoid && areOnly(targets, 0, 1)) return 0.5;
    return std::nullopt;
}

std::size_t placeOfLargest(std::span<const double> row) {
    return static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
}

/// Whether every row of targets is one yes among noes.
bool areClasses(std::span<const double> targets, std::size_t columns) {
    const bool zeroOne = areOnly(targets, 0, 1);
    if (!zeroOne && !areOnly(targets, -1, 1)) return false;
    for (std::size_t at = 0; at < targets.size(); at += columns) {
        const auto row = targets.subspan(at, columns);
        if (std::count(row.begin(), row.end(), 1.0) != 1) return false;
    }
    return true;
}

}  // namespace

double accuracyOf(const Plan& plan, std::size_t columns, std::span<const double> outputs,
                  std::span<const double> targets) {
    if (targets.empty()) return kUnset;
    std::size_t right = 0;
    if (columns == 1) {
        const std::optional<double> threshold = thresholdOf(plan, targets);
        if (!threshold) return kUnset;
        for (std::size_t s = 0; s < targets.size(); ++s) {
            right += (outputs[s] > *threshold) == (targets[s] > *threshold);
        }
    } else {
        if (!areClasses(targets, columns)) return kUnset;
        for (std::size_t at = 0; at < targets.size(); at += columns) {
            right += placeOfLargest(outputs.subspan(at, columns)) ==
                     placeOfLargest(targets.subspan(at, columns));
        }
    }
    return static_cast<double>(right) / static_cast<double>(targets.size() / columns);
}

}  // namespace backprop
