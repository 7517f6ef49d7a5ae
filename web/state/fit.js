// An experiment with one thing changed, made whole: what else must change so that the engine accepts
// it and it makes sense. What the reader has changed stands, unless nothing can be made to fit it.
import { isSame } from './experiment.js';
import { noOf, problemOf, rowsOf } from './problem.js';

/** @typedef {import('./types.js').Experiment} Experiment */
/** @typedef {import('./types.js').Catalog} Catalog */
/** @typedef {import('./types.js').CatalogEntry} CatalogEntry */
/** @typedef {import('./types.js').Setting} Setting */
/** @typedef {import('./problem.js').Problem} Problem */

/**
 * @typedef {object} Fitting
 * @property {Experiment} now
 * @property {Experiment} before
 * @property {Catalog} catalog
 * @property {string[]} notes
 */

/** Losses that need classes for targets. */
const CLASS_LOSSES = ['binary_cross_entropy', 'cross_entropy', 'hinge'];
/** Outputs that are never below zero. */
const NOT_NEGATIVE = ['sigmoid', 'softmax', 'relu', 'softplus'];
/** The ends of what an output reaches, where it has ends. */
const REACHES = new Map([
  ['sigmoid', [0, 1]],
  ['softmax', [0, 1]],
  ['tanh', [-1, 1]],
  ['softsign', [-1, 1]],
  ['sine', [-1, 1]],
  ['relu', [0, Number.POSITIVE_INFINITY]],
  ['softplus', [0, Number.POSITIVE_INFINITY]],
]);

/** Why an output was chosen. @type {Record<string, string>} */
const OUTPUT_REASONS = {
  sigmoid: 'from 0 to 1 for two classes',
  softmax: 'a share for each class',
  identity: 'which reaches any target',
};

/**
 * @param {Experiment} changed complete, with one thing changed
 * @param {Experiment} before complete, accepted by the engine
 * @param {Catalog} catalog
 * @returns {{ experiment: Experiment, notes: string[] }} a note: one sentence on what else has changed
 */
export function fit(changed, before, catalog) {
  /** @type {Fitting} */
  const fitting = { now: { ...changed }, before, catalog, notes: [] };
  fitSettings(fitting);
  fitRows(fitting);
  if (hasChanged(fitting, 'data', 'layers', 'loss')) {
    fitHidden(fitting);
    fitOutput(fitting);
    fitUnits(fitting);
    fitTargets(fitting);
  }
  fitFeatures(fitting);
  fitBatch(fitting);
  fitInitializer(fitting);
  fitEdits(fitting);
  return { experiment: fitting.now, notes: fitting.notes };
}

/** @param {Experiment} experiment */
function outputOf({ layers }) {
  return layers[layers.length - 1];
}

/**
 * @param {Fitting} fitting
 * @param {string[]} fields
 */
function hasChanged({ now, before }, ...fields) {
  return fields.some((field) => !isSame(now[field], before[field]));
}

/** @param {Fitting} fitting */
function hasOutputChanged({ now, before }) {
  return outputOf(now).activation !== outputOf(before).activation;
}

/** @param {Fitting} fitting */
function problemNow({ now, catalog }) {
  return problemOf(now.data, catalog);
}

/**
 * A kind keeps of the settings of another only those that it has, too.
 * @param {Fitting} fitting
 */
function fitSettings({ now, catalog }) {
  /** @type {[string, CatalogEntry[]][]} */
  const tables = [
    ['data', catalog.data],
    ['optimizer', catalog.optimizers],
    ['schedule', catalog.schedules],
    ['initializer', catalog.initializers],
  ];
  for (const [field, entries] of tables) {
    const { kind, ...given } = /** @type {Experiment['data']} */ (now[field]);
    const settings = entries.find(({ name }) => name === kind)?.settings ?? [];
    const own = kind === 'points' ? ['inputs', 'targets'] : [];
    now[field] = {
      kind,
      ...Object.fromEntries(
        Object.entries(given).filter(([name, value]) => {
          const setting = settings.find((one) => one.name === name);
          return setting ? isWithin(setting, value) : own.includes(name);
        }),
      ),
    };
  }
}

