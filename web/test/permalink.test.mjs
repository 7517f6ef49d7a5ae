// A run as a link and as a file: they read back to the same run, and whatever else stands there has
// a problem that says so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { complete } from '../state/experiment.js';
import {
  LONGEST,
  MOST_TEXT,
  plainPermalink,
  readPermalink,
  writePermalink,
} from '../state/permalink.js';
import { readRunFile, writeRunFile } from '../state/run-file.js';

const aPoint = fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true }));
const anExperiment = fc.record(
  {
    epochs: fc.integer({ min: 1, max: 1e9 }),
    layers: fc.array(
      fc.record({
        units: fc.integer({ min: 1, max: 9 }),
        activation: fc.constantFrom('sigmoid', 'tanh'),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    data: fc.oneof(
      fc.record({ kind: fc.constantFrom('xor', 'moons'), 'a&b=#%é': fc.string() }),
      fc.record({
        kind: fc.constant('points'),
        inputs: fc.array(aPoint, { maxLength: 200, size: 'max' }),
      }),
    ),
    initializer: fc.record({ seed: fc.nat() }),
  },
  { requiredKeys: [] },
);
/** JSON knows no negative zero. @param {unknown} value */
const asJson = (value) => JSON.parse(JSON.stringify(value));

test('a permalink reads back to the same run', async () => {
  let packed = 0;
  await fc.assert(
    fc.asyncProperty(anExperiment, fc.nat(), async (experiment, epoch) => {
      const link = await writePermalink(experiment, epoch);
      assert.match(link, /^#(experiment|packed)=[\w%.!~*'()-]*&epoch=\d+$/);
      packed += Number(link.startsWith('#packed'));
      const read = await readPermalink(link);
      assert.deepEqual([read.problem, read.epoch], [undefined, epoch]);
      assert.deepEqual(asJson(complete(read.experiment)), asJson(complete(experiment)));
    }),
  );
  assert.ok(packed > 3, 'some of them are long');
});

test('a link is readable while it is short, and then less than half as long', async () => {
  const inputs = Array.from({ length: 300 }, (_, i) => [i / 300, (i * i) / 9000]);
  const targets = inputs.map((_, i) => [i % 2]);
  const few = { data: { kind: 'points', inputs: [[0, 1]], targets: [[1]] } };
  const many = { data: { kind: 'points', inputs, targets } };
  assert.equal(await writePermalink(few, 7), plainPermalink(few, 7));
  const link = await writePermalink(many, 7);
  assert.ok(link.length < plainPermalink(many, 7).length / 2 && link.length < LONGEST);
  assert.deepEqual((await readPermalink(link)).experiment, many);
  assert.deepEqual((await readPermalink(plainPermalink(many, 7))).experiment, many);
});

/** @param {any} hash */
async function assertRead(hash) {
  const { experiment, epoch, problem } = await readPermalink(hash);
  if (problem) assert.deepEqual([experiment, epoch], [{}, undefined]);
  else assert.equal(typeof experiment, 'object');
  assert.ok((problem ?? '').length < 200, String(problem));
}

test('whatever stands in the address is read or has a problem', async () => {
  await fc.assert(fc.asyncProperty(fc.string({ unit: 'grapheme' }), assertRead));
  await fc.assert(
    fc.asyncProperty(fc.base64String(), (text) => assertRead(`#packed=${text.replace(/=+$/, '')}`)),
  );
  const link = await writePermalink({ data: { kind: 'points', inputs: Array(900).fill([1]) } }, 3);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(link.length - 1),
      fc.string({ minLength: 1, maxLength: 1 }),
      async (at, letter) => {
        await assertRead(link.slice(0, at));
        await assertRead(link.slice(0, at) + letter + link.slice(at + 1));
      },
    ),
  );
});

const packed = (/** @type {string | Uint8Array} */ content) =>
  `#packed=${deflateRawSync(content).toString('base64url')}`;

test('what is wrong with an address is said in a sentence', async () => {
  const deep = `${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}`;
  for (const [hash, problem] of /** @type {[string, RegExp][]} */ ([
    ['#nonsense', /^"nonsense" is neither experiment, epoch nor step$/],
    [`#${'x'.repeat(1e6)}`, /^"x{40}…" is neither/],
    ['#too-long', /^its run was too long for an address/],
    ['#epoch=-1', /^epoch must be a whole number from 0 up, not "-1"$/],
    ['#epoch=5&step=x', /^step must be a whole number from 0 up, not "x"$/],
    ['#step=-1', /^step must be a whole number from 0 up, not "-1"$/],
    ['#epoch=1.5', /^epoch .* not "1.5"$/],
    ['#epoch=1e99', /^epoch .* not "1e99"$/],
    ['#experiment=[]', /^experiment: it must be a JSON object$/],
    ['#experiment=%', /^experiment is not URI-encoded$/],
    ['#experiment={"a":', /^experiment: it is not valid JSON$/],
    [`#experiment=${deep}`, /^experiment: its values must be nested at most 16 deep$/],
    ['#packed=', /^packed is not base64url: ""$/],
    ['#packed=a+b/', /^packed is not base64url: "a\+b\/"$/],
    ['#packed=abcde', /^packed is not base64url/],
    ['#packed=AAAA', /^packed cannot be unpacked/],
    [packed('{"epochs":5}').slice(0, -4), /^packed cannot be unpacked/],
    [packed(new Uint8Array([0x22, 0xff, 0x22])), /^packed cannot be unpacked/],
    [packed('{"epochs":5'), /^packed: it is not valid JSON$/],
    [packed('[1]'), /^packed: it must be a JSON object$/],
    [packed(deep), /^packed: its values must be nested at most 16 deep$/],
    [packed(' '.repeat(MOST_TEXT + 1)), /^packed must hold at most 8000000 characters/],
  ]))
    assert.match((await readPermalink(hash)).problem ?? '', problem, hash.slice(0, 60));
});

test('a bomb of 300 MB is stopped on the way', async () => {
  const bomb = packed(Buffer.alloc(3e8));
  assert.ok(bomb.length < 500_000);
  const before = process.memoryUsage().rss;
  assert.match((await readPermalink(bomb)).problem ?? '', /holds more$/);
  assert.ok(process.memoryUsage().rss - before < 2e8, 'it was not unpacked whole');
});

test('a run’s file reads back to the same run', async () => {
  await fc.assert(
    fc.asyncProperty(anExperiment, fc.nat(), async (experiment, epoch) => {
      const read = await readRunFile(new Blob([writeRunFile(experiment, epoch)]));
      assert.ok(!('problem' in read));
      assert.equal(read.epoch, epoch);
      assert.deepEqual(asJson(complete(read.experiment)), asJson(complete(experiment)));
    }),
  );
});

test('what is wrong with a file is said in a sentence', async () => {
  for (const [text, problem] of /** @type {[string, RegExp][]} */ ([
    ['', /^it is not valid JSON$/],
    ['\u0000\uffff', /^it is not valid JSON$/],
    ['[]', /^it must be a JSON object$/],
    ['{}', /^experiment must be an object$/],
    ['{"experiment":[]}', /^experiment must be an object$/],
    ['{"experiment":{},"epoch":"5"}', /^epoch must be a whole number from 0 up, not "5"$/],
    ['{"experiment":{},"epoch":-5}', /^epoch .* not "-5"$/],
    ['{"experiment":{},"loss":5}', /^"loss" is neither experiment nor epoch$/],
    [' '.repeat(MOST_TEXT + 1), /^it must have at most 8000000 bytes, and has 8000001$/],
  ])) {
    const read = await readRunFile(new Blob([text]));
    assert.match('problem' in read ? read.problem : '', problem, text.slice(0, 60));
  }
  const gone = { size: 5, text: () => Promise.reject(new Error('gone')) };
  assert.deepEqual(await readRunFile(gone), { problem: 'it cannot be read' });
});
