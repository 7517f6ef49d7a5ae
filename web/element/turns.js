// What is drawn for the first time comes a piece at a time, so that no task takes long.
import { noChange } from 'lit/html.js';

export class Turns {
  /** whether a piece waits for the next turn */
  areMore = false;
  /** whether something has been drawn for the first time */
  hasDrawn = false;
  /** whether nothing else is to be drawn this time */
  isAll = false;
  #isTaken = false;
  #waiting = 0;
  /** @type {Set<string>} */
  #drawn = new Set();
  /** @type {Set<string>} parts that have all their pieces */
  #whole = new Set();

  /**
   * A part of a figure, which may have pieces inside; it stays as it is where only other pieces come.
   * @param {string} name
   * @param {() => unknown} make
   */
  part = (name, make) => {
    if (this.isAll && this.#whole.has(name)) return noChange;
    const before = this.#waiting;
    const made = make();
    if (this.#waiting === before) this.#whole.add(name);
    else this.#whole.delete(name);
    return made;
  };

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
      this.#waiting++;
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
