import * as check from './check.js';

/** @typedef {import('./session.js').Rows} Rows */

/** Frees the ensembles that nobody has disposed of. */
const forgotten = new FinalizationRegistry((/** @type {{ delete(): void }} */ native) => {
  native.delete();
});

/**
 * One experiment under many initializer seeds, trained together. Member i is, to the bit, what a
 * Session gives whose initializer has the seed i; one that diverges stays at its last finite state
 * alone. Arrays that it gives are the caller's own.
 */
export class Ensemble {
  /** @type {import('./backprop.js').NativeEnsemble | undefined} */
  #native;

  /**
   * @ignore
   * @param {import('./backprop.js').NativeEnsemble} native
   */
  constructor(native) {
    this.#native = native;
    forgotten.register(this, native, this);
  }

  get #runs() {
    if (!this.#native) throw new Error('This ensemble has been disposed of.');
    return this.#native;
  }

  /**
   * @param {number} epochs 0 or more
   * @returns {number} how many ran: fewer when every member diverged or met its stop condition
   */
  train(epochs) {
    return this.#runs.train(check.epochs('epochs', epochs));
  }

  /** Frees its memory; nothing but `dispose` can be called from then on. */
  dispose() {
    forgotten.unregister(this);
    this.#native?.delete();
    this.#native = undefined;
  }

  /** How many members it has: as many as there were seeds. */
  get size() {
    return this.#runs.size();
  }

  /** That of the member that has come furthest: of all that have not ended. */
  get epoch() {
    return this.#runs.epoch();
  }

  /**
   * @param {number} member
   * @returns {number} where it is; its last finite epoch when it has diverged
   */
  epochOf(member) {
    const native = this.#runs;
    return native.epochOf(check.index('member', member, native.size()));
  }

  /**
   * @param {number} member
   * @returns {boolean} whether its next epoch would not be finite; its state is the last that is
   */
  diverged(member) {
    const native = this.#runs;
    return native.diverged(check.index('member', member, native.size()));
  }

  /** @returns {Float64Array} each member's, on the whole training set, without the penalty */
  losses() {
    return this.#runs.losses();
  }

  /**
   * @param {Rows} inputs raw, before any feature
   * @returns {Float64Array} row-major, members x samples x outputs
   */
  predict(inputs) {
    const native = this.#runs;
    return native.predict(check.rows('inputs', inputs, native.inputs()));
  }

  /**
   * @param {number} member
   * @returns {Float64Array} flat: W1 (fan-in x fan-out, row-major), b1, W2, b2, …
   */
  parameters(member) {
    const native = this.#runs;
    return native.parameters(check.index('member', member, native.size()));
  }
}
