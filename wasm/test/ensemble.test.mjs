// An ensemble is as many sessions, one for each seed, to the bit.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { backprop, ExperimentError } from './library.mjs';

const rows = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

/**
 * @param {object} experiment
 * @param {ArrayLike<number>} seeds
 */
function open(experiment, seeds) {
  const ensemble = new backprop.Ensemble(experiment, seeds);
  after(() => ensemble.dispose());
  return ensemble;
}

/**
 * @param {any} experiment
 * @param {number[]} seeds
 * @param {number} epochs
 * @returns {import('../ensemble.js').Ensemble} after so many epochs, equal to its sessions
 */
function trained(experiment, seeds, epochs) {
  const ensemble = open(experiment, seeds);
  ensemble.train(epochs);
  const losses = ensemble.losses();
  const predictions = ensemble.predict(rows);
  const share = predictions.length / seeds.length;
  seeds.forEach((seed, i) => {
    const initializer = { ...experiment.initializer, seed };
    const session = new backprop.Session({ ...experiment, initializer });
    session.train(epochs);
    assert.deepEqual(ensemble.parameters(i), session.parameters(), `seed ${seed}`);
    assert.deepEqual(predictions.slice(i * share, (i + 1) * share), session.predict(rows));
    assert.equal(losses[i], session.loss);
    assert.equal(ensemble.epochOf(i), session.epoch);
    assert.equal(ensemble.diverged(i), session.diverged);
    session.dispose();
  });
  return ensemble;
}

const thousand = Array.from({ length: 1000 }, (_, seed) => seed);
const layers = (/** @type {string} */ hidden, units = 1, output = 'sigmoid') => [
  { units: 3, activation: hidden },
  { units, activation: output },
];

test('a thousand seeds of the post', () => {
  const ensemble = trained({}, thousand, 300);
  assert.equal(ensemble.size, 1000);
  assert.equal(ensemble.epoch, 300);
});

test('a thousand seeds in mini-batches', () => {
  const data = { kind: 'moons', samples: 60 };
  const optimizer = { kind: 'adam', learningRate: 0.01 };
  const eights = [8, 8, 1].map((units) => ({ units, activation: 'tanh' }));
  trained({ data, optimizer, batchSize: 10, layers: eights }, thousand, 3);
});

test('a thousand seeds of classes', () => {
  const data = { kind: 'gaussians', classes: 3 };
  const loss = 'cross_entropy';
  trained({ data, loss, layers: layers('relu', 3, 'softmax') }, thousand, 5);
});

test('every optimizer and activation', () => {
  const { optimizers, activations } = backprop.catalog();
  for (const { name } of optimizers) trained({ optimizer: { kind: name } }, [3, 1, 4, 1, 5], 20);
  for (const { name } of activations) {
    if (name !== 'softmax') trained({ layers: layers(name) }, [2, 7, 1, 8, 4294967295], 20);
  }
});

test('members diverge and stop alone', () => {
  const inputs = [
    [1, 4],
    [4, 1],
    [4, 4],
    [2, 3],
  ];
  const data = { kind: 'points', inputs, targets: [[0], [1], [1], [0]] };
  const linear = [1, 1].map((units) => ({ units, activation: 'identity' }));
  const seeds = thousand.slice(0, 21);
  const wild = trained({ data, layers: linear }, seeds, 60);
  const diverged = seeds.filter((_, i) => wild.diverged(i)).length;
  assert.ok(diverged > 0 && diverged < seeds.length, `${diverged}`);
  trained({ stop: { loss: 0.24 } }, seeds, 2000);
});

test('train says how many epochs ran', () => {
  const ensemble = open({ layers: layers('relu', 1, 'identity') }, [1, 2]);
  assert.equal(ensemble.train(0), 0);
  assert.equal(ensemble.train(7), 7);
  assert.equal(ensemble.epoch, 7);
  const optimizer = { learningRate: 1e6 };
  const wild = open({ layers: layers('relu', 1, 'identity'), optimizer }, [1, 2]);
  const ran = wild.train(1e15);
  assert.ok(ran < 100);
  assert.equal(wild.epoch, ran);
  assert.equal(wild.train(5), 0);
});

test('arguments are checked', () => {
  const requirement = 'seeds must be an array of at least one seed';
  for (const [seeds, message] of /** @type {[any, string][]} */ ([
    [undefined, `${requirement}, not undefined`],
    [[], `${requirement}, not []`],
    [7, `${requirement}, not 7`],
    [[1, -1], 'seeds[1] must be a whole number, 0 to 4294967295, not -1'],
    [[2 ** 32], 'seeds[0] must be a whole number, 0 to 4294967295, not 4294967296'],
    [['7'], 'seeds[0] must be a whole number, 0 to 4294967295, not "7"'],
    [Float64Array.of(0.5), 'seeds[0] must be a whole number, 0 to 4294967295, not 0.5'],
  ])) {
    assert.throws(() => open({}, seeds), { message });
  }
  assert.throws(
    () => open({ loss: 'mce' }, [1]),
    (error) => error instanceof ExperimentError && error.path === 'loss',
  );
  const ensemble = open({}, Uint32Array.of(1, 2, 3));
  const any = /** @type {any} */ (ensemble);
  assert.throws(() => any.train(0.5), { message: /^epochs must be a whole number/ });
  assert.throws(() => any.parameters(3), {
    message: 'member must be a whole number, 0 to 2, not 3',
  });
  for (const use of [() => any.diverged(), () => any.epochOf('0'), () => any.parameters(-1)]) {
    assert.throws(use, { message: /^member must be a whole number, 0 to 2, not / });
  }
  assert.throws(() => ensemble.predict([[0]]), { message: /^inputs\[0\] must be a row of 2/ });
});

test('an ensemble that was disposed of says so', () => {
  const ensemble = new backprop.Ensemble({}, [1]);
  ensemble.dispose();
  ensemble.dispose();
  assert.throws(() => ensemble.losses(), { message: 'This ensemble has been disposed of.' });
});
