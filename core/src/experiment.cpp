// Reading an experiment, by the catalog: every field's type, range and name is checked here. In
// WebAssembly wasm/read.js does it instead, and gives the same answers (wasm/test/reader.test.mjs).

#include "backprop/experiment.h"

#include <cmath>
#include <string>

#include "dataset.h"
#include "experiment_value.h"
#include "settings.h"
#include "table.h"
#include "text.h"

namespace backprop {
namespace {

constexpr std::size_t kMaxLayers = 16;
constexpr std::size_t kMaxRows = 1000000;
constexpr std::size_t kMaxColumns = 1024;
constexpr std::size_t kMaxEdits = 10000;
constexpr std::size_t kShownText = 40;  // of a text that was given, in a message

std::string shortened(const std::string& text) {
    if (text.size() <= kShownText) return quoted(text);
    std::size_t end = kShownText;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return quoted(text.substr(0, end) + "…");
}

std::string described(const Value& value) {
    struct Describer {
        std::string operator()(std::nullptr_t) const { return "null"; }
        std::string operator()(bool b) const { return b ? "true" : "false"; }
        std::string operator()(double x) const { return numberText(x); }
        std::string operator()(const std::string& s) const { return shortened(s); }
        std::string operator()(const Array& a) const { return a.empty() ? "[]" : "an array"; }
        std::string operator()(const Object& o) const { return o.empty() ? "{}" : "an object"; }
        std::string operator()(const Foreign& f) const { return f.description; }
    };
    return std::visit(Describer{}, value.data);
}

std::string rangeOf(const Setting& s) {
    if (s.minimum == -kInfinity && s.maximum == kInfinity) return "a finite number";
    const std::string low = numberText(s.minimum);
    const bool above = s.ends == Setting::Ends::kExcluded;
    if (s.maximum == kInfinity) return above ? "above " + low : low + " or more";
    const std::string high = numberText(s.maximum);
    if (s.ends == Setting::Ends::kIncluded) return low + " to " + high;
    return (above ? "above " + low : low + " or more") + " and below " + high;
}

bool isInside(double x, const Setting& s) {
    const bool above = s.ends == Setting::Ends::kExcluded ? x > s.minimum : x >= s.minimum;
    return above && (s.ends == Setting::Ends::kIncluded ? x <= s.maximum : x < s.maximum);
}

std::string listed(std::span<const std::string_view> names) {
    std::string out;
    for (const std::string_view name : names) {
        if (!out.empty()) out += ", ";
        out += name;
    }
    return out;
}

std::vector<std::string_view> namesOf(const auto& rows) {
    std::vector<std::string_view> names;
    for (const auto& row : rows) names.push_back(row.name);
    return names;
}

std::string suggestion(std::string_view name, std::span<const std::string_view> candidates) {
    const std::string_view near = nearest(name, candidates);
    return near.empty() ? "" : "; did you mean " + std::string(near) + "?";
}

std::string at(const std::string& path, std::size_t index) {
    return path + "[" + std::to_string(index) + "]";
}

std::string under(const std::string& path, const std::string& field) {
    return path.empty() ? field : path + "." + field;
}

/// Reads one experiment; after the first thing that is wrong it only says so.
class Reader {
  public:
    std::variant<Experiment, ExperimentError> read(const Value& value) {
        const Object* object = objectAt("", value);
        if (object) {
            eachField("", *object, "the experiment", kFields,
                      [&](const std::string& name, const Value& v) { readField(name, v); });
        }
        if (!error_) checkTogether();
        if (error_) return *std::move(error_);
        return std::move(experiment_);
    }

  private:
    static constexpr std::string_view kFields[] = {
        "data",        "features",  "layers",         "loss",      "initializer",
        "optimizer",   "schedule",  "regularization", "batchSize", "shuffle",
        "shuffleSeed", "precision", "epochs",         "stop",      "edits"};
    static constexpr std::string_view kLayerFields[] = {"units", "activation"};

