// What an experiment may say, and what is said when it may not.

#include <gtest/gtest.h>

#include "experiment_value.h"
#include "golden.h"
#include "random_experiment.h"

namespace backprop::test {
namespace {

/// A message in which {activations} and the like stand for the catalog's names.
std::string withNames(std::string message) {
    const Catalog& c = catalog();
    const std::pair<std::string, std::span<const Entry>> groups[] = {
        {"{activations}", c.activations},   {"{losses}", c.losses}, {"{schedules}", c.schedules},
        {"{initializers}", c.initializers}, {"{data}", c.data},     {"{features}", c.features}};
    for (const auto& [mark, entries] : groups) {
        const std::size_t at = message.find(mark);
        if (at == std::string::npos) continue;
        std::string names;
        for (const Entry& entry : entries) {
            names += (names.empty() ? "" : ", ") + std::string(entry.name);
        }
        message.replace(at, mark.size(), names);
    }
    return message;
}

TEST(Experiment, EveryBadOneIsRefusedWithPathRangeAndWhatWasGiven) {
    const nlohmann::json cases = readGolden("bad_experiments.json");
    EXPECT_GE(cases.size(), 40u);
    for (const auto& bad : cases) {
        const auto read = readExperiment(valueOf(bad.at("experiment")));
        const auto* error = std::get_if<ExperimentError>(&read);
        ASSERT_TRUE(error) << bad;
        EXPECT_EQ(error->message, withNames(bad.at("message")));
        EXPECT_EQ(error->path, bad.at("path").get<std::string>());
    }
}

TEST(Experiment, ValidateAndReadSayTheSame) {
    Experiment e;
    e.layers[0].units = 0;
    ASSERT_TRUE(validate(e));
    EXPECT_EQ(validate(e)->message, "layers[0].units must be 1 to 1024, not 0");
    EXPECT_EQ(validate(e)->path, "layers[0].units");
    e.layers[0].units = 2;
    e.optimizer.settings["learningRate"] = std::nan("");
    EXPECT_EQ(validate(e)->message, "optimizer.learningRate must be a number, 0 or more, not NaN");
}

TEST(Experiment, AnExperimentReadBackIsTheSame) {
    Dice dice(21);
    for (int n = 0; n < 100; ++n) {
        const Experiment e = randomExperiment(dice);
        const auto read = readExperiment(toValue(e));
        ASSERT_TRUE(std::holds_alternative<Experiment>(read)) << std::get<1>(read).message;
        EXPECT_EQ(jsonText(toValue(std::get<Experiment>(read))), jsonText(toValue(e)));
    }
}

/// Values of every kind in every place: a message or an experiment, and never anything else.
TEST(Experiment, SurvivesAnything) {
    Dice dice(22);
    const std::vector<Value> strange = {{nullptr},
                                        {true},
                                        {-1.0},
                                        {1e308},
                                        {0.5},
                                        {std::nan("")},
                                        {std::string(1000, 'x')},
                                        {Array{}},
                                        {Object{}},
                                        {Foreign{"a function"}},
                                        {Array{{Array{{1.0}}}}},
                                        {Object{{"kind", {2.0}}}}};
    const auto pick = [&] {
        return strange[static_cast<std::size_t>(
            dice.between(0, static_cast<int>(strange.size()) - 1))];
    };
    int refused = 0;
    for (int n = 0; n < 3000; ++n) {
        Value value = toValue(randomExperiment(dice));
        auto& object = std::get<Object>(value.data);
        Field& field =
            object[static_cast<std::size_t>(dice.between(0, static_cast<int>(object.size()) - 1))];
        auto* inner = std::get_if<Object>(&field.value.data);
        if (inner && !inner->empty() && dice.coin()) {
            inner->front().value = pick();
        } else {
            field.value = pick();
        }
        const auto read = readExperiment(value);
        if (const auto* error = std::get_if<ExperimentError>(&read)) {
            ++refused;
            EXPECT_FALSE(error->message.empty());
            EXPECT_LT(error->message.size(), 600u) << error->message;
        }
    }
    EXPECT_GT(refused, 2000);
}

}  // namespace
}  // namespace backprop::test
