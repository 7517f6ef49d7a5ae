#pragma once
// Finding one's way in the catalog.

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "backprop/catalog.h"
#include "backprop/experiment.h"

namespace backprop {

/// The catalog without its words: names, types, ranges and defaults. Whatever reads or runs an
/// experiment asks this one, so that a program that shows no words holds none.
const Catalog& bareCatalog();

/// The settings of a table without their words.
template <const auto& kTable>
constexpr auto kBareSettings = [] {
    std::array<Setting, std::size(kTable)> settings{};
    for (std::size_t s = 0; s < settings.size(); ++s) {
        settings[s] = kTable[s];
        settings[s].description = {};
    }
    return settings;
}();

/// All settings of a table's entries, one entry's after the other's.
template <const auto& kTable>
constexpr auto kSettingsOf = [] {
    constexpr std::size_t kCount = [] {
        std::size_t count = 0;
        for (const Entry& entry : kTable) count += entry.settings.size();
        return count;
    }();
    std::array<Setting, kCount> settings{};
    std::size_t place = 0;
    for (const Entry& entry : kTable) {
        for (const Setting& setting : entry.settings) settings[place++] = setting;
    }
    return settings;
}();

/// The entries of a table without their words.
template <const auto& kTable>
constexpr auto kBareEntries = [] {
    std::array<Entry, std::size(kTable)> entries{};
    std::span<const Setting> rest = kBareSettings<kSettingsOf<kTable>>;
    for (std::size_t e = 0; e < entries.size(); ++e) {
        const std::size_t count = kTable[e].settings.size();
        entries[e] = {kTable[e].name, {}, {}, {}, rest.first(count)};
        rest = rest.subspan(count);
    }
    return entries;
}();

/// The entry of this name; null when there is none.
const Entry* find(std::span<const Entry> entries, std::string_view name);

/// The place of a name that is there (asserted): how the kernels' tables are indexed.
std::size_t placeOf(std::span<const Entry> entries, std::string_view name);

/// What a choice says for each of its kind's settings, in the catalog's order; defaults filled in.
std::vector<double> settingsOf(std::span<const Entry> entries, const Choice& choice);

/// One of them by its name, which the kind has (asserted).
double settingOf(std::span<const Entry> entries, const Choice& choice, std::string_view name);

/// The place of the activation that leaves everything as it is.
inline constexpr std::size_t kIdentity = 0;
/// The place of the loss that has kernels of its own.
inline constexpr std::size_t kMeanSquaredError = 0;

/// Whether an activation couples the units of a sample.
bool couplesUnits(std::size_t activation);

/// Whether a loss is taken together with its output activation (loss.h).
bool goesThroughLogits(std::size_t loss);

/// Whether a loss is the mean over all elements, or over the samples alone.
bool averagesOverOutputs(std::string_view loss);

/// How many blocks as large as the parameters an optimizer with these settings keeps.
std::size_t stateBlocks(std::size_t optimizer, std::span<const double> settings);

}  // namespace backprop
