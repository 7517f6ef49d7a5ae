// The core as JavaScript sees it: Embind, nothing else. index.js and session.js wrap it and check
// every argument before it comes here, since Embind checks none.

#include <backprop/backprop.h>
#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
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

/// What readExperiment says of an encoded experiment: check `refused`, then make a Session or an
/// Ensemble of it, or hand it to a Session as its own with other edits.
class Reading {
  public:
    explicit Reading(const val& stream)
        : result_(backprop::readExperiment(decode(numbers(stream)))) {}

    bool refused() const { return std::holds_alternative<ExperimentError>(result_); }
    std::string message() const { return std::get<ExperimentError>(result_).message; }
    std::string path() const { return std::get<ExperimentError>(result_).path; }
    std::unique_ptr<Session> open() const {
        return std::make_unique<Session>(std::get<backprop::Experiment>(result_));
    }
    bool edit(Session& session) const {
        return session.edit(std::get<backprop::Experiment>(result_));
    }
    std::unique_ptr<Ensemble> openEnsemble(const val& seeds) const {
        const std::vector<double> given = numbers(seeds);
        const std::vector<std::uint32_t> whole(given.begin(), given.end());
        return std::make_unique<Ensemble>(std::get<backprop::Experiment>(result_), whole);
    }

  private:
    std::variant<backprop::Experiment, ExperimentError> result_;
};

double train(Session& session, double epochs) {
    return static_cast<double>(session.train(static_cast<std::int64_t>(epochs)));
}

void seek(Session& session, double epoch) { session.seek(static_cast<std::int64_t>(epoch)); }

double epoch(const Session& session) { return static_cast<double>(session.epoch()); }

val history(const Session& session) {
    const backprop::History history = session.history();
    val result = val::object();
    result.set("epochs", copied(history.epochs));
    result.set("losses", copied(history.losses));
    if (!history.testLosses.empty()) result.set("testLosses", copied(history.testLosses));
    return result;
}

val predict(const Session& session, const val& inputs) {
    return copied(session.predict(numbers(inputs)));
}

val activations(const Session& session, const val& inputs) {
    val layers = val::array();
    for (const std::vector<double>& layer : session.activations(numbers(inputs))) {
        layers.call<void>("push", copied(layer));
    }
    return layers;
}

val dataset(const Session& session) {
    const backprop::DataRows rows = session.dataset();
    val result = val::object();
    result.set("inputColumns", rows.inputColumns);
    result.set("targetColumns", rows.targetColumns);
    result.set("inputs", copied(rows.inputs));
    result.set("targets", copied(rows.targets));
    result.set("testInputs", copied(rows.testInputs));
    result.set("testTargets", copied(rows.testTargets));
    return result;
}

val parameters(const Session& session) { return copied(session.parameters()); }

void setParameters(Session& session, const val& parameters) {
    session.setParameters(numbers(parameters));
}

val gradient(const Session& session) { return copied(session.gradient()); }

val lossAt(const Session& session, const val& rows) {
    return copied(session.lossAt(numbers(rows)));
}

val trace(const Session& session) {
    val steps = val::array();
    for (const backprop::Intermediate& intermediate : session.trace()) {
        val step = val::object();
        step.set("name", intermediate.name);
        step.set("rows", intermediate.rows);
        step.set("cols", intermediate.columns);
        step.set("values", copied(intermediate.values));
        steps.call<void>("push", step);
    }
    return steps;
}

val gradientCheck(const Session& session) {
    const backprop::GradientCheck check = session.gradientCheck();
    val result = val::object();
    result.set("maxRelativeError", check.maxRelativeError);
    result.set("analytic", copied(check.analytic));
    result.set("numeric", copied(check.numeric));
    return result;
}

double trainEnsemble(Ensemble& ensemble, double epochs) {
    return static_cast<double>(ensemble.train(static_cast<std::int64_t>(epochs)));
}

double epochOfEnsemble(const Ensemble& ensemble) { return static_cast<double>(ensemble.epoch()); }

double epochOfMember(const Ensemble& ensemble, std::size_t member) {
    return static_cast<double>(ensemble.epochOf(member));
}

val losses(const Ensemble& ensemble) { return copied(ensemble.losses()); }

val predictAll(const Ensemble& ensemble, const val& inputs) {
    return copied(ensemble.predict(numbers(inputs)));
}

val parametersOfMember(const Ensemble& ensemble, std::size_t member) {
    return copied(ensemble.parameters(member));
}

}  // namespace

/// With this, Embind writes the address of a type that it does not know, for an error. It knows all
/// of ours, and need not bring the C library's printf along.
extern "C" int siprintf(char* text, const char*, ...) { return *text = '\0'; }

EMSCRIPTEN_BINDINGS(backprop) {
    using emscripten::class_;
    using emscripten::function;

    function("catalogJson", &backprop::catalogJson);

    class_<Reading>("Reading")
        .constructor<const val&>()
        .function("refused", &Reading::refused)
        .function("message", &Reading::message)
        .function("path", &Reading::path)
        .function("open", &Reading::open)
        .function("edit", &Reading::edit)
        .function("openEnsemble", &Reading::openEnsemble);

    class_<Ensemble>("Ensemble")
        .function("train", &trainEnsemble)
        .function("size", &Ensemble::size)
        .function("epoch", &epochOfEnsemble)
        .function("epochOf", &epochOfMember)
        .function("diverged", &Ensemble::diverged)
        .function("losses", &losses)
        .function("predict", &predictAll)
        .function("inputs", &Ensemble::inputs)
        .function("parameters", &parametersOfMember);

    class_<Session>("Session")
        .function("train", &train)
        .function("seek", &seek)
        .function("reset", &Session::reset)
        .function("epoch", &epoch)
        .function("diverged", &Session::diverged)
        .function("stopped", &Session::stopped)
        .function("loss", &Session::loss)
        .function("testLoss", &Session::testLoss)
        .function("accuracy", &Session::accuracy)
        .function("testAccuracy", &Session::testAccuracy)
        .function("history", &history)
        .function("predict", &predict)
        .function("activations", &activations)
        .function("inputs", &Session::inputs)
        .function("outputs", &Session::outputs)
        .function("dataset", &dataset)
        .function("parameters", &parameters)
        .function("setParameters", &setParameters)
        .function("gradient", &gradient)
        .function("lossAt", &lossAt)
        .function("trace", &trace)
        .function("gradientCheck", &gradientCheck)
        .function("digest", &Session::digest);
}
