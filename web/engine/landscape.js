// The landscape as the page knows it: the loss on a plane through the path of a run, asked for anew
// when the run or the plane has changed.

/** @typedef {import('../state/types.js').Experiment} Experiment */
/** @typedef {import('../state/types.js').Landscape} Landscape */

/**
 * @typedef {object} LandscapeState
 * @property {[number, number] | undefined} axes two parameters; undefined: the path's own directions
 * @property {Landscape | undefined} landscape
 * @property {number} epoch that the other parameters are taken from
 * @property {boolean} isRefused whether this run has no landscape
 */

export class LandscapeStudy {
  /** @type {LandscapeState} */
  state = { axes: undefined, landscape: undefined, epoch: 0, isRefused: false };
  #pool;
  #onChange;
  /** what has been asked for */
  #asked = '';
  #work = new AbortController();
  /** @type {import('./run.js').Scene | undefined} */
  #scene;

  /**
   * @param {import('./pool.js').Pool} pool
   * @param {() => void} onChange
   */
  constructor(pool, onChange) {
    this.#pool = pool;
    this.#onChange = onChange;
  }

  /**
   * @param {import('./run.js').Scene} scene
   * @param {boolean} isSeen
   * @param {boolean} isAtRest while it moves, the plane stays
   */
  follow(scene, isSeen, isAtRest) {
    const { axes } = this.state;
    const most = scene.info.parameterCount;
    if (axes?.some((axis) => axis >= most)) this.state = { ...this.state, axes: undefined };
    const isSame = this.#scene?.experiment === scene.experiment;
    if (isSeen && (isAtRest || !isSame)) this.#ask(scene);
  }

  /**
   * @param {[number, number] | undefined} axes
   */
  useAxes(axes) {
    this.state = { ...this.state, axes };
    if (this.#scene) this.#ask(this.#scene);
    this.#onChange();
  }

  end() {
    this.#work.abort();
  }

  /** @param {import('./run.js').Scene} scene */
  async #ask(scene) {
    this.#scene = scene;
    const { experiment } = scene;
    const { axes } = this.state;
    const epoch = axes ? scene.snapshot.epoch : 0;
    const asked = JSON.stringify([experiment, axes, epoch]);
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#work.abort();
    this.#work = new AbortController();
    const job = { kind: /** @type {const} */ ('landscape'), experiment, axes, epoch };
    /** @type {Landscape | undefined} */
    const landscape = await this.#pool.run(job, this.#work.signal, true);
    this.state = { axes, landscape, epoch, isRefused: !landscape };
    this.#onChange();
  }
}
