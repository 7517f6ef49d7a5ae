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

/// What a session holds beside its data is bounded, however long it runs.
TEST(Allocation, NoneInTenMillionEpochsButForTheHistory) {
    Session session((Experiment()));
    const std::size_t before = allocations;
    session.train(10000000);
    EXPECT_LE(allocations - before, 3u) << "once for each column of the history";
}

}  // namespace
}  // namespace backprop::test
