// Single steps of an epoch, where it has several: the same bits as the library's, wherever one stands.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, SETTINGS } from './axe.mjs';
import { waitUntil } from './browser.mjs';
import { assertSameBits, inPlayground, makePlaygrounds, settled } from './playground-host.mjs';

/** @typedef {import('puppeteer-core').Page} Page */

const open = await makePlaygrounds();

/** An epoch of five steps. */
const BASE = {
  data: { kind: 'moons', samples: 40, noise: 0.1, seed: 3 },
  layers: [
    { units: 3, activation: 'tanh' },
    { units: 1, activation: 'sigmoid' },
  ],
  batchSize: 8,
  epochs: 200,
};

/** @param {Page} page @param {string} name of a button */
const press = (page, name) =>
  inPlayground(page, `all('.controls button').find((one) => text(one) === '${name}').click()`);
/** @param {Page} page @returns {Promise<[number, number]>} */
const place = async (page) => {
  await settled(page);
  return inPlayground(page, 'return [demo.epoch, demo.stepOfEpoch]');
};
/** @param {Page} page @param {string} selector @returns {Promise<string>} */
const textOf = (page, selector) =>
  inPlayground(page, `return text(root.querySelector('${selector}'))`);

test('all steps of an epoch are that epoch, and the figure says where it stands', async () => {
  const { page, messages } = await open(BASE, { epoch: 12 });
  const digests = new Set();
  for (let step = 1; step < 5; step++) {
    await press(page, '+1 step');
    assert.deepEqual(await place(page), [12, step]);
    digests.add((await assertSameBits(page)).digest);
    const epochs = `After 12 epochs and step ${step} of 5 at learning rate 0.1 the loss is `;
    assert.ok((await textOf(page, '.sentence')).startsWith(epochs));
    assert.ok((await textOf(page, '.readout')).startsWith(`epoch 12, step ${step} of 5 · loss `));
    const scrubber = await inPlayground(
      page,
      `const one = root.querySelector('.scrubber'); return [one.value, one.ariaValueText]`,
    );
    assert.equal(scrubber[0], '12');
    assert.ok(scrubber[1].startsWith(`epoch 12, step ${step} of 5, loss `));
  }
  assert.equal(digests.size, 4);
  await press(page, '+1 step');
  assert.deepEqual(await place(page), [13, 0]);
  const { digest } = await assertSameBits(page);
  await inPlayground(page, 'await demo.seek(12)');
  await press(page, '+1 epoch');
  assert.equal((await assertSameBits(page)).digest, digest);
  await inPlayground(page, 'await demo.reset()');
  await press(page, '+1 step');
  await assertSameBits(page);
  assert.ok(
    (await textOf(page, '.sentence')).startsWith('After step 1 of 5 at learning rate 0.1 '),
  );
  assert.deepEqual(messages, []);
  await page.close();
});

test('an epoch, playing, seeking and reset go on from within an epoch', async () => {
  const { page } = await open(BASE);
  const within = () => inPlayground(page, 'await demo.seek(20, 3)');
  await within();
  assert.deepEqual(await place(page), [20, 3]);
  await assertSameBits(page);
  for (const [act, epoch] of /** @type {const} */ ([
    ['demo.step()', 21],
    ['demo.step(-1)', 19],
    ['demo.step(10)', 30],
    ['demo.seek(20)', 20],
    ['demo.reset()', 0],
  ])) {
    await within();
    await inPlayground(page, `await ${act}`);
    assert.deepEqual(await place(page), [epoch, 0], act);
    await assertSameBits(page, act);
  }
  await within();
  await inPlayground(page, 'await demo.play()');
  await waitUntil(() => inPlayground(page, 'return run.epoch > 25'));
  await inPlayground(page, 'await demo.pause()');
  assert.equal((await place(page))[1], 0);
  await assertSameBits(page);
  await page.close();
});

test('a change goes to the epoch’s beginning, and to take it back is to stand within it', async () => {
  const { page } = await open(BASE);
  await inPlayground(page, 'await demo.seek(20, 3)');
  const { digest } = await assertSameBits(page);
  await inPlayground(page, `enter('optimizer.sgd.learningRate', '0.5')`);
  const changed = await assertSameBits(page);
  assert.deepEqual(changed.experiment.edits, [{ epoch: 20, learningRate: 0.5 }]);
  assert.deepEqual(await place(page), [20, 0]);
  await press(page, '+1 step');
  assert.notEqual((await assertSameBits(page)).digest, digest);
  await inPlayground(page, 'await run.undo()');
  assert.deepEqual(await place(page), [20, 3]);
  assert.equal((await assertSameBits(page)).digest, digest);
  await inPlayground(page, 'await run.redo()');
  assert.deepEqual(await place(page), [20, 1]);
  await assertSameBits(page);
  await page.close();
});

test('figures of one group stand at the same step', async () => {
  const { page } = await open(BASE);
  const other = await inPlayground(
    page,
    `const other = document.createElement('backprop-demo');
    Object.assign(other, { group: 'g', view: 'loss' });
    demo.after(other);
    await other.ready;
    await demo.seek(7, 2);
    return [other.epoch, other.stepOfEpoch, other.loss === demo.loss]`,
  );
  assert.deepEqual(other, [7, 2, true]);
  await waitUntil(() =>
    inPlayground(
      page,
      `const readout = demo.nextElementSibling.shadowRoot.querySelector('.readout');
      return /^epoch 7, step 2 of 5 · loss /.test(text(readout))`,
    ),
  );
  await page.close();
});

test('a step is refused in one sentence where the epoch has none', async () => {
  const { page } = await open(BASE);
  const refused = (/** @type {string} */ step) =>
    inPlayground(
      page,
      `return demo.seek(3, ${step}).catch(({ name, message }) => name + ': ' + message)`,
    );
  for (const step of ['5', '-1', '1.5', '"x"', 'NaN'])
    assert.equal(
      await refused(step),
      `RangeError: The step must be a whole number from 0 to 4, not "${step.replaceAll('"', '')}": an epoch of this run is 5 steps.`,
    );
  await inPlayground(page, `enter('batchSize', '0')`);
  await settled(page);
  assert.equal(
    await refused('1'),
    'RangeError: The step must be 0, not "1": an epoch of this run is one step.',
  );
  assert.deepEqual(await place(page), [0, 0]);
  await page.close();
});

test('the button is there where an epoch has several steps, and in reach of keys', async () => {
  const { page } = await open({ ...BASE, batchSize: 0 }, { view: 'controls' });
  const names = () => inPlayground(page, `return all('.controls button').map(text)`);
  const usual = ['Play', '+1 epoch', '+10 epochs', '+1,000 epochs', 'Reset'];
  assert.deepEqual(await names(), usual);
  await inPlayground(page, `demo.experiment = ${JSON.stringify(BASE)}; await demo.ready`);
  await settled(page);
  assert.deepEqual(await names(), ['Play', '+1 step', ...usual.slice(1)]);
  await inPlayground(page, `all('.controls button')[0].focus()`);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await waitUntil(async () => (await place(page))[1] === 1);
  await page.keyboard.press('Enter');
  await waitUntil(async () => (await place(page))[1] === 2);
  await assertSameBits(page);
  await page.close();
});

for (const [name, options] of SETTINGS)
  test(`a run within an epoch is accessible, and nothing is cut off: ${name}`, async () => {
    const { page } = await open(BASE, { ...options, view: 'overview step' });
    await inPlayground(page, 'await demo.seek(7, 2)');
    assert.match(await textOf(page, '.step'), /what is shown here is the epoch’s beginning/);
    await assertAccessible(page);
    await page.close();
  });
