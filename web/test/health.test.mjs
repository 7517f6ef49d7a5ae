// What is watched and said of real runs: no browser.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../../tools/run.mjs';
import { describe, takeSnapshot } from '../engine/read-out.js';
import { Watcher } from '../engine/watch.js';
import { differencesText } from '../state/differences.js';
import { complete } from '../state/experiment.js';
import { healthOf } from '../state/health.js';

const library = pathToFileURL(path.join(root, 'dist/lib/index.js')).href;
const { loadBackprop } = await import(library);
/** @type {import('../../wasm/index.js').Backprop} */
const backprop = await loadBackprop();

/**
 * A run at an epoch, as the engine reads it out; its history goes further.
 * @param {Record<string, unknown>} given
 * @param {number} epoch
 */
function sceneAt(given, epoch) {
  const experiment = complete(given);
  const session = new backprop.Session(given);
  session.seek(epoch + 200);
  const history = { ...session.history(), complete: true, milliseconds: 0 };
  session.seek(epoch);
  const info = describe(session, experiment);
  const watch = new Watcher(session, info, experiment).read();
  const snapshot = { ...takeSnapshot(session, info, {}, false), watch };
  return { scene: { experiment, info, history, snapshot }, session, watch };
}

/**
 * @param {Record<string, unknown>} given
 * @param {number} epoch
 */
function healthAt(given, epoch) {
  return healthOf(sceneAt(given, epoch).scene).map(({ kind, parts, epoch: best }) => ({
    kind,
    best,
    text: parts.map((part) => (typeof part === 'string' ? part : part.number)).join(''),
  }));
}

/** @param {string} activation @param {number} units */
const hidden = (activation, units) => [
  { units, activation },
  { units: 1, activation: 'sigmoid' },
];

const NOISY = {
  data: { kind: 'circle', samples: 300, noise: 0.3, testFraction: 0.4 },
  layers: [{ units: 8, activation: 'relu' }, ...hidden('tanh', 8)],
  loss: 'binary_cross_entropy',
  initializer: { kind: 'he_normal', seed: 3 },
  optimizer: { kind: 'adam', learningRate: 0.03 },
  epochs: 2000,
};

test('a run that diverges is named, with what to try', () => {
  const linear = {
    layers: [
      { units: 2, activation: 'identity' },
      { units: 1, activation: 'identity' },
    ],
    optimizer: { kind: 'sgd', learningRate: 50 },
  };
  const { scene, session } = sceneAt(linear, 1000);
  assert.ok(session.diverged);
  assert.deepEqual(healthAt(linear, 1000), [
    {
      kind: 'diverged',
      best: undefined,
      text: `The run diverged: the step after epoch ${scene.snapshot.epoch} is not finite. Its learning rate is 50: try 5.`,
    },
  ]);
  const gentle = { ...linear, optimizer: { kind: 'sgd', learningRate: 0.05 } };
  assert.ok(healthAt(gentle, 50).every(({ kind }) => kind !== 'diverged'));
});

test('a dead layer is named, a healthy one is not', () => {
  const below = { layers: hidden('relu', 3), initializer: { kind: 'constant', value: -1 } };
  const { watch, session } = sceneAt(below, 0);
  assert.deepEqual(watch.units, [{ dead: [0, 1, 2], saturated: [] }]);
  assert.ok(session.activations([[0, 1]])[0].every((value) => value === 0));
  const [{ kind, text }] = healthAt(below, 0);
  assert.equal(kind, 'dead');
  assert.match(text, /^Layer 1 is dead: all 3 of its relu units are at 0 on every row/);
  const above = { ...below, initializer: { kind: 'constant', value: 1 } };
  assert.deepEqual(healthAt(above, 0), []);
});

test('a saturated layer is named as long as the run is not solved', () => {
  const wide = {
    layers: hidden('tanh', 4),
    data: { kind: 'circle', samples: 100, noise: 0.1 },
    initializer: { kind: 'normal', standardDeviation: 500, seed: 1 },
  };
  const [{ kind, text }] = healthAt(wide, 0);
  assert.equal(kind, 'saturated');
  assert.match(text, /^Layer 1 is saturated: [2-4] of 4 tanh units/);
  const small = { ...wide, initializer: { kind: 'normal', standardDeviation: 0.5, seed: 1 } };
  assert.deepEqual(healthAt(small, 0), []);
});

test("the post's plateau is named; its descent and a solved run are not", () => {
  const [{ kind, text }] = healthAt({}, 1000);
  assert.equal(kind, 'unmoved');
  assert.match(text, /^The loss has hardly moved since epoch 500: from 0\.2500 to 0\.2498\./);
  assert.deepEqual(healthAt({}, 50), []);
  assert.deepEqual(healthAt({}, 7000), []);
  const solved = {
    layers: hidden('sigmoid', 4),
    optimizer: { kind: 'sgd', learningRate: 1 },
  };
  const { session } = sceneAt(solved, 10000);
  assert.ok(session.loss < 0.01);
  assert.deepEqual(healthAt(solved, 10000), []);
});

