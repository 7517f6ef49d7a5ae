#include "experiment_value.h"

#include "table.h"
#include "text.h"

namespace backprop {
namespace {

Value number(double x) { return {x}; }
Value text(const std::string& s) { return {s}; }

Object objectOf(std::span<const Entry> entries, const Choice& choice) {
    Object object{{"kind", text(choice.kind)}};
    const Entry* entry = find(entries, choice.kind);
    for (const auto& [name, value] : choice.settings) {
        bool isSwitch = false;
        for (const Setting& s : entry ? entry->settings : std::span<const Setting>{}) {
            isSwitch |= s.name == name && s.type == Setting::Type::kBoolean;
        }
        const bool isBoolean = isSwitch && (value == 0 || value == 1);
        object.push_back({name, isBoolean ? Value{value != 0} : number(value)});
    }
    return object;
}

Value arrayOf(const Rows& rows) {
    Array array;
    for (const std::vector<double>& row : rows) {
        Array values;
        for (const double x : row) values.push_back(number(x));
        array.push_back({std::move(values)});
    }
    return {std::move(array)};
}

}  // namespace

Value toValue(const Experiment& e) {
    Object data = objectOf(catalog().data, e.data);
    if (e.data.kind == "points" || !e.data.inputs.empty()) {
        data.push_back({"inputs", arrayOf(e.data.inputs)});
    }
    if (e.data.kind == "points" || !e.data.targets.empty()) {
        data.push_back({"targets", arrayOf(e.data.targets)});
    }
    Array layers;
    for (const Layer& layer : e.layers) {
        layers.push_back(
            {Object{{"units", number(layer.units)}, {"activation", text(layer.activation)}}});
    }
    Object stop;
    if (e.stop.loss) stop.push_back({"loss", number(*e.stop.loss)});
    if (e.stop.patience) {
        stop.push_back({"patience", number(static_cast<double>(*e.stop.patience))});
    }
    Array edits;
    for (const Edit& edit : e.edits) {
        Object object{{"epoch", number(static_cast<double>(edit.epoch))}};
        if (edit.learningRate) object.push_back({"learningRate", number(*edit.learningRate)});
        if (edit.parameter) {
            object.push_back({"parameter", number(static_cast<double>(*edit.parameter))});
            object.push_back({"value", number(edit.value)});
        }
        edits.push_back({std::move(object)});
    }
    Object experiment{{"data", {std::move(data)}}};
    if (!e.features.empty()) {
        Array features;
        for (const std::string& feature : e.features) features.push_back(text(feature));
        experiment.push_back({"features", {std::move(features)}});
    }
    experiment.insert(experiment.end(),
                      {{"layers", {std::move(layers)}},
                       {"loss", text(e.loss)},
                       {"initializer", {objectOf(catalog().initializers, e.initializer)}},
                       {"optimizer", {objectOf(catalog().optimizers, e.optimizer)}},
                       {"schedule", {objectOf(catalog().schedules, e.schedule)}},
                       {"regularization", {Object{{"l1", number(e.l1)}, {"l2", number(e.l2)}}}},
                       {"batchSize", number(static_cast<double>(e.batchSize))},
                       {"shuffle", {e.shuffle}},
                       {"shuffleSeed", number(e.shuffleSeed)},
                       {"precision", text(e.precision)},
                       {"epochs", number(static_cast<double>(e.epochs))},
                       {"stop", {std::move(stop)}},
                       {"edits", {std::move(edits)}}});
    return {std::move(experiment)};
}

std::string jsonText(const Value& value) {
    struct Writer {
        std::string operator()(std::nullptr_t) const { return "null"; }
        std::string operator()(bool b) const { return b ? "true" : "false"; }
        std::string operator()(double x) const { return x - x == 0 ? numberText(x) : "null"; }
        std::string operator()(const std::string& s) const { return quoted(s); }
        std::string operator()(const Foreign&) const { return "null"; }
        std::string operator()(const Array& array) const {
            std::string out = "[";
            for (const Value& element : array) {
                if (out.size() > 1) out += ',';
                out += std::visit(*this, element.data);
            }
            return out + "]";
        }
        std::string operator()(const Object& object) const {
            std::string out = "{";
            for (const auto& [name, element] : object) {
                if (out.size() > 1) out += ',';
                out += quoted(name) + ":" + std::visit(*this, element.data);
            }
            return out + "}";
        }
    };
    return std::visit(Writer{}, value.data);
}

}  // namespace backprop
