// Watching in the playground: curves, scores, classes, weights, units, the map; runs kept and compared.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { number } from '../state/format.js';
import { assertAccessible, SETTINGS } from './axe.mjs';
import { waitUntil } from './browser.mjs';
import { backprop, inPlayground, makePlaygrounds, settled } from './playground-host.mjs';

/** @typedef {import('puppeteer-core').Page} Page */

const open = await makePlaygrounds();

const NOISY = {
  data: { kind: 'circle', samples: 100, noise: 0.3, testFraction: 0.4 },
  layers: [
    { units: 8, activation: 'relu' },
    { units: 4, activation: 'tanh' },
    { units: 1, activation: 'sigmoid' },
  ],
  loss: 'binary_cross_entropy',
  initializer: { kind: 'he_normal', seed: 3 },
  optimizer: { kind: 'adam', learningRate: 0.03 },
  epochs: 1000,
};
const CLASSES = {
  ...NOISY,
  data: { kind: 'spiral', classes: 3, samples: 90, noise: 0.1, testFraction: 0.3 },
  layers: [
    { units: 8, activation: 'tanh' },
    { units: 3, activation: 'softmax' },
  ],
  loss: 'cross_entropy',
};

/** @param {Record<string, unknown>} experiment @param {number} epoch */
function sessionAt(experiment, epoch) {
  const session = new backprop.Session(experiment);
  session.seek(epoch);
  return session;
}

/** @param {Page} page @param {string} [selector] that must be there */
async function watched(page, selector = '.scores') {
  await inPlayground(page, `root.querySelector('.watch-part').scrollIntoView()`);
  await waitUntil(() => inPlayground(page, `return all('${selector}').length > 0`), selector);
  await inPlayground(page, 'await demo.updateComplete'); // its pieces come one after the other
}

/** @param {Page} page @param {string} words that begin a button */
const press = (page, words) =>
  inPlayground(
    page,
    `all('button').find((one) => text(one).startsWith('${words}')).click(); await demo.updateComplete;`,
  );

/** @param {Page} page @param {string} selector */
const cells = (page, selector) =>
  inPlayground(page, `return all('${selector} tr').map((row) => [...row.cells].map(text))`);

