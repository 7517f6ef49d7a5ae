import * as check from './check.js';

/** @typedef {import('./experiment-types.js').Experiment} Experiment */

/**
 * Losses of a run, at most 512 epochs for each doubling of their number; the first and the current
 * epoch are always among them.
 * @typedef {object} History
 * @property {Float64Array} epochs
 * @property {Float64Array} losses on the whole training set, at that epoch's parameters
 * @property {Float64Array} [testLosses] where there are test samples
 */

/**
 * One intermediate of a step.
 * @typedef {object} Intermediate
 * @property {string} name as in the post: `z1`, `a1`, …, `loss`, `d_loss_a2`, …
 * @property {number} rows samples, or the fan-in of weights
 * @property {number} cols units
 * @property {Float64Array} values row-major
 */

/**
 * Backpropagation beside central differences, each laid out as the parameters.
 * @typedef {object} GradientCheck
 * @property {number} maxRelativeError max|a − n| / max(max|a|, max|n|), 0 where both vanish
 * @property {Float64Array} analytic
 * @property {Float64Array} numeric
 */

/**
 * What a session trains on and is tested on, row-major.
 * @typedef {object} Dataset
 * @property {number} inputColumns
 * @property {number} targetColumns
 * @property {Float64Array} inputs
 * @property {Float64Array} targets
 * @property {Float64Array} testInputs
 * @property {Float64Array} testTargets
 */

/**
 * Numbers in rows of one length: an array of rows, or a typed array, row after row.
 * @typedef {ArrayLike<number>[] | Float64Array | Float32Array} Rows
 */

/** What there is in a step, in the order of session.h; # is the layer. */
const QUANTITIES = 'X y W# b# z# a# loss d_loss_a# d_a# d_a#_z# d_z# d_W# d_b#'.split(' ');

/** Frees the sessions that nobody has disposed of. */
const forgotten = new FinalizationRegistry((/** @type {() => void} */ close) => close());

/**
 * @param {Float64Array} plan
 * @returns {Float64Array[]} its edits, and all else
 */
function parted(plan) {
  const end = 1 + 4 * plan[0];
  return [plan.subarray(0, end), plan.subarray(end)];
}

/** Several things that came as one row of numbers, read one after the other. */
class Given {
  #row;
  #at = 0;

  /** @param {Float64Array} row */
  constructor(row) {
    this.#row = row;
  }

  /** How many numbers are left. */
  left() {
    return this.#row.length - this.#at;
  }

  number() {
    return this.#row[this.#at++];
  }

  /** @param {number} count */
  numbers(count) {
    this.#at += count;
    return this.#row.slice(this.#at - count, this.#at);
  }
}

/**
 * One run of an experiment: trains, reads out, and goes to any epoch, back or forward, to the very
 * same bits as training there. Arrays that it gives are the caller's own.
 */
export class Session {
  #native;
  #handle;
  #planOf;
  #plan;

  /**
   * @ignore
   * @param {import('./classes.js').Native} native
   * @param {import('./classes.js').PlanOf} planOf
   * @param {Experiment} experiment
   */
  constructor(native, planOf, experiment) {
    this.#native = native;
    this.#planOf = planOf;
    // No function in here may hold the session, or nobody would ever have forgotten it.
    const plan = planOf(experiment);
    this.#plan = plan;
    const handle = check.room('session', () => {
      native.put(plan);
      return native.open();
    });
    this.#handle = handle;
    forgotten.register(this, () => native.close(handle), this);
  }

  /** The session's address; 0 is no address. */
  get #run() {
    if (!this.#handle) throw new Error('This session has been disposed of.');
    return this.#handle;
  }

  /**
   * @param {number} epochs 0 or more
   * @returns {number} how many ran: fewer when the run diverged or met its stop condition
   */
  train(epochs) {
    return this.#native.train(this.#run, check.epochs('epochs', epochs));
  }

  /**
   * Single updates of the optimizer, one a mini-batch, in the order of `train`. Within an epoch, all but
   * the history is of the current parameters; `train` finishes it first, `seek` undoes its steps.
   * @param {number} steps 0 or more
   * @returns {number} how many ran: fewer when the run diverged or met its stop condition
   */
  trainSteps(steps) {
    return this.#native.trainSteps(this.#run, check.epochs('steps', steps));
  }

  /**
   * Back or forward, to the beginning of an epoch; it ends earlier where the run does.
   * @param {number} epoch 0 or more
   */
  seek(epoch) {
    this.#native.seek(this.#run, check.epochs('epoch', epoch));
  }

  /** Back to the beginning: epoch 0 and the initializer's parameters. */
  reset() {
    this.#native.reset(this.#run);
  }

