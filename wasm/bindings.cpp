// The core as JavaScript sees it: Embind, nothing else, and nothing but numbers. session.js and
// ensemble.js wrap it and check every argument before it comes here, since Embind checks none.

#include <backprop/backprop.h>
#include <emscripten/bind.h>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "decode.h"

namespace {

using backprop::Ensemble;
using backprop::Session;

/// A session or an ensemble, or a place in memory, as JavaScript holds it: its address. Functions
/// instead of Embind's classes are half of its glue; session.js and ensemble.js are the classes,
/// and never give one that is freed.
using Handle = std::uintptr_t;

/// Several numbers on their way: what JavaScript hands over lies here, in room that it has asked
/// for, and so does what a function answers that says how many numbers it gives.
std::vector<double> tray;

Handle room(std::size_t count) {
    tray = std::vector<double>(count);
    return reinterpret_cast<Handle>(tray.data());
}

Handle given() { return reinterpret_cast<Handle>(tray.data()); }

std::vector<double> taken() { return std::exchange(tray, {}); }

std::size_t give(std::vector<double> numbers) {
    tray = std::move(numbers);
    return tray.size();
}

void append(std::span<const double> numbers) {
    tray.insert(tray.end(), numbers.begin(), numbers.end());
}

/// A few counts, and then several rows of numbers.
std::size_t giveAll(std::initializer_list<std::size_t> counts,
                    std::initializer_list<std::span<const double>> rows) {
    tray.clear();
    for (const std::size_t count : counts) tray.push_back(static_cast<double>(count));
    for (const std::span<const double> row : rows) append(row);
    return tray.size();
}

template <typename T>
Handle handleOf(std::unique_ptr<T> owned) {
    return reinterpret_cast<Handle>(owned.release());
}

template <typename T>
T& at(Handle handle) {
    return *reinterpret_cast<T*>(handle);
}

template <typename T>
void close(Handle handle) {
    delete &at<T>(handle);
}

/// What a function without arguments gives.
template <typename T, auto kMethod>
auto get(Handle handle) {
    return (at<T>(handle).*kMethod)();
}

Handle open() { return handleOf(std::make_unique<Session>(decode(taken()))); }

void setEdits(Handle session) { at<Session>(session).setEdits(decodeEdits(taken())); }

/// The seeds lie before the plan.
Handle openEnsemble(std::size_t seeds) {
    const std::vector<double> numbers = taken();
    const double* plan = numbers.data() + seeds;
    const std::vector<std::uint32_t> whole(numbers.data(), plan);
    return handleOf(
        std::make_unique<Ensemble>(decode({plan, numbers.data() + numbers.size()}), whole));
}

template <typename T>
double train(Handle handle, double epochs) {
    return static_cast<double>(at<T>(handle).train(static_cast<std::int64_t>(epochs)));
}

template <typename T, auto kMethod>
double count(Handle handle) {
    return static_cast<double>((at<T>(handle).*kMethod)());
}

template <typename T>
std::size_t predict(Handle handle) {
    return give(at<T>(handle).predict(taken()));
}

double trainSteps(Handle session, double steps) {
    return static_cast<double>(at<Session>(session).trainSteps(static_cast<std::int64_t>(steps)));
}

void seek(Handle session, double epoch) {
    at<Session>(session).seek(static_cast<std::int64_t>(epoch));
}

/// Epochs, losses and, where there are any, test losses, all of one length.
std::size_t history(Handle session) {
    const backprop::History history = at<Session>(session).history();
    return giveAll({history.epochs.size()}, {history.epochs, history.losses, history.testLosses});
}

/// Layer after layer, each samples x units.
std::size_t activations(Handle session) {
    const auto layers = at<Session>(session).activations(taken());
    tray.clear();
    for (const std::vector<double>& layer : layers) {
        tray.push_back(static_cast<double>(layer.size()));
        append(layer);
    }
    return tray.size();
}

/// The columns of inputs and targets, the rows for training and for testing, and both.
std::size_t dataset(Handle session) {
    const backprop::DataRows d = at<Session>(session).dataset();
    return giveAll({d.inputColumns, d.targetColumns, d.inputs.size() / d.inputColumns,
                    d.testInputs.size() / d.inputColumns},
                   {d.inputs, d.targets, d.testInputs, d.testTargets});
}

std::size_t parameters(Handle session) { return giveAll({}, {at<Session>(session).parameters()}); }

void setParameters(Handle session) { at<Session>(session).setParameters(taken()); }

std::size_t gradient(Handle session) { return give(at<Session>(session).gradient()); }

std::size_t lossAt(Handle session) { return give(at<Session>(session).lossAt(taken())); }

/// Each intermediate: its quantity, layer, rows and columns, and its values.
std::size_t trace(Handle session) {
    const auto intermediates = at<Session>(session).trace();
    tray.clear();
    for (const auto& [quantity, layer, rows, columns, values] : intermediates) {
        for (const std::size_t n : {static_cast<std::size_t>(quantity), layer, rows, columns}) {
            tray.push_back(static_cast<double>(n));
        }
        append(values);
    }
    return tray.size();
}

/// The greatest error, the analytic gradient and the numeric one.
std::size_t gradientCheck(Handle session) {
    const backprop::GradientCheck check = at<Session>(session).gradientCheck();
    return giveAll({}, {{&check.maxRelativeError, 1}, check.analytic, check.numeric});
}

/// The upper and the lower half.
std::size_t digest(Handle session) {
    const std::uint64_t hash = at<Session>(session).hash();
    return giveAll({static_cast<std::size_t>(hash >> 32), static_cast<std::size_t>(hash)}, {});
}

double epochOfMember(Handle ensemble, std::size_t member) {
    return static_cast<double>(at<Ensemble>(ensemble).epochOf(member));
}

bool memberDiverged(Handle ensemble, std::size_t member) {
    return at<Ensemble>(ensemble).diverged(member);
}

std::size_t losses(Handle ensemble) { return give(at<Ensemble>(ensemble).losses()); }

std::size_t parametersOfMember(Handle ensemble, std::size_t member) {
    return give(at<Ensemble>(ensemble).parameters(member));
}

}  // namespace

