// One step with every intermediate: names, order, shapes, and that each follows from those before.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isNear, open } from './library.mjs';

/** @typedef {import('../session.js').Intermediate} Intermediate */

/**
 * @param {number} layers
 * @param {boolean} straight whether the loss goes straight to the last layer's d_z
 */
function expectedNames(layers, straight) {
  const names = ['X', 'y'];
  for (let l = 1; l <= layers; l++) names.push(`W${l}`, `b${l}`, `z${l}`, `a${l}`);
  names.push('loss');
  for (let l = layers; l >= 1; l--) {
    if (l < layers) names.push(`d_a${l}`, `d_a${l}_z${l}`);
    else if (!straight) names.push(`d_loss_a${l}`, `d_a${l}_z${l}`);
    names.push(`d_z${l}`, `d_W${l}`, `d_b${l}`);
  }
  return names;
}

/** @param {Intermediate[]} steps */
const byName = (steps) => Object.fromEntries(steps.map((step) => [step.name, step]));

/**
 * @param {Intermediate} a
 * @param {Intermediate} b
 */
function product(a, b) {
  assert.equal(a.cols, b.rows);
  const values = new Float64Array(a.rows * b.cols);
  for (let r = 0; r < a.rows; r++) {
    for (let c = 0; c < b.cols; c++) {
      for (let k = 0; k < a.cols; k++) {
        values[r * b.cols + c] += a.values[r * a.cols + k] * b.values[k * b.cols + c];
      }
    }
  }
  return { name: '', rows: a.rows, cols: b.cols, values };
}

/** @param {Intermediate} a */
function transposed({ rows, cols, values }) {
  const other = values.map((_, i) => values[(i % rows) * cols + Math.floor(i / rows)]);
  return { name: '', rows: cols, cols: rows, values: other };
}

/**
 * @param {Intermediate} actual
 * @param {{ rows: number, cols: number, values: ArrayLike<number> }} expected
 */
function assertSame(actual, expected) {
  assert.deepEqual([actual.rows, actual.cols], [expected.rows, expected.cols], actual.name);
  const scale = Math.max(...actual.values.map(Math.abs), 1e-300);
  actual.values.forEach((value, i) => {
    assert.ok(Math.abs(value - expected.values[i]) <= 1e-12 * scale, actual.name);
  });
}

/** @param {Intermediate} a */
const columnSums = ({ rows, cols, values }) => ({
  rows: 1,
  cols,
  values: Array.from({ length: cols }, (_, c) => {
    let sum = 0;
    for (let r = 0; r < rows; r++) sum += values[r * cols + c];
    return sum;
  }),
});

/**
 * @param {Intermediate} a
 * @param {Intermediate} b
 */
const times = (a, b) => ({ ...a, values: a.values.map((value, i) => value * b.values[i]) });

/**
 * @param {import('../session.js').Session} session
 * @param {number} layers
 * @param {boolean} straight
 */
function assertConsistent(session, layers, straight) {
  const steps = session.trace();
  assert.deepEqual(
    steps.map(({ name }) => name),
    expectedNames(layers, straight),
  );
  const t = byName(steps);
  const { inputs, targets } = session.dataset();
  assert.deepEqual(t.X.values, inputs);
  assert.deepEqual(t.y.values, targets);
  assert.deepEqual([...t.loss.values], [session.loss]);
  for (let l = 1; l <= layers; l++) {
    const input = l === 1 ? t.X : t[`a${l - 1}`];
    const sums = product(input, t[`W${l}`]);
    const z = sums.values.map((sum, i) => sum + t[`b${l}`].values[i % sums.cols]);
    assertSame(t[`z${l}`], { ...sums, values: z });
    const dz = t[`d_z${l}`];
    if (l < layers || !straight) {
      const da = t[l === layers ? `d_loss_a${l}` : `d_a${l}`];
      assertSame(dz, times(da, t[`d_a${l}_z${l}`]));
    }
    if (l < layers) {
      assertSame(t[`d_a${l}`], product(t[`d_z${l + 1}`], transposed(t[`W${l + 1}`])));
    }
    assertSame(t[`d_W${l}`], product(transposed(input), dz));
    assertSame(t[`d_b${l}`], columnSums(dz));
  }
  const flat = (/** @type {string} */ d) =>
    Array.from({ length: layers }, (_, l) => [
      ...t[`${d}W${l + 1}`].values,
      ...t[`${d}b${l + 1}`].values,
    ]).flat();
  assert.deepEqual(flat(''), [...session.parameters()]);
  assert.deepEqual(flat('d_'), [...session.gradient()]);
}

test("the post's step, by its names and in its order", () => {
  const session = open();
  const names = session.trace().map(({ name }) => name);
  assert.equal(
    names.join(' '),
    'X y W1 b1 z1 a1 W2 b2 z2 a2 loss ' +
      'd_loss_a2 d_a2_z2 d_z2 d_W2 d_b2 d_a1 d_a1_z1 d_z1 d_W1 d_b1',
  );
  const t = byName(session.trace());
  t.a2.values.forEach((a, i) => {
    assert.equal(t.d_a2_z2.values[i], a * (1 - a));
    assert.ok(isNear(t.d_loss_a2.values[i], (2 * (a - t.y.values[i])) / 4));
  });
});

test('the steps of other networks follow from each other', () => {
  const cases = [
    { experiment: {}, straight: false },
    { experiment: { layers: [{ units: 1 }] }, straight: false },
    {
      experiment: {
        data: { kind: 'moons', samples: 300 },
        layers: [{ units: 5, activation: 'tanh' }, { units: 3, activation: 'relu' }, { units: 1 }],
      },
      straight: false,
    },
    { experiment: { loss: 'binary_cross_entropy' }, straight: true },
    {
      experiment: {
        data: { kind: 'gaussians', classes: 3, samples: 30 },
        layers: [{ units: 4 }, { units: 3, activation: 'softmax' }],
        loss: 'cross_entropy',
      },
      straight: true,
    },
  ];
  for (const { experiment, straight } of cases) {
    const session = open(experiment);
    session.train(5);
    assertConsistent(session, experiment.layers?.length ?? 2, straight);
  }
});

test('the step does not change the run', () => {
  const [session, other] = [open(), open()];
  session.train(10);
  session.trace();
  session.gradientCheck();
  session.train(10);
  other.train(20);
  assert.equal(session.digest(), other.digest());
});

const smooth = fc.constantFrom('identity', 'sigmoid', 'tanh', 'softplus', 'silu', 'gelu', 'mish');

test('gradients agree with central differences for any shape', () => {
  const layer = fc.record({ units: fc.integer({ min: 1, max: 6 }), activation: smooth });
  const hidden = fc.array(layer, { maxLength: 3 });
  const seed = fc.integer({ min: 0, max: 1000 });
  const penalty = fc.constantFrom({}, { l2: 0.01 });
  fc.assert(
    fc.property(hidden, smooth, seed, penalty, (layers, activation, seed, regularization) => {
      const session = open({
        layers: [...layers, { units: 1, activation }],
        initializer: { kind: 'xavier_normal', seed },
        regularization,
      });
      session.train(3);
      const { maxRelativeError, analytic, numeric } = session.gradientCheck();
      assert.ok(maxRelativeError < 1e-6, `${maxRelativeError}`);
      assert.deepEqual(analytic, session.gradient());
      assert.equal(numeric.length, session.parameters().length);
      session.dispose();
    }),
    { numRuns: 60, seed: 1 },
  );
});
