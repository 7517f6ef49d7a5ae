// What a hand changes on the way, beside the library.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../../tools/run.mjs';
import { baseRateAt, editsOf, withoutEdit, withParameter, withRate } from '../state/edits.js';
import { complete } from '../state/experiment.js';

const { loadBackprop } = await import(pathToFileURL(path.join(root, 'dist/lib/index.js')).href);
/** @type {import('../../wasm/index.js').Backprop} */
const backprop = await loadBackprop();

test('a learning rate holds from its epoch to the next edit of it', () => {
  let experiment = withRate(complete({}), 0, 0.5);
  assert.deepEqual(experiment.optimizer, { kind: 'sgd', learningRate: 0.5 });
  experiment = withRate(experiment, 20, 2);
  experiment = withRate(experiment, 10, 1);
  assert.deepEqual(experiment.edits, [
    { epoch: 10, learningRate: 1 },
    { epoch: 20, learningRate: 2 },
  ]);
  assert.deepEqual(
    [0, 9, 10, 19, 20, 1e6].map((epoch) => baseRateAt(experiment, epoch)),
    [0.5, 0.5, 1, 1, 2, 2],
  );
});

test('a second rate at an epoch takes the place of the first; the one that held before ends it', () => {
  const once = withRate(complete({}), 10, 1);
  assert.deepEqual(withRate(once, 10, 3).edits, [{ epoch: 10, learningRate: 3 }]);
  assert.deepEqual(withRate(once, 10, 0.1).edits, []);
  assert.deepEqual(once.edits, [{ epoch: 10, learningRate: 1 }]);
});

test('at the beginning the rate is the optimizer’s, whatever an edit said', () => {
  const given = complete({ edits: [{ epoch: 0, learningRate: 7 }] });
  const changed = withRate(given, 0, 0.3);
  assert.equal(changed.optimizer.learningRate, 0.3);
  assert.deepEqual(changed.edits, []);
});

test('a default that is left out is the catalog’s', () => {
  for (const { name, settings } of backprop.catalog().optimizers)
    assert.equal(
      baseRateAt(complete({ optimizer: { kind: name } }), 3),
      settings.find((/** @type {{ name: string }} */ { name }) => name === 'learningRate')?.default,
      name,
    );
});

test('parameters are edited beside the rate, and each edit can go alone', () => {
  let experiment = withRate(complete({}), 10, 1);
  experiment = withParameter(experiment, 10, 3, -1);
  experiment = withParameter(experiment, 10, 3, -2);
  experiment = withParameter(experiment, 10, 4, 0);
  experiment = withParameter(experiment, 5, 3, 9);
  const [first, ...rest] = editsOf(experiment);
  assert.deepEqual(first, { epoch: 5, parameter: 3, value: 9 });
  assert.deepEqual(rest, [
    { epoch: 10, learningRate: 1 },
    { epoch: 10, parameter: 3, value: -2 },
    { epoch: 10, parameter: 4, value: 0 },
  ]);
  assert.deepEqual(withoutEdit(experiment, first).edits, rest);
});

test('the library takes what is made, and steps by it', () => {
  let experiment = withRate(complete({}), 10, 1);
  experiment = withParameter(experiment, 10, 3, -2);
  const session = new backprop.Session(/** @type {any} */ (experiment));
  session.train(10);
  assert.equal(session.parameters()[3], -2);
  const [before, gradient] = [session.parameters(), session.gradient()];
  session.train(1);
  session.parameters().forEach((value, i) => {
    assert.equal(value, before[i] - 1 * gradient[i]);
  });
  session.dispose();
});
