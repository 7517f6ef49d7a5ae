// Forward and backward against the naive reference, and against central differences.

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "random_experiment.h"
#include "reference.h"

namespace backprop::test {
namespace {

std::string describe(const Experiment& e) {
    std::string text = e.loss + " on " + std::to_string(e.data.inputs.size()) + " samples:";
    for (const Layer& layer : e.layers) {
        text += " " + std::to_string(layer.units) + " " + layer.activation;
    }
    return text;
}

void expectClose(const std::vector<double>& actual, const std::vector<double>& expected,
                 double tolerance) {
    ASSERT_EQ(actual.size(), expected.size());
    for (std::size_t i = 0; i < actual.size(); ++i) {
        EXPECT_NEAR(actual[i], expected[i], tolerance * std::max(1.0, std::abs(expected[i])))
            << "element " << i;
    }
}

void expectLikeReference(const Experiment& e) {
    SCOPED_TRACE(describe(e));
    ASSERT_FALSE(validate(e)) << validate(e)->message;
    const Session session(e);
    const std::vector<double> parameters(session.parameters().begin(), session.parameters().end());
    const reference::Result expected =
        reference::evaluate(e, e.data.inputs, e.data.targets, parameters);
    EXPECT_NEAR(session.loss(), expected.loss, 1e-12 * std::max(1.0, expected.loss));
    expectClose(session.gradient(), expected.gradient, 1e-11);
    std::vector<double> outputs;
    for (const auto& row : expected.outputs) outputs.insert(outputs.end(), row.begin(), row.end());
    expectClose(session.predict(session.dataset().inputs), outputs, 1e-12);
}

TEST(Network, LossAndGradientAreTheReferences) {
    Dice dice(1);
    for (int n = 0; n < 300; ++n) expectLikeReference(randomNetwork(dice, 4, 9, 23));
}

TEST(Network, SumsOverManyChunksAreTheReferences) {
    Dice dice(2);
    for (int n = 0; n < 5; ++n) expectLikeReference(randomNetwork(dice, 3, 20, 1200));
}

TEST(Network, WideLayersAreTheReferences) {
    Dice dice(3);
    for (int n = 0; n < 30; ++n) expectLikeReference(randomNetwork(dice, 3, 90, 600));
}

TEST(Network, LayersPackedInPartsAreTheReferences) {
    Dice dice(4);
    for (const auto& [first, second] : {std::pair{300, 17}, {20, 530}, {265, 513}}) {
        Experiment e = randomNetwork(dice, 1, 1, 1);
        e.layers = {{first, "tanh"}, {second, "sigmoid"}, {2, "identity"}};
        e.loss = "mse";
        e.data.inputs = randomRows(dice, 130, 3, -1, 1);
        fitTargets(e, dice);
        expectLikeReference(e);
    }
}

/// Logits as large as doubles allow give a finite loss and gradient.
TEST(Network, LossesThroughLogitsDoNotOverflow) {
    for (const double scale : {1.0, 1e4, 1e100}) {
        Experiment e;
        e.data = {{"points", {}}, {{1}, {-1}}, {{1, 0, 0}, {0, 0, 1}}};
        e.layers = {{3, "softmax"}};
        e.loss = "cross_entropy";
        Session session(e);
        session.setParameters(std::vector<double>{scale, -scale, 0, 0, 0, 0});
        EXPECT_TRUE(std::isfinite(session.loss())) << scale;
        for (const double g : session.gradient()) EXPECT_TRUE(std::isfinite(g)) << scale;
        e.layers[0].activation = "sigmoid";
        e.loss = "binary_cross_entropy";
        Session binary(e);
        binary.setParameters(std::vector<double>{scale, -scale, 0, 0, 0, 0});
        EXPECT_TRUE(std::isfinite(binary.loss())) << scale;
        for (const double g : binary.gradient()) EXPECT_TRUE(std::isfinite(g)) << scale;
    }
}

/// Whether an activation or the loss has a corner where the check's differences would step over it:
/// there they say nothing.
bool isAtCorner(const Experiment& e, const Session& session) {
    constexpr double kReach = 1e-5;
    const auto near = [](double x) { return std::abs(x) < kReach; };
    bool found = false;
    for (const Intermediate& i : session.trace()) {
        for (std::size_t l = 0; l < e.layers.size(); ++l) {
            if (i.name() != "z" + std::to_string(l + 1)) continue;
            const auto bends = [&](double z) {
                const std::string& name = e.layers[l].activation;
                const double jump =
                    reference::slope(name, z + kReach) - reference::slope(name, z - kReach);
                return std::abs(jump) > 1e-3;
            };
            found |= std::any_of(i.values.begin(), i.values.end(), bends);
        }
    }
    const DataRows rows = session.dataset();
    const std::vector<double> outputs = session.predict(rows.inputs);
    for (std::size_t k = 0; k < outputs.size(); ++k) {
        if (e.loss == "mae") found |= near(outputs[k] - rows.targets[k]);
        if (e.loss == "hinge") found |= near(outputs[k] * rows.targets[k] - 1);
    }
    for (const double p : session.parameters()) found |= e.l1 > 0 && p != 0 && near(p);
    return found;
}

/// A small network of these names, at a point where the loss has a derivative; nothing when none is
/// found: relus begun at zero stay at their corner.
std::optional<Experiment> smoothExperiment(Dice& dice, const std::string& activation,
                                           const std::string& loss,
                                           const std::string& initializer) {
    for (int attempt = 0; attempt < 20; ++attempt) {
        Experiment e = randomNetwork(dice, 1, 3, 4);
        e.layers = {{3, activation == "softmax" ? "tanh" : activation}, {2, activation}};
        e.loss = loss;
        e.l1 = initializer == "zeros" ? 0 : 0.001;  // |w| has its corner at zero
        e.l2 = 0.01;
        e.initializer = {initializer, {{"seed", attempt}}};
        fitTargets(e, dice);
        EXPECT_FALSE(validate(e)) << validate(e)->message;
        if (!isAtCorner(e, Session(e))) return e;
    }
    return std::nullopt;
}

TEST(Network, GradientCheckHoldsForEveryName) {
    Dice dice(4);
    int left = 0;
    for (const Entry& activation : catalog().activations) {
        for (const Entry& loss : catalog().losses) {
            for (const Entry& initializer : catalog().initializers) {
                const auto e =
                    smoothExperiment(dice, std::string(activation.name), std::string(loss.name),
                                     std::string(initializer.name));
                if (!e) {
                    ++left;
                    EXPECT_EQ(initializer.name, "zeros") << activation.name << " " << loss.name;
                    continue;
                }
                EXPECT_LE(Session(*e).gradientCheck().maxRelativeError, 1e-6)
                    << activation.name << " " << loss.name << " " << initializer.name;
            }
        }
    }
    EXPECT_LE(left, 3 * 6);  // relu, leaky_relu and selu at zero
}

}  // namespace
}  // namespace backprop::test
