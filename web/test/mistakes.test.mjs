// The teaching path and its seven mistakes, beside the engine: no browser.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { BrokenRun } from '../engine/broken-run.js';
import { matrix, STEPS, step } from '../engine/teaching.js';
import { complete } from '../state/experiment.js';
import { LINES, MISTAKES } from '../state/mistakes.js';
import { dist } from './browser.mjs';

const { loadBackprop } = await import(pathToFileURL(path.join(dist, 'lib/index.js')).href);
/** @type {import('../../wasm/index.js').Backprop} */
const backprop = await loadBackprop();

const SEEDS = [0, 1, 2, 3, 4, 5, 6, 7, 41, 42];
const EPOCHS = [0, 1000, 10000];
const BACKWARD = Object.keys(MISTAKES).filter((mistake) => mistake !== 'zeros');

/**
 * @param {string} mistake
 * @param {{ seed?: number, rate?: number, epochs?: number }} [settings]
 */
function startRun(mistake, { seed = 42, rate = 0.1, epochs = 10000 } = {}) {
  const experiment = complete({
    initializer: { kind: 'numpy_randn', seed },
    optimizer: { kind: 'sgd', learningRate: rate },
    epochs,
  });
  return new BrokenRun(backprop, experiment, mistake);
}

/**
 * @param {BrokenRun} run
 * @returns {import('../state/types.js').BrokenCurves}
 */
function finish(run) {
  while (!run.isDone) run.advance(50);
  const curves = run.curves();
  run.dispose();
  return curves;
}

const last = (/** @type {ArrayLike<number>} */ values) => values[values.length - 1];

test('the teaching path without a mistake gives the gradient of the engine', () => {
  for (const seed of SEEDS) {
    for (const units of [2, 3, 8]) {
      const session = new backprop.Session({
        layers: [{ units }, { units: 1 }],
        initializer: { kind: 'numpy_randn', seed },
      });
      session.train(100 * seed);
      const { inputs, targets } = session.dataset();
      const p = session.parameters();
      const s = step(
        {
          X: matrix(4, 2, inputs),
          y: matrix(4, 1, targets),
          W1: matrix(2, units, p.slice(0, 2 * units)),
          b1: matrix(1, units, p.slice(2 * units, 3 * units)),
          W2: matrix(units, 1, p.slice(3 * units, 4 * units)),
          b2: matrix(1, 1, p.slice(4 * units)),
        },
        0.1,
        'none',
      );
      const own = [s.d_W1, s.d_b1, s.d_W2, s.d_b2].flatMap(({ values }) => [...values]);
      for (const [i, value] of session.gradient().entries())
        assert.ok(Math.abs(own[i] - value) < 1e-15, `${own[i]} is not ${value}`);
      for (const { name, rows, cols, values } of session.trace().filter(({ name }) => s[name])) {
        assert.deepEqual([s[name].rows, s[name].cols], [rows, cols], name);
        for (const [i, value] of values.entries())
          assert.ok(Math.abs(s[name].values[i] - value) < 1e-14, name);
      }
      session.dispose();
    }
  }
});

test('the engine agrees with the differences in every array', () => {
  for (const rate of [0.1, 1]) {
    for (const seed of SEEDS) {
      const run = startRun('none', { seed, rate });
      for (const epoch of EPOCHS) {
        const { steps } = run.check(epoch);
        assert.deepEqual(
          steps.map(({ array }) => array),
          STEPS,
        );
        assert.deepEqual(
          steps.filter(({ isWrong }) => isWrong),
          [],
          `seed ${seed}, epoch ${epoch}`,
        );
      }
      run.dispose();
    }
  }
});

for (const mistake of BACKWARD) {
  test(`${mistake} is found first at the array that its line computes`, () => {
    for (const rate of [0.1, 1]) {
      for (const seed of SEEDS) {
        const run = startRun(mistake, { seed, rate });
        for (const epoch of EPOCHS) {
          const { steps } = run.check(epoch);
          const first = steps.find(({ isWrong }) => isWrong);
          assert.equal(first?.array, MISTAKES[mistake].array, `seed ${seed}, epoch ${epoch}`);
        }
        run.dispose();
      }
    }
  });
}

test('zeros pass the check, and leave both hidden units the same', () => {
  const run = startRun('zeros');
  for (const epoch of EPOCHS) assert.ok(run.check(epoch).steps.every(({ isWrong }) => !isWrong));
  assert.ok(run.check(10000).steps.every(({ error }) => error < 1e-6));
  const { hidden, truth, broken } = finish(run);
  for (let row = 0; row < 4; row++) assert.equal(hidden[2 * row], hidden[2 * row + 1]);
  assert.ok(new Set(hidden).size > 1, 'they tell rows apart');
  assert.ok(last(broken.losses) > last(truth.losses) + 0.02);
});

test('the curve is the one of the mistake, beside the one of the engine', () => {
  const session = new backprop.Session({});
  session.train(10000);
  const { epochs, losses } = session.history();
  session.dispose();
  const none = finish(startRun('none'));
  assert.deepEqual(none.truth, { epochs, losses });
  for (const [i, epoch] of epochs.entries())
    assert.ok(Math.abs(none.broken.losses[epoch] - losses[i]) < 1e-12);
  const end = (/** @type {string} */ mistake) => last(finish(startRun(mistake)).broken.losses);
  assert.ok(end('wrong_sign') > 0.49, 'uphill');
  assert.ok(end('no_slope') > 0.24, 'it does not learn');
  assert.ok(end('no_sum') < 0.01, 'by heart');
  assert.ok(Math.abs(end('updated_weights') - last(losses)) < 1e-3, 'hidden');
  const fourfold = finish(startRun('none', { rate: 0.4 })).broken.losses;
  const { losses: forgotten } = finish(startRun('no_mean')).broken;
  for (const [i, loss] of forgotten.entries()) assert.ok(Math.abs(loss - fourfold[i]) < 1e-9);
});

test('what the article says of the curves', () => {
  const ends = Object.fromEntries(
    Object.keys(MISTAKES).map((mistake) => {
      const { truth, broken } = finish(startRun(mistake));
      const [start, end, right] = [broken.losses[0], last(broken.losses), last(truth.losses)];
      return [
        mistake,
        end > start - 0.01 ? 'no learning' : end < right - 0.01 ? 'faster' : 'slower',
      ];
    }),
  );
  assert.deepEqual(ends, {
    no_slope: 'no learning',
    not_transposed: 'faster',
    updated_weights: 'slower',
    wrong_sign: 'no learning',
    no_mean: 'faster',
    zeros: 'slower',
    no_sum: 'faster',
  });
});

test('a run is as long as the experiment, and takes its seed and rate', () => {
  const run = startRun('not_transposed', { seed: 7, rate: 0.5, epochs: 300 });
  const { seed, rate, epoch, outputs } = run.check(5000);
  assert.deepEqual({ seed, rate, epoch, outputs }, { seed: 7, rate: 0.5, epoch: 300, outputs: 2 });
  assert.equal(finish(run).broken.losses.length, 301);
});

test('the listing has every line of the backward pass, and a mistake changes one of them', () => {
  const arrays = LINES.map(({ array }) => array);
  assert.deepEqual(
    arrays.filter((array) => STEPS.includes(array)),
    STEPS,
  );
  for (const { array, text } of Object.values(MISTAKES)) {
    const line = LINES.find((one) => one.array === array);
    assert.ok(line && line.text !== text);
    assert.equal(line.text.split(' = ')[0], text.split(' = ')[0]);
  }
});
