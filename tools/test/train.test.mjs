// The native program: what it prints, and how it refuses.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { attempt, root } from '../run.mjs';

const program = path.join(root, 'build/native/backprop_train');
const folder = mkdtempSync(path.join(tmpdir(), 'backprop-train-'));
after(() => rmSync(folder, { recursive: true }));

/** @param {string} text of the experiment's file @param {string} [epochs] */
function train(text, epochs = '10') {
  writeFileSync(path.join(folder, 'experiment.json'), text);
  return attempt(program, ['experiment.json', epochs], { cwd: folder });
}

test('one JSON object', async () => {
  const { status, stdout, output } = await train('{ "layers": [{ "units": 3 }, { "units": 1 }] }');
  assert.equal(status, 0);
  assert.equal(stdout, output);
  const { epoch, loss, diverged, digest, parameters, predictions } = JSON.parse(stdout);
  assert.deepEqual([epoch, diverged, parameters.length, predictions.length], [10, false, 13, 4]);
  assert.ok(loss > 0 && loss < 1);
  const bits = new BigUint64Array(Float64Array.from(parameters).buffer);
  assert.equal(digest, fnv1a(bits), 'the numbers read back to the same bits');
});

/** FNV-1a with 64 bits, over bytes from the lowest on. @param {BigUint64Array} words */
function fnv1a(words) {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new Uint8Array(words.buffer)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}

test('a loss that is not finite is null', async () => {
  const data = { kind: 'points', inputs: [[1e200]], targets: [[-1e200]] };
  const experiment = { data, layers: [{ units: 1, activation: 'identity' }] };
  const { status, stdout } = await train(JSON.stringify(experiment));
  assert.equal(status, 0);
  const { epoch, loss, diverged } = JSON.parse(stdout);
  assert.deepEqual({ epoch, loss, diverged }, { epoch: 0, loss: null, diverged: true });
});

test('one line on standard error and status 2 for what cannot be used', async () => {
  /** @param {string[]} args @returns {() => ReturnType<typeof attempt>} */
  const run =
    (...args) =>
    () =>
      attempt(program, args, { cwd: folder });
  /** @param {string} text @param {string} [epochs] */
  const given = (text, epochs) => () => train(text, epochs);
  /** @type {[() => ReturnType<typeof attempt>, string | RegExp][]} */
  const cases = [
    [run(), 'usage: backprop_train EXPERIMENT.json EPOCHS'],
    [run('none.json', '10'), 'cannot read none.json'],
    [run('.', '10'), 'cannot read .'],
    [given(''), 'experiment.json is not JSON'],
    [given('{'), 'experiment.json is not JSON'],
    [given('['.repeat(1e5)), 'experiment.json is not JSON'],
    [given('[]'), 'the experiment must be an object, not []'],
    [given('{ "epochs": 0 }'), 'epochs must be 1 to 1000000000, not 0'],
    [given('{ "loss": "msee" }'), /^loss must be one of .*, not "msee"; did you mean mse\?$/],
  ];
  for (const text of ['', '-1', '1.5', '1e3', '1000000000000001', 'ten']) {
    const message = `EPOCHS must be a whole number, 0 to 1e15, not "${text}"`;
    cases.push([given('{}', text), message]);
  }
  for (const [attempted, message] of cases) {
    const { status, stdout, output } = await attempted();
    assert.equal(status, 2, String(message));
    assert.equal(stdout, '');
    const [line, ...more] = output.trimEnd().split('\n');
    assert.deepEqual(more, []);
    const said = line.replace(/^backprop_train: /, '');
    if (message instanceof RegExp) assert.match(said, message);
    else assert.equal(said, message);
  }
});
