// The experiment: a plain value whose left-out fields are the post's program.

/** @typedef {import('./types.js').Experiment} Experiment */

/** @type {Readonly<Experiment>} */
export const DEFAULTS = Object.freeze({
  data: { kind: 'xor' },
  layers: [
    { units: 2, activation: 'sigmoid' },
    { units: 1, activation: 'sigmoid' },
  ],
  loss: 'mse',
  initializer: { kind: 'numpy_randn', seed: 42 },
  optimizer: { kind: 'sgd', learningRate: 0.1 },
  schedule: { kind: 'constant' },
  regularization: { l1: 0, l2: 0 },
  batchSize: 0,
  shuffle: true,
  shuffleSeed: 0,
  precision: 'f64',
  epochs: 10000,
  stop: {},
  edits: [],
});

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The experiment with its left-out fields filled in. A field that is an object keeps the default's
 * settings only while it keeps the default's kind.
 * @param {Record<string, unknown>} given one that the engine has accepted
 * @returns {Experiment}
 */
export function complete(given) {
  /** @type {Record<string, unknown>} */
  const whole = { ...structuredClone(DEFAULTS), ...given };
  for (const [field, value] of Object.entries(given)) {
    const usual = DEFAULTS[field];
    if (isObject(usual) && isObject(value)) whole[field] = { ...usualFor(usual, value), ...value };
  }
  whole.layers = /** @type {Experiment} */ (whole).layers.map(({ units, activation }) => ({
    units,
    activation: activation ?? 'sigmoid',
  }));
  return /** @type {Experiment} */ (whole);
}

/**
 * @param {Record<string, unknown>} usual
 * @param {Record<string, unknown>} value
 */
function usualFor(usual, value) {
  return 'kind' in value && value.kind !== usual.kind ? {} : usual;
}

/**
 * The fields that differ from the defaults: what a permalink holds.
 * @param {Record<string, unknown>} given
 * @returns {Record<string, unknown>}
 */
export function difference(given) {
  const whole = complete(given);
  /** @type {Record<string, unknown>} */
  const rest = {};
  for (const [field, value] of Object.entries(given))
    if (!isSame(whole[field], DEFAULTS[field])) rest[field] = value;
  return rest;
}

/**
 * Whether two JSON values are the same, whatever the order of their fields.
 * @param {unknown} a
 * @param {unknown} b
 * @returns {boolean}
 */
export function isSame(a, b) {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((value, i) => isSame(value, b[i]));
  if (!isObject(a) || !isObject(b)) return Object.is(a, b);
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]))
  );
}

/**
 * Reads an experiment from JSON; the engine judges what is in it.
 * @param {string} text
 * @returns {{ experiment: Record<string, unknown> } | { message: string }}
 */
export function parseExperiment(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return { message: 'it is not valid JSON' };
  }
  return isObject(value) ? { experiment: value } : { message: 'it must be a JSON object' };
}

/**
 * Reads an epoch: a whole number from 0 up.
 * @param {unknown} given
 * @returns {number | undefined}
 */
export function parseEpoch(given) {
  const text = String(given).trim();
  const epoch = Number(text);
  return /^\d{1,16}$/.test(text) && Number.isSafeInteger(epoch) ? epoch : undefined;
}