test('losses and scores of both sets, gradients, classes, weights and units are the library’s', async () => {
  const { page, messages } = await open(NOISY, { epoch: 400 });
  await watched(page);
  const session = sessionAt(NOISY, 400);
  const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(1)} %`;
  assert.deepEqual(await cells(page, '.scores tbody'), [
    ['loss', number(session.loss), number(session.testLoss)],
    ['accuracy', percent(session.accuracy), percent(session.testAccuracy)],
  ]);
  const gradient = session.gradient();
  const ends = [0, 2 * 8 + 8, 2 * 8 + 8 + 8 * 4 + 4, gradient.length];
  const bars = await cells(page, '.gradients tbody');
  for (const k of [0, 1, 2])
    assert.equal(bars[k][2], number(Math.hypot(...gradient.subarray(ends[k], ends[k + 1]))));
  const { inputs, targets } = session.dataset();
  const table = [
    [0, 0],
    [0, 0],
  ];
  for (const [row, value] of session.predict(inputs).entries())
    table[targets[row]][Number(value > 0.5)]++;
  assert.deepEqual(
    await cells(page, '.confusion tbody'),
    table.map((row, k) => [String(k), ...row.map(String)]),
  );
  await press(page, 'test');
  assert.notDeepEqual((await cells(page, '.confusion tbody'))[0].slice(1), table[0].map(String));
  await inPlayground(page, `root.querySelector('.weights summary').click()`);
  await waitUntil(() => inPlayground(page, `return all('.bins tbody tr').length > 0`));
  const bins = await cells(page, '.bins tbody');
  assert.equal(
    bins.reduce(
      (/** @type {number} */ sum, /** @type {string[]} */ row) => sum + Number(row[2]),
      0,
    ),
    2 * 8 + 8 * 4 + 4,
  );
  const active = session.activations(inputs)[0];
  const dead = Array.from({ length: 8 }, (_, unit) =>
    active.every((value, i) => i % 8 !== unit || value === 0),
  ).filter(Boolean).length;
  assert.match((await cells(page, '.unit-counts tbody'))[0][2], new RegExp(`^${dead}\\b`));
  session.dispose();
  assert.deepEqual(messages, []);
  await page.close();
});

test('the chart has the test loss, in a line of its own kind, and a chosen axis', async () => {
  const { page } = await open(NOISY, { epoch: 400 });
  const session = sessionAt(NOISY, 400);
  const readout = await inPlayground(page, `return text(root.querySelector('.readout'))`);
  assert.equal(
    readout,
    `epoch 400 · loss ${number(session.loss)} · test ${number(session.testLoss)}`,
  );
  assert.deepEqual(await inPlayground(page, `return all('.lines span').map(text)`), [
    'training',
    'test',
  ]);
  const dash = `return getComputedStyle(root.querySelector('.loss .curve.test')).strokeDasharray`;
  assert.notEqual(await inPlayground(page, dash), 'none');
  const path = `return root.querySelector('.loss .curve').getAttribute('d')`;
  const linear = await inPlayground(page, path);
  const log = `[...root.querySelectorAll('[aria-label="Axis of the loss"] button')][1]`;
  await inPlayground(page, `${log}.click(); await demo.updateComplete;`);
  assert.notEqual(await inPlayground(page, path), linear);
  assert.equal(await inPlayground(page, `return ${log}.ariaPressed`), 'true');
  assert.match(await inPlayground(page, `return text(root.querySelector('#loss'))`), /log scale/);
  session.dispose();
  await page.close();
});

test('what ails a run is said, and where it was best is one press away', async () => {
  const { page } = await open(NOISY, { epoch: 1000 });
  await watched(page, '.findings .overfitting');
  const said = await inPlayground(page, `return text(root.querySelector('.overfitting'))`);
  const best = Number(/since epoch (\d+)/.exec(said)?.[1]);
  await press(page, 'Go to epoch');
  await waitUntil(() => inPlayground(page, `return demo.epoch === ${best}`));
  await waitUntil(() => inPlayground(page, `return all('.overfitting').length === 0`));
  await page.close();
});

test('runs are kept, compared, brought back and dropped', async () => {
  const { page } = await open({ epochs: 500 }, { epoch: 500 });
  const changed = { epochs: 500, optimizer: { kind: 'adam', learningRate: 0.01 } };
  await watched(page);
  await press(page, 'Keep this run');
  const first = sessionAt({}, 500);
  await waitUntil(() => inPlayground(page, `return all('.kept-runs tbody tr').length === 1`));
  await inPlayground(page, `await run.change(${JSON.stringify(changed)})`);
  await settled(page);
  const row = `return [...root.querySelector('.kept-runs tbody tr').cells].slice(0, 3).map(text)`;
  await waitUntil(async () => (await inPlayground(page, row))[1] !== 'the same');
  assert.deepEqual(await inPlayground(page, row), [
    'A',
    'sgd, learning rate 0.1',
    `${number(first.loss)} at epoch 500`,
  ]);
  assert.equal(await inPlayground(page, `return all('.loss .curve.kept').length`), 1);
  assert.equal(await inPlayground(page, `return text(root.querySelector('.loss .name'))`), 'A');
  await press(page, 'Bring back');
  await settled(page);
  await waitUntil(() => inPlayground(page, `return demo.experiment.optimizer === undefined`));
  assert.equal(await inPlayground(page, 'return demo.loss'), first.loss);
  await inPlayground(page, 'await run.undo()');
  await settled(page);
  assert.deepEqual(await inPlayground(page, 'return demo.experiment'), changed);
  for (let i = 0; i < 7; i++) await press(page, 'Keep this run');
  assert.equal(
    await inPlayground(
      page,
      `return all('button').find((one) => text(one) === 'Keep this run').disabled`,
    ),
    true,
  );
  for (let i = 0; i < 8; i++) await press(page, 'Drop');
  assert.equal(
    await inPlayground(page, `return all('.kept-runs tbody tr, .curve.kept').length`),
    0,
  );
  first.dispose();
  await page.close();
});

test('the map by class is the largest output, and the network answers at any point', async () => {
  const { page, messages } = await open(CLASSES, { epoch: 300 });
  const session = sessionAt(CLASSES, 300);
  await press(page, 'by class');
  await waitUntil(() => inPlayground(page, 'return run.scene.snapshot.classes !== undefined'));
  const { x, y, size, values } = await inPlayground(
    page,
    `const { info, snapshot: { classes } } = run.scene;
    return { ...info.plane, size: classes.size, values: [...classes.values] };`,
  );
  const middle = (/** @type {number[]} */ [low, high], /** @type {number} */ i) =>
    low + ((high - low) * (i + 0.5)) / size;
  for (const cell of [0, 7 * size + 11, values.length >> 1, values.length - 1]) {
    const outputs = session.predict([[middle(x, cell % size), middle(y, Math.floor(cell / size))]]);
    assert.equal(values[cell], outputs.indexOf(Math.max(...outputs)));
  }
  const colours = await inPlayground(
    page,
    `const canvas = root.querySelector('.map canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return [...new Set(new Uint32Array(data.buffer))].length;`,
  );
  assert.ok(colours >= new Set(values).size + 1, 'colours and hatchings');
  await inPlayground(page, `enter('point-0', '0.25')`);
  await inPlayground(page, `await demo.updateComplete; enter('point-1', '-0.5')`);
  await waitUntil(() => inPlayground(page, `return run.scene.snapshot.point?.y === -0.5`));
  const answer = await inPlayground(
    page,
    `await demo.updateComplete; return text(root.querySelector('.answer'))`,
  );
  for (const value of session.predict([[0.25, -0.5]]))
    assert.ok(answer.includes(number(value)), answer);
  await inPlayground(page, `enter('point-0', 'far'); await demo.updateComplete;`);
  assert.match(
    await inPlayground(page, `return text(root.querySelector('.ask .bad'))`),
    /^Point x1 must be a number, not “far”\.$/,
  );
  session.dispose();
  assert.deepEqual(messages, []);
  await page.close();
});

