// The run of the blog post, digit for digit, and the bits that every build shares.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { golden, isNear, open } from './library.mjs';

const LOSSES = [
  [0, 0.2558299419444368],
  [1000, 0.24982556860386085],
  [2000, 0.2494053631289431],
  [3000, 0.24844322304082184],
  [4000, 0.2454380990230035],
  [5000, 0.23419947595972326],
  [6000, 0.20464355956734137],
  [7000, 0.1719904095320481],
  [8000, 0.15318326931494922],
  [9000, 0.14378917435703728],
  [9999, 0.1386901481688182],
];

const INITIAL = [
  0.4967141530112327, -0.13826430117118466, 0.6476885381006925, 1.5230298564080254, 0, 0,
  -0.23415337472333597, -0.23413695694918055, 0,
];

const FINAL = [
  2.68923446, -2.97061378, 4.52292692, 4.9151713, -0.45058133, 2.29839316, 3.73165476, -3.74905055,
  0.00045755,
];

const rows = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

test('the losses of the post', () => {
  const session = open();
  for (const [epoch, loss] of LOSSES) {
    session.seek(epoch);
    assert.equal(session.epoch, epoch);
    assert.ok(isNear(session.loss, loss), `epoch ${epoch}: ${session.loss}, not ${loss}`);
  }
});

test("the history holds the same losses, at the epochs that it keeps and at the run's end", () => {
  const session = open();
  session.train(9999);
  const { epochs, losses } = session.history();
  const known = LOSSES.filter(([epoch]) => epochs.includes(epoch));
  assert.ok(known.length >= 2);
  for (const [epoch, loss] of known) assert.ok(isNear(losses[epochs.indexOf(epoch)], loss));
});

test("NumPy's initial weights, to the bit", () => {
  assert.deepEqual([...open().parameters()], INITIAL);
});

test('the final weights and predictions as printed', () => {
  const session = open();
  session.train(9999);
  const printed = [...session.predict(rows)].map((output) => output.toFixed(8));
  assert.deepEqual(printed, ['0.12413659', '0.48083101', '0.89141489', '0.50796016']);
  session.train(1);
  session.parameters().forEach((value, i) => {
    assert.equal(value.toFixed(8), FINAL[i].toFixed(8));
  });
});

/** @typedef {{ name: string, experiment: object, epochs: number, digest: string }} Scenario */

const scenarios = path.join(golden, 'digests.json');

test('the digests of the committed scenarios', () => {
  /** @type {Scenario[]} */
  const all = JSON.parse(readFileSync(scenarios, 'utf8'));
  for (const { name, experiment, epochs, digest } of all) {
    const session = open(experiment);
    session.train(epochs);
    assert.equal(session.digest(), digest, name);
  }
});
