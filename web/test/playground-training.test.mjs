// How a network learns, set in the playground: the same bits as the library's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, SETTINGS } from './axe.mjs';
import { waitUntil } from './browser.mjs';
import {
  assertSameBits,
  backprop,
  inPlayground,
  makePlaygrounds,
  settled,
} from './playground-host.mjs';

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {import('../state/types.js').Setting} Setting */

const catalog = /** @type {import('../state/types.js').Catalog} */ (
  /** @type {unknown} */ (backprop.catalog())
);
const open = await makePlaygrounds();

/** Rows and units enough for batches, epochs enough for a schedule. */
const BASE = {
  data: { kind: 'moons', samples: 40, noise: 0.1, seed: 3 },
  layers: [
    { units: 3, activation: 'tanh' },
    { units: 1, activation: 'sigmoid' },
  ],
  epochs: 200,
};

/**
 * Another value that a setting may have.
 * @param {Setting} setting
 */
function another(setting) {
  const { type, minimum, maximum, default: usual } = setting;
  if (type === 'integer') return Math.min(Number(usual ?? 4) + 3, maximum ?? 1e9);
  const value = Number(usual) === 0 ? 0.125 : Number(usual ?? 0.3) * 0.75;
  return minimum !== null && value <= minimum ? Number(usual) * 1.25 : value;
}

/**
 * Changes a setting by its field.
 * @param {Page} page
 * @param {string} id
 * @param {Setting} setting
 */
async function set(page, id, setting) {
  await inPlayground(
    page,
    setting.type === 'boolean' ? `field('${id}').click()` : `enter('${id}', '${another(setting)}')`,
  );
  return setting.type === 'boolean' ? !setting.default : another(setting);
}

for (const [table, object] of /** @type {const} */ ([
  ['optimizers', 'optimizer'],
  ['schedules', 'schedule'],
]))
  test(`each of the ${table}, with each of its settings changed, gives the library's bits`, async () => {
    const { page, messages } = await open(BASE, { epoch: 40 });
    for (const { name, settings } of catalog[table]) {
      await inPlayground(page, `demo.experiment = ${JSON.stringify(BASE)}`);
      await settled(page);
      await inPlayground(page, `enter('${object}', '${name}')`);
      const chosen = await assertSameBits(page, name);
      assert.equal((chosen.experiment[object] ?? catalog.defaults[object]).kind, name);
      await inPlayground(page, 'run.seek(0)');
      await settled(page);
      for (const setting of settings) {
        const value = await set(page, `${object}.${name}.${setting.name}`, setting);
        await settled(page);
        const { experiment } = await assertSameBits(page, `${name}.${setting.name}`);
        assert.equal(experiment[object][setting.name], value);
      }
      await inPlayground(page, 'run.seek(40)');
      await assertSameBits(page, name);
    }
    assert.deepEqual(messages, []);
    await page.close();
  });

test('each loss can be chosen, and what must go with it follows', async () => {
  const { page, messages } = await open(BASE, { epoch: 40 });
  for (const { name } of [...catalog.losses, ...catalog.losses].reverse()) {
    await inPlayground(page, `enter('loss', '${name}')`);
    const { experiment } = await assertSameBits(page, name);
    assert.equal(experiment.loss ?? 'mse', name);
  }
  assert.deepEqual(messages, []);
  await page.close();
});

test('penalties, batches, shuffle, precision, length and stop conditions are the experiment’s', async () => {
  const { page } = await open(BASE, { epoch: 40 });
  const digests = new Set();
  for (const [object, settings] of /** @type {[string, Setting[]][]} */ ([
    ['', catalog.experiment],
    ['regularization', catalog.regularization],
    ['stop', catalog.stop],
  ]))
    for (const setting of settings) {
      const value = await set(page, [object, setting.name].filter(Boolean).join('.'), setting);
      const { experiment, digest } = await assertSameBits(page, setting.name);
      assert.equal((object ? experiment[object] : experiment)[setting.name], value, setting.name);
      digests.add(digest);
    }
  assert.ok(digests.size > 3, 'the settings make a difference');
  await inPlayground(page, `enter('precision', 'f32')`);
  assert.equal((await assertSameBits(page)).experiment.precision, 'f32');
  await inPlayground(page, `enter('stop.loss', '')`);
  assert.deepEqual(Object.keys((await assertSameBits(page)).experiment.stop), ['patience']);
  await page.close();
});

