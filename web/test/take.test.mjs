// "Take it away" in Chromium: programs run and print the loss that they state, pictures and files
// open, the tag and the link hold the run.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { plainPermalink, readPermalink } from '../state/permalink.js';
import { stableLoss, tagOf } from '../state/take.js';
import { assertAccessible } from './axe.mjs';
import { atRest, dist, openBrowser, openPage, POLICY, serveFor, waitUntil } from './browser.mjs';

/** @typedef {import('puppeteer-core').Page} Page */

const browser = await openBrowser();
const site = await serveFor({
  root: path.join(dist, 'site'),
  headers: { 'Content-Security-Policy': POLICY },
});
const folder = mkdtempSync(path.join(tmpdir(), 'backprop-take-'));
after(() => rmSync(folder, { recursive: true }));
const isFull = process.env.BACKPROP_SWEEP === 'full';
const { loadBackprop } = await import(pathToFileURL(path.join(dist, 'lib/index.js')).href);
/** @type {import('../../wasm/index.js').Backprop} */
const backprop = await loadBackprop();

/**
 * @param {Record<string, unknown>} experiment
 * @param {Parameters<typeof openPage>[1]} [options]
 * @param {string} [address]
 */
async function open(experiment, options = {}, address = site.url) {
  const opened = await openPage(browser, { isStill: true, ...options });
  const { page } = opened;
  await page.goto(`${address}/${plainPermalink(experiment, 20)}`);
  await atRest(page, '#run');
  await page.$eval('#take', (box) => box.scrollIntoView());
  await page.waitForSelector('#program-loss, #program-problem', { timeout: 30000 });
  return opened;
}

/** @param {Page} page @param {string} name */
const press = (page, name) =>
  page.$$eval(
    '#take button',
    (all, text) => all.find((button) => button.textContent?.trim() === text)?.click(),
    name,
  );
/** @param {Page} page @param {string} selector */
const text = (page, selector) => page.$eval(selector, (element) => element.textContent ?? '');

/** @param {Page} page @param {string} button @param {string} name of the file */
async function saved(page, button, name) {
  const client = await page.createCDPSession();
  await client.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
  const file = path.join(folder, name);
  rmSync(file, { force: true });
  await press(page, button);
  /** @type {Buffer | undefined} */
  let content;
  await waitUntil(async () => {
    try {
      content = readFileSync(file);
    } catch {}
    return content !== undefined && content.length > 0;
  }, `${name} is saved`);
  return /** @type {Buffer} */ (content);
}

const hidden = (/** @type {string} */ activation, units = 3) => ({ units, activation });
const normal = { kind: 'normal', seed: 3 };
const three = { kind: 'gaussians', samples: 24, classes: 3, seed: 2 };
/** @type {Record<string, unknown>[]} */
const EXPERIMENTS = [
  {},
  { layers: [hidden('tanh', 4), hidden('sigmoid', 1)], optimizer: { kind: 'adam' } },
  { layers: [hidden('relu'), hidden('sigmoid', 1)], initializer: normal },
  { layers: [hidden('gelu'), hidden('tanh', 1)], initializer: normal },
  { layers: [hidden('elu'), hidden('identity', 1)], loss: 'huber' },
  { layers: [hidden('softplus'), hidden('sigmoid', 1)], loss: 'binary_cross_entropy' },
  { data: three, layers: [hidden('mish', 4), hidden('softmax')], loss: 'cross_entropy' },
  { data: { kind: 'moons', samples: 30 }, optimizer: { kind: 'rmsprop' } },
  { optimizer: { kind: 'sgd', learningRate: 0.5, momentum: 0.9, nesterov: true } },
  { optimizer: { kind: 'nadam' }, regularization: { l1: 0.001, l2: 0.01 } },
  { optimizer: { kind: 'adamw' }, schedule: { kind: 'cosine' } },
  { optimizer: { kind: 'rprop' }, epochs: 20 },
  { layers: [hidden('silu'), hidden('sigmoid', 1)], initializer: normal },
  { data: { kind: 'circle', samples: 40 }, features: ['x1_squared', 'x2_squared'] },
].map((/** @type {Record<string, unknown>} */ experiment) => ({ epochs: 300, ...experiment }));

