// Experiments, permalinks, axes and numbers: plain values, no browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { epochTicks, fractionOf, nextStop, ticks, valueAt } from '../state/axis.js';
import { complete, DEFAULTS, difference, isSame, parseEpoch } from '../state/experiment.js';
import { count, duration, exact, number, plain, signed } from '../state/format.js';
import { outputRange, readRows, unitName, verdictOf } from '../state/reading.js';
import { asText, stateSentence } from '../state/strings.js';

test('a number has four significant digits and a true minus', () => {
  assert.equal(number(0.2558299419444368), '0.2558');
  assert.equal(number(-1.4556), '−1.456');
  assert.equal(number(0.00045757), '0.0004576');
  assert.equal(number(1234.56), '1235');
  assert.equal(number(3.2e-7), '3.200e−7');
  assert.equal(number(0), '0.000');
  assert.equal(number(Number.NaN), 'NaN');
  assert.equal(number(Number.NEGATIVE_INFINITY), '−∞');
  assert.equal(signed(0.25), '+0.2500');
  assert.equal(exact(-0.1), '−0.1');
  assert.equal(count(1234567), '1,234,567');
  assert.equal(plain(0.1), '0.1');
  assert.equal(duration(1.14), '1.1 ms');
  assert.equal(duration(1234), '1,234 ms');
});

test('left-out fields are the defaults, and only what differs is kept', () => {
  assert.deepEqual(complete({}), DEFAULTS);
  assert.equal(complete({ initializer: { seed: 7 } }).initializer.kind, 'numpy_randn');
  assert.deepEqual(complete({ optimizer: { kind: 'adam' } }).optimizer, { kind: 'adam' });
  assert.equal(complete({ layers: [{ units: 1 }] }).layers[0].activation, 'sigmoid');
  assert.deepEqual(difference(structuredClone(DEFAULTS)), {});
  assert.deepEqual(difference({ epochs: 10000, batchSize: 2 }), { batchSize: 2 });
  assert.deepEqual(difference({ initializer: { seed: 42 } }), {});
  assert.ok(isSame({ a: [1, { b: 2 }], c: 3 }, { c: 3, a: [1, { b: 2 }] }));
});

test('an epoch is a whole number from 0 up', () => {
  for (const [given, epoch] of [
    ['0', 0],
    [' 12 ', 12],
    [1e9, 1e9],
  ])
    assert.equal(parseEpoch(given), epoch);
  for (const given of ['', '-1', '1.5', 'x', null, Number.NaN, '1e3', '99999999999999999'])
    assert.equal(parseEpoch(given), undefined, String(given));
});

const aScale = fc.constantFrom(/** @type {const} */ ('linear'), /** @type {const} */ ('log'));

test('the axis goes there and back', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e9 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      aScale,
      (end, part, scale) => {
        const epoch = Math.round(part * end);
        assert.equal(Math.round(valueAt(fractionOf(epoch, end, scale), end, scale)), epoch);
      },
    ),
  );
});

test('every stop is further, and Home and End can be reached', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.nat({ max: 1e6 }),
      aScale,
      (end, given, scale) => {
        const epoch = Math.min(given, end);
        assert.ok(epoch === end || nextStop(epoch, 1, end, scale) > epoch);
        assert.ok(epoch === 0 || nextStop(epoch, -1, end, scale) < epoch);
      },
    ),
  );
  assert.deepEqual(
    [0, 9, 10, 90, 95].map((epoch) => nextStop(epoch, 1, 10000, 'log')),
    [1, 10, 20, 100, 100],
  );
  assert.deepEqual(
    [1, 10, 100, 95].map((epoch) => nextStop(epoch, -1, 10000, 'log')),
    [0, 9, 90, 90],
  );
});

