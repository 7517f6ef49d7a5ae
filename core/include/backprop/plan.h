#pragma once
// An experiment in numbers, which is what the core runs: every name is its place in the catalog,
// and every setting is given. A host that reads and checks experiments by itself hands plans over;
// all others have them made of their experiments.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "backprop/experiment.h"

namespace backprop {

/// What an experiment says, by places and values. Nothing in it is checked.
struct Plan {
    /// A name of the catalog, and what it says for each of the name's settings.
    struct Choice {
        std::size_t kind;              ///< its place in the catalog's list
        std::vector<double> settings;  ///< in the catalog's order; switches are 0 or 1

        bool operator==(const Choice&) const = default;  ///< all fields are equal
    };

    /// A dense layer.
    struct Layer {
        std::size_t units;       ///< fan-out, 1 to 1024
        std::size_t activation;  ///< place

        bool operator==(const Layer&) const = default;  ///< all fields are equal
    };

    Choice data;                        ///< a generator, or points
    std::size_t inputColumns;           ///< points only, else 0
    std::size_t targetColumns;          ///< points only, else 0
    std::vector<double> inputs;         ///< points only: row-major samples x inputColumns
    std::vector<double> targets;        ///< points only: row-major samples x targetColumns
    std::vector<std::size_t> features;  ///< places; empty: the inputs as they are
    std::vector<Layer> layers;          ///< 1 to 16, the last is the output
    std::size_t loss;                   ///< place
    Choice initializer;                 ///< its first setting is the seed
    Choice optimizer;                   ///< its first setting is the learning rate
    Choice schedule;                    ///< of the learning rate
    double l1;                          ///< weight of Σ|w|
    double l2;                          ///< weight of ½Σw²
    std::int64_t batchSize;             ///< 0, or more than there are samples: the full batch
    bool shuffle;                       ///< mini-batches only
    std::uint32_t shuffleSeed;          ///< of the shuffle's random numbers
    bool single;                        ///< f32
    std::int64_t epochs;                ///< how long the run is meant to be
    Stop stop;                          ///< unset: the run ends only where it diverges
    std::vector<Edit> edits;            ///< in any order

    bool operator==(const Plan&) const = default;  ///< all fields are equal
};

/// The plan of an experiment that has passed validate (asserted where a name is unknown).
Plan planOf(const Experiment& experiment);

}  // namespace backprop