/** Runs a program and says what it prints. @type {Record<string, (file: string) => string>} */
const RUN = {
  JavaScript: (file) => execFileSync(process.execPath, [file], { encoding: 'utf8' }),
  'C++': (file) => {
    const program = path.join(folder, 'program');
    execFileSync(process.env.CXX ?? 'c++', ['-std=c++17', '-o', program, file]);
    return execFileSync(program, { encoding: 'utf8' });
  },
  NumPy: (file) => execFileSync('/usr/bin/python3', [file], { encoding: 'utf8' }),
  PyTorch: (file) => execFileSync('/usr/bin/python3', [file], { encoding: 'utf8' }),
};
const NEEDS = /** @type {Record<string, string[]>} */ ({
  'C++': [process.env.CXX ?? 'c++', '--version'],
  NumPy: ['/usr/bin/python3', '-c', 'import numpy'],
  PyTorch: ['/usr/bin/python3', '-c', 'import torch'],
});
const NAMES = /** @type {Record<string, string>} */ ({
  JavaScript: 'backprop-run.mjs',
  'C++': 'backprop-run.cpp',
  NumPy: 'backprop_run.py',
  PyTorch: 'backprop_run_torch.py',
});

test('every program runs and prints the loss that it states', async (t) => {
  const languages = (isFull ? Object.keys(RUN) : ['JavaScript', 'C++']).filter((name) => {
    const [command, ...args] = NEEDS[name] ?? [process.execPath, '--version'];
    return spawnSync(command, args).status === 0 || t.diagnostic(`There is no ${name} here.`);
  });
  for (const experiment of EXPERIMENTS) {
    const { page, messages } = await open(experiment);
    const stated = await text(page, '#program-loss');
    const session = new backprop.Session(experiment);
    session.seek(Number(experiment.epochs) - 1);
    const digits = stated.replace(/e.*|\D/g, '').replace(/^0+/, '').length;
    assert.ok(digits >= 5, `${stated} of ${JSON.stringify(experiment)}`);
    assert.equal(session.loss.toPrecision(digits), stated, JSON.stringify(experiment));
    session.dispose();
    const unit = 10 ** (Math.floor(Math.log10(Number(stated))) + 1 - digits);
    for (const language of languages) {
      await press(page, language);
      const program = await saved(page, `Save ${NAMES[language]}`, NAMES[language]);
      assert.ok(program.includes(`expected: ${stated}`), language);
      const file = path.join(folder, `run-${NAMES[language]}`);
      writeFileSync(file, program);
      const printed = Number(RUN[language](file));
      const about = `${language} ${JSON.stringify(experiment)}: ${printed}, not ${stated}`;
      assert.ok(Math.abs(printed - Number(stated)) <= 1.01 * unit, about);
    }
    assert.deepEqual(messages, []);
    await page.close();
  }
});

test('what no program can be written of is said, and what it leaves out too', async () => {
  const lbfgs = await open({ optimizer: { kind: 'lbfgs' } });
  assert.match(await text(lbfgs.page, '#program-problem'), /^L-BFGS cannot be written/);
  await lbfgs.page.close();
  const batches = await open({ batchSize: 2, precision: 'f32', epochs: 50 });
  assert.match(
    await text(batches.page, '#take'),
    /trains on mini-batches; the program takes the whole/,
  );
  assert.match(await text(batches.page, '#take'), /with 32 bits, the program with 64/);
  await batches.page.close();
});

test('the digits of a loss are those that rounding leaves', () => {
  assert.equal(stableLoss(0.125, 0.125), '0.1250000000');
  assert.equal(stableLoss(0.125, 0.12501), '0.125');
  assert.equal(stableLoss(0.125, 7), '0.1');
  assert.equal(stableLoss(0.125, Number.NaN), '0.1');
});