/**
 * @param {Setting} setting
 * @param {unknown} value
 */
function isWithin({ minimum, maximum, minimumExcluded, maximumExcluded }, value) {
  if (typeof value !== 'number') return true;
  const low = minimum ?? Number.NEGATIVE_INFINITY;
  const high = maximum ?? Number.POSITIVE_INFINITY;
  return (
    (minimumExcluded ? value > low : value >= low) &&
    (maximumExcluded ? value < high : value <= high)
  );
}

/**
 * Own points need rows.
 * @param {Fitting} fitting
 */
function fitRows({ now, before, notes }) {
  const { kind, inputs } = now.data;
  if (kind !== 'points' || rowsOf(inputs).length > 0) return;
  now.data = before.data;
  notes.push(`Own points need at least one row: the data stay ${before.data.kind}.`);
}

/**
 * Softmax is for the output layer.
 * @param {Fitting} fitting
 */
function fitHidden({ now, notes }) {
  const last = now.layers.length - 1;
  const isMisplaced = ({ activation = '' }, /** @type {number} */ k) =>
    k < last && activation === 'softmax';
  if (!now.layers.some(isMisplaced)) return;
  now.layers = now.layers.map((layer, k) =>
    isMisplaced(layer, k) ? { ...layer, activation: 'sigmoid' } : layer,
  );
  notes.push('Softmax is for the output layer only: the hidden layer is sigmoid.');
}

/**
 * Which output and loss go with the data, and with each other.
 * @param {Fitting} fitting
 */
function fitOutput(fitting) {
  const problem = problemNow(fitting);
  if (hasChanged(fitting, 'data')) followData(fitting, problem);
  keepToTargets(fitting, problem);
  const { activation } = outputOf(fitting.now);
  const { loss } = fitting.now;
  if (fitsTogether(loss, activation)) return;
  if (hasChanged(fitting, 'loss') && !hasOutputChanged(fitting))
    useOutput(fitting, outputFor(loss));
  else useLoss(fitting, lossFor(activation, loss));
}

/**
 * Other data may be another kind of problem.
 * @param {Fitting} fitting
 * @param {Problem} problem
 */
function followData(fitting, problem) {
  const { now, before, catalog } = fitting;
  const kindOf = (/** @type {Problem} */ { classes }) => Math.min(classes, 3);
  const had = problemOf(before.data, catalog);
  const { activation } = outputOf(now);
  if (problem.classes === 0) {
    if (!reaches(activation, problem.range)) useOutput(fitting, 'identity');
    return;
  }
  if (kindOf(problem) === kindOf(had)) return;
  if (problem.classes > 2) {
    useOutput(fitting, 'softmax');
    useLoss(fitting, 'cross_entropy');
  } else if (had.classes === 0 && activation === 'identity' && !isRowChanged(fitting)) {
    useOutput(fitting, 'sigmoid');
  }
}

/**
 * Whether own rows are the same but for one: values that happen to be 0 and 1 are values still.
 * @param {Fitting} fitting
 */
function isRowChanged({ now, before }) {
  const [rows, had] = [rowsOf(now.data.inputs), rowsOf(before.data.inputs)];
  return now.data.kind === before.data.kind && Math.abs(rows.length - had.length) <= 1;
}

/**
 * Values are not classes: no softmax for them, and none of the losses for classes.
 * @param {Fitting} fitting
 * @param {Problem} problem
 */
