// The part of the page about other seeds: its figures belong to the page's run, with and without script.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { atRest, dist, openBrowser, openPage, POLICY, serveFor, waitUntil } from './browser.mjs';

const browser = await openBrowser();
const site = await serveFor({
  root: path.join(dist, 'site'),
  headers: { 'Content-Security-Policy': POLICY },
});

/** @param {string} hash @param {Parameters<typeof openPage>[1]} [options] */
async function open(hash, options) {
  const opened = await openPage(browser, options);
  await opened.page.goto(`${site.url}/${hash}`);
  return opened;
}

/** @param {import('puppeteer-core').Page} page @param {string} id @param {string} code with `root` */
const inFigure = (page, id, code) =>
  page.evaluate(`(() => { const root = document.querySelector('#${id}').shadowRoot; ${code} })()`);

test('a seed that is picked goes into every figure, and into the address', async () => {
  const { page, messages } = await open('#epoch=6000');
  await atRest(page);
  await page.$eval('#seeds', (figure) => figure.scrollIntoView());
  await waitUntil(
    async () =>
      (await inFigure(page, 'seeds', `return root?.querySelectorAll('.tile').length`)) === 200,
    'the atlas is filled',
  );
  await inFigure(page, 'seeds', `root.querySelector('.tile[data-seed="10"]').click()`);
  await waitUntil(async () => /%22seed%22%3A10\D.*epoch=6000$/.test(new URL(page.url()).hash));
  const states = await page.$$eval('backprop-demo[group=run]', (all) =>
    all.map((figure) => {
      const { epoch, experiment } =
        /** @type {import('../element/backprop-demo.js').BackpropDemo} */ (figure);
      return JSON.stringify([epoch, experiment]);
    }),
  );
  assert.ok(states.length > 2);
  assert.equal(new Set(states).size, 1, String(states));
  await page.$eval('#land', (figure) => figure.scrollIntoView());
  await waitUntil(
    async () =>
      /epoch 6,000/.test(String(await inFigure(page, 'land', `return root?.textContent`))),
    'the landscape has come',
  );
  await page.goBack();
  await waitUntil(
    async () =>
      (await inFigure(
        page,
        'seeds',
        `return root.querySelector('.tile[aria-current]')?.dataset.seed`,
      )) === '42',
    'the back button takes it back',
  );
  assert.deepEqual(messages, []);
  await page.close();
});

test('without script: the two hundred maps, the table of shares, the landscape', async () => {
  const { page } = await openPage(browser, { width: 320 });
  await page.setJavaScriptEnabled(false);
  await page.goto(site.url);
  for (const id of ['seeds', 'land']) {
    await page.$eval(`#${id} img`, (image) => image.scrollIntoView());
    await waitUntil(
      async () =>
        (await page.$eval(
          `#${id} img`,
          (image) => /** @type {HTMLImageElement} */ (image).naturalWidth,
        )) > 300,
      `the picture of ${id}`,
    );
    const [right, alt] = await page.$eval(`#${id} img`, (image) => [
      image.getBoundingClientRect().right,
      /** @type {HTMLImageElement} */ (image).alt,
    ]);
    assert.ok(Number(right) <= 320 && String(alt).length > 20);
  }
  const table = await page.$eval('#seeds table', (element) => element.textContent ?? '');
  for (const share of ['20 % (40)', '74 % (148)', '97.5 % (195)', '100 % (200)'])
    assert.ok(table.includes(share), table);
  await page.close();
});

test('in print the figures stand without their controls', async () => {
  const { page } = await open('#epoch=6000');
  await atRest(page);
  for (const id of ['seeds', 'land']) {
    await page.$eval(`#${id}`, (figure) => figure.scrollIntoView());
    await waitUntil(async () =>
      Boolean(await inFigure(page, id, `return root?.querySelector('.choose')`)),
    );
  }
  await page.emulateMediaType('print');
  for (const id of ['seeds', 'land'])
    assert.equal(
      await inFigure(page, id, `return getComputedStyle(root.querySelector('.choose')).display`),
      'none',
    );
  await page.close();
});
