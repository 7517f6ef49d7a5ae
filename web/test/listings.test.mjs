// The programs that the page shows, run as they stand: every array of a step is the engine's.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { complete } from '../state/experiment.js';
import { program, textOf } from '../state/listings.js';
import { arraysOf, makeStep } from '../state/step.js';
import { courseOf, endOf, lastEpoch, programText } from '../state/take.js';
import { dist } from './browser.mjs';
import { runPrograms, whyNot } from './run-programs.mjs';

/** @typedef {import('../state/listings.js').Language} Language */

const { loadBackprop } = await import(pathToFileURL(path.join(dist, 'lib/index.js')).href);
const backprop = await loadBackprop();
const isFull = process.env.BACKPROP_SWEEP === 'full';

/** @param {{ rows: number, cols: number, values: Float64Array }} array */
const toRows = ({ rows, cols, values }) =>
  Array.from({ length: rows }, (_, i) => Array.from(values.subarray(i * cols, (i + 1) * cols)));

/**
 * A program that takes so many steps and prints all arrays of the last, and what the engine says
 * they are.
 * @param {object} given
 * @param {number} epoch
 * @param {Language} language
 * @param {number} steps
 */
function prepare(given, epoch, language, steps) {
  const session = new backprop.Session(given);
  session.seek(epoch);
  const start = arraysOf(session.trace());
  const parameters = Object.fromEntries(
    [...start.values()].filter(({ name }) => /^[Wb]\d/.test(name)).map((a) => [a.name, toRows(a)]),
  );
  const [X, y] = ['X', 'y'].map((name) => toRows(/** @type {any} */ (start.get(name))));
  session.seek(epoch + steps - 1);
  const trace = session.trace();
  session.seek(epoch + steps);
  const arrays = arraysOf(trace, session.parameters());
  session.dispose();
  const step = makeStep(complete(/** @type {any} */ (given)));
  const made = program(step, { epoch, end: epoch + steps, X, y, parameters }, language);
  const names = [...new Set(made.step.flatMap((line) => line.arrays ?? []))].filter(
    (name) => !(language === 'pytorch' && /_z\d$/.test(name)) && name !== 'loss',
  );
  const printed = print[language](names.map((name) => [name, name.replace('new_', '')]));
  const text = textOf({
    ...made,
    before: [...(language === 'cpp' ? SHOW : []), ...made.before],
    step: [...made.step, { text: printed }],
  });
  return { text, arrays, loss: arrays.get('loss')?.values[0] ?? Number.NaN };
}

const SHOW = [
  '#include <cstdio>',
  '#include <vector>',
  'void show(const char* name, const std::vector<std::vector<double>>& A) {',
  '    std::printf("%s", name);',
  '    for (auto& row : A) for (double a : row) std::printf(" %.17g", a);',
  '    std::printf("\\n");',
  '}',
].map((text) => ({ text }));

/** A line of code that prints arrays, one a line. @type {Record<Language, (names: string[][]) => string>} */
const print = {
  numpy: (names) =>
    `print('\\n'.join(n + ' ' + ' '.join(map(repr, A.ravel().tolist())) for n, A in [${names.map(([n, a]) => `('${n}', ${a})`)}]))`,
  pytorch: (names) =>
    `print('\\n'.join(n + ' ' + ' '.join(map(repr, A.flatten().tolist())) for n, A in [${names.map(([n, a]) => `('${n}', ${a})`)}]))`,
  javascript: (names) =>
    `for (const [n, A] of Object.entries({ ${names.map(([n, a]) => `${n}: ${a}`)} })) console.log(n, A.flat().join(' '));`,
  cpp: (names) => names.map(([n, a]) => `show("${n}", ${a});`).join(' '),
};

/**
 * Whether two numbers are the same up to the rounding of a few operations.
 * @param {number} a
 * @param {number} b
 * @param {number} scale of the array
 * @param {number} share how far off
 */
const isNear = (a, b, scale, share) =>
  Math.abs(a - b) <= share * Math.abs(b) + 1e-4 * share * scale + 1e-16;

/** @typedef {{ given: object, epoch: number, steps: number }} Case */

