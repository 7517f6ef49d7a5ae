// brain.js: a step a sample, the mean squared error, one activation for all layers; its arrays are of
// single precision.
import { layersOf, lossOf, rowsOf } from './workload.mjs';

/** @typedef {import('./workload.mjs').Workload} Workload */

/** @param {import('./workload.mjs').Host} host */
export async function open({ load }) {
  const { NeuralNetwork } = await load('brain.js');
  const create = async (
    /** @type {string} */ _name,
    /** @type {() => Promise<Workload>} */ read,
  ) => {
    const w = await read();
    const outputs = w.units[w.units.length - 1];
    const network = new NeuralNetwork({ hiddenLayers: w.units.slice(1, -1), activation: w.hidden });
    network.sizes = w.units;
    network.initialize();
    for (const [l, { weights, biases }] of layersOf(w).entries()) {
      network.biases[l + 1].set(biases);
      for (const [j, own] of network.weights[l + 1].entries())
        own.set(weights.map((row) => row[j]));
    }
    network.trainOpts.learningRate = (2 / outputs) * w.rate; // of half the square
    network.trainOpts.momentum = 0;
    const rows = rowsOf(w);
    /** @param {number} epochs */
    const run = (epochs) => {
      for (let epoch = 0; epoch < epochs; epoch++) {
        for (const row of rows) network.trainPattern(row);
      }
    };
    return { run, loss: () => lossOf(w, (input) => network.runInput(input)) };
  };
  const { version } = await load('brain.js/package.json');
  return { version: `brain.js ${version}`, create };
}