test('bad input leaves the run alone, and one sentence says what is wrong', async () => {
  const { page } = await open(BASE, { epoch: 40 });
  const before = await assertSameBits(page);
  for (const [id, typed, sentence] of [
    ['optimizer.sgd.learningRate', '-1', 'Learning rate must be 0 or more, not “-1”.'],
    ['optimizer.sgd.learningRate', 'fast', 'Learning rate must be 0 or more, not “fast”.'],
    ['optimizer.sgd.learningRate', '', 'Learning rate must be 0 or more, not nothing.'],
    ['optimizer.sgd.dampening', '1.5', 'Dampening must be 0 to 1, not “1.5”.'],
    ['epochs', '0', 'Epochs must be a whole number, 1 to 1,000,000,000, not “0”.'],
    ['batchSize', '2.5', 'Batch size must be a whole number, 0 to 1,000,000,000, not “2.5”.'],
    ['stop.loss', 'none', 'Loss must be a number, not “none”.'],
  ]) {
    await inPlayground(page, `enter('${id}', '${typed}')`);
    await settled(page);
    const [said, shown, invalid, described] = await inPlayground(
      page,
      `const about = root.getElementById(field('${id}').getAttribute('aria-describedby'));
      return [text(about), field('${id}').value, field('${id}').ariaInvalid, about.querySelector('[role=alert]') !== null]`,
    );
    assert.deepEqual([said, shown, invalid, described], [sentence, typed, 'true', true]);
    assert.deepEqual(await assertSameBits(page), before);
  }
  await inPlayground(page, `enter('epochs', '1e2')`);
  assert.equal((await assertSameBits(page)).experiment.epochs, 100);
  assert.equal(await inPlayground(page, `return field('epochs').ariaInvalid`), 'false');
  assert.equal(await inPlayground(page, `return field('batchSize').value`), '2.5');
  await page.close();
});

test('a rate changed on the way is an edit; it can be scrubbed over, taken back and removed', async () => {
  const { page } = await open(BASE, { epoch: 60 });
  const rate = 'optimizer.sgd.learningRate';
  const before = await assertSameBits(page);
  await inPlayground(page, `enter('${rate}', '0.5')`);
  await assertSameBits(page);
  await inPlayground(page, 'run.seek(150)');
  await assertSameBits(page);
  await inPlayground(page, `enter('${rate}', '2e-3')`);
  await inPlayground(page, 'run.seek(190)');
  const after = await assertSameBits(page);
  assert.deepEqual(after.experiment.edits, [
    { epoch: 60, learningRate: 0.5 },
    { epoch: 150, learningRate: 0.002 },
  ]);
  for (const [epoch, value] of [
    [60, '0.5'],
    [59, '0.1'],
    [190, '0.002'],
  ]) {
    await inPlayground(page, `run.seek(${epoch})`);
    await assertSameBits(page);
    assert.equal(await inPlayground(page, `return field('${rate}').value`), value);
    const sentence = await inPlayground(page, `return text(root.querySelector('.sentence'))`);
    assert.equal(sentence.includes('at learning rate 0.1'), Number(epoch) <= 60, sentence);
  }
  assert.deepEqual(await inPlayground(page, `return all('.edits li').map(text)`), [
    'epoch 60 learning rate 0.5 Remove',
    'epoch 150 learning rate 0.002 Remove',
  ]);
  await inPlayground(page, `all('.edits li button')[0].click()`);
  await waitUntil(() => inPlayground(page, 'return run.isAtRest && run.epoch === 60'));
  await inPlayground(page, `all('.edits li button:last-child')[0].focus()`);
  await page.keyboard.press('Enter');
  assert.deepEqual((await assertSameBits(page)).experiment.edits, [
    { epoch: 150, learningRate: 0.002 },
  ]);
  await page.keyboard.press('Enter');
  const none = await assertSameBits(page);
  assert.deepEqual(none, { ...before, experiment: none.experiment });
  assert.equal(await inPlayground(page, 'return root.activeElement.id'), `field-${rate}`);
  await inPlayground(page, 'await run.undo(); await run.undo(); await run.seek(190)');
  assert.equal((await assertSameBits(page)).digest, after.digest);
  await page.close();
});

test('a run that plays goes on through an edit, and begins again with another optimizer', async () => {
  const { page } = await open({ ...BASE, epochs: 20000 });
  await inPlayground(page, 'demo.play()');
  await waitUntil(() => inPlayground(page, 'return run.epoch > 200'));
  await inPlayground(page, `enter('optimizer.sgd.learningRate', '0.3')`);
  await waitUntil(() => inPlayground(page, `return root.querySelector('.edits') !== null`));
  await waitUntil(() => inPlayground(page, `return demo.experiment.edits?.length === 1`));
  const at = await inPlayground(page, 'return demo.experiment.edits[0].epoch');
  await waitUntil(() => inPlayground(page, `return demo.playing && run.epoch > ${at + 100}`));
  await inPlayground(page, `enter('optimizer', 'adam')`);
  await waitUntil(() => inPlayground(page, `return demo.experiment.optimizer?.kind === 'adam'`));
  await waitUntil(() => inPlayground(page, 'return demo.playing && run.epoch > 0'));
  assert.deepEqual(await inPlayground(page, 'return demo.experiment.edits ?? []'), []);
  await inPlayground(page, 'await demo.pause()');
  await assertSameBits(page);
  await page.close();
});

