// What a figure looks into beside its run: the seed atlas and the landscape, each only where a view
// shows it.
import { Atlas } from '../engine/atlas.js';
import { LandscapeStudy } from '../engine/landscape.js';
import { poolOf } from '../engine/pool.js';

/** @typedef {import('../engine/run.js').Run} Run */

export class Studies {
  /** @type {Atlas | undefined} */
  #atlas;
  /** @type {LandscapeStudy | undefined} */
  #landscape;
  #source;
  #onChange;

  /**
   * @param {import('../engine/client.js').EngineSource} source
   * @param {() => void} onChange
   */
  constructor(source, onChange) {
    this.#source = source;
    this.#onChange = onChange;
  }

  get atlas() {
    return this.#atlas?.state;
  }

  get landscape() {
    return this.#landscape?.state;
  }

  /**
   * @param {Run} run
   * @param {string[]} views
   * @param {boolean} isSeen
   */
  follow(run, views, isSeen) {
    if (!run.scene) return;
    if (views.includes('seeds')) {
      this.#atlas ??= new Atlas(poolOf(this.#source), this.#onChange);
      this.#atlas.follow(run.scene, isSeen);
    }
    if (views.includes('landscape')) {
      this.#landscape ??= new LandscapeStudy(poolOf(this.#source), this.#onChange);
      this.#landscape.follow(run.scene, isSeen, run.isAtRest);
    }
  }

  /** @param {number} count of seeds */
  useCount(count) {
    this.#atlas?.useCount(count);
  }

  goOn() {
    this.#atlas?.goOn();
  }

  /** @param {[number, number] | undefined} axes */
  useAxes(axes) {
    this.#landscape?.useAxes(axes);
  }

  end() {
    this.#atlas?.end();
    this.#landscape?.end();
    this.#atlas = undefined;
    this.#landscape = undefined;
  }
}