/** @param {Language} language @param {Case[]} cases @param {Record<string, any>[]} wholes */
function compare(language, cases, wholes) {
  const all = cases.map(({ given, epoch, steps }) => ({
    given,
    ...prepare(given, epoch, language, steps),
  }));
  const runs = wholes.map((given) => ({ given, ...wholeRun(given, language) }));
  const outputs = runPrograms(
    language,
    [...all, ...runs].map(({ text }) => text),
  );
  for (const [i, one] of all.entries()) compareOne(language, one, outputs[i]);
  for (const [i, { given, course, loss }] of runs.entries()) {
    const printed = Number(outputs[all.length + i]);
    const about = `${language} ${JSON.stringify(given)} at ${course.last}: ${printed}, not ${loss}`;
    assert.ok(isNear(printed, loss, 1, shareOf(language, given)), about);
  }
}

/**
 * The program of a run from its beginning to its end, and the loss that it should print.
 * @param {Record<string, any>} given
 * @param {Language} language
 */
function wholeRun(given, language) {
  const session = new backprop.Session(given);
  const trace = session.trace();
  const rowCount = trace.find((/** @type {{ name: string }} */ { name }) => name === 'X')?.rows;
  const info = /** @type {any} */ ({ rowCount, parameterCount: session.parameters().length });
  session.seek(lastEpoch(given, info, endOf(given, info)));
  const { epoch, loss, diverged, stopped } = session;
  const snapshot = /** @type {any} */ ({ epoch, loss, diverged, ended: diverged || stopped });
  session.dispose();
  const course = courseOf(given, info, snapshot, snapshot);
  const { text } = programText(given, /** @type {any} */ ({ trace }), course, language);
  return { text, course, loss, rowCount };
}

/** How near is near. @param {Language} language @param {object} given */
function shareOf(language, given) {
  // PyTorch keeps the product of NAdam's momenta in single precision.
  const isSingle = language === 'pytorch' && JSON.stringify(given).includes('nadam');
  return isSingle ? 1e-6 : 1e-9;
}

/**
 * @param {Language} language
 * @param {{ given: object, arrays: import('../state/step.js').Arrays, loss: number }} one
 * @param {string} output
 */
function compareOne(language, { given, arrays, loss }, output) {
  const lines = output.trim().split('\n');
  const share = shareOf(language, given);
  const about = `${language} ${JSON.stringify(given)}`;
  const printedLoss = Number(lines.pop());
  assert.ok(isNear(printedLoss, loss, 1, share), `${about}: loss ${printedLoss}, not ${loss}`);
  const last = new Map(lines.map((line) => [line.split(' ')[0], line.split(' ').slice(1)]));
  assert.ok(last.size > 6, about);
  for (const [name, texts] of last) {
    const { values } = arrays.get(name) ?? assert.fail(`${about}: ${name}`);
    assert.equal(texts.length, values.length, `${about}: ${name}`);
    const scale = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    for (const [i, value] of values.entries())
      assert.ok(
        isNear(Number(texts[i]), value, scale, share),
        `${about}: ${name}[${i}] ${texts[i]}, not ${value}`,
      );
  }
}

/** @type {string[]} of a hidden layer */
const ACTIVATIONS = backprop
  .catalog()
  .activations.map((/** @type {{ name: string }} */ { name }) => name)
  .filter((/** @type {string} */ name) => name !== 'softmax');
const hidden = (/** @type {string} */ activation, units = 3) => ({ units, activation });
const normal = { kind: 'normal', seed: 3 };
const three = {
  data: { kind: 'gaussians', samples: 9, classes: 3, seed: 2 },
  initializer: normal,
};

/** Every activation, loss, optimizer and schedule at least once. */
const experiments = [
  {},
  { initializer: { kind: 'numpy_randn', seed: 7 }, regularization: { l1: 0.01, l2: 0.02 } },
  ...ACTIVATIONS.map((activation) => ({
    layers: [hidden(activation), hidden(activation, 2), hidden('tanh', 1)],
    initializer: normal,
  })),
  { ...three, layers: [hidden('tanh', 4), hidden('softmax')], loss: 'cross_entropy' },
  { ...three, layers: [hidden('relu', 4), hidden('softmax')], loss: 'mse' },
  { layers: [hidden('tanh'), hidden('sigmoid', 1)], loss: 'binary_cross_entropy' },
  ...['mae', 'huber', 'hinge'].map((loss) => ({
    data: {
      kind: 'points',
      inputs: [
        [0, 1],
        [2, -1],
        [1, 1],
      ],
      targets: [[1], [-1], [3]],
    },
    layers: [hidden('tanh'), hidden('identity', 1)],
    initializer: normal,
    loss,
  })),
  { layers: [hidden('sigmoid', 1)] },
];

