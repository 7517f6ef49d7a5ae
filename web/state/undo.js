// What can be taken back: experiments with the epoch that was shown, and the step within it.

/** @typedef {{ given: Record<string, unknown>, epoch: number, step: number }} State */

/** Changes of one kind, such as a slider's, are one step when they follow each other this fast. */
const SAME_WITHIN = 1000;
/** Steps at most. */
const MOST_STEPS = 200;

export class Undo {
  /** @type {State[]} */
  #past = [];
  /** @type {State[]} */
  #future = [];
  #label = '';
  #changedAt = Number.NEGATIVE_INFINITY;

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /**
   * @param {State} before what the change has left
   * @param {string} label the kind of change; an empty one is a step of its own
   */
  record(before, label) {
    const now = performance.now();
    const isSame = label !== '' && label === this.#label && now - this.#changedAt < SAME_WITHIN;
    this.#label = label;
    this.#changedAt = now;
    this.#future = [];
    if (isSame && this.canUndo) return;
    this.#past.push({ given: before.given, epoch: before.epoch, step: before.step });
    if (this.#past.length > MOST_STEPS) this.#past.shift();
  }

  /**
   * @param {State} here
   * @returns {State | undefined} where to go
   */
  back(here) {
    this.#label = '';
    return exchange(this.#past, this.#future, here);
  }

  /**
   * @param {State} here
   * @returns {State | undefined} where to go
   */
  forth(here) {
    this.#label = '';
    return exchange(this.#future, this.#past, here);
  }
}

/**
 * @param {State[]} from
 * @param {State[]} to
 * @param {State} here
 */
function exchange(from, to, here) {
  const state = from.pop();
  if (state) to.push(here);
  return state;
}