function keepToTargets(fitting, { classes, range }) {
  if (classes > 0) return;
  const { now, before, notes } = fitting;
  const isShare = reaches('sigmoid', range);
  const isMeant = (/** @type {string} */ loss) =>
    !CLASS_LOSSES.includes(loss) || (loss === 'binary_cross_entropy' && isShare);
  if (!isMeant(now.loss)) {
    const { loss } = now;
    now.loss = isMeant(before.loss) ? before.loss : 'mse';
    notes.push(`${loss} is for classes, and these targets are values: the loss is ${now.loss}.`);
  }
  if (outputOf(now).activation !== 'softmax') return;
  const had = outputOf(before).activation;
  const activation = had === 'softmax' ? 'identity' : had;
  now.layers = now.layers.with(-1, { ...outputOf(now), activation });
  notes.push(`softmax is for classes, and these targets are values: the output is ${activation}.`);
}

/**
 * @param {string} activation
 * @param {[number, number]} range
 */
function reaches(activation, [low, high]) {
  const ends = REACHES.get(activation);
  return !ends || (low >= ends[0] && high <= ends[1]);
}

/**
 * @param {string} loss
 * @param {string} activation
 */
function fitsTogether(loss, activation) {
  if (loss === 'binary_cross_entropy') return activation === 'sigmoid';
  if (loss === 'cross_entropy') return activation === 'softmax';
  return loss !== 'hinge' || !NOT_NEGATIVE.includes(activation);
}

/** @param {string} loss */
function outputFor(loss) {
  if (loss === 'binary_cross_entropy') return 'sigmoid';
  return loss === 'cross_entropy' ? 'softmax' : 'identity';
}

/**
 * @param {string} activation
 * @param {string} loss that does not go with it
 */
function lossFor(activation, loss) {
  if (activation === 'softmax') return 'cross_entropy';
  return activation === 'sigmoid' && loss !== 'mse' ? 'binary_cross_entropy' : 'mse';
}

/**
 * @param {Fitting} fitting
 * @param {string} activation
 */
function useOutput({ now, notes }, activation) {
  if (outputOf(now).activation === activation) return;
  now.layers = now.layers.with(-1, { ...outputOf(now), activation });
  notes.push(`The output is ${activation} now, ${OUTPUT_REASONS[activation]}.`);
}

/**
 * @param {Fitting} fitting
 * @param {string} loss
 */
function useLoss({ now, notes }, loss) {
  if (now.loss === loss) return;
  now.loss = loss;
  notes.push(`The loss is ${loss} now, which goes with a ${outputOf(now).activation} output.`);
}

/**
 * The output layer has a unit for each target. Own targets get a column for each class where the
 * output comes to be softmax, and one column again where it no longer is.
 * @param {Fitting} fitting
 */
function fitUnits(fitting) {
  const { now, before, notes } = fitting;
  const { classes, columns } = problemNow(fitting);
  const { units, activation } = outputOf(now);
  const isShared = activation === 'softmax';
  if (columns === 1 && isShared) splitClasses(now);
  if (
    columns === 2 &&
    classes === 2 &&
    !isShared &&
    outputOf(before).activation === 'softmax' &&
    hasOutputChanged(fitting)
  )
    joinClasses(now);
  const generated = classes > 2 || isShared ? Math.max(classes, 1) : 1;
  const wanted = columns === undefined ? generated : rowsOf(now.data.targets)[0].length;
  if (units === wanted) return;
  now.layers = now.layers.with(-1, { units: wanted, activation });
  const why = wanted > 1 && classes > 1 ? 'each class' : 'each target';
  notes.push(`The output layer has ${wanted} ${wanted === 1 ? 'unit' : 'units'}, one for ${why}.`);
}

/** @param {Experiment} now */
function splitClasses(now) {
  const targets = rowsOf(now.data.targets).map(([value]) => (value === 1 ? [0, 1] : [1, 0]));
  now.data = { ...now.data, targets };
}

/** @param {Experiment} now */
function joinClasses(now) {
  const targets = rowsOf(now.data.targets).map(([, value]) => [value === 1 ? 1 : 0]);
  now.data = { ...now.data, targets };
}

/**
 * Own classes are 0 and 1, or −1 and 1, as the output asks; generated ones see to that themselves.
 * @param {Fitting} fitting
 */
