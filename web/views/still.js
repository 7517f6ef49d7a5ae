// Pictures as SVG: what the page shows without JavaScript, and what its reader takes away. Their
// colours stand in them, so there is one for light and one for dark; they ask for no other file.
import { epochTicks } from '../state/axis.js';
import { count, number, signed } from '../state/format.js';
import { outputRange } from '../state/reading.js';
import { contourPath } from './contour.js';
import { curvePath, plotOf } from './loss-geometry.js';
import { edgeCurve, edgeWidth, labelPlaces, layOut } from './network-layout.js';

/** @typedef {import('../state/types.js').RunInfo} RunInfo */
/** @typedef {import('../state/types.js').Snapshot} Snapshot */
/** @typedef {import('../state/types.js').UnitMap} UnitMap */
/** @typedef {import('../state/reading.js').Range} Range */
/** @typedef {import('./network-layout.js').Unit} Unit */

/** @typedef {{ width: number, height: number, body: string }} Drawing */

/** What is written on the edges and under the units. @typedef {{ weights: ArrayLike<number>, biases: ArrayLike<number>, fanOut: number }} Shown */

/** Makes a map into a PNG, as a data URI. @typedef {(map: UnitMap, range: Range, inks: Inks) => string} Image */

/** A unit's map as a data URI; undefined where it has none. @typedef {(unit: Unit) => string | undefined} Picture */

/** @typedef {typeof LIGHT} Inks */

export const LIGHT = {
  paper: '#fcfbf8',
  ink: '#1c2127',
  quiet: '#59636e',
  rule: '#dcdfe3',
  positive: '#2166ac',
  neutral: '#f5f2ec',
  negative: '#b35806',
  backward: '#a21caf',
};
/** @type {Inks} */
export const DARK = {
  paper: '#15181c',
  ink: '#e7e9ec',
  quiet: '#9aa4af',
  rule: '#2b3138',
  positive: '#74b3e0',
  neutral: '#22272d',
  negative: '#f0a35e',
  backward: '#e879f9',
};

/** @param {number} value */
export const short = (value) => String(Math.round(10 * value) / 10);

/** @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/**
 * @param {Drawing} drawing
 * @param {string} [paper] the ground; left out: none
 * @param {number} [margin]
 */
export function svgOf({ width, height, body }, paper, margin = 0) {
  const [w, h] = [width + 2 * margin, height + 2 * margin];
  const ground = paper
    ? `<rect x="${-margin}" y="${-margin}" width="${w}" height="${h}" fill="${paper}"/>`
    : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="${-margin} ${-margin} ${w} ${h}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="11">${ground}${body}</svg>`;
}

/**
 * The network with a number on each edge and under each unit, as far as there is room.
 * @param {object} given
 * @param {RunInfo} given.info
 * @param {Shown[]} given.layers
 * @param {Inks} given.inks
 * @param {string} [given.hue] of the edges; else their sign's
 * @param {Picture} [given.picture] of a unit; left out: boxes with their names
 * @returns {Drawing}
 */
export function networkStill({ info, layers, inks, hue, picture }) {
  const width = 460;
  const layout = layOut(info, width);
  const { columns, size, height } = layout;
  const parts = columns.slice(1).flatMap((column, i) => {
    if (column.layer !== columns[i].layer + 1) return [];
    const pairs = columns[i].units.flatMap((from) => column.units.map((to) => ({ from, to })));
    const places = labelPlaces(pairs, size);
    const { weights, fanOut } = layers[column.layer - 1];
    return pairs.map(({ from, to }, k) => {
      const value = weights[from.unit * fanOut + to.unit];
      const [start, ...rest] = edgeCurve(from, to, size).map((point) => point.map(short).join(' '));
      const dash = value < 0 ? ' stroke-dasharray="7 4"' : '';
      const stroke = hue ?? (value < 0 ? inks.negative : inks.positive);
      const label = places
        ? `<text x="${short(places[k].x)}" y="${short(places[k].y + 4)}" fill="${inks.ink}" stroke="${inks.paper}" stroke-width="5" stroke-linejoin="round" paint-order="stroke" text-anchor="middle">${signed(value)}</text>`
        : '';
      return [
        `<path d="M${start}C${rest.join(',')}" fill="none" stroke="${stroke}" stroke-width="${short(edgeWidth(value, size))}"${dash}/>`,
        label,
      ];
    });
  });
  const units = columns.flatMap(({ units, layer, rest, x }) => [
    ...units.map((unit) => unitStill(unit, layout, { layer: layers[layer - 1], inks, picture })),
    rest > 0
      ? `<text x="${short(x)}" y="${short(height - 1)}" fill="${inks.quiet}" text-anchor="middle">+ ${count(rest)}</text>`
      : '',
  ]);
  return {
    width,
    height,
    body: [...parts.map(([path]) => path), ...parts.map(([, text]) => text), ...units].join(''),
  };
}

/**
 * @param {Unit} unit
 * @param {import('./network-layout.js').Layout} layout
 * @param {{ layer?: Shown, inks: Inks, picture?: Picture }} given `layer`: none of an input
 */
