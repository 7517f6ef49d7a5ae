// The catalog, and the same without its words.

#include <gtest/gtest.h>

#include <cmath>

#include "table.h"

namespace backprop::test {
namespace {

void expectBare(std::span<const Setting> bare, std::span<const Setting> full) {
    ASSERT_EQ(bare.size(), full.size());
    for (std::size_t s = 0; s < full.size(); ++s) {
        EXPECT_EQ(bare[s].name, full[s].name);
        EXPECT_EQ(bare[s].type, full[s].type) << full[s].name;
        EXPECT_EQ(bare[s].ends, full[s].ends) << full[s].name;
        EXPECT_EQ(bare[s].minimum, full[s].minimum) << full[s].name;
        EXPECT_EQ(bare[s].maximum, full[s].maximum) << full[s].name;
        const bool isUnset = std::isnan(full[s].defaultValue) && std::isnan(bare[s].defaultValue);
        EXPECT_TRUE(isUnset || bare[s].defaultValue == full[s].defaultValue) << full[s].name;
        EXPECT_FALSE(full[s].description.empty()) << full[s].name;
        EXPECT_TRUE(bare[s].description.empty()) << full[s].name;
    }
}

void expectBare(std::span<const Entry> bare, std::span<const Entry> full) {
    ASSERT_EQ(bare.size(), full.size());
    for (std::size_t e = 0; e < full.size(); ++e) {
        EXPECT_EQ(bare[e].name, full[e].name);
        EXPECT_FALSE(full[e].description.empty()) << full[e].name;
        EXPECT_TRUE(bare[e].description.empty() && bare[e].formula.empty() &&
                    bare[e].derivative.empty())
            << full[e].name;
        expectBare(bare[e].settings, full[e].settings);
    }
}

TEST(Catalog, TheBareOneHasAllButTheWords) {
    const Catalog& bare = bareCatalog();
    const Catalog& full = catalog();
    expectBare(bare.activations, full.activations);
    expectBare(bare.losses, full.losses);
    expectBare(bare.optimizers, full.optimizers);
    expectBare(bare.schedules, full.schedules);
    expectBare(bare.initializers, full.initializers);
    expectBare(bare.data, full.data);
    expectBare(bare.features, full.features);
    expectBare(bare.precisions, full.precisions);
    expectBare(bare.experiment, full.experiment);
    expectBare(bare.layer, full.layer);
    expectBare(bare.regularization, full.regularization);
    expectBare(bare.stop, full.stop);
    expectBare(bare.edit, full.edit);
}

}  // namespace
}  // namespace backprop::test