    Experiment experiment_;
    std::optional<ExperimentError> error_;

    /// The first complaint is the one that is reported.
    void fail(const std::string& path, const std::string& message) {
        if (!error_) error_ = ExperimentError{message, path};
    }

    void failUnless(bool holds, const std::string& path, const std::string& requirement,
                    const std::string& given) {
        if (holds) return;
        fail(path, (path.empty() ? "the experiment" : path) + " must be " + requirement + ", not " +
                       given);
    }

    template <typename T>
    const T* typed(const std::string& path, const Value& value, const std::string& requirement) {
        const T* content = std::get_if<T>(&value.data);
        failUnless(content, path, requirement, described(value));
        return content;
    }

    const Object* objectAt(const std::string& path, const Value& value) {
        return typed<Object>(path, value, "an object");
    }

    /// An array of `least`, which is 0 or 1, to `most` things.
    const Array* arrayAt(const std::string& path, const Value& value, std::size_t least,
                         std::size_t most, const std::string& things) {
        const std::string requirement =
            (least == 0 ? "an array of at most " : "an array of 1 to ") + std::to_string(most) +
            " " + things;
        const Array* array = typed<Array>(path, value, requirement);
        if (!array) return nullptr;
        const std::size_t size = array->size();
        failUnless(size >= least && size <= most, path, requirement,
                   size > 0 ? std::to_string(size) : "[]");
        return array;
    }

    template <typename Read>
    void eachField(const std::string& path, const Object& object, const std::string& whose,
                   std::span<const std::string_view> fields, Read read) {
        for (const auto& [name, value] : object) {
            if (error_) return;
            bool known = false;
            for (const std::string_view field : fields) known |= field == name;
            if (known) {
                read(name, value);
            } else {
                const std::string full = under(path, name);
                fail(full,
                     shortened(full) + " is not a field of " + whose +
                         (fields.empty() ? ", which has none" : ", which has " + listed(fields)) +
                         suggestion(name, fields));
            }
        }
    }

    double readNumber(const std::string& path, const Value& value, const Setting& setting) {
        if (setting.type == Setting::Type::kBoolean) {
            const bool* flag = typed<bool>(path, value, "true or false");
            return flag && *flag;
        }
        const bool whole = setting.type == Setting::Type::kInteger;
        const double* number = std::get_if<double>(&value.data);
        const bool isNumber =
            number && std::isfinite(*number) && !(whole && *number != std::floor(*number));
        if (isNumber && isInside(*number, setting)) return *number;
        const std::string range = rangeOf(setting);
        const std::string kind = whole ? "a whole number" : "a number";
        const bool isRangeEnough = isNumber || range == "a finite number";
        failUnless(false, path, isRangeEnough ? range : kind + ", " + range, described(value));
        return 0;
    }

    std::string readName(const std::string& path, const Value& value,
                         std::span<const Entry> entries) {
        const std::vector<std::string_view> names = namesOf(entries);
        const std::string requirement =
            names.size() == 1 ? std::string(names[0]) : "one of " + listed(names);
        const std::string* name = typed<std::string>(path, value, requirement);
        if (!name || find(entries, *name)) return name ? *name : "";
        failUnless(false, path, requirement, shortened(*name) + suggestion(*name, names));
        return "";
    }

    /// {"kind": …, settings}; `others` are left to the caller.
    Choice readChoice(const std::string& path, const Value& value, const std::string& fallback,
                      std::span<const Entry> entries,
                      std::span<const std::string_view> others = {}) {
        Choice choice{fallback, {}};
        const Object* object = objectAt(path, value);
        if (!object) return choice;
        for (const auto& [name, v] : *object) {
            if (name == "kind") choice.kind = readName(under(path, "kind"), v, entries);
        }
        if (error_) return choice;
        const Entry& entry = *find(entries, choice.kind);
        std::vector<std::string_view> fields = {"kind"};
        for (const Setting& s : entry.settings) fields.push_back(s.name);
        for (const std::string_view other : others) fields.push_back(other);
        eachField(path, *object, choice.kind, fields, [&](const std::string& name, const Value& v) {
            for (const Setting& s : entry.settings) {
                if (s.name == name) choice.settings[name] = readNumber(under(path, name), v, s);
            }
        });
        return choice;
    }

