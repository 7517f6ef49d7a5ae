// One thing changed, and what must change with it: the library accepts whatever comes of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { backprop } from '../../wasm/test/library.mjs';
import { complete } from '../state/experiment.js';
import { fit } from '../state/fit.js';

/** @typedef {import('../state/types.js').Experiment} Experiment */
/** @typedef {import('../state/types.js').CatalogEntry} CatalogEntry */

const catalog = /** @type {import('../state/types.js').Catalog} */ (backprop.catalog());

/** @param {Record<string, unknown>} experiment */
function accept(experiment) {
  new backprop.Session(experiment).dispose();
}

/**
 * @param {Record<string, unknown>} before
 * @param {Record<string, unknown>} change
 */
function fitted(before, change) {
  const whole = complete(before);
  const result = fit(complete({ ...whole, ...change }), whole, catalog);
  accept(result.experiment);
  return result;
}

/** @param {Experiment} experiment */
const outputOf = ({ layers }) => layers[layers.length - 1];

const names = (/** @type {CatalogEntry[]} */ entries) =>
  fc.constantFrom(...entries.map(({ name }) => name));
const aNumber = fc.double({ min: -2, max: 2, noNaN: true });
const aClass = fc.constantFrom(0, 1);

/** @param {fc.Arbitrary<number>} value @param {number} columns */
const aRow = (value, columns) => fc.array(value, { minLength: columns, maxLength: columns });

const aHot = fc
  .integer({ min: 2, max: 4 })
  .chain((classes) => fc.integer({ min: 0, max: classes - 1 }).map((at) => hot(at, classes)));
/** @param {number} at @param {number} classes */
const hot = (at, classes) => Array.from({ length: classes }, (_, k) => Number(k === at));

/** Own rows: two classes either way, several, or values. */
const ownRows = fc
  .tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.constantFrom('zeros', 'signs', 'hot', 'values', 'pairs'),
  )
  .chain(([inputs, form]) => {
    /** @type {Record<string, fc.Arbitrary<number[]>>} */
    const targets = {
      zeros: aRow(aClass, 1),
      signs: aRow(aClass, 1).map(([value]) => [2 * value - 1]),
      hot: aHot.map((row) => hot(row.indexOf(1) % 3, 3)),
      values: aRow(aNumber, 1),
      pairs: aRow(aNumber, 2),
    };
    return fc.array(fc.tuple(aRow(aNumber, inputs), targets[form]), { minLength: 1, maxLength: 6 });
  })
  .map((rows) => ({
    kind: 'points',
    inputs: rows.map(([inputs]) => inputs),
    targets: rows.map(([, targets]) => targets),
  }));

const generated = fc.record({
  kind: names(catalog.data),
  classes: fc.integer({ min: 2, max: 10 }),
  bits: fc.integer({ min: 1, max: 4 }),
  samples: fc.integer({ min: 2, max: 40 }),
  testFraction: fc.constantFrom(0, 0.5),
  noise: fc.constantFrom(0, 0.3),
});

const layers = fc.array(
  fc.record({ units: fc.integer({ min: 1, max: 5 }), activation: names(catalog.activations) }),
  { minLength: 1, maxLength: 4 },
);
const anEdit = fc.oneof(
  fc.record({ epoch: fc.nat(5), learningRate: fc.constant(0.5) }),
  fc.record({ epoch: fc.nat(5), parameter: fc.nat(2), value: fc.constant(1) }),
);

/** One thing changed. */
const aChange = fc.oneof(
  fc.record({ data: fc.oneof(generated, ownRows) }),
  fc.record({ loss: names(catalog.losses) }),
  fc.record({ layers }),
  fc.record({ output: names(catalog.activations) }),
  fc.record({ units: fc.integer({ min: 1, max: 9 }) }),
  fc.record({
    optimizer: fc.record({ kind: names(catalog.optimizers), momentum: fc.constant(0.5) }),
  }),
  fc.record({ schedule: fc.record({ kind: names(catalog.schedules), gamma: fc.constant(0.5) }) }),
  fc.record({
    initializer: fc.record({
      kind: names(catalog.initializers),
      minimum: aNumber,
      maximum: aNumber,
    }),
  }),
  fc.record({ batchSize: fc.nat(20) }),
  fc.record({ features: fc.subarray(catalog.features.map(({ name }) => name)) }),
  fc.record({ precision: names(catalog.precisions) }),
  fc.record({ edits: fc.array(anEdit, { maxLength: 3 }) }),
);

/**
 * @param {Experiment} experiment
 * @param {Record<string, any>} change
 * @returns {Experiment}
 */
function changed(experiment, { output, units, ...fields }) {
  const last = outputOf(experiment);
  if (output)
    return { ...experiment, layers: experiment.layers.with(-1, { ...last, activation: output }) };
  if (units) return { ...experiment, layers: experiment.layers.with(-1, { ...last, units }) };
  return { ...experiment, ...fields };
}

test('any one change of any experiment is accepted', () => {
  fc.assert(
    fc.property(fc.array(aChange, { minLength: 1, maxLength: 12 }), (changes) => {
      let experiment = complete({});
      for (const change of changes) {
        const before = JSON.stringify(experiment);
        const result = fit(changed(experiment, change), experiment, catalog);
        assert.equal(JSON.stringify(experiment), before, 'what it was given is left alone');
        ({ experiment } = result);
        accept(experiment);
        for (const note of result.notes) assert.match(note, /^[A-Za-z].*\.$/);
      }
    }),
    { numRuns: 400 },
  );
});

