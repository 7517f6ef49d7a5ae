// L-BFGS: where it converges to, what each of its steps satisfies, and what it refuses.

#include <gtest/gtest.h>

#include <cmath>

#include "random_experiment.h"

namespace backprop::test {
namespace {

using Vector = std::vector<double>;

Experiment withLbfgs() {
    Experiment e;
    e.optimizer.kind = "lbfgs";
    return e;
}

/// Any experiment with it, its settings at random too, and parameters that only it changes.
Experiment randomWithLbfgs(Dice& dice) {
    Experiment e = randomExperiment(dice);
    e.optimizer = randomChoice(dice, catalog().optimizers.last(1));
    e.batchSize = 0;
    e.edits.clear();
    return e;
}

/// XOR by 2-4-1, tanh and sigmoid.
Experiment xorBy4(int seed) {
    Experiment e = withLbfgs();
    e.layers = {{4, "tanh"}, {1, "sigmoid"}};
    e.loss = "binary_cross_entropy";
    e.initializer = {"xavier_normal", {{"seed", seed}}};
    return e;
}

double dot(const Vector& a, const Vector& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

Vector parametersOf(const Session& session) {
    return {session.parameters().begin(), session.parameters().end()};
}

/// Loss plus penalty: what a step decreases.
double objectiveOf(const Session& session, const Experiment& e) {
    double absolute = 0;
    double squares = 0;
    std::size_t at = 0;
    std::size_t fanIn = e.features.empty() ? session.inputs() : e.features.size();
    for (const Layer& layer : e.layers) {
        const auto units = static_cast<std::size_t>(layer.units);
        for (std::size_t i = 0; i < fanIn * units; ++i) {
            const double w = session.parameters()[at + i];
            absolute += std::abs(w);
            squares += w * w;
        }
        at += (fanIn + 1) * units;
        fanIn = units;
    }
    return session.loss() + (e.l1 * absolute + e.l2 * (0.5 * squares));
}

TEST(Lbfgs, SolvesLeastSquaresToTheLastDigits) {
    Dice dice(41);
    for (int n = 0; n < 20; ++n) {
        Experiment e = withLbfgs();
        e.layers = {{2, "identity"}};
        e.initializer = {"xavier_normal", {{"seed", n}}};
        // Targets by known weights, so that the least squares are 0 and the weights the solution.
        const Rows solution = randomRows(dice, 4, 2, -2, 2);  // three weights and a bias for each
        e.data = {{"points", {}}, randomRows(dice, 12, 3, -1, 1), {}};
        for (const Vector& x : e.data.inputs) {
            Vector y = solution[3];
            for (std::size_t i = 0; i < 3; ++i) {
                for (std::size_t u = 0; u < 2; ++u) y[u] += x[i] * solution[i][u];
            }
            e.data.targets.push_back(y);
        }
        Session session(e);
        session.train(40);
        EXPECT_LT(session.loss(), 1e-28);
        for (std::size_t i = 0; i < 8; ++i) {
            EXPECT_NEAR(session.parameters()[i], solution[i / 2][i % 2], 1e-13);
        }
    }
}

TEST(Lbfgs, LearnsXor) {
    for (const int seed : {0, 1, 2, 3, 4, 5, 6, 7, 8}) {  // 9 ends in a local minimum
        Session session(xorBy4(seed));
        session.train(60);
        EXPECT_LT(session.loss(), 1e-8) << seed;
    }
}

TEST(Lbfgs, EveryStepSatisfiesTheStrongWolfeConditions) {
    Dice dice(42);
    int steps = 0;
    for (int n = 0; n < 40; ++n) {
        Experiment e = randomWithLbfgs(dice);
        const double c2 = dice.coin() ? 0.9 : 0.3;
        e.optimizer.settings = {{"c2", c2}};
        e.l1 = 0;  // smooth, as loss and activations are
        e.loss = "mse";
        for (Layer& layer : e.layers) layer.activation = "tanh";
        e.layers.back().activation = "identity";
        fitTargets(e, dice);
        ASSERT_FALSE(validate(e)) << validate(e)->message;
        Session session(e);
        for (int k = 0; k < 30; ++k) {
            const Vector before = parametersOf(session);
            const Vector slopeBefore = session.gradient();
            const double objectiveBefore = objectiveOf(session, e);
            session.train(1);
            Vector step = parametersOf(session);
            for (std::size_t i = 0; i < step.size(); ++i) step[i] -= before[i];
            const double start = dot(slopeBefore, step);
            if (-start <= 1e-14 * objectiveBefore) break;  // what is left is lost in rounding
            ++steps;
            EXPECT_LE(objectiveOf(session, e), objectiveBefore + 1e-4 * start + 1e-12 * -start);
            EXPECT_LE(std::abs(dot(session.gradient(), step)), (c2 + 1e-12) * -start);
        }
    }
    EXPECT_GT(steps, 800);
}

TEST(Lbfgs, NeverIncreasesTheObjective) {
    Dice dice(43);
    int moves = 0;
    for (int n = 0; n < 200; ++n) {
        const Experiment e = randomWithLbfgs(dice);
        Session session(e);
        double objective = objectiveOf(session, e);
        for (int k = 0; k < 40; ++k) {
            const std::string before = session.digest();
            ASSERT_EQ(session.train(1), 1);
            const double next = objectiveOf(session, e);
            if (session.digest() == before) {
                EXPECT_EQ(next, objective);
            } else {
                EXPECT_LT(next, objective);
                ++moves;
            }
            objective = next;
        }
        EXPECT_FALSE(session.diverged());
    }
    EXPECT_GT(moves, 5000);
}

TEST(Lbfgs, HoweverOneGetsThereTheBitsAreTheSame) {
    Dice dice(44);
    for (int n = 0; n < 20; ++n) {
        const Experiment e = randomWithLbfgs(dice);
        Session straight(e);
        std::vector<std::string> digests = {straight.digest()};
        while (digests.size() <= 60) {
            straight.train(1);
            digests.push_back(straight.digest());
        }
        Session wandering(e);
        for (const int target : {60, 17, 40, 16, 0, 59}) {
            wandering.seek(target);
            ASSERT_EQ(wandering.digest(), digests[static_cast<std::size_t>(target)]) << target;
        }
        wandering.reset();
        wandering.train(33);
        EXPECT_EQ(wandering.digest(), digests[33]);
    }
}

TEST(Lbfgs, SettingParametersForgetsTheHistory) {
    const Experiment e = xorBy4(3);
    Session late(e);
    late.train(7);
    Session fresh(e);
    const Vector parameters(fresh.parameters().size(), 0.25);
    late.setParameters(parameters);
    fresh.setParameters(parameters);
    late.train(9);
    fresh.train(9);
    EXPECT_EQ(late.digest(), fresh.digest());
}

TEST(Lbfgs, StaysWhereItIsFlat) {
    Experiment e = withLbfgs();
    e.initializer.kind = "zeros";  // here the gradient of xor is 0
    Session session(e);
    EXPECT_EQ(session.train(50), 50);
    EXPECT_EQ(parametersOf(session), Vector(9));
    EXPECT_FALSE(session.diverged());
}

TEST(Lbfgs, StaysWithoutALearningRate) {
    Experiment e = xorBy4(0);
    e.optimizer.settings["learningRate"] = 0;
    Session session(e);
    EXPECT_EQ(session.train(5), 5);
    EXPECT_EQ(session.digest(), Session(e).digest());
}

TEST(Lbfgs, BringsAnyFirstStepBack) {
    for (const double learningRate : {1e-300, 1e-12, 1e-3, 1e3, 1e12, 1e300}) {
        Experiment e = xorBy4(0);
        e.optimizer.settings["learningRate"] = learningRate;
        Session session(e);
        const double start = session.loss();
        EXPECT_EQ(session.train(200), 200);
        EXPECT_FALSE(session.diverged());
        EXPECT_LE(session.loss(), start);
        if (learningRate >= 1e-12 && learningRate <= 1e12) {
            EXPECT_LT(session.loss(), 0.5);
        }
    }
}

TEST(Lbfgs, RefusesMiniBatches) {
    Experiment e = withLbfgs();
    const auto refusal = [&](int batchSize) {
        e.batchSize = batchSize;
        const auto error = validate(e);
        return error ? error->path + ": " + error->message : "";
    };
    EXPECT_EQ(refusal(3), "batchSize: batchSize must be 0 with lbfgs, not 3");
    EXPECT_EQ(refusal(4), "");  // all of them
    e.data.settings["testFraction"] = 0.5;
    EXPECT_EQ(refusal(2), "");
    EXPECT_EQ(refusal(1), "batchSize: batchSize must be 0 with lbfgs, not 1");
    e.data = {{"circle", {{"testFraction", 0.25}}}, {}, {}};  // of 200
    EXPECT_EQ(refusal(149), "batchSize: batchSize must be 0 with lbfgs, not 149");
    EXPECT_EQ(refusal(150), "");
    e.data = {{"points", {}}, {{0, 0}, {0, 1}}, {{0}, {1}}};
    EXPECT_EQ(refusal(1), "batchSize: batchSize must be 0 with lbfgs, not 1");
    EXPECT_EQ(refusal(5), "");
    EXPECT_EQ(refusal(0), "");
}

}  // namespace
}  // namespace backprop::test
