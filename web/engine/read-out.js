// What is read out of a session: the facts of its run, and a snapshot of it at its epoch.

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
/** How many multiplications a map may cost, so that a frame stays short. */
const MAP_COST = 8e6;
/** What an activation function costs, in multiplications. */
const ACTIVATION_COST = 20;
const OUTPUT_SIZES = [96, 64, 48, 32, 24, 16];
const UNIT_SIZES = [40, 32, 24, 16];

/**
 * @param {Session} session
 * @param {import('../state/types.js').Experiment} experiment complete
 * @returns {RunInfo}
 */
export function describe(session, { layers, features }) {
  const { inputs, targets, inputColumns, targetColumns } = session.dataset();
  const samples = {
    inputs: toRows(inputs, inputColumns),
    targets: toRows(targets, targetColumns),
  };
  return {
    inputs: inputColumns,
    names: inputNames(features, inputColumns),
    outputs: layers[layers.length - 1].units,
    layers,
    rowCount: inputs.length / inputColumns,
    samples,
    parameterCount: session.parameters().length,
    ...(inputColumns === 2 ? { plane: planeOf(samples.inputs) } : {}),
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
 * The data's bounding box and a margin around it; a square where the data nearly fill one.
 * @param {number[][]} rows
 * @returns {Plane}
 */
function planeOf(rows) {
  const range = (/** @type {number} */ axis) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const row of rows) {
      low = Math.min(low, row[axis]);
      high = Math.max(high, row[axis]);
    }
    const margin = (high - low) * (rows.length > 16 ? 0.1 : 0.25) || 1;
    return /** @type {[number, number]} */ ([low - margin, high + margin]);
  };
  return { x: range(0), y: range(1) };
}

/**
 * @param {Session} session
 * @param {RunInfo} info
 * @param {Looks} looks
 * @param {boolean} ended
 * @returns {Snapshot}
 */
export function takeSnapshot(session, info, looks, ended) {
  const { inputs } = info.samples;
  /** @type {Snapshot} */
  const snapshot = {
    epoch: session.epoch,
    loss: session.loss,
    diverged: session.diverged,
    ended,
    predictions: session.predict(inputs),
    layers: excerpt(session.parameters(), info),
  };
  if (looks.units) addUnitMaps(session, info, snapshot.layers);
  if (looks.output !== undefined) snapshot.output = outputMap(session, info, looks.output);
  if (looks.hidden) snapshot.hidden = session.activations(inputs)[0];
  if (looks.digest) snapshot.digest = session.digest();
  if (looks.trace) snapshot.trace = session.trace();
  if (looks.step && fitsSteps(info)) {
    snapshot.trace ??= session.trace();
    snapshot.next = nextParameters(session);
  }
  return snapshot;
}

/**
 * The parameters an epoch later; none where the run ends here. The session is left where it was.
 * @param {Session} session
 */
function nextParameters(session) {
  const { epoch } = session;
  session.seek(epoch + 1);
  if (session.epoch === epoch) return undefined;
  const parameters = session.parameters();
  session.seek(epoch);
  return parameters;
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
 */
function addUnitMaps(session, info, layers) {
  const size = affordable(info, UNIT_SIZES);
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
 * @param {number} index of the output
 */
function outputMap(session, info, index) {
  const size = affordable(info, OUTPUT_SIZES);
  if (!info.plane || !size || index >= info.outputs) return undefined;
  const values = column(session.predict(grid(info.plane, size)), info.outputs, index);
  return { size, values, index };
}

/**
 * The finest map that costs little enough; none where even the coarsest costs too much.
 * @param {RunInfo} info
 * @param {number[]} sizes from the finest on
 */
function affordable(info, sizes) {
  const units = info.layers.reduce((sum, layer) => sum + layer.units, 0);
  const cost = info.parameterCount + ACTIVATION_COST * units;
  return sizes.find((size) => size * size * cost <= MAP_COST);
}

/**
 * The centres of the cells of a square grid, row by row from the bottom; x and y in turn.
 * @param {Plane} plane
 * @param {number} size cells along a side
 */
export function grid({ x, y }, size) {
  const at = (/** @type {[number, number]} */ [low, high], /** @type {number} */ i) =>
    low + ((high - low) * (i + 0.5)) / size;
  return Float64Array.from({ length: 2 * size * size }, (_, i) => {
    const cell = i >> 1;
    return i % 2 === 0 ? at(x, cell % size) : at(y, Math.floor(cell / size));
  });
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