test('a pointer reads the curve of one input, and rows of the test set are marked on it', async () => {
  const experiment = {
    data: { kind: 'sine', samples: 40, testFraction: 0.25 },
    layers: [
      { units: 4, activation: 'tanh' },
      { units: 1, activation: 'identity' },
    ],
    epochs: 300,
  };
  const { page, messages } = await open(experiment, { epoch: 300 });
  const session = sessionAt(experiment, 300);
  const box = await inPlayground(
    page,
    `const map = root.querySelector('.one-input'); map.scrollIntoView({ block: 'center' });
    return map.getBoundingClientRect().toJSON();`,
  );
  const said = () =>
    inPlayground(page, `await demo.updateComplete; return text(root.querySelector('.answer'))`);
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.4);
  await waitUntil(() => inPlayground(page, 'return run.scene.snapshot.point !== undefined'));
  const x = await inPlayground(page, 'return run.scene.snapshot.point.x');
  assert.ok((await said()).endsWith(`= ${number(session.predict([[x]])[0])}`), await said());
  await inPlayground(page, `enter('point-0', '0.5')`);
  await waitUntil(() => inPlayground(page, 'return run.scene.snapshot.point?.x === 0.5'));
  assert.ok((await said()).endsWith(`= ${number(session.predict([[0.5]])[0])}`), await said());
  const marks = await inPlayground(
    page,
    `return root.querySelector('.mark.sign').getAttribute('d').split('v').length - 1`,
  );
  assert.equal(marks, 10);
  await inPlayground(
    page,
    `root.querySelector('.map-choices input').click(); await demo.updateComplete;`,
  );
  assert.equal(await inPlayground(page, `return all('.mark.sign').length`), 0);
  session.dispose();
  assert.deepEqual(messages, []);
  await page.close();
});

test('a pointer reads the map; rows of the test set can be left out', async () => {
  const { page } = await open(NOISY, { epoch: 300 });
  const session = sessionAt(NOISY, 300);
  const box = await inPlayground(
    page,
    `const map = root.querySelector('.map'); map.scrollIntoView({ block: 'center' });
    return map.getBoundingClientRect().toJSON();`,
  );
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.4);
  await waitUntil(() => inPlayground(page, 'return run.scene.snapshot.point !== undefined'));
  const [x, y] = await inPlayground(
    page,
    'const { x, y } = run.scene.snapshot.point; return [x, y];',
  );
  const answer = await inPlayground(
    page,
    `await demo.updateComplete; return text(root.querySelector('.answer'))`,
  );
  assert.ok(answer.endsWith(`= ${number(session.predict([[x, y]])[0])}`), answer);
  assert.equal(await inPlayground(page, `return all('.mark.sign').length`), 2);
  await inPlayground(
    page,
    `root.querySelector('.map-choices input').click(); await demo.updateComplete;`,
  );
  assert.equal(await inPlayground(page, `return all('.mark.sign').length`), 0);
  session.dispose();
  await page.close();
});

test('nothing is read out that nobody looks at', async () => {
  const { page } = await open(NOISY, { epoch: 10 });
  await inPlayground(page, 'scrollTo(0, 0)');
  await watched(page);
  await inPlayground(
    page,
    `demo.before(Object.assign(document.createElement('div'), { style: 'height: 9000px' })); scrollTo(0, 0);`,
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  await inPlayground(page, 'await run.seek(20)');
  assert.equal(await inPlayground(page, 'return run.scene.snapshot.watch.epoch'), 10);
  await watched(page);
  await waitUntil(() => inPlayground(page, 'return run.scene.snapshot.watch.epoch === 20'));
  await page.close();
});

for (const [name, options] of SETTINGS)
  test(`watching is accessible: ${name}`, async () => {
    const { page } = await open(CLASSES, { epoch: 300, ...options });
    await watched(page);
    await press(page, 'Keep this run');
    await press(page, 'by class');
    await settled(page);
    await assertAccessible(page);
    await page.close();
  });
