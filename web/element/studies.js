// What a figure looks into beside its run: the seed atlas and the landscape, each only where a view
// shows it.
import { Atlas } from '../engine/atlas.js';
import { LandscapeStudy } from '../engine/landscape.js';
import { poolOf } from '../engine/pool.js';
import { Growth } from './growth.js';

/** @typedef {import('../engine/run.js').Run} Run */

/**
 * An atlas, and who shows it: told of changes, and whether it is in sight there.
 * @typedef {object} Shared
 * @property {Atlas} atlas
 * @property {Map<() => void, boolean>} viewers
 * @property {() => void} end
 */

/** The figures of a run show one atlas. @type {WeakMap<Run, Shared>} */
const atlases = new WeakMap();

/**
 * @param {Run} run
 * @param {import('../engine/pool.js').Pool} pool
 */
function atlasOf(run, pool) {
  const known = atlases.get(run);
  if (known) return known;
  /** @type {Shared['viewers']} */
  const viewers = new Map();
  const atlas = new Atlas(pool, () => {
    for (const onChange of viewers.keys()) onChange();
  });
  const end = () => {
    atlas.end();
    atlases.delete(run);
  };
  const shared = { atlas, viewers, end };
  atlases.set(run, shared);
  return shared;
}

export class Studies {
  /** @type {import('../views/seeds.js').Order} of the seeds */
  order = 'outcome';
  isTableOpen = false;
  tiles;
  rows;
  /** @type {Shared | undefined} */
  #shared;
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
    return this.#shared?.atlas.state;
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
      this.#shared ??= atlasOf(run, poolOf(this.#source));
      const { atlas, viewers } = this.#shared;
      viewers.set(this.#onChange, isSeen);
      atlas.follow(run.scene, [...viewers.values()].includes(true));
    }
    if (views.includes('landscape')) {
      this.#landscape ??= new LandscapeStudy(poolOf(this.#source), this.#onChange);
      this.#landscape.follow(run.scene, isSeen, run.isAtRest);
    }
  }

  /** @param {number} count of seeds */
  useCount(count) {
    this.#restart();
    this.#shared?.atlas.useCount(count);
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
    this.#shared?.atlas.goOn();
  }

  /** @param {[number, number] | undefined} axes */
  useAxes(axes) {
    this.#landscape?.useAxes(axes);
  }

  end() {
    this.#shared?.viewers.delete(this.#onChange);
    if (this.#shared?.viewers.size === 0) this.#shared.end();
    this.#landscape?.end();
    this.#shared = undefined;
    this.#landscape = undefined;
  }
}
