// Work beside the runs, in slices: a batch of seeds, how a run stands at its end, the loss around its
// path, a race. Each job is a generator that pauses after a few milliseconds and returns what it has found.
import { complete } from '../state/experiment.js';
import { principalPlane } from '../state/principal.js';
import { race } from './race.js';
import { column, describe, grid } from './read-out.js';

/** @typedef {import('../../wasm/classes.js').Classes} Backprop */
/** @typedef {import('../../wasm/session.js').Session} Session */
/** @typedef {import('./messages.js').Job} Job */
/** @typedef {import('./messages.js').Survey} Survey */
/** @typedef {import('../state/types.js').Standing} Standing */
/** @typedef {import('../state/types.js').Landscape} Landscape */

/** Milliseconds of work between two pauses, and of training after which a job is given up. */
const CHUNK = 6;
const LIMIT = 20000;
/** Cells along a side of a seed's map; rows of the data that stand for it where there is no plane. */
const MAP_SIZE = 24;
const MAP_ROWS = 64;
/** How large a network may be whose standing is looked into. */
const MOST_ROWS = 64;
const MOST_HIDDEN = 64;
/** Milliseconds that training on to ten times the epochs may take. */
const LATER_LIMIT = 2000;
/** Points along a path, and multiplications that a landscape may cost. */
const PATH_POINTS = 60;
const LANDSCAPE_COST = 3e8;
const LANDSCAPE_SIZES = [64, 48, 32, 24, 16];
const MOST_PARAMETERS = 5000;
/** Half of the square's side, in lengths of the path. */
const MARGIN = 0.8;

/**
 * @param {Backprop} backprop
 * @param {Job} job
 * @returns {Generator<void, unknown>}
 */
export function startJob(backprop, job) {
  if (job.kind === 'survey') return survey(backprop, job);
  if (job.kind === 'standing') return standing(backprop, job.experiment);
  if (job.kind === 'race') return race(backprop);
  if (job.kind === 'datasets') return datasets(backprop, job.experiments);
  return landscape(backprop, job);
}

/**
 * @param {{ train(epochs: number): number }} runs
 * @param {number} epochs
 * @param {{ left: number }} time in milliseconds; below 0 it has run out
 * @returns {Generator<void, boolean>} whether all of them ran
 */
function* trained(runs, epochs, time) {
  let chunk = 1;
  for (let left = epochs; left > 0; ) {
    const start = performance.now();
    const wanted = Math.min(left, chunk);
    if (runs.train(wanted) < wanted) return false;
    left -= wanted;
    const spent = Math.max(performance.now() - start, 0.1);
    time.left -= spent;
    if (time.left < 0) return false;
    chunk = Math.max(1, Math.floor(Math.min(8 * chunk, (wanted * CHUNK) / spent)));
    yield;
  }
  return true;
}

/**
 * The experiment under each of these seeds.
 * @param {Backprop} backprop
 * @param {import('./messages.js').SurveyJob} job
 * @returns {Generator<void, Survey | undefined>} undefined where it takes too long
 */
function* survey(backprop, { experiment, seeds, hasMaps }) {
  const ensemble = new backprop.Ensemble(experiment, seeds);
  try {
    const whole = complete(experiment);
    const time = { left: LIMIT };
    yield* trained(ensemble, whole.epochs, time);
    if (time.left < 0) return undefined;
    const diverged = seeds.map((_, i) => ensemble.diverged(i));
    const result = { losses: ensemble.losses(), diverged };
    return hasMaps ? { ...result, ...tinyMaps(backprop, whole, ensemble) } : result;
  } finally {
    ensemble.dispose();
  }
}

/**
 * The rows of these experiments' data, nothing kept for testing.
 * @param {Backprop} backprop
 * @param {Record<string, unknown>[]} experiments
 * @returns {Generator<void, import('../state/types.js').Dataset[]>}
 */
function* datasets(backprop, experiments) {
  const found = [];
  for (const experiment of experiments) {
    const { data } = complete(experiment);
    const session = new backprop.Session({ ...experiment, data: { ...data, testFraction: 0 } });
    const { inputColumns, targetColumns, inputs, targets } = session.dataset();
    session.dispose();
    found.push({ inputColumns, targetColumns, inputs, targets });
    yield;
  }
  return found;
}

/**
 * What each member's first output is over a grid of the plane, or for the first rows where there is
 * no plane.
 * @param {Backprop} backprop
 * @param {import('../state/types.js').Experiment} experiment
 * @param {import('../../wasm/ensemble.js').Ensemble} ensemble
 */
function tinyMaps(backprop, experiment, ensemble) {
  const session = new backprop.Session(experiment);
  const info = describe(session, experiment);
  session.dispose();
  const inputs = info.plane
    ? grid(info.plane, MAP_SIZE)
    : Float64Array.from(info.samples.inputs.slice(0, MAP_ROWS).flat());
  const predictions = ensemble.predict(inputs);
  const maps = column(predictions, info.outputs, 0);
  const width = maps.length / ensemble.size;
  const size = info.plane ? MAP_SIZE : Math.ceil(Math.sqrt(width));
  return {
    size,
    maps: Array.from({ length: ensemble.size }, (_, i) => maps.slice(i * width, (i + 1) * width)),
  };
}

/**
 * A run at its end, and the loss after ten times as many epochs. Undefined where the network, the
 * data or the run are too large, or where there is no hidden layer.
 * @param {Backprop} backprop
 * @param {Record<string, unknown>} experiment
 * @returns {Generator<void, Standing | undefined>}
 */
