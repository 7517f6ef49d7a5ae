// elementary FOLDER LIBRARY: exp, tanh and sigmoid of ours, of SLEEF (four lanes of AVX2) or of the
// C library. An epoch is 1024 arguments in (-6, 6), in the first-level cache; the "loss" is the
// mean of the results. Built as WebAssembly it is called by javascript/elementary.mjs.

#include "elementary.h"

#include <array>
#include <cmath>

#include "lanes.h"
#include "protocol.h"
#if defined(HAS_SLEEF)
#include <sleef.h>
#endif

namespace {

using backprop::Lanes;

constexpr std::size_t kElements = 1024;
using Values = std::array<double, kElements>;
using Function = void (*)(const Values& x, Values& y);

template <auto f>
void byLanes(const Values& x, Values& y) {
    for (std::size_t i = 0; i < kElements; i += backprop::kLanes) {
        backprop::store(&y[i], f(backprop::load(&x[i])));
    }
}

template <auto f>
void oneByOne(const Values& x, Values& y) {
    for (std::size_t i = 0; i < kElements; ++i) y[i] = f(x[i]);
}

Function functionOf(const std::string& library, const std::string& name) {
    const bool isExp = name == "exp", isTanh = name == "tanh";
#if defined(HAS_SLEEF)
    if (library == "SLEEF") {
        constexpr auto exp = [](Lanes x) -> Lanes { return Sleef_expd4_u10avx2(x); };
        constexpr auto tanh = [](Lanes x) -> Lanes { return Sleef_tanhd4_u10avx2(x); };
        constexpr auto sigmoid = [](Lanes x) -> Lanes {
            return 1.0 / (1.0 + Sleef_expd4_u10avx2(-x));
        };
        return isExp ? byLanes<exp> : isTanh ? byLanes<tanh> : byLanes<sigmoid>;
    }
#endif
    if (library == "ours") {
        constexpr auto exp = [](Lanes x) { return backprop::exp(x); };
        constexpr auto tanh = [](Lanes x) { return backprop::tanh(x); };
        constexpr auto sigmoid = [](Lanes x) { return backprop::sigmoid(x); };
        return isExp ? byLanes<exp> : isTanh ? byLanes<tanh> : byLanes<sigmoid>;
    }
    constexpr auto exp = [](double x) { return std::exp(x); };
    constexpr auto tanh = [](double x) { return std::tanh(x); };
    constexpr auto sigmoid = [](double x) { return 1.0 / (1.0 + std::exp(-x)); };
    return isExp ? oneByOne<exp> : isTanh ? oneByOne<tanh> : oneByOne<sigmoid>;
}

class Elementary : public peer::Work {
  public:
    explicit Elementary(Function f) : f_(f) {
        for (std::size_t i = 0; i < kElements; ++i) {  // scattered, as activations are
            const std::size_t place = i * 389 % kElements;
            x_[i] = 12.0 * (static_cast<double>(place) + 0.5) / kElements - 6;
        }
    }
    void run(int epochs) override {
        for (int epoch = 0; epoch < epochs; ++epoch) {
            f_(x_, y_);
            asm volatile("" ::: "memory");
        }
    }
    double loss() override {
        double sum = 0;
        for (const double y : y_) sum += y;
        return sum / kElements;
    }

  private:
    Function f_;
    Values x_, y_;
};

}  // namespace

#if defined(__EMSCRIPTEN__)
static std::unique_ptr<Elementary> work;
extern "C" {
/// function: 0 exp, 1 tanh, 2 sigmoid.
__attribute__((export_name("create"))) void create(int isOurs, int function) {
    const char* names[] = {"exp", "tanh", "sigmoid"};
    work = std::make_unique<Elementary>(functionOf(isOurs ? "ours" : "musl", names[function]));
}
__attribute__((export_name("run"))) void run(int epochs) { work->run(epochs); }
__attribute__((export_name("loss"))) double loss() { return work->loss(); }
}
#else
int main(int, char** argv) {
    std::string version;
#if defined(HAS_SLEEF)
    version = "SLEEF " + std::to_string(SLEEF_VERSION_MAJOR) + "." +
              std::to_string(SLEEF_VERSION_MINOR) + "." + std::to_string(SLEEF_VERSION_PATCHLEVEL);
#endif
    return peer::serve(version, [&](const std::string& name) {
        return std::make_unique<Elementary>(functionOf(argv[2], name));
    });
}
#endif
