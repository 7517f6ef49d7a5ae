// Settings as they are typed and said, and the line of the learning rate.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complete } from '../state/experiment.js';
import { rateAt } from '../state/optimizers.js';
import { rateLine } from '../state/rates.js';
import { linesOf, rangeText, readSetting, withSetting, wordsOf } from '../state/settings.js';

/**
 * @param {Partial<import('../state/types.js').Setting>} [given]
 * @returns {import('../state/types.js').Setting}
 */
function settingWith(given = {}) {
  return {
    name: 'learningRate',
    type: 'number',
    minimum: 0,
    maximum: null,
    minimumExcluded: false,
    maximumExcluded: false,
    default: 0.1,
    description: '',
    ...given,
  };
}

const integer = settingWith({ type: 'integer', minimum: 1, maximum: 1e9, default: null });
const any = settingWith({ minimum: null, default: null });

test('a setting says what it takes', () => {
  for (const [setting, text] of /** @type {const} */ ([
    [settingWith(), '0 or more'],
    [settingWith({ maximum: 1 }), '0 to 1'],
    [settingWith({ maximum: 1, maximumExcluded: true }), '0 or more and below 1'],
    [
      settingWith({ maximum: 1, minimumExcluded: true, maximumExcluded: true }),
      'above 0 and below 1',
    ],
    [settingWith({ minimum: null, maximum: 3 }), '3 or less'],
    [integer, 'a whole number, 1 to 1,000,000,000'],
    [settingWith({ type: 'integer', minimum: null }), 'a whole number'],
    [any, 'a number'],
  ]))
    assert.equal(rangeText(setting), text);
});

test('numbers are read as people write them', () => {
  for (const [setting, text, value] of /** @type {const} */ ([
    [settingWith(), '0.5', 0.5],
    [settingWith(), ' 1e-3 ', 0.001],
    [settingWith(), '.5', 0.5],
    [settingWith(), '0,25', 0.25],
    [settingWith(), '2.', 2],
    [integer, '10,000', 10000],
    [integer, '1e4', 10000],
    [integer, '', null],
    [any, '\u22122', -2],
  ]))
    assert.deepEqual(readSetting(setting, text), { value }, text);
});

test('what is none of them is answered in one sentence', () => {
  for (const [setting, text] of /** @type {const} */ ([
    [settingWith(), '-0.1'],
    [settingWith(), '0x10'],
    [settingWith(), 'Infinity'],
    [settingWith(), '1e999'],
    [settingWith(), '1 2'],
    [settingWith({ minimumExcluded: true }), '0'],
    [settingWith({ maximum: 1, maximumExcluded: true }), '1'],
    [integer, '1.5'],
    [integer, '1,00'],
    [integer, '0'],
  ])) {
    const problem = `Rate must be ${rangeText(setting)}, not “${text}”.`;
    assert.deepEqual(readSetting(setting, text, 'Rate'), { problem }, text);
  }
  assert.deepEqual(readSetting(settingWith(), ' '), {
    problem: 'learning rate must be 0 or more, not nothing.',
  });
});

test('names are words, formulas are lines, defaults are left out', () => {
  assert.equal(wordsOf('stepSizeMinimum'), 'step size minimum');
  assert.deepEqual(linesOf('a = b; c = d'), ['a = b', 'c = d']);
  const given = { kind: 'sgd', learningRate: 0.3 };
  assert.deepEqual(withSetting(given, settingWith(), 0.1), { kind: 'sgd' });
  assert.deepEqual(withSetting(given, settingWith(), 2), { kind: 'sgd', learningRate: 2 });
  assert.deepEqual(withSetting({ loss: 1 }, { ...any, name: 'loss' }, null), {});
  assert.equal(given.learningRate, 0.3);
});

test('the line of the learning rate has both ends, and jumps within one epoch', () => {
  const experiment = complete({
    epochs: 5000,
    schedule: { kind: 'step', stepSize: 777 },
    edits: [{ epoch: 1234, learningRate: 0.7 }],
  });
  const line = rateLine(experiment, 5000);
  assert.equal(line[0].epoch, 0);
  assert.equal(line[line.length - 1].epoch, 5000);
  line.forEach(({ epoch, rate }, i) => {
    assert.equal(rate, rateAt(experiment, epoch));
    if (i === 0) return;
    const before = line[i - 1];
    assert.ok(epoch > before.epoch);
    if (rate !== before.rate) assert.equal(epoch, before.epoch + 1);
  });
  assert.ok(line.some(({ rate }) => rate === 0.7 * 0.1));
  assert.deepEqual(
    rateLine(complete({}), 1).map(({ epoch }) => epoch),
    [0, 1],
  );
});
