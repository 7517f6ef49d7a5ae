// view="seeds" in somebody else's page: the atlas beside the library's numbers, and every way to use it.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { number } from '../state/format.js';
import { assertAccessible, forceColours, SETTINGS } from './axe.mjs';
import { dist, waitUntil } from './browser.mjs';
import { makeHost, run } from './host.mjs';

/** @typedef {import('puppeteer-core').Page} Page */

const { loadBackprop } = await import(pathToFileURL(path.join(dist, 'lib/index.js')).href);
/** @type {import('../../wasm/index.js').Backprop} */
const backprop = await loadBackprop();
const { open, script } = await makeHost();

/** For code in the page: what the atlas shows. */
const HELPERS = `
  const atlas = document.querySelector('#atlas');
  const root = atlas.shadowRoot;
  const text = (node) => node?.textContent.replace(/\\s+/g, ' ').trim() ?? '';
  const all = (selector) => [...root.querySelectorAll(selector)];
  const tile = (seed) => root.querySelector('.tile[data-seed="' + seed + '"]');
  const kinds = () => all('.kinds .kind').map(text);
  const why = () => text(root.querySelector('.why-part'));
`;

/** @param {Page} page @param {string} code */
const inAtlas = (page, code) => run(page, HELPERS + code);

/**
 * Two figures of a group, once every seed has been trained.
 * @param {string} [attributes]
 * @param {Parameters<typeof open>[1] & { isForced?: boolean, seeds?: number }} [options]
 */
async function openAtlas(attributes = '', options = {}) {
  const { seeds = 200 } = options;
  const opened = await open(
    `<meta name="viewport" content="width=device-width"><style>body { margin: 16px }</style><main><h1>Host</h1>
    <backprop-demo group="g" view="loss" epoch="6000" ${attributes}></backprop-demo>
    <backprop-demo group="g" view="seeds" id="atlas"></backprop-demo></main>${script}`,
    options,
  );
  const { page } = opened;
  if (options.isForced) await forceColours(page);
  await inAtlas(page, 'await atlas.ready; atlas.scrollIntoView();');
  await trained(page, seeds);
  return opened;
}

/** @param {Page} page @param {number} seeds */
function trained(page, seeds) {
  return waitUntil(
    () => inAtlas(page, `return all('.tile').length === ${seeds}`),
    `${seeds} tiles`,
  );
}

/**
 * A busy machine takes long, and the atlas rests then until it is told to go on.
 * @param {Page} page
 * @param {number} cells that are to be filled, at least
 */
