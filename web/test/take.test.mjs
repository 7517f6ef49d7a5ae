// "Take it away" in Chromium: programs run and print the loss that they state, pictures and files
// open, the tag and the link hold the run.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { LANGUAGES as NAMES } from '../state/listings.js';
import { plainPermalink, readPermalink } from '../state/permalink.js';
import { stableLoss, tagOf } from '../state/take.js';
import { assertAccessible } from './axe.mjs';
import { atRest, dist, openBrowser, openPage, POLICY, serveFor, waitUntil } from './browser.mjs';
import { runPrograms, whyNot } from './run-programs.mjs';

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {import('../state/listings.js').Language} Language */

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
const fast = { kind: 'sgd', learningRate: 2 };
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
  { data: { kind: 'moons', samples: 30 }, batchSize: 8, optimizer: { kind: 'adam' } },
  { batchSize: 3, shuffle: false },
  { batchSize: 1, shuffleSeed: 7, stop: { loss: 0.2, patience: 40 }, optimizer: fast },
  { stop: { loss: 0.2 }, optimizer: fast, epochs: 4000 },
  { layers: [hidden('silu'), hidden('sigmoid', 1)], initializer: normal },
  { data: { kind: 'circle', samples: 40 }, features: ['x1_squared', 'x2_squared'] },
  {
    edits: [
      { epoch: 40, learningRate: 0.5 },
      { epoch: 90, parameter: 3, value: -1 },
    ],
  },
].map((/** @type {Record<string, unknown>} */ experiment) => ({ epochs: 300, ...experiment }));
const FEWER = EXPERIMENTS.filter((_, i) => i % 2 === 0);

/** @type {Record<Language, string>} */
const FILES = {
  javascript: 'backprop-run.mjs',
  cpp: 'backprop-run.cpp',
  numpy: 'backprop_run.py',
  pytorch: 'backprop_run_torch.py',
};
const LANGUAGES = /** @type {Language[]} */ (Object.keys(FILES));

/** Puts another run on the page, and gives the loss that is stated for it. @param {Page} page @param {Record<string, unknown>} experiment */
async function statedFor(page, experiment) {
  const session = new backprop.Session(experiment);
  const { epochs, batchSize } = experiment;
  session.seek(Number(epochs) - (batchSize ? 0 : 1));
  const { loss } = session;
  session.dispose();
  await page.$eval('#run', (element, given) => Object.assign(element, { experiment: given }), {
    ...experiment,
  });
  let [stated, digits] = ['', 0];
  await waitUntil(
    async () => {
      stated = await page.evaluate(
        () => document.querySelector('#program-loss')?.textContent ?? '',
      );
      digits = stated.replace(/e.*|\D/g, '').replace(/^0+/, '').length;
      return digits > 0 && loss.toPrecision(digits) === stated;
    },
    `${loss} is stated for ${JSON.stringify(experiment)}`,
  );
  assert.ok(digits >= 5, `${stated} of ${JSON.stringify(experiment)}`);
  return { experiment, stated, unit: 10 ** (Math.floor(Math.log10(loss)) + 1 - digits) };
}

/** The program on the page, as it is copied. @param {Page} page @param {Language} language */
async function programIn(page, language) {
  await press(page, NAMES[language]);
  await press(page, 'Copy the program');
  return page.evaluate(() => /** @type {any} */ (globalThis).copied);
}

