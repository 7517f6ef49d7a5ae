// A picture of a figure, for places that take no script, and the HTML that shows it.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { serve } from '../../tools/serve.mjs';
import { writePermalink } from '../state/permalink.js';
import { launch, settled } from './chromium.mjs';

/**
 * @typedef {object} Wish
 * @property {string} view names, separated by spaces
 * @property {Record<string, unknown>} experiment
 * @property {number} epoch
 * @property {string} theme light or dark
 * @property {number} width in CSS pixels
 * @property {string} out a .png or an .svg
 * @property {string} page the address of the live page
 */

/** Milliseconds that a run may take to its epoch. */
const PATIENCE = 60000;
/** Pixels of the picture for one of CSS. */
const SCALE = 2;
const MARGIN = 16;

/**
 * @param {{ root: string, chromium: string, wish: Wish }} order
 * @returns {Promise<{ html: string, problem?: string }>}
 */
export async function makePoster({ root, chromium, wish }) {
  const site = await serve({ root: path.join(root, 'dist/embed') });
  const { browser, close } = await launch(chromium);
  try {
    const page = await browser.newPage();
    const { width } = wish;
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaType('print'); // without what only a hand can use
    await page.goto(`${site.url}/THIRD-PARTY-NOTICES.txt`); // any page of that origin
    await page.addScriptTag({ url: `${site.url}/backprop-demo.js` });
    const problem = await page.evaluate(show, wish, MARGIN, PATIENCE);
    if (problem) return { html: '', problem };
    await settled(page);
    const { height, alt } = await page.evaluate(about);
    await page.setViewport({ width, height });
    if (wish.out.endsWith('.svg')) await writeFile(wish.out, await page.evaluate(drawing, alt));
    else
      await writeFile(
        wish.out,
        await page.screenshot({ clip: { x: 0, y: 0, width, height, scale: SCALE } }),
      );
    return { html: await snippet(wish, height, alt) };
  } finally {
    await close();
    await site.close();
  }
}

/**
 * In the page: the figure, and beside it, out of the picture, the same run in words.
 * @param {Wish} wish
 * @param {number} margin
 * @param {number} patience
 * @returns {Promise<string>} what is wrong, or nothing
 */
async function show({ view, experiment, epoch, theme }, margin, patience) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`html, body { margin: 0 }
    backprop-demo::part(figure) { padding: ${margin}px }
    #words { position: absolute; inset-block-start: 100% }`);
  document.adoptedStyleSheets = [sheet];
  /** @type {string[]} */
  const problems = [];
  addEventListener('backprop-error', (event) => {
    problems.push(/** @type {CustomEvent} */ (event).detail.message);
  });
  const [figure, words] = [view, 'controls'].map((names) => {
    const element = /** @type {import('../element/backprop-demo.js').BackpropDemo} */ (
      document.createElement('backprop-demo')
    );
    Object.assign(element, { view: names, group: 'poster', theme });
    return element;
  });
  figure.experiment = experiment;
  words.id = 'words';
  document.body.replaceChildren(figure, words);
  const isThere = async () => {
    await figure.ready;
    await figure.seek(epoch);
  };
  const isLate = new Promise((resolve) => setTimeout(resolve, patience, 'late'));
  if ((await Promise.race([isThere(), isLate])) === 'late')
    return `--epoch: ${epoch} was not reached in ${patience / 1000} seconds.`;
  return problems.length > 0 ? `--experiment: ${problems[0]}.` : '';
}

/** In the page: the figure is made whole pixels high. */
function about() {
  const [figure, words] = document.querySelectorAll('backprop-demo');
  const height = Math.ceil(figure.getBoundingClientRect().height);
  const box = /** @type {HTMLElement} */ (figure.shadowRoot?.querySelector('.figure'));
  box.style.boxSizing = 'border-box';
  box.style.minBlockSize = `${height}px`;
  const sentence = words.shadowRoot?.querySelector('.sentence')?.textContent ?? '';
  return { height, alt: sentence.replace(/\s+/g, ' ').trim() };
}

/**
 * In the page: the figure as an SVG that holds its HTML, its styles and its canvases' pixels.
 * @param {string} alt
 */
function drawing(alt) {
  const figure = /** @type {HTMLElement} */ (document.querySelector('backprop-demo'));
  const shadow = /** @type {ShadowRoot} */ (figure.shadowRoot);
  const original = /** @type {HTMLElement} */ (shadow.querySelector('.figure'));
  const copy = /** @type {HTMLElement} */ (original.cloneNode(true));
  const all = (/** @type {Element} */ root, /** @type {string} */ tag) => [
    ...root.querySelectorAll(tag),
  ];

  const canvases = all(original, 'canvas');
  for (const [i, canvas] of all(copy, 'canvas').entries()) {
    const seen = /** @type {HTMLCanvasElement} */ (canvases[i]);
    const picture = document.createElement('img');
    picture.src = seen.toDataURL();
    for (const name of getComputedStyle(seen))
      picture.style.setProperty(name, getComputedStyle(seen).getPropertyValue(name));
    canvas.replaceWith(picture);
  }
  const inputs = all(original, 'input');
  for (const [i, input] of all(copy, 'input').entries()) {
    const { value, checked } = /** @type {HTMLInputElement} */ (inputs[i]);
    input.setAttribute('value', value);
    input.toggleAttribute('checked', checked);
  }
  const options = all(original, 'option');
  for (const [i, option] of all(copy, 'option').entries())
    option.toggleAttribute('selected', /** @type {HTMLOptionElement} */ (options[i]).selected);

  const rules = shadow.adoptedStyleSheets.flatMap((sheet) => [...sheet.cssRules]);
  const styles = rules
    .map(({ cssText }) => cssText)
    .join('\n')
    .replace(/:host\(([^)]*)\)/g, '.host$1')
    .replaceAll(':host', '.host')
    .replaceAll('@media print', '@media all');
  const { width, height } = figure.getBoundingClientRect();
  const style = document.createElement('style');
  style.textContent = `${styles}\n.host > .figure { padding: ${getComputedStyle(original).padding} }\n* { scrollbar-width: none }`;
  const host = document.createElement('div');
  host.className = 'host';
  host.append(style, copy);

  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const make = (/** @type {string} */ name, /** @type {Record<string, unknown>} */ attributes) => {
    const element = name === 'svg' ? svg : document.createElementNS(svg.namespaceURI, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    return element;
  };
  make('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img' });
  const title = make('title', {});
  title.textContent = alt;
  const content = make('foreignObject', { width, height });
  content.append(host);
  svg.append(title, content);
  return new XMLSerializer().serializeToString(svg);
}

/**
 * @param {Wish} wish
 * @param {number} height
 * @param {string} alt
 */
async function snippet({ page, experiment, epoch, out, width }, height, alt) {
  const link = `${page}${await writePermalink(experiment, epoch)}`;
  return `<a href="${escaped(link)}"><img src="${escaped(path.basename(out))}" width="${width}" height="${height}" alt="${escaped(alt)}"></a>`;
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&"<]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
