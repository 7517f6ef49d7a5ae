#pragma once
// Finding one's way in the catalog.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "backprop/catalog.h"
#include "backprop/experiment.h"

namespace backprop {

/// The entry of this name; null when there is none.
const Entry* find(std::span<const Entry> entries, std::string_view name);

/// The place of a name that is there (asserted): how the kernels' tables are indexed.
std::size_t placeOf(std::span<const Entry> entries, std::string_view name);

/// What a choice says for each of its kind's settings, in the catalog's order; defaults filled in.
std::vector<double> settingsOf(std::span<const Entry> entries, const Choice& choice);

/// The place of a setting that a kind has not.
inline constexpr std::size_t kNowhere = 255;

/// For each kind of a table, the place of this setting among the kind's own.
template <const auto& kTable>
consteval auto placesOf(std::string_view setting) {
    std::array<std::uint8_t, std::size(kTable)> places{};
    for (std::size_t kind = 0; kind < places.size(); ++kind) {
        const std::span<const Setting> settings = kTable[kind].settings;
        places[kind] = kNowhere;
        for (std::size_t s = 0; s < settings.size(); ++s) {
            if (settings[s].name == setting) places[kind] = static_cast<std::uint8_t>(s);
        }
    }
    return places;
}

/// Whether an activation couples the units of a sample.
bool couplesUnits(std::size_t activation);

/// Whether a loss is taken together with its output activation (loss.h).
bool goesThroughLogits(std::size_t loss);

/// Whether a loss is the mean over all elements, or over the samples alone.
bool averagesOverOutputs(std::size_t loss);

/// How many blocks as large as the parameters an optimizer with these settings keeps.
std::size_t stateBlocks(std::size_t optimizer, std::span<const double> settings);

}  // namespace backprop
