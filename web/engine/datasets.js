// The rows of data sets, as the engine makes them: for small pictures of all of them, and for the
// reader to edit.
import { poolOf } from './pool.js';

/** @typedef {import('../state/types.js').Dataset} Dataset */
/** @typedef {import('../state/types.js').Catalog} Catalog */

/** Rows of a picture. */
const PICTURE_ROWS = 120;

export class Datasets {
  /** @type {Map<string, Dataset>} by the data's name, once they are there */
  pictures = new Map();
  #isAsked = false;
  #source;
  #onChange;

  /**
   * @param {import('./client.js').EngineSource} source
   * @param {() => void} onChange
   */
  constructor(source, onChange) {
    this.#source = source;
    this.#onChange = onChange;
  }

  /**
   * Asks for the pictures, once.
   * @param {Catalog} catalog
   */
  async askPictures(catalog) {
    if (this.#isAsked) return;
    this.#isAsked = true;
    const entries = catalog.data.filter(({ name }) => name !== 'points');
    const experiments = entries.map(({ name, settings }) => ({
      data: {
        kind: name,
        ...(settings.some((setting) => setting.name === 'samples')
          ? { samples: PICTURE_ROWS }
          : {}),
      },
    }));
    const found = await this.#run(experiments);
    this.pictures = new Map(found.map((dataset, i) => [entries[i].name, dataset]));
    this.#onChange();
  }

  /**
   * All rows of an experiment's data.
   * @param {Record<string, unknown>} experiment
   * @returns {Promise<Dataset | undefined>} undefined where no engine can be had
   */
  async rowsOf(experiment) {
    return (await this.#run([experiment]))[0];
  }

  /**
   * @param {Record<string, unknown>[]} experiments
   * @returns {Promise<Dataset[]>}
   */
  async #run(experiments) {
    const { signal } = new AbortController();
    return (await poolOf(this.#source).run({ kind: 'datasets', experiments }, signal, true)) ?? [];
  }
}
