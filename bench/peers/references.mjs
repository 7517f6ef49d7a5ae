// The workloads' files, and the losses that a peer must reach: from our own engine.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { post, small, wide } from '../workloads.mjs';

const online = { batchSize: 1, shuffle: false };

function squares() {
  const experiment = wide();
  const layers = experiment.layers.map((layer) => ({ ...layer, activation: 'tanh' }));
  return { ...experiment, layers, loss: 'mse' };
}

function smallEntropy() {
  const experiment = small();
  const layers = experiment.layers.with(-1, { units: 1, activation: 'sigmoid' });
  return { ...experiment, layers, loss: 'binary_cross_entropy' };
}

/** What the peers work on, by name. @type {Record<string, object>} */
const experiments = {
  W1: post(),
  W2: small(),
  W3: wide(),
  'W1-online': { ...post(), ...online },
  'W2-online': { ...small(), ...online },
  'W3-squares': squares(),
  'W3-squares-online': { ...squares(), ...online },
  'W1-entropy-online': { ...post(), ...online, loss: 'binary_cross_entropy' },
  'W2-entropy-online': { ...smallEntropy(), ...online },
};

/**
 * After so many epochs the losses are compared.
 * @param {string} workload
 */
export function checkEpochs(workload) {
  if (workload.startsWith('W3') || workload.endsWith('entropy-online')) return 2;
  return workload.startsWith('W2') ? 20 : 200;
}

/**
 * Writes the workloads as README.md describes them.
 * @param {any} backprop the package
 * @param {string} folder
 */
export function writeWorkloads(backprop, folder) {
  const names = ['sigmoid', 'tanh', 'softmax'];
  mkdirSync(folder, { recursive: true });
  for (const [name, experiment] of Object.entries(experiments)) {
    const session = new backprop.Session(experiment);
    const { inputs, targets } = session.dataset();
    const { layers } = { layers: post0, ...experiment };
    const outputs = layers[layers.length - 1].units;
    const samples = targets.length / outputs;
    const { batchSize } = { batchSize: 0, ...experiment };
    const units = [inputs.length / samples, ...layers.map((layer) => layer.units)];
    const numbers = [
      samples,
      batchSize || samples,
      0.1, // sgd's default rate
      names.indexOf(layers[0].activation),
      names.indexOf(layers[layers.length - 1].activation),
      units.length,
      ...units,
      ...inputs,
      ...targets,
      ...session.parameters(),
    ];
    writeFileSync(path.join(folder, `${name}.bin`), Float64Array.from(numbers));
    session.dispose();
  }
}

/** The post's layers. */
const post0 = [
  { units: 2, activation: 'sigmoid' },
  { units: 1, activation: 'sigmoid' },
];

/**
 * @param {any} backprop
 * @param {string} workload
 * @returns {number} NaN: there is nothing to compare
 */
export function lossOf(backprop, workload) {
  const experiment = experiments[workload] ?? (workload.startsWith('W4') ? post() : undefined);
  if (!experiment) return Number.NaN;
  const session = new backprop.Session(experiment);
  session.train(checkEpochs(workload));
  const { loss } = session;
  session.dispose();
  return loss;
}