function* standing(backprop, experiment) {
  const session = new backprop.Session(experiment);
  try {
    const { epochs, optimizer, layers } = complete(experiment);
    const info = describe(session, complete(experiment));
    const hidden = layers[layers.length - 2]?.units ?? 0;
    if (info.rowCount > MOST_ROWS || !hidden || hidden > MOST_HIDDEN) return undefined;
    const time = { left: LIMIT };
    if (!(yield* trained(session, epochs, time))) return undefined;
    const canGoOn = 9 * (LIMIT - time.left) < LATER_LIMIT;
    const { inputs } = info.samples;
    const weights = session.parameters().slice(-(hidden + 1) * info.outputs);
    const now = {
      info,
      epoch: epochs,
      rate: optimizer.learningRate,
      loss: session.loss,
      outputs: session.predict(inputs),
      hidden: session.activations(inputs)[layers.length - 2],
      weights,
      gradient: session.gradient().reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    };
    if (!canGoOn || !(yield* trained(session, 9 * epochs, time))) return now;
    return { ...now, later: { epoch: session.epoch, loss: session.loss } };
  } finally {
    session.dispose();
  }
}

/**
 * The loss on a plane through the path of a run: through its mean along the first two principal
 * directions, or through one epoch along two weights.
 * @param {Backprop} backprop
 * @param {import('./messages.js').LandscapeJob} job
 * @returns {Generator<void, Landscape | undefined>} undefined where it takes too many parameters or epochs
 */
function* landscape(backprop, { experiment, axes, epoch }) {
  const session = new backprop.Session(experiment);
  try {
    const whole = complete(experiment);
    const { parameterCount, rowCount } = describe(session, whole);
    const cost = parameterCount * rowCount;
    const size = LANDSCAPE_SIZES.find((side) => side * side * cost < LANDSCAPE_COST);
    if (parameterCount < 2 || parameterCount > MOST_PARAMETERS || !size) return undefined;
    const time = { left: LIMIT };
    const path = yield* pathOf(session, whole.epochs, time);
    if (time.left < 0) return undefined;
    const plane = axes
      ? yield* weightPlane(session, path.rows, axes, epoch)
      : principalPlane(path.rows);
    if (!plane) return undefined;
    const box = { ...squareAround(plane), size };
    const losses = yield* lossesOn(session, plane, box);
    const { epochs } = path;
    const onPath = { epochs, losses: path.losses, x: plane.x, y: plane.y };
    return { ...box, losses, path: onPath, shares: plane.shares };
  } finally {
    session.dispose();
  }
}

/**
 * The parameters along a run: evenly over its epochs, and evenly over their logarithm.
 * @param {Session} session
 * @param {number} end
 * @param {{ left: number }} time
 */
function* pathOf(session, end, time) {
  const stops = new Set([0]);
  for (let i = 1; i <= PATH_POINTS; i++) {
    stops.add(Math.round((end * i) / PATH_POINTS));
    stops.add(Math.round(Math.expm1((Math.log1p(end) * i) / PATH_POINTS)));
  }
  /** @type {number[]} */
  const epochs = [];
  const losses = [];
  const rows = [];
  for (const stop of [...stops].sort((a, b) => a - b)) {
    const isThere = yield* trained(session, stop - session.epoch, time);
    if (epochs[epochs.length - 1] === session.epoch) break;
    epochs.push(session.epoch);
    losses.push(session.loss);
    rows.push(session.parameters());
    if (!isThere) break;
  }
  return { epochs, losses, rows };
}

/**
 * @param {Session} session
 * @param {Float64Array[]} rows
 * @param {[number, number]} axes parameters
 * @param {number} epoch that all the other parameters are taken from
 * @returns {Generator<void, import('../state/principal.js').PathPlane | undefined>}
 */
function* weightPlane(session, rows, [i, j], epoch) {
  const { length } = rows[0];
  if (i >= length || j >= length || i === j) return undefined;
  session.seek(Math.min(epoch, session.epoch));
  yield* trained(session, epoch - session.epoch, { left: LIMIT });
  const origin = session.parameters();
  [origin[i], origin[j]] = [0, 0];
  const unit = (/** @type {number} */ at) =>
    Float64Array.from({ length }, (_, k) => Number(k === at));
  const along = (/** @type {number} */ at) => rows.map((row) => row[at]);
  return { origin, directions: [unit(i), unit(j)], x: along(i), y: along(j) };
}

/**
 * A square with the path in its middle; one unit is as long across as up.
 * @param {import('../state/principal.js').PathPlane} plane
 */
function squareAround({ x, y }) {
  const ends = [x, y].map((values) => [Math.min(...values), Math.max(...values)]);
  const half = MARGIN * Math.max(...ends.map(([low, high]) => high - low)) || 1;
  const [across, up] = ends.map(([low, high]) => {
    const middle = (low + high) / 2;
    return /** @type {[number, number]} */ ([middle - half, middle + half]);
  });
  return { x: across, y: up };
}

/**
 * @param {Session} session
 * @param {import('../state/principal.js').PathPlane} plane
 * @param {{ x: [number, number], y: [number, number], size: number }} box
 */
function* lossesOn(session, { origin, directions: [right, up] }, { x, y, size }) {
  const { length } = origin;
  const points = grid({ x, y }, size);
  const losses = new Float64Array(size * size);
  for (let from = 0, many = 1; from < losses.length; ) {
    const start = performance.now();
    const count = Math.min(many, losses.length - from);
    const rows = new Float64Array(count * length);
    for (let k = 0; k < rows.length; k++) {
      const at = 2 * (from + Math.floor(k / length));
      const i = k % length;
      rows[k] = origin[i] + points[at] * right[i] + points[at + 1] * up[i];
    }
    losses.set(session.lossAt(rows), from);
    from += count;
    const spent = Math.max(performance.now() - start, 0.1);
    many = Math.max(1, Math.floor(Math.min(8 * many, (count * CHUNK) / spent)));
    yield;
  }
  return losses;
}