  /**
   * Goes over to an experiment that has other edits and is the same in all else. What lies before the
   * first edit that differs stays, with its history; a session that stands behind that goes back to
   * the last epoch before it, or to its origin.
   * @param {Experiment} experiment
   * @returns {boolean} false, and nothing has changed, where more differs than the edits
   */
  edit(experiment) {
    const run = this.#run;
    const plan = this.#planOf(experiment);
    const [edits, setup] = parted(plan);
    const [, before] = parted(this.#plan);
    const isSame = setup.length === before.length && setup.every((x, i) => Object.is(x, before[i]));
    if (!isSame) return false;
    this.#native.put(edits);
    this.#native.setEdits(run);
    this.#plan = plan;
    return true;
  }

  /** Frees its memory; nothing but `dispose` can be called from then on. */
  dispose() {
    forgotten.unregister(this);
    if (this.#handle) this.#native.close(this.#handle);
    this.#handle = 0;
  }

  get epoch() {
    return this.#native.epoch(this.#run);
  }

  /** How many steps of the next epoch have been taken: 0 up to `stepsPerEpoch` - 1. */
  get stepOfEpoch() {
    return this.#native.stepOfEpoch(this.#run);
  }

  /** Mini-batches in the training set; 1 with the full batch, where an epoch is a step. */
  get stepsPerEpoch() {
    return this.#native.stepsPerEpoch(this.#run);
  }

  /** Of the current parameters on the whole training set, without the penalty. */
  get loss() {
    return this.#native.loss(this.#run);
  }

  /** The same on the test set; NaN without one. */
  get testLoss() {
    return this.#native.testLoss(this.#run);
  }

  /**
   * Share of training samples on the right side: threshold 0.5 for one output, sign for tanh and
   * hinge, argmax for several; NaN for regression.
   */
  get accuracy() {
    return this.#native.accuracy(this.#run);
  }

  /** The same of the test samples; NaN without any. */
  get testAccuracy() {
    return this.#native.testAccuracy(this.#run);
  }

  /** Whether the next epoch would not be finite; this one is the last that is. */
  get diverged() {
    return this.#native.diverged(this.#run);
  }

  /** Whether the stop condition has been met. */
  get stopped() {
    return this.#native.stopped(this.#run);
  }

  /** @returns {History} */
  history() {
    const given = new Given(this.#native.take(this.#native.history(this.#run)));
    const count = given.number();
    const history = { epochs: given.numbers(count), losses: given.numbers(count) };
    return given.left() > 0 ? { ...history, testLosses: given.numbers(count) } : history;
  }

  /**
   * @param {Rows} inputs raw, before any feature
   * @returns {Float64Array} row-major, samples x outputs
   */
  predict(inputs) {
    const run = this.#run;
    this.#native.put(check.rows('inputs', inputs, this.#native.inputs(run)));
    return this.#native.take(this.#native.predict(run));
  }

  /**
   * @param {Rows} inputs raw, before any feature
   * @returns {Float64Array[]} one a layer, row-major, samples x units
   */
  activations(inputs) {
    const run = this.#run;
    this.#native.put(check.rows('inputs', inputs, this.#native.inputs(run)));
    const given = new Given(this.#native.take(this.#native.activations(run)));
    const layers = [];
    while (given.left() > 0) layers.push(given.numbers(given.number()));
    return layers;
  }

  /** @returns {Dataset} */
  dataset() {
    const given = new Given(this.#native.take(this.#native.dataset(this.#run)));
    const inputColumns = given.number();
    const targetColumns = given.number();
    const samples = given.number();
    const tests = given.number();
    return {
      inputColumns,
      targetColumns,
      inputs: given.numbers(samples * inputColumns),
      targets: given.numbers(samples * targetColumns),
      testInputs: given.numbers(tests * inputColumns),
      testTargets: given.numbers(tests * targetColumns),
    };
  }

  /** @returns {Float64Array} flat: W1 (fan-in x fan-out, row-major), b1, W2, b2, … */
  parameters() {
    return this.#native.take(this.#native.parameters(this.#run));
  }

  /**
   * Makes the beginning of this epoch a new origin: optimizer state, history and checkpoints begin again, and seeking
   * before it ends here.
   * @param {ArrayLike<number>} parameters as many as there are, finite
   */
  setParameters(parameters) {
    const { length } = this.parameters();
    this.#native.put(check.vector('parameters', parameters, length));
    this.#native.setParameters(this.#run);
  }

  /** @returns {Float64Array} of loss plus penalty on the whole training set, as the parameters */
  gradient() {
    return this.#native.take(this.#native.gradient(this.#run));
  }

  /**
   * @param {Rows} rows each as long as the parameters
   * @returns {Float64Array} the training loss at each of them
   */
  lossAt(rows) {
    const { length } = this.parameters();
    this.#native.put(check.rows('rows', rows, length));
    return this.#native.take(this.#native.lossAt(this.#run));
  }

  /**
   * One step on the whole training set.
   * @returns {Intermediate[]} in the order in which they are computed
   */
  trace() {
    const given = new Given(this.#native.take(this.#native.trace(this.#run)));
    const intermediates = [];
    while (given.left() > 0) {
      const quantity = QUANTITIES[given.number()];
      const name = quantity.replaceAll('#', String(given.number()));
      const rows = given.number();
      const cols = given.number();
      intermediates.push({ name, rows, cols, values: given.numbers(rows * cols) });
    }
    return intermediates;
  }

  /** @returns {GradientCheck} */
  gradientCheck() {
    const given = new Given(this.#native.take(this.#native.gradientCheck(this.#run)));
    const maxRelativeError = given.number();
    const count = given.left() / 2;
    return { maxRelativeError, analytic: given.numbers(count), numeric: given.numbers(count) };
  }

  /**
   * @returns {string} FNV-1a 64 over the little-endian bytes of the parameters, every NaN as
   *   7ff8000000000000, as 16 lower-case hexadecimal digits
   */
  digest() {
    const halves = [...this.#native.take(this.#native.digest(this.#run))];
    return halves.map((half) => half.toString(16).padStart(8, '0')).join('');
  }
}
