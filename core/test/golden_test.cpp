// The figures of golden/numpy_golden.py: the post's run and plain networks as NumPy trains them.
// NumPy's exp and the order of its sums are not ours, so losses and parameters agree closely, not
// to the bit; in extended precision these runs differ by less than 1e-13 from NumPy's.

#include "golden.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "random.h"

namespace backprop {
namespace {

constexpr double kTolerance = 1e-12;

void expectClose(std::span<const double> ours, const std::vector<double>& golden) {
    ASSERT_EQ(ours.size(), golden.size());
    for (std::size_t i = 0; i < golden.size(); ++i) {
        EXPECT_NEAR(ours[i], golden[i], kTolerance * std::max(1.0, std::abs(golden[i]))) << i;
    }
}

void expectRun(Session& session, const nlohmann::json& golden) {
    const std::vector<double> initial = golden["initial"];
    ASSERT_TRUE(std::ranges::equal(session.parameters(), initial));
    for (const auto& point : golden["losses"]) {
        const std::int64_t epoch = point[0];
        const double loss = point[1];
        session.train(epoch - session.epoch());
        EXPECT_NEAR(session.loss(), loss, kTolerance * loss) << "epoch " << epoch;
    }
    EXPECT_EQ(session.epoch(), golden["epochs"]);
    expectClose(session.parameters(), golden["final"]);
}

TEST(Golden, ThePostsRun) {
    const auto golden = readGolden("numpy_training.json")["post"];
    Session session{Experiment{}};
    expectRun(session, golden);
    session.seek(9999);
    const double inputs[] = {0, 0, 0, 1, 1, 0, 1, 1};
    expectClose(session.predict(inputs), golden["predictions"]);
}

TEST(Golden, PlainNetworksTrainAsInNumpy) {
    const auto golden = readGolden("numpy_training.json");
    for (const auto& figures : golden["cases"]) {
        SCOPED_TRACE(figures["experiment"].dump());
        Session session(experimentOf(figures["experiment"]));
        expectRun(session, figures);
    }
}

// That the stream is NumPy's is random_test's to check; here, that a session lays it out.
TEST(Golden, InitialWeightsAreNumpysStream) {
    Experiment experiment;
    for (std::uint32_t seed = 0; seed < 1000; ++seed) {
        experiment.initializer.settings["seed"] = seed;
        for (int width = 2; width <= 8; ++width) {
            experiment.layers[0].units = width;
            NumpyRandom random(seed);
            std::vector<double> expected;
            for (const auto& [fanIn, fanOut] : {std::pair{2, width}, std::pair{width, 1}}) {
                for (int i = 0; i < fanIn * fanOut; ++i) expected.push_back(random.randn());
                expected.insert(expected.end(), static_cast<std::size_t>(fanOut), 0.0);
            }
            const Session session(experiment);
            ASSERT_TRUE(std::ranges::equal(session.parameters(), expected)) << seed << ' ' << width;
        }
    }
}

}  // namespace
}  // namespace backprop
