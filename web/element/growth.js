// Long lists are put on the page a part at a frame, so that no frame takes long.

const STEP = 200;

export class Growth {
  /** how many items are on the page */
  shown = STEP;
  #onChange;
  #isUnderWay = false;

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /** Begins anew, as another list does. */
  restart() {
    this.shown = STEP;
  }

  /** @param {number} total of items that shall be there */
  reach(total) {
    if (this.#isUnderWay || this.shown >= total) return;
    this.#isUnderWay = true;
    requestAnimationFrame(() => {
      this.#isUnderWay = false;
      this.shown += STEP;
      this.#onChange();
    });
  }
}
