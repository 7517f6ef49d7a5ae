// Tables that are pasted or opened: what is read, and what is said of what cannot be.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inSteps, MOST_ROWS, readTable, rowsFrom, targetForms } from '../state/table.js';

/** @param {string} text */
function read(text) {
  const reading = readTable(text);
  for (;;) {
    const { done, value } = reading.next();
    if (done) return value;
  }
}

/** @param {string} text */
function table(text) {
  const reading = read(text);
  assert.ok(!('problem' in reading), 'problem' in reading ? reading.problem : '');
  return reading;
}

/** @param {string} text @param {boolean} [isClasses] */
function rows(text, isClasses) {
  const read = table(text);
  const result = rowsFrom(read, read.targets, isClasses ?? !targetForms(read, read.targets).values);
  assert.ok(!('problem' in result), 'problem' in result ? result.problem : '');
  return result;
}

/** @param {string} text @param {boolean} [isClasses] */
function problem(text, isClasses = false) {
  const reading = read(text);
  if ('problem' in reading) return reading.problem;
  const result = rowsFrom(reading, reading.targets, isClasses);
  return 'problem' in result ? result.problem : 'none';
}

const XOR = {
  inputs: [
    [0, 0],
    [0, 1],
  ],
  targets: [[0], [1]],
  note: '',
};

test('one table in many forms', () => {
  for (const text of [
    '0,0,0\n0,1,1',
    '0 0 0\n0 1 1\n',
    '\uFEFFx1,x2,y\r\n0,0,0\r\n0,1,1\r\n',
    '0\t0\t0\n\n0\t1\t1',
    '0;0,0;0\n0;1;1,0',
    '"0", "0","0"\n0,1,1',
    'y,x1,x2\n0,0,0\n1,0,1',
    '[[0,0,0],[0,1,1]]',
    '[{"x1":0,"x2":0,"target":0},{"target":1,"x2":1,"x1":0}]',
    '{"inputs":[[0,0],[0,1]],"targets":[[0],[1]]}',
    '{"data":{"kind":"points","inputs":[[0,0],[0,1]],"targets":[[0],[1]]},"epochs":5}',
  ])
    assert.deepEqual(rows(text), XOR, text);
});

test('the targets are taken from the names', () => {
  assert.deepEqual(table('x1,y1,y2\n1,2,3').targets, [false, true, true]);
  assert.deepEqual(table('target,x\n1,2').targets, [true, false]);
  assert.deepEqual(table('width,height\n1,2').targets, [false, true]);
  assert.deepEqual(table('1,2,3').targets, [false, false, true]);
});

