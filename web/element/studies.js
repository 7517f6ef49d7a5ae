// What a figure looks into beside its run: the seed atlas and the landscape, each only where a view
// shows it.
import { Atlas } from '../engine/atlas.js';
import { LandscapeStudy } from '../engine/landscape.js';
import { poolOf } from '../engine/pool.js';
import { Growth } from './growth.js';

/** @typedef {import('../engine/run.js').Run} Run */

export class Studies {
  /** @type {import('../views/seeds.js').Order} of the seeds */
  order = 'outcome';
  isTableOpen = false;
  tiles;
  rows;
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
    this.tiles = new Growth(onChange);
    this.rows = new Growth(onChange);
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
    this.#restart();
    this.#atlas?.useCount(count);
  }

  /** @param {import('../views/seeds.js').Order} order */
  useOrder(order) {
    this.#restart();
    this.order = order;
    this.#onChange();
  }

  /** @param {boolean} isOpen */
  useTable(isOpen) {
    this.rows.restart();
    this.isTableOpen = isOpen;
    this.#onChange();
  }

  #restart() {
    this.tiles.restart();
    this.rows.restart();
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
