// What is watched of a run: accuracy, gradients, weights and units over all rows. It may take long
// where there are many rows and many weights, so it can be read in pieces.
import { roundStep } from '../state/axis.js';
import { parameterArrays } from '../state/parameters.js';
import { largestOf } from './read-out.js';

/** @typedef {import('../../wasm/session.js').Session} Session */
/** @typedef {import('../../wasm/session.js').Dataset} Dataset */
/** @typedef {import('../state/types.js').RunInfo} RunInfo */
/** @typedef {import('../state/types.js').Experiment} Experiment */
/** @typedef {import('../state/types.js').Watch} Watch */
/** @typedef {import('../state/types.js').Histogram} Histogram */

/** Multiplications between two looks at the clock. */
const PIECE = 1e6;
/** What an activation function costs, in multiplications. */
const ACTIVATION_COST = 20;
/** Milliseconds that a read-out may always take, and the most that it may take while a run moves. */
const CHEAP = 3;
const DEAR = 40;
/** While a run moves, a dear read-out gets one part of the time in so many. */
const SHARE = 20;
/** Before anything was measured: multiplications in a millisecond. */
const FIRST_PACE = 3e5;
/** How many classes a confusion matrix may have. */
const MOST_CLASSES = 20;
/** Bins of a histogram on either side of zero, about. */
const BINS = 10;

/** A unit is saturated when on this share of the rows its value is this near to an end. */
const SATURATED_SHARE = 0.95;
const NEARNESS = 0.01;
/** @type {Record<string, [number, number]>} */
const ENDS = { sigmoid: [0, 1], tanh: [-1, 1], softsign: [-1, 1] };

export class Watcher {
  #session;
  #info;
  #experiment;
  /** @type {Dataset | undefined} */
  #rows;
  #arrays;
  #hasClasses;
  #cost;
  #readAt = Number.NEGATIVE_INFINITY;

  /**
   * @param {Session} session
   * @param {RunInfo} info
   * @param {Experiment} experiment complete
   */
  constructor(session, info, experiment) {
    this.#session = session;
    this.#info = info;
    this.#experiment = experiment;
    this.#arrays = parameterArrays(info);
    this.#hasClasses = !Number.isNaN(session.accuracy);
    this.#cost = (4 * info.rowCount * costOfRow(info)) / FIRST_PACE;
  }

  /** Milliseconds since it was last read. */
  get age() {
    return performance.now() - this.#readAt;
  }

  /** Whether there is time for it now. */
  get isDue() {
    return this.#cost <= CHEAP || (this.#cost <= DEAR && this.age >= SHARE * this.#cost);
  }

  /** @returns {Watch} of the session as it stands */
  read() {
    const pieces = this.pieces();
    for (;;) {
      const { done, value } = pieces.next();
      if (done) return value;
    }
  }

  /** @returns {Generator<void, Watch>} the session must not move meanwhile */
  *pieces() {
    let spent = -performance.now();
    const session = this.#session;
    this.#rows ??= session.dataset();
    const tests = this.#rows.testInputs.length > 0;
    const training = new Tally(this.#info, this.#experiment);
    const test = new Tally(this.#info, this.#experiment);
    /** @type {Watch} */
    const watch = {
      epoch: session.epoch,
      accuracy: Number.NaN,
      testAccuracy: Number.NaN,
      gradients: this.#gradientNorms(),
      weights: this.#histograms(),
      units: [],
    };
    for (const [tally, inputs, targets] of this.#halves(training, test)) {
      for (const piece of piecesOf(inputs, targets, this.#info)) {
        tally.add(session.activations(piece.inputs), piece.targets);
        spent += performance.now();
        yield;
        spent -= performance.now();
      }
    }
    watch.units = training.units();
    if (this.#hasClasses) {
      watch.accuracy = training.accuracy();
      watch.testAccuracy = tests ? test.accuracy() : Number.NaN;
      const { size, table } = training;
      if (table)
        watch.confusion = { size, training: table, ...(tests ? { test: test.table } : {}) };
    }
    this.#readAt = performance.now();
    this.#cost = spent + this.#readAt;
    return watch;
  }

  /**
   * @param {Tally} training
   * @param {Tally} test
   * @returns {[Tally, Float64Array, Float64Array][]}
   */
  #halves(training, test) {
    const rows = /** @type {Dataset} */ (this.#rows);
    return [
      [training, rows.inputs, rows.targets],
      [test, rows.testInputs, rows.testTargets],
    ];
  }

  /** By layer, its weights and biases together. */
  #gradientNorms() {
    const gradient = this.#session.gradient();
    return this.#info.layers.map((_, k) => {
      const [weights, biases] = this.#arrays.slice(2 * k, 2 * k + 2);
      const own = gradient.subarray(weights.at, biases.at + biases.cols);
      return Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
    });
  }

