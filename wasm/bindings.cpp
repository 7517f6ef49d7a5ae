// The core as JavaScript sees it: Embind, nothing else. session.js and ensemble.js wrap it and
// check every argument before it comes here, since Embind checks none.

#include <backprop/backprop.h>
#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "decode.h"

namespace {

using backprop::Ensemble;
using backprop::ExperimentError;
using backprop::Session;
using emscripten::val;

/// A Float64Array of its own: a view of the heap would die when memory grows.
val copied(std::span<const double> values) {
    return val(emscripten::typed_memory_view(values.size(), values.data())).call<val>("slice");
}

std::vector<double> numbers(const val& typedArray) {
    return emscripten::convertJSArrayToNumberVector<double>(typedArray);
}

/// A session or an ensemble, as JavaScript holds it: its address. Functions instead of Embind's
/// classes are half of its glue; session.js and ensemble.js are the classes, and never give one
/// that is freed.
using Handle = std::uintptr_t;

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

/// What an encoded experiment says, or why it is none.
std::variant<backprop::Experiment, ExperimentError> read(const val& stream) {
    return backprop::readExperiment(decode(numbers(stream)));
}

/// What is made of it, or {message, path}.
template <typename Make>
val madeOf(const val& stream, Make make) {
    const auto experiment = read(stream);
    if (const auto* error = std::get_if<ExperimentError>(&experiment)) {
        val refusal = val::object();
        refusal.set("message", error->message);
        refusal.set("path", error->path);
        return refusal;
    }
    return val(make(std::get<backprop::Experiment>(experiment)));
}

val open(const val& stream) {
    return madeOf(stream, [](const backprop::Experiment& experiment) {
        return handleOf(std::make_unique<Session>(experiment));
    });
}

val edit(Handle session, const val& stream) {
    return madeOf(stream, [session](const backprop::Experiment& experiment) {
        return at<Session>(session).edit(experiment);
    });
}

val openEnsemble(const val& stream, const val& seeds) {
    return madeOf(stream, [&seeds](const backprop::Experiment& experiment) {
        const std::vector<double> given = numbers(seeds);
        const std::vector<std::uint32_t> whole(given.begin(), given.end());
        return handleOf(std::make_unique<Ensemble>(experiment, whole));
    });
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
val predict(Handle handle, const val& inputs) {
    return copied(at<T>(handle).predict(numbers(inputs)));
}

double trainSteps(Handle session, double steps) {
    return static_cast<double>(at<Session>(session).trainSteps(static_cast<std::int64_t>(steps)));
}

void seek(Handle session, double epoch) {
    at<Session>(session).seek(static_cast<std::int64_t>(epoch));
}

val history(Handle session) {
    const backprop::History history = at<Session>(session).history();
    val result = val::object();
    result.set("epochs", copied(history.epochs));
    result.set("losses", copied(history.losses));
    if (!history.testLosses.empty()) result.set("testLosses", copied(history.testLosses));
    return result;
}

val activations(Handle session, const val& inputs) {
    val layers = val::array();
    for (const std::vector<double>& layer : at<Session>(session).activations(numbers(inputs))) {
        layers.call<void>("push", copied(layer));
    }
    return layers;
}

val dataset(Handle session) {
    const backprop::DataRows rows = at<Session>(session).dataset();
    val result = val::object();
    result.set("inputColumns", rows.inputColumns);
    result.set("targetColumns", rows.targetColumns);
    result.set("inputs", copied(rows.inputs));
    result.set("targets", copied(rows.targets));
    result.set("testInputs", copied(rows.testInputs));
    result.set("testTargets", copied(rows.testTargets));
    return result;
}

val parameters(Handle session) { return copied(at<Session>(session).parameters()); }

void setParameters(Handle session, const val& parameters) {
    at<Session>(session).setParameters(numbers(parameters));
}

val gradient(Handle session) { return copied(at<Session>(session).gradient()); }

val lossAt(Handle session, const val& rows) {
    return copied(at<Session>(session).lossAt(numbers(rows)));
}

val trace(Handle session) {
    val steps = val::array();
    for (const backprop::Intermediate& intermediate : at<Session>(session).trace()) {
        val step = val::object();
        step.set("name", intermediate.name);
        step.set("rows", intermediate.rows);
        step.set("cols", intermediate.columns);
        step.set("values", copied(intermediate.values));
        steps.call<void>("push", step);
    }
    return steps;
}

val gradientCheck(Handle session) {
    const backprop::GradientCheck check = at<Session>(session).gradientCheck();
    val result = val::object();
    result.set("maxRelativeError", check.maxRelativeError);
    result.set("analytic", copied(check.analytic));
    result.set("numeric", copied(check.numeric));
    return result;
}

double epochOfMember(Handle ensemble, std::size_t member) {
    return static_cast<double>(at<Ensemble>(ensemble).epochOf(member));
}

bool memberDiverged(Handle ensemble, std::size_t member) {
    return at<Ensemble>(ensemble).diverged(member);
}

val losses(Handle ensemble) { return copied(at<Ensemble>(ensemble).losses()); }

val parametersOfMember(Handle ensemble, std::size_t member) {
    return copied(at<Ensemble>(ensemble).parameters(member));
}

}  // namespace

/// With this, Embind writes the address of a type that it does not know, for an error. It knows all
/// of ours, and need not bring the C library's printf along.
extern "C" int siprintf(char* text, const char*, ...) { return *text = '\0'; }

EMSCRIPTEN_BINDINGS(backprop) {
    using emscripten::function;

    function("open", &open);
    function("close", &close<Session>);
    function("edit", &edit);
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
    function("digest", &get<Session, &Session::digest>);

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
