// The teaching path: the post's step in plain JavaScript, a function a line, so that one line can be
// wrong. The engine knows nothing of it.

/**
 * @typedef {object} Matrix
 * @property {number} rows
 * @property {number} cols
 * @property {Float64Array} values row-major
 */

/** The arrays of a step by the post's names. @typedef {Record<string, Matrix>} Arrays */
/** One line: what it computes, from the arrays before it. @typedef {(s: Arrays, rate: number) => Matrix} Compute */

/**
 * @param {number} rows
 * @param {number} cols
 * @param {Float64Array} [values]
 * @returns {Matrix}
 */
export function matrix(rows, cols, values = new Float64Array(rows * cols)) {
  return { rows, cols, values };
}

/**
 * Entry by entry; as in NumPy a single row stands for every row.
 * @param {Matrix} a
 * @param {Matrix} b of as many columns
 * @param {(a: number, b: number) => number} f
 */
export function zip(a, b, f) {
  const result = matrix(Math.max(a.rows, b.rows), a.cols);
  for (let i = 0; i < result.values.length; i++)
    result.values[i] = f(a.values[i % a.values.length], b.values[i % b.values.length]);
  return result;
}

/**
 * @param {Matrix} a [n, m]
 * @param {Matrix} b [m, k]
 * @returns {Matrix} [n, k]
 */
function dot(a, b) {
  const result = matrix(a.rows, b.cols);
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < b.cols; j++)
      for (let k = 0; k < b.rows; k++)
        result.values[i * b.cols + j] += a.values[i * a.cols + k] * b.values[k * b.cols + j];
  return result;
}

/** @param {Matrix} a */
function transpose({ rows, cols, values }) {
  const at = (/** @type {number} */ i) => values[(i % rows) * cols + Math.floor(i / rows)];
  return matrix(
    cols,
    rows,
    values.map((_, i) => at(i)),
  );
}

/**
 * Over the rows.
 * @param {Matrix} a
 */
function sum({ cols, values }) {
  const result = matrix(1, cols);
  for (let i = 0; i < values.length; i++) result.values[i % cols] += values[i];
  return result;
}

/** @param {Matrix} z */
function sigmoid({ rows, cols, values }) {
  return matrix(
    rows,
    cols,
    values.map((z) => 1 / (1 + Math.exp(-z))),
  );
}

/** @type {(a: Matrix, b: Matrix) => Matrix} */
const add = (a, b) => zip(a, b, (v, w) => v + w);
/** @type {(d: Matrix, a: Matrix) => Matrix} */
const timesSlope = (d, a) => zip(d, a, (v, w) => v * w * (1 - w));
/** @type {(w: Matrix, d: Matrix, rate: number) => Matrix} */
const moved = (w, d, rate) => zip(w, d, (v, g) => v - rate * g);

/** @type {Record<string, Compute>} */
const FORWARD = {
  z1: (s) => add(dot(s.X, s.W1), s.b1),
  a1: (s) => sigmoid(s.z1),
  z2: (s) => add(dot(s.a1, s.W2), s.b2),
  a2: (s) => sigmoid(s.z2),
};

/** @type {Record<string, Compute>} */
const BACKWARD = {
  d_loss_a2: ({ a2, y }) => zip(a2, y, (a, t) => (2 * (a - t)) / y.values.length),
  d_z2: (s) => timesSlope(s.d_loss_a2, s.a2),
  d_W2: (s) => dot(transpose(s.a1), s.d_z2),
  d_b2: (s) => sum(s.d_z2),
  d_a1: (s) => dot(s.d_z2, transpose(s.W2)),
  d_z1: (s) => timesSlope(s.d_a1, s.a1),
  d_W1: (s) => dot(transpose(s.X), s.d_z1),
  d_b1: (s) => sum(s.d_z1),
};

/** The one line of the backward pass that a mistake changes. @type {Record<string, Record<string, Compute>>} */
const WRONG = {
  no_slope: { d_z1: (s) => s.d_a1 },
  not_transposed: { d_a1: (s) => dot(s.d_z2, s.W2) },
  updated_weights: { d_a1: (s, rate) => dot(s.d_z2, transpose(moved(s.W2, s.d_W2, rate))) },
  wrong_sign: { d_loss_a2: ({ a2, y }) => zip(y, a2, (t, a) => (2 * (t - a)) / y.values.length) },
  no_mean: { d_loss_a2: ({ a2, y }) => zip(a2, y, (a, t) => 2 * (a - t)) },
  no_sum: { d_b2: (s) => s.d_z2 },
};

/** The arrays of the backward pass, in the order of the steps. */
export const STEPS = Object.keys(BACKWARD);
const PARAMETERS = ['W1', 'b1', 'W2', 'b2'];

/**
 * @param {Arrays} given X, y, W1, b1, W2, b2, and what shall not be computed but is as it is given
 * @returns {Arrays} with all arrays of the forward pass
 */
function forward(given) {
  const s = { ...given };
  for (const name in FORWARD) s[name] ??= FORWARD[name](s, 0);
  return s;
}

/**
 * The mean squared error.
 * @param {Arrays} s
 */
export function lossOf({ a2, y }) {
  return zip(a2, y, (a, t) => (a - t) ** 2).values.reduce((sum, v) => sum + v) / y.values.length;
}

/**
 * @param {Arrays} given X, y, W1, b1, W2, b2
 * @param {number} rate
 * @param {string} mistake the name of one, or of none
 * @returns {Arrays} with all arrays of both passes
 */
export function step(given, rate, mistake) {
  const s = forward(given);
  const wrong = WRONG[mistake];
  for (const name in BACKWARD) s[name] = (wrong?.[name] ?? BACKWARD[name])(s, rate);
  return s;
}

/**
 * The next step's parameters, all from the old ones.
 * @param {Arrays} s
 * @param {number} rate
 * @returns {Arrays} X, y, W1, b1, W2, b2
 */
export function updated(s, rate) {
  /** @type {Arrays} */
  const next = { X: s.X, y: s.y };
  for (const name of PARAMETERS) next[name] = moved(s[name], s[`d_${name}`], rate);
  return next;
}

/** The distance of the differences: what five points leave out, and rounding, are both small there. */
export const H = 2 ** -10;

/**
 * The loss' derivative by each entry of an array, by differences of five points.
 * @param {Arrays} given X, y, W1, b1, W2, b2
 * @param {string} array `d_z1` or another of the steps
 * @returns {Matrix}
 */
export function differences(given, array) {
  const name = array.replace(/^d_(loss_)?/, '');
  const { rows, cols, values } = forward(given)[name];
  const moved = values.slice();
  const whole = { ...given, [name]: matrix(rows, cols, moved) };
  const slope = (/** @type {number} */ i) => {
    const at = (/** @type {number} */ distance) => {
      moved[i] = values[i] + distance;
      return lossOf(forward(whole));
    };
    const quotient = (8 * (at(H) - at(-H)) - (at(2 * H) - at(-2 * H))) / (12 * H);
    moved[i] = values[i];
    return quotient;
  };
  return matrix(
    rows,
    cols,
    values.map((_, i) => slope(i)),
  );
}