function fitTargets({ now, notes }) {
  if (now.data.kind !== 'points') return;
  const targets = rowsOf(now.data.targets);
  const no = noOf(targets);
  const { activation } = outputOf(now);
  const isSigned = now.loss === 'hinge' || activation === 'tanh';
  const isShare = activation === 'sigmoid' || activation === 'softmax';
  const wanted = isSigned ? -1 : 0;
  if (no === undefined || !(isSigned || isShare)) return;
  if (targets.every((row) => row.every((value) => value === 1 || value === wanted))) return;
  const changed = targets.map((row) => row.map((value) => (value === 1 ? 1 : wanted)));
  now.data = { ...now.data, targets: changed };
  notes.push(`The targets are ${isSigned ? '−1 and 1' : '0 and 1'} now, as the output asks.`);
}

/** @param {Fitting} fitting */
function fitFeatures(fitting) {
  const { now, notes } = fitting;
  if (!Array.isArray(now.features)) return;
  const { inputs } = problemNow(fitting);
  if (inputs === 2 && now.features.length > 0) return;
  delete now.features;
  notes.push(
    inputs === 2
      ? 'Without a feature the network is given the inputs as they are.'
      : `Features are made of two inputs, and these data have ${inputs}: the network is given the inputs as they are.`,
  );
}

/** @param {Fitting} fitting */
function fitBatch({ now, notes }) {
  if (now.optimizer.kind !== 'lbfgs' || now.batchSize === 0) return;
  now.batchSize = 0;
  notes.push('lbfgs takes the full batch only: the batch size is 0.');
}

/**
 * The end that was not changed gives way.
 * @param {Fitting} fitting
 */
function fitInitializer({ now, before, catalog, notes }) {
  const entry = catalog.initializers.find(({ name }) => name === now.initializer.kind);
  const endOf = (/** @type {string} */ name) =>
    now.initializer[name] ?? entry?.settings.find((one) => one.name === name)?.default;
  const [low, high] = [endOf('minimum'), endOf('maximum')];
  if (typeof low !== 'number' || typeof high !== 'number' || low <= high) return;
  const hasRisen = now.initializer.minimum !== before.initializer.minimum;
  now.initializer = { ...now.initializer, ...(hasRisen ? { maximum: low } : { minimum: high }) };
  notes.push(`The ${hasRisen ? 'maximum' : 'minimum'} follows: it is ${hasRisen ? low : high}.`);
}

/**
 * A parameter that was set by hand is another one in another network, and a learning rate another in
 * another optimizer.
 * @param {Fitting} fitting
 */
function fitEdits(fitting) {
  const { now, before, catalog, notes } = fitting;
  const edits = /** @type {import('./types.js').Edit[]} */ (now.edits ?? []);
  if (edits.length === 0) return;
  const shape = shapeOf(now, catalog);
  const isSameNetwork = isSame(shape, shapeOf(before, catalog));
  const isSameOptimizer = now.optimizer.kind === before.optimizer.kind;
  const stands = (/** @type {import('./types.js').Edit} */ { parameter }) =>
    parameter === undefined ? isSameOptimizer : isSameNetwork && parameter < countOf(shape);
  const kept = edits.filter(stands);
  if (kept.length === edits.length) return;
  now.edits = kept;
  const [what, whose] = isSameOptimizer ? ['Weights', 'network'] : ['Learning rates', 'optimizer'];
  notes.push(`${what} set on the way are gone: they were another ${whose}'s.`);
}

/**
 * Inputs of the network, then the units of each layer.
 * @param {Experiment} experiment
 * @param {Catalog} catalog
 * @returns {number[]}
 */
function shapeOf({ features, data, layers }, catalog) {
  const given = Array.isArray(features) ? features.length : problemOf(data, catalog).inputs;
  return [given, ...layers.map(({ units }) => units)];
}

/**
 * Parameters.
 * @param {number[]} shape
 */
function countOf(shape) {
  return shape.slice(1).reduce((sum, units, k) => sum + (shape[k] + 1) * units, 0);
}