test('every program runs and prints the loss that it states', async (t) => {
  const languages = LANGUAGES.filter((language) => {
    if (language === 'pytorch' && !isFull) return false;
    const reason = whyNot(language);
    return !reason || t.diagnostic(reason);
  });
  const { page, messages } = await open(EXPERIMENTS[0]);
  await page.evaluate(() => {
    navigator.clipboard.writeText = async (text) => {
      Object.assign(globalThis, { copied: text });
    };
  });
  /** @type {(Awaited<ReturnType<typeof statedFor>> & { texts: Record<string, string> })[]} */
  const cases = [];
  for (const experiment of isFull ? EXPERIMENTS : FEWER) {
    const one = await statedFor(page, experiment);
    /** @type {Record<string, string>} */
    const texts = {};
    for (const language of languages) {
      texts[language] = await programIn(page, language);
      assert.ok(texts[language].includes(`expected: ${one.stated}`), language);
    }
    cases.push({ ...one, texts });
  }
  const { texts } = cases[cases.length - 1];
  for (const language of languages) {
    await press(page, NAMES[language]);
    const file = await saved(page, `Save ${FILES[language]}`, FILES[language]);
    assert.equal(String(file), texts[language]);
  }
  for (const language of languages) {
    const printed = runPrograms(
      language,
      cases.map(({ texts }) => texts[language]),
    );
    for (const [i, { experiment, stated, unit }] of cases.entries()) {
      const about = `${language} ${JSON.stringify(experiment)}: ${printed[i]}, not ${stated}`;
      assert.ok(Math.abs(Number(printed[i]) - Number(stated)) <= 1.01 * unit, about);
    }
  }
  assert.deepEqual(messages, []);
  await page.close();
});

