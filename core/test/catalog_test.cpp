// The catalog, and the plans that are made by it.

#include "backprop/catalog.h"

#include <gtest/gtest.h>

#include <vector>

#include "backprop/plan.h"

namespace backprop::test {
namespace {

const std::span<const Entry> kLists[] = {
    catalog().activations,  catalog().losses, catalog().optimizers, catalog().schedules,
    catalog().initializers, catalog().data,   catalog().features,   catalog().precisions};

TEST(Catalog, DescribesEverything) {
    for (const auto& entries : kLists) {
        for (const Entry& entry : entries) {
            EXPECT_FALSE(entry.description.empty()) << entry.name;
            for (const Setting& setting : entry.settings) {
                EXPECT_FALSE(setting.description.empty()) << setting.name;
            }
        }
    }
}

TEST(Catalog, BeginsWithWhatEveryKindHas) {
    for (const Entry& entry : catalog().optimizers) {
        EXPECT_EQ(entry.settings[0].name, "learningRate") << entry.name;
    }
    for (const Entry& entry : catalog().initializers) {
        EXPECT_EQ(entry.settings[0].name, "seed") << entry.name;
    }
}

TEST(Plan, HasThePlacesOfNames) {
    Experiment e;
    e.features = {"sin_x1", "x2"};
    e.layers = {{3, "tanh"}, {1, "identity"}};
    e.loss = "huber";
    e.precision = "f32";
    const Plan plan = planOf(e);
    EXPECT_EQ(catalog().features[plan.features[0]].name, "sin_x1");
    EXPECT_EQ(catalog().features[plan.features[1]].name, "x2");
    EXPECT_EQ(plan.layers[0].units, 3u);
    EXPECT_EQ(catalog().activations[plan.layers[0].activation].name, "tanh");
    EXPECT_EQ(catalog().activations[plan.layers[1].activation].name, "identity");
    EXPECT_EQ(catalog().losses[plan.loss].name, "huber");
    EXPECT_TRUE(plan.single);
}

TEST(Plan, HasEverySetting) {
    Experiment e;
    e.optimizer = {"adam", {{"beta2", 0.9}, {"learningRate", 0.01}}};
    const Plan plan = planOf(e);
    const std::span<const Setting> settings = catalog().optimizers[plan.optimizer.kind].settings;
    ASSERT_EQ(plan.optimizer.settings.size(), settings.size());
    for (std::size_t s = 0; s < settings.size(); ++s) {
        const auto given = e.optimizer.settings.find(settings[s].name);
        const double value =
            given == e.optimizer.settings.end() ? settings[s].defaultValue : given->second;
        EXPECT_EQ(plan.optimizer.settings[s], value) << settings[s].name;
    }
}

TEST(Plan, HasItsRowsOneAfterTheOther) {
    Experiment e;
    e.data = {{"points", {{"testFraction", 0.5}}}, {{1, 2}, {3, 4}, {5, 6}}, {{0}, {1}, {0}}};
    const Plan plan = planOf(e);
    EXPECT_EQ(plan.inputColumns, 2u);
    EXPECT_EQ(plan.targetColumns, 1u);
    EXPECT_EQ(plan.inputs, (std::vector<double>{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(plan.targets, (std::vector<double>{0, 1, 0}));
    EXPECT_EQ(plan.data.settings, std::vector<double>{0.5});
}

}  // namespace
}  // namespace backprop::test
