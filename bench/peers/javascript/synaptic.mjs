// synaptic: a step a sample, its networks turned into one function each. What it follows at the
// output is the slope of the cross-entropy, and it changes a layer before the layer below has read
// its weights.
import { layersOf, rowsOf } from './workload.mjs';

/** @typedef {import('./workload.mjs').Workload} Workload */

/** @param {import('./workload.mjs').Host} host */
export async function open({ load }) {
  const { Layer, Network, Neuron } = await load('synaptic');

  /** @param {Workload} w */
  function build(w) {
    const layers = w.units.map((n) => new Layer(n));
    for (const [l, { weights, biases }] of layersOf(w).entries()) {
      layers[l].project(layers[l + 1]);
      const isOutput = l + 2 === w.units.length;
      const isTanh = (isOutput ? w.output : w.hidden) === 'tanh';
      for (const [j, neuron] of layers[l + 1].list.entries()) {
        neuron.bias = biases[j];
        neuron.squash = isTanh ? Neuron.squash.TANH : Neuron.squash.LOGISTIC;
        for (const [i, connection] of Object.values(neuron.connections.inputs).entries()) {
          connection.weight = weights[i][j];
        }
      }
    }
    const network = new Network({
      input: layers[0],
      hidden: layers.slice(1, -1),
      output: layers[layers.length - 1],
    });
    network.optimize();
    return { network, start: network.optimized.memory.slice() };
  }

  /** @type {Map<string, ReturnType<typeof build>>} */
  const built = new Map(); // a network's function is compiled once
  const create = async (
    /** @type {string} */ name,
    /** @type {() => Promise<Workload>} */ read,
  ) => {
    const w = await read();
    const { network, start } = built.get(name) ?? build(w);
    built.set(name, { network, start });
    network.optimized.memory.set(start);
    const rows = rowsOf(w);
    const { rate } = w;
    /** @param {number} epochs */
    const run = (epochs) => {
      for (let epoch = 0; epoch < epochs; epoch++) {
        for (const { input, output } of rows) {
          network.activate(input);
          network.propagate(rate, output);
        }
      }
    };
    const loss = () => {
      let total = 0;
      for (const { input, output } of rows) {
        const [a] = network.activate(input);
        total -= output[0] * Math.log(a) + (1 - output[0]) * Math.log(1 - a);
      }
      return total / rows.length;
    };
    return { run, loss };
  };
  const { version } = await load('synaptic/package.json');
  return { version: `synaptic ${version}`, create };
}
