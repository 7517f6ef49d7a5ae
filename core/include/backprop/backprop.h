#pragma once
/// @mainpage Backprop: a small, exact, fast backpropagation engine.
///
///     #include <backprop/backprop.h>
///     #include <cstdio>
///
///     int main() {
///         backprop::Experiment experiment;  // the blog post's run: 2-2-1 sigmoids learn XOR
///         experiment.layers = {{4, "tanh"}, {1, "sigmoid"}};
///         if (auto error = backprop::validate(experiment)) {
///             std::fprintf(stderr, "%s\n", error->message.c_str());
///             return 2;
///         }
///         backprop::Session session(experiment);
///         session.train(10000);
///         std::printf("epoch %lld, loss %.17g\n", (long long)session.epoch(), session.loss());
///     }
///
/// Read next: experiment.h (what a run is), session.h (how to run and read it), ensemble.h (many
/// seeds at once), catalog.h (every name that works). Errors: input from outside is checked by
/// validate and readExperiment, which return what is wrong and where; a caller's mistake (a row too
/// short, an unchecked experiment) is an assertion. The core throws nothing, reads and writes
/// nothing, starts no thread and keeps no global state; a Session may be used by one thread at a
/// time.

#include "backprop/catalog.h"
#include "backprop/ensemble.h"
#include "backprop/experiment.h"
#include "backprop/plan.h"
#include "backprop/session.h"
