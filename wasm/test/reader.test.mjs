// The package's reader gives the answer of the core's own: to thousands of experiments, many of them
// wrong somewhere. And its plans, number by number.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { ExperimentError } from '../error.js';
import { namesOnly } from '../package.mjs';
import { readerOf } from '../read.js';
import { backprop, root } from './library.mjs';

/** @typedef {import('../catalog-words.mjs').Setting} Setting */
/** @typedef {import('../catalog-words.mjs').Entry} Entry */
/** @typedef {import('../catalog-words.mjs').Catalog} Catalog */

/** @type {Catalog} */
const catalog = backprop.catalog();
const readFull = readerOf(catalog);
const readBare = readerOf(namesOnly(catalog));

const numbers = [0, 0.5, 1, -1, 2, 3, 0.9, 0.1 + 0.2, 1e21, 1e-7, 123456789012345680000, 5e-324]
  .concat([1e9, 1e9 + 1, 1023, 1024, 1025, 2 ** 32 - 1, 2 ** 32, 2 ** 53, -1.7e308, 99999.5])
  .map((x) => fc.constant(x));
const aNumber = fc.oneof(
  ...numbers,
  fc.integer({ min: -3, max: 12 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

const words = namesIn(catalog);
const aText = fc.oneof(
  fc.constantFrom(
    '',
    '__proto__',
    'constructor',
    'toString',
    'length',
    '0',
    'é'.repeat(40),
    '\n\0"\\',
  ),
  fc.constantFrom(...words),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 70 }),
  nearMiss(),
  fc.string({ minLength: 60, maxLength: 300 }),
);

const aValue = fc.oneof(
  fc.constantFrom(null, true, false),
  fc.constantFrom([], {}, [[]], [0], [{}], { kind: 'adam' }, { kind: 'points' }, { units: 1 }),
  aNumber,
  aText,
);

/** A name with some letters left out, put in, changed or in upper case. */
function nearMiss() {
  const edit = fc.record({
    at: fc.nat(),
    less: fc.nat(2),
    more: fc.constantFrom('', 'a', 'E', 'é'),
  });
  const word = fc.constantFrom(...words);
  const isLoud = fc.boolean();
  return fc.tuple(word, fc.array(edit, { maxLength: 3 }), isLoud).map(([name, edits, isLoud]) => {
    let near = isLoud ? name.toUpperCase() : name;
    for (const { at, less, more } of edits) {
      const place = at % (near.length + 1);
      near = near.slice(0, place) + more + near.slice(place + less);
    }
    return near;
  });
}

/**
 * @param {unknown} value
 * @returns {string[]} every name in the catalog
 */
function namesIn(value) {
  if (value === null || typeof value !== 'object') return [];
  const own = 'name' in value ? [String(value.name)] : Object.keys(value);
  return [...own, ...Object.values(value).flatMap(namesIn)].filter((name) => !/^\d/.test(name));
}

/** @param {Setting} setting */
function aSetting({ type, minimum, maximum }) {
  if (type === 'boolean') return fc.boolean();
  const low = minimum ?? -1e6;
  const high = maximum ?? 1e6;
  const ends = fc.constantFrom(low, high, low - 1, high + 1);
  const small = fc.integer({ min: Math.ceil(low), max: Math.floor(Math.min(high, low + 6)) });
  const inside = fc.double({ min: low, max: high, noNaN: true });
  const right = type === 'integer' || low === high ? small : inside;
  return fc.oneof({ arbitrary: right, weight: 20 }, { arbitrary: ends, weight: 1 });
}

/**
 * @param {Setting[]} settings
 * @returns {Record<string, fc.Arbitrary<unknown>>}
 */
function someSettings(settings) {
  return Object.fromEntries(settings.map((setting) => [setting.name, aSetting(setting)]));
}

/** @param {Record<string, fc.Arbitrary<unknown>>} fields each there or not */
const aRecord = (fields) => fc.record(fields, { requiredKeys: [] });

/** @param {Entry[]} entries */
const aName = (entries) => fc.constantFrom(...entries.map(({ name }) => name));

/** @param {Entry[]} entries */
function aChoice(entries) {
  const kinds = entries.map(({ name, settings }) =>
    fc
      .record({ kind: fc.constant(name), ...someSettings(settings) }, { requiredKeys: ['kind'] })
      .map(reordered),
  );
  return fc.oneof(...kinds);
}

/**
 * Now and then the kind does not come first.
 * @param {Record<string, unknown>} fields
 */
function reordered(fields) {
  const entries = Object.entries(fields);
  return Object.fromEntries(entries.length % 3 === 0 ? entries.reverse() : entries);
}

/**
 * @param {number} count
 * @param {number} columns
 */
function someRows(count, columns) {
  const usual = fc.constantFrom(0, 1);
  const number = fc.oneof({ arbitrary: usual, weight: 9 }, fc.constantFrom(0.5, 2, -1e-7));
  const row = fc.array(number, { minLength: columns, maxLength: columns });
  return fc.array(row, { minLength: count, maxLength: count });
}

/** Most have as many targets as inputs. */
const somePoints = fc
  .record({
    inputs: fc.integer({ min: 1, max: 3 }),
    targets: fc.integer({ min: 1, max: 2 }),
    more: fc.constantFrom(0, 0, 0, 0, 0, 1),
  })
  .chain(({ inputs, targets, more }) =>
    fc.record({
      kind: fc.constant('points'),
      inputs: someRows(4, inputs),
      targets: someRows(4 + more, targets),
    }),
  )
  .map(reordered);

const aLayer = fc.record(
  { units: fc.integer({ min: 1, max: 3 }), activation: aName(catalog.activations) },
  { requiredKeys: ['units'] },
);
const anEdit = fc.oneof(
  fc.record({ epoch: fc.nat(), learningRate: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ epoch: fc.nat(), parameter: fc.nat(12), value: aNumber }),
  fc.record(
    { epoch: fc.nat(), parameter: fc.nat(9), value: aNumber, learningRate: fc.constant(1) },
    { requiredKeys: [] },
  ),
);
/** Most of its output fits the data and the loss. */
const someLayers = fc
  .tuple(
    fc.array(aLayer, { maxLength: 3 }),
    fc.constantFrom(
      { units: 1 },
      { units: 2, activation: 'softmax' },
      { units: 1, activation: 'tanh' },
    ),
  )
  .map(([layers, output]) => [...layers, output]);

const anExperiment = aRecord({
  data: fc.oneof(aChoice(catalog.data), somePoints),
  features: fc.oneof(
    { arbitrary: fc.uniqueArray(aName(catalog.features), { minLength: 1 }), weight: 9 },
    fc.array(aName(catalog.features)),
  ),
  layers: someLayers,
  loss: fc.oneof(fc.constantFrom('mse', 'binary_cross_entropy'), aName(catalog.losses)),
  initializer: aChoice(catalog.initializers),
  optimizer: aChoice(catalog.optimizers),
  schedule: aChoice(catalog.schedules),
  regularization: aRecord(someSettings(catalog.regularization)),
  ...someSettings(catalog.experiment),
  precision: aName(catalog.precisions),
  stop: aRecord(someSettings(catalog.stop)),
  edits: fc.array(anEdit, { maxLength: 3 }),
});

const aChange = fc.record({
  what: fc.constantFrom('replace', 'remove', 'add', 'rename'),
  place: fc.nat(),
  name: aText,
  value: aValue,
});
/** @typedef {{ what: string, place: number, name: string, value: unknown }} Change */

/**
 * Something else in some place of an experiment.
 * @param {any} experiment
 * @param {Change} change
 */
function changed(experiment, { what, place, name, value: given }) {
  const value = structuredClone(given); // it may be changed itself
  const places = placesIn(experiment);
  if (places.length === 0) return what === 'replace' ? value : own({}, name, value);
  const { container, key } = places[place % places.length];
  if (what === 'add' && Array.isArray(container)) container.push(value);
  else if (what === 'add') own(container, name, value);
  else if (what === 'replace' || Array.isArray(container)) container[key] = value;
  else {
    if (what === 'rename') own(container, name, container[key]);
    delete container[key];
  }
  return experiment;
}

/**
 * @param {object} container
 * @param {string} name any, `__proto__` as well
 * @param {unknown} value
 */
function own(container, name, value) {
  const field = { value, enumerable: true, configurable: true, writable: true };
  return Object.defineProperty(container, name, field);
}

/**
 * @param {any} value
 * @returns {{ container: any, key: string }[]} of all that is in it
 */
function placesIn(value) {
  if (value === null || typeof value !== 'object') return [];
  return Object.keys(value).flatMap((key) => [
    { container: value, key },
    ...placesIn(Object.getOwnPropertyDescriptor(value, key)?.value),
  ]);
}

/** Right or not, and as JSON says it. */
const anything = fc
  .tuple(anExperiment, fc.array(aChange, { maxLength: 2 }))
  .map(([experiment, changes]) =>
    JSON.stringify(changes.reduce(changed, structuredClone(experiment))),
  );

/**
 * @param {(experiment: unknown) => Float64Array} read
 * @param {string} text
 */
function answer(read, text) {
  try {
    read(JSON.parse(text));
    return {};
  } catch (error) {
    assert.ok(error instanceof ExperimentError, `${error} ${text}`);
    return { message: error.message, path: error.path };
  }
}

/** Among the answers is everything that can be wrong. */
const COMPLAINTS = [
  'must be an object, not',
  'is not a field of',
  'must be one of',
  'did you mean',
  'must be true or false',
  'must be a finite number',
  'must be a whole number',
  'must be a number, 0 or more and below 1',
  'must be above 0 and below 1',
  'must be an array of',
  'must be an array of names',
  'must be an array of at least one of',
  'named once',
  'must be an array of rows, not left out',
  'units must be a whole number, 1 to 1024, not left out',
  'epoch must be a whole number, 0 to 1000000000, not left out',
  'like the first',
  'as many rows as data.inputs',
  'another mixture of fields',
  'the number of targets of',
  'any but softmax',
  'sigmoid with binary_cross_entropy',
  'softmax with cross_entropy',
  '0 to 1 with binary_cross_entropy',
  'left out unless the data have 2 inputs',
  'initializer.maximum must be the minimum',
  '0 with lbfgs',
  '.parameter must be 0 to',
];

test('the answers of the core', { timeout: 120000 }, () => {
  const joint = fc.sample(anExperiment, 3000).map((experiment) => JSON.stringify(experiment));
  const texts = [...joint, ...fc.sample(anything, 6000)];
  const program = path.join(root, 'build/native/backprop_read_experiments');
  const output = execFileSync(program, { input: `${texts.join('\n')}\n`, maxBuffer: 2 ** 30 });
  const answers = String(output).trimEnd().split('\n');
  assert.equal(answers.length, texts.length);
  const given = answers.join();
  let good = 0;
  for (const [i, text] of texts.entries()) {
    const expected = JSON.parse(answers[i]);
    assert.deepEqual(answer(readFull, text), expected, text);
    assert.deepEqual(answer(readBare, text), expected, text);
    good += Number(!expected.message);
  }
  assert.ok(good > 500 && good < texts.length - 2000, `${good} of ${texts.length} are right`);
  for (const words of COMPLAINTS) assert.ok(given.includes(words), `nothing is refused: ${words}`);
});

test('the plan of the default experiment', () => {
  const expected = [
    [0],
    [place('data', 'xor'), 2, 2, 0],
    [0, 0, 0],
    [0],
    [2, 2, place('activations', 'sigmoid'), 1, place('activations', 'sigmoid')],
    [place('losses', 'mse')],
    [place('initializers', 'numpy_randn'), 1, 42],
    [place('optimizers', 'sgd'), 5, 0.1, 0, 0, 0, 0],
    [place('schedules', 'constant'), 0],
    [0, 0],
    [0, 1, 0],
    [place('precisions', 'f64'), 10000],
    [NaN, NaN],
  ].flat();
  for (const experiment of [{}, catalog.defaults]) assertPlan(experiment, expected);
});

test('the plan of an experiment that uses everything', () => {
  const experiment = {
    edits: [
      { value: -0, parameter: 3, epoch: 5 },
      { learningRate: 0.25, epoch: 7 },
    ],
    stop: { patience: 9, loss: -0.5 },
    epochs: 77,
    precision: 'f32',
    shuffleSeed: 4294967295,
    shuffle: false,
    batchSize: 2,
    regularization: { l2: 0.02, l1: 0.01 },
    schedule: { gamma: 0.5, kind: 'step' },
    optimizer: { momentum: 0.9, kind: 'rmsprop', centered: true },
    initializer: { maximum: 3, minimum: -3, kind: 'uniform' },
    loss: 'cross_entropy',
    layers: [{ activation: 'tanh', units: 3 }, { units: 4 }, { units: 2, activation: 'softmax' }],
    features: ['sin_x2', 'x1'],
    data: {
      targets: [[1, 0], Uint8Array.of(0, 1), [0.5, 0.5]],
      kind: 'points',
      testFraction: 0.25,
      inputs: [[1, 2], Float32Array.of(3, 0.5), [-5, 6e-7]],
    },
  };
  assertPlan(experiment, [
    ...[2, 5, NaN, 3, -0, 7, 0.25, NaN, 0],
    ...[place('data', 'points'), 1, 0.25],
    ...[3, 2, 2, 1, 2, 3, 0.5, -5, 6e-7, 1, 0, 0, 1, 0.5, 0.5],
    ...[2, place('features', 'sin_x2'), place('features', 'x1')],
    ...[3, 3, place('activations', 'tanh'), 4, place('activations', 'sigmoid')],
    ...[2, place('activations', 'softmax')],
    place('losses', 'cross_entropy'),
    ...[place('initializers', 'uniform'), 3, 42, -3, 3],
    ...[place('optimizers', 'rmsprop'), 6, 0.01, 0.99, 1e-8, 0, 0.9, 1],
    ...[place('schedules', 'step'), 2, 1000, 0.5],
    ...[0.01, 0.02, 2, 0, 4294967295, place('precisions', 'f32'), 77],
    ...[-0.5, 9],
  ]);
});

/**
 * @param {string} table
 * @param {string} name
 */
function place(table, name) {
  return catalog[table].findIndex((/** @type {Entry} */ entry) => entry.name === name);
}

/**
 * @param {unknown} experiment
 * @param {number[]} expected
 */
function assertPlan(experiment, expected) {
  assert.ok(!expected.includes(-1));
  for (const read of [readFull, readBare]) assert.deepEqual([...read(experiment)], expected);
}
