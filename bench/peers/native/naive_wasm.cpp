// naive.h as WebAssembly, called by javascript/naive.mjs.

#include "naive.h"

static std::vector<double> numbers;
static std::unique_ptr<peer::Naive> network;

extern "C" {
/// Room for the numbers of a workload's file.
__attribute__((export_name("room"))) double* room(std::size_t count) {
    numbers.resize(count);
    return numbers.data();
}
/// A network from the numbers that now lie there.
__attribute__((export_name("create"))) void create() {
    network = std::make_unique<peer::Naive>(peer::parse(numbers.data()));
}
__attribute__((export_name("run"))) void run(int epochs) { network->run(epochs); }
__attribute__((export_name("loss"))) double loss() { return network->loss(); }
}