test('labels become classes', () => {
  assert.deepEqual(rows('1,yes\n2,no'), {
    inputs: [[1], [2]],
    targets: [[1], [0]],
    note: 'As classes: no is 0, yes is 1.',
  });
  const several = rows('a,class\n1,"b,c"\n2,a\n3,"d""e\nf"');
  assert.deepEqual(several.targets, [
    [0, 1, 0],
    [1, 0, 0],
    [0, 0, 1],
  ]);
  assert.match(several.note, /^As classes: a is 1, b,c is 2, d"e\nf is 3\.$/);
  assert.deepEqual(rows('1,-1\n2,1', true).targets, [[0], [1]]);
  assert.equal(rows('1,0\n2,1', true).note, '');
  const forms = (/** @type {string} */ text) => targetForms(table(text), table(text).targets);
  assert.deepEqual(forms('1,0\n2,1'), { classes: true, values: true });
  assert.deepEqual(forms('1,0.5\n2,1'), { classes: false, values: true });
  assert.deepEqual(forms('1,a\n2,b'), { classes: true, values: false });
});

test('what is wrong is said with line and column, what is allowed and what was given', () => {
  assert.equal(
    problem('x,y\n1,2\n\n3,4\nabc,5'),
    'Line 5, column 1 (x): an input must be a finite number, not “abc”.',
  );
  assert.equal(
    problem('1,2\n3,1e999'),
    'Line 2, column 2: a target that is a value must be a finite number, not “1e999”.',
  );
  assert.equal(
    problem('1,2\n,4'),
    'Line 2, column 1: an input must be a finite number, not nothing.',
  );
  assert.equal(
    problem('1,2\n3,4,5'),
    'Line 2 has 3 columns, and line 1 has 2; all rows must have as many.',
  );
  assert.equal(
    problem('"a\nb",1\nx,2', true),
    'Line 1, column 1: an input must be a finite number, not “a\nb”.',
  );
  assert.equal(
    problem('"x\n",y\nz,2'),
    'Line 3, column 1 (x): an input must be a finite number, not “z”.',
  );
  assert.equal(
    problem('1\n2'),
    'Line 1 has 1 column; a table has 1 to 10,000 rows of 2 to 16 columns.',
  );
  assert.match(problem(Array(17).fill(1).join()), /^Line 1 has 17 columns; a table has/);
  assert.equal(problem('1,2\n"3,4'), 'Line 2: a quotation mark is not closed.');
  assert.match(problem(' \n '), /^There is nothing in it; a table has 1 to 10,000 rows/);
  assert.match(problem('x,y'), /^There is no row below the names;/);
  assert.match(problem('1,2\n'.repeat(MOST_ROWS + 1)), /^Line 10,001 is row 10,001; a table has/);
  assert.match(problem('1,7\n2,7', true), /has 1 different label; there may be 2 to 10\.$/);
  assert.equal(problem('[[1,2],\n[3,4]'), 'Line 2, column 6: this is not valid JSON.');
  for (const [text, column] of /** @type {[string, number][]} */ ([
    ['[3,x]]', 4],
    ['[3,4,]]', 6],
    ['[3 4]]', 4],
    ['[3,4]]]', 7],
    ['{"a" 1}]', 6],
    ['{"a":1]', 7],
    ['[3,"a]', 4],
    ['[3,1.]', 5],
    ['  ', 3],
  ]))
    assert.equal(problem(`[[1,2],\n${text}`), `Line 2, column ${column}: this is not valid JSON.`);
  assert.equal(
    problem('[[1,2],[3,null]]'),
    'Row 2, column 2: a number or a label is needed, not null.',
  );
  assert.equal(
    problem('[[1,2],[3]]'),
    'Row 2 has 1 column, and row 1 has 2; all rows must have as many.',
  );
  assert.equal(problem('[{"x":1,"y":2},{"x":1}]'), 'Row 2 has no “y”, and the first row has.');
  assert.equal(
    problem('[{"x":1,"y":2},{"x":1,"y":1,"z":1}]'),
    'Row 2 has “z”, and the first row has not.',
  );
  assert.match(problem('{"a":1}'), /^JSON must be an array of rows/);
  assert.match(
    problem('{"inputs":[[1]],"targets":[]}'),
    /^There are 1 rows of inputs and 0 of targets/,
  );
});

test('what was written is read back, whatever is in it', () => {
  const cell = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string().filter((text) => /[^\d\s.,;e+-]/i.test(text) && text.trim() === text),
  );
  const written = (/** @type {number | string} */ value) =>
    typeof value === 'number' ? String(value) : `"${value.replaceAll('"', '""')}"`;
  const anyTable = fc
    .integer({ min: 2, max: 6 })
    .chain((width) =>
      fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
        minLength: 1,
        maxLength: 8,
      }),
    )
    .filter(([first]) => typeof first[0] === 'number');
  fc.assert(
    fc.property(
      anyTable,
      fc.constantFrom(',', ';', '\t'),
      fc.constantFrom('\n', '\r\n', '\r'),
      (cells, separator, end) => {
        const text = cells.map((row) => row.map(written).join(separator)).join(end);
        const isPlain = separator === ',' || !/[\t;]/.test(text.replaceAll(separator, ''));
        const expected = cells.map((row) => row.map((value) => (Object.is(value, -0) ? 0 : value)));
        if (isPlain && separator === separatorIn(text))
          assert.deepEqual(table(text).cells, expected);
        assert.deepEqual(table(JSON.stringify(cells)).cells, expected);
      },
    ),
    { numRuns: 300 },
  );
});

/** @param {string} text */
const separatorIn = (text) =>
  ['\t', ';', ','].find((sign) => text.split(/[\r\n]/)[0].includes(sign));

test('no text makes it throw, and every refusal is one sentence', () => {
  const pieces = fc.array(
    fc.constantFrom(
      ...',;\t\n\r" []{}:0123456789.e-+xy'.split(''),
      '\r\n',
      '""',
      '"inputs":',
      '"targets":',
      'null',
      '\uFEFF',
    ),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        pieces.map((list) => list.join('')),
      ),
      (text) => {
        const reading = read(text);
        if ('problem' in reading) return assert.match(reading.problem, /^[A-Z].*\.$/s);
        const forms = targetForms(reading, reading.targets);
        const result = rowsFrom(reading, reading.targets, forms.classes);
        if ('problem' in result) return assert.match(result.problem, /^[A-Z].*\.$/s);
        assert.equal(result.inputs.length, result.targets.length);
        for (const row of [...result.inputs, ...result.targets])
          assert.ok(row.length > 0 && row.every(Number.isFinite));
      },
    ),
    { numRuns: 3000 },
  );
});

test('a large table is read in short steps, and can be given up', async () => {
  const text = Array.from({ length: MOST_ROWS }, (_, i) =>
    Array(16)
      .fill(i / 7)
      .join(),
  ).join('\n');
  let steps = 0;
  const reading = readTable(text);
  for (; !reading.next().done; ) steps++;
  assert.ok(steps >= 40, `${steps} steps`);
  const control = new AbortController();
  const whole = await inSteps(readTable(text), control.signal);
  assert.ok(whole && 'cells' in whole && whole.cells.length === MOST_ROWS);
  const given = inSteps(readTable(text), control.signal);
  control.abort();
  assert.equal(await given, undefined);
});
