// The network of TensorFlow Playground, written anew from how it works: an object a node and an
// object a link, one sample at a time, gradients gathered in the links until the batch ends.
import { layersOf, lossOf, rowsOf } from './workload.mjs';

/** @typedef {import('./workload.mjs').Workload} Workload */

/** @typedef {{ output: (x: number) => number, slope: (x: number) => number }} Activation */

/** @type {Record<string, Activation>} */
const activations = {
  sigmoid: {
    output: (x) => 1 / (1 + Math.exp(-x)),
    slope(x) {
      const a = activations.sigmoid.output(x);
      return a * (1 - a);
    },
  },
  tanh: {
    output: (x) => Math.tanh(x),
    slope(x) {
      const a = activations.tanh.output(x);
      return 1 - a * a;
    },
  },
};

class Link {
  gathered = 0;
  count = 0;
  /**
   * @param {Node} source
   * @param {Node} target
   * @param {number} weight
   */
  constructor(source, target, weight) {
    this.source = source;
    this.target = target;
    this.weight = weight;
  }
}

class Node {
  /** @type {Link[]} */
  inputs = [];
  /** @type {Link[]} */
  outputs = [];
  total = 0;
  output = 0;
  outputSlope = 0;
  inputSlope = 0;
  gathered = 0;
  count = 0;
  /**
   * @param {Activation} activation
   * @param {number} bias
   */
  constructor(activation, bias) {
    this.activation = activation;
    this.bias = bias;
  }

  update() {
    this.total = this.bias;
    for (const link of this.inputs) this.total += link.weight * link.source.output;
    this.output = this.activation.output(this.total);
    return this.output;
  }
}

/**
 * @param {Workload} workload
 * @returns {Node[][]} the input nodes first
 */
function build(workload) {
  const { units, hidden, output } = workload;
  const layers = [Array.from({ length: units[0] }, () => new Node(activations.tanh, 0))];
  for (const [l, { weights, biases }] of layersOf(workload).entries()) {
    const activation = activations[l + 2 === units.length ? output : hidden];
    const nodes = biases.map((bias) => new Node(activation, bias));
    for (const [j, target] of nodes.entries()) {
      for (const [i, source] of layers[l].entries()) {
        const link = new Link(source, target, weights[i][j]);
        source.outputs.push(link);
        target.inputs.push(link);
      }
    }
    layers.push(nodes);
  }
  return layers;
}

/**
 * @param {Node[][]} layers
 * @param {number[]} input
 */
function forward(layers, input) {
  for (let i = 0; i < input.length; i++) layers[0][i].output = input[i];
  for (let l = 1; l < layers.length; l++) for (const node of layers[l]) node.update();
  return layers[layers.length - 1].map((node) => node.output);
}

/**
 * @param {Node[][]} layers
 * @param {number[]} target
 */
function backward(layers, target) {
  const last = layers[layers.length - 1];
  for (let j = 0; j < last.length; j++) last[j].outputSlope = last[j].output - target[j];
  for (let l = layers.length - 1; l >= 1; l--) {
    for (const node of layers[l]) {
      node.inputSlope = node.outputSlope * node.activation.slope(node.total);
      node.gathered += node.inputSlope;
      node.count++;
    }
    for (const node of layers[l]) {
      for (const link of node.inputs) {
        link.gathered += node.inputSlope * link.source.output;
        link.count++;
      }
    }
    if (l === 1) continue;
    for (const node of layers[l - 1]) {
      node.outputSlope = 0;
      for (const link of node.outputs) node.outputSlope += link.weight * link.target.inputSlope;
    }
  }
}

/**
 * @param {Node[][]} layers
 * @param {number} rate
 */
function update(layers, rate) {
  for (let l = 1; l < layers.length; l++) {
    for (const node of layers[l]) {
      if (node.count > 0) {
        node.bias -= (rate * node.gathered) / node.count;
        node.gathered = 0;
        node.count = 0;
      }
      for (const link of node.inputs) {
        if (link.count === 0) continue;
        link.weight -= (rate / link.count) * link.gathered;
        link.gathered = 0;
        link.count = 0;
      }
    }
  }
}

export async function open() {
  const create = async (
    /** @type {string} */ _name,
    /** @type {() => Promise<Workload>} */ read,
  ) => {
    const workload = await read();
    const layers = build(workload);
    const rows = rowsOf(workload);
    const rate = (2 / workload.units[workload.units.length - 1]) * workload.rate; // of half the square
    /** @param {number} epochs */
    const run = (epochs) => {
      for (let epoch = 0; epoch < epochs; epoch++) {
        for (let s = 0; s < rows.length; s++) {
          forward(layers, rows[s].input);
          backward(layers, rows[s].output);
          if ((s + 1) % workload.batch === 0) update(layers, rate);
        }
      }
    };
    return { run, loss: () => lossOf(workload, (input) => forward(layers, input)) };
  };
  return { version: '', create };
}
