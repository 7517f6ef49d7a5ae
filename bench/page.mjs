// npm run bench:page [-- SECONDS]: in Chromium, how soon the page's first figure answers on a processor
// a quarter as fast; and the playground while it plays: frames a second, and those of them that bring
// another picture with all its maps; the longest task of the page's main thread; epochs a second. It
// wants dist/ (npm run build).
import path from 'node:path';
import { root } from '../tools/run.mjs';
import { serve } from '../tools/serve.mjs';
import { setUp } from '../tools/setup.mjs';
import { launch } from '../web/bundle/chromium.mjs';
import { tasksWhile } from '../web/test/tasks.mjs';

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {HTMLElement & import('../web/element/public.js').BackpropDemoElement} Demo */

const SECONDS = Number(process.argv[2] ?? 5);
/** Loads of the page, of which the median counts; and milliseconds after which the browser itself is at rest. */
const LOADS = 7;
const REST = 2000;
const SLOWDOWN = 4;
/** A program that trains an epoch a frame. */
const ONE_A_FRAME = 60;

const hidden = Array.from({ length: 3 }, () => ({ units: 8, activation: 'tanh' }));
const output = { units: 1, activation: 'sigmoid' };
const common = {
  loss: 'binary_cross_entropy',
  initializer: { kind: 'xavier_normal', seed: 1 },
  optimizer: { kind: 'adam', learningRate: 0.003 },
  epochs: 30000,
};

/** @type {[string, Record<string, unknown>][]} */
const RUNS = [
  ['the post', { epochs: 30000 }],
  [
    '8-8-8, circle, 500 rows',
    {
      ...common,
      data: { kind: 'circle', samples: 500, noise: 0.2, testFraction: 0.2 },
      layers: [...hidden, output],
    },
  ],
  [
    '8-8-8, spiral of 3, 500 rows',
    {
      ...common,
      data: { kind: 'spiral', samples: 500, classes: 3, noise: 0.1, testFraction: 0.2 },
      layers: [...hidden, { units: 3, activation: 'softmax' }],
      loss: 'cross_entropy',
    },
  ],
];

/** Where the page stands while it is measured. @type {[string, string][]} */
const PLACES = [
  ['map and network', '#predictions'],
  ['watch', '#watch'],
];

const { chromium } = await setUp(['modules', 'chromium']);
const site = await serve({ root: path.join(root, 'dist/site') });
const { browser, close } = await launch(chromium);
try {
  const times = [];
  for (let i = 0; i < LOADS; i++) times.push(await load());
  times.sort((a, b) => a - b);
  const [median, longest] = [times[LOADS >> 1], times[LOADS - 1]].map(Math.round);
  console.log(
    `First figure at 1/${SLOWDOWN} of the speed: after ${median} ms (at most ${longest} ms).`,
  );
  const rows = [];
  for (const [name, experiment] of RUNS)
    for (const [place, selector] of PLACES)
      rows.push({ run: name, 'in sight': place, ...(await measure(experiment, selector)) });
  console.table(rows);
  console.log(`Each for ${SECONDS} s; "x 1 a frame": of a program that trains one epoch a frame.`);
} finally {
  await close();
  site.close();
}

/** A cold load in a browser of its own: milliseconds until the first figure answers. */
async function load() {
  const { browser, close } = await launch(chromium);
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    await new Promise((resolve) => setTimeout(resolve, REST));
    await page.emulateCPUThrottling(SLOWDOWN);
    await page.evaluateOnNewDocument(() => {
      const answered = () => performance.mark('answered');
      addEventListener('backprop-ready', answered, { capture: true, once: true });
    });
    await page.goto(site.url);
    await new Promise((resolve) => setTimeout(resolve, REST)); // nothing of ours runs in the page meanwhile
    return await page.evaluate(() => performance.getEntriesByName('answered')[0].startTime);
  } finally {
    await close();
  }
}

/**
 * @param {Record<string, unknown>} experiment
 * @param {string} selector of what is in sight
 */
async function measure(experiment, selector) {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  const text = encodeURIComponent(JSON.stringify(experiment));
  await page.goto(`${site.url}/#experiment=${text}&epoch=0`);
  await page.waitForSelector('#playground');
  await page.$eval('#playground', (element) => element.scrollIntoView());
  await page.evaluate(async (inner) => {
    const demo = /** @type {Demo} */ (document.querySelector('#playground'));
    await demo.ready;
    for (let i = 0; i < 100 && !demo.shadowRoot?.querySelector(inner); i++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    demo.shadowRoot?.querySelector(inner)?.scrollIntoView();
    await new Promise((resolve) => setTimeout(resolve, 3000));
  }, selector);
  let played = { frames: 0, pictures: 0, epochs: 0 };
  const tasks = await tasksWhile(page, async () => {
    played = await page.evaluate(play, SECONDS);
  });
  await page.close();
  const times = tasks.map(({ time }) => time);
  const busy = times.reduce((sum, time) => sum + time, 0);
  return {
    'frames/s': played.frames.toFixed(1),
    'pictures/s': played.pictures.toFixed(1),
    'longest task, ms': Math.max(...times).toFixed(1),
    'main thread busy': `${(busy / (SECONDS * 10)).toFixed(0)} %`,
    'epochs/s': Math.round(played.epochs),
    'x 1 a frame': (played.epochs / ONE_A_FRAME).toFixed(1),
  };
}

/**
 * In the page: plays from the beginning and counts.
 * @param {number} seconds
 */
async function play(seconds) {
  const demo = /** @type {Demo} */ (document.querySelector('#playground'));
  await demo.play();
  let [frames, pictures] = [0, 0];
  const from = demo.epoch;
  let shown = from;
  const start = performance.now();
  await new Promise((resolve) => {
    const next = () => {
      frames++;
      if (demo.epoch !== shown) pictures++;
      shown = demo.epoch;
      if (performance.now() - start < seconds * 1000) requestAnimationFrame(next);
      else resolve(undefined);
    };
    requestAnimationFrame(next);
  });
  const passed = (performance.now() - start) / 1000;
  const epochs = demo.epoch - from;
  await demo.pause();
  return { frames: frames / passed, pictures: pictures / passed, epochs: epochs / passed };
}