async function tableFilled(page, cells) {
  await inAtlas(page, `root.querySelector('.shares').scrollIntoView();`);
  const goOn = `const button = root.querySelector('.seeds-part .note button');
    if (button?.textContent === 'Go on') button.click();
    return all('.shares td b').length`;
  for (let i = 0; i < 1200; i++) {
    if ((await inAtlas(page, goOn)) >= cells) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The table of shares was not filled in two minutes');
}

/** @param {Record<string, unknown>} experiment */
function losses(experiment) {
  const ensemble = new backprop.Ensemble(
    experiment,
    Array.from({ length: 200 }, (_, seed) => seed),
  );
  ensemble.train(10000);
  const all = [...ensemble.losses()];
  ensemble.dispose();
  return all;
}

/** @param {number} units @param {number} rate */
function xor(units, rate) {
  return {
    layers: [{ units }, { units: 1 }],
    optimizer: { kind: 'sgd', learningRate: rate },
  };
}

test('every seed has its tile, its kind and its loss; the table says the same', async () => {
  const { page, messages } = await openAtlas();
  assert.deepEqual(await inAtlas(page, 'return kinds()'), [
    '40 solved, loss below 0.01',
    '109 the rest, any other loss',
    '38 trapped, loss 0.125 ± 0.01',
    '13 plateau, loss above 0.2',
  ]);
  const expected = losses({});
  const labels = await inAtlas(
    page,
    `return all('.tile').map((t) => [t.dataset.seed, t.ariaLabel])`,
  );
  for (const [seed, label] of labels)
    assert.equal(label, `seed ${seed}, loss ${number(expected[seed])}`);
  const inOrder = labels.map((/** @type {[string]} */ [seed]) => expected[Number(seed)]);
  const solved = inOrder.slice(0, 40);
  assert.ok(
    solved.every(
      (/** @type {number} */ loss, /** @type {number} */ i) =>
        loss < 0.01 && (i === 0 || loss >= solved[i - 1]),
    ),
  );
  await inAtlas(page, `root.querySelector('.seeds-part summary').click();`);
  await waitUntil(() => inAtlas(page, `return all('.seeds-part tbody tr').length === 200`));
  const rows = await inAtlas(
    page,
    `return all('.seeds-part tbody tr').map((tr) => [...tr.cells].map(text))`,
  );
  assert.deepEqual(
    rows.find((/** @type {string[]} */ [seed]) => seed === '42'),
    ['42', number(expected[42]), 'the rest'],
  );
  assert.deepEqual(messages, []);
  await page.close();
});

test('tiles are pictures of their own seeds', async () => {
  const { page } = await openAtlas();
  await inAtlas(page, `all('.toggle button')[1].click(); await atlas.updateComplete;`);
  const corners = await inAtlas(
    page,
    `const canvas = root.querySelector('.tiles canvas');
    const columns = canvas.width / 26;
    const context = canvas.getContext('2d');
    return [42, 0].map((seed) => [[4, 20], [20, 20], [4, 4], [20, 4]].map(([x, y]) =>
      [...context.getImageData((seed % columns) * 26 + x, Math.floor(seed / columns) * 26 + y, 1, 1).data]));`,
  );
  // Seed 42 answers (0, 0) low, in orange, and (1, 0) high, in blue.
  for (const corner of corners) for (const pixel of corner) assert.equal(pixel[3], 255);
  const [low, high] = corners[0];
  assert.ok(low[0] > low[2] && high[2] > high[0], JSON.stringify(corners[0]));
  await page.close();
});

test('the table of shares fills itself with the shares of the post', async () => {
  const { page } = await openAtlas();
  await tableFilled(page, 12);
  const cells = await inAtlas(
    page,
    `return all('.shares tbody tr').map((tr) => [...tr.cells].map((cell) => text(cell).replace(/;.*/, '')))`,
  );
  for (const [i, units] of [2, 3, 4, 8].entries()) {
    assert.equal(cells[i][0], String(units));
    for (const [j, rate] of [0.1, 1, 10].entries()) {
      const solved = losses(xor(units, rate)).filter((loss) => loss < 0.01).length;
      assert.equal(cells[i][j + 1], `${solved / 2} % ${solved} of 200`);
    }
  }
  assert.deepEqual(
    [cells[0][1], cells[0][2], cells[1][2], cells[2][2], cells[3][2]],
    [
      '20 % 40 of 200',
      '74 % 148 of 200',
      '97.5 % 195 of 200',
      '100 % 200 of 200',
      '100 % 200 of 200',
    ],
  );
  await inAtlas(page, `all('.shares button')[4].click();`);
  await waitUntil(() => inAtlas(page, `return all('.shares button')[4].ariaCurrent === 'true'`));
  assert.deepEqual(
    await run(
      page,
      'return [demo.experiment.layers[0].units, demo.experiment.optimizer.learningRate]',
    ),
    [3, 1],
  );
  await waitUntil(() => inAtlas(page, `return kinds()[0] === '195 solved, loss below 0.01'`));
  await page.close();
});

test('a click on a seed loads it everywhere, at the same epoch', async () => {
  const { page } = await openAtlas();
  assert.equal(await inAtlas(page, `return tile(42).ariaCurrent`), 'true');
  await inAtlas(page, `tile(7).scrollIntoView({ block: 'center' });`);
  const box = await (
    await page.evaluateHandle(
      `document.querySelector('#atlas').shadowRoot.querySelector('.tile[data-seed="7"]')`,
    )
  )
    .asElement()
    ?.boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + 13, box.y + 13);
  await waitUntil(() =>
    inAtlas(
      page,
      `return /^Seed 7: loss 0.05594, the rest/.test(text(root.querySelector('.reading')))`,
    ),
  );
  await page.mouse.click(box.x + 13, box.y + 13);
  await waitUntil(() =>
    inAtlas(page, `return tile(7).ariaCurrent === 'true' && tile(42).ariaCurrent === null`),
  );
  const session = new backprop.Session({ initializer: { kind: 'numpy_randn', seed: 7 } });
  session.train(6000);
  await waitUntil(() => run(page, `return demo.loss === ${session.loss}`));
  assert.deepEqual(
    await run(
      page,
      `return [...document.querySelectorAll('backprop-demo')].map((d) => [d.epoch, d.experiment])`,
    ),
    Array(2).fill([6000, { initializer: { kind: 'numpy_randn', seed: 7 } }]),
  );
  assert.equal(await inAtlas(page, `return all('.tile').length`), 200, 'nothing is trained again');
  await page.close();
});

