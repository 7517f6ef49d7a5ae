// The loss curve's geometry: its scales, ticks and path.
import { fractionOf, powersOfTen, roundStep, ticks } from '../state/axis.js';
import { number } from '../state/format.js';

/** @typedef {import('../state/axis.js').Scale} Scale */
/** @typedef {import('../state/types.js').History} History */

/**
 * @typedef {object} Plot
 * @property {number} left
 * @property {number} right
 * @property {number} top
 * @property {number} bottom
 * @property {(epoch: number) => number} x
 * @property {(loss: number) => number} y
 * @property {{ value: number, text: string }[]} ticks of the losses
 * @property {boolean} isLog whether the losses are on a logarithmic scale
 */

/** Losses further apart than this get a logarithmic scale. */
const WIDE_RANGE = 2000;

/**
 * @param {object} given
 * @param {History} given.history
 * @param {number} given.end of the axis of epochs
 * @param {Scale} given.scale
 * @param {number} given.width
 * @param {number} given.height
 * @param {number[]} given.marks losses that must be in sight
 * @returns {Plot}
 */
export function plotOf({ history, end, scale, width, height, marks }) {
  const box = { left: 48, right: width - 24, top: 24, bottom: height - 30 };
  const losses = lossScale(extent(history.losses, marks), Math.max(2, (box.bottom - box.top) / 34));
  return {
    ...box,
    x: (epoch) => box.left + (box.right - box.left) * fractionOf(epoch, end, scale),
    y: (loss) => box.bottom - (box.bottom - box.top) * losses.fraction(loss),
    ticks: losses.ticks,
    isLog: losses.isLog,
  };
}

/**
 * @param {Float64Array} losses
 * @param {number[]} marks
 */
function extent(losses, marks) {
  const finite = [...losses, ...marks].filter(Number.isFinite);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const loss of finite) {
    low = Math.min(low, loss);
    high = Math.max(high, loss);
  }
  return finite.length > 0 ? { low, high } : { low: 0, high: 1 };
}

/**
 * @param {{ low: number, high: number }} range
 * @param {number} about how many ticks there is room for
 */
function lossScale({ low, high }, about) {
  return low > 0 && high / low > WIDE_RANGE
    ? logScale(low, high, about)
    : evenScale(low, high, about);
}

/**
 * From a tick below the lowest (from zero where that is near) to a little above the highest.
 * @param {number} low
 * @param {number} high
 * @param {number} about
 */
function evenScale(low, high, about) {
  const from = low >= 0 && low < high * 0.35 ? 0 : low;
  const step = roundStep((high - from || Math.abs(high) || 1) / about);
  const bottom = Math.floor(from / step + 1e-9) * step;
  const top = high + (high - bottom) * 0.06 || bottom + step;
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const isShort = top < 1e5 && digits < 5;
  const text = (/** @type {number} */ v) =>
    isShort ? v.toFixed(step === 2.5 * 10 ** -digits ? digits + 1 : digits) : v.toExponential(1);
  return {
    isLog: false,
    ticks: ticks(bottom, top, about).map((value) => ({ value, text: text(value) })),
    fraction: (/** @type {number} */ loss) =>
      Math.min(1, Math.max(0, (loss - bottom) / (top - bottom))),
  };
}

/**
 * @param {number} low
 * @param {number} high
 * @param {number} about
 */
function logScale(low, high, about) {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const every = Math.max(1, Math.ceil((last - first) / about));
  return {
    isLog: true,
    ticks: powersOfTen(first, last, every).map((value) => ({
      value,
      text: value.toExponential(0),
    })),
    fraction: (/** @type {number} */ loss) =>
      Math.min(1, Math.max(0, (Math.log10(loss) - first) / (last - first))),
  };
}

/**
 * The curve: for each pixel across, the first, lowest, highest and last loss.
 * @param {History} history
 * @param {Plot} plot
 */
export function curvePath({ epochs, losses }, plot) {
  const parts = [];
  for (let i = 0; i < epochs.length; ) {
    const pixel = Math.round(plot.x(epochs[i]));
    let [low, high] = [i, i];
    let last = i;
    while (last + 1 < epochs.length && Math.round(plot.x(epochs[last + 1])) === pixel) {
      last++;
      if (losses[last] < losses[low]) low = last;
      if (losses[last] > losses[high]) high = last;
    }
    const picked = new Set([i, Math.min(low, high), Math.max(low, high), last]);
    for (const k of picked)
      parts.push(`${plot.x(epochs[k]).toFixed(1)} ${plot.y(losses[k]).toFixed(1)}`);
    i = last + 1;
  }
  return parts.length > 0 ? `M${parts.join('L')}` : '';
}

/**
 * The recorded point nearest to an epoch.
 * @param {History} history
 * @param {number} epoch
 */
export function nearestPoint({ epochs, losses }, epoch) {
  let low = 0;
  let high = epochs.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (epochs[middle] <= epoch) low = middle;
    else high = middle;
  }
  const at = epoch - epochs[low] <= epochs[high] - epoch ? low : high;
  return { epoch: epochs[at], loss: losses[at], text: number(losses[at]) };
}
