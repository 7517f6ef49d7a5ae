// What the numbers of a snapshot say about the rows: error, right or wrong, and where the middle is.

/** @typedef {import('./types.js').RunInfo} RunInfo */
/** @typedef {import('./types.js').Snapshot} Snapshot */

/**
 * @typedef {object} Row
 * @property {number[]} inputs
 * @property {number[]} targets
 * @property {number[]} outputs
 * @property {boolean | undefined} isRight undefined where there is no right and wrong
 */

/**
 * The ends and the middle of the values that an output or a unit takes.
 * @typedef {object} Range
 * @property {number} low
 * @property {number} middle
 * @property {number} high
 */

/** @type {Record<string, Range>} */
const RANGES = {
  sigmoid: { low: 0, middle: 0.5, high: 1 },
  softmax: { low: 0, middle: 0.5, high: 1 },
  tanh: { low: -1, middle: 0, high: 1 },
  softsign: { low: -1, middle: 0, high: 1 },
  sine: { low: -1, middle: 0, high: 1 },
};

/**
 * The range of a unit's values: its activation's own, or as far as they go, the same both ways.
 * @param {string} activation
 * @param {ArrayLike<number>} values
 * @returns {Range}
 */
export function unitRange(activation, values) {
  if (RANGES[activation]) return RANGES[activation];
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (size > most && Number.isFinite(size)) most = size;
  }
  return { low: -(most || 1), middle: 0, high: most || 1 };
}

/**
 * The range of the outputs: the activation's own, or that of the targets.
 * @type {(info: RunInfo) => Range}
 */
export const outputRange = remembered((info) => {
  const { activation } = info.layers[info.layers.length - 1];
  if (RANGES[activation]) return RANGES[activation];
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of info.samples.targets.flat()) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low === high) return { low: low - 1, middle: low, high: high + 1 };
  return { low, middle: (low + high) / 2, high };
});

/**
 * How right and wrong are told: one output on its side of the middle, the largest of several, or
 * not at all.
 * @type {(info: RunInfo) => 'side' | 'largest' | 'none'}
 */
export const verdictOf = remembered(({ outputs, samples: { targets } }) => {
  if (outputs === 1) return new Set(targets.map((row) => row[0])).size === 2 ? 'side' : 'none';
  const isOneHot = (/** @type {number[]} */ row) =>
    row.filter((value) => value === 1).length === 1 &&
    row.filter((value) => value === 0).length === row.length - 1;
  return targets.every(isOneHot) ? 'largest' : 'none';
});

/**
 * Worked out once for each network.
 * @template T
 * @param {(info: RunInfo) => T} find
 * @returns {(info: RunInfo) => T}
 */
function remembered(find) {
  /** @type {WeakMap<RunInfo, T>} */
  const known = new WeakMap();
  return (info) => {
    const value = known.get(info) ?? find(info);
    known.set(info, value);
    return value;
  };
}

/** @type {WeakMap<Float64Array, Row[]>} by the predictions */
const readings = new WeakMap();

/**
 * The same rows for the same predictions.
 * @param {RunInfo} info
 * @param {Snapshot} snapshot
 * @returns {Row[]}
 */
export function readRows(info, snapshot) {
  const { predictions } = snapshot;
  const rows = readings.get(predictions) ?? makeRows(info, predictions);
  readings.set(predictions, rows);
  return rows;
}

/**
 * @param {RunInfo} info
 * @param {Float64Array} predictions
 * @returns {Row[]}
 */
function makeRows(info, predictions) {
  const { middle } = outputRange(info);
  const verdict = verdictOf(info);
  return info.samples.inputs.map((inputs, i) => {
    const targets = info.samples.targets[i];
    const at = i * info.outputs;
    const outputs = Array.from(predictions.subarray(at, at + info.outputs));
    const isRight = {
      side: () => outputs[0] > middle === targets[0] > middle,
      largest: () => largest(outputs) === largest(targets),
      none: () => undefined,
    }[verdict]();
    return { inputs, targets, outputs, isRight };
  });
}

/** @param {number[]} values */
function largest(values) {
  return values.indexOf(Math.max(...values));
}

/**
 * What a unit is called: x1, h1, a2; with the layer's number where there are several hidden layers,
 * and the unit's where there are several outputs.
 * @param {RunInfo} info
 * @param {number} layer 0: the inputs
 * @param {number} unit from 0
 */
export function unitName({ names, layers }, layer, unit) {
  if (layer === 0) return names[unit];
  if (layer === layers.length) {
    return layers[layer - 1].units === 1 ? `a${layer}` : `a${layer}.${unit + 1}`;
  }
  return layers.length === 2 ? `h${unit + 1}` : `h${layer}.${unit + 1}`;
}
