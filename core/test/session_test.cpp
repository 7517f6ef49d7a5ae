// A run is a pure function of (experiment, epoch): however one gets to an epoch, the bits are the
// same.

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "random_experiment.h"

namespace backprop::test {
namespace {

Experiment diverging() {
    Experiment e;
    e.layers = {{3, "relu"}, {1, "identity"}};
    e.optimizer.settings["learningRate"] = 30;
    return e;
}

/// Parameters and loss after training epoch by epoch: the plainest way there.
struct Path {
    std::vector<std::string> digests;
    std::vector<double> losses;
};

Path pathOf(const Experiment& e, int epochs) {
    Session session(e);
    Path path;
    for (int n = 0; n <= epochs; ++n) {
        path.digests.push_back(session.digest());
        path.losses.push_back(session.loss());
        session.train(1);
    }
    return path;
}

TEST(Session, SeekIsTrainingThere) {
    Dice dice(11);
    for (int n = 0; n < 60; ++n) {
        const Experiment e = randomExperiment(dice);
        ASSERT_FALSE(validate(e)) << validate(e)->message;
        constexpr int kEpochs = 60;
        const Path path = pathOf(e, kEpochs);
        Session session(e);
        for (int k = 0; k < 25; ++k) {
            const int target = dice.between(0, kEpochs);
            session.seek(target);
            ASSERT_EQ(session.digest(), path.digests[static_cast<std::size_t>(target)]);
        }
    }
}

TEST(Session, LongRunsSeekToTheSameBits) {
    Session straight((Experiment()));
    Session wandering((Experiment()));
    wandering.train(30000);
    for (const int target : {17, 29999, 12345, 12344, 12346, 0, 8192, 30000}) {
        straight.reset();
        straight.train(target);
        wandering.seek(target);
        EXPECT_EQ(wandering.epoch(), target);
        EXPECT_EQ(wandering.digest(), straight.digest()) << target;
    }
}

TEST(Session, SlicesOfTrainingAreOneTraining) {
    Dice dice(12);
    for (int n = 0; n < 30; ++n) {
        const Experiment e = randomExperiment(dice);
        Session whole(e);
        const std::int64_t ran = whole.train(100);
        Session sliced(e);
        std::int64_t total = 0;
        while (total < ran)
            total += sliced.train(std::min<std::int64_t>(dice.between(1, 9), ran - total));
        EXPECT_EQ(sliced.digest(), whole.digest());
        EXPECT_EQ(sliced.history().losses, whole.history().losses);
        EXPECT_EQ(sliced.history().epochs, whole.history().epochs);
    }
}

/// Everything that a session says of where it stands.
void expectSame(const Session& one, const Session& other) {
    EXPECT_EQ(one.epoch(), other.epoch());
    EXPECT_EQ(one.stepOfEpoch(), other.stepOfEpoch());
    EXPECT_EQ(one.diverged(), other.diverged());
    EXPECT_EQ(one.stopped(), other.stopped());
    EXPECT_EQ(one.digest(), other.digest());
    EXPECT_EQ(one.loss(), other.loss());
    EXPECT_EQ(one.history().epochs, other.history().epochs);
    EXPECT_EQ(one.history().losses, other.history().losses);
    EXPECT_EQ(one.history().testLosses, other.history().testLosses);
}

/// A random experiment with an epoch of several steps.
Experiment randomMiniBatches(Dice& dice) {
    for (;;) {
        Experiment e = randomExperiment(dice);
        if (Session(e).stepsPerEpoch() > 1) return e;
    }
}

TEST(Session, StepsOfAnEpochAreThatEpoch) {
    Dice dice(16);
    for (int n = 0; n < 150; ++n) {
        Experiment e = randomMiniBatches(dice);
        if (dice.coin()) e.stop.patience = dice.between(1, 30);
        Session whole(e);
        Session stepped(e);
        for (int k = 0; k < 40; ++k) {
            const bool ran = whole.train(1) == 1;
            for (std::int64_t step = 0; step < stepped.stepsPerEpoch(); ++step) {
                ASSERT_EQ(stepped.stepOfEpoch(), step);
                if (stepped.trainSteps(1) == 0) break;
            }
            ASSERT_EQ(whole.stopped() || whole.diverged(), stepped.stopped() || stepped.diverged());
            if (!ran) break;
            ASSERT_NO_FATAL_FAILURE(expectSame(whole, stepped)) << e.optimizer.kind;
        }
        for (const int target : {7, 40, 0, 33}) {
            whole.seek(target);
            stepped.seek(target);
            ASSERT_NO_FATAL_FAILURE(expectSame(whole, stepped)) << e.optimizer.kind;
        }
    }
}

TEST(Session, StepsGoAcrossEpochs) {
    Dice dice(17);
    for (int n = 0; n < 60; ++n) {
        const Experiment e = randomMiniBatches(dice);
        Session once(e);
        Session slices(e);
        const std::int64_t all = once.stepsPerEpoch() * 20 + dice.between(0, 3);
        const std::int64_t ran = once.trainSteps(all);
        std::int64_t total = 0;
        while (total < all) {
            const std::int64_t asked = std::min<std::int64_t>(dice.between(1, 30), all - total);
            const std::int64_t taken = slices.trainSteps(asked);
            total += taken;
            if (taken < asked) break;
        }
        EXPECT_EQ(total, ran);
        if (ran < all) slices.trainSteps(1);
        expectSame(once, slices);
        EXPECT_EQ(ran, once.epoch() * once.stepsPerEpoch() + once.stepOfEpoch());
    }
}

TEST(Session, StepsAreGradientDescentOnTheMiniBatches) {
    Experiment e;
    e.batchSize = 3;
    e.shuffle = false;
    Session session(e);
    EXPECT_EQ(session.stepsPerEpoch(), 2);
    e.data = {{"points", {}}, {{0, 0}, {0, 1}, {1, 0}}, {{0}, {1}, {1}}};
    e.batchSize = 0;
    Session first(e);
    e.data = {{"points", {}}, {{1, 1}}, {{0}}};
    Session last(e);
    session.trainSteps(1);
    first.train(1);
    EXPECT_EQ(session.digest(), first.digest());
    last.setParameters(first.parameters());
    last.train(1);
    session.trainSteps(1);
    EXPECT_EQ(session.digest(), last.digest());
    EXPECT_EQ(session.epoch(), 1);
}

TEST(Session, ABegunEpochIsFinishedOrUndone) {
    Dice dice(18);
    for (int n = 0; n < 60; ++n) {
        Experiment e = randomMiniBatches(dice);
        Session plain(e);
        if (plain.train(12) < 12) continue;
        Session begun(e);
        begun.train(10);
        const History history = begun.history();
        const auto within = dice.between(1, static_cast<int>(begun.stepsPerEpoch()) - 1);
        begun.trainSteps(within);
        EXPECT_EQ(begun.epoch(), 10);
        EXPECT_EQ(begun.stepOfEpoch(), within);
        EXPECT_EQ(begun.history().losses, history.losses);
        EXPECT_EQ(begun.history().testLosses, history.testLosses);
        EXPECT_EQ(begun.train(2), 2);
        expectSame(begun, plain);

        for (const std::int64_t target : {12, 4, 9}) {
            begun.trainSteps(1);
            begun.seek(target);
            plain.seek(target);
            expectSame(begun, plain);
        }
        begun.trainSteps(within);
        e.edits.push_back({30, 0.5, std::nullopt, 0});
        EXPECT_TRUE(begun.edit(e));
        expectSame(begun, plain);
        begun.trainSteps(within);
        begun.reset();
        plain.reset();
        expectSame(begun, plain);
    }
}

TEST(Session, SettingParametersWithinAnEpochBeginsItAnew) {
    Experiment e;
    e.batchSize = 1;
    e.optimizer.kind = "adam";
    Session within(e);
    Session before(e);
    within.train(5);
    before.train(5);
    within.trainSteps(3);
    const std::vector<double> ones(within.parameters().size(), 1.0);
    within.setParameters(ones);
    before.setParameters(ones);
    expectSame(within, before);
    EXPECT_EQ(within.trainSteps(6), 6);
    before.trainSteps(6);
    expectSame(within, before);
}

TEST(Session, AStepOfTheFullBatchIsAnEpoch) {
    Experiment e;
    e.optimizer.kind = "lbfgs";
    Session session(e);
    EXPECT_EQ(session.stepsPerEpoch(), 1);
    EXPECT_EQ(session.trainSteps(3), 3);
    EXPECT_EQ(session.epoch(), 3);
    EXPECT_EQ(session.stepOfEpoch(), 0);
    e.optimizer.kind = "sgd";
    e.batchSize = 4;
    EXPECT_EQ(Session(e).stepsPerEpoch(), 1) << "XOR has four samples";
}

TEST(Session, StepsEndAtTheLastFiniteStep) {
    std::set<std::int64_t> steps;
    for (const double rate : {30.0, 1e5, 1e20, 1e30}) {
        Experiment e = diverging();
        e.optimizer.settings["learningRate"] = rate;
        e.initializer.settings["seed"] = 1;
        e.batchSize = 1;
        Session whole(e);
        whole.train(1000);
        ASSERT_TRUE(whole.diverged());
        Session stepped(e);
        std::string last;
        do last = stepped.digest();
        while (stepped.trainSteps(1) == 1);
        EXPECT_TRUE(stepped.diverged());
        EXPECT_TRUE(std::isfinite(stepped.loss()));
        EXPECT_EQ(stepped.epoch(), whole.epoch());
        EXPECT_EQ(stepped.digest(), last);
        EXPECT_EQ(stepped.trainSteps(1), 0);
        EXPECT_EQ(stepped.train(1), 0);
        EXPECT_EQ(stepped.digest(), last);
        const bool isWithin = stepped.stepOfEpoch() > 0;
        steps.insert(stepped.stepOfEpoch());
        Session atOnce(e);
        atOnce.trainSteps(1000000);
        expectSame(atOnce, stepped);
        stepped.seek(stepped.epoch());
        EXPECT_EQ(stepped.diverged(), !isWithin) << "the first step has not been tried again";
        EXPECT_EQ(stepped.digest(), whole.digest());
        EXPECT_EQ(stepped.train(1), 0);
        expectSame(stepped, whole);
        whole.trainSteps(1000);
        expectSame(whole, atOnce);
    }
    EXPECT_EQ(steps, (std::set<std::int64_t>{0, 1, 2, 3})) << "wherever in the epoch";
}

TEST(Session, HistoryHoldsTheLossOfEachEpoch) {
    Dice dice(13);
    for (int n = 0; n < 20; ++n) {
        Experiment e = randomExperiment(dice);
        if (dice.coin())
            e.stop.patience = 1000;  // looks at each epoch: another way through the code
        const Path path = pathOf(e, 50);
        Session session(e);
        session.train(50);
        const History history = session.history();
        ASSERT_EQ(history.epochs.front(), 0);
        ASSERT_EQ(history.epochs.back(), session.epoch());
        for (std::size_t i = 0; i < history.epochs.size(); ++i) {
            EXPECT_EQ(history.losses[i], path.losses[static_cast<std::size_t>(history.epochs[i])]);
        }
    }
}

TEST(Session, HistoryIsBoundedAndGoesWithTheEpoch) {
    Session session((Experiment()));
    session.train(1000000);
    EXPECT_LE(session.history().epochs.size(), 512u * 12);
    EXPECT_EQ(session.history().epochs.back(), 1000000);
    session.seek(777);
    EXPECT_EQ(session.history().epochs.size(), 778u);
    session.seek(1000000);
    EXPECT_EQ(session.history().epochs.back(), 1000000);
}

TEST(Session, EndsAtTheLastFiniteState) {
    Session session(diverging());
    const std::int64_t ran = session.train(100000);
    EXPECT_TRUE(session.diverged());
    EXPECT_EQ(session.epoch(), ran);
    EXPECT_LT(ran, 100000);
    EXPECT_TRUE(std::isfinite(session.loss()));
    const std::string end = session.digest();
    EXPECT_EQ(session.train(5), 0);
    session.seek(0);
    EXPECT_FALSE(session.diverged());
    session.seek(ran);
    EXPECT_EQ(session.digest(), end);
    EXPECT_FALSE(session.diverged()) << "the next epoch has not been tried";
    session.seek(1000000000);
    EXPECT_TRUE(session.diverged());
    EXPECT_EQ(session.epoch(), ran);
    EXPECT_EQ(session.digest(), end);

    Session stepping(diverging());
    while (stepping.train(1) == 1) ASSERT_TRUE(std::isfinite(stepping.loss()));
    EXPECT_EQ(stepping.digest(), end);
}

TEST(Session, ALossBeyondDoublesAtTheStartHasDiverged) {
    Experiment e;
    e.data = {{"points", {}}, {{1e200}}, {{-1e200}}};
    e.layers = {{1, "identity"}};
    Session session(e);
    EXPECT_TRUE(session.diverged());
    EXPECT_EQ(session.train(10), 0);
}

TEST(Session, StopsAtALoss) {
    Experiment e;
    e.stop.loss = 0.2;
    Session session(e);
    session.train(10000);
    EXPECT_TRUE(session.stopped());
    EXPECT_LE(session.loss(), 0.2);
    const std::int64_t end = session.epoch();
    session.seek(end - 1);
    EXPECT_GT(session.loss(), 0.2);
    EXPECT_FALSE(session.stopped());
    session.seek(9999);
    EXPECT_EQ(session.epoch(), end);
}

TEST(Session, StopsWithoutProgress) {
    Experiment e;
    e.optimizer.settings["learningRate"] = 0;
    e.stop.patience = 7;
    Session session(e);
    EXPECT_EQ(session.train(100), 7);
    EXPECT_TRUE(session.stopped());
}

TEST(Session, EditsAreThereOnArriving) {
    Experiment e;
    e.edits = {{100, std::nullopt, 3, 2.5}, {200, 0.5, std::nullopt, 0}};
    Session session(e);
    session.train(100);
    EXPECT_EQ(session.parameters()[3], 2.5);
    Session plain((Experiment()));
    plain.train(100);
    std::vector<double> parameters(plain.parameters().begin(), plain.parameters().end());
    parameters[3] = 2.5;
    plain.setParameters(parameters);
    plain.train(100);
    session.train(100);
    EXPECT_EQ(session.digest(), plain.digest());
    session.train(1);
    plain.train(1);
    EXPECT_NE(session.digest(), plain.digest()) << "another learning rate from epoch 200 on";
}

std::vector<Edit> randomEdits(Dice& dice, const Experiment& e, int epochs) {
    const auto last = static_cast<int>(Session(e).parameters().size()) - 1;
    std::vector<Edit> edits(static_cast<std::size_t>(dice.between(0, 4)));
    for (Edit& edit : edits) {
        edit.epoch = dice.between(0, epochs);
        if (dice.coin()) {
            edit.learningRate = dice.number(0, 0.2);
        } else {
            edit.parameter = dice.between(0, last);
            edit.value = dice.number(-2, 2);
        }
    }
    return edits;
}

TEST(Session, EditingIsBeginningAnewWithOtherEdits) {
    Dice dice(15);
    constexpr int kEpochs = 60;
    for (int n = 0; n < 150; ++n) {
        Experiment e = randomExperiment(dice);
        e.edits = randomEdits(dice, e, kEpochs);
        Session edited(e);
        for (int k = 0; k < 6; ++k) {
            edited.seek(dice.between(0, kEpochs));
            const std::vector<Edit> before = e.edits;
            e.edits = randomEdits(dice, e, kEpochs);
            if (dice.coin()) e.edits.insert(e.edits.begin(), before.begin(), before.end());
            ASSERT_FALSE(validate(e)) << validate(e)->message;
            ASSERT_TRUE(edited.edit(e));
            Session fresh(e);
            for (const std::int64_t target :
                 {edited.epoch(), std::int64_t{kEpochs}, std::int64_t{dice.between(0, kEpochs)}}) {
                edited.seek(target);
                fresh.seek(target);
                ASSERT_EQ(edited.epoch(), fresh.epoch());
                ASSERT_EQ(edited.diverged(), fresh.diverged());
                ASSERT_EQ(edited.stopped(), fresh.stopped());
                ASSERT_EQ(edited.digest(), fresh.digest());
                ASSERT_EQ(edited.history().epochs, fresh.history().epochs);
                ASSERT_EQ(edited.history().losses, fresh.history().losses);
                ASSERT_EQ(edited.history().testLosses, fresh.history().testLosses);
            }
        }
    }
}

TEST(Session, EditingKeepsWhatLiesBefore) {
    Experiment e;
    e.edits = {{500, std::nullopt, 0, 1.0}};
    Session session(e);
    session.train(2000);
    e.edits.push_back({1500, 0.5, std::nullopt, 0});
    EXPECT_TRUE(session.edit(e));
    EXPECT_EQ(session.epoch(), 1499);
    EXPECT_TRUE(session.edit(e)) << "nothing differs";
    EXPECT_EQ(session.epoch(), 1499);
    session.seek(700);
    e.edits.pop_back();
    EXPECT_TRUE(session.edit(e));
    EXPECT_EQ(session.epoch(), 700) << "it stands before the edit that is gone";
    e.edits = {{0, std::nullopt, 2, -3.0}};
    EXPECT_TRUE(session.edit(e));
    EXPECT_EQ(session.epoch(), 0);
    EXPECT_EQ(session.parameters()[2], -3);
    session.train(5);
    const std::string digest = session.digest();
    e.optimizer.settings["momentum"] = 0.5;
    e.edits.clear();
    EXPECT_FALSE(session.edit(e)) << "another optimizer is another run";
    EXPECT_EQ(session.digest(), digest);
}

TEST(Session, EditingKeepsAnOriginThatWasSet) {
    Experiment e;
    Session session(e);
    session.train(50);
    session.setParameters(std::vector<double>(session.parameters().size(), 1.0));
    session.train(20);
    e.edits = {{10, 0.5, std::nullopt, 0}};
    EXPECT_TRUE(session.edit(e));
    EXPECT_EQ(session.epoch(), 50);
    EXPECT_EQ(session.parameters()[0], 1.0);
    EXPECT_EQ(session.history().epochs, std::vector<double>{50});
}

TEST(Session, SettingParametersBeginsAgainHere) {
    Experiment e;
    e.optimizer.kind = "adam";
    Session session(e);
    session.train(50);
    const std::vector<double> ones(session.parameters().size(), 1.0);
    session.setParameters(ones);
    EXPECT_EQ(session.epoch(), 50);
    EXPECT_EQ(session.history().epochs, std::vector<double>{50});
    session.train(20);
    const std::string end = session.digest();
    session.seek(10);
    EXPECT_EQ(session.epoch(), 50);
    EXPECT_EQ(session.parameters()[0], 1.0);
    session.seek(70);
    EXPECT_EQ(session.digest(), end);
    session.reset();
    EXPECT_EQ(session.digest(), Session(e).digest());
    EXPECT_EQ(session.epoch(), 0);
}

TEST(Session, ReadOutsLeaveTheRunAlone) {
    Dice dice(14);
    for (int n = 0; n < 20; ++n) {
        const Experiment e = randomExperiment(dice);
        Session quiet(e);
        Session watched(e);
        for (int k = 0; k < 5; ++k) {
            quiet.train(7);
            watched.train(7);
            watched.trace();
            watched.gradientCheck();
            watched.predict(watched.dataset().inputs);
            watched.lossAt(watched.parameters());
            watched.history();
        }
        EXPECT_EQ(quiet.digest(), watched.digest());
    }
}

TEST(Session, TraceIsOneStepOfTheEngine) {
    Dice dice(15);
    for (int n = 0; n < 30; ++n) {
        Experiment e = randomExperiment(dice);
        e.l1 = e.l2 = 0;
        Session session(e);
        session.train(3);
        std::vector<double> gradient(session.parameters().size());
        std::size_t at = 0;
        const std::vector<Intermediate> trace = session.trace();
        for (std::size_t l = 1; l <= e.layers.size(); ++l) {
            for (const std::string& name : {"d_W" + std::to_string(l), "d_b" + std::to_string(l)}) {
                for (const Intermediate& i : trace) {
                    if (i.name() != name) continue;
                    ASSERT_EQ(i.values.size(), i.rows * i.columns);
                    std::copy(i.values.begin(), i.values.end(),
                              gradient.begin() + static_cast<std::ptrdiff_t>(at));
                    at += i.values.size();
                }
            }
        }
        EXPECT_EQ(gradient, session.gradient());
        for (const Intermediate& i : trace) {
            if (i.name() == "loss") {
                EXPECT_EQ(i.values[0], session.loss());
            }
        }
    }
}

TEST(Session, TraceIsNamedAsInThePost) {
    std::vector<std::string> names;
    for (const Intermediate& i : Session((Experiment())).trace()) names.push_back(i.name());
    EXPECT_EQ(names, (std::vector<std::string>{
                         "X",    "y",    "W1",   "b1",      "z1",        "a1",      "W2",
                         "b2",   "z2",   "a2",   "loss",    "d_loss_a2", "d_a2_z2", "d_z2",
                         "d_W2", "d_b2", "d_a1", "d_a1_z1", "d_z1",      "d_W1",    "d_b1"}));
}

}  // namespace
}  // namespace backprop::test
