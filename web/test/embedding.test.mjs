// The snippets of docs/embedding.md, run as they stand there.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { run as runProgram, Stop } from '../../tools/run.mjs';
import { setUp } from '../../tools/setup.mjs';
import { VIEWS } from '../state/strings.js';
import { dist, openBrowser, openPage, serveFor, waitUntil } from './browser.mjs';
import { snippetOf } from './guide.mjs';
import { run } from './host.mjs';
import { assertLoss } from './post.mjs';

const skip = process.env.BACKPROP_SWEEP !== 'full' && 'only in npm run test:all';
const folder = mkdtempSync(path.join(tmpdir(), 'backprop-embedding-'));
after(() => rmSync(folder, { recursive: true }));
cpSync(path.join(dist, 'embed'), path.join(folder, 'embed'), { recursive: true });
const browser = await openBrowser();
const elsewhere = await serveFor({ root: path.join(dist, 'embed') });

/**
 * @param {string} heading
 * @param {string} language
 */
const snippet = (heading, language) =>
  snippetOf(heading, language).replaceAll('https://embed.example', elsewhere.url);

/**
 * @param {string} body
 * @param {Record<string, string>} [headers]
 */
async function open(body, headers = {}) {
  const icon = '<link rel="icon" href="data:,">';
  writeFileSync(
    path.join(folder, 'post.html'),
    `<!doctype html><html lang="en"><title>Post</title>${icon}${body}`,
  );
  const host = await serveFor({ root: folder, headers });
  const opened = await openPage(browser);
  await opened.page.goto(`${host.url}/post.html`);
  return opened;
}

const losses = `const all = [...document.querySelectorAll('backprop-demo')];
  await customElements.whenDefined('backprop-demo');
  await Promise.all(all.map((one) => one.ready));
  await demo.seek(9999);
  return all.map((one) => one.loss);`;
const policy = /^Content-Security-Policy: (.*)$/m.exec(
  snippet('A strict Content-Security-Policy', 'http'),
)?.[1];

for (const heading of ['Plain HTML', 'Several figures of one run', 'Lazy']) {
  test(`${heading}, under the strict policy too`, async () => {
    const connect = heading === 'Lazy' ? "; connect-src 'self'" : '';
    /** @type {Record<string, string>[]} */
    const hosts = [{}, { 'Content-Security-Policy': `${policy}${connect}; img-src data:` }];
    for (const headers of hosts) {
      const { page, messages } = await open(snippet(heading, 'html'), headers);
      for (const loss of await run(page, losses)) assertLoss(loss, 9999);
      assert.equal(page.workers().length, 1);
      assert.deepEqual(messages, []);
      await page.close();
    }
  });
}

test('Plain HTML, from file://', async () => {
  const file = path.join(folder, 'double-clicked.html');
  const script = '<script src="embed/backprop-demo.js"></script>'; // a module cannot be read there
  const [, figure] = snippet('Plain HTML', 'html').split('\n');
  writeFileSync(file, `<!doctype html><html lang="en"><title>Post</title>${script}${figure}`);
  const { page, messages } = await openPage(browser);
  await page.goto(pathToFileURL(file).href);
  for (const loss of await run(page, losses)) assertLoss(loss, 9999);
  assert.deepEqual(messages, []);
  await page.close();
});

test('An iframe is as high as its figure, and its host believes nobody else', async () => {
  const { page, messages } = await open(
    `${snippet('An iframe', 'html')}<script>${snippet('An iframe', 'js')}</script>`,
  );
  const frame = await page.waitForFrame((one) => one.url().startsWith(elsewhere.url));
  await frame.waitForFunction(() => customElements.get('backprop-demo'));
  const loss = await frame.$eval('backprop-demo', async (element) => {
    const demo = /** @type {import('../element/backprop-demo.js').BackpropDemo} */ (element);
    await demo.ready;
    return demo.loss;
  });
  assertLoss(loss, 5000);
  const height = () => page.$eval('iframe', (one) => Number(one.height));
  const inside = () =>
    frame.$eval('backprop-demo', (one) => Math.ceil(one.getBoundingClientRect().height));
  await waitUntil(async () => (await height()) === (await inside()), 'the frame fits');
  const fitting = await height();
  assert.ok(fitting > 100 && fitting !== 400, `${fitting} px`);
  await run(page, "postMessage({ type: 'backprop-height', height: 9 }, '*')");
  await run(page, 'await new Promise((resolve) => setTimeout(resolve, 50))');
  assert.equal(await height(), fitting);
  assert.deepEqual(messages, []);
  await page.close();
});

/**
 * The page's iframe is so high that nothing of its figure is cut off.
 * @param {import('puppeteer-core').Page} page
 */
