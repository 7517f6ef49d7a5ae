// What is read out of a session: the facts of its run, and a snapshot of it at its epoch.

import { roundStep } from '../state/axis.js';
import { inputNames } from '../state/features.js';
import { fitsSteps } from '../state/limits.js';

/** @typedef {import('../../wasm/session.js').Session} Session */
/** @typedef {import('../state/types.js').RunInfo} RunInfo */
/** @typedef {import('../state/types.js').Snapshot} Snapshot */
/** @typedef {import('../state/types.js').ShownLayer} ShownLayer */
/** @typedef {import('../state/types.js').Plane} Plane */
/** @typedef {import('../state/types.js').Looks} Looks */

/** How many units of a layer are drawn at most. */
const MOST_UNITS = 12;
/** How many rows of the training set are shown at most. */
const MOST_SAMPLES = 1000;
/** How many multiplications a map may cost, so that a frame stays short; and while it plays. */
const MAP_COST = 8e6;
const PASSING_COST = 1.6e6;
/** What an activation function costs, in multiplications. */
const ACTIVATION_COST = 20;
const OUTPUT_SIZES = [96, 64, 48, 32, 24, 16];
const UNIT_SIZES = [40, 32, 24, 16];
const PASSING_UNIT_SIZES = [24, 16];
/** Points of a curve, and how many multiplications it may cost. */
const CURVE_SIZES = [241, 121, 61];

/**
 * @param {Session} session
 * @param {import('../state/types.js').Experiment} experiment complete
 * @returns {RunInfo}
 */
export function describe(session, { layers, features, data }) {
  const { inputs, targets, testInputs, testTargets, inputColumns, targetColumns } =
    session.dataset();
  const samples = {
    inputs: toRows(inputs, inputColumns),
    targets: toRows(targets, targetColumns),
  };
  const tests = {
    count: testInputs.length / inputColumns,
    inputs: toRows(testInputs, inputColumns),
    targets: toRows(testTargets, targetColumns),
  };
  return {
    inputs: inputColumns,
    names: inputNames(features, inputColumns),
    outputs: layers[layers.length - 1].units,
    layers,
    rowCount: inputs.length / inputColumns,
    samples,
    ...(tests.count > 0 ? { tests } : {}),
    parameterCount: session.parameters().length,
    stepsPerEpoch: session.stepsPerEpoch,
    ...placeOf([...samples.inputs, ...tests.inputs], data.kind),
  };
}

/**
 * The first rows of a table.
 * @param {Float64Array} values row after row
 * @param {number} columns
 * @returns {number[][]}
 */
function toRows(values, columns) {
  const count = Math.min(MOST_SAMPLES, values.length / columns);
  return Array.from({ length: count }, (_, row) =>
    Array.from(values.subarray(row * columns, (row + 1) * columns)),
  );
}

/**
 * What is drawn of the inputs' space: the data's bounding box and a margin around it.
 * @param {number[][]} rows
 * @param {string} kind of the data
 * @returns {{ plane?: Plane, line?: [number, number] }}
 */
function placeOf(rows, kind) {
  const { length } = rows[0];
  if (length === 1) return { line: rangeOf(rows, 0, kind) };
  return length === 2 ? { plane: { x: rangeOf(rows, 0, kind), y: rangeOf(rows, 1, kind) } } : {};
}

/**
 * A column's ends and a margin; round ends for own points, so that one point more seldom moves them.
 * @param {number[][]} rows
 * @param {number} column
 * @param {string} kind of the data
 * @returns {[number, number]}
 */
function rangeOf(rows, column, kind) {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    low = Math.min(low, row[column]);
    high = Math.max(high, row[column]);
  }
  const margin = (high - low) * (rows.length > 16 ? 0.1 : 0.25) || 1;
  if (kind !== 'points') return [low - margin, high + margin];
  const step = roundStep((high - low + 2 * margin) / 10);
  return [
    Math.floor((low - margin / 2) / step) * step,
    Math.ceil((high + margin / 2) / step) * step,
  ];
}

/**
 * @param {Session} session
 * @param {RunInfo} info
 * @param {Looks} looks
 * @param {boolean} ended
 * @param {boolean} [isPassing] whether the next one follows at once, so that it had better be quick
 * @returns {Snapshot}
 */
export function takeSnapshot(session, info, looks, ended, isPassing = false) {
  const cost = isPassing ? PASSING_COST : MAP_COST;
  const { inputs } = info.samples;
  /** @type {Snapshot} */
  const snapshot = {
    epoch: session.epoch,
    step: session.stepOfEpoch,
    loss: session.loss,
    diverged: session.diverged,
    ended,
    predictions: session.predict(inputs),
    layers: excerpt(session.parameters(), info),
  };
  if (info.tests) snapshot.testLoss = session.testLoss;
  const unitSize = affordable(info, isPassing ? PASSING_UNIT_SIZES : UNIT_SIZES, cost);
  if (looks.units) addUnitMaps(session, info, snapshot.layers, unitSize);
  if (looks.output !== undefined) addOutputMap(session, info, looks, snapshot, cost);
  if (looks.output !== undefined) snapshot.curve = outputCurve(session, info, looks.output);
  if (looks.point?.length === info.inputs) {
    const [x, y] = looks.point;
    snapshot.point = { x, y, outputs: session.predict([looks.point]) };
  }
  if (looks.hidden) snapshot.hidden = session.activations(inputs)[0];
  if (looks.digest) snapshot.digest = session.digest();
  if (looks.trace) snapshot.trace = session.trace();
  if (looks.step && fitsSteps(info)) addEpoch(session, snapshot);
  return snapshot;
}

