// The figures of golden/torch_golden.py: what PyTorch trains in float64. Its elementary functions
// and the order of its sums are not ours, so the figures agree closely, not to the bit.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "golden.h"

namespace backprop {
namespace {

constexpr double kTolerance = 1e-10;

const nlohmann::json& golden() {
    static const nlohmann::json figures = readGolden("torch_training.json");
    return figures;
}

void expectClose(std::span<const double> ours, const std::vector<double>& torch) {
    ASSERT_EQ(ours.size(), torch.size());
    for (std::size_t i = 0; i < torch.size(); ++i) {
        EXPECT_NEAR(ours[i], torch[i], kTolerance * std::max(1.0, std::abs(torch[i]))) << i;
    }
}

/// Calls check(session, figures) for each case, the session at epoch 0.
template <typename Check>
void eachCase(Check check) {
    for (const auto& figures : golden()["cases"]) {
        nlohmann::json experiment = figures["experiment"];
        SCOPED_TRACE(experiment.dump());
        nlohmann::json& data = experiment["data"];
        if (data.is_string()) data = golden()["data"][data.get<std::string>()];
        Session session(experimentOf(experiment));
        check(session, figures);
    }
}

TEST(Torch, Gradients) {
    eachCase([](const Session& session, const nlohmann::json& figures) {
        expectClose(session.gradient(), figures["gradient"]);
    });
}

TEST(Torch, LossesAndParameters) {
    eachCase([](Session& session, const nlohmann::json& figures) {
        const std::vector<double> losses = figures["losses"];
        std::vector<double> ours = {session.loss()};
        while (ours.size() < losses.size() && session.train(1) == 1) ours.push_back(session.loss());
        expectClose(ours, losses);
        expectClose(session.parameters(), figures["final"]);
    });
}

TEST(Torch, History) {
    eachCase([](Session& session, const nlohmann::json& figures) {
        const std::vector<double> losses = figures["losses"];
        session.train(static_cast<std::int64_t>(losses.size()) - 1);
        expectClose(session.history().losses, losses);
    });
}

TEST(Torch, LossAtParameters) {
    eachCase([](Session& session, const nlohmann::json& figures) {
        const std::vector<double> losses = figures["losses"];
        const std::span<const double> initial = session.parameters();
        std::vector<double> rows(initial.begin(), initial.end());
        const std::vector<double> final = figures["final"];
        rows.insert(rows.end(), final.begin(), final.end());
        expectClose(session.lossAt(rows), {losses.front(), losses.back()});
    });
}

TEST(Torch, GradientCheck) {
    int checked = 0;
    eachCase([&](Session& session, const nlohmann::json& figures) {
        const GradientCheck check = session.gradientCheck();
        expectClose(check.analytic, figures["gradient"]);
        if (!figures["smooth"]) return;
        EXPECT_LT(check.maxRelativeError, 1e-6);
        ++checked;
    });
    EXPECT_GT(checked, 100);
}

}  // namespace
}  // namespace backprop
