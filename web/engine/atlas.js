// The seed atlas as the page knows it: one experiment under many seeds, filling in as they finish;
// how its own seed stands; and the same data with other hidden layers and learning rates.
import { DEFAULTS, isSame } from '../state/experiment.js';
import { judgeOf } from '../state/outcome.js';
import { whyStuck } from '../state/why.js';

/** @typedef {import('../state/types.js').Experiment} Experiment */
/** @typedef {import('../state/types.js').Standing} Standing */
/** @typedef {import('../state/outcome.js').Outcome} Outcome */
/** @typedef {import('../state/outcome.js').Judge} Judge */
/** @typedef {import('./messages.js').Survey} Survey */
/** @typedef {import('./run.js').Scene} Scene */

/**
 * A cell of the table: how often a hidden layer of this size learns at this rate.
 * @typedef {object} Cell
 * @property {number} units
 * @property {number} rate
 * @property {Experiment} experiment
 * @property {Outcome[]} outcomes of the seeds that have finished
 */

/**
 * @typedef {object} AtlasState
 * @property {Experiment} experiment
 * @property {Judge} judge
 * @property {number} count how many seeds are asked for
 * @property {number} total of seeds
 * @property {Outcome[]} outcomes of the seeds that have finished
 * @property {number} milliseconds since it began, while it lasts
 * @property {boolean} isHeld whether it waits to be told to go on
 * @property {boolean} isTooLong whether one run takes too long for it
 * @property {Cell[][]} table rows of hidden units, columns of rates; may be empty
 * @property {import('../state/why.js').Why | undefined} why
 */

export const COUNTS = [50, 200, 1000];
export const CELL_SEEDS = 200;
const HIDDEN_UNITS = [2, 3, 4, 8];
/** Learning rates side by side: of plain gradient descent, and of the others. */
const SGD_RATES = [0.1, 1, 10];
const OTHER_RATES = [0.001, 0.01, 0.1];
/** Seeds in a batch, and multiplications that one epoch of it, and all, may cost. */
const BATCH = 64;
const EPOCH_COST = 2e5;
const BATCH_COST = 1e9;
/** Milliseconds of work that are done without being asked again. */
const BUDGET = 20000;

export class Atlas {
  /** @type {AtlasState | undefined} */
  state;
  #pool;
  #onChange;
  #count = 200;
  #isSeen = false;
  /** @type {Scene | undefined} */
  #scene;
  /** when the work that is under way began */
  #started = 0;
  /** milliseconds of work before that: in all, and since somebody has asked */
  #worked = 0;
  #spent = 0;
  /** @type {(() => Promise<void>)[]} batches that wait, each a job and what is done with its result */
  #waiting = [];
  #underWay = 0;
  #survey = new AbortController();
  #standing = new AbortController();

  /**
   * @param {import('./pool.js').Pool} pool
   * @param {() => void} onChange
   */
  constructor(pool, onChange) {
    this.#pool = pool;
    this.#onChange = onChange;
  }

  /**
   * @param {Scene} scene
   * @param {boolean} isSeen nothing is begun while nobody looks
   */
  follow(scene, isSeen) {
    this.#isSeen = isSeen;
    const before = this.#scene?.experiment;
    if (isSeen && !isSame(before, scene.experiment)) {
      this.#scene = scene;
      const isKnown = before && isSame(withSeed(before, 0), withSeed(scene.experiment, 0));
      if (isKnown && this.state?.outcomes.some(({ seed }) => seed === seedOf(scene.experiment)))
        this.state = { ...this.state, experiment: scene.experiment, why: undefined };
      else this.#begin(scene);
      this.#lookInto(scene.experiment);
    }
    this.#deal();
  }

