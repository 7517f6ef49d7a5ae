// Every member of an ensemble is a Session with its seed, to the bit.

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "digest.h"
#include "random_experiment.h"

namespace backprop::test {
namespace {

std::vector<std::uint32_t> seedsUpTo(std::size_t count) {
    std::vector<std::uint32_t> seeds(count);
    std::iota(seeds.begin(), seeds.end(), 0u);
    return seeds;
}

Session sessionWith(Experiment e, std::uint32_t seed) {
    e.initializer.settings["seed"] = seed;
    return Session(e);
}

/// Each member beside a session of its own; returns how many have diverged.
std::size_t expectSessions(const Experiment& e, std::span<const std::uint32_t> seeds,
                           std::int64_t epochs) {
    Ensemble ensemble(e, seeds);
    ensemble.train(epochs);
    const std::vector<double> losses = ensemble.losses();
    std::size_t diverged = 0;
    for (std::size_t i = 0; i < seeds.size(); ++i) {
        Session session = sessionWith(e, seeds[i]);
        session.train(epochs);
        EXPECT_EQ(digestOf(ensemble.parameters(i)), session.digest()) << "seed " << seeds[i];
        EXPECT_EQ(losses[i], session.loss());
        EXPECT_EQ(ensemble.epochOf(i), session.epoch());
        EXPECT_EQ(ensemble.diverged(i), session.diverged());
        diverged += session.diverged();
        if (testing::Test::HasFailure()) return diverged;
    }
    return diverged;
}

/// Two weights one after the other: where they begin decides whether the steps are too long.
Experiment diverging() {
    Experiment e;
    e.data = {{"points", {}}, {{1, 4}, {4, 1}, {4, 4}, {2, 3}}, {{0}, {1}, {1}, {0}}};
    e.layers = {{1, "identity"}, {1, "identity"}};
    e.optimizer.settings["learningRate"] = 0.1;
    return e;
}

TEST(Ensemble, AThousandSeedsOfThePost) { expectSessions({}, seedsUpTo(1000), 500); }

TEST(Ensemble, AThousandSeedsInMiniBatches) {
    Experiment e;
    e.data.kind = "moons";
    e.layers = {{8, "tanh"}, {8, "tanh"}, {1, "tanh"}};
    e.optimizer.kind = "adam";
    e.batchSize = 10;
    expectSessions(e, seedsUpTo(1000), 4);
}

TEST(Ensemble, AThousandSeedsOfClasses) {
    Experiment e;
    e.data.kind = "gaussians";
    e.data.settings["classes"] = 3;
    e.layers = {{5, "relu"}, {3, "softmax"}};
    e.loss = "cross_entropy";
    e.optimizer = {"rmsprop", {{"momentum", 0.5}}};
    expectSessions(e, seedsUpTo(1000), 30);
}

TEST(Ensemble, AnyExperiment) {
    Dice dice(21);
    for (int n = 0; n < 200; ++n) {
        Experiment e = randomExperiment(dice);
        if (n % 8 == 0) e.precision = "f32";
        const std::uint32_t seeds[] = {3, 1, 4, 1, 4294967295};
        expectSessions(e, seeds, 40);
        if (HasFailure()) FAIL() << "experiment " << n;
    }
}

TEST(Ensemble, ManySamplesAreSummedInChunks) {
    for (const int samples : {31, 32, 33, 63, 255, 256, 257, 289, 600}) {
        Experiment e;
        e.data.kind = "spiral";
        e.data.settings["samples"] = samples;
        e.layers = {{4, "silu"}, {2, "softmax"}};
        for (const int batchSize : {0, 37, 300}) {
            e.batchSize = batchSize;
            expectSessions(e, seedsUpTo(3), 5);
        }
    }
}

/// A sum over samples of which each term is -0, as of an input that is always 0, must not be -0 for
/// one of both: it would show where the parameter is -0.
TEST(Ensemble, NegativeZerosToo) {
    Experiment e;
    e.data = {{"points", {}}, {{0, 1}, {0, 2}, {0, -1}, {0, 3}}, {{1}, {1}, {1}, {1}}};
    e.layers = {{3, "tanh"}, {1, "sigmoid"}};
    for (std::int64_t p = 0; p < 3; ++p) {
        e.edits.push_back({2, std::nullopt, p, -0.0});
        e.edits.push_back({2, std::nullopt, 9 + p, 1});
    }
    for (const char* optimizer : {"sgd", "adam", "lion", "rprop"}) {
        e.optimizer.kind = optimizer;
        for (const int batchSize : {0, 3}) {
            e.batchSize = batchSize;
            for (const int epochs : {2, 3, 4}) expectSessions(e, seedsUpTo(2), epochs);
        }
    }
}

TEST(Ensemble, MembersDivergeAlone) {
    const Experiment e = diverging();
    const std::vector<std::uint32_t> seeds = seedsUpTo(103);
    const std::size_t diverged = expectSessions(e, seeds, 3000);
    EXPECT_GT(diverged, 3u);
    EXPECT_LT(diverged, 100u);
}

TEST(Ensemble, WhenAllHaveDivergedNothingIsLeftToTrain) {
    Experiment e = diverging();
    e.optimizer.settings["learningRate"] = 1e6;
    const std::uint32_t seeds[] = {1, 2, 3, 4, 5, 6};
    Ensemble ensemble(e, seeds);
    const std::int64_t ran = ensemble.train(1000000000000);
    EXPECT_LT(ran, 1000);
    EXPECT_EQ(ensemble.epoch(), ran);
    EXPECT_EQ(ensemble.train(10), 0);
    EXPECT_EQ(ensemble.epoch(), ran);
    EXPECT_EQ(expectSessions(e, seeds, 2000), 6u);
}

TEST(Ensemble, SomeDivergeBeforeTheFirstEpoch) {
    Experiment e;
    e.data = {{"points", {}}, {{1e200}, {1}}, {{-1e200}, {1}}};
    e.layers = {{1, "identity"}};
    expectSessions(e, seedsUpTo(5), 10);
    e.data.inputs[0][0] = 1;
    e.data.targets[0][0] = 1;
    e.initializer = {"normal", {{"standardDeviation", 1e154}}};
    expectSessions(e, seedsUpTo(9), 10);
}

TEST(Ensemble, EditsReachEveryMember) {
    Experiment e;
    e.edits = {{0, std::nullopt, 2, 0.5}, {7, std::nullopt, 1, 1e300}, {9, 0.7, std::nullopt, 0}};
    expectSessions(e, seedsUpTo(6), 20);
    e.edits[1].value = -2;
    expectSessions(e, seedsUpTo(6), 20);
}

TEST(Ensemble, MembersStopAlone) {
    Experiment e;
    e.stop.loss = 0.2;
    const std::vector<std::uint32_t> seeds = seedsUpTo(12);
    expectSessions(e, seeds, 3000);
    e.stop = {std::nullopt, 20};
    e.optimizer.settings["learningRate"] = 8;
    expectSessions(e, seeds, 3000);
}

TEST(Ensemble, SlicesOfTrainingAreOneTraining) {
    Experiment stopping;
    stopping.stop = {0.2, 300};
    Dice dice(22);
    for (Experiment e : {Experiment(), diverging(), stopping, randomExperiment(dice)}) {
        const std::vector<std::uint32_t> seeds = seedsUpTo(40);
        Ensemble whole(e, seeds);
        Ensemble sliced(e, seeds);
        const std::int64_t ran = whole.train(700);
        for (std::int64_t left = ran; left > 0;) {
            const std::int64_t slice = std::min<std::int64_t>(left, dice.between(0, 90));
            EXPECT_EQ(sliced.train(slice), slice);
            left -= slice;
        }
        EXPECT_EQ(sliced.epoch(), whole.epoch());
        for (std::size_t i = 0; i < seeds.size(); ++i) {
            EXPECT_EQ(digestOf(sliced.parameters(i)), digestOf(whole.parameters(i)));
            EXPECT_EQ(sliced.epochOf(i), whole.epochOf(i));
        }
    }
}

TEST(Ensemble, PredictsMemberAfterMember) {
    Experiment e;
    e.data.kind = "gaussians";
    e.data.settings["classes"] = 3;
    e.features = {"x1", "x2", "x1_x2"};
    e.layers = {{4, "tanh"}, {3, "softmax"}};
    e.loss = "cross_entropy";
    const std::uint32_t seeds[] = {7, 8, 9, 10, 11};
    Ensemble ensemble(e, seeds);
    ensemble.train(20);
    EXPECT_EQ(ensemble.size(), 5u);
    EXPECT_EQ(ensemble.inputs(), 2u);
    EXPECT_EQ(ensemble.outputs(), 3u);
    std::vector<double> inputs;
    for (int n = 0; n < 600; ++n) inputs.push_back(0.01 * n - 3);
    std::vector<double> expected;
    for (const std::uint32_t seed : seeds) {
        Session session = sessionWith(e, seed);
        session.train(20);
        const std::vector<double> predictions = session.predict(inputs);
        expected.insert(expected.end(), predictions.begin(), predictions.end());
    }
    EXPECT_EQ(ensemble.predict(inputs), expected);
    EXPECT_TRUE(ensemble.predict({}).empty());
    ensemble.train(1);
    Session session = sessionWith(e, seeds[4]);
    session.train(21);
    EXPECT_EQ(digestOf(ensemble.parameters(4)), session.digest()) << "reading out changes nothing";
}

}  // namespace
}  // namespace backprop::test
