// backprop-wasm: the engine for browsers, workers and Node.
//
//   import { loadBackprop } from 'backprop-wasm';
//   const backprop = await loadBackprop();
//   const session = new backprop.Session({ layers: [{ units: 4 }, { units: 1 }] });
//   session.train(10000);
import { catalogJson } from './catalog.js';
import { loadClasses } from './classes.js';
import { loadModule } from './load.js';

export { ExperimentError } from './error.js';

/** So many runs of so many epochs, and a pause of so many milliseconds, are a round of the warm-up. */
const ROUNDS = 3;
const RUNS = 10;
const EPOCHS = 1000;
const PAUSE = 4;

/** @typedef {import('./experiment-types.js').Experiment} Experiment */
/** @typedef {import('./experiment-types.js').Catalog} Catalog */
/** @typedef {import('./load.js').LoadOptions} LoadOptions */
/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./ensemble.js').Ensemble} Ensemble */
/** @typedef {import('./session.js').History} History */
/** @typedef {import('./session.js').Intermediate} Intermediate */
/** @typedef {import('./session.js').GradientCheck} GradientCheck */
/** @typedef {import('./session.js').Dataset} Dataset */
/** @typedef {import('./session.js').Rows} Rows */

/** @typedef {import('./classes.js').Classes & Names} Backprop */

/**
 * @typedef {object} Names
 * @property {() => Catalog} catalog every name that works
 */

/**
 * Some 20 milliseconds of it are for V8 to optimize what trains, so that the first run is fast.
 * @param {LoadOptions} [options]
 * @returns {Promise<Backprop>}
 */
export async function loadBackprop(options = {}) {
  const catalog = () => JSON.parse(catalogJson);
  const classes = await loadClasses(catalog(), await loadModule(options));
  await warmUp(classes);
  return { ...classes, catalog };
}

/**
 * V8 optimizes a function that has run for a while, beside the program: the step, the run of epochs and
 * what keeps their losses, each in its time. New sessions, because old ones keep a loss ever more
 * seldom; pauses, because its compiler may need the core that trains.
 * @param {import('./classes.js').Classes} classes
 */
async function warmUp({ Session }) {
  for (let round = 0; round < ROUNDS; round++) {
    for (let run = 0; run < RUNS; run++) {
      const session = new Session();
      session.train(EPOCHS);
      session.dispose();
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
