// backprop_train EXPERIMENT.json EPOCHS
// Trains an experiment and prints one JSON object: epoch loss diverged digest parameters
// predictions (of the training inputs, row-major). Numbers read back to the same bits; a loss that
// is not finite is null. Exit status 0; 2, and one line on standard error, when the input cannot be
// used.

#include <backprop/backprop.h>

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace {

using nlohmann::json;

constexpr std::int64_t kMaxEpochs = 1'000'000'000'000'000;

backprop::Value toValue(const json& j) {
    if (j.is_boolean()) return {j.get<bool>()};
    if (j.is_number()) return {j.get<double>()};
    if (j.is_string()) return {j.get<std::string>()};
    if (j.is_array()) {
        backprop::Array array;
        for (const json& element : j) array.push_back(toValue(element));
        return {std::move(array)};
    }
    if (j.is_object()) {
        backprop::Object object;
        for (const auto& [name, element] : j.items()) object.push_back({name, toValue(element)});
        return {std::move(object)};
    }
    return {nullptr};
}

int refuse(const std::string& message) {
    std::fprintf(stderr, "backprop_train: %s\n", message.c_str());
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return refuse("usage: backprop_train EXPERIMENT.json EPOCHS");
    const std::string path = argv[1];
    const std::string count = argv[2];
    std::int64_t epochs = 0;
    const auto [end, fault] = std::from_chars(count.data(), count.data() + count.size(), epochs);
    if (fault != std::errc() || end != count.data() + count.size() || epochs < 0 ||
        epochs > kMaxEpochs) {
        return refuse("EPOCHS must be a whole number, 0 to 1e15, not \"" + count + "\"");
    }
    std::ifstream file(path);
    if (!file || std::filesystem::is_directory(path)) return refuse("cannot read " + path);
    const json document = json::parse(file, nullptr, false);
    if (document.is_discarded()) return refuse(path + " is not JSON");
    const auto read = backprop::readExperiment(toValue(document));
    if (const auto* error = std::get_if<backprop::ExperimentError>(&read)) {
        return refuse(error->message);
    }
    backprop::Session session(std::get<backprop::Experiment>(read));
    session.train(epochs);
    const std::span<const double> parameters = session.parameters();
    const json result = {
        {"epoch", session.epoch()},
        {"loss", session.loss()},  // not finite: written as null
        {"diverged", session.diverged()},
        {"digest", session.digest()},
        {"parameters", std::vector<double>(parameters.begin(), parameters.end())},
        {"predictions", session.predict(session.dataset().inputs)},
    };
    std::printf("%s\n", result.dump().c_str());
}
