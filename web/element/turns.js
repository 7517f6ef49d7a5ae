// What is drawn for the first time comes a piece at a time, so that no task takes long.
import { noChange } from 'lit/html.js';

export class Turns {
  /** whether a piece waits for the next turn */
  areMore = false;
  /** whether something has been drawn for the first time */
  hasDrawn = false;
  #isTaken = false;
  /** @type {Set<string>} */
  #drawn = new Set();

  /**
   * @template T
   * @param {string} name of a piece
   * @param {() => T} make undefined where there is no such piece yet
   * @returns {T | undefined} undefined as long as it has to wait, too
   */
  draw = (name, make) => {
    if (this.#drawn.has(name)) return make();
    if (this.#isTaken) {
      this.areMore = true;
      return undefined;
    }
    this.#isTaken = true; // the pieces inside it wait
    const made = make();
    if (made === undefined || made === noChange) {
      this.#isTaken = false;
      return made;
    }
    this.hasDrawn = true;
    this.#drawn.add(name);
    return made;
  };

  /** The next piece's turn. */
  next() {
    this.areMore = false;
    this.#isTaken = false;
  }
}
