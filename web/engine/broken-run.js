// A run of the post's program with a mistake in one line: checked array by array at an epoch of the
// true run, and trained beside it.
import { MISTAKES } from '../state/mistakes.js';
import { differences, H, lossOf, matrix, STEPS, step, updated, zip } from './teaching.js';

/** @typedef {import('../../wasm/session.js').Session} Session */
/** @typedef {import('../state/types.js').Experiment} Experiment */
/** @typedef {import('./teaching.js').Matrix} Matrix */
/** @typedef {import('./teaching.js').Arrays} Arrays */

/** No curve is longer. */
const MOST_EPOCHS = 10000;
/** What an array may differ by, of its largest entry, beside the differences' own rounding. */
const TOLERANCE = 1e-7;

/** XOR and AND of two bits: their sum and its carry. */
const HALF_ADDER = {
  data: {
    kind: 'points',
    inputs: [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
    targets: [
      [0, 0],
      [1, 0],
      [1, 0],
      [0, 1],
    ],
  },
  layers: [{ units: 2 }, { units: 2 }],
};

export class BrokenRun {
  #truth;
  /** @type {Session} where the arrays are checked */
  #subject;
  #rate;
  #seed;
  #epochs;
  /** @type {Arrays} the teaching path's parameters */
  #now;
  /** of the teaching path, epoch by epoch */
  #losses;
  #done = 0;

  /**
   * @param {import('../../wasm/classes.js').Classes} backprop
   * @param {Experiment} experiment whose seed, learning rate and length are taken
   * @param {string} mistake the name of one, or `none`
   */
  constructor(backprop, { initializer, optimizer, epochs }, mistake) {
    this.mistake = mistake;
    this.#rate = (optimizer.kind === 'sgd' ? optimizer.learningRate : undefined) ?? 0.1;
    this.#seed = initializer.seed ?? 42;
    this.#epochs = Math.min(epochs, MOST_EPOCHS);
    const program = {
      ...(MISTAKES[mistake]?.isSquare ? HALF_ADDER : {}),
      initializer: { kind: 'numpy_randn', seed: this.#seed },
      optimizer: { kind: 'sgd', learningRate: this.#rate },
    };
    this.#truth = new backprop.Session(program);
    this.#subject =
      mistake === 'zeros'
        ? new backprop.Session({ ...program, initializer: { kind: 'zeros' } })
        : this.#truth;
    this.#now = arraysOf(this.#subject);
    this.#losses = new Float64Array(this.#epochs + 1);
  }

  get isDone() {
    return this.#done > this.#epochs;
  }

  /**
   * Trains with the mistake.
   * @param {number} milliseconds at most
   */
  advance(milliseconds) {
    const end = performance.now() + milliseconds;
    while (!this.isDone && performance.now() < end) {
      const arrays = step(this.#now, this.#rate, this.mistake);
      this.#losses[this.#done++] = lossOf(arrays);
      if (!this.isDone) this.#now = updated(arrays, this.#rate);
    }
  }

  /**
   * The backward pass at the true run's parameters, beside differences.
   * @param {number} epoch
   * @returns {import('../state/types.js').BrokenCheck}
   */
  check(epoch) {
    this.#subject.seek(Math.min(epoch, this.#epochs));
    const given = arraysOf(this.#subject);
    const found =
      this.mistake === 'none'
        ? Object.fromEntries(this.#subject.trace().map((array) => [array.name, array]))
        : step(given, this.#rate, this.mistake);
    const noise = (16 * Number.EPSILON * this.#subject.loss) / H;
    return {
      mistake: this.mistake,
      outputs: given.y.cols,
      seed: this.#seed,
      rate: this.#rate,
      epoch: this.#subject.epoch,
      steps: STEPS.map((array) => ({
        array,
        rows: found[array].rows,
        cols: found[array].cols,
        ...compare(found[array], differences(given, array), noise),
      })),
    };
  }

  /**
   * The losses on the way, when the training is done.
   * @returns {import('../state/types.js').BrokenCurves}
   */
  curves() {
    this.#truth.seek(this.#epochs);
    const { epochs, losses } = this.#truth.history();
    return {
      mistake: this.mistake,
      truth: { epochs, losses },
      broken: { epochs: this.#losses.map((_, epoch) => epoch), losses: this.#losses },
      hidden: step(this.#now, this.#rate, this.mistake).a1.values,
    };
  }

  dispose() {
    this.#truth.dispose();
    this.#subject.dispose();
  }
}

/**
 * What a session of two layers trains on, and its parameters.
 * @param {Session} session
 * @returns {Arrays}
 */
function arraysOf(session) {
  const { inputs, targets, inputColumns, targetColumns } = session.dataset();
  const parameters = session.parameters();
  const rows = inputs.length / inputColumns;
  const units = (parameters.length - targetColumns) / (inputColumns + 1 + targetColumns);
  let at = 0;
  const take = (/** @type {number} */ rows, /** @type {number} */ cols) => {
    at += rows * cols;
    return matrix(rows, cols, parameters.slice(at - rows * cols, at));
  };
  return {
    X: matrix(rows, inputColumns, inputs),
    y: matrix(rows, targetColumns, targets),
    W1: take(inputColumns, units),
    b1: take(1, units),
    W2: take(units, targetColumns),
    b2: take(1, targetColumns),
  };
}

/**
 * max|a − n| / max(max|a|, max|n|), 0 where both vanish, and whether that is a mistake.
 * @param {Matrix} analytic
 * @param {Matrix} numeric
 * @param {number} noise what rounding leaves of a difference
 */
function compare(analytic, numeric, noise) {
  const largestOf = (/** @type {Float64Array} */ values) =>
    values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const difference = largestOf(zip(analytic, numeric, (a, n) => a - n).values);
  const largest = Math.max(largestOf(analytic.values), largestOf(numeric.values));
  return {
    error: largest > noise ? difference / largest : 0,
    isWrong: !(difference <= noise + TOLERANCE * largest),
  };
}
