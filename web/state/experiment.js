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
 * @param {Record<string, unknown>} given what is wrong in it stays as it is
 * @returns {Experiment} one where the engine has accepted what was given
 */
export function complete(given) {
  /** @type {Record<string, unknown>} */
  const whole = { ...structuredClone(DEFAULTS), ...given };
  for (const [field, value] of Object.entries(given)) {
    const usual = DEFAULTS[field];
    if (isObject(usual) && isObject(value)) whole[field] = { ...usualFor(usual, value), ...value };
  }
  if (Array.isArray(whole.layers))
    whole.layers = whole.layers.map((layer) =>
      isObject(layer) ? { units: layer.units, activation: layer.activation ?? 'sigmoid' } : layer,
    );
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
  return Object.fromEntries(
    Object.entries(given).filter(([field]) => !isSame(whole[field], DEFAULTS[field])),
  );
}

/**
 * Whether two JSON values are the same, whatever the order of their fields.
 * @param {unknown} a
 * @param {unknown} b
 * @returns {boolean}
 */
export function isSame(a, b) {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((value, i) => isSame(value, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
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
  if (!isObject(value)) return { message: 'it must be a JSON object' };
  return isDeeper(value, DEEPEST)
    ? { message: `its values must be nested at most ${DEEPEST} deep` }
    : { experiment: value };
}

/** An experiment needs four; what is nested without end would overflow the stack further on. */
const DEEPEST = 16;

/**
 * @param {unknown} value
 * @param {number} most
 * @returns {boolean}
 */
function isDeeper(value, most) {
  if (typeof value !== 'object' || value === null) return false;
  return most === 0 || Object.values(value).some((inner) => isDeeper(inner, most - 1));
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