test('what fits is left as it is, without a word', () => {
  const { experiment, notes } = fitted({}, { optimizer: { kind: 'adam', learningRate: 0.01 } });
  assert.deepEqual(notes, []);
  assert.deepEqual(experiment, complete({ optimizer: { kind: 'adam', learningRate: 0.01 } }));
});

test('several classes get a softmax output with a unit each, and cross-entropy', () => {
  const { experiment, notes } = fitted({}, { data: { kind: 'gaussians', classes: 3 } });
  assert.deepEqual(outputOf(experiment), { units: 3, activation: 'softmax' });
  assert.equal(experiment.loss, 'cross_entropy');
  assert.deepEqual(notes, [
    'The output is softmax now, a share for each class.',
    'The loss is cross_entropy now, which goes with a softmax output.',
    'The output layer has 3 units, one for each class.',
  ]);
});

test('values get an output that reaches them, and a loss for values', () => {
  for (const kind of ['sine', 'plane']) {
    const { experiment } = fitted({ loss: 'binary_cross_entropy' }, { data: { kind } });
    assert.deepEqual(outputOf(experiment), { units: 1, activation: 'identity' });
    assert.equal(experiment.loss, 'mse');
    const tanh = [{ units: 1, activation: 'tanh' }];
    assert.equal(
      outputOf(fitted({ layers: tanh }, { data: { kind } }).experiment).activation,
      'tanh',
    );
    const back = fitted(experiment, { data: { kind: 'moons' } }).experiment;
    assert.equal(outputOf(back).activation, 'sigmoid');
    for (const loss of ['hinge', 'cross_entropy', 'binary_cross_entropy']) {
      const kept = fitted(experiment, { loss });
      assert.equal(kept.experiment.loss, 'mse');
      assert.deepEqual(kept.notes, [
        `${loss} is for classes, and these targets are values: the loss is mse.`,
      ]);
    }
  }
});

test('loss and output agree: the one that was changed stands', () => {
  const bce = fitted({}, { loss: 'binary_cross_entropy' }).experiment;
  assert.equal(outputOf(bce).activation, 'sigmoid');
  const tanh = fitted(bce, { layers: bce.layers.with(-1, { units: 1, activation: 'tanh' }) });
  assert.equal(tanh.experiment.loss, 'mse');
  assert.equal(outputOf(tanh.experiment).activation, 'tanh');
  const hinge = fitted({}, { loss: 'hinge' }).experiment;
  assert.deepEqual(outputOf(hinge), { units: 1, activation: 'identity' });
  const shares = fitted({}, { loss: 'cross_entropy' }).experiment;
  assert.deepEqual(outputOf(shares), { units: 2, activation: 'softmax' });
});

test('own classes are written as the output asks', () => {
  const data = { kind: 'points', inputs: [[0], [1]], targets: [[0], [1]] };
  const signed = fitted({ data }, { loss: 'hinge' }).experiment;
  assert.deepEqual(signed.data.targets, [[-1], [1]]);
  const shares = fitted(signed, { loss: 'cross_entropy' }).experiment;
  assert.deepEqual(shares.data.targets, [
    [1, 0],
    [0, 1],
  ]);
  const again = fitted(shares, { loss: 'binary_cross_entropy' }).experiment;
  assert.deepEqual(again.data.targets, [[0], [1]]);
  assert.equal(outputOf(again).units, 1);
});

test('a row more or less does not make classes of values', () => {
  const values = { kind: 'points', inputs: [[0], [1], [2]], targets: [[0], [1], [2]] };
  const before = fitted({}, { data: values }).experiment;
  const data = { kind: 'points', inputs: [[0], [1]], targets: [[0], [1]] };
  assert.equal(outputOf(fitted(before, { data }).experiment).activation, 'identity');
});

test('what was set by hand in another network is gone; in the same it stays', () => {
  const edits = [
    { epoch: 1, parameter: 8, value: 1 },
    { epoch: 2, learningRate: 0.5 },
  ];
  const layers = complete({}).layers.with(0, { units: 3, activation: 'tanh' });
  assert.deepEqual(fitted({ edits }, { layers }).experiment.edits, edits.slice(1));
  assert.deepEqual(fitted({ edits }, { batchSize: 2 }).experiment.edits, edits);
  const optimizer = { kind: 'adam' };
  assert.deepEqual(fitted({ edits }, { optimizer }).experiment.edits, edits.slice(0, 1));
});

test('features, batches and the ends of an interval', () => {
  const features = ['x1', 'x1_x2'];
  assert.equal(fitted({ features }, { data: { kind: 'sine' } }).experiment.features, undefined);
  assert.equal(fitted({ features }, { features: [] }).experiment.features, undefined);
  assert.deepEqual(fitted({ features }, { data: { kind: 'moons' } }).experiment.features, features);
  assert.equal(fitted({ batchSize: 2 }, { optimizer: { kind: 'lbfgs' } }).experiment.batchSize, 0);
  const { initializer } = fitted(
    { initializer: { kind: 'uniform' } },
    { initializer: { kind: 'uniform', minimum: 3 } },
  ).experiment;
  assert.equal(initializer.maximum, 3);
});
