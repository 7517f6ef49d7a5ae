// What the page's tests share: a Chromium, the served site, and pages that keep a record.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';
import { root } from '../../tools/run.mjs';
import { serve } from '../../tools/serve.mjs';
import { launch } from '../bundle/chromium.mjs';

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {import('../element/backprop-demo.js').BackpropDemo} BackpropDemo */

export const dist = path.join(root, 'dist');

/** What a careful host allows a page to do. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; worker-src blob:";

export function chromium() {
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
  const places = (process.env.PATH ?? '').split(path.delimiter);
  const found = names.flatMap((name) => places.map((place) => path.join(place, name)));
  return process.env.CHROME_PATH ?? found.find((file) => existsSync(file)) ?? 'chromium';
}

/**
 * A browser of its own for a file of tests; it is closed after them.
 * @param {string[]} [flags]
 */
export async function openBrowser(flags) {
  const { browser, close } = await launch(chromium(), flags);
  after(close);
  return browser;
}

/**
 * Serves a folder until the tests are over.
 * @param {Parameters<typeof serve>[0]} options
 */
export async function serveFor(options) {
  const site = await serve(options);
  after(() => site.close());
  return site;
}

/**
 * @typedef {object} Recorded
 * @property {Page} page
 * @property {string[]} messages everything in the console, and every error that nobody caught
 * @property {string[]} requests addresses
 */

/**
 * @param {import('puppeteer-core').Browser} browser
 * @param {object} [options]
 * @param {number} [options.width]
 * @param {'light' | 'dark'} [options.scheme]
 * @param {boolean} [options.isStill] reduced motion
 * @param {boolean} [options.hasTouch]
 * @returns {Promise<Recorded>}
 */
export async function openPage(browser, options = {}) {
  const { width = 1280, scheme = 'light', isStill = false, hasTouch = false } = options;
  const page = await browser.newPage();
  /** @type {string[]} */
  const messages = [];
  /** @type {string[]} */
  const requests = [];
  page.on('console', (message) => messages.push(message.text()));
  page.on('pageerror', (error) => messages.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  await page.setViewport({ width, height: 900, hasTouch });
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: scheme },
    { name: 'prefers-reduced-motion', value: isStill ? 'reduce' : 'no-preference' },
  ]);
  return { page, messages, requests };
}

/**
 * Waits until the page's element answers and stands still.
 * @param {Page} page
 * @param {string} [selector]
 */
export async function atRest(page, selector = 'backprop-demo') {
  await page.waitForFunction(
    (name) => customElements.get('backprop-demo') && document.querySelector(name),
    {},
    selector,
  );
  await page.$eval(selector, async (element) => {
    const figure = /** @type {BackpropDemo} */ (element);
    await figure.ready;
    await figure.updateComplete;
  });
  await page.waitForFunction(
    (name) => !(/** @type {BackpropDemo} */ (document.querySelector(name)).playing),
    {},
    selector,
  );
}

/**
 * @param {Page} page
 * @param {string} selector inside the element's shadow
 * @param {string} [host]
 * @returns {Promise<string>}
 */
export function textIn(page, selector, host = 'backprop-demo') {
  return page.$eval(
    host,
    (element, inner) => {
      const text = element.shadowRoot?.querySelector(inner)?.textContent ?? '';
      return text.replace(/\s+/g, ' ').trim();
    },
    selector,
  );
}

/**
 * @param {Page} page
 * @param {number} epoch
 * @param {string} [host]
 * @returns {Promise<{ epoch: number, loss: number }>} what the element says of itself then
 */
export function seek(page, epoch, host = 'backprop-demo') {
  return page.$eval(
    host,
    async (element, target) => {
      const figure = /** @type {BackpropDemo} */ (element);
      await figure.seek(target);
      return { epoch: figure.epoch, loss: figure.loss };
    },
    epoch,
  );
}

/** @param {Page} page @param {string} [host] */
export function stateOf(page, host = 'backprop-demo') {
  return page.$eval(host, (element) => {
    const { epoch, loss, playing, diverged } = /** @type {BackpropDemo} */ (element);
    return { epoch, loss, playing, diverged };
  });
}

/**
 * @param {() => Promise<boolean>} isTrue
 * @param {string} [what]
 */
export async function waitUntil(isTrue, what = isTrue.toString()) {
  for (let i = 0; i < 400; i++) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`It did not come to this in twenty seconds: ${what}`);
}
