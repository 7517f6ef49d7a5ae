#pragma once
// Every name that works, with its settings, ranges, defaults and formula. The one table:
// validation, reading JSON, menus, types and documentation are made from it.

#include <span>
#include <string>
#include <string_view>

namespace backprop {

/// One number or switch.
struct Setting {
    /// What may be given; a switch is 0 or 1 in C++.
    enum class Type { kNumber, kInteger, kBoolean };
    std::string_view name;         ///< of the field
    Type type;                     ///< of its value
    double minimum;                ///< -infinity: any finite number
    double maximum;                ///< infinity: no upper end
    double defaultValue;           ///< NaN: not set unless given
    std::string_view description;  ///< what it does, for a reader
    /// Which ends of the range are allowed themselves.
    enum class Ends { kIncluded, kExcluded, kMaximumExcluded };
    Ends ends = Ends::kIncluded;  ///< of minimum to maximum
};

/// One name of a kind.
struct Entry {
    std::string_view name;              ///< as an experiment gives it
    std::string_view formula;           ///< in plain text
    std::string_view derivative;        ///< empty where it has none
    std::string_view description;       ///< what it is for, for a reader
    std::span<const Setting> settings;  ///< that a Choice of it may have
};

/// The names of each kind, and the settings of each part of an experiment.
struct Catalog {
    std::span<const Entry> activations;       ///< Layer::activation
    std::span<const Entry> losses;            ///< Experiment::loss
    std::span<const Entry> optimizers;        ///< Experiment::optimizer
    std::span<const Entry> schedules;         ///< Experiment::schedule
    std::span<const Entry> initializers;      ///< Experiment::initializer
    std::span<const Entry> data;              ///< Experiment::data
    std::span<const Entry> features;          ///< Experiment::features
    std::span<const Entry> precisions;        ///< Experiment::precision
    std::span<const Setting> experiment;      ///< batchSize shuffle shuffleSeed epochs
    std::span<const Setting> layer;           ///< units
    std::span<const Setting> regularization;  ///< l1 l2
    std::span<const Setting> stop;            ///< loss patience
    std::span<const Setting> edit;            ///< epoch learningRate parameter value
};

/// The same one always; it lives as long as the program.
const Catalog& catalog();

/// The catalog as a JSON text, and under "defaults" the default experiment.
std::string catalogJson();

}  // namespace backprop