  /** Of all weights, then by layer. */
  #histograms() {
    const parameters = this.#session.parameters();
    const layers = this.#arrays
      .filter((_, i) => i % 2 === 0)
      .map(({ at, rows, cols }) => parameters.subarray(at, at + rows * cols));
    return [layers, ...layers.map((layer) => [layer])].map(histogramOf);
  }
}

/** @param {RunInfo} info */
function costOfRow({ parameterCount, layers }) {
  return parameterCount + ACTIVATION_COST * layers.reduce((sum, { units }) => sum + units, 0);
}

/**
 * @param {Float64Array} inputs
 * @param {Float64Array} targets
 * @param {RunInfo} info
 */
function* piecesOf(inputs, targets, info) {
  const rows = Math.max(1, Math.floor(PIECE / costOfRow(info)));
  const { inputs: width, outputs } = info;
  for (let row = 0; row * width < inputs.length; row += rows) {
    yield {
      inputs: inputs.subarray(row * width, (row + rows) * width),
      targets: targets.subarray(row * outputs, (row + rows) * outputs),
    };
  }
}

/** Counts over rows: classes, active and saturated units. */
class Tally {
  #layers;
  #threshold;
  #outputs;
  #rows = 0;
  #right = 0;
  /** @type {Uint32Array[]} by hidden layer and unit: rows on which it is above zero */
  #active;
  /** @type {Uint32Array[]} rows on which it is near an end */
  #near;

  /**
   * @param {RunInfo} info
   * @param {Experiment} experiment
   */
  constructor({ layers, outputs }, { loss }) {
    const isSigned = loss === 'hinge' || layers[layers.length - 1].activation === 'tanh';
    this.#layers = layers.slice(0, -1);
    this.#outputs = outputs;
    this.#threshold = isSigned ? 0 : 0.5;
    this.size = Math.max(2, outputs);
    this.table = this.size <= MOST_CLASSES ? new Uint32Array(this.size ** 2) : undefined;
    this.#active = this.#layers.map(({ units }) => new Uint32Array(units));
    this.#near = this.#layers.map(({ units }) => new Uint32Array(units));
  }

  /**
   * @param {Float64Array[]} activations by layer, [rows, units]
   * @param {Float64Array} targets [rows, outputs]
   */
  add(activations, targets) {
    const predicted = this.#classesOf(activations[activations.length - 1]);
    this.#rows += predicted.length;
    for (const [row, actual] of this.#classesOf(targets).entries()) {
      this.#right += Number(actual === predicted[row]);
      if (this.table) this.table[actual * this.size + predicted[row]]++;
    }
    for (const [k, { units, activation }] of this.#layers.entries())
      this.#count(activations[k], units, activation, k);
  }

  /**
   * @param {Float64Array} values [rows, units]
   * @param {number} units
   * @param {string} activation
   * @param {number} k the hidden layer
   */
  #count(values, units, activation, k) {
    const ends = ENDS[activation];
    if (!ends && activation !== 'relu') return;
    const [low, high] = ends ?? [];
    const margin = NEARNESS * (high - low);
    for (let i = 0; i < values.length; i++) {
      if (!ends) this.#active[k][i % units] += Number(values[i] > 0);
      else
        this.#near[k][i % units] += Number(values[i] <= low + margin || values[i] >= high - margin);
    }
  }

  /**
   * By row: the first of the largest, or the side of the threshold.
   * @param {Float64Array} values [rows, outputs]
   */
  #classesOf(values) {
    return this.#outputs === 1
      ? Uint16Array.from(values, (value) => Number(value > this.#threshold))
      : largestOf(values, this.#outputs);
  }

  accuracy() {
    return this.#right / this.#rows;
  }

  /** By hidden layer: the units that are never active, and those that are saturated. */
  units() {
    return this.#layers.map(({ activation }, k) => ({
      dead: activation === 'relu' ? placesOf(this.#active[k], (n) => n === 0) : [],
      saturated: ENDS[activation]
        ? placesOf(this.#near[k], (n) => n >= SATURATED_SHARE * this.#rows)
        : [],
    }));
  }
}

/**
 * @param {Uint32Array} counts
 * @param {(count: number) => boolean} isIt
 * @returns {number[]}
 */
function placesOf(counts, isIt) {
  return [...counts.keys()].filter((i) => isIt(counts[i]));
}

/**
 * Zero is an edge between two bins.
 * @param {Float64Array[]} parts
 * @returns {Histogram}
 */
function histogramOf(parts) {
  let [count, sum, low, high] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const part of parts) {
    count += part.length;
    for (const value of part) {
      sum += value;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const mean = sum / count;
  const step = roundStep(Math.max(-low, high, Number.MIN_VALUE * 2 ** 60) / BINS);
  const first = Math.floor(low / step);
  const counts = new Uint32Array(Math.floor(high / step) - first + 1);
  let squares = 0;
  for (const part of parts) {
    for (const value of part) {
      squares += (value - mean) ** 2;
      counts[Math.floor(value / step) - first]++;
    }
  }
  return { count, mean, deviation: Math.sqrt(squares / count), low, high, step, first, counts };
}
