// Moves a run along its epochs, a frame at a time: at an even pace on the axis, or so many epochs a
// second.
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
 * @property {() => void} turn called at every frame: the next picture can be shown
 * @property {() => number} pace epochs that can be trained in a millisecond
 * @property {(epoch: number) => void} show
 * @property {() => void} finish
 */

/** Milliseconds for the whole axis, or epochs a second. @typedef {{ duration: number } | { speed: number }} Pace */

/** Milliseconds that a frame may count for: after a pause the film goes on where it was. */
const LONGEST_FRAME = 50;
/**
 * The share of its time that training gets at most: what is left is for the pictures, which come at
 * every frame, with fewer epochs between them where these take long.
 */
const TRAINING_SHARE = 0.5;

export class Player {
  #film;
  /** @type {number | ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #isStill = false;
  /** in epochs, not rounded */
  #position = 0;
  /** @type {Pace} */
  #pace = { duration: 0 };
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
   * @param {Pace} pace
   * @param {number} [still] with reduced motion: milliseconds between two pictures
   */
  start(epoch, pace, still) {
    this.stop();
    this.#isStill = still !== undefined;
    this.#pace = pace;
    this.#position = epoch;
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
    film.turn();
    if (this.isPlaying && !film.isBusy() && film.isSeen()) this.#goOn(passed);
  }

  /** @param {number} passed milliseconds */
  #goOn(passed) {
    const film = this.#film;
    const most = this.#position + film.pace() * passed * TRAINING_SHARE;
    this.#position = Math.min(film.end, most, this.#after(passed));
    const epoch = Math.round(this.#position);
    if (epoch !== film.epoch) film.show(epoch);
    if (epoch < film.end) return;
    this.stop();
    film.finish();
  }

  /** @param {number} passed milliseconds */
  #after(passed) {
    const pace = this.#pace;
    if ('speed' in pace) return this.#position + (passed / 1000) * pace.speed;
    const { end, scale } = this.#film;
    const fraction = fractionOf(this.#position, end, scale) + passed / pace.duration;
    return valueAt(Math.min(1, fraction), end, scale);
  }
}
