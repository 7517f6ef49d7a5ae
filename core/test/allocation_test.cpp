// Nothing is allocated while training, and a session's memory is bounded: the global operator new
// counts.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>

#include "history.h"
#include "random_experiment.h"

namespace {

std::size_t allocations = 0;
std::size_t bytes = 0;  ///< that are held now
std::size_t peak = 0;   ///< the most of them

/// Before each block stands its size.
constexpr std::size_t kHeader = alignof(std::max_align_t);

void* counted(std::size_t size) noexcept {
    void* block = std::malloc(kHeader + size);
    if (!block) return nullptr;
    ++allocations;
    bytes += size;
    peak = std::max(peak, bytes);
    std::memcpy(block, &size, sizeof size);
    return static_cast<std::byte*>(block) + kHeader;
}

void* countedOrThrow(std::size_t size) {
    if (void* memory = counted(size)) return memory;
    throw std::bad_alloc();
}

void release(void* memory) noexcept {
    if (!memory) return;
    void* block = static_cast<std::byte*>(memory) - kHeader;
    std::size_t size = 0;
    std::memcpy(&size, block, sizeof size);
    bytes -= size;
    std::free(block);
}

}  // namespace

void* operator new(std::size_t size) { return countedOrThrow(size); }
void* operator new[](std::size_t size) { return countedOrThrow(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void operator delete(void* memory) noexcept { release(memory); }
void operator delete[](void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { release(memory); }

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
        session.trainSteps(100);
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

/// The bound that session.h states: how many bytes are held after so many epochs beside those from
/// the start.
std::size_t historyBytes(double epochs) {
    const double doublings = std::floor(std::log2(std::max(epochs, 512.0) / 512));
    return static_cast<std::size_t>(3 * 8 * (512 * (doublings + 2) + 1));
}

/// Trains so long, then goes back and forth; returns how many bytes were held beside those that
/// the session held at its beginning.
std::size_t growth(const Experiment& e, std::int64_t epochs) {
    Session session(e);
    const std::size_t before = bytes;
    const std::size_t blocks = allocations;
    peak = bytes;
    session.train(epochs);
    for (const std::int64_t share : {2, 1000, 3}) {
        session.seek(epochs / share);
        session.seek(epochs);
    }
    EXPECT_EQ(session.epoch(), epochs);
    EXPECT_LE(allocations - blocks, 3u) << "once for each column of the history";
    return peak - before;
}

TEST(Allocation, TenMillionEpochsStayWithinTheBound) {
    EXPECT_LE(growth({}, 10000000), historyBytes(1e7));
    EXPECT_LT(historyBytes(1e7), 200000u);
}

TEST(Allocation, SoDoOtherRuns) {
    Experiment e;
    e.layers[0] = {4, "tanh"};
    e.data = {{"moons", {{"samples", 20}, {"testFraction", 0.2}}}, {}, {}};
    e.optimizer.kind = "adam";
    e.schedule.kind = "exponential";
    e.batchSize = 8;
    e.edits = {{1000, std::nullopt, 0, 0.5}};
    EXPECT_LE(growth(e, 200000), historyBytes(2e5));
    e.stop.patience = 1000000;
    EXPECT_LE(growth(e, 200000), historyBytes(2e5));
}

TEST(Allocation, CheckpointsTakeSixteenMebibytesOrTwoStates) {
    for (const std::size_t stateSize : {1u, 20u, 10000u, 1000000u, 3000000u}) {
        const std::size_t before = bytes;
        const Checkpoints checkpoints(stateSize);
        EXPECT_GT(bytes, before);
        EXPECT_LE(bytes - before, std::max<std::size_t>(16u << 20, 2 * 8 * stateSize));
    }
}

}  // namespace
}  // namespace backprop::test
