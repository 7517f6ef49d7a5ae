#pragma once
// Every name that works, with its settings, ranges, defaults and formula. The one table:
// validation, reading JSON, menus, types and documentation are made from it.

#include <span>
#include <string>
#include <string_view>

namespace backprop {

/// One number or switch.
struct Setting {
    enum class Type { kNumber, kInteger, kBoolean };
    std::string_view name;
    Type type;
    double minimum;       ///< -infinity: any finite number
    double maximum;       ///< infinity: no upper end
    double defaultValue;  ///< NaN: not set unless given
    std::string_view description;
    enum class Ends { kIncluded, kExcluded, kMaximumExcluded };
    Ends ends = Ends::kIncluded;  ///< whether the ends themselves are allowed
};

/// One name of a kind.
struct Entry {
    std::string_view name;
    std::string_view formula;
    std::string_view derivative;  ///< empty where it has none
    std::string_view description;
    std::span<const Setting> settings;
};

struct Catalog {
    std::span<const Entry> activations, losses, optimizers, schedules, initializers, data, features,
        precisions;
    std::span<const Setting> experiment;      ///< batchSize shuffle shuffleSeed epochs
    std::span<const Setting> layer;           ///< units
    std::span<const Setting> regularization;  ///< l1 l2
    std::span<const Setting> stop;            ///< loss patience
    std::span<const Setting> edit;            ///< epoch learningRate parameter value
};

const Catalog& catalog();

/// The catalog as a JSON text, and under "defaults" the default experiment.
std::string catalogJson();

}  // namespace backprop
