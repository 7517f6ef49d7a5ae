// The room that a figure will need, so that nothing below it moves when it comes.

/** Pixels of width from which the next column of heights holds. */
const WIDTHS = [400, 560, 720, 960];

/** Pixels of height of the default run, by width. @type {Record<string, number[]>} */
const HEIGHTS = {
  overview: [1484, 1504, 976, 1012, 732],
  network: [282, 318, 318, 318, 318],
  predictions: [619, 630, 403, 403, 403],
  loss: [304, 304, 254, 220, 220],
  step: [1105, 917, 1400, 1157, 1129],
  'gradient-check': [2396, 2097, 1641, 1563, 967],
  seeds: [1478, 1220, 989, 848, 802],
  landscape: [548, 626, 682, 682, 554],
  controls: [232, 180, 142, 114, 114],
};

/**
 * @param {string} view names, separated by spaces
 * @param {number} width
 */
export function roomFor(view, width) {
  const column = WIDTHS.filter((from) => width >= from).length;
  const names = view.split(/\s+/).filter((name) => Object.hasOwn(HEIGHTS, name));
  return (names.length > 0 ? names : ['overview'])
    .map((name) => HEIGHTS[name][column])
    .reduce((sum, height) => sum + height);
}
