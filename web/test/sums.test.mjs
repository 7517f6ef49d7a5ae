// What a number is said to be made of, worked out with all digits, gives the number: no browser.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../../tools/run.mjs';
import { complete } from '../state/experiment.js';
import { rateAt } from '../state/optimizers.js';
import { arraysOf, makeStep, refName, refOf, sumOf, valueAt } from '../state/step.js';

const { loadBackprop } = await import(pathToFileURL(path.join(root, 'dist/lib/index.js')).href);
const backprop = await loadBackprop();

/**
 * @param {object} given
 * @param {number} epoch
 */
function stepOf(given, epoch) {
  const experiment = complete(/** @type {any} */ (given));
  const session = new backprop.Session(given);
  session.seek(epoch);
  const trace = session.trace();
  session.seek(epoch + 1);
  const arrays = arraysOf(trace, session.parameters());
  session.dispose();
  return { experiment, arrays, step: makeStep(experiment) };
}

/** By the series whose terms all have one sign. @param {number} x */
function erf(x) {
  let [term, sum] = [x, x];
  for (let k = 1; k < 200; k++) {
    term *= (2 * x * x) / (2 * k + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/**
 * @param {import('../state/step.js').Sum} sum
 * @param {import('../state/step.js').Arrays} arrays
 * @returns {number}
 */
function workOut(sum, arrays) {
  const text = sum
    .map((part) => (typeof part === 'string' ? part : `(${valueAt(arrays, part)})`))
    .join('')
    .replace(/, since .*/, '')
    .replaceAll('−', '-')
    .replaceAll('·', '*')
    .replaceAll('²', '**2')
    .replaceAll('√2', 'Math.SQRT2')
    .replaceAll('π', 'Math.PI')
    .replaceAll('1.051', '1.0507009873554805')
    .replaceAll('1.758', '1.7580993408473766')
    .replace(/\b(exp|expm1|log1p|log|tanh|sqrt|abs|sin|cos|sign)\(/g, 'Math.$1(');
  return new Function('erf', `return ${text}`)(erf);
}

/** @param {{ units: number, activation: string }[]} layers @param {string} [loss] @param {object} [rest] */
const experimentOf = (layers, loss = 'mse', rest = {}) => ({
  data: {
    kind: 'points',
    inputs: [
      [0.3, -1],
      [2, 0.7],
      [-1.2, 0.1],
    ],
    targets: [[1], [0], [1]],
  },
  layers,
  loss,
  initializer: { kind: 'normal', seed: 5 },
  ...rest,
});
const one = (/** @type {string} */ activation, units = 1) => ({ units, activation });
const classes = { data: { kind: 'gaussians', samples: 5, classes: 3 } };

const activations = /** @type {{ name: string }[]} */ (backprop.catalog().activations)
  .map(({ name }) => name)
  .filter((name) => name !== 'softmax');
const losses = /** @type {{ name: string }[]} */ (backprop.catalog().losses).map(
  ({ name }) => name,
);
const experiments = [
  {},
  ...activations.map((name) => experimentOf([one(name, 3), one(name, 2), one('sine')])),
  ...losses
    .filter((name) => !name.includes('entropy'))
    .map((loss) => experimentOf([one('tanh', 2), one('identity')], loss)),
  experimentOf([one('tanh', 2), one('sigmoid')], 'binary_cross_entropy'),
  experimentOf([one('tanh', 4), one('softmax', 3)], 'cross_entropy', classes),
  experimentOf([one('tanh', 4), one('softmax', 3)], 'mse', classes),
  experimentOf([one('tanh', 2), one('sigmoid')], 'mse', { regularization: { l1: 0.1, l2: 0.2 } }),
];

test('worked out with all digits, every sum of every array gives its number', () => {
  let count = 0;
  for (const given of experiments) {
    const { experiment, arrays, step } = stepOf(given, 3);
    const shown = { first: 0, count: arrays.get('X')?.rows ?? 0, rate: rateAt(experiment, 3) };
    for (const { name } of step.lines) {
      const { rows, cols } = arrays.get(name) ?? assert.fail(name);
      for (let i = 0; i < rows * cols; i++) {
        const ref = { name, row: Math.floor(i / cols), col: i % cols };
        const sum = sumOf(step, arrays, ref, shown);
        const [worked, value] = [workOut(sum, arrays), valueAt(arrays, ref)];
        const about = `${JSON.stringify(given)}: ${refName(ref)}`;
        assert.ok(
          Math.abs(worked - value) <= 1e-10 * Math.abs(value) + 1e-13,
          `${about}: ${worked}, not ${value}`,
        );
        assert.deepEqual(refOf(refName(ref)), ref);
        count++;
      }
    }
  }
  assert.ok(count > 800, String(count));
});

test('every array of the trace is a given or has a line, and the stops show them all', () => {
  for (const given of experiments) {
    const { arrays, step } = stepOf(given, 0);
    const made = new Set(step.lines.map(({ name }) => name));
    const shown = new Set(step.stops.flatMap((stop) => stop.arrays));
    for (const name of arrays.keys()) {
      assert.ok(made.has(name) !== /^(X|y|[Wb]\d)$/.test(name), name);
      assert.ok(shown.has(name), name);
    }
    assert.equal(made.size, step.lines.length);
    for (const { name, stop } of step.lines) assert.ok(step.stops[stop].made.includes(name), name);
  }
});

test("the post's step has the eight stops, in the post's order", () => {
  const { stops } = makeStep(complete({}));
  assert.deepEqual(
    stops.map(({ made }) => made.join(' ')),
    [
      'z1 a1 z2 a2',
      'loss',
      'd_loss_a2',
      'd_a2_z2 d_z2',
      'd_W2 d_b2',
      'd_a1 d_a1_z1 d_z1',
      'd_W1 d_b1',
      'new_W1 new_b1 new_W2 new_b2',
    ],
  );
});

test('the learning rate is that of the schedule and of the edits', () => {
  const edits = [
    { epoch: 7, learningRate: 0.3 },
    { epoch: 2, learningRate: 0.2 },
  ];
  for (const schedule of [
    { kind: 'constant' },
    { kind: 'step', stepSize: 3, gamma: 0.5 },
    { kind: 'exponential', gamma: 0.9 },
    { kind: 'cosine', minimum: 0.01 },
    { kind: 'warmup_cosine', warmup: 4 },
  ])
    for (const epoch of [0, 1, 3, 6, 8, 12]) {
      const { experiment, arrays } = stepOf({ schedule, edits, epochs: 10 }, epoch);
      const at = (/** @type {string} */ name) => valueAt(arrays, { name, row: 0, col: 0 });
      const rate = (at('W1') - at('new_W1')) / at('d_W1');
      const expected = rateAt(experiment, epoch);
      assert.ok(
        Math.abs(rate - expected) < 1e-9,
        `${schedule.kind} ${epoch}: ${expected}, ${rate}`,
      );
    }
});
