// The room that the page's figures take before they are there, so that nothing moves when they come:
// style rules made from the heights that were measured.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { HEIGHTS } from '../embed/heights.js';

/** Pixels that a figure may leave free below it, so that the rules stay few. */
const SPARE = 40;

/**
 * The page's style sheet with the room of its figures.
 * @param {string} web
 * @param {string} html of the page
 */
export async function pageStyles(web, html) {
  return (await readFile(path.join(web, 'page.css'), 'utf8')) + roomRules(html);
}

/** @param {string} html */
function roomRules(html) {
  /** @type {Map<number, string[]>} rules by the width from which they hold */
  const rules = new Map();
  for (const [, view] of html.matchAll(/<backprop-demo[^>]* view="([\w-]+)"/g)) {
    const steps = coarse(HEIGHTS[view]);
    for (let i = 0; i < steps.length; i += 2) {
      const rule = `backprop-demo[view="${view}"]{min-block-size:${steps[i + 1]}px}`;
      rules.set(steps[i], [...(rules.get(steps[i]) ?? []), rule]);
    }
  }
  const byWidth = [...rules].sort(([a], [b]) => a - b);
  return [
    ...byWidth.map(([width, all]) => `@container (inline-size >= ${width}px){${all.join('')}}`),
    '@media (scripting: none){backprop-demo[view]{min-block-size:0}}',
    '@media print{backprop-demo[view]{min-block-size:0}}',
  ].join('\n');
}

/**
 * Fewer steps: those that differ by little become one, of the larger height.
 * @param {number[]} steps pairs of a width and the height from there on
 */
function coarse(steps) {
  const few = steps.slice(0, 2);
  let low = steps[1];
  for (let i = 2; i < steps.length; i += 2) {
    const last = few.length - 1;
    const high = Math.max(few[last], steps[i + 1]);
    low = Math.min(low, steps[i + 1]);
    if (high - low <= SPARE) few[last] = high;
    else {
      few.push(steps[i], steps[i + 1]);
      low = steps[i + 1];
    }
  }
  return few;
}
