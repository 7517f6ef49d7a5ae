// Runs that come and go: long addresses, files, and whatever else stands in the address, in Chromium.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { isSame } from '../state/experiment.js';
import { readPermalink, writePermalink } from '../state/permalink.js';
import {
  atRest,
  dist,
  openBrowser,
  openPage,
  POLICY,
  seek,
  serveFor,
  stateOf,
  waitUntil,
} from './browser.mjs';
import { assertLoss } from './post.mjs';

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {import('../element/backprop-demo.js').BackpropDemo} BackpropDemo */

const { loadBackprop } = await import(pathToFileURL(path.join(dist, 'lib/index.js')).href);
/** @type {import('../../wasm/index.js').Backprop} */
const backprop = await loadBackprop();
const browser = await openBrowser();
const site = await serveFor({
  root: path.join(dist, 'site'),
  headers: { 'Content-Security-Policy': POLICY },
});
const folder = mkdtempSync(path.join(tmpdir(), 'backprop-files-'));
after(() => rmSync(folder, { recursive: true }));

async function open(hash = '') {
  const opened = await openPage(browser, { isStill: true });
  await opened.page.goto(`${site.url}/${hash}`);
  await atRest(opened.page);
  return opened;
}

/** Points of two classes that no address can hold, or that it can. @param {number} count */
const points = (count) => {
  const inputs = Array.from({ length: count }, (_, i) => [Math.sin(i), Math.cos(i * i)]);
  return { data: { kind: 'points', inputs, targets: inputs.map(([x]) => [Number(x > 0)]) } };
};
const [long, tooLong] = [points(200), points(1500)];

/** @param {Page} page @returns {Promise<any>} */
const given = (page) =>
  page.$eval('#run', (element) => /** @type {BackpropDemo} */ (element).experiment);
/** @param {Page} page @param {any} experiment */
const isGiven = async (page, experiment) => isSame(await given(page), experiment);
/** @param {Page} page @param {any} experiment */
const give = (page, experiment) =>
  page.$eval(
    '#run',
    (element, value) => {
      /** @type {BackpropDemo} */ (element).experiment = value;
    },
    experiment,
  );
/** @param {Page} page @param {string} selector */
const text = (page, selector) => page.$eval(selector, (element) => element.textContent ?? '');

test('a step within an epoch is in the address, and a link goes there', async () => {
  const experiment = { data: { kind: 'moons', samples: 40 }, batchSize: 8, epochs: 200 };
  const session = new backprop.Session(experiment);
  const { page, messages } = await open(await writePermalink(experiment, 12, 3));
  const isAt = (/** @type {number} */ epoch, /** @type {number} */ step) =>
    waitUntil(async () => {
      session.seek(epoch);
      session.trainSteps(step);
      const shown = await page.$eval('#run', (element) => {
        const { epoch, stepOfEpoch, loss } = /** @type {BackpropDemo} */ (element);
        return [epoch, stepOfEpoch, loss];
      });
      return isSame(shown, [epoch, step, session.loss]);
    });
  const stepOnce = () =>
    page.$eval('#run', (element) => {
      const buttons = [...(element.shadowRoot?.querySelectorAll('button') ?? [])];
      buttons.find(({ textContent }) => textContent === '+1 step')?.click();
    });
  await isAt(12, 3);
  assert.ok(page.url().endsWith('&epoch=12&step=3'));
  await stepOnce();
  await isAt(12, 4);
  await waitUntil(async () => page.url().endsWith('&epoch=12&step=4'));
  await stepOnce();
  await isAt(13, 0);
  await waitUntil(async () => page.url().endsWith('&epoch=13'));
  await page.evaluate(() => {
    location.hash = location.hash.replace('epoch=13', 'epoch=5&step=1');
  });
  await isAt(5, 1);
  assert.equal(await text(page, '#address-problem'), '');
  await page.evaluate(() => {
    location.hash = location.hash.replace('step=1', 'step=5');
  });
  await isAt(5, 0);
  await waitUntil(
    async () =>
      (await text(page, '#address-problem')) ===
      'The step must be a whole number from 0 to 4, not "5": an epoch of this run is 5 steps. The epoch’s beginning is shown instead.',
  );
  assert.deepEqual(messages, []);
  session.dispose();
  await page.close();
});