/**
 * The trace at the epoch's beginning, and the parameters at its end; none where the run ends here. The
 * session is left where it was.
 * @param {Session} session
 * @param {Snapshot} snapshot
 */
function addEpoch(session, snapshot) {
  const { epoch, step } = snapshot;
  if (step > 0) session.seek(epoch);
  snapshot.trace = session.trace();
  session.seek(epoch + 1);
  if (session.epoch > epoch) {
    snapshot.next = session.parameters();
    session.seek(epoch);
  }
  session.trainSteps(step);
}

/**
 * The weights and biases of the units that are drawn.
 * @param {Float64Array} parameters flat: W1 [fanIn, fanOut], b1, W2, …
 * @param {RunInfo} info
 * @returns {ShownLayer[]}
 */
function excerpt(parameters, info) {
  let at = 0;
  let width = info.names.length;
  return info.layers.map(({ units }) => {
    const fanIn = Math.min(width, MOST_UNITS);
    const fanOut = Math.min(units, MOST_UNITS);
    const weights = new Float64Array(fanIn * fanOut);
    for (let i = 0; i < fanIn; i++)
      weights.set(parameters.subarray(at + i * units, at + i * units + fanOut), i * fanOut);
    at += width * units;
    const biases = parameters.slice(at, at + fanOut);
    at += units;
    width = units;
    return { weights, biases, fanIn, fanOut };
  });
}

/**
 * @param {Session} session
 * @param {RunInfo} info
 * @param {ShownLayer[]} layers get the maps
 * @param {number} [size] cells along a side
 */
function addUnitMaps(session, info, layers, size) {
  if (!info.plane || !size) return;
  const activations = session.activations(grid(info.plane, size));
  for (const [k, layer] of layers.entries()) {
    const { units } = info.layers[k];
    layer.maps = Array.from({ length: layer.fanOut }, (_, unit) => ({
      size,
      values: column(activations[k], units, unit),
    }));
  }
}

/**
 * @param {Session} session
 * @param {RunInfo} info
 * @param {Looks} looks at an output; at the last one where there are fewer
 * @param {Snapshot} snapshot gets the map
 * @param {number} cost at most, in multiplications
 */
function addOutputMap(session, info, { output = 0, classes }, snapshot, cost) {
  const { outputs } = info;
  const size = affordable(info, OUTPUT_SIZES, cost);
  if (!info.plane || !size) return;
  const values = session.predict(grid(info.plane, size));
  const index = Math.min(output, outputs - 1);
  snapshot.output = { size, values: column(values, outputs, index), index };
  if (classes && outputs > 1) snapshot.classes = { size, values: largestOf(values, outputs) };
}

/**
 * The index of the largest of each row; of equal ones the first.
 * @param {Float64Array} values row after row
 * @param {number} width at most 1,024
 */
export function largestOf(values, width) {
  const picked = new Uint16Array(values.length / width);
  for (let row = 0; row < picked.length; row++) {
    let best = 0;
    for (let k = 1; k < width; k++)
      if (values[row * width + k] > values[row * width + best]) best = k;
    picked[row] = best;
  }
  return picked;
}

/**
 * An output along the only input, at even distances from end to end.
 * @param {Session} session
 * @param {RunInfo} info
 * @param {number} output
 */
function outputCurve(session, info, output) {
  if (!info.line) return undefined;
  const index = Math.min(output, info.outputs - 1);
  const cost = costOf(info);
  const size = CURVE_SIZES.find((points) => points * cost <= MAP_COST);
  if (!size) return undefined;
  const [low, high] = info.line;
  const inputs = Float64Array.from(
    { length: size },
    (_, i) => low + ((high - low) * i) / (size - 1),
  );
  return { index, values: column(session.predict(inputs), info.outputs, index) };
}

/**
 * The finest map that costs little enough; none where even the coarsest costs too much.
 * @param {RunInfo} info
 * @param {number[]} sizes from the finest on
 * @param {number} cost at most, in multiplications
 */
function affordable(info, sizes, cost) {
  return sizes.find((size) => size * size * costOf(info) <= cost);
}

/**
 * Of one prediction, in multiplications.
 * @param {RunInfo} info
 */
function costOf(info) {
  const units = info.layers.reduce((sum, layer) => sum + layer.units, 0);
  return info.parameterCount + ACTIVATION_COST * units;
}

/**
 * The centres of the cells of a square grid, row by row from the bottom; x and y in turn.
 * @param {Plane} plane
 * @param {number} size cells along a side
 */
export function grid({ x, y }, size) {
  const at = (/** @type {[number, number]} */ [low, high], /** @type {number} */ i) =>
    low + ((high - low) * (i + 0.5)) / size;
  const points = new Float64Array(2 * size * size);
  for (let j = 0, to = 0; j < size; j++) {
    for (let i = 0; i < size; i++) {
      points[to++] = at(x, i);
      points[to++] = at(y, j);
    }
  }
  return points;
}

/**
 * @param {Float64Array} values row after row
 * @param {number} width
 * @param {number} index of the column
 */
export function column(values, width, index) {
  const picked = new Float32Array(values.length / width);
  for (let row = 0; row < picked.length; row++) picked[row] = values[row * width + index];
  return picked;
}
