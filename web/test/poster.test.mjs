// npm run poster: a picture of a figure as PNG and as SVG, and the HTML that shows it.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { attempt, root } from '../../tools/run.mjs';
import { makePoster } from '../bundle/poster.mjs';
import { readPermalink } from '../state/permalink.js';
import { chromium, openBrowser, openPage, serveFor } from './browser.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'backprop-poster-'));
after(() => rmSync(folder, { recursive: true }));

/** @param {string[]} args */
const command = (...args) =>
  attempt(process.execPath, [path.join(root, 'tools/poster.mjs'), ...args], { cwd: folder });

/** @param {Partial<import('../bundle/poster.mjs').Wish>} wish */
const make = (wish) =>
  makePoster({
    root,
    chromium: chromium(),
    wish: {
      view: 'overview',
      experiment: {},
      epoch: 6000,
      theme: 'light',
      width: 720,
      out: path.join(folder, 'poster.png'),
      page: 'https://embed.example/',
      ...wish,
    },
  });

/** What the HTML says. @param {string} html */
function partsOf(html) {
  const pattern =
    /^<a href="([^"]*)"><img src="([^"]*)" width="(\d+)" height="(\d+)" alt="([^"]*)"><\/a>$/;
  const found = pattern.exec(html);
  assert.ok(found, html);
  const [link, source, width, height, alt] = found.slice(1);
  const plain = link.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
  return { link: new URL(plain), source, width: Number(width), height: Number(height), alt };
}

test('a PNG, with words and a link to the run', async () => {
  const experiment = { initializer: { kind: 'numpy_randn', seed: 3 } };
  const { html } = await make({ experiment });
  const { link, source, width, height, alt } = partsOf(html);
  assert.equal(link.origin, 'https://embed.example');
  assert.deepEqual(await readPermalink(link.hash), { experiment, epoch: 6000 });
  assert.equal(source, 'poster.png');
  assert.match(alt, /^After 6,000 epochs at learning rate 0\.1 the loss is 0\.\d+\./);
  const png = readFileSync(path.join(folder, source));
  assert.equal(png.subarray(1, 4).toString(), 'PNG');
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [2 * width, 2 * height]);
});

test('the SVG looks as the PNG does, without anything from elsewhere', async () => {
  const browser = await openBrowser();
  const host = await serveFor({ root: folder });
  for (const view of ['landscape', 'overview step']) {
    const files = ['png', 'svg'].map((type) => `${view.replace(' ', '-')}.${type}`);
    const shown = [];
    for (const name of files) {
      const { html } = await make({ view, theme: 'dark', out: path.join(folder, name) });
      const { width, height } = partsOf(html);
      writeFileSync(path.join(folder, 'post.html'), `<!doctype html><title>Post</title>${html}`);
      const { page, messages, requests } = await openPage(browser, { width: 800 });
      await page.goto(`${host.url}/post.html`);
      const image = await page.$('img');
      assert.ok(image);
      const box = await image.boundingBox();
      assert.deepEqual([box?.width, box?.height], [width, height]);
      shown.push(await image.screenshot({ encoding: 'base64' }));
      const own = ['favicon.ico', 'post.html', name];
      assert.deepEqual(
        requests.filter((url) => !own.some((one) => url === `${host.url}/${one}`)),
        [],
      );
      assert.deepEqual(
        messages.filter((text) => !/404/.test(text)),
        [],
      );
      await page.close();
    }
    const { page } = await openPage(browser);
    const difference = await page.evaluate(unlike, shown);
    assert.ok(difference < 0.02, `${view}: ${100 * difference} % of the pixels differ`);
    await page.close();
  }
});

test('the SVG keeps what menus and boxes are set to', async () => {
  await make({ view: 'playground', out: path.join(folder, 'playground.svg') });
  const { page } = await openPage(await openBrowser());
  await page.goto(pathToFileURL(path.join(folder, 'playground.svg')).href);
  const [activations, features] = await page.evaluate(() => {
    const all = (/** @type {string} */ selector) => [...document.querySelectorAll(selector)];
    const menus = /** @type {HTMLSelectElement[]} */ (all('.layers-part select'));
    const boxes = /** @type {HTMLInputElement[]} */ (all('.layers-part input[type="checkbox"]'));
    return [menus.map(({ value }) => value), boxes.map(({ checked }) => checked)];
  });
  assert.deepEqual(activations, ['sigmoid', 'sigmoid', 'numpy_randn']);
  assert.deepEqual(features, [true, true, false, false, false, false, false]);
  await page.close();
});

/**
 * In the page: the share of pixels that differ by more than a shade.
 * @param {string[]} pictures base64 of two PNGs
 */
async function unlike(pictures) {
  const [a, b] = await Promise.all(
    pictures.map(async (text) => {
      const image = new Image();
      image.src = `data:image/png;base64,${text}`;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
      context.drawImage(image, 0, 0);
      return context.getImageData(0, 0, image.width, image.height).data;
    }),
  );
  if (a.length !== b.length) return 1;
  let count = 0;
  for (let i = 0; i < a.length; i += 4)
    if ([0, 1, 2].some((k) => Math.abs(a[i + k] - b[i + k]) > 48)) count++;
  return count / (a.length / 4);
}

test('what the engine declines is said in its words', async () => {
  const { problem } = await make({ experiment: { layers: [] } });
  assert.equal(problem, '--experiment: layers must be an array of 1 to 16 layers, not [].');
});

/** @type {Record<string, string>} */
const complaints = {
  '--view=overwiev': '--view takes overview, network, .*, not "overwiev".',
  '--view=': '--view takes .*, not "".',
  '--experiment={': '--experiment: it is not valid JSON.',
  '--epoch=-1': '--epoch takes a whole number from 0 up, not "-1".',
  '--theme=blue': '--theme takes light or dark, not "blue".',
  '--width=12': '--width takes a whole number of pixels from 240 to 2000, not "12".',
  '--out=poster.gif': '--out takes the name of a .png or an .svg, not "poster.gif".',
  '--out=nowhere/poster.png': '--out: there is no folder nowhere.',
  '--page=here': '--page takes an address that begins with https:, not "here".',
  '--colour=red': 'Options are --view=…, .* and --page=…; "--colour=red" is none.',
  overview: 'Options are .*; "overview" is none.',
};

test('a bad option gets a sentence', async () => {
  for (const [given, sentence] of Object.entries(complaints)) {
    const { status, output } = await command(given);
    assert.equal(status, 1, given);
    assert.match(
      output.trim(),
      new RegExp(`^${sentence.replaceAll('.', '\\.').replaceAll('\\.*', '.*')}$`),
    );
  }
});