test('a long run is packed into its address, and comes out of it the same', async () => {
  const { page, messages } = await open('#epoch=0');
  await give(page, long);
  await waitUntil(async () => /#packed=[\w-]+&epoch=\d+$/.test(page.url()));
  const { loss } = await seek(page, 30);
  await waitUntil(async () => page.url().endsWith('&epoch=30'));
  const { hash } = new URL(page.url());
  assert.deepEqual(await readPermalink(hash), { experiment: long, epoch: 30 });
  const other = await open(hash);
  assert.ok(await isGiven(other.page, long));
  assert.deepEqual(await seek(other.page, 30), { epoch: 30, loss });
  await page.goBack();
  await waitUntil(() => isGiven(page, {}));
  await page.goForward();
  await waitUntil(() => isGiven(page, long));
  assert.deepEqual([...messages, ...other.messages], []);
  await page.close();
  await other.page.close();
});

test('a run that is too long for an address says so, and goes into a file and back', async () => {
  const { page, messages } = await open('#epoch=0');
  const client = await page.createCDPSession();
  await client.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
  await give(page, tooLong);
  await waitUntil(async () => page.url().endsWith('#too-long'));
  assert.match(await text(page, '#notice'), /longer than 16,000 characters\. A file can hold it\./);
  await seek(page, 20);
  await page.click('#notice button');
  const file = path.join(folder, 'backprop-run.json');
  /** @returns {any} */
  const saved = () => {
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      return undefined;
    }
  };
  await waitUntil(async () => saved() !== undefined);
  assert.deepEqual(saved(), { experiment: tooLong, epoch: 20 });

  await page.reload();
  await atRest(page);
  assert.ok(await isGiven(page, tooLong), 'the history remembers it');
  await page.goBack();
  await waitUntil(() => isGiven(page, {}));
  assert.equal(await text(page, '#notice'), '');
  await page.goForward();
  await waitUntil(() => isGiven(page, tooLong));

  const other = await open('#too-long');
  assert.match(await text(other.page, '#address-problem'), /too long for an address/);
  await drop(other.page, file);
  await waitUntil(() => isGiven(other.page, tooLong));
  await waitUntil(async () => (await stateOf(other.page)).epoch === 20);
  assert.equal(await other.page.$eval('#address-problem', (box) => box.checkVisibility()), false);
  assert.deepEqual([...messages, ...other.messages], []);
  await page.close();
  await other.page.close();
});

/** As from the file manager. @param {Page} page @param {string} file */
async function drop(page, file) {
  const client = await page.createCDPSession();
  const data = { items: [], files: [file], dragOperationsMask: 1 };
  for (const type of /** @type {const} */ (['dragEnter', 'dragOver', 'drop']))
    await client.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
}

test('a file that is no run says why, and nothing changes', async () => {
  const { page, messages } = await open('#epoch=5');
  for (const [name, content, message] of /** @type {[string, string, RegExp][]} */ ([
    [
      'notes.txt',
      'hello',
      /^“notes\.txt” is not a run: it is not valid JSON\. Nothing has changed/,
    ],
    ['a.json', '{"experiment":{},"epoch":-1}', /epoch must be a whole number from 0 up, not "-1"/],
    ['b.json', '{"weights":[]}', /"weights" is neither experiment nor epoch/],
  ])) {
    writeFileSync(path.join(folder, name), content);
    await drop(page, path.join(folder, name));
    await waitUntil(async () => message.test(await text(page, '#notice')));
    assert.deepEqual(await given(page), {});
    assert.equal((await stateOf(page)).epoch, 5);
  }
  await page.click('#notice button');
  assert.equal(await text(page, '#notice'), '');
  assert.deepEqual(messages, []);
  await page.close();
});

const packed = (/** @type {string | Uint8Array} */ content) =>
  `#packed=${deflateRawSync(content).toString('base64url')}`;
const experiment = (/** @type {unknown} */ value) =>
  `#experiment=${encodeURIComponent(JSON.stringify(value))}`;

test('whatever stands in the address: that run, or a clear message and the default run', async () => {
  const link = await writePermalink(long, 3);
  let seed = 1;
  const random = (/** @type {number} */ length) =>
    Array.from({ length }, () => {
      seed = (seed * 48271) % 2147483647;
      return String.fromCharCode(33 + (seed % 94));
    }).join('');
  const unreadable = [
    ...Array.from({ length: 3 }, (_, i) => `#${random(4 + 90 * i)}`),
    ...Array.from({ length: 2 }, (_, i) => `#packed=${random(8 + 140 * i).replace(/[&%]/g, '_')}`),
    ...[20, link.length - 12].map((at) => link.slice(0, at)),
    link.replace(/(.{500})./, '$1_'),
    packed(Buffer.alloc(5e7)),
    `#experiment=${'x'.repeat(1e6)}`,
    packed(`${'{"a":'.repeat(1e4)}1${'}'.repeat(1e4)}`),
  ];
  const refused = [
    { layers: 5 },
    { layers: [null, 3] },
    { layers: [{ units: 1e9 }, { units: 1 }] },
    { data: null },
    { data: { kind: 'points', inputs: [[0, 1], [2]], targets: [[0], [1]] } },
    { optimizer: [] },
    { epochs: 'many' },
    { constructor: 1, toString: 2 },
    JSON.parse('{"__proto__":{"epochs":3}}'),
    { loss: 'x'.repeat(1000) },
  ].map(experiment);
  const { page, messages } = await open('#epoch=0');
  for (const hash of [...unreadable, ...refused]) {
    await page.goto('about:blank');
    await page.goto(`${site.url}/${hash}`);
    await atRest(page);
    const said = await page.$eval('#run', (figure) => {
      const boxes = [
        document.querySelector('#address-problem'),
        figure.shadowRoot?.querySelector('.problem'),
      ];
      return boxes.map((box) => (box?.checkVisibility() ? box.textContent : '')).join('');
    });
    assert.match(said, /default run instead\.$/, hash.slice(0, 80));
    assert.ok(said.length < 1500, said.slice(0, 200));
    assertLoss((await seek(page, 0)).loss, 0);
  }
  await seek(page, 1);
  await new Promise((resolve) => setTimeout(resolve, 450)); // its address is written down again
  assert.deepEqual(messages, []);
  await page.close();
});
