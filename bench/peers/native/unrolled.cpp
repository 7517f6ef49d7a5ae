// unrolled FOLDER: the post's step unrolled by hand, bench/limit/xor_limit.h.

#include "../../limit/xor_limit.h"
#include "protocol.h"

namespace {

struct Unrolled : peer::Work {
    explicit Unrolled(const peer::Workload& w) : rate(w.rate) {
        std::copy(w.parameters.begin(), w.parameters.end(), parameters.begin());
    }
    void run(int epochs) override { backprop::limit::trainXor(parameters, rate, epochs); }
    double loss() override {  // before the step of one more epoch
        backprop::limit::XorParameters copy = parameters;
        return backprop::limit::trainXor(copy, rate, 1);
    }
    double rate;
    backprop::limit::XorParameters parameters;
};

}  // namespace

int main(int, char** argv) {
    return peer::serve("", [&](const std::string& name) {
        return std::make_unique<Unrolled>(peer::read(argv[1], name));
    });
}