/// With these, Embind writes and copies the address of a type that it does not know, for an error.
/// It knows all of ours, and need not bring the C library's printf along; a null name is an empty
/// one.
extern "C" int siprintf(char*, const char*, ...) { return 0; }
extern "C" char* strdup(const char*) { return nullptr; }

// Embind makes these types known to JavaScript, and none of our functions takes or gives one. Where
// they are not made known, a third of its glue is left out.
namespace emscripten::internal {
extern "C" {
void _embind_register_std_string(TYPEID, const char*) {}
void _embind_register_std_wstring(TYPEID, std::size_t, const char*) {}
void _embind_register_memory_view(TYPEID, unsigned, const char*) {}
#if __EMSCRIPTEN_major__ == 3 && __EMSCRIPTEN_minor__ == 1 && __EMSCRIPTEN_tiny__ < 27
void _embind_register_bigint(TYPEID, const char*, std::size_t, long long, unsigned long long) {}
void _embind_register_emval(TYPEID, const char*) {}
#endif
}
}  // namespace emscripten::internal

EMSCRIPTEN_BINDINGS(backprop) {
    using emscripten::function;

    function("room", &room);
    function("given", &given);

    function("open", &open);
    function("close", &close<Session>);
    function("setEdits", &setEdits);
    function("train", &train<Session>);
    function("trainSteps", &trainSteps);
    function("seek", &seek);
    function("reset", &get<Session, &Session::reset>);
    function("epoch", &count<Session, &Session::epoch>);
    function("stepOfEpoch", &count<Session, &Session::stepOfEpoch>);
    function("stepsPerEpoch", &count<Session, &Session::stepsPerEpoch>);
    function("diverged", &get<Session, &Session::diverged>);
    function("stopped", &get<Session, &Session::stopped>);
    function("loss", &get<Session, &Session::loss>);
    function("testLoss", &get<Session, &Session::testLoss>);
    function("accuracy", &get<Session, &Session::accuracy>);
    function("testAccuracy", &get<Session, &Session::testAccuracy>);
    function("history", &history);
    function("predict", &predict<Session>);
    function("activations", &activations);
    function("inputs", &get<Session, &Session::inputs>);
    function("dataset", &dataset);
    function("parameters", &parameters);
    function("setParameters", &setParameters);
    function("gradient", &gradient);
    function("lossAt", &lossAt);
    function("trace", &trace);
    function("gradientCheck", &gradientCheck);
    function("digest", &digest);

    function("openEnsemble", &openEnsemble);
    function("closeEnsemble", &close<Ensemble>);
    function("trainEnsemble", &train<Ensemble>);
    function("sizeOfEnsemble", &get<Ensemble, &Ensemble::size>);
    function("epochOfEnsemble", &count<Ensemble, &Ensemble::epoch>);
    function("epochOfMember", &epochOfMember);
    function("memberDiverged", &memberDiverged);
    function("losses", &losses);
    function("predictAll", &predict<Ensemble>);
    function("inputsOfEnsemble", &get<Ensemble, &Ensemble::inputs>);
    function("parametersOfMember", &parametersOfMember);
}
