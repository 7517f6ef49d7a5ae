// Every argument is checked before it crosses, and refused in one sentence.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './library.mjs';

const session = open();

/**
 * @param {(...args: any[]) => unknown} use
 * @param {[unknown, string][]} cases arguments and messages
 */
function assertRefused(use, cases) {
  const digest = session.digest();
  for (const [value, message] of cases) {
    assert.throws(
      () => use(value),
      (error) => {
        assert.ok(error instanceof TypeError || error instanceof RangeError, String(error));
        assert.equal(error.message, message);
        return true;
      },
    );
  }
  assert.equal(session.digest(), digest);
}

test('epochs', () => {
  /** @type {[unknown, string][]} */
  const cases = [
    [undefined, 'undefined'],
    [null, 'null'],
    ['7', '"7"'],
    [2.7, '2.7'],
    [-1, '-1'],
    [Number.NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [1e15 + 1, '1000000000000001'],
    [7n, 'a BigInt'],
    [true, 'true'],
    [[7], '1 of them'],
    [{}, '{}'],
    [() => 7, 'a function'],
    [Object(7), 'a Number'],
  ];
  const named = /** @type {const} */ ({ train: 'epochs', trainSteps: 'steps', seek: 'epoch' });
  for (const [method, argument] of Object.entries(named)) {
    const name = /** @type {keyof typeof named} */ (method);
    assertRefused(
      (value) => session[name](value),
      cases.map(([value, given]) => [
        value,
        `${argument} must be a whole number, 0 to 1e15, not ${given}`,
      ]),
    );
  }
  session.seek(-0);
  assert.equal(session.epoch, 0);
});

/** @type {[unknown, string][]} */
const badRows = [
  [undefined, 'inputs must be an array of rows, not undefined'],
  [null, 'inputs must be an array of rows, not null'],
  ['0,1', 'inputs must be an array of rows, not "0,1"'],
  [{ length: 1, 0: [0, 1] }, 'inputs must be an array of rows, not an object'],
  [new Set([[0, 1]]), 'inputs must be an array of rows, not a Set'],
  [[0, 1], 'inputs[0] must be a row of 2 numbers, not 0'],
  [[[0, 1], [0]], 'inputs[1] must be a row of 2 numbers, not 1 of them'],
  [[[0, 1, 2]], 'inputs[0] must be a row of 2 numbers, not 3 of them'],
  [[[]], 'inputs[0] must be a row of 2 numbers, not []'],
  [new Array(1), 'inputs[0] must be a row of 2 numbers, not undefined'],
  [['01'], 'inputs[0] must be a row of 2 numbers, not "01"'],
  [[[0, '1']], 'inputs[0][1] must be a finite number, not "1"'],
  [[[0, null]], 'inputs[0][1] must be a finite number, not null'],
  [[[0, 1n]], 'inputs[0][1] must be a finite number, not a BigInt'],
  [[[Number.NaN, 1]], 'inputs[0][0] must be a finite number, not NaN'],
  [[BigInt64Array.of(0n, 1n)], 'inputs[0][0] must be a finite number, not a BigInt'],
  [Float64Array.of(0, 1, 2), 'inputs must be rows of 2 numbers, row after row, not 3 of them'],
  [Float64Array.of(0, Infinity), 'inputs[1] must be a finite number, not Infinity'],
  [new DataView(new ArrayBuffer(16)), 'inputs must be an array of rows, not a DataView'],
];

test('rows of inputs', () => {
  assertRefused((value) => session.predict(value), badRows);
  assertRefused((value) => session.activations(value), badRows);
});

test('parameters', () => {
  const eight = new Float64Array(8);
  const requirement = 'parameters must be an array of 9 numbers';
  assertRefused(
    (value) => session.setParameters(value),
    [
      [undefined, `${requirement}, not undefined`],
      [eight, `${requirement}, not 8 of them`],
      [[], `${requirement}, not []`],
      [{ length: 9 }, `${requirement}, not an object`],
      [new ArrayBuffer(72), `${requirement}, not an ArrayBuffer`],
      [[...eight, '0'], 'parameters[8] must be a finite number, not "0"'],
      [[...eight, Infinity], 'parameters[8] must be a finite number, not Infinity'],
      [Float64Array.of(Number.NaN, ...eight), 'parameters[0] must be a finite number, not NaN'],
    ],
  );
});

test('rows of parameters', () => {
  assertRefused(
    (value) => session.lossAt(value),
    [
      [undefined, 'rows must be an array of rows, not undefined'],
      [new Float64Array(10), 'rows must be rows of 9 numbers, row after row, not 10 of them'],
      [[new Float64Array(8)], 'rows[0] must be a row of 9 numbers, not 8 of them'],
      [[new Array(9)], 'rows[0][0] must be a finite number, not undefined'],
    ],
  );
});
