// The gradient check at one epoch: backpropagation beside the loss along single parameters.
import { LEAST_POWER } from '../state/epsilon.js';
import { arrayWith, excerptOf, parameterArrays } from '../state/parameters.js';

/** @typedef {import('../../wasm/session.js').Session} Session */
/** @typedef {import('../state/types.js').Experiment} Experiment */
/** @typedef {import('../state/types.js').RunInfo} RunInfo */
/** @typedef {import('../state/types.js').GradientCheck} GradientCheck */

/** How many multiplications a check may cost, so that a frame stays short, and what an activation function costs in them. */
const CHECK_COST = 1e8;
const ACTIVATION_COST = 20;
/** How many numbers the parameter vectors of one question may have. */
const MOST_NUMBERS = 1e6;
/** How many parameters the table has at most, and how many losses are drawn along the chosen one. */
const MOST_PARAMETERS = 96;
const FEWEST_POINTS = 5;
const MOST_POINTS = 81;
/** How far they go, in ε. */
const REACH = 2;
/** What the session's own check asks for, for a parameter. */
const CHECK_LOSSES = 8;

/**
 * @param {Session} session
 * @param {RunInfo} info
 * @param {Experiment} experiment complete
 * @param {{ parameter: number, epsilon: number }} question
 * @returns {GradientCheck}
 */
export function checkGradient(session, info, experiment, question) {
  const { epsilon } = question;
  const arrays = parameterArrays(info);
  const values = session.parameters();
  const gradient = session.gradient();
  const parameter = question.parameter < values.length ? question.parameter : 0;
  const lossAlong = lossAlongEach(session, arrays, values, experiment.regularization);
  const share = affordable(info) / 5;
  const points = Math.min(MOST_POINTS, Math.max(FEWEST_POINTS, 2 * Math.floor(share / 2) + 1));
  const epsilons = epsilonsFor(share / 2);
  const indices = excerptOf(arrays, Math.min(MOST_PARAMETERS, share), parameter);
  const [minus, loss, plus] = lossAlong(parameter, [-epsilon, 0, epsilon]);
  const isSmall = CHECK_LOSSES * values.length <= share;
  return {
    parameter,
    value: values[parameter],
    epsilon,
    loss,
    reach: REACH * epsilon,
    around: lossAlong(parameter, evenly(points, REACH * epsilon)),
    minus,
    plus,
    gradient: gradient[parameter],
    epsilons,
    errors: epsilons.map((e) =>
      relativeError(gradient[parameter], quotient(lossAlong, parameter, e)),
    ),
    indices,
    values: indices.map((i) => values[i]),
    analytic: indices.map((i) => gradient[i]),
    numeric: indices.map((i) => quotient(lossAlong, i, epsilon)),
    maxRelativeError: isSmall ? session.gradientCheck().maxRelativeError : Number.NaN,
  };
}

/**
 * How many losses may be asked for.
 * @param {RunInfo} info
 */
function affordable({ rowCount, parameterCount, layers }) {
  const units = layers.reduce((sum, layer) => sum + layer.units, 0);
  return Math.floor(CHECK_COST / (rowCount * (parameterCount + ACTIVATION_COST * units)));
}

/**
 * The loss with its penalty when one parameter has moved.
 * @param {Session} session
 * @param {import('../state/parameters.js').ParameterArray[]} arrays
 * @param {Float64Array} origin
 * @param {unknown} regularization
 * @returns {(index: number, distances: ArrayLike<number>) => number[]}
 */
function lossAlongEach(session, arrays, origin, regularization) {
  const { l1 = 0, l2 = 0 } = /** @type {{ l1?: number, l2?: number }} */ (regularization);
  const penalty = (/** @type {number} */ i, /** @type {number} */ w) =>
    arrayWith(arrays, i).name.startsWith('W') ? l1 * Math.abs(w) + (l2 / 2) * w * w : 0;
  const whole = l1 || l2 ? origin.reduce((sum, w, i) => sum + penalty(i, w), 0) : 0;
  const rowsAtOnce = Math.max(1, Math.floor(MOST_NUMBERS / origin.length));
  return (index, distances) => {
    const moved = Array.from(distances, (distance) => origin[index] + distance);
    const losses = [];
    for (let at = 0; at < moved.length; at += rowsAtOnce) {
      const part = moved.slice(at, at + rowsAtOnce);
      const rows = new Float64Array(part.length * origin.length);
      for (const [k, w] of part.entries()) {
        rows.set(origin, k * origin.length);
        rows[k * origin.length + index] = w;
      }
      losses.push(...session.lossAt(rows));
    }
    const rest = whole - penalty(index, origin[index]);
    return losses.map((loss, k) => loss + rest + penalty(index, moved[k]));
  };
}

/**
 * From the smallest ε on: three for each power of ten, one, or none.
 * @param {number} most
 */
function epsilonsFor(most) {
  const each = [3, 1].find((n) => 1 - n * LEAST_POWER <= most);
  const length = each ? 1 - each * LEAST_POWER : 0;
  return Float64Array.from({ length }, (_, i) => 10 ** (LEAST_POWER + i / (each ?? 1)));
}

/**
 * @param {number} count odd
 * @param {number} reach
 */
function evenly(count, reach) {
  return Array.from({ length: count }, (_, i) => reach * ((2 * i) / (count - 1) - 1));
}

/**
 * @param {(index: number, distances: number[]) => number[]} lossAlong
 * @param {number} index
 * @param {number} epsilon
 */
function quotient(lossAlong, index, epsilon) {
  const [low, high] = lossAlong(index, [-epsilon, epsilon]);
  return (high - low) / (2 * epsilon);
}

/**
 * |a − n| / max(|a|, |n|), 0 where both vanish.
 * @param {number} a
 * @param {number} n
 */
export function relativeError(a, n) {
  return a === n ? 0 : Math.abs(a - n) / Math.max(Math.abs(a), Math.abs(n));
}