test('over-fitting is named with the epoch of the lowest test loss, and only after it', () => {
  const found = healthAt(NOISY, 800).filter(({ kind }) => kind === 'overfitting');
  const { session } = sceneAt(NOISY, 800);
  const { epochs, testLosses = new Float64Array() } = session.history();
  const upTo = testLosses.subarray(0, epochs.indexOf(800) + 1);
  const best = epochs[upTo.indexOf(Math.min(...upTo))];
  assert.equal(found.length, 1);
  assert.equal(found[0].best, best);
  assert.ok(best > 0 && best < 800);
  assert.ok(healthAt(NOISY, best).every(({ kind }) => kind !== 'overfitting'));
});

test('what is watched is what the library says, counted over all rows', () => {
  const classes = {
    data: { kind: 'spiral', classes: 3, samples: 200, noise: 0.1, testFraction: 0.25 },
    layers: [
      { units: 5, activation: 'tanh' },
      { units: 3, activation: 'softmax' },
    ],
    loss: 'cross_entropy',
    optimizer: { kind: 'adam', learningRate: 0.02 },
  };
  const signed = {
    ...NOISY,
    layers: [{ units: 5 }, { units: 1, activation: 'tanh' }],
    loss: 'hinge',
  };
  for (const given of [{}, NOISY, classes, signed]) {
    const { watch, session, scene } = sceneAt(given, 120);
    assert.equal(watch.accuracy, session.accuracy);
    assert.equal(watch.testAccuracy, session.testAccuracy);
    const data = session.dataset();
    const { outputs, layers } = scene.info;
    const threshold = layers[layers.length - 1].activation === 'tanh' ? 0 : 0.5;
    const classOf = (/** @type {Float64Array} */ row) =>
      outputs === 1 ? Number(row[0] > threshold) : row.indexOf(Math.max(...row));
    const { confusion } = watch;
    assert.ok(confusion);
    for (const [table, inputs, targets] of /** @type {const} */ ([
      [confusion.training, data.inputs, data.targets],
      [confusion.test, data.testInputs, data.testTargets],
    ])) {
      /** @type {Uint32Array} */
      const expected = new Uint32Array(confusion.size ** 2);
      const predicted = session.predict(inputs);
      for (let at = 0; at < targets.length; at += outputs)
        expected[
          classOf(targets.subarray(at, at + outputs)) * confusion.size +
            classOf(predicted.subarray(at, at + outputs))
        ]++;
      if (table) assert.deepEqual(table, expected);
      else assert.equal(targets.length, 0);
    }
    const gradient = session.gradient();
    const last = layers[layers.length - 2].units * outputs + outputs;
    const norm = Math.hypot(...gradient.subarray(gradient.length - last));
    assert.ok(Math.abs(watch.gradients[layers.length - 1] / norm - 1) < 1e-12);
    for (const { count, counts, low, high, first, step } of watch.weights) {
      assert.equal(
        counts.reduce((a, b) => a + b),
        count,
      );
      assert.ok(first * step <= low && high < (first + counts.length) * step + 1e-9 * step);
    }
    session.dispose();
  }
});

test('there are no classes in a regression, and no trouble in a run without hidden layers', () => {
  const plane = {
    data: { kind: 'plane', samples: 50 },
    layers: [{ units: 1, activation: 'identity' }],
    initializer: { kind: 'zeros' },
  };
  const { watch } = sceneAt(plane, 0);
  assert.ok(Number.isNaN(watch.accuracy) && Number.isNaN(watch.testAccuracy));
  assert.equal(watch.confusion, undefined);
  assert.deepEqual(watch.units, []);
  assert.deepEqual([...watch.weights[0].counts], [2]);
});

test('a large read-out comes in pieces and is the same', () => {
  const large = {
    ...NOISY,
    data: { ...NOISY.data, samples: 10000 },
    layers: [{ units: 200 }, { units: 1 }],
  };
  const { session, scene } = sceneAt(large, 0);
  const watcher = new Watcher(session, scene.info, scene.experiment);
  assert.ok(!watcher.isDue, 'it is left for later while a run moves');
  const pieces = watcher.pieces();
  let count = 0;
  for (;;) {
    const { done, value } = pieces.next();
    if (done) {
      assert.equal(value.accuracy, session.accuracy);
      assert.ok(count > 5, `${count} pieces`);
      return;
    }
    count++;
  }
});

test('differences are said in a few words', () => {
  const base = complete({});
  const said = (/** @type {Record<string, unknown>} */ given) =>
    differencesText(complete(given), base);
  assert.equal(said({}), '');
  assert.equal(
    said({ optimizer: { kind: 'adam', learningRate: 0.01 } }),
    'adam, learning rate 0.01',
  );
  assert.equal(said({ optimizer: { kind: 'sgd', learningRate: 1 } }), 'learning rate 1');
  assert.equal(said({ initializer: { kind: 'numpy_randn', seed: 7 } }), 'seed 7');
  assert.equal(
    said({ layers: [{ units: 8, activation: 'relu' }, { units: 1 }], batchSize: 2 }),
    'hidden 8 relu, output 1 sigmoid, batches of 2',
  );
  assert.equal(said({ data: { kind: 'circle', noise: 0.1 } }), 'circle data, noise 0.1');
  assert.equal(said({ edits: [{ epoch: 9, learningRate: 1 }], epochs: 500 }), '500 epochs, 1 edit');
});