    /// Numbers by name, all of them from one list of settings.
    template <typename Take>
    void readSettings(const std::string& path, const Value& value, const std::string& whose,
                      std::span<const Setting> settings, Take take) {
        const Object* object = objectAt(path, value);
        if (!object) return;
        eachField(path, *object, whose, namesOf(settings),
                  [&](const std::string& name, const Value& v) {
                      for (const Setting& s : settings) {
                          if (s.name == name) take(name, readNumber(under(path, name), v, s));
                      }
                  });
    }

    Rows readRows(const std::string& path, const Value& value) {
        const Array* array = arrayAt(path, value, 1, kMaxRows, "rows");
        if (!array) return {};
        Rows rows;
        rows.reserve(array->size());
        for (std::size_t r = 0; r < array->size() && !error_; ++r) {
            rows.push_back(readRow(at(path, r), (*array)[r]));
            if (rows[r].size() == rows[0].size()) continue;
            failUnless(false, at(path, r),
                       "a row of " + std::to_string(rows[0].size()) + " like the first",
                       "of " + std::to_string(rows[r].size()));
        }
        return rows;
    }

    std::vector<double> readRow(const std::string& path, const Value& value) {
        static constexpr Setting kAny = {"", Type::kNumber, -kInfinity, kInfinity, kUnset, ""};
        const Array* array = arrayAt(path, value, 1, kMaxColumns, "numbers");
        if (!array) return {};
        std::vector<double> row;
        row.reserve(array->size());
        for (std::size_t c = 0; c < array->size() && !error_; ++c) {
            // Without a path unless something is wrong: there may be millions of these.
            const double* number = std::get_if<double>(&(*array)[c].data);
            const bool isFine = number && std::isfinite(*number);
            row.push_back(isFine ? *number : readNumber(at(path, c), (*array)[c], kAny));
        }
        return row;
    }

    void readData(const Value& value) {
        static constexpr std::string_view kRows[] = {"inputs", "targets"};
        const Object* object = std::get_if<Object>(&value.data);
        bool isPoints = false;
        if (object) {
            for (const auto& [name, v] : *object) {
                const std::string* kind = std::get_if<std::string>(&v.data);
                isPoints |= name == "kind" && kind && *kind == "points";
            }
        }
        Data data;
        static_cast<Choice&>(data) =
            readChoice("data", value, experiment_.data.kind, catalog().data,
                       std::span(kRows).first(isPoints ? 2 : 0));
        if (isPoints && !error_) {
            for (const auto& [name, v] : *object) {
                if (name == "inputs") data.inputs = readRows("data.inputs", v);
                if (name == "targets") data.targets = readRows("data.targets", v);
            }
            failUnless(!data.inputs.empty(), "data.inputs", "an array of rows", "left out");
            failUnless(!data.targets.empty(), "data.targets", "an array of rows", "left out");
            failUnless(data.targets.size() == data.inputs.size(), "data.targets",
                       "as many rows as data.inputs, " + std::to_string(data.inputs.size()),
                       std::to_string(data.targets.size()));
        }
        experiment_.data = std::move(data);
    }

    void readLayers(const Value& value) {
        const Array* array = arrayAt("layers", value, 1, kMaxLayers, "layers");
        if (!array) return;
        experiment_.layers.clear();
        for (std::size_t l = 0; l < array->size() && !error_; ++l) {
            const std::string path = at("layers", l);
            const Object* object = objectAt(path, (*array)[l]);
            if (!object) return;
            Layer layer;
            bool hasUnits = false;
            eachField(
                path, *object, "a layer", kLayerFields,
                [&](const std::string& name, const Value& v) {
                    if (name == "units") {
                        hasUnits = true;
                        layer.units =
                            static_cast<int>(readNumber(path + ".units", v, catalog().layer[0]));
                    } else {
                        layer.activation = readName(path + ".activation", v, catalog().activations);
                    }
                });
            failUnless(hasUnits || error_, path + ".units",
                       "a whole number, " + rangeOf(catalog().layer[0]), "left out");
            experiment_.layers.push_back(layer);
        }
    }