async function assertFits(page) {
  const frame = await page.waitForFrame((one) => one.url().startsWith(elsewhere.url));
  await frame.waitForFunction(() => customElements.get('backprop-demo'));
  const [loss, room, height] = await frame.$eval('backprop-demo', async (element) => {
    const demo = /** @type {import('../element/backprop-demo.js').BackpropDemo} */ (element);
    await demo.ready;
    await demo.seek(9999);
    return [demo.loss, innerHeight, Math.ceil(demo.getBoundingClientRect().height)];
  });
  assertLoss(loss, 9999);
  assert.ok(height > 100 && height <= room, `${height} px in ${room}`);
}

test('Hosted editors', async () => {
  const { page, messages } = await open(snippet('Hosted editors', 'html'));
  await assertFits(page);
  assert.deepEqual(messages, []);
  await page.close();
});

test('Notebooks', { skip }, async (t) => {
  let program;
  try {
    ({ jupyter: program } = await setUp(['jupyter']));
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return t.skip(error.message);
  }
  const source = snippet('Notebooks', 'python');
  const cell = { cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source };
  const kernelspec = { name: 'python3', display_name: 'Python 3' };
  const notebook = { cells: [cell], metadata: { kernelspec }, nbformat: 4, nbformat_minor: 4 };
  writeFileSync(path.join(folder, 'post.ipynb'), JSON.stringify(notebook));
  const options = ['--to', 'html', '--template', 'basic', '--execute', '--stdout'];
  const { page, messages } = await open(
    await runProgram(program, [...options, 'post.ipynb'], { cwd: folder }),
  );
  await assertFits(page);
  assert.deepEqual(messages, []);
  await page.close();
});

test('Colours and type', async () => {
  const { page } = await open(
    `<style>${snippet('Colours and type', 'css')}</style>${snippet('Plain HTML', 'html')}`,
  );
  const colour = await run(
    page,
    `await customElements.whenDefined('backprop-demo'); await demo.ready;
    return getComputedStyle(demo.shadowRoot.querySelector('.figure')).backgroundColor`,
  );
  assert.equal(colour, 'rgb(255, 253, 245)');
  await page.close();
});

for (const heading of ['Plain HTML', 'Lazy']) {
  test(`Parts, ${heading}`, async () => {
    const [script] = snippet(heading, 'html').split('\n');
    const { page } = await open(
      `<style>${snippet('Parts', 'css')}</style>${script}<backprop-demo></backprop-demo>`,
    );
    const seen = await run(
      page,
      `await customElements.whenDefined('backprop-demo'); await demo.ready;
      const { shadowRoot } = demo.shadowRoot.querySelector('backprop-demo-figure') ?? demo;
      const styleOf = (selector) => getComputedStyle(shadowRoot.querySelector(selector));
      return [styleOf('.figure').paddingLeft, styleOf('.label').textTransform, styleOf('.rows-part').display];`,
    );
    assert.deepEqual(seen, ['16px', 'none', 'none']);
    await page.close();
  });
}

test('Every part has its name', async () => {
  const [script] = snippet('Plain HTML', 'html').split('\n');
  const figures = VIEWS.map((view) => `<backprop-demo view="${view}"></backprop-demo>`);
  const { page } = await open(`${script}${figures.join('')}`);
  await run(
    page,
    `await customElements.whenDefined('backprop-demo');
    const all = [...document.querySelectorAll('backprop-demo')];
    for (const one of all) {
      one.scrollIntoView();
      await one.ready;
      await one.seek(1000);
    }
    demo.setAttribute('epoch', 'none');
    await demo.updateComplete;`,
  );
  const inside = (/** @type {string} */ selector) =>
    `[...document.querySelectorAll('backprop-demo')]
      .flatMap((one) => [...one.shadowRoot.querySelectorAll('${selector}')])`;
  const found = `return [...new Set(${inside('[part]')}.flatMap((one) => [...one.part]))].sort()`;
  const known = await run(page, 'return demo.constructor.partNames.sort()');
  await waitUntil(async () => isDeepStrictEqual(await run(page, found), known), known.join());
  const nameless = `return ${inside('.label:not([part])')}.map((one) => one.textContent)`;
  assert.deepEqual(await run(page, nameless), []);
  await page.close();
});

test('From a script', async () => {
  const script = snippet('From a script', 'js');
  const { page, messages } = await open(
    `${snippet('Plain HTML', 'html')}<script type="module">${script}</script>`,
  );
  await waitUntil(async () => messages.length === 1);
  assert.match(messages[0], /^1000 0\.\d+$/);
  await page.close();
});
