// axe-core on the built page, and its layout at the widths that readers have.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { atRest, dist, openBrowser, openPage, seek, serveFor } from './browser.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await openBrowser();
const site = await serveFor({ root: path.join(dist, 'site') });

/** @type {[string, Parameters<typeof openPage>[1]][]} */
const settings = [
  ['light', { scheme: 'light' }],
  ['dark', { scheme: 'dark' }],
  ['320 px', { width: 320 }],
  ['768 px', { width: 768, scheme: 'dark' }],
];

for (const [name, options] of settings) {
  test(`${name}: axe finds nothing, and nothing is cut off`, async () => {
    const { page } = await openPage(browser, options);
    await page.goto(`${site.url}/#epoch=6000`);
    await page.waitForFunction(() => customElements.get('backprop-demo'));
    await atRest(page);
    await seek(page, 6000);
    await page.evaluate(() => {
      const details = document.querySelector('backprop-demo')?.shadowRoot?.querySelector('details');
      if (details) details.open = true;
    });
    await page.evaluate(axe);
    const violations = await page.evaluate(async () => {
      const result = await /** @type {any} */ (window).axe.run({
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      });
      return result.violations.map((/** @type {any} */ { id, nodes }) => [
        id,
        nodes.map((/** @type {any} */ node) => node.html),
      ]);
    });
    assert.deepEqual(violations, []);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${overflow} px too wide`);
    await page.close();
  });
}

test('forced colours: the drawing keeps its lines', async () => {
  const { page } = await openPage(browser);
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  const client = await page.createCDPSession();
  await client.send('Emulation.setEmulatedMedia', {
    features: [{ name: 'forced-colors', value: 'active' }],
  });
  await page.goto(`${site.url}/#epoch=6000`);
  await page.waitForFunction(() => customElements.get('backprop-demo'));
  await atRest(page);
  const strokes = await page.$eval('backprop-demo', (element) =>
    ['.curve', '.edge', '.now'].map(
      (selector) =>
        getComputedStyle(/** @type {Element} */ (element.shadowRoot?.querySelector(selector)))
          .stroke,
    ),
  );
  for (const stroke of strokes) assert.match(stroke, /^rgb/);
  await page.close();
});

test('in print it is the article with its figure', async () => {
  const { page } = await openPage(browser, { scheme: 'dark' });
  await page.goto(`${site.url}/#epoch=6000`);
  await page.waitForFunction(() => customElements.get('backprop-demo'));
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
