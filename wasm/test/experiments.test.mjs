// Every bad experiment is refused in one sentence: the cases that JSON can say, which the core's own
// test reads as well, and those that only JavaScript can.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import vm from 'node:vm';
import { backprop, ExperimentError, golden, open } from './library.mjs';

/**
 * @param {unknown} experiment
 * @param {string} message
 * @param {string} where
 */
function assertRefused(experiment, message, where) {
  assert.throws(
    () => open(/** @type {object} */ (experiment)),
    (error) => {
      assert.ok(error instanceof ExperimentError, String(error));
      assert.deepEqual(
        [error.name, error.message, error.path],
        ['ExperimentError', message, where],
      );
      return true;
    },
  );
}

test('the cases that JSON can say', () => {
  /** @type {{ experiment: unknown, message: string, path: string }[]} */
  const cases = JSON.parse(readFileSync(path.join(golden, 'bad_experiments.json'), 'utf8'));
  assert.ok(cases.length >= 40);
  /** @type {Record<string, any>} */
  const catalog = backprop.catalog();
  for (const { experiment, message, path: where } of cases) {
    // {activations} and the like stand for the catalog's names.
    const whole = message.replace(/\{(\w+)\}/, (_, group) =>
      catalog[group].map((/** @type {{ name: string }} */ { name }) => name).join(', '),
    );
    assertRefused(experiment, whole, where);
  }
});

/** @param {unknown[][]} inputs */
const points = (inputs) => ({ data: { kind: 'points', inputs, targets: inputs.map(() => [0]) } });

test('numbers that are not finite', () => {
  assertRefused(points([[0, Number.NaN]]), at(1, 'NaN'), 'data.inputs[0][1]');
  assertRefused(points([[Infinity, 0]]), at(0, 'Infinity'), 'data.inputs[0][0]');
  assertRefused(points([[-Infinity, 0]]), at(0, '-Infinity'), 'data.inputs[0][0]');
  assertRefused(
    { epochs: Number.NaN },
    'epochs must be a whole number, 1 to 1000000000, not NaN',
    'epochs',
  );
});

/**
 * @param {number} column
 * @param {string} given
 */
function at(column, given) {
  return `data.inputs[0][${column}] must be a finite number, not ${given}`;
}

test('values of other kinds, in words', () => {
  class Tanh {}
  /** @type {[unknown, string][]} */
  const kinds = [
    [() => 1, 'a function'],
    [Tanh, 'a function'],
    [Symbol('x'), 'a symbol'],
    [10n, 'a BigInt'],
    [new Date(0), 'a Date'],
    [/x/, 'a RegExp'],
    [new Map(), 'a Map'],
    [new Error('x'), 'an Error'],
    [new ArrayBuffer(8), 'an ArrayBuffer'],
    [new DataView(new ArrayBuffer(8)), 'a DataView'],
    [BigInt64Array.of(1n), 'a BigInt64Array'],
    [Promise.resolve(1), 'a Promise'],
    [Object(1), 'a Number'],
    [{ valueOf: () => 10 }, 'an object'],
    [new Tanh(), '{}'],
    [[10], 'an array'],
  ];
  for (const [value, words] of kinds) {
    const message = `epochs must be a whole number, 1 to 1000000000, not ${words}`;
    assertRefused({ epochs: value }, message, 'epochs');
  }
  assertRefused(new Date(0), 'the experiment must be an object, not a Date', '');
});

test('elements that are undefined or missing', () => {
  const message = 'layers[0] must be an object, not undefined';
  assertRefused({ layers: [undefined, { units: 1 }] }, message, 'layers[0]');
  const sparse = [];
  sparse[1] = { units: 1 };
  assertRefused({ layers: sparse }, message, 'layers[0]');
  assertRefused(points([[0, undefined]]), at(1, 'undefined'), 'data.inputs[0][1]');
});

test('arrays that are too long to look at', () => {
  const refusal = 'data.inputs must be an array of 1 to 1000000 rows, not';
  const data = { kind: 'points', targets: [[0]] };
  for (const inputs of [new Array(4294967295), new Float32Array(2 ** 20 + 1)]) {
    assertRefused({ data: { ...data, inputs } }, `${refusal} ${inputs.length}`, 'data.inputs');
  }
  const inputs = new Array(1000001).fill([0]);
  assertRefused({ data: { ...data, inputs } }, `${refusal} 1000001`, 'data.inputs');
  const endless = new Array(4294967295);
  const row = 'data.inputs[0] must be an array of 1 to 1024 numbers, not 4294967295';
  assertRefused({ data: { ...data, inputs: [endless] } }, row, 'data.inputs[0]');
  const epochs = 'epochs must be a whole number, 1 to 1000000000, not an array';
  assertRefused({ epochs: endless }, epochs, 'epochs');
  assert.throws(() => open({ features: endless }), { path: 'features[0]' });
});

test('what contains itself', () => {
  const known = 'is not a field of xor, which has kind, bits, testFraction';
  /** @type {Record<string, unknown>} */
  const self = {};
  self.data = self;
  assertRefused(self, `"data.data" ${known}`, 'data.data');
  /** @type {unknown[]} */
  const layers = [];
  layers.push({ units: layers });
  const message = 'layers[0].units must be a whole number, 1 to 1024, not an array';
  assertRefused({ layers }, message, 'layers[0].units');
  let deep = {};
  for (let level = 0; level < 1e5; level++) deep = { data: deep };
  assertRefused(deep, `"data.data" ${known}`, 'data.data');
});

