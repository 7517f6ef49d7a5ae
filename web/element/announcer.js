// What screen readers are told: the latest sentence, at most every five seconds.

const EVERY = 5000;

export class Announcer {
  /** what the live region holds */
  text = '';
  /** @type {(() => string) | undefined} what stands there from the beginning, which is not told */
  #first;
  /** @type {string | undefined} */
  #told;
  /** @type {() => string} */
  #latest = () => '';
  #onChange;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /** @param {() => string} sentence put together when it is told */
  say(sentence) {
    this.#latest = sentence;
    if (this.#first) this.#timer ??= setTimeout(() => this.#speak(), EVERY);
    else this.#first = sentence;
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #speak() {
    this.#timer = undefined;
    this.#told ??= this.#first?.();
    const text = this.#latest();
    if (text === this.#told) return;
    this.#told = text;
    this.text = text;
    this.#onChange();
  }
}
