#include "backprop/catalog.h"

#include <array>
#include <cassert>
#include <tuple>

#include "dataset.h"
#include "experiment_value.h"
#include "feature.h"
#include "initializer.h"
#include "places.h"
#include "schedule.h"
#include "settings.h"
#include "table.h"
#include "text.h"

namespace backprop {
namespace {

/// The entry that a struct of activation.h, loss.h, optimizer.h or lbfgs.h says of itself.
template <typename T>
constexpr Entry entryOf() {
    Entry entry{T::name, T::formula, {}, T::description, {}};
    if constexpr (requires { T::derivative; }) entry.derivative = T::derivative;
    if constexpr (requires { T::settings; }) entry.settings = T::settings;
    return entry;
}

template <typename... T>
constexpr auto entriesOf(const std::tuple<T...>*) {
    return std::array{entryOf<T>()...};
}

constexpr auto kActivations = entriesOf(static_cast<const Activations*>(nullptr));
constexpr auto kLosses = entriesOf(static_cast<const Losses*>(nullptr));
constexpr auto kOptimizers = entriesOf(static_cast<const AllOptimizers*>(nullptr));

constexpr Setting kExperiment[] = {
    {"batchSize", Type::kInteger, 0, kMaxEpoch, 0, "Samples a step; 0 is the full batch."},
    {"shuffle", Type::kBoolean, 0, 1, 1,
     "A new order of the samples each epoch; mini-batches only."},
    {"shuffleSeed", Type::kInteger, 0, kMaxSeed, 0, "Of the shuffle's random numbers."},
    {"epochs", Type::kInteger, 1, kMaxEpoch, 10000, "How long the run is meant to be."},
};

constexpr Setting kLayer[] = {{"units", Type::kInteger, 1, 1024, kUnset, "Outputs of the layer."}};

constexpr Setting kRegularization[] = {
    {"l1", Type::kNumber, 0, kInfinity, 0,
     "Adds l1 times the sum of |w| to the loss, weights only."},
    {"l2", Type::kNumber, 0, kInfinity, 0, "Adds l2 times half the sum of w^2, weights only."},
};

constexpr Setting kStop[] = {
    {"loss", Type::kNumber, -kInfinity, kInfinity, kUnset, "Stops at this loss or below."},
    {"patience", Type::kInteger, 1, kMaxEpoch, kUnset,
     "Stops after so many epochs without progress."},
};

constexpr Setting kEdit[] = {
    {"epoch", Type::kInteger, 0, kMaxEpoch, kUnset, "Applied before this epoch's step."},
    learningRateSetting(kUnset),
    {"parameter", Type::kInteger, 0, kMaxParameter, kUnset, "Index of the parameter that is set."},
    {"value", Type::kNumber, -kInfinity, kInfinity, kUnset, "What the parameter is set to."},
};

constexpr Entry kPrecisions[] = {
    {"f64", "", "", "Double precision: the same bits everywhere.", {}},
    {"f32",
     "",
     "",
     "Single precision: parameters are rounded to it, and the matrix products of layers 16 wide or "
     "more are made in it, about twice as fast. Accurate to some seven digits; no promise of bits.",
     {}},
};

std::string json(std::span<const Setting> settings) {
    std::string out = "[";
    for (const Setting& s : settings) {
        const char* type = s.type == Type::kBoolean   ? "boolean"
                           : s.type == Type::kInteger ? "integer"
                                                      : "number";
        const auto finite = [](double x) {
            return x - x == 0 ? numberText(x) : std::string("null");
        };
        std::string value = finite(s.defaultValue);
        if (s.type == Type::kBoolean) value = s.defaultValue != 0 ? "true" : "false";
        out += (out.size() > 1 ? ",{\"name\":" : "{\"name\":") + quoted(s.name) + ",\"type\":\"" +
               type + "\",\"minimum\":" + finite(s.minimum) + ",\"maximum\":" + finite(s.maximum) +
               ",\"minimumExcluded\":" + (s.ends == Setting::Ends::kExcluded ? "true" : "false") +
               ",\"maximumExcluded\":" + (s.ends == Setting::Ends::kIncluded ? "false" : "true") +
               ",\"default\":" + value + ",\"description\":" + quoted(s.description) + "}";
    }
    return out + "]";
}

std::string json(std::span<const Entry> entries) {
    std::string out = "[";
    for (const Entry& e : entries) {
        out += (out.size() > 1 ? ",{\"name\":" : "{\"name\":") + quoted(e.name);
        if (!e.formula.empty()) out += ",\"formula\":" + quoted(e.formula);
        if (!e.derivative.empty()) out += ",\"derivative\":" + quoted(e.derivative);
        out +=
            ",\"description\":" + quoted(e.description) + ",\"settings\":" + json(e.settings) + "}";
    }
    return out + "]";
}

}  // namespace

const Catalog& catalog() {
    static const Catalog kCatalog = {kActivations,
                                     kLosses,
                                     kOptimizers,
                                     scheduleEntries(),
                                     initializerEntries(),
                                     dataEntries(),
                                     featureEntries(),
                                     kPrecisions,
                                     kExperiment,
                                     kLayer,
                                     kRegularization,
                                     kStop,
                                     kEdit};
    return kCatalog;
}

std::string catalogJson() {
    const Catalog& c = catalog();
    return "{\"activations\":" + json(c.activations) + ",\"losses\":" + json(c.losses) +
           ",\"optimizers\":" + json(c.optimizers) + ",\"schedules\":" + json(c.schedules) +
           ",\"initializers\":" + json(c.initializers) + ",\"data\":" + json(c.data) +
           ",\"features\":" + json(c.features) + ",\"precisions\":" + json(c.precisions) +
           ",\"experiment\":" + json(c.experiment) + ",\"layer\":" + json(c.layer) +
           ",\"regularization\":" + json(c.regularization) + ",\"stop\":" + json(c.stop) +
           ",\"edit\":" + json(c.edit) + ",\"defaults\":" + jsonText(toValue(Experiment{})) + "}";
}

const Entry* find(std::span<const Entry> entries, std::string_view name) {
    for (const Entry& entry : entries) {
        if (entry.name == name) return &entry;
    }
    return nullptr;
}

std::size_t placeOf(std::span<const Entry> entries, std::string_view name) {
    const Entry* entry = find(entries, name);
    assert(entry);
    return static_cast<std::size_t>(entry - entries.data());
}

std::vector<double> settingsOf(std::span<const Entry> entries, const Choice& choice) {
    std::vector<double> values;
    for (const Setting& setting : entries[placeOf(entries, choice.kind)].settings) {
        const auto given = choice.settings.find(setting.name);
        values.push_back(given == choice.settings.end() ? setting.defaultValue : given->second);
    }
    return values;
}

namespace {

/// read<T>() of the type at this place of a list.
template <typename Result, typename... T>
Result fromList(const std::tuple<T...>*, std::size_t place, auto read) {
    const Result table[] = {read.template operator()<T>()...};
    return table[place];
}

}  // namespace

bool couplesUnits(std::size_t activation) {
    return fromList<bool>(static_cast<const Activations*>(nullptr), activation,
                          []<typename T>() { return kCouples<T>; });
}

bool goesThroughLogits(std::size_t loss) {
    return fromList<bool>(static_cast<const Losses*>(nullptr), loss,
                          []<typename T>() { return T::throughLogits; });
}

bool averagesOverOutputs(std::size_t loss) {
    return fromList<bool>(static_cast<const Losses*>(nullptr), loss,
                          []<typename T>() { return T::averagesOverOutputs; });
}

std::size_t stateBlocks(std::size_t optimizer, std::span<const double> settings) {
    return fromList<std::size_t>(static_cast<const AllOptimizers*>(nullptr), optimizer,
                                 [&]<typename T>() {
                                     if constexpr (requires { T::blocks; }) {
                                         return T::blocks;
                                     } else {
                                         return T::blocksBy(settings);
                                     }
                                 });
}

}  // namespace backprop
