#pragma once
// An Experiment says everything there is to know about a run: the same fields, names and defaults
// as the JSON object that the page, the permalink and the element take. A run is a pure function of
// (experiment, epoch).

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "backprop/value.h"

namespace backprop {

/// A name from the catalog with its settings; a setting left out has the default of its kind.
///   Choice{"adam", {{"learningRate", 0.01}}}
/// Switches are 0 or 1.
struct Choice {
    std::string kind;                                     ///< as the catalog names it
    std::map<std::string, double, std::less<>> settings;  ///< by name, each in its range

    bool operator==(const Choice&) const = default;  ///< all fields are equal
};

/// Rows of numbers, all of one length: [samples, columns].
using Rows = std::vector<std::vector<double>>;

/// What the network learns: a generator by name with its settings, or `points` with its own rows.
struct Data : Choice {
    Rows inputs;   ///< points only: [samples, inputs], finite
    Rows targets;  ///< points only: [samples, outputs], finite

    bool operator==(const Data&) const = default;  ///< all fields are equal
};

/// A dense layer, z = Wᵀa + b followed by its activation.
struct Layer {
    int units = 1;                       ///< fan-out, 1 to 1024
    std::string activation = "sigmoid";  ///< softmax in the output layer only

    bool operator==(const Layer&) const = default;  ///< all fields are equal
};

/// What a hand changed on the way, applied before the step of its epoch: either the learning rate
/// (before the schedule's factor) or one parameter.
struct Edit {
    std::int64_t epoch = 0;                 ///< before whose step it is applied, 0 or more
    std::optional<double> learningRate;     ///< from then on
    std::optional<std::int64_t> parameter;  ///< index into the flat parameters
    double value = 0;                       ///< of the parameter, finite

    bool operator==(const Edit&) const = default;  ///< all fields are equal
};

/// Ends a run before its epochs are over.
struct Stop {
    std::optional<double> loss;            ///< stop as soon as the loss is at or below it
    std::optional<std::int64_t> patience;  ///< stop after so many epochs without a new lowest loss

    bool operator==(const Stop&) const = default;  ///< all fields are equal
};

/// The defaults are the run of the blog post: 2-2-1 sigmoids, XOR, seed 42, rate 0.1.
struct Experiment {
    Data data{{"xor", {}}, {}, {}};     ///< the training set, and a test set where asked for
    std::vector<std::string> features;  ///< of two-dimensional data; empty: the inputs as they are
    std::vector<Layer> layers{{2, "sigmoid"}, {1, "sigmoid"}};  ///< 1 to 16, the last is the output
    std::string loss = "mse";  ///< binary_cross_entropy and cross_entropy need their own output
    Choice initializer{"numpy_randn", {}};  ///< seed 42
    Choice optimizer{"sgd", {}};            ///< learning rate 0.1
    Choice schedule{"constant", {}};        ///< of the learning rate, counted in epochs
    double l1 = 0;                          ///< weight of Σ|w|, 0 or more
    double l2 = 0;                          ///< weight of ½Σw², 0 or more
    std::int64_t batchSize = 0;             ///< 0, or more than there are samples: the full batch
    bool shuffle = true;            ///< mini-batches only; false keeps the order of the data set
    std::uint32_t shuffleSeed = 0;  ///< 0 to 4294967295
    std::string precision = "f64";  ///< f64 (the same bits everywhere) or f32 (faster where wide)
    std::int64_t epochs = 10000;    ///< 1 to 1e9: how long the run is meant to be
    Stop stop;                      ///< unset: the run ends only where it diverges
    std::vector<Edit> edits;        ///< at most 10000

    bool operator==(const Experiment&) const = default;  ///< all fields are equal
};

/// Why an experiment is refused: one sentence, and the field that it is about.
///   {"layers[0].units must be 1 to 1024, not 0", "layers[0].units"}
struct ExperimentError {
    std::string message;  ///< names the field, its range and what was given
    std::string path;     ///< empty: the experiment itself
};

/// Nothing when the experiment can be run, else the first field that is wrong.
std::optional<ExperimentError> validate(const Experiment& experiment);

/// An experiment from a tree of values (JSON read by any parser, a JavaScript object). Fields left
/// out have their defaults. What it returns has passed validate.
std::variant<Experiment, ExperimentError> readExperiment(const Value& value);

}  // namespace backprop
