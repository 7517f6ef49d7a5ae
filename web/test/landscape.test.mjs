// view="landscape" in somebody else's page: the plane beside the library's numbers, and how it is used.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { startJob } from '../engine/jobs.js';
import { number, plain, signed } from '../state/format.js';
import { assertAccessible, forceColours, SETTINGS } from './axe.mjs';
import { dist, waitUntil } from './browser.mjs';
import { makeHost, run } from './host.mjs';

/** @typedef {import('puppeteer-core').Page} Page */

const { loadBackprop } = await import(pathToFileURL(path.join(dist, 'lib/index.js')).href);
/** @type {import('../../wasm/index.js').Backprop} */
const backprop = await loadBackprop();
const { open, script } = await makeHost();

/** For code in the page. */
const HELPERS = `
  const root = demo.shadowRoot;
  const text = (selector) => root.querySelector(selector)?.textContent.replace(/\\s+/g, ' ').trim() ?? '';
  const all = (selector) => [...root.querySelectorAll(selector)];
`;

/** @param {Page} page @param {string} code */
const inFigure = (page, code) => run(page, HELPERS + code);

/**
 * @param {string} [attributes]
 * @param {Parameters<typeof open>[1] & { isForced?: boolean }} [options]
 */
async function openLandscape(attributes = '', options = {}) {
  const opened = await open(
    `<meta name="viewport" content="width=device-width"><style>body { margin: 16px }</style>
    <main><h1>Host</h1><backprop-demo view="landscape" epoch="6000" ${attributes}></backprop-demo></main>${script}`,
    options,
  );
  const { page } = opened;
  if (options.isForced) await forceColours(page);
  await run(page, 'await demo.ready;');
  await waitUntil(() => inFigure(page, `return all('.relief canvas').length === 1`));
  return opened;
}

/**
 * The same landscape, made here.
 * @param {Partial<import('../engine/messages.js').LandscapeJob>} [job]
 * @returns {import('../state/types.js').Landscape}
 */
function landscapeOf(job) {
  const work = startJob(backprop, { kind: 'landscape', experiment: {}, epoch: 0, ...job });
  for (;;) {
    const { done, value } = work.next();
    if (done) return /** @type {import('../state/types.js').Landscape} */ (value);
  }
}

/**
 * Where a place on the plane is on the screen.
 * @param {Page} page
 * @param {number} across 0 to 1
 * @param {number} down 0 to 1
 * @returns {Promise<[number, number]>}
 */
async function placeOn(page, across, down) {
  return inFigure(
    page,
    `const box = root.querySelector('.border').getBoundingClientRect();
    return [box.x + ${across} * box.width, box.y + ${down} * box.height];`,
  );
}

test('the plane through the path: shares, contours, path and epoch', async () => {
  const { page, messages } = await openLandscape();
  const { shares, path: way } = landscapeOf();
  const note = await inFigure(page, `return text('.beside-relief .note')`);
  for (const share of shares ?? []) assert.ok(note.includes(`${plain(100 * share)} %`), note);
  assert.match(note, /At epoch 6,000 the run’s loss is 0\.2046;/);
  const levels = await inFigure(page, `return all('text.level').map((t) => Number(t.textContent))`);
  assert.ok(levels.length >= 4, String(levels));
  for (const level of levels) assert.ok(level > 0.1 && level < 1, String(levels));
  const ends = await inFigure(page, `return all('text.beside').map((t) => t.textContent)`);
  assert.deepEqual(ends, ['0', '10,000']);
  const here = () =>
    inFigure(
      page,
      `const c = root.querySelector('.here'); return [c.cx.baseVal.value, c.cy.baseVal.value]`,
    );
  const end = () =>
    inFigure(
      page,
      `const c = all('circle.end')[1]; return [c.cx.baseVal.value, c.cy.baseVal.value]`,
    );
  const before = await here();
  await run(page, 'await demo.seek(10000)');
  assert.notDeepEqual(await here(), before);
  assert.deepEqual(await here(), await end());
  assert.match(
    await inFigure(page, `return root.querySelector('.relief svg').ariaLabel`),
    /from 0\.2558 at epoch 0 to 0\.1387 at epoch 10,000; here, at epoch 10,000, 0\.1387\./,
  );
  assert.equal(way.losses[0].toPrecision(4), '0.2558');
  assert.deepEqual(messages, []);
  await page.close();
});