  /** @param {number} count of seeds */
  useCount(count) {
    this.#count = count;
    if (this.#scene) this.#begin(this.#scene);
    this.#deal();
  }

  /** Another helping of work. */
  goOn() {
    if (!this.state) return;
    this.#spent = 0;
    this.#set({ isHeld: false });
    this.#deal();
  }

  end() {
    this.#survey.abort();
    this.#standing.abort();
    this.#waiting = [];
  }

  /** @param {Scene} scene */
  #begin({ experiment, info }) {
    this.#survey.abort();
    this.#survey = new AbortController();
    this.#underWay = 0;
    this.#worked = 0;
    this.#spent = 0;
    const seeds = Array.from({ length: this.#count }, (_, seed) => seed);
    const own = seedOf(experiment);
    if (own >= seeds.length) seeds.push(own);
    const table = tableOf(experiment);
    this.state = {
      experiment,
      judge: judgeOf(experiment, info),
      count: this.#count,
      total: seeds.length,
      outcomes: [],
      milliseconds: 0,
      isHeld: false,
      isTooLong: false,
      table,
      why: this.state?.why,
    };
    const cost = info.parameterCount * info.rowCount;
    this.#waiting = this.#batches(experiment, seeds, cost, true, (found) =>
      this.#set({
        outcomes: [...(this.state?.outcomes ?? []), ...found],
        milliseconds: this.#worked + performance.now() - this.#started,
      }),
    );
    const others = Array.from({ length: CELL_SEEDS }, (_, seed) => seed);
    for (const cell of table.flat())
      this.#waiting.push(
        ...this.#batches(cell.experiment, others, cost * 4, false, (found) => {
          cell.outcomes = [...cell.outcomes, ...found];
          this.#set({});
        }),
      );
  }

  /**
   * @param {Experiment} experiment
   * @param {number[]} seeds
   * @param {number} cost of one member's epoch, in multiplications
   * @param {boolean} hasMaps
   * @param {(found: Outcome[]) => void} add
   */
  #batches(experiment, seeds, cost, hasMaps, add) {
    const most = Math.min(EPOCH_COST / cost, BATCH_COST / (cost * experiment.epochs));
    const size = Math.max(1, Math.min(BATCH, Math.floor(most)));
    const { signal } = this.#survey;
    return Array.from({ length: Math.ceil(seeds.length / size) }, (_, i) => async () => {
      const batch = seeds.slice(i * size, (i + 1) * size);
      const job = { kind: /** @type {const} */ ('survey'), experiment, seeds: batch, hasMaps };
      const survey = await this.#pool.run(job, signal);
      if (survey) return add(outcomesOf(batch, survey));
      this.#waiting = [];
      this.#set({ isTooLong: true });
    });
  }

  /** Keeps every engine at work, with one batch more in reach. */
  #deal() {
    while (this.#waiting.length > 0 && this.#underWay <= this.#pool.size) {
      if (!this.#isSeen || this.state?.isHeld) return;
      if (this.#spent > BUDGET) {
        this.#set({ isHeld: true });
        return;
      }
      if (this.#underWay++ === 0) this.#started = performance.now();
      this.#waiting.shift()?.().then(this.#finished(this.#survey.signal));
    }
  }

  /** @param {AbortSignal} signal */
  #finished(signal) {
    return () => {
      if (signal.aborted) return;
      const now = performance.now();
      this.#worked += now - this.#started;
      this.#spent += now - this.#started;
      this.#started = now;
      this.#underWay--;
      this.#deal();
    };
  }

  /** @param {Experiment} experiment */
  async #lookInto(experiment) {
    this.#standing.abort();
    this.#standing = new AbortController();
    const job = { kind: /** @type {const} */ ('standing'), experiment };
    /** @type {Standing | undefined} */
    const standing = await this.#pool.run(job, this.#standing.signal, true);
    this.#set({ why: standing && whyStuck(standing, experiment) });
  }

  /** @param {Partial<AtlasState>} change */
  #set(change) {
    if (this.state) this.state = { ...this.state, ...change };
    this.#onChange();
  }
}

/** @param {Experiment} experiment */
export function seedOf({ initializer }) {
  return initializer.seed ?? Number(DEFAULTS.initializer.seed);
}

/**
 * @param {Experiment} experiment
 * @param {number} seed
 * @returns {Experiment}
 */
export function withSeed(experiment, seed) {
  return { ...experiment, initializer: { ...experiment.initializer, seed } };
}

/**
 * The experiment with other hidden layers and rates; empty where it has no hidden layer.
 * @param {Experiment} experiment
 * @returns {Cell[][]}
 */
function tableOf(experiment) {
  const { layers, optimizer } = experiment;
  if (layers.length < 2) return [];
  const rates = optimizer.kind === 'sgd' ? SGD_RATES : OTHER_RATES;
  return HIDDEN_UNITS.map((units) =>
    rates.map((rate) => ({
      units,
      rate,
      experiment: {
        ...experiment,
        layers: layers.map((layer, i) => (i < layers.length - 1 ? { ...layer, units } : layer)),
        optimizer: { ...optimizer, learningRate: rate },
      },
      outcomes: [],
    })),
  );
}

/**
 * @param {number[]} seeds
 * @param {Survey} survey
 * @returns {Outcome[]}
 */
function outcomesOf(seeds, { losses, diverged, maps, size }) {
  return seeds.map((seed, i) => ({
    seed,
    loss: losses[i],
    diverged: diverged[i],
    map: maps && size ? { size, values: maps[i] } : undefined,
  }));
}