    void readFeatures(const Value& value) {
        const Array* array = typed<Array>("features", value, "an array of names");
        if (!array) return;
        failUnless(!array->empty(), "features",
                   "an array of at least one of " + listed(namesOf(catalog().features)), "[]");
        for (std::size_t f = 0; f < array->size() && !error_; ++f) {
            const std::string name = readName(at("features", f), (*array)[f], catalog().features);
            for (const std::string& before : experiment_.features) {
                failUnless(before != name, at("features", f), "named once",
                           quoted(name) + " again");
            }
            experiment_.features.push_back(name);
        }
    }

    void readEdits(const Value& value) {
        const Array* array = arrayAt("edits", value, 0, kMaxEdits, "edits");
        if (!array) return;
        for (std::size_t i = 0; i < array->size() && !error_; ++i) {
            const std::string path = at("edits", i);
            Edit edit;
            bool hasEpoch = false;
            bool hasValue = false;
            readSettings(path, (*array)[i], "an edit", catalog().edit,
                         [&](const std::string& name, double x) {
                             if (name == "epoch") {
                                 hasEpoch = true;
                                 edit.epoch = static_cast<std::int64_t>(x);
                             } else if (name == "learningRate") {
                                 edit.learningRate = x;
                             } else if (name == "parameter") {
                                 edit.parameter = static_cast<std::int64_t>(x);
                             } else {
                                 hasValue = true;
                                 edit.value = x;
                             }
                         });
            if (error_) return;
            failUnless(hasEpoch, path + ".epoch", "a whole number, " + rangeOf(catalog().edit[0]),
                       "left out");
            failUnless(edit.parameter.has_value() == hasValue &&
                           edit.parameter.has_value() != edit.learningRate.has_value(),
                       path, "{epoch, learningRate} or {epoch, parameter, value}",
                       "another mixture of fields");
            experiment_.edits.push_back(edit);
        }
    }

    void readField(const std::string& name, const Value& value) {
        Experiment& e = experiment_;
        if (name == "data") return readData(value);
        if (name == "features") return readFeatures(value);
        if (name == "layers") return readLayers(value);
        if (name == "edits") return readEdits(value);
        if (name == "loss") {
            e.loss = readName(name, value, catalog().losses);
        } else if (name == "initializer") {
            e.initializer = readChoice(name, value, e.initializer.kind, catalog().initializers);
        } else if (name == "optimizer") {
            e.optimizer = readChoice(name, value, e.optimizer.kind, catalog().optimizers);
        } else if (name == "schedule") {
            e.schedule = readChoice(name, value, e.schedule.kind, catalog().schedules);
        } else if (name == "precision") {
            e.precision = readName(name, value, catalog().precisions);
        } else if (name == "regularization") {
            readSettings(
                name, value, name, catalog().regularization,
                [&](const std::string& which, double x) { (which == "l1" ? e.l1 : e.l2) = x; });
        } else if (name == "stop") {
            readSettings(name, value, name, catalog().stop,
                         [&](const std::string& which, double x) {
                             if (which == "loss") {
                                 e.stop.loss = x;
                             } else {
                                 e.stop.patience = static_cast<std::int64_t>(x);
                             }
                         });
        } else {
            readScalar(name, value);
        }
    }

