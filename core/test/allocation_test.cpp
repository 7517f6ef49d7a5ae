// Nothing is allocated while training: the global operator new counts.

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "random_experiment.h"

namespace {

std::size_t allocations = 0;

void* counted(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++allocations;
    return std::malloc(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace backprop::test {
namespace {

TEST(Allocation, NoneWhileTraining) {
    Dice dice(31);
    for (int n = 0; n < 100; ++n) {
        Experiment e = randomExperiment(dice);
        e.epochs = 3000;  // what the history makes room for
        Session session(e);
        const std::size_t before = allocations;
        session.train(700);
        session.seek(0);
        session.seek(650);
        EXPECT_EQ(allocations, before) << e.optimizer.kind;
    }
    EXPECT_GT(allocations, 0u);
}

TEST(Allocation, NoneWhileAnEnsembleTrains) {
    Dice dice(32);
    for (int n = 0; n < 100; ++n) {
        Experiment e = randomExperiment(dice);
        e.epochs = 3000;
        const std::uint32_t seeds[] = {1, 2, 3, 4, 5};
        Ensemble ensemble(e, seeds);
        const std::size_t before = allocations;
        ensemble.train(300);
        std::size_t diverged = 0;
        for (std::size_t i = 0; i < ensemble.size(); ++i) diverged += ensemble.diverged(i);
        EXPECT_TRUE(allocations == before || diverged > 0) << e.optimizer.kind;
    }
}

/// What a session holds beside its data is bounded, however long it runs.
TEST(Allocation, NoneInTenMillionEpochsButForTheHistory) {
    Session session((Experiment()));
    const std::size_t before = allocations;
    session.train(10000000);
    EXPECT_LE(allocations - before, 3u) << "once for each column of the history";
}

}  // namespace
}  // namespace backprop::test