test('what holds too much', () => {
  const row = new Array(1024).fill(0);
  const targets = new Array(2 ** 14 + 1).fill(row);
  assertRefused(
    { data: { kind: 'points', targets } },
    'the experiment must be at most 16777216 values, not 16778240',
    '',
  );
  assertRefused(
    {
      data: { kind: 'points', inputs: targets.slice(1), targets: targets.slice(1) },
      layers: [{ units: 1024 }],
    },
    `the experiment must be at most 16777216 values, not ${2 ** 25 + 33}`,
    '',
  );
});

test('getters and proxies that throw', () => {
  const cause = new Error('no');
  const fail = () => {
    throw cause;
  };
  const cases = [
    [Object.defineProperty({}, 'loss', { get: fail, enumerable: true }), 'loss'],
    [
      { layers: [Object.defineProperty({}, 'units', { get: fail, enumerable: true })] },
      'layers[0].units',
    ],
    [{ data: new Proxy({}, { ownKeys: fail }) }, 'data'],
    [{ data: { [Symbol.toStringTag]: 'Object' }, layers: new Proxy([], { get: fail }) }, 'layers'],
  ];
  for (const [experiment, place] of cases) {
    assert.throws(
      () => open(/** @type {object} */ (experiment)),
      (error) => {
        assert.ok(error instanceof ExperimentError);
        assert.deepEqual([error.message, error.path], [`${place} cannot be read`, place]);
        return error.cause === cause;
      },
    );
  }
});

test('every property is looked at once', () => {
  /** @type {Map<string, number>} */
  const looks = new Map();
  const watched = (/** @type {object} */ target, /** @type {string} */ path) =>
    new Proxy(target, {
      get: (target, name) => {
        const place = `${path}.${String(name)}`;
        looks.set(place, 1 + (looks.get(place) ?? 0));
        return Reflect.get(target, name);
      },
    });
  const row = (/** @type {number[]} */ numbers, /** @type {string} */ path) =>
    watched(numbers, path);
  const data = {
    targets: watched([row([1], 't0'), row([0], 't1')], 'targets'),
    inputs: watched([row([1, 2], 'i0'), row([3, 4], 'i1')], 'inputs'),
    kind: 'points',
  };
  const layers = watched([watched({ units: 1 }, 'layer')], 'layers');
  const features = watched(['x1', 'x2'], 'features');
  open(watched({ data: watched(data, 'data'), features, layers }, 'experiment'));
  assert.ok(looks.size > 20, `${looks.size} places`);
  for (const [place, count] of looks) assert.equal(count, 1, place);
});

test('names that are odd', () => {
  for (const name of ['', '__proto__', 'toString', '\ud800', 'a\0b', 'x'.repeat(1e6)]) {
    const experiment = Object.defineProperty({}, name, { value: 1, enumerable: true });
    assert.throws(() => open(experiment), ExperimentError, name);
  }
  assert.throws(() => open({ loss: `${'y'.repeat(1e6)}` }), { message: /^.{1,200}$/ });
});

test('good experiments in other clothes', () => {
  const units = Object.create(null, { units: { value: 1, enumerable: true } });
  class Layer {
    units = 2;
    activation = 'sigmoid';
  }
  const same = [
    {},
    Object.freeze({ loss: 'mse', epochs: undefined, [Symbol('mark')]: 1 }),
    Object.create({ loss: 'nonsense' }),
    { layers: [new Layer(), units] },
    {
      get loss() {
        return 'mse';
      },
    },
    vm.runInNewContext('({ layers: [{ units: 2 }, { units: 1 }] })'),
    new Proxy({ loss: 'mse' }, {}),
    JSON.parse(JSON.stringify(backprop.catalog().defaults)),
  ];
  const digest = open().digest();
  for (const experiment of same) assert.equal(open(experiment).digest(), digest);
});

test('a layer may stand in several places', () => {
  const layer = { units: 1 };
  assert.equal(open({ layers: [layer, layer, layer] }).parameters().length, 3 + 2 + 2);
});

test('rows may be typed arrays', () => {
  const inputs = [Float64Array.of(0, 0), Float32Array.of(0, 1), Int8Array.of(1, 0), [1, 1]];
  const targets = [[0], Uint8Array.of(1), [1], [0]];
  const session = open({ data: { kind: 'points', inputs, targets } });
  assert.equal(session.digest(), open().digest());
});

test('an experiment is copied: what happens to it later is of no account', () => {
  const experiment = { layers: [{ units: 2 }, { units: 1 }] };
  const session = open(experiment);
  experiment.layers[0].units = 5;
  session.reset();
  assert.equal(session.parameters().length, 9);
});

test('a hundred thousand rows cross quickly', () => {
  const inputs = Array.from({ length: 1e5 }, (_, r) => [Math.sin(2 * r), Math.sin(2 * r + 1)]);
  const experiment = { data: { kind: 'points', inputs, targets: inputs.map(([x]) => [x]) } };
  let best = Infinity;
  for (let round = 0; round < 5; round++) {
    const before = performance.now();
    const session = new backprop.Session(experiment);
    best = Math.min(best, performance.now() - before);
    assert.equal(session.dataset().inputs.length, 200000);
    session.dispose();
  }
  assert.ok(best < 1000, `${best} ms`);
});
