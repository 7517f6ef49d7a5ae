// What is measured, as experiments: the same as in workloads.h, where each is explained.

/** W1, and W4 under many seeds. */
export const post = () => ({});

/**
 * @param {number[]} units
 * @param {number} samples
 */
export const moons = (units, samples) => ({
  data: { kind: 'moons', samples },
  layers: units.map((n) => ({ units: n, activation: 'tanh' })),
  initializer: { kind: 'xavier_uniform' },
  shuffle: false,
});

/** W2. */
export const small = () => ({ ...moons([8, 8, 1], 200), batchSize: 10 });

/** @param {number} samples */
export const ofSamples = (samples) => moons([8, 8, 1], samples);

const widthSamples = 128;

/** @param {number} width */
export const ofWidth = (width) => moons([width, width, 1], widthSamples);

/** @param {number} w the width */
export const flopOfWidth = (w) => widthSamples * (6 * w * w + 14 * w);

/** W3. */
export function wide() {
  /** @type {number[][]} */
  const inputs = [];
  /** @type {number[][]} */
  const targets = [];
  let state = 1;
  for (let s = 0; s < 1024; s++) {
    const row = Array.from({ length: 64 }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2147483648 - 1;
    });
    const first = row.slice(0, 10);
    const best = first.indexOf(Math.max(...first));
    inputs.push(row);
    targets.push(first.map((_, c) => (c === best ? 1 : 0)));
  }
  return {
    data: { kind: 'points', inputs, targets },
    layers: [
      { units: 256, activation: 'tanh' },
      { units: 256, activation: 'tanh' },
      { units: 10, activation: 'softmax' },
    ],
    loss: 'cross_entropy',
    initializer: { kind: 'xavier_uniform' },
    batchSize: 128,
    shuffle: false,
  };
}
