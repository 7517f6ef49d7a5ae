// backprop_read_experiments: reads a JSON experiment from each line of standard input and writes a
// line for each: {} where it is one, else the message and the path of what is wrong with it. The
// package's own reader must give the same answers (wasm/test/reader.test.mjs).

#include <iostream>
#include <string>

#include "golden.h"

namespace {

/// Keeps the order of the fields, in which they are read.
using nlohmann::ordered_json;

ordered_json answerTo(const std::string& line) {
    const auto read = backprop::readExperiment(backprop::valueOf(ordered_json::parse(line)));
    const auto* error = std::get_if<backprop::ExperimentError>(&read);
    if (!error) return ordered_json::object();
    return {{"message", error->message}, {"path", error->path}};
}

}  // namespace

int main() {
    for (std::string line; std::getline(std::cin, line);) {
        std::cout << answerTo(line).dump() << '\n';
    }
}