test('the speed is so many epochs a second, or the whole run in ten', async () => {
  const { page } = await open({ ...BASE, epochs: 1000 });
  const speeds = await inPlayground(page, `return all('.speed option').map(text)`);
  assert.deepEqual(speeds, [
    'whole run in 10 s',
    '1 epoch a second',
    '10 epochs a second',
    '100 epochs a second',
    '1,000 epochs a second',
    '10,000 epochs a second',
  ]);
  const choose = (/** @type {string} */ value) =>
    inPlayground(
      page,
      `const menu = root.querySelector('.speed select'); menu.value = '${value}';
      menu.dispatchEvent(new Event('change', { bubbles: true })); return demo.playing;`,
    );
  await choose('1');
  await inPlayground(page, 'await demo.play()');
  await waitUntil(() => inPlayground(page, 'return run.epoch >= 1'));
  assert.ok((await inPlayground(page, 'return run.epoch')) < 50);
  assert.equal(await choose('10000'), true);
  await waitUntil(() => inPlayground(page, 'return run.epoch === 1000 && !demo.playing'));
  await assertSameBits(page);
  await page.close();
  for (const [view, menus] of /** @type {const} */ ([
    ['overview', 0],
    ['controls', 1],
  ])) {
    const { page } = await open(BASE, { view });
    assert.equal(await inPlayground(page, `return all('.speed').length`), menus, view);
    await page.close();
  }
});

test('Ctrl+Z takes changes back and Shift+Ctrl+Z makes them again, but not in a text field', async () => {
  const { page } = await open(BASE, { epoch: 40 });
  const before = await assertSameBits(page);
  await inPlayground(page, `enter('optimizer', 'adam')`);
  const adam = await assertSameBits(page);
  await inPlayground(page, `enter('loss', 'huber')`);
  const huber = await assertSameBits(page);
  const press = async (/** @type {boolean} */ isShifted) => {
    await page.keyboard.down('Control');
    if (isShifted) await page.keyboard.down('Shift');
    await page.keyboard.press('z');
    if (isShifted) await page.keyboard.up('Shift');
    await page.keyboard.up('Control');
    return assertSameBits(page);
  };
  await inPlayground(page, `field('epochs').focus()`);
  assert.deepEqual(await press(false), huber);
  await inPlayground(page, `field('loss').focus()`);
  assert.deepEqual(await press(false), adam);
  assert.deepEqual(await press(false), before);
  assert.deepEqual(await press(false), before);
  assert.deepEqual(await press(true), adam);
  assert.deepEqual(await press(true), huber);
  await page.close();
});

test('menus and settings are the catalog’s: one more row appears', async () => {
  const row = {
    name: 'drift',
    formula: 'p = p - lr g; lr = lr drift',
    description: 'Only for this test.',
    settings: [],
  };
  const setting = { ...catalog.stop[0], name: 'boredom', description: 'When nobody looks.' };
  const tables = ['losses', 'optimizers', 'schedules', 'precisions'];
  const more = { ...Object.fromEntries(tables.map((table) => [table, [row]])), stop: [setting] };
  const { page } = await open(BASE, { more });
  for (const [id, table] of /** @type {const} */ ([
    ['loss', 'losses'],
    ['optimizer', 'optimizers'],
    ['schedule', 'schedules'],
    ['precision', 'precisions'],
  ])) {
    const options = await inPlayground(page, `return [...field('${id}').options].map(text)`);
    assert.deepEqual(options, [...catalog[table].map(({ name }) => name), 'drift']);
  }
  const label = await inPlayground(
    page,
    `return text(root.querySelector('label[for="field-stop.boredom"]'))`,
  );
  assert.equal(label, 'Boredom');
  for (const { name, formula = '', description } of catalog.losses) {
    await inPlayground(page, `enter('loss', '${name}')`);
    await settled(page);
    const about = await inPlayground(page, `return text(root.getElementById('field-loss-about'))`);
    assert.equal(about, `${description} ${formula.replaceAll('; ', '')}`);
  }
  await page.close();
});

test('everything can be set by keys alone', async () => {
  const { page } = await open(BASE, { epoch: 40 });
  const tabTo = async (/** @type {string} */ id) => {
    for (let i = 0; i < 120; i++) {
      if ((await inPlayground(page, 'return root.activeElement?.id')) === `field-${id}`) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`The focus does not come to ${id}`);
  };
  await tabTo('optimizer');
  await page.keyboard.type('adagrad');
  await settled(page);
  await tabTo('optimizer.adagrad.learningRate');
  await page.keyboard.type('0.05');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await tabTo('optimizer.adagrad.learningRateDecay');
  await page.keyboard.type('1e-3');
  await page.keyboard.press('Enter');
  const { experiment } = await assertSameBits(page);
  assert.deepEqual(experiment.optimizer, { kind: 'adagrad', learningRateDecay: 0.001 });
  assert.deepEqual(experiment.edits, [{ epoch: 40, learningRate: 0.05 }]);
  await page.close();
});

for (const [name, options] of SETTINGS)
  test(`learning is accessible, and nothing is cut off: ${name}`, async () => {
    const edits = [{ epoch: 20, learningRate: 0.01 }];
    const { page } = await open({ ...BASE, schedule: { kind: 'cosine' }, edits }, options);
    await inPlayground(
      page,
      `for (const details of all('.training-part details')) details.open = true;
      enter('epochs', 'many');`,
    );
    await settled(page);
    await assertAccessible(page);
    await page.close();
  });
