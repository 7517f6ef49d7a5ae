// Prints the scenarios whose digests are committed in golden/digests.json: the post's run, some
// well known shapes, and experiments at random that take the names of the catalog. With another
// catalog all that is random is another, so a new name gets a line in the file, by hand.
//   backprop_scenarios > core/test/golden/digests.json && node tools/digests.mjs --update

#include <cstdio>

#include "experiment_value.h"
#include "random_experiment.h"

int main() {
    using namespace backprop;
    constexpr int kRandom = 300;
    std::string out = "[{\"name\":\"post\",\"experiment\":{},\"epochs\":10000}";
    const auto add = [&](const std::string& name, const Experiment& e, int epochs) {
        out += ",\n{\"name\":\"" + name + "\",\"experiment\":" + jsonText(toValue(e)) +
               ",\"epochs\":" + std::to_string(epochs) + "}";
    };
    Experiment wide;
    wide.data = {{"gaussians", {{"samples", 300}, {"classes", 3}}}, {}, {}};
    wide.layers = {{33, "tanh"}, {40, "relu"}, {3, "softmax"}};
    wide.loss = "cross_entropy";
    wide.batchSize = 64;
    wide.initializer.kind = "xavier_normal";
    add("wide", wide, 20);
    wide.layers = {{70, "tanh"}, {45, "softplus"}, {3, "softmax"}};
    wide.batchSize = 0;
    add("wide full batch", wide, 20);
    wide.layers = {{300, "tanh"}, {530, "silu"}, {3, "softmax"}};
    wide.batchSize = 100;
    add("packed in parts", wide, 2);
    wide.precision = "f32";
    add("packed in parts, f32", wide, 2);
    Experiment features;
    features.data.kind = "moons";
    for (const Entry& entry : catalog().features) features.features.emplace_back(entry.name);
    add("features", features, 50);
    Experiment stop;
    stop.optimizer = {"adam", {{"learningRate", 0.05}}};
    stop.stop = {0.2, 20};
    add("stop", stop, 1000);
    test::Dice dice(2026);
    for (int n = 0; n < kRandom; ++n) {
        add("random-" + std::to_string(n), test::randomExperiment(dice), dice.between(5, 60));
    }
    std::printf("%s]\n", out.c_str());
}
