// Moves a run along its epochs at an even pace on the axis, a frame at a time.
import { fractionOf, valueAt } from './axis.js';

/** @typedef {import('./axis.js').Scale} Scale */

/**
 * What a player moves.
 * @typedef {object} Film
 * @property {number} epoch
 * @property {number} end the last epoch of the film
 * @property {Scale} scale the even pace is even on this axis
 * @property {() => boolean} isSeen nothing moves while nobody looks
 * @property {() => boolean} isBusy whether the last frame is still being made
 * @property {(epoch: number) => void} show
 * @property {() => void} finish
 */

/** Milliseconds that a frame may count for: after a pause the film goes on where it was. */
const LONGEST_FRAME = 50;

export class Player {
  #film;
  /** @type {number | ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #isStill = false;
  #fraction = 0;
  #duration = 0;
  #last = 0;

  /** @param {Film} film */
  constructor(film) {
    this.#film = film;
  }

  get isPlaying() {
    return this.#timer !== undefined;
  }

  /**
   * @param {number} epoch to begin at
   * @param {number} duration milliseconds that the whole axis would take
   * @param {number} [still] with reduced motion: milliseconds between two pictures
   */
  start(epoch, duration, still) {
    this.stop();
    this.#isStill = still !== undefined;
    this.#duration = duration;
    this.#fraction = fractionOf(epoch, this.#film.end, this.#film.scale);
    this.#last = performance.now();
    this.#next(still);
  }

  stop() {
    if (this.#isStill) clearTimeout(this.#timer);
    else if (this.#timer !== undefined) cancelAnimationFrame(Number(this.#timer));
    this.#timer = undefined;
  }

  /** @param {number} [still] */
  #next(still) {
    this.#timer = this.#isStill
      ? setTimeout(() => this.#tick(still), still)
      : requestAnimationFrame(() => this.#tick());
  }

  /** @param {number} [still] */
  #tick(still) {
    const film = this.#film;
    const now = performance.now();
    const passed = Math.min(now - this.#last, still ?? LONGEST_FRAME);
    this.#last = now;
    this.#next(still);
    if (film.isBusy() || !film.isSeen()) return;
    this.#fraction = Math.min(1, this.#fraction + passed / this.#duration);
    const epoch = Math.round(valueAt(this.#fraction, film.end, film.scale));
    if (epoch !== film.epoch) film.show(epoch);
    if (this.#fraction < 1) return;
    this.stop();
    film.finish();
  }
}