test('the link, the tag and their copies', async () => {
  const experiment = { layers: [hidden('tanh', 4), hidden('sigmoid', 1)], epochs: 400 };
  const { page, messages } = await open(experiment);
  const context = browser.defaultBrowserContext();
  await context.overridePermissions(site.url, ['clipboard-read', 'clipboard-sanitized-write']);
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await page.bringToFront();
  await press(page, 'Copy the link');
  await waitUntil(async () => /The link has been copied/.test(await text(page, '#take')));
  const link = await readPermalink(new URL(await clipboard()).hash);
  assert.deepEqual(link, { experiment, epoch: 20 });
  await page.select('#take select', 'network');
  await press(page, 'Copy the tag');
  await waitUntil(async () => /The tag has been copied/.test(await text(page, '#take')));
  const tag = tagOf({ view: 'network', experiment, epoch: 20 });
  const script = `<script src="${site.url}/embed/backprop-demo.js"></script>`;
  assert.equal(await clipboard(), `${script}\n${tag}`);
  await page.click('#take summary');
  await page.waitForSelector('.preview backprop-demo');
  await atRest(page, '.preview backprop-demo');
  const shown = await page.$eval('.preview backprop-demo', (element) => {
    const { epoch, view, experiment } = /** @type {any} */ (element);
    return { epoch, view, experiment };
  });
  assert.deepEqual(shown, { epoch: 20, view: 'network', experiment });

  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('refused'));
  });
  await press(page, 'Copy the link');
  await page.waitForSelector('#take textarea');
  const selected = await page.evaluate(() => String(getSelection()));
  assert.match(await text(page, '#take'), /refused the clipboard/);
  assert.ok(selected.includes('#experiment='), selected);
  assert.deepEqual(messages, []);
  await page.close();
});

test('parameters in full, and pictures that open', async () => {
  const experiment = { layers: [hidden('tanh', 4), hidden('sigmoid', 1)], epochs: 50 };
  const { page, messages } = await open(experiment);
  const session = new backprop.Session(experiment);
  session.seek(20);
  const expected = [...session.parameters()];
  const json = JSON.parse(String(await saved(page, 'Save as JSON', 'backprop-parameters.json')));
  assert.deepEqual([json.experiment, json.epoch, json.loss], [experiment, 20, session.loss]);
  assert.deepEqual(Object.values(json.parameters).flat(2), expected);
  const csv = String(await saved(page, 'Save as CSV', 'backprop-parameters.csv'))
    .trim()
    .split('\n');
  assert.equal(csv[0], 'name,row,column,value');
  assert.deepEqual(
    csv.slice(1).map((line) => Number(line.split(',')[3])),
    expected,
  );
  session.dispose();
  const selects = await page.$$('#take select');
  for (const name of ['network', 'map', 'loss']) {
    await selects[1].select(name);
    const svg = String(await saved(page, 'Save as SVG', `backprop-${name}.svg`));
    assert.doesNotMatch(svg, /(href|src)="(?!data:)|url\(|@import|<script/);
    const png = await saved(page, 'Save as PNG', `backprop-${name}.png`);
    const sizes = await page.evaluate(
      async (markup, data) => {
        const root = new DOMParser().parseFromString(markup, 'image/svg+xml').documentElement;
        const picture = new Image();
        picture.src = data;
        await picture.decode();
        return [root.tagName, 2 * Number(root.getAttribute('width')), picture.naturalWidth];
      },
      svg,
      `data:image/png;base64,${png.toString('base64')}`,
    );
    assert.equal(sizes[0], 'svg', name);
    assert.equal(sizes[1], sizes[2], name);
  }
  assert.deepEqual(messages, []);
  await page.close();
});

for (const [width, scheme] of /** @type {[number, 'light' | 'dark'][]} */ ([
  [1280, 'light'],
  [320, 'dark'],
])) {
  test(`it is accessible at ${width} px, ${scheme}`, async () => {
    const { page } = await open({ epochs: 100 }, { width, scheme });
    await assertAccessible(page, '#take');
    await page.close();
  });
}

test('it works from a file too', async () => {
  const opened = await openPage(browser, { isStill: true });
  const { page } = opened;
  await page.goto(`${pathToFileURL(path.join(dist, 'backprop.html')).href}#epoch=3`);
  await atRest(page, '#run');
  await page.$eval('#take', (box) => box.scrollIntoView());
  await page.waitForSelector('#program-loss', { timeout: 30000 });
  assert.match(await text(page, '#program-loss'), /^0\.13869/);
  assert.match(await text(page, '#take'), /Put the folder embed beside your page/);
  await page.close();
});