const learningRate = 0.05;
const optimizers = [
  { kind: 'sgd', learningRate, momentum: 0.9, weightDecay: 0.01 },
  { kind: 'sgd', learningRate, momentum: 0.9, nesterov: true },
  { kind: 'sgd', learningRate, momentum: 0.9, dampening: 0.5 },
  { kind: 'adagrad', learningRate, learningRateDecay: 0.1 },
  { kind: 'adadelta' },
  { kind: 'rmsprop' },
  { kind: 'rmsprop', momentum: 0.5, centered: true },
  { kind: 'adam' },
  { kind: 'adam', amsgrad: true, weightDecay: 0.1 },
  { kind: 'adamw' },
  { kind: 'nadam' },
  { kind: 'rprop' },
  { kind: 'lion', weightDecay: 0.1 },
].map((optimizer) => ({ optimizer }));
const schedules = [
  { kind: 'step', stepSize: 2, gamma: 0.5 },
  { kind: 'exponential', gamma: 0.9 },
  { kind: 'cosine', minimum: 0.01 },
  { kind: 'warmup_cosine', warmup: 3 },
].map((schedule) => ({ schedule, epochs: 8 }));

const edits = [
  { epoch: 4, parameter: 1, value: 0.25 },
  { epoch: 2, learningRate: 0.5 },
  { epoch: 4, learningRate: 0.125 },
  { epoch: 2, parameter: 8, value: -1 },
];
const edited = [
  { edits },
  { edits, optimizer: { kind: 'adam' }, schedule: { kind: 'cosine' }, epochs: 8 },
  { edits, optimizer: { kind: 'lion' } },
];

/** @param {object} given @param {number} [steps] @param {number} [epoch] @returns {Case} */
const caseOf = (given, steps = 1, epoch = 0) => ({ given, epoch, steps });
const post = caseOf({}, 1, 6000);
const cases = [
  ...experiments.map((given) => caseOf(given)),
  ...[...optimizers, ...schedules].map((given) => caseOf(given, 6)),
  ...edited.map((given) => caseOf(given, 6)),
  caseOf({ edits }, 3, 2),
  caseOf({ optimizer: { kind: 'lbfgs' } }, 1, 2),
  post,
];

const points = {
  kind: 'points',
  inputs: [
    [0, 1],
    [2, -1],
    [1, 1],
    [-1, 0],
    [0.5, 2],
  ],
  targets: [
    [1, 0],
    [-1, 1],
    [0.5, 1],
    [0, 0],
    [2, -1],
  ],
};
/** Data, layers and loss that go together, and how many rows the training set has. */
const tasks = [
  { rows: 4, task: { layers: [hidden('tanh', 4), hidden('sigmoid', 1)] } },
  {
    rows: 9,
    task: { ...three, layers: [hidden('gelu', 3), hidden('softmax')], loss: 'cross_entropy' },
  },
  {
    rows: 5,
    task: { data: points, layers: [hidden('silu'), hidden('identity', 2)], loss: 'huber' },
  },
  {
    rows: 7,
    task: {
      data: { kind: 'moons', samples: 10, testFraction: 0.3 },
      layers: [hidden('tanh', 3), hidden('sigmoid', 1)],
      loss: 'binary_cross_entropy',
    },
  },
];
const fast = { kind: 'sgd', learningRate: 2 };
/** Runs in mini-batches or with stop conditions, or both. */
const generated = fc.constantFrom(...tasks).chain(({ rows, task }) =>
  fc
    .record({
      batchSize: fc.oneof(fc.integer({ min: 1, max: rows - 1 }), fc.constantFrom(0, rows)),
      shuffle: fc.boolean(),
      shuffleSeed: fc.constantFrom(0, 1, 12345, 4294967295),
      optimizer: fc.constantFrom(fast, ...optimizers.map(({ optimizer }) => optimizer)),
      schedule: fc.constantFrom({ kind: 'constant' }, ...schedules.map(({ schedule }) => schedule)),
      regularization: fc.constantFrom({}, { l2: 0.01 }, { l1: 0.001, l2: 0.01 }),
      epochs: fc.integer({ min: 1, max: 12 }),
      stop: fc.record(
        {
          loss: fc.double({ min: 0.1, max: 0.6, noNaN: true }),
          patience: fc.integer({ min: 1, max: 3 }),
        },
        { requiredKeys: [] },
      ),
      edits: fc.array(
        fc.oneof(
          fc.record({ epoch: fc.nat(12), learningRate: fc.constantFrom(0.3, 0.01) }),
          fc.record({ epoch: fc.nat(12), parameter: fc.nat(8), value: fc.constantFrom(0.25, -1) }),
        ),
        { maxLength: 2 },
      ),
    })
    .map((settings) => ({ initializer: normal, ...task, ...settings }))
    // Rprop may take an output so far that its logarithm is not finite, which no program allows for.
    .filter(({ optimizer, loss = '' }) => optimizer.kind !== 'rprop' || !loss.includes('entropy')),
);
const random = fc.sample(generated, { seed: 6, numRuns: isFull ? 100 : 24 });