function unitStill(unit, { size, hasNames, hasBiases }, { layer, inks, picture }) {
  const { x, y, name } = unit;
  const [left, top] = [short(x - size / 2), short(y - size / 2)];
  const frame = (/** @type {string} */ fill, radius = 5) =>
    `<rect x="${left}" y="${top}" width="${size}" height="${size}" rx="${radius}" fill="${fill}" stroke="${inks.ink}" stroke-width="1.5"/>`;
  const write = (/** @type {string} */ text, /** @type {number} */ at, ink = inks.quiet) =>
    `<text x="${short(x)}" y="${short(at)}" fill="${ink}" text-anchor="middle">${escaped(text)}</text>`;
  const below = y + size / 2 + 18;
  const bias = layer && hasBiases ? signed(layer.biases[unit.unit]) : '';
  if (picture) {
    const map = picture(unit);
    const shape = map
      ? `<image x="${left}" y="${top}" width="${size}" height="${size}" preserveAspectRatio="none" href="${map}"/>${frame('none')}`
      : frame(inks.paper, size / 2); // a circle, as on the page
    const label = hasNames ? write(name, below) : '';
    return `${shape}${label}${bias ? write(bias, below + 15, inks.ink) : ''}`;
  }
  const label = size >= 30 ? write(name, y + 4, inks.ink) : hasNames ? write(name, below) : '';
  return `${frame(inks.neutral)}${label}${bias ? write(bias, below) : ''}`;
}

/** Rows that get their number beside their mark. */
const MOST_NUMBERED = 8;

/**
 * The output over the plane, and the rows of the training set.
 * @param {object} given
 * @param {RunInfo} given.info
 * @param {Snapshot} given.snapshot with a map of an output
 * @param {Inks} given.inks
 * @param {Image} given.image
 * @returns {Drawing}
 */
export function mapStill({ info, snapshot: { output, predictions }, inks, image }) {
  const { plane, samples, outputs } = info;
  if (!output || !plane) throw new Error('There is no map');
  const side = 260;
  const range = outputRange(info);
  const rows = samples.inputs.length;
  const r = rows <= 16 ? 6 : rows <= 200 ? 3.2 : 2;
  const at = (/** @type {number} */ v, /** @type {[number, number]} */ [low, high]) =>
    (side * (v - low)) / (high - low);
  const marks = samples.inputs.map((row, i) => {
    const [x, y] = [at(row[0], plane.x), side - at(row[1], plane.y)];
    const isHigh = samples.targets[i][output.index] > range.middle;
    const shape = isHigh
      ? `<rect x="${short(x - r)}" y="${short(y - r)}" width="${2 * r}" height="${2 * r}" fill="${inks.ink}"/>`
      : `<circle cx="${short(x)}" cy="${short(y)}" r="${r}" fill="${inks.paper}" stroke="${inks.ink}" stroke-width="1.6"/>`;
    if (rows > MOST_NUMBERED) return shape;
    const isLeft = x < side / 2;
    const value = number(predictions[i * outputs + output.index]);
    return `${shape}<text x="${short(x + (isLeft ? 11 : -11))}" y="${short(y - 8)}" fill="${inks.ink}" text-anchor="${isLeft ? 'start' : 'end'}">${value}</text>`;
  });
  return {
    width: side,
    height: side,
    body: `<image width="${side}" height="${side}" preserveAspectRatio="none" href="${image(output, range, inks)}"/><path d="${contourPath(output, range.middle, side)}" fill="none" stroke="${inks.ink}"/>${marks.join('')}`,
  };
}

/**
 * The loss, and dashed the test loss.
 * @param {object} given
 * @param {import('../state/types.js').History} given.history
 * @param {number} given.end of the axis of epochs
 * @param {number[]} given.marks losses that must be in sight
 * @param {Inks} given.inks
 * @param {{ epoch: number, loss: number, testLoss?: number }} [given.now] where the run stands
 * @returns {Drawing}
 */
export function lossStill({ history, end, marks, inks, now }) {
  const [width, height] = [640, 200];
  const plot = plotOf({ history, end, scale: 'linear', width, height, marks });
  const losses = plot.ticks.map(
    ({ value, text }) =>
      `<path d="M${plot.left} ${short(plot.y(value))}H${plot.right}" stroke="${inks.rule}"/><text x="${plot.left - 8}" y="${short(plot.y(value) + 4)}" fill="${inks.quiet}" text-anchor="end">${text}</text>`,
  );
  const epochs = epochTicks(end, 'linear', 6).map(
    (epoch) =>
      `<text x="${short(plot.x(epoch))}" y="${height - 8}" fill="${inks.quiet}" text-anchor="middle">${count(epoch)}</text>`,
  );
  const curve = `<path d="${curvePath(history, plot)}" fill="none" stroke="${inks.ink}" stroke-width="2"/>`;
  const tests = history.testLosses
    ? `<path d="${curvePath({ epochs: history.epochs, losses: history.testLosses }, plot)}" fill="none" stroke="${inks.ink}" stroke-dasharray="5 4"/>`
    : '';
  const here = now ? nowStill(now, plot, inks) : '';
  return { width, height, body: `${losses.join('')}${epochs.join('')}${tests}${curve}${here}` };
}

/** Where the run stands. @param {{ epoch: number, loss: number, testLoss?: number }} now @param {import('./loss-geometry.js').Plot} plot @param {Inks} inks */
function nowStill({ epoch, loss, testLoss }, plot, inks) {
  const x = plot.x(epoch);
  const isLeft = x > (plot.left + plot.right) / 2;
  const test = testLoss === undefined ? '' : ` · test ${number(testLoss)}`;
  return `<path d="M${short(x)} ${plot.top - 16}V${plot.bottom}" stroke="${inks.quiet}"/><circle cx="${short(x)}" cy="${short(plot.y(loss))}" r="5" fill="${inks.ink}"/><text x="${short(x + (isLeft ? -9 : 9))}" y="${plot.top - 8}" fill="${inks.ink}" text-anchor="${isLeft ? 'end' : 'start'}">epoch ${count(epoch)} · loss ${number(loss)}${test}</text>`;
}
