// The gradient check's numbers: no browser.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { checkGradient } from '../engine/gradient-check.js';
import { describe } from '../engine/read-out.js';
import { parseEpsilon, writeEpsilon } from '../state/epsilon.js';
import { complete } from '../state/experiment.js';
import { excerptOf, parameterArrays, parameterName } from '../state/parameters.js';
import { dist } from './browser.mjs';

const { loadBackprop } = await import(pathToFileURL(path.join(dist, 'lib/index.js')).href);
/** @type {import('../../wasm/index.js').Backprop} */
const backprop = await loadBackprop();

/**
 * @param {Record<string, unknown>} experiment
 * @param {number} epoch
 * @param {{ parameter: number, epsilon: number }} question
 */
function ask(experiment, epoch, question) {
  const session = new backprop.Session(experiment);
  session.seek(epoch);
  const whole = complete(experiment);
  const info = describe(session, whole);
  return { session, info, check: checkGradient(session, info, whole, question) };
}

test('slopes are those of lossAt at ±ε', () => {
  const { session, check } = ask({}, 6000, { parameter: 4, epsilon: 1e-3 });
  const p = session.parameters();
  const at = (/** @type {number} */ i, /** @type {number} */ d) =>
    session.lossAt(p.map((w, k) => (k === i ? w + d : w)))[0];
  assert.equal(check.loss, session.loss);
  assert.deepEqual([check.minus, check.plus], [at(4, -1e-3), at(4, 1e-3)]);
  assert.deepEqual(check.indices, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(check.analytic, [...session.gradient()]);
  assert.deepEqual(
    check.numeric,
    check.indices.map((i) => (at(i, 1e-3) - at(i, -1e-3)) / 2e-3),
  );
  assert.equal(check.maxRelativeError, session.gradientCheck().maxRelativeError);
  assert.equal(check.around.length, 81);
  assert.equal(check.around[40], session.loss);
  assert.equal(check.around[0], at(4, -2e-3));
  session.dispose();
});

test('the relative error falls with ε squared, then rounding takes over', () => {
  const { check } = ask({}, 0, { parameter: 0, epsilon: 1 });
  const errorAt = (/** @type {number} */ power) => check.errors[3 * (power + 15)];
  assert.ok(Math.abs(errorAt(-1) / errorAt(-2) - 100) < 1);
  assert.ok(Math.min(...check.errors) < 1e-8);
  assert.ok(errorAt(-14) > 1e-2, 'rounding');
});

const networks = {
  'softmax and cross-entropy': {
    data: { kind: 'gaussians', classes: 3 },
    layers: [
      { units: 5, activation: 'tanh' },
      { units: 3, activation: 'softmax' },
    ],
    loss: 'cross_entropy',
  },
  'a penalty, features, mini-batches': {
    data: { kind: 'moons' },
    features: ['x1', 'x2', 'x1_x2'],
    layers: [
      { units: 4, activation: 'gelu' },
      { units: 3, activation: 'softplus' },
      { units: 1, activation: 'sigmoid' },
    ],
    loss: 'binary_cross_entropy',
    regularization: { l1: 0.01, l2: 0.1 },
    batchSize: 16,
    optimizer: { kind: 'adam' },
  },
};
for (const [name, experiment] of Object.entries(networks)) {
  test(`${name}: all gradients agree at any epoch`, () => {
    for (const epoch of [0, 10]) {
      const { session, info, check } = ask(experiment, epoch, { parameter: 2, epsilon: 1e-4 });
      assert.equal(check.indices.length, info.parameterCount);
      const largest = Math.max(...check.analytic.map(Math.abs));
      for (const [k, a] of check.analytic.entries())
        assert.ok(Math.abs(a - check.numeric[k]) < 1e-6 * largest, `${k}: ${a}`);
      assert.ok(check.maxRelativeError < 1e-7);
      session.dispose();
    }
  });
}

test('a large network gets as many numbers as a frame allows, and never none', () => {
  const layers = [{ units: 300 }, { units: 300 }, { units: 1 }];
  const { check, info } = ask({ data: { kind: 'spiral' }, layers }, 0, {
    parameter: lastOf(layers),
    epsilon: 1e-3,
  });
  assert.ok(check.indices.length < 30 && check.indices.includes(info.parameterCount - 1));
  assert.equal(check.parameter, info.parameterCount - 1);
  assert.ok(check.around.length >= 5 && check.errors.length === 0);
  assert.ok(Number.isNaN(check.maxRelativeError));
  const slope = (check.plus - check.minus) / 2e-3;
  assert.ok(Math.abs(slope - check.gradient) < 1e-6 * Math.abs(check.gradient));
});

/**
 * The last parameter of a network with two inputs.
 * @param {{ units: number }[]} layers
 */
function lastOf(layers) {
  const arrays = parameterArrays({
    names: ['x1', 'x2'],
    layers: layers.map(({ units }) => ({ units, activation: 'sigmoid' })),
  });
  const { at, cols } = arrays[arrays.length - 1];
  return at + cols - 1;
}

test('a parameter that another network had is the first of this one', () => {
  assert.equal(ask({}, 0, { parameter: 99, epsilon: 1 }).check.parameter, 0);
});

test('parameters are named as NumPy counts, and an excerpt has some of every array', () => {
  const arrays = parameterArrays({
    names: ['x1', 'x2'],
    layers: [
      { units: 3, activation: 'tanh' },
      { units: 1, activation: 'sigmoid' },
    ],
  });
  assert.deepEqual(
    [0, 5, 6, 8, 9, 11, 12].map((i) => parameterName(arrays, i)),
    ['W1[0, 0]', 'W1[1, 2]', 'b1[0, 0]', 'b1[0, 2]', 'W2[0, 0]', 'W2[2, 0]', 'b2[0, 0]'],
  );
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 16 }),
      fc.integer({ min: 0, max: 100 }),
      fc.nat(),
      (units, most, any) => {
        const layers = units.map((count) => ({ units: count, activation: 'tanh' }));
        const all = parameterArrays({ names: ['x1', 'x2'], layers });
        const { at, cols } = all[all.length - 1];
        const chosen = any % (at + cols);
        const picked = excerptOf(all, most, chosen);
        assert.ok(picked.includes(chosen) && picked.length <= Math.max(1, most));
        assert.ok(picked.every((i, k) => i < at + cols && (k === 0 || i > picked[k - 1])));
        if (at + cols < most) assert.equal(picked.length, at + cols);
        if (most > all.length)
          for (const one of all)
            assert.ok(picked.some((i) => i >= one.at && i < one.at + one.rows * one.cols));
      },
    ),
  );
});

test('an ε is read as it is written, and a bad one gets a sentence', () => {
  for (const epsilon of [1, 0.5, 1e-4, 1e-7, 3.2e-11, 1e-15])
    assert.deepEqual(parseEpsilon(writeEpsilon(epsilon)), { epsilon });
  assert.deepEqual(parseEpsilon(' 1E-5 '), { epsilon: 1e-5 });
  assert.deepEqual(parseEpsilon('0,01'), { epsilon: 0.01 });
  for (const bad of ['', 'abc', '0', '-1', '2', '1e-16', 'NaN', 'Infinity', '1e-4x'])
    assert.deepEqual(parseEpsilon(bad), {
      problem: `ε must be a number from 1e-15 to 1, not “${bad}”.`,
    });
});
