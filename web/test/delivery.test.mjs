// What npm run build leaves, used as it will be: from file://, in frames, in Node, at a sub-path.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  atRest,
  dist,
  openBrowser,
  openPage,
  POLICY,
  seek,
  serveFor,
  stateOf,
} from './browser.mjs';
import { assertLoss } from './post.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'backprop-delivery-'));
after(() => rmSync(folder, { recursive: true }));
const browser = await openBrowser();

test('the page in one file works when double-clicked', async () => {
  const { page, messages, requests } = await openPage(browser);
  const address = pathToFileURL(path.join(dist, 'backprop.html')).href;
  await page.goto(address);
  await page.waitForFunction(() => customElements.get('backprop-demo'));
  assertLoss((await seek(page, 9999)).loss, 9999);
  await page.waitForFunction(() => document.querySelector('.digest')?.textContent?.length === 16);
  assert.deepEqual(messages, []);
  assert.deepEqual(
    requests.filter((url) => url !== address && !/^(blob|data):/.test(url)),
    [],
  );
  await page.close();
});

test('the site works at a sub-path', async () => {
  cpSync(path.join(dist, 'site'), path.join(folder, 'a/b'), { recursive: true });
  const site = await serveFor({ root: folder, headers: { 'Content-Security-Policy': POLICY } });
  const { page, messages } = await openPage(browser);
  await page.goto(`${site.url}/a/b/#epoch=9999`);
  await page.waitForFunction(() => customElements.get('backprop-demo'));
  await atRest(page);
  assertLoss((await seek(page, 9999)).loss, 9999);
  await page.goto(`${site.url}/a/b/embed/backprop-demo.html#epoch=9999`);
  assertLoss((await seek(page, 9999)).loss, 9999);
  assert.deepEqual(messages, []);
  await page.close();
});

test('the frame works in a sandbox, from another origin', async () => {
  const embed = await serveFor({ root: path.join(dist, 'embed') });
  writeFileSync(
    path.join(folder, 'frame.html'),
    `<!doctype html><title>Host</title><link rel="icon" href="data:,">
    <iframe sandbox="allow-scripts" width="700" height="900" src="${embed.url}/backprop-demo.html#view=loss&theme=dark&experiment=%7B%7D&epoch=5000"></iframe>`,
  );
  const host = await serveFor({ root: folder });
  const { page, messages } = await openPage(browser);
  await page.goto(`${host.url}/frame.html`);
  const frame = await page.waitForFrame((one) => one.url().startsWith(embed.url));
  await frame.waitForFunction(
    () => document.querySelector('backprop-demo')?.getAttribute('epoch') === '5000',
  );
  const state = await frame.$eval('backprop-demo', async (element) => {
    const demo = /** @type {import('../element/backprop-demo.js').BackpropDemo} */ (element);
    await demo.ready;
    await demo.seek(5000);
    return { loss: demo.loss, view: demo.view, theme: demo.theme };
  });
  assertLoss(state.loss, 5000);
  assert.deepEqual([state.view, state.theme], ['loss', 'dark']);
  assert.deepEqual(messages, []);
  await page.close();
});

test('the package is an ES module for Node and has its element beside it', async () => {
  const about = JSON.parse(readFileSync(path.join(dist, 'lib/package.json'), 'utf8'));
  assert.equal(about.name, 'backprop-wasm');
  assert.deepEqual(Object.keys(about.exports), [
    '.',
    './element',
    './backprop.wasm',
    './package.json',
  ]);
  for (const target of Object.values(about.exports).flatMap((entry) =>
    typeof entry === 'string' ? [entry] : Object.values(entry),
  ))
    readFileSync(path.join(dist, 'lib', target));
  const { loadBackprop } = await import(pathToFileURL(path.join(dist, 'lib/index.js')).href);
  const backprop = await loadBackprop();
  const session = new backprop.Session({});
  session.train(9999);
  assertLoss(session.loss, 9999);
  session.dispose();
});

test("the package's element works unbundled from a static server", async () => {
  writeFileSync(
    path.join(folder, 'module.html'),
    `<!doctype html><title>Host</title><link rel="icon" href="data:,">
    <backprop-demo></backprop-demo><script type="module" src="lib/element.js"></script>`,
  );
  cpSync(path.join(dist, 'lib'), path.join(folder, 'lib'), { recursive: true });
  const host = await serveFor({ root: folder });
  const { page, messages } = await openPage(browser);
  await page.goto(`${host.url}/module.html`);
  await page.waitForFunction(() => customElements.get('backprop-demo'));
  assertLoss((await seek(page, 9999)).loss, 9999);
  assert.equal((await stateOf(page)).diverged, false);
  assert.deepEqual(messages, []);
  await page.close();
});

test('the site has no inline script, style or handler', () => {
  const html = readFileSync(path.join(dist, 'site/index.html'), 'utf8');
  assert.doesNotMatch(html, /<style|\sstyle=|\son\w+=|javascript:/i);
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)/i);
});
