import * as check from './check.js';

/** @typedef {import('./experiment-types.js').Experiment} Experiment */
/** @typedef {import('./session.js').Rows} Rows */

/** Frees the ensembles that nobody has disposed of. */
const forgotten = new FinalizationRegistry((/** @type {() => void} */ close) => close());

/**
 * One experiment under many initializer seeds, trained together. Member i is, to the bit, what a
 * Session gives whose initializer has the seed i; one that diverges stays at its last finite state
 * alone. Arrays that it gives are the caller's own.
 */
export class Ensemble {
  #native;
  #handle;

  /**
   * @ignore
   * @param {import('./classes.js').Native} native
   * @param {import('./classes.js').PlanOf} planOf
   * @param {Experiment} experiment
   * @param {ArrayLike<number>} seeds
   */
  constructor(native, planOf, experiment, seeds) {
    this.#native = native;
    const whole = check.seeds('seeds', seeds);
    const plan = planOf(experiment);
    const handle = check.room('ensemble', () => {
      native.put(whole, plan);
      return native.openEnsemble(whole.length);
    });
    this.#handle = handle;
    forgotten.register(this, () => native.closeEnsemble(handle), this);
  }

  /** The ensemble's address; 0 is no address. */
  get #runs() {
    if (!this.#handle) throw new Error('This ensemble has been disposed of.');
    return this.#handle;
  }

  /**
   * @param {number} epochs 0 or more
   * @returns {number} how many ran: fewer when every member diverged or met its stop condition
   */
  train(epochs) {
    return this.#native.trainEnsemble(this.#runs, check.epochs('epochs', epochs));
  }

  /** Frees its memory; nothing but `dispose` can be called from then on. */
  dispose() {
    forgotten.unregister(this);
    if (this.#handle) this.#native.closeEnsemble(this.#handle);
    this.#handle = 0;
  }

  /** How many members it has: as many as there were seeds. */
  get size() {
    return this.#native.sizeOfEnsemble(this.#runs);
  }

  /** That of the member that has come furthest: of all that have not ended. */
  get epoch() {
    return this.#native.epochOfEnsemble(this.#runs);
  }

  /**
   * @param {number} member
   * @returns {number} where it is; its last finite epoch when it has diverged
   */
  epochOf(member) {
    return this.#native.epochOfMember(this.#runs, check.index('member', member, this.size));
  }

  /**
   * @param {number} member
   * @returns {boolean} whether its next epoch would not be finite; its state is the last that is
   */
  diverged(member) {
    return this.#native.memberDiverged(this.#runs, check.index('member', member, this.size));
  }

  /** @returns {Float64Array} each member's, on the whole training set, without the penalty */
  losses() {
    return this.#native.take(this.#native.losses(this.#runs));
  }

  /**
   * @param {Rows} inputs raw, before any feature
   * @returns {Float64Array} row-major, members x samples x outputs
   */
  predict(inputs) {
    const runs = this.#runs;
    this.#native.put(check.rows('inputs', inputs, this.#native.inputsOfEnsemble(runs)));
    return this.#native.take(this.#native.predictAll(runs));
  }

  /**
   * @param {number} member
   * @returns {Float64Array} flat: W1 (fan-in x fan-out, row-major), b1, W2, b2, …
   */
  parameters(member) {
    const index = check.index('member', member, this.size);
    return this.#native.take(this.#native.parametersOfMember(this.#runs, index));
  }
}
