#include "backprop/plan.h"

#include "table.h"

namespace backprop {
namespace {

Plan::Choice choiceOf(std::span<const Entry> entries, const Choice& choice) {
    return {placeOf(entries, choice.kind), settingsOf(entries, choice)};
}

std::vector<double> flat(const Rows& rows) {
    std::vector<double> values;
    for (const std::vector<double>& row : rows) values.insert(values.end(), row.begin(), row.end());
    return values;
}

std::size_t columnsOf(const Rows& rows) { return rows.empty() ? 0 : rows[0].size(); }

}  // namespace

Plan planOf(const Experiment& e) {
    const Catalog& names = catalog();
    Plan plan{choiceOf(names.data, e.data),
              columnsOf(e.data.inputs),
              columnsOf(e.data.targets),
              flat(e.data.inputs),
              flat(e.data.targets),
              {},
              {},
              placeOf(names.losses, e.loss),
              choiceOf(names.initializers, e.initializer),
              choiceOf(names.optimizers, e.optimizer),
              choiceOf(names.schedules, e.schedule),
              e.l1,
              e.l2,
              e.batchSize,
              e.shuffle,
              e.shuffleSeed,
              e.precision == "f32",
              e.epochs,
              e.stop,
              e.edits};
    for (const std::string& name : e.features)
        plan.features.push_back(placeOf(names.features, name));
    for (const Layer& layer : e.layers) {
        plan.layers.push_back(
            {static_cast<std::size_t>(layer.units), placeOf(names.activations, layer.activation)});
    }
    return plan;
}

}  // namespace backprop
