// What is drawn for the first time comes a piece at a time, so that no task takes long.
import { noChange } from 'lit/html.js';

export class Turns {
  /** whether a piece has been drawn, so that the others wait for the next turn */
  isTaken = false;
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
    if (this.isTaken) return undefined;
    this.isTaken = true; // the pieces inside it wait
    const made = make();
    if (made === undefined || made === noChange) this.isTaken = false;
    else this.#drawn.add(name);
    return made;
  };
}
