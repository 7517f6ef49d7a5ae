// What screen readers are told: the latest sentence, at most every five seconds.

const EVERY = 5000;

export class Announcer {
  /** what the live region holds */
  text = '';
  #latest = '';
  #onChange;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /** @param {string} sentence */
  say(sentence) {
    if (sentence === this.#latest) return;
    const isFirst = this.#latest === '';
    this.#latest = sentence;
    if (!isFirst) this.#timer ??= setTimeout(() => this.#speak(), EVERY);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #speak() {
    this.#timer = undefined;
    if (this.text === this.#latest) return;
    this.text = this.#latest;
    this.#onChange();
  }
}