test('pointing reads the loss, a click goes to the nearest epoch', async () => {
  const { page } = await openLandscape();
  const { x, y, size, losses } = landscapeOf();
  await page.mouse.move(...(await placeOn(page, 0.25, 0.8)));
  await waitUntil(() => inFigure(page, `return text('.reading').startsWith('At ')`));
  const reading = await inFigure(page, `return text('.reading')`);
  const at = [x[0] + 0.25 * (x[1] - x[0]), y[1] - 0.8 * (y[1] - y[0])];
  const loss = losses[Math.floor(0.2 * size) * size + Math.floor(0.25 * size)];
  const near = [...Array(9).keys()].map((k) => {
    const [i, j] = [
      Math.floor(0.2 * size) + Math.floor(k / 3) - 1,
      Math.floor(0.25 * size) + (k % 3) - 1,
    ];
    return number(losses[i * size + j]);
  });
  const [, across, up, read] = /^At (\S+), (\S+) the loss is (\S+)\.$/.exec(reading) ?? [];
  const value = (/** @type {string} */ text) => Number(text.replace('−', '-'));
  assert.ok(
    Math.abs(value(across) - at[0]) < 0.05 && Math.abs(value(up) - at[1]) < 0.05,
    `${reading} ${at.map(signed)}`,
  );
  assert.ok(near.includes(read), `${read}, not near ${loss}`);
  await page.mouse.click(...(await placeOn(page, 0.999, 0.5)));
  await waitUntil(() => run(page, 'return demo.epoch === 10000'));
  await page.mouse.move(2, 2);
  await waitUntil(() => inFigure(page, `return text('.reading').startsWith('Point at')`));
  await page.close();
});

test('by touch: a tap reads, and the epoch stays', async () => {
  const { page } = await openLandscape('', { hasTouch: true, width: 320 });
  const [x, y] = await placeOn(page, 0.5, 0.5);
  await page.touchscreen.tap(x, y);
  await waitUntil(() => inFigure(page, `return text('.reading').startsWith('At ')`));
  assert.equal(await run(page, 'return demo.epoch'), 6000);
  await page.close();
});

test('two weights as axes, by keys', async () => {
  const { page, messages } = await openLandscape();
  await inFigure(page, `all('.toggle button')[1].focus();`);
  await page.keyboard.press('Enter');
  await waitUntil(() =>
    inFigure(
      page,
      `return all('.landscape-part select').length === 2 && text('.beside-relief .note').includes('those of epoch 6,000')`,
    ),
  );
  assert.deepEqual(
    await inFigure(
      page,
      `return all('.landscape-part select').map((s) => s.selectedOptions[0].textContent)`,
    ),
    ['W1[0, 0]', 'W1[0, 1]'],
  );
  await inFigure(page, `all('.landscape-part select')[1].focus();`);
  await page.keyboard.type('W2[0');
  await waitUntil(() => inFigure(page, `return text('.relief svg').includes('W2[0, 0]')`));
  await inFigure(page, `root.querySelector('.landscape-part summary').focus();`);
  await page.keyboard.press('Enter');
  await waitUntil(() => inFigure(page, `return all('.landscape-part table').length === 2`));
  const { path: way } = landscapeOf({ axes: [0, 6], epoch: 6000 });
  const rows = await inFigure(
    page,
    `return [...all('.landscape-part table')[0].rows].slice(1).map((tr) => [...tr.cells].map((td) => td.textContent))`,
  );
  assert.equal(rows.length, way.epochs.length);
  assert.deepEqual(rows[0], ['0', signed(way.x[0]), signed(way.y[0]), number(way.losses[0])]);
  assert.equal(rows[0][1], '+0.4967');
  await run(page, 'await demo.seek(2000)');
  await waitUntil(() =>
    inFigure(page, `return text('.beside-relief .note').includes('those of epoch 2,000')`),
  );
  await inFigure(
    page,
    `const s = all('.landscape-part select')[0]; s.value = '6'; s.dispatchEvent(new Event('change'));`,
  );
  await waitUntil(
    () =>
      inFigure(page, `return all('.landscape-part select').map((s) => s.value).join() === '6,0'`),
    'the axes change places',
  );
  assert.deepEqual(messages, []);
  await page.close();
});

test('another run has another landscape, a large one has none', async () => {
  const { page } = await openLandscape();
  const before = await inFigure(page, `return text('.beside-relief .note')`);
  await run(
    page,
    `demo.experiment = { initializer: { kind: 'numpy_randn', seed: 10 } }; await demo.ready;`,
  );
  await waitUntil(
    async () => (await inFigure(page, `return text('.beside-relief .note')`)) !== before,
  );
  await run(
    page,
    `demo.experiment = { layers: [{ units: 80 }, { units: 80 }, { units: 1 }], epochs: 2 }; await demo.ready;`,
  );
  await waitUntil(() => inFigure(page, `return /too large, too long/.test(text('.landscape'))`));
  await page.close();
});

for (const [name, options] of SETTINGS) {
  test(`${name}: axe finds nothing, and nothing is cut off`, async () => {
    const { page } = await openLandscape('', options);
    await inFigure(
      page,
      `all('.toggle button')[1].click(); root.querySelector('.landscape-part summary').click();`,
    );
    await waitUntil(() =>
      inFigure(
        page,
        `return all('.landscape-part table').length === 2 && all('.landscape-part select').length === 2`,
      ),
    );
    const stroke = await inFigure(
      page,
      `return getComputedStyle(root.querySelector('.relief .curve')).stroke`,
    );
    assert.match(stroke, /^rgb/);
    await assertAccessible(page);
    await page.close();
  });
}
