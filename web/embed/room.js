// The room that a figure will need, so that nothing below it moves when it comes.
import { HEIGHTS } from './heights.js';

/** Pixels between two views. */
const GAP = 24;

/**
 * @param {string} view names, separated by spaces
 * @param {number} width
 */
export function roomFor(view, width) {
  const names = view.split(/\s+/).filter((name) => Object.hasOwn(HEIGHTS, name));
  return (names.length > 0 ? names : ['overview'])
    .map((name) => heightOf(HEIGHTS[name], width))
    .reduce((sum, height) => sum + GAP + height);
}

/**
 * @param {number[]} steps pairs of a width and the height from there on
 * @param {number} width
 */
function heightOf(steps, width) {
  return steps.findLast((_, i) => i % 2 === 1 && steps[i - 1] <= width) ?? 0;
}