test('by keys: one stop, the arrows go from tile to tile, Enter loads', async () => {
  const { page } = await openAtlas();
  await inAtlas(
    page,
    `all('.toggle button')[1].click(); await atlas.updateComplete; all('.toggle button')[1].focus();`,
  );
  const focused = () => inAtlas(page, `return Number(root.activeElement.dataset.seed)`);
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 42);
  await page.keyboard.press('ArrowRight');
  assert.equal(await focused(), 43);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  assert.equal(await focused(), 41);
  const columns = await inAtlas(page, `return root.querySelector('.tiles canvas').width / 26`);
  await page.keyboard.press('ArrowDown');
  assert.equal(await focused(), 41 + columns);
  await page.keyboard.press('ArrowUp');
  assert.equal(await focused(), 41);
  await page.keyboard.press('End');
  assert.equal(await focused(), 199);
  await page.keyboard.press('ArrowRight');
  assert.equal(await focused(), 199);
  await page.keyboard.press('Home');
  assert.equal(await focused(), 0);
  assert.match(
    await inAtlas(page, `return text(root.querySelector('.reading'))`),
    /^Seed 0: loss 0.1308, trapped/,
  );
  await page.keyboard.press('Enter');
  await waitUntil(() => run(page, 'return demo.experiment.initializer?.seed === 0'));
  await waitUntil(() =>
    inAtlas(
      page,
      `return root.activeElement.dataset.seed === '0' && tile(0).ariaCurrent === 'true'`,
    ),
  );
  await page.keyboard.press('Tab');
  assert.equal(await inAtlas(page, `return root.activeElement.localName`), 'summary');
  await page.close();
});

test('by touch', async () => {
  const { page } = await openAtlas('', { hasTouch: true, width: 320 });
  await inAtlas(page, `tile(12).scrollIntoView({ block: 'center' });`);
  const box = await (
    await page.evaluateHandle(
      `document.querySelector('#atlas').shadowRoot.querySelector('.tile[data-seed="12"]')`,
    )
  )
    .asElement()
    ?.boundingBox();
  assert.ok(box && box.width >= 24 && box.height >= 24);
  await page.touchscreen.tap(box.x + 13, box.y + 13);
  await waitUntil(() => run(page, 'return demo.experiment.initializer?.seed === 12'));
  await page.close();
});

test('why the seed is stuck, and nothing about one that has learned', async () => {
  const { page } = await openAtlas();
  await waitUntil(() => inAtlas(page, `return why() !== ''`));
  assert.match(
    await inAtlas(page, 'return why()'),
    /^Why seed 42 is stuck Rows \(0, 1\) and \(1, 1\) .* 0\.4808 and 0\.5080, where 1 and 0 .* still 0\.1254\.$/,
  );
  await inAtlas(page, `tile(185).click();`);
  await waitUntil(() => inAtlas(page, `return why().startsWith('What holds seed 185 up')`));
  assert.match(
    await inAtlas(page, 'return why()'),
    /That does not last: after 100,000 epochs the loss is 0\.0003120\.$/,
  );
  await inAtlas(page, `tile(10).click();`);
  await waitUntil(() => inAtlas(page, `return tile(10).ariaCurrent === 'true' && why() === ''`));
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(await inAtlas(page, `return root.querySelector('.why-part')`), null);
  await page.close();
});

test('a thousand seeds, and one from further away', async () => {
  const { page, messages } = await openAtlas(
    `experiment='{"initializer":{"kind":"numpy_randn","seed":123456}}'`,
    { seeds: 201 },
  );
  assert.equal(await inAtlas(page, `return tile(123456).ariaCurrent`), 'true');
  await inAtlas(
    page,
    `const select = root.querySelector('.seeds-part select'); select.value = '1000'; select.dispatchEvent(new Event('change'));`,
  );
  await trained(page, 1001);
  assert.match(
    await inAtlas(page, `return text(root.querySelector('.progress'))`),
    /^1,001 trained in \d+\.\d\d s, 10,000 epochs each$/,
  );
  assert.deepEqual(messages, []);
  await page.close();
});

