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

/** Epochs of the default run: a few milliseconds. */
const WARM_UP = 5000;

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
 * @param {LoadOptions} [options]
 * @returns {Promise<Backprop>}
 */
export async function loadBackprop(options = {}) {
  const catalog = () => JSON.parse(catalogJson);
  const classes = await loadClasses(catalog(), await loadModule(options));
  warmUp(classes);
  return { ...classes, catalog };
}

/**
 * V8 optimizes what has run for a while, beside it. When the caller's first run begins, that has been
 * done or is on its way.
 * @param {import('./classes.js').Classes} classes
 */
function warmUp({ Session }) {
  const session = new Session();
  session.train(WARM_UP);
  session.dispose();
}
