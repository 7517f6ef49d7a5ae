// A session and an ensemble of a compiled program: all that the package gives but for the catalog's
// words, which the engine of a page does without.
import createModule from './backprop.js';
import { Ensemble as Runs } from './ensemble.js';
import { readerOf } from './read.js';
import { Session as Run } from './session.js';

/** @typedef {import('./experiment-types.js').Experiment} Experiment */
/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./ensemble.js').Ensemble} Ensemble */
/** @typedef {import('./backprop.js').NativeModule} NativeModule */

/**
 * The module that Emscripten makes, and its tray, by which several numbers cross.
 * @typedef {NativeModule & Tray} Native
 */
/**
 * @typedef {object} Tray
 * @property {(...rows: Float64Array[]) => void} put for the next call, one row after the other
 * @property {(count: number) => Float64Array} take what the last call has given, so many numbers
 */

/** @typedef {ReturnType<typeof readerOf>} PlanOf */

/**
 * @typedef {object} Classes
 * @property {new (experiment?: Experiment) => Session} Session throws an ExperimentError
 * @property {new (experiment: Experiment, seeds: ArrayLike<number>) => Ensemble} Ensemble the same
 *   experiment under many initializer seeds, each 0 to 4294967295; throws an ExperimentError
 */

/**
 * @param {Record<string, any>} catalog with or without its words
 * @param {WebAssembly.Module} module
 * @returns {Promise<Classes>}
 */
export async function loadClasses(catalog, module) {
  const native = await instantiate(module);
  const planOf = readerOf(catalog);
  // The classes take their names from the properties: esbuild would mix up a name of their own with
  // that of what they extend.
  return {
    Session: class extends Run {
      /** @param {Experiment} [experiment] */
      constructor(experiment = {}) {
        super(native, planOf, experiment);
      }
    },
    Ensemble: class extends Runs {
      /**
       * @param {Experiment} experiment
       * @param {ArrayLike<number>} seeds
       */
      constructor(experiment, seeds) {
        super(native, planOf, experiment, seeds);
      }
    },
  };
}

/**
 * @param {WebAssembly.Module} module
 * @returns {Promise<Native>}
 */
function instantiate(module) {
  return new Promise((resolve, reject) => {
    /** @type {WebAssembly.Memory} */
    let memory;
    createModule({
      instantiateWasm(imports, receive) {
        const instance = WebAssembly.instantiate(module, imports);
        instance
          .then((instance) => {
            memory = memoryOf(instance);
            receive(instance, module);
          })
          .catch(reject);
        return {};
      },
      locateFile: (name) => name,
      printErr: () => {}, // what it would say comes as an error
    }).then((native) => resolve(Object.assign(native, trayOf(native, memory))), reject);
  });
}

/**
 * Its name among the exports is whatever Emscripten has made of it.
 * @param {WebAssembly.Instance} instance
 * @returns {WebAssembly.Memory}
 */
function memoryOf({ exports }) {
  const memory = Object.values(exports).find((one) => one instanceof WebAssembly.Memory);
  return /** @type {WebAssembly.Memory} */ (memory);
}

/**
 * @param {NativeModule} native
 * @param {WebAssembly.Memory} memory
 * @returns {Tray}
 */
function trayOf(native, memory) {
  return {
    put(...rows) {
      let at = native.room(rows.reduce((count, { length }) => count + length, 0));
      for (const row of rows) {
        new Float64Array(memory.buffer, at).set(row);
        at += row.byteLength;
      }
    },
    take(count) {
      const numbers = new Float64Array(memory.buffer, native.given(), count).slice();
      native.room(0); // what has been given away need not lie there any longer
      return numbers;
    },
  };
}