/** Runs with the loss that their programs state. @type {[given: Record<string, any>, loss: string][]} */
const golden = [
  [{ batchSize: 3, epochs: 40, optimizer: fast }, '0.2795809841'],
  [
    { batchSize: 3, shuffle: false, epochs: 40, optimizer: { kind: 'adam', learningRate: 0.1 } },
    '0.2656734547',
  ],
  [{ stop: { loss: 0.2 }, epochs: 4000, optimizer: fast }, '0.1993555060'],
  [
    { batchSize: 1, shuffleSeed: 7, stop: { loss: 0.01, patience: 20 }, optimizer: fast },
    '0.009806913421',
  ],
];
const wholes = [...random, ...golden.map(([given]) => given)];

/** The last statement of a program, from which on it says its loss. @type {Record<Language, (loss: string, number: string) => string>} */
const LAST = {
  numpy: (loss, number) => `print(${loss})  # expected: ${number}`,
  pytorch: (loss, number) => `print(${loss}.item())  # expected: ${number}`,
  javascript: (loss, number) => `console.log(${loss});  // expected: ${number}`,
  cpp: (loss, number) => `    std::printf("%.17g\\n", ${loss});  // expected: ${number}\n}`,
};

test('the programs end with the loss that they state', () => {
  for (const [given, number] of golden)
    for (const [language, last] of Object.entries(LAST)) {
      const { text } = wholeRun(given, /** @type {Language} */ (language));
      const loss = given.batchSize ? 'loss_of(inputs, targets)' : 'loss';
      assert.ok(text.endsWith(`\n${last(loss, number)}\n`), `${language}: ${text}`);
    }
});

test('of the random runs, batches are shuffled or not, uneven or not, and some runs stop', () => {
  const kinds = random.map((given) => {
    const { course, rowCount } = wholeRun(given, 'numpy');
    const { batchSize, shuffle } = given;
    const isFull = batchSize === 0 || batchSize >= rowCount;
    const order = shuffle ? 'shuffled' : 'in order';
    const rest = rowCount % batchSize === 0 ? 'even' : 'uneven';
    return `${isFull ? 'full' : `${order} ${rest}`}${course.isStopped ? ' stopped' : ''}`;
  });
  const wanted = ['shuffled even', 'shuffled uneven', 'in order even', 'in order uneven', 'full'];
  for (const kind of [...wanted, 'full stopped', 'shuffled uneven stopped'])
    assert.ok(kinds.includes(kind), `${kind} is not among ${kinds}`);
});

test('the JavaScript runs and gives the engine’s numbers', () =>
  compare('javascript', cases, wholes));

test('the C++ runs and gives the engine’s numbers', (t) => {
  const reason = whyNot('cpp');
  return reason ? t.skip(reason) : compare('cpp', cases, wholes);
});

test('the NumPy runs and gives the engine’s numbers', (t) => {
  const reason = whyNot('numpy');
  return reason ? t.skip(reason) : compare('numpy', cases, wholes);
});

test('the PyTorch runs and gives the engine’s numbers', (t) => {
  const reason = isFull ? whyNot('pytorch') : 'It is for test:all.';
  return reason ? t.skip(reason) : compare('pytorch', cases, wholes);
});

test('the NumPy for the post begins as the post does', () => {
  const { text } = prepare({}, 0, 'numpy', 10000);
  for (const line of [
    'np.random.seed(42)',
    'W1 = np.random.randn(2, 2)',
    'for epoch in range(10000):',
    '    d_loss_a2 = 2 * (a2 - y) / y.size',
    '    d_W2 = np.dot(a1.T, d_z2)',
  ])
    assert.ok(text.split('\n').includes(line), line);
});