test('ticks are round, in range, and not too many', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
      (low, length) => {
        const found = ticks(low, low + length, 5);
        assert.ok(found.length >= 1 && found.length <= 6, String(found));
      },
    ),
  );
  assert.deepEqual(epochTicks(10000, 'linear', 6), [0, 2000, 4000, 6000, 8000, 10000]);
  assert.deepEqual(epochTicks(10000, 'log', 8), [0, 1, 10, 100, 1000, 10000]);
  assert.deepEqual(epochTicks(1, 'linear', 8), [0, 1]);
});

/** @param {Partial<import('../state/types.js').RunInfo>} [change] */
function runInfo(change = {}) {
  return {
    inputs: 2,
    names: ['x1', 'x2'],
    outputs: 1,
    layers: complete({}).layers,
    rowCount: 4,
    samples: {
      inputs: [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ],
      targets: [[0], [1], [1], [0]],
    },
    parameterCount: 9,
    stepsPerEpoch: 1,
    ...change,
  };
}

/** @param {number[]} predictions */
function snapshotOf(predictions) {
  return {
    epoch: 9999,
    step: 0,
    loss: 0.1386901481688182,
    diverged: false,
    ended: false,
    predictions: Float64Array.from(predictions),
    layers: [],
  };
}

/** @param {number[]} predictions @param {import('../state/types.js').RunInfo} [info] */
function sentence(predictions, info = runInfo()) {
  const snapshot = snapshotOf(predictions);
  const history = {
    epochs: new Float64Array(1),
    losses: new Float64Array(1),
    complete: true,
    milliseconds: 1,
  };
  const scene = { experiment: complete({}), info, snapshot, history };
  return asText(stateSentence(scene, readRows(info, snapshot)));
}

test('the sentence says what the rows have come to', () => {
  assert.equal(
    sentence([0.12413659, 0.48083101, 0.89141489, 0.50796016]),
    'After 9,999 epochs at learning rate 0.1 the loss is 0.1387. Two rows fall on the right side of one half; (0, 1), at 0.4808, and (1, 1), at 0.5080, do not.',
  );
  assert.match(
    sentence([0.1, 0.9, 0.9, 0.1]),
    /All four rows fall on the right side of one half\.$/,
  );
  assert.match(sentence([0.1, 0.4, 0.9, 0.1]), /Three rows .* \(0, 1\), at 0\.4000, does not\.$/);
  assert.match(sentence([0.9, 0.1, 0.1, 0.1]), /One row falls on the right side of one half\.$/);
});

test('several outputs and numbers of any kind have their sentence too', () => {
  const classes = {
    inputs: [[0], [1]],
    targets: [
      [1, 0],
      [0, 1],
    ],
  };
  const layers = [{ units: 2, activation: 'softmax' }];
  const info = runInfo({ inputs: 1, outputs: 2, rowCount: 2, layers, samples: classes });
  assert.equal(verdictOf(info), 'largest');
  assert.match(sentence([0.9, 0.1, 0.9, 0.1], info), /One row goes to the right class\.$/);
  const samples = { inputs: [[0], [1], [2]], targets: [[0.5], [2], [7]] };
  const line = runInfo({
    inputs: 1,
    rowCount: 3,
    layers: [{ units: 1, activation: 'identity' }],
    samples,
  });
  assert.deepEqual(outputRange(line), { low: 0.5, middle: 3.75, high: 7 });
  assert.match(sentence([0.5, 2, 9], line), /The largest error is 2\.000, in row 3\.$/);
});

test('units have names', () => {
  const deep = runInfo({
    outputs: 2,
    layers: [2, 3, 2].map((units) => ({ units, activation: 'tanh' })),
  });
  assert.deepEqual(
    [
      [0, 1],
      [1, 0],
      [2, 0],
    ].map(([layer, unit]) => unitName(runInfo(), layer, unit)),
    ['x2', 'h1', 'a2'],
  );
  assert.deepEqual(
    [
      [1, 0],
      [2, 2],
      [3, 1],
    ].map(([layer, unit]) => unitName(deep, layer, unit)),
    ['h1.1', 'h2.3', 'a3.2'],
  );
});
