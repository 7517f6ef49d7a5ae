// Measures how high every view is at every width, for the room that the lazy start takes.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { serve } from '../../tools/serve.mjs';
import { VIEWS } from '../state/strings.js';
import { launch, settled } from './chromium.mjs';

/** Pixels: the widths that are measured. */
const FROM = 280;
const TO = 1200;
const EVERY = 10;
/** Pixels that a figure may leave free, so that the table stays short. */
const SPARE = 16;

/**
 * The heights of the default run in each view, in pixels.
 * @param {object} places
 * @param {string} places.embed the folder of the built element
 * @param {string} places.chromium
 * @param {number[]} [places.widths]
 * @returns {Promise<{ widths: number[], heights: Record<string, number[]> }>}
 */
export async function measureHeights({ embed, chromium, widths = allWidths() }) {
  const site = await serve({ root: embed });
  const { browser, close } = await launch(chromium);
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: TO + 100, height: 900 });
    await page.goto(`${site.url}/THIRD-PARTY-NOTICES.txt`); // any page of that origin
    await page.addScriptTag({ url: `${site.url}/backprop-demo.js` });
    /** @type {Record<string, number[]>} */
    const heights = {};
    for (const view of VIEWS) {
      await page.evaluate(show, view);
      await settled(page);
      heights[view] = [];
      for (const width of widths) heights[view].push(await page.evaluate(measure, width));
    }
    return { widths, heights };
  } finally {
    await close();
    await site.close();
  }
}

/** Each of them, and the last pixel before it, where another arrangement may end. */
function allWidths() {
  const count = (TO - FROM) / EVERY + 1;
  return Array.from({ length: count }, (_, i) => FROM + EVERY * i).flatMap((w) => [w - 1, w]);
}

/**
 * In the page, of which the end is in sight: the last part of a figure is empty while nobody sees it.
 * @param {string} view
 */
async function show(view) {
  const figure = /** @type {import('../element/backprop-demo.js').BackpropDemo} */ (
    document.createElement('backprop-demo')
  );
  figure.setAttribute('view', view);
  document.body.replaceChildren(figure);
  await figure.ready;
  scrollTo(0, document.body.scrollHeight);
}

/**
 * In the page.
 * @param {number} width
 */
async function measure(width) {
  const figure = /** @type {HTMLElement} */ (document.querySelector('backprop-demo'));
  figure.style.inlineSize = `${width}px`;
  for (let i = 0; i < 3; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
  return Math.ceil(figure.getBoundingClientRect().height);
}

/**
 * Pairs of a width and the height that is enough from there to the next pair's width.
 * @param {number[]} widths rising
 * @param {number[]} heights at these
 */
export function stepsOf(widths, heights) {
  const steps = [0, heights[0]];
  let low = heights[0];
  for (const [i, height] of heights.entries()) {
    const last = steps.length - 1;
    const high = Math.max(steps[last], height);
    low = Math.min(low, height);
    if (high - low <= SPARE) steps[last] = high;
    else {
      steps.push(widths[i], height);
      low = height;
    }
  }
  return steps;
}

/**
 * Writes web/embed/heights.js.
 * @param {{ root: string, chromium: string }} places
 */
export async function writeHeights({ root, chromium }) {
  const embed = path.join(root, 'dist/embed');
  const { widths, heights } = await measureHeights({ embed, chromium });
  const lines = Object.entries(heights).map(
    ([view, all]) => `  ${JSON.stringify(view)}: ${JSON.stringify(stepsOf(widths, all))},\n`,
  );
  writeFileSync(
    path.join(root, 'web/embed/heights.js'),
    `// Made by npm run build -- heights.

/**
 * By view, pairs of pixels: a width, and the height of the default run from there on.
 * @type {Record<string, number[]>}
 */
export const HEIGHTS = {
${lines.join('')}};
`,
  );
}
