// ConvNetJS: fully connected layers, its trainer's plain gradient descent.
import { layersOf, lossOf, rowsOf } from './workload.mjs';

/** @typedef {import('./workload.mjs').Workload} Workload */

/** @param {import('./workload.mjs').Host} host */
export async function open({ load }) {
  const convnet = await load('convnetjs');
  const create = async (
    /** @type {string} */ _name,
    /** @type {() => Promise<Workload>} */ read,
  ) => {
    const w = await read();
    const outputs = w.units[w.units.length - 1];
    const isSoftmax = w.output === 'softmax';
    const network = new convnet.Net();
    network.makeLayers([
      { type: 'input', out_sx: 1, out_sy: 1, out_depth: w.units[0] },
      ...w.units.slice(1, -1).map((n) => ({ type: 'fc', num_neurons: n, activation: w.hidden })),
      ...(isSoftmax
        ? [{ type: 'softmax', num_classes: outputs }]
        : [
            { type: 'fc', num_neurons: outputs, activation: w.output },
            { type: 'regression', num_neurons: outputs },
          ]),
    ]);
    // Before the regression it puts a fully connected layer, which this network has not.
    if (!isSoftmax) network.layers.splice(-2, 1);
    setParameters(w, network.layers);
    const all = rowsOf(w).map(({ input, output }) => ({
      x: new convnet.Vol(input),
      y: isSoftmax ? output.indexOf(1) : output,
    }));
    const trainer = new convnet.Trainer(network, {
      method: 'sgd',
      batch_size: w.batch,
      momentum: 0,
      l2_decay: 0,
      learning_rate: isSoftmax ? w.rate : (2 / outputs) * w.rate, // of half the square
    });
    /** @param {number} epochs */
    const run = (epochs) => {
      for (let epoch = 0; epoch < epochs; epoch++) for (const { x, y } of all) trainer.train(x, y);
    };
    const predict = (/** @type {number[]} */ input) => network.forward(new convnet.Vol(input)).w;
    return { run, loss: () => lossOf(w, predict) };
  };
  const { version } = await load('convnetjs/package.json');
  return { version: `ConvNetJS ${version}`, create };
}

/**
 * @param {Workload} w
 * @param {any[]} layers
 */
function setParameters(w, layers) {
  const dense = layers.filter(({ layer_type }) => layer_type === 'fc');
  for (const [l, { weights, biases }] of layersOf(w).entries()) {
    for (const [j, filter] of dense[l].filters.entries()) {
      for (const [i, row] of weights.entries()) filter.w[i] = row[j];
      dense[l].biases.w[j] = biases[j];
    }
  }
}
