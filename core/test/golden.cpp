#include "golden.h"

#include <fstream>
#include <stdexcept>
#include <variant>

namespace backprop {

nlohmann::json readGolden(const std::string& name) {
    const std::string path = BACKPROP_GOLDEN "/" + name;
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    return nlohmann::json::parse(file);
}

template <typename Json>
Value valueOf(const Json& json) {
    if (json.is_number()) return {json.template get<double>()};
    if (json.is_string()) return {json.template get<std::string>()};
    if (json.is_boolean()) return {json.template get<bool>()};
    if (json.is_null()) return {nullptr};
    if (json.is_array()) {
        Array array;
        for (const auto& element : json) array.push_back(valueOf(element));
        return {array};
    }
    Object object;
    for (const auto& [name, member] : json.items()) object.push_back({name, valueOf(member)});
    return {object};
}

template Value valueOf(const nlohmann::json& json);
template Value valueOf(const nlohmann::ordered_json& json);

Experiment experimentOf(const nlohmann::json& json) {
    auto result = readExperiment(valueOf(json));
    if (const auto* error = std::get_if<ExperimentError>(&result)) {
        throw std::runtime_error(error->message);
    }
    return std::get<Experiment>(result);
}

}  // namespace backprop
