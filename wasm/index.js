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

/** Epochs of the default run: about a millisecond before V8 has optimized them, a tenth of it after. */
const WARM_UP = 1000;
/** How often they run before V8's compiler is waited for, so many milliseconds, so often at most. */
const RUNS = 4;
const PAUSE = 4;
const MOST_PAUSES = 8;

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
 * Some 40 milliseconds of it are for V8 to optimize what trains, so that the first run is fast.
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
 * V8 optimizes what has run for a while, beside it. The caller's first run begins when the same epochs
 * take a fraction of what they took at first, or have not for some 30 milliseconds.
 * @param {import('./classes.js').Classes} classes
 */
async function warmUp({ Session }) {
  const session = new Session();
  const timed = () => {
    const start = performance.now();
    session.train(WARM_UP);
    return performance.now() - start;
  };
  const before = Math.min(...Array.from({ length: RUNS }, timed));
  for (let pauses = 0; pauses < MOST_PAUSES && timed() > before / 4; pauses++)
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  session.dispose();
}
