// The committed digests, natively: see tools/digests.mjs for the other compilers and flags.

#include <gtest/gtest.h>

#include "golden.h"

namespace backprop::test {
namespace {

TEST(Digest, OfEveryScenario) {
    for (const auto& scenario : readGolden("digests.json")) {
        Session session(experimentOf(scenario.at("experiment")));
        session.train(scenario.at("epochs").get<int>());
        EXPECT_EQ(session.digest(), scenario.at("digest").get<std::string>())
            << scenario.at("name");
    }
}

TEST(Digest, ScenariosTakeEveryName) {
    const std::string all = readGolden("digests.json").dump();
    const Catalog& c = catalog();
    for (const auto& entries :
         {c.activations, c.losses, c.optimizers, c.schedules, c.initializers, c.data, c.features}) {
        for (const Entry& entry : entries) {
            EXPECT_NE(all.find("\"" + std::string(entry.name) + "\""), std::string::npos)
                << entry.name;
        }
    }
}

}  // namespace
}  // namespace backprop::test