test('what no program can be written of is said, and what it leaves out too', async () => {
  const lbfgs = await open({ optimizer: { kind: 'lbfgs' } });
  assert.match(await text(lbfgs.page, '#program-problem'), /^L-BFGS cannot be written/);
  await lbfgs.page.close();
  const single = await open({ batchSize: 2, precision: 'f32', epochs: 50 });
  const said = (await text(single.page, '#take')).replace(/\s+/g, ' ');
  assert.match(said, /computes in single precision, the program in double: their losses differ/);
  assert.match(said, /The loss below is the program’s own/);
  assert.match(said, /It trains 50 epochs in mini-batches, and prints the loss of the whole/);
  await single.page.close();
  const stop = await open({ stop: { loss: 0.2 }, optimizer: fast, epochs: 4000 });
  const ends = (await text(stop.page, '#take')).replace(/\s+/g, ' ');
  assert.match(
    ends,
    /A stop condition ends it at epoch 309 of 4,000, and it prints the loss there/,
  );
  assert.match(ends, /there: 0\.1993555060\./);
  await stop.page.close();
  const inputs = [[0], [1], [2]];
  const line = await open({
    data: { kind: 'points', inputs, targets: [[0], [1], [0]] },
    epochs: 50,
  });
  await choose(line.page, 'Picture', 'map');
  await press(line.page, 'Save as SVG');
  await waitUntil(async () => /There is no map of this run/.test(await text(line.page, '#take')));
  await line.page.close();
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

/** Chooses in one of the section's lists. @param {Page} page @param {string} label @param {string} value */
const choose = (page, label, value) =>
  page.$$eval(
    '#take label',
    (labels, text, wanted) => {
      const own = labels.find((one) => one.textContent?.trim().startsWith(text));
      const select = own?.querySelector('select');
      if (!select) throw new Error(`There is no choice of ${text}`);
      select.value = wanted;
      select.dispatchEvent(new Event('change'));
    },
    label,
    value,
  );

test('the loss is drawn to the end of the run, with the epoch marked', async () => {
  const moons = { kind: 'moons', samples: 40, testFraction: 0.5 };
  const { page } = await open({ epochs: 90, data: moons });
  await choose(page, 'Picture', 'loss');
  const svg = String(await saved(page, 'Save as SVG', 'backprop-loss.svg'));
  const session = new backprop.Session({ epochs: 90, data: moons });
  session.seek(20);
  const test = Number(session.testLoss).toPrecision(4);
  assert.match(svg, new RegExp(`epoch 20 · loss ${session.loss.toPrecision(4)} · test ${test}`));
  session.dispose();
  const curves = [...svg.matchAll(/<path d="(M[^"]*)" fill="none"/g)].map(([, path]) => path);
  assert.equal(curves.length, 2, 'training and test');
  const ends = curves.map((path) => [
    path.match(/^M([\d.]+)/)?.[1],
    path.match(/L([\d.]+) [\d.]+$/)?.[1],
  ]);
  assert.deepEqual(ends, [
    ['48.0', '616.0'],
    ['48.0', '616.0'],
  ]);
  await page.close();
});

test('the map is of the output that is chosen', async () => {
  const { page } = await open({
    epochs: 60,
    data: three,
    layers: [hidden('tanh', 4), hidden('softmax')],
    loss: 'cross_entropy',
  });
  await choose(page, 'Picture', 'map');
  await page.$$eval('#take summary', (all) => all[1].click());
  const pictures = [];
  for (const output of ['0', '1', '2']) {
    await choose(page, 'Output', output);
    const svg = String(await saved(page, 'Save as SVG', 'backprop-map.svg'));
    const isShown = (/** @type {string} */ wanted) =>
      decodeURIComponent(document.querySelector('#take img')?.getAttribute('src') ?? '').endsWith(
        wanted,
      );
    await page.waitForFunction(isShown, {}, svg);
    pictures.push(svg);
  }
  assert.equal(new Set(pictures).size, 3);
  // As many squares as there are rows of the class, 8 of 24.
  for (const svg of pictures) assert.equal(svg.match(/<rect /g)?.length, 1 + 8);
  await page.close();
});

test('by keys alone', async () => {
  const { page, messages } = await open({ epochs: 100 });
  await page.bringToFront();
  await page.evaluate(() => {
    navigator.clipboard.writeText = async (text) => {
      Object.assign(globalThis, { copied: text });
    };
  });
  const copied = () => page.evaluate(() => /** @type {any} */ (globalThis).copied);
  const here = () =>
    page.evaluate(() => {
      const element = /** @type {HTMLElement} */ (document.activeElement);
      const words = element.getAttribute('aria-label') ?? element.closest('label, button, summary');
      const text = typeof words === 'string' ? words : words?.textContent;
      return element.closest('#take') ? String(text).trim().replace(/\s+/g, ' ') : '';
    });
  const to = async (/** @type {string} */ name) => {
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      const now = await here();
      assert.ok(now, `the section was left before ${name}`);
      if (now.startsWith(name)) return;
    }
    assert.fail(`${name} was not reached`);
  };
  await page.focus('#take button');
  assert.equal(await here(), 'Copy the link');
  await page.keyboard.press('Enter');
  await waitUntil(async () => /#experiment=/.test(await copied()), 'the link is copied');
  await to('Save this run');
  await to('Open a run');
  await to('View');
  await page.keyboard.press('ArrowDown');
  await to('Copy the tag');
  await page.keyboard.press('Space');
  await waitUntil(async () => /view="network"/.test(await copied()), 'the tag is copied');
  await to('The tag');
  await to('Preview of the figure');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.preview backprop-demo');
  await page.keyboard.press('Enter');
  await waitUntil(
    () => page.$eval('.preview', (box) => box === null).catch(() => true),
    'it closes',
  );
  await to('NumPy');
  await to('JavaScript');
  await page.keyboard.press('Enter');
  assert.equal(await here(), 'JavaScript', 'the focus stays');
  await to('Copy the program');
  await page.keyboard.press('Enter');
  await waitUntil(async () => /const dot/.test(await copied()), 'the program is copied');
  await to('Save backprop-run.mjs');
  await to('The program in JavaScript');
  await page.keyboard.press('PageDown');
  await waitUntil(() => page.$$eval('#take .listing', (all) => all[1].scrollTop > 0), 'it scrolls');
  await to('Save as JSON');
  await to('Save as CSV');
  await to('Picture');
  await page.keyboard.press('End');
  await to('Colours');
  await to('Save as SVG');
  await page.keyboard.press('Enter');
  await waitUntil(async () => /backprop-loss.svg has been saved/.test(await text(page, '#take')));
  await to('Save as PNG');
  await to('Preview of the picture');
  await page.keyboard.press('Enter');
  const isDrawn = () =>
    /** @type {HTMLImageElement | null} */ (document.querySelector('#take img'))?.naturalWidth;
  await page.waitForFunction(isDrawn);
  assert.deepEqual(messages, []);
  await page.close();
});

for (const [width, scheme] of /** @type {[number, 'light' | 'dark'][]} */ ([
  [1280, 'light'],
  [320, 'dark'],
])) {
  test(`it is accessible at ${width} px, ${scheme}`, async () => {
    const { page } = await open({ epochs: 100 }, { width, scheme });
    await assertAccessible(page);
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
