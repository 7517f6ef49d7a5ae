// The loss curve's geometry: its scales, ticks and path.
import { fractionOf, powersOfTen, roundStep, ticks } from '../state/axis.js';
import { number, plain } from '../state/format.js';

/** @typedef {import('../state/axis.js').Scale} Scale */
/** @typedef {import('../state/types.js').Curve} Curve */
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

/** Pixels left of the axis. */
const LEFT = 48;
/** Losses further apart than this get a logarithmic scale, unless somebody chooses. */
const WIDE_RANGE = 2000;
/** Decades up to which a logarithmic scale has ticks between its powers of ten. */
const FEW_DECADES = 2;

/**
 * @param {object} given
 * @param {History} given.history
 * @param {Curve[]} [given.others] curves on the same scales
 * @param {number} given.end of the axis of epochs
 * @param {Scale} given.scale
 * @param {Scale} [given.lossAxis] left out: as the losses ask for
 * @param {number} given.width
 * @param {number} given.height
 * @param {number[]} given.marks losses that must be in sight
 * @returns {Plot}
 */
export function plotOf({ history, others = [], end, scale, lossAxis, width, height, marks }) {
  const box = { left: LEFT, right: Math.max(LEFT, width - 24), top: 24, bottom: height - 30 };
  const curves = [history.losses, history.testLosses ?? [], ...others.map(({ losses }) => losses)];
  const range = joined([...curves.map(rangeOf), rangeOf(marks)]);
  const losses = lossScale(range, Math.max(2, (box.bottom - box.top) / 34), lossAxis);
  return {
    ...box,
    x: (epoch) => box.left + (box.right - box.left) * fractionOf(epoch, end, scale),
    y: (loss) => box.bottom - (box.bottom - box.top) * losses.fraction(loss),
    ticks: losses.ticks,
    isLog: losses.isLog,
  };
}

/**
 * The finite losses' ends, and the smallest above zero.
 * @typedef {{ low: number, high: number, least: number }} Extent
 */

/** @type {WeakMap<ArrayLike<number>, Extent>} */
const known = new WeakMap();

/**
 * @param {ArrayLike<number>} losses that do not change
 * @returns {Extent}
 */
function rangeOf(losses) {
  const before = known.get(losses);
  if (before) return before;
  const range = {
    low: Number.POSITIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY,
    least: Number.POSITIVE_INFINITY,
  };
  for (let i = 0; i < losses.length; i++) {
    const loss = losses[i];
    if (!Number.isFinite(loss)) continue;
    if (loss < range.low) range.low = loss;
    if (loss > range.high) range.high = loss;
    if (loss > 0 && loss < range.least) range.least = loss;
  }
  known.set(losses, range);
  return range;
}

/**
 * @param {Extent[]} ranges
 * @returns {Extent}
 */
function joined(ranges) {
  const low = Math.min(...ranges.map((range) => range.low));
  const high = Math.max(...ranges.map((range) => range.high));
  const least = Math.min(...ranges.map((range) => range.least));
  return low <= high ? { low, high, least } : { low: 0, high: 1, least: 1 };
}

/**
 * @param {Extent} range
 * @param {number} about how many ticks there is room for
 * @param {Scale | undefined} choice
 */
function lossScale({ low, high, least }, about, choice) {
  const isWide = low > 0 && high / low > WIDE_RANGE;
  const isLog = choice ? choice === 'log' && high > 0 : isWide;
  return isLog ? logScale(least, high, about) : evenScale(low, high, about);
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
  const { ticks, ends } = logTicks(low, high, about);
  const [first, last] = ends.map(Math.log10);
  return {
    isLog: true,
    ticks,
    fraction: (/** @type {number} */ loss) =>
      loss > 0 ? Math.min(1, Math.max(0, (Math.log10(loss) - first) / (last - first))) : 0,
  };
}

/**
 * Powers of ten; of few decades also 2 and 5 times those, no further than needed.
 * @param {number} low
 * @param {number} high
 * @param {number} about
 */
function logTicks(low, high, about) {
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(Math.log10(high) - 1e-9));
  if (last - first > FEW_DECADES) {
    const every = Math.max(1, Math.ceil((last - first) / about));
    const ticks = powersOfTen(first, last, every).map((value) => ({
      value,
      text: value.toExponential(0),
    }));
    return { ticks, ends: [10 ** first, 10 ** last] };
  }
  const values = powersOfTen(first, last, 1).flatMap((power) => [power, 2 * power, 5 * power]);
  const from = values.findLastIndex((value) => value <= low * (1 + 1e-9));
  const to = values.findIndex((value, i) => i > from && value >= high * (1 - 1e-9));
  const ticks = values.slice(from, to + 1).map((value) => ({ value, text: plain(value) }));
  return { ticks, ends: [values[from], values[to]] };
}

/**
 * The curve: for each pixel across, the first, lowest, highest and last loss.
 * @param {Curve} curve
 * @param {Plot} plot
 * @param {number} [end] the last epoch that is drawn
 */
export function curvePath({ epochs, losses }, plot, end = Number.POSITIVE_INFINITY) {
  const parts = [];
  for (let i = 0; i < epochs.length && epochs[i] <= end; ) {
    const pixel = Math.round(plot.x(epochs[i]));
    let [low, high] = [i, i];
    let last = i;
    while (epochs[last + 1] <= end && Math.round(plot.x(epochs[last + 1])) === pixel) {
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
export function nearestPoint({ epochs, losses, testLosses }, epoch) {
  let low = 0;
  let high = epochs.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (epochs[middle] <= epoch) low = middle;
    else high = middle;
  }
  const at = epoch - epochs[low] <= epochs[high] - epoch ? low : high;
  return { epoch: epochs[at], loss: losses[at], test: testLosses?.[at] };
}
