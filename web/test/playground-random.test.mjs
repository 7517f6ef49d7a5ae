// A hundred experiments set by whatever control comes up, against the library's run of the permalink.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPermalink, writePermalink } from '../state/permalink.js';
import { assertSameBits, backprop, inPlayground, makePlaygrounds } from './playground-host.mjs';

const open = await makePlaygrounds();

const EXPERIMENTS = 100;
/** Changes that lead from one of them to the next. */
const CHANGES = 2;
const TAKEN_BACK = 20;

/** Numbers from 0 to below 1, the same ones each time: Lehmer's generator. */
function randomNumbers() {
  let state = 2026;
  return () => {
    state = (48271 * state) % 2147483647;
    return state / 2147483647;
  };
}

/**
 * Changes one thing by one control of the data, the layers or the learning, which are as likely as
 * each other: a click, another choice, or a number near the one that stands there.
 * @param {number[]} random
 */
const changeOne = ([part, way, pick]) => `
  const name = ['data', 'layers', 'training'][Math.floor(${part} * 3)];
  for (const details of all('.' + name + '-part details:not(.reader)')) details.open = true;
  await demo.updateComplete;
  const controls = all('.' + name + '-part :is(button, input, select):enabled').filter(
    (control) => !control.closest('.editor, .reader') && control.type !== 'file' && !/Edit|these points/.test(control.textContent),
  );
  const control = controls[Math.floor(${way} * controls.length)];
  const label = control.ariaLabel || text(control.labels?.[0]) || text(control);
  if (control.matches('select')) {
    const { options } = control;
    control.value = options[Math.floor(${pick} * options.length)].value;
  } else if (control.matches('input[type=text]')) {
    const now = Number(control.value);
    control.value = Number.isInteger(now) && now > 1 ? Math.ceil(now * (0.5 + ${pick})) : now * (0.5 + ${pick});
  } else {
    control.click();
    return name + ': ' + label;
  }
  control.dispatchEvent(new Event('change', { bubbles: true }));
  return name + ': ' + label;
`;

/** Back to a size that trains in an instant. */
const SMALL = `
  const { experiment } = demo;
  const isLarge = (experiment.layers ?? []).some(({ units }) => units > 16) || experiment.data?.samples > 500;
  if (isLarge) all('.toolbar button')[0].click();
`;

test('a hundred random experiments give the bits of their permalink, and can be taken back', async () => {
  const { page, messages } = await open({ epochs: 50 }, { epoch: 20 });
  const next = randomNumbers();
  const [digests, seen] = [new Set(), new Set()];
  for (let i = 0; i < EXPERIMENTS; i++) {
    const done = [];
    for (let k = 0; k < CHANGES; k++) {
      done.push(await inPlayground(page, changeOne([next(), next(), next()])));
      await inPlayground(page, 'await demo.updateComplete;');
      await assertSameBits(page, done.join(', '));
      await inPlayground(page, SMALL);
    }
    const { experiment, epoch, digest } = await assertSameBits(page, done.join(', '));
    const link = await readPermalink(await writePermalink(experiment, epoch));
    const session = new backprop.Session(link.experiment);
    session.seek(link.epoch ?? 0);
    assert.equal(session.digest(), digest, done.join(', '));
    session.dispose();
    digests.add(digest);
    for (const one of done) seen.add(one);
  }
  assert.ok(digests.size > EXPERIMENTS / 2, `${digests.size} different ends`);
  assert.ok(seen.size > 40, [...seen].join());
  const last = await assertSameBits(page);
  for (const index of [0, 1])
    for (let k = 0; k < TAKEN_BACK; k++) {
      await inPlayground(page, `all('.toolbar button')[${index}].click()`);
      await assertSameBits(page, `taken back, ${index}, ${k}`);
    }
  assert.deepEqual(await assertSameBits(page), last);
  assert.deepEqual(messages, []);
  await page.close();
});
