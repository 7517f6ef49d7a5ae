// While a run plays, every picture is drawn, and what is to be read some parts at a time: to draw all of
// it at once would take longer than a frame has.

/** A part is drawn whole so many milliseconds apart; with ten pictures a second, all of them with each. */
const EVERY = 90;

export class Words {
  /** @type {Map<string, number>} when each part was last drawn whole */
  #drawn = new Map();
  #last = Number.NEGATIVE_INFINITY;
  /** @type {ReturnType<typeof setTimeout> | undefined} draws what is left after the last picture */
  #rest;
  #onRest;

  /** @param {() => void} onRest when no picture has come for a while */
  constructor(onRest) {
    this.#onRest = onRest;
  }

  /**
   * Which parts are drawn whole this time: those whose turn it is, as many as the time since the last
   * picture asks for, and half of them at most.
   * @param {string[]} names of all parts
   * @param {boolean} isGlimpse whether the others may wait
   * @returns {string[]}
   */
  next(names, isGlimpse) {
    const now = performance.now();
    const age = (/** @type {string} */ name) => now - (this.#drawn.get(name) ?? 0);
    const share = Math.min(1 / 2, (now - this.#last) / EVERY);
    const most = isGlimpse ? Math.ceil(names.length * share) : names.length;
    const due = isGlimpse ? names.filter((name) => age(name) >= EVERY) : names;
    const chosen = due.toSorted((a, b) => age(b) - age(a)).slice(0, most);
    for (const name of chosen) this.#drawn.set(name, now);
    this.#last = now;
    clearTimeout(this.#rest);
    if (isGlimpse) this.#rest = setTimeout(this.#onRest, EVERY);
    return chosen;
  }
}