test('the figures of a group show one atlas, until the last of them leaves', async () => {
  const { page, messages } = await openAtlas();
  await inAtlas(
    page,
    `const second = document.createElement('backprop-demo');
    Object.assign(second, { group: 'g', view: 'seeds' });
    document.querySelector('main').append(second);
    await second.ready;
    const select = root.querySelector('.seeds-part select'); select.value = '50'; select.dispatchEvent(new Event('change'));`,
  );
  const tilesOfSecond = `const [second] = [...document.querySelectorAll('[view="seeds"]')].slice(-1);
    return second.shadowRoot.querySelectorAll('.tile').length`;
  await waitUntil(async () => (await run(page, tilesOfSecond)) === 50);
  await inAtlas(page, `atlas.remove();`);
  await run(
    page,
    `const select = document.querySelector('[view="seeds"]').shadowRoot.querySelector('.seeds-part select');
    select.value = '200'; select.dispatchEvent(new Event('change'));`,
  );
  await waitUntil(async () => (await run(page, tilesOfSecond)) === 200);
  assert.deepEqual(messages, []);
  await page.close();
});

test('other runs are sorted into quarters of the loss, their table has the middle one', async () => {
  const moons = { data: { kind: 'moons', samples: 20 }, epochs: 50 };
  const { page } = await openAtlas(`experiment='${JSON.stringify(moons)}'`);
  const kinds = await inAtlas(page, 'return kinds()');
  assert.equal(kinds.length, 4);
  assert.match(kinds[0], /^50 lowest quarter, loss 0\.\d+ to 0\.\d+$/);
  await tableFilled(page, 5);
  const ensemble = new backprop.Ensemble(
    { ...moons, ...xor(3, 1) },
    Array.from({ length: 200 }, (_, seed) => seed),
  );
  ensemble.train(50);
  const middle = [...ensemble.losses()].sort((a, b) => a - b)[100];
  ensemble.dispose();
  assert.equal(await inAtlas(page, `return text(all('.shares b')[4])`), number(middle));
  await waitUntil(() => inAtlas(page, `return /All answers lie between 0/.test(why())`));
  await page.close();
});

test('where a page may have no worker, the atlas fills in all the same', async () => {
  const { page } = await open(
    `<meta http-equiv="Content-Security-Policy" content="worker-src 'none'">
    <backprop-demo view="seeds" id="atlas"></backprop-demo>${script}`,
  );
  await inAtlas(page, 'await atlas.ready;');
  await trained(page, 200);
  assert.equal(page.workers().length, 0);
  assert.equal(await inAtlas(page, 'return kinds()[0]'), '40 solved, loss below 0.01');
  await page.close();
});

test('an atlas that is removed leaves no worker behind', async () => {
  const { page, messages } = await openAtlas();
  assert.ok(page.workers().length > 1);
  await run(page, `for (const one of document.querySelectorAll('backprop-demo')) one.remove();`);
  await waitUntil(async () => page.workers().length === 0, 'no worker is left');
  assert.deepEqual(messages, []);
  await page.close();
});

test('nothing is trained out of sight', async () => {
  const { page } = await open(
    `<main style="padding-block: 3000px"><backprop-demo view="seeds" id="atlas"></backprop-demo></main>${script}`,
  );
  await inAtlas(page, 'await atlas.ready;');
  await new Promise((resolve) => setTimeout(resolve, 700));
  assert.equal(await inAtlas(page, `return all('.tile').length`), 0);
  await inAtlas(page, `atlas.scrollIntoView();`);
  await trained(page, 200);
  await page.close();
});

for (const [name, options] of SETTINGS) {
  test(`${name}: axe finds nothing, and nothing is cut off`, async () => {
    const { page } = await openAtlas('', options);
    await tableFilled(page, 3);
    await inAtlas(page, `root.querySelector('.seeds-part summary').click();`);
    await waitUntil(() => inAtlas(page, `return all('.seeds-part tbody tr').length === 200`));
    await assertAccessible(page);
    await page.close();
  });
}
