// A run beside the page's own, that reads out what is taken away.
import { engineSource } from 'virtual:backprop-engine';
import { acquireEngine } from '../engine/client.js';
import { Run } from '../engine/run.js';
import {
  courseOf,
  endOf,
  lastEpoch,
  MOST_PARAMETERS,
  nudged,
  programExperiment,
  whyNoProgram,
} from '../state/take.js';

/** @typedef {import('../state/types.js').Looks} Looks */
/** @typedef {import('../engine/run.js').Scene} Scene */
/** @typedef {Record<string, unknown>} Given */

/**
 * @typedef {object} Made
 * @property {import('../state/types.js').RunInfo} info
 * @property {string} [problem] why there is no program
 * @property {import('../state/types.js').Snapshot} [first]
 * @property {import('../state/take.js').Course} [course]
 */

export class TakeRun {
  #run = new Run(acquireEngine(engineSource));
  /** One thing is asked after the other. @type {Promise<unknown>} */
  #turn = Promise.resolve();

  /**
   * @template T
   * @param {() => Promise<T>} ask
   * @returns {Promise<T>}
   */
  #inTurn(ask) {
    const answer = this.#turn.then(ask);
    this.#turn = answer.catch(() => {});
    return answer;
  }

  /**
   * @param {Given} experiment
   * @param {number} epoch
   * @param {Looks} looks
   * @returns {Promise<Scene>}
   */
  async #goTo(experiment, epoch, looks) {
    const run = this.#run;
    run.watch(this, {}, false);
    if (run.given !== experiment || !run.scene) await run.open(experiment, epoch);
    const isSmall = run.scene && run.scene.info.parameterCount <= MOST_PARAMETERS;
    if (isSmall || !looks.trace) run.watch(this, looks, false);
    await run.seek(epoch);
    if (!run.scene) throw new Error('There is no engine');
    return run.scene;
  }

  /**
   * The run at an epoch.
   * @param {Given} experiment
   * @param {number} epoch
   * @param {Looks} looks
   */
  read(experiment, epoch, looks) {
    return this.#inTurn(() => this.#goTo(experiment, epoch, looks));
  }

  /**
   * The run at an epoch, with its history to its end.
   * @param {Given} experiment
   * @param {number} epoch
   */
  readWhole(experiment, epoch) {
    return this.#inTurn(async () => {
      const { info } = await this.#goTo(experiment, epoch, {});
      await this.#goTo(experiment, Math.max(epoch, endOf(experiment, info)), {});
      return this.#goTo(experiment, epoch, {});
    });
  }

  /**
   * What the run's programs are made of.
   * @param {Given} given
   * @returns {Promise<Made>}
   */
  prepare(given) {
    return this.#inTurn(async () => {
      const plain = programExperiment(given);
      const { info } = await this.#goTo(plain, 0, {});
      const problem = whyNoProgram(given, info);
      if (problem) return { info, problem };
      const { snapshot: first } = await this.#goTo(plain, 0, { trace: true });
      const last = lastEpoch(plain, info, endOf(plain, info));
      const { snapshot } = await this.#goTo(plain, last, {});
      const lastOther = snapshot.diverged ? snapshot.epoch : last;
      const other = await this.#goTo(nudged(plain, first), lastOther, {});
      return { info, first, course: courseOf(plain, info, snapshot, other.snapshot) };
    });
  }
}
