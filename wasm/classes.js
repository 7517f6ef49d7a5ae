// A session and an ensemble of a compiled program: all that the package gives but for the catalog,
// which the engine of a page does without.
import createModule from './backprop.js';
import { encode } from './encode.js';
import { Ensemble as Runs } from './ensemble.js';
import { ExperimentError } from './error.js';
import { loadModule } from './load.js';
import { Session as Run } from './session.js';

/** @typedef {import('./experiment-types.js').Experiment} Experiment */
/** @typedef {import('./load.js').LoadOptions} LoadOptions */
/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./ensemble.js').Ensemble} Ensemble */
/** @typedef {import('./backprop.js').Made} Made */

/**
 * Has something made of an experiment; throws an ExperimentError where it is none.
 * @typedef {(experiment: Experiment, what: string, make: (stream: Float64Array) => Made) =>
 *   number | boolean} Read
 */

/**
 * @typedef {object} Classes
 * @property {new (experiment?: Experiment) => Session} Session throws an ExperimentError
 * @property {new (experiment: Experiment, seeds: ArrayLike<number>) => Ensemble} Ensemble the same
 *   experiment under many initializer seeds, each 0 to 4294967295; throws an ExperimentError
 */

/**
 * @param {LoadOptions} [options]
 * @returns {Promise<Classes>}
 */
export async function loadClasses(options = {}) {
  const native = await instantiate(await loadModule(options));
  // The classes take their names from the properties: esbuild would mix up a name of their own with
  // that of what they extend.
  return {
    Session: class extends Run {
      /** @param {Experiment} [experiment] */
      constructor(experiment = {}) {
        super(native, read, experiment);
      }
    },
    Ensemble: class extends Runs {
      /**
       * @param {Experiment} experiment
       * @param {ArrayLike<number>} seeds
       */
      constructor(experiment, seeds) {
        super(native, read, experiment, seeds);
      }
    },
  };
}

/**
 * @param {WebAssembly.Module} module
 * @returns {Promise<import('./backprop.js').NativeModule>}
 */
function instantiate(module) {
  return new Promise((resolve, reject) => {
    createModule({
      instantiateWasm(imports, receive) {
        const instance = WebAssembly.instantiate(module, imports);
        instance.then((instance) => receive(instance, module)).catch(reject);
        return {};
      },
      locateFile: (name) => name,
      printErr: () => {}, // what it would say comes as an error
    }).then(resolve, reject);
  });
}

/** @type {Read} */
function read(experiment, what, make) {
  const stream = encode(experiment);
  try {
    const made = make(stream);
    if (typeof made === 'object') throw new ExperimentError(made.message, made.path);
    return made;
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    throw new RangeError(`There is not enough memory for this ${what}.`, { cause: error });
  }
}
