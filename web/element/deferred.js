/** A promise and its resolution. */
export class Deferred {
  isSettled = false;
  /** @type {() => void} */
  #settle = () => {};
  /** @type {Promise<void>} */
  promise = new Promise((resolve) => {
    this.#settle = resolve;
  });

  resolve() {
    this.isSettled = true;
    this.#settle();
  }
}