    void readScalar(const std::string& name, const Value& value) {
        Experiment& e = experiment_;
        for (const Setting& s : catalog().experiment) {
            if (s.name != name) continue;
            const double x = readNumber(name, value, s);
            if (error_) return;
            if (name == "batchSize") e.batchSize = static_cast<std::int64_t>(x);
            if (name == "shuffle") e.shuffle = x != 0;
            if (name == "shuffleSeed") e.shuffleSeed = static_cast<std::uint32_t>(x);
            if (name == "epochs") e.epochs = static_cast<std::int64_t>(x);
        }
    }

    /// Which output activations and losses go together.
    void checkOutput(const Experiment& e, const std::string& output) {
        const std::string& activation = e.layers.back().activation;
        for (std::size_t l = 0; l + 1 < e.layers.size(); ++l) {
            failUnless(e.layers[l].activation != "softmax", at("layers", l) + ".activation",
                       "any but softmax, which is for the output layer only", quoted("softmax"));
        }
        failUnless(e.loss != "binary_cross_entropy" || activation == "sigmoid",
                   output + ".activation", "sigmoid with binary_cross_entropy", quoted(activation));
        failUnless(e.loss != "cross_entropy" || activation == "softmax", output + ".activation",
                   "softmax with cross_entropy", quoted(activation));
        if (e.loss != "binary_cross_entropy") return;
        for (std::size_t r = 0; r < e.data.targets.size(); ++r) {
            for (std::size_t c = 0; c < e.data.targets[r].size(); ++c) {
                const double y = e.data.targets[r][c];
                if (y >= 0 && y <= 1) continue;
                failUnless(false, at(at("data.targets", r), c), "0 to 1 with binary_cross_entropy",
                           numberText(y));
            }
        }
    }

    /// What no field can say alone: how the fields fit together.
    void checkTogether() {
        const Experiment& e = experiment_;
        const Plan plan = planOf(e);
        const DataShape shape = shapeOf(plan);
        const std::size_t last = e.layers.size() - 1;
        failUnless(static_cast<std::size_t>(e.layers[last].units) == shape.targets,
                   at("layers", last) + ".units",
                   std::to_string(shape.targets) + ", the number of targets of " + e.data.kind,
                   numberText(e.layers[last].units));
        checkOutput(e, at("layers", last));
        failUnless(e.features.empty() || shape.inputs == 2, "features",
                   "left out unless the data have 2 inputs",
                   "given for " + std::to_string(shape.inputs));
        if (e.initializer.kind == "uniform") {
            const double minimum = plan.initializer.settings[1];
            const double maximum = plan.initializer.settings[2];
            failUnless(minimum <= maximum, "initializer.maximum",
                       "the minimum, " + numberText(minimum) + ", or more", numberText(maximum));
        }
        failUnless(e.optimizer.kind != "lbfgs" || e.batchSize == 0 ||
                       static_cast<std::size_t>(e.batchSize) >= trainingCount(plan),
                   "batchSize", "0 with lbfgs", numberText(static_cast<double>(e.batchSize)));
        std::size_t parameters = 0;
        std::size_t fanIn = e.features.empty() ? shape.inputs : e.features.size();
        for (const Layer& layer : e.layers) {
            parameters += (fanIn + 1) * static_cast<std::size_t>(layer.units);
            fanIn = static_cast<std::size_t>(layer.units);
        }
        for (std::size_t i = 0; i < e.edits.size(); ++i) {
            const std::optional<std::int64_t>& parameter = e.edits[i].parameter;
            failUnless(!parameter || static_cast<std::size_t>(*parameter) < parameters,
                       at("edits", i) + ".parameter", "0 to " + std::to_string(parameters - 1),
                       numberText(static_cast<double>(parameter.value_or(0))));
        }
    }
};

}  // namespace

std::variant<Experiment, ExperimentError> readExperiment(const Value& value) {
    return Reader{}.read(value);
}

std::optional<ExperimentError> validate(const Experiment& experiment) {
    const std::variant<Experiment, ExperimentError> read = readExperiment(toValue(experiment));
    if (const ExperimentError* error = std::get_if<ExperimentError>(&read)) return *error;
    return std::nullopt;
}

}  // namespace backprop
