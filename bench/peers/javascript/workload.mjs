// What every JavaScript peer shares: a workload, and the answer to a line of the protocol that
// README.md describes. It knows neither Node nor the browser.

/**
 * A network, its start and its data.
 * @typedef {object} Workload
 * @property {string} name
 * @property {number} samples
 * @property {number} batch
 * @property {number} rate
 * @property {'sigmoid' | 'tanh' | 'softmax'} hidden
 * @property {'sigmoid' | 'tanh' | 'softmax'} output
 * @property {number[]} units the inputs, then each layer's units
 * @property {Float64Array} inputs [samples, units[0]]
 * @property {Float64Array} targets [samples, units.at(-1)]
 * @property {Float64Array} parameters W1 (fan_in x fan_out, row-major), b1, W2, …
 * @property {Float64Array} numbers all of it, as in the file
 */

/**
 * Something that works on one workload from its start.
 * @typedef {object} Work
 * @property {(epochs: number) => void} [prepare] not timed
 * @property {(epochs: number) => void} run what is timed
 * @property {() => number} loss on all samples, at the parameters that run left
 * @property {() => string} [digest]
 * @property {() => void} [dispose]
 */

/**
 * @typedef {object} Peer
 * @property {string} version empty: nothing to say
 * @property {(name: string, read: () => Promise<Workload>) => Work | Promise<Work>} create
 */

/**
 * What a host does for the peers.
 * @typedef {object} Host
 * @property {string} variant
 * @property {(file: string) => Promise<ArrayBuffer>} readBytes a path in the repository
 * @property {(file: string) => Promise<any>} load a script or a module of a package, by its path in
 *   node_modules
 * @property {(file: string) => string} locate a file in node_modules
 */

const activations = /** @type {const} */ (['sigmoid', 'tanh', 'softmax']);

/**
 * @param {string} name
 * @param {Float64Array} numbers
 * @returns {Workload}
 */
export function parse(name, numbers) {
  const [samples, batch, rate, hidden, output, count] = numbers;
  const units = Array.from(numbers.subarray(6, 6 + count));
  let at = 6 + count;
  const take = (/** @type {number} */ size) => {
    at += size;
    return numbers.subarray(at - size, at);
  };
  return {
    name,
    samples,
    batch,
    rate,
    hidden: activations[hidden],
    output: activations[output],
    units,
    inputs: take(samples * units[0]),
    targets: take(samples * units[count - 1]),
    parameters: take(numbers.length - at),
    numbers,
  };
}

/**
 * The layers' matrices as rows, [fanIn][fanOut], and their biases.
 * @param {Workload} workload
 */
export function layersOf({ units, parameters }) {
  let at = 0;
  const take = (/** @type {number} */ size) => {
    at += size;
    return Array.from(parameters.subarray(at - size, at));
  };
  return units.slice(1).map((fanOut, l) => {
    const weights = Array.from({ length: units[l] }, () => take(fanOut));
    return { weights, biases: take(fanOut) };
  });
}

/**
 * The samples as rows.
 * @param {Workload} workload
 */
export function rowsOf({ samples, units, inputs, targets }) {
  const outputs = units[units.length - 1];
  return Array.from({ length: samples }, (_, s) => ({
    input: Array.from(inputs.subarray(s * units[0], (s + 1) * units[0])),
    output: Array.from(targets.subarray(s * outputs, (s + 1) * outputs)),
  }));
}

/**
 * The loss of a network that answers sample by sample.
 * @param {Workload} workload
 * @param {(input: number[]) => ArrayLike<number>} predict
 */
export function lossOf(workload, predict) {
  let total = 0;
  for (const { input, output } of rowsOf(workload)) {
    const a = predict(input);
    for (let j = 0; j < output.length; j++) {
      if (workload.output === 'softmax') total -= output[j] > 0 ? output[j] * Math.log(a[j]) : 0;
      else total += (a[j] - output[j]) ** 2 / output.length;
    }
  }
  return total / workload.samples;
}

/**
 * Answers a line: "version", or a workload, the epochs of a run, and how many runs.
 * @param {Peer} peer
 * @param {(name: string) => Promise<Workload>} read
 * @param {string} line
 * @param {() => () => number} start a stopwatch, which gives nanoseconds
 */
export async function answer(peer, read, line, start) {
  if (line === 'version') return { version: peer.version };
  const [name, ...counts] = line.split(' ');
  const [epochs, runs] = counts.map(Number);
  const times = [];
  let loss = Number.NaN;
  let digest = '';
  for (let i = 0; i < runs; i++) {
    const work = await peer.create(name, () => read(name));
    work.prepare?.(epochs);
    const stop = start();
    work.run(epochs);
    times.push(stop());
    if (i === runs - 1) {
      loss = work.loss();
      digest = work.digest?.() ?? '';
    }
    work.dispose?.();
  }
  times.sort((a, b) => a - b);
  return { nanoseconds: times[runs >> 1] / epochs, loss, digest };
}
