// axe-core on the built page, and its layout at the widths that readers have.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { assertAccessible, forceColours, SETTINGS } from './axe.mjs';
import { atRest, dist, openBrowser, openPage, seek, serveFor, waitUntil } from './browser.mjs';

const browser = await openBrowser();
const site = await serveFor({ root: path.join(dist, 'site') });

for (const [name, { isForced, ...options }] of SETTINGS) {
  test(`${name}: axe finds nothing, and nothing is cut off`, async () => {
    const { page } = await openPage(browser, options);
    if (isForced) await forceColours(page);
    await page.goto(`${site.url}/#epoch=6000`);
    await atRest(page);
    await seek(page, 6000);
    await goTo(page, '#playground', '#playground >>> section.watch-part');
    await goTo(page, '#playground >>> .watch-part', '#playground >>> .watch-part .panels');
    await goTo(page, '#take', '#program-loss');
    await goTo(page, '#speed', '#speed');
    await page.waitForSelector('#speed [aria-disabled="false"]');
    await page.evaluate(() => {
      for (const demo of document.querySelectorAll('backprop-demo'))
        for (const details of demo.shadowRoot?.querySelectorAll('details') ?? [])
          details.open = true;
    });
    await assertAccessible(page);
    const cut = await page.$$eval('.formula', (all) =>
      all.filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.textContent),
    );
    assert.deepEqual(cut, []);
    await page.close();
  });
}

/**
 * @param {import('puppeteer-core').Page} page
 * @param {string} place
 * @param {string} sign that what comes there has come
 */
async function goTo(page, place, sign) {
  await waitUntil(async () => {
    await page.$eval(place, (box) => box.scrollIntoView());
    return (await page.$(sign)) !== null;
  }, sign);
}

test("axe finds nothing in the documentation's pages", async () => {
  for (const name of ['mathematics', 'determinism', 'catalog', 'embedding']) {
    for (const scheme of /** @type {const} */ (['light', 'dark'])) {
      const { page, messages } = await openPage(browser, { scheme });
      await page.goto(`${site.url}/docs/${name}.html`);
      await assertAccessible(page, scheme === 'dark' ? ['color-contrast'] : undefined);
      assert.deepEqual(messages, []);
      await page.close();
    }
  }
});

test('forced colours: the drawing keeps its lines', async () => {
  const { page } = await openPage(browser, { scheme: 'dark' });
  await forceColours(page);
  await page.goto(`${site.url}/#epoch=6000`);
  await atRest(page);
  const strokes = await page.$eval('backprop-demo', (element) =>
    ['.curve', '.edge', '.now'].map((selector) => {
      const line = /** @type {Element} */ (element.shadowRoot?.querySelector(selector));
      const { stroke, borderLeftColor } = getComputedStyle(line);
      return selector === '.now' ? borderLeftColor : stroke;
    }),
  );
  for (const stroke of strokes) assert.match(stroke, /^rgb/);
  await page.close();
});

test('in print it is the article with its figure', async () => {
  const { page } = await openPage(browser, { scheme: 'dark' });
  await page.goto(`${site.url}/#epoch=6000`);
  await atRest(page);
  await page.emulateMediaType('print');
  const display = await page.$eval(
    'backprop-demo',
    (element) =>
      getComputedStyle(/** @type {Element} */ (element.shadowRoot?.querySelector('.controls')))
        .display,
  );
  assert.equal(display, 'none');
  assert.ok((await page.pdf({ format: 'A4' })).length > 10000);
  await page.close();
});
