// Where the network's units and edges stand: shrunk to what fits, and cut where shrinking is not
// enough.
import { unitName } from '../state/reading.js';

/** @typedef {import('../state/types.js').RunInfo} RunInfo */

/**
 * @typedef {object} Unit
 * @property {number} layer 0: the inputs
 * @property {number} unit
 * @property {string} name
 * @property {number} x centre
 * @property {number} y centre
 */

/**
 * @typedef {object} Column
 * @property {number} layer
 * @property {number} x
 * @property {Unit[]} units
 * @property {number} rest units that are not drawn
 */

/**
 * @typedef {object} Edge
 * @property {Unit} from
 * @property {Unit} to
 * @property {[number, number][]} curve the four points of a Bézier curve
 * @property {string} path the same as SVG writes it
 */

/**
 * The edges between two columns, and places for their numbers where all of them fit.
 * @typedef {object} Bundle
 * @property {Edge[]} edges
 * @property {{ x: number, y: number }[]} [places]
 */

/**
 * @typedef {object} Layout
 * @property {number} width
 * @property {number} height
 * @property {number} size of a unit
 * @property {Column[]} columns
 * @property {(Bundle | undefined)[]} bundles from each column to the next; none where layers between are not drawn
 * @property {boolean} hasNames
 * @property {boolean} hasBiases whether there is room for the biases' numbers
 * @property {number} missing layers that are not drawn
 * @property {number} pitch from one column to the next
 */

/** Between two columns at least. */
const NARROWEST = 44;
const LARGEST_UNIT = 48;
const SMALLEST_UNIT = 18;
/** As many units of a layer are drawn. */
const MOST_ROWS = 12;
/** As many widths are remembered for a network. */
const MOST_WIDTHS = 8;

/** @type {WeakMap<RunInfo, Map<number, Layout>>} */
const known = new WeakMap();

/**
 * The same object for the same network and width.
 * @param {RunInfo} info
 * @param {number} width
 * @returns {Layout}
 */
export function layOut(info, width) {
  const byWidth = known.get(info) ?? new Map();
  known.set(info, byWidth);
  if (!byWidth.has(width)) {
    if (byWidth.size === MOST_WIDTHS) byWidth.clear();
    byWidth.set(width, makeLayout(info, width));
  }
  return byWidth.get(width);
}

/**
 * @param {RunInfo} info
 * @param {number} width
 * @returns {Layout}
 */
function makeLayout(info, width) {
  const counts = [info.names.length, ...info.layers.map((layer) => layer.units)];
  const margin = width < 360 ? 26 : 50;
  const room = Math.max(2, Math.floor((width - 2 * margin) / NARROWEST) + 1);
  const layers = pickLayers(counts.length, room);
  const rows = Math.min(MOST_ROWS, Math.max(...layers.map((layer) => counts[layer])));
  const pitch = (width - 2 * margin) / (layers.length - 1);
  const size = unitSize(rows, pitch);
  const gap = rowGap(rows, size, width);
  const height = Math.max(2, rows) * gap + 16;
  const columns = layers.map((layer, i) => ({
    layer,
    x: margin + i * pitch,
    rest: Math.max(0, counts[layer] - MOST_ROWS),
    units: columnOf(
      info,
      layer,
      Math.min(MOST_ROWS, counts[layer]),
      margin + i * pitch,
      height,
      gap,
    ),
  }));
  return {
    width,
    height,
    size,
    columns,
    bundles: columns.slice(1).map((column, i) => bundleOf(columns[i], column, size)),
    pitch,
    hasNames: gap >= size + 22,
    hasBiases: gap >= size + 40 && margin > 40,
    missing: counts.length - layers.length,
  };
}

/**
 * All the layers, or the first ones and the last.
 * @param {number} count
 * @param {number} room
 */
function pickLayers(count, room) {
  const all = Array.from({ length: count }, (_, layer) => layer);
  return count <= room ? all : [...all.slice(0, room - 1), count - 1];
}

/**
 * @param {number} rows
 * @param {number} pitch
 */
function unitSize(rows, pitch) {
  const wanted = rows <= 3 ? LARGEST_UNIT : 16 + 100 / rows;
  return Math.round(Math.max(SMALLEST_UNIT, Math.min(wanted, pitch * 0.42)));
}

/**
 * @param {number} rows
 * @param {number} size
 * @param {number} width
 */
function rowGap(rows, size, width) {
  if (rows <= 2) return width < 360 ? 104 : 122;
  if (rows <= 4) return size + 42;
  return size + (rows <= 8 ? Math.max(22, 40 - 3 * rows) : 12);
}

/**
 * @param {Column} before
 * @param {Column} column
 * @param {number} size
 * @returns {Bundle | undefined}
 */
function bundleOf(before, column, size) {
  if (column.layer !== before.layer + 1) return undefined;
  const edges = before.units.flatMap((from) =>
    column.units.map((to) => {
      const curve = edgeCurve(from, to, size);
      return { from, to, curve, path: pathOf(curve) };
    }),
  );
  return { edges, places: labelPlaces(edges, size) };
}

/** @param {[number, number][]} curve */
function pathOf(curve) {
  const [start, ...rest] = curve.map((point) => point.map(short).join(' '));
  return `M${start}C${rest.join(',')}`;
}

/** @param {number} value */
const short = (value) => Math.round(10 * value) / 10;

/**
 * @param {Layout} layout
 * @param {number} x
 * @param {number} y
 * @param {number} reach how far beside it still counts
 * @returns {Unit | undefined}
 */
export function unitAt({ columns, size }, x, y, reach) {
  const far = size / 2 + reach;
  for (const { units } of columns)
    for (const unit of units)
      if (Math.abs(unit.x - x) <= far && Math.abs(unit.y - y) <= far) return unit;
  return undefined;
}

/** A curve is measured as this many straight pieces. */
const PIECES = 16;

/**
 * The nearest edge, if it is near enough.
 * @param {Layout} layout
 * @param {number} x
 * @param {number} y
 * @param {number} reach
 * @returns {Edge | undefined}
 */
export function edgeAt({ bundles }, x, y, reach) {
  let nearest;
  let least = reach;
  for (const edge of bundles.flatMap((bundle) => bundle?.edges ?? [])) {
    if (x < edge.curve[0][0] - reach || x > edge.curve[3][0] + reach) continue;
    const away = distanceTo(edge.curve, x, y);
    if (away <= least) [least, nearest] = [away, edge];
  }
  return nearest;
}

/**
 * @param {[number, number][]} curve
 * @param {number} x
 * @param {number} y
 */
function distanceTo(curve, x, y) {
  let least = Number.POSITIVE_INFINITY;
  let before = pointOn(curve, 0);
  for (let i = 1; i <= PIECES; i++) {
    const after = pointOn(curve, i / PIECES);
    const [dx, dy] = [after.x - before.x, after.y - before.y];
    const along = ((x - before.x) * dx + (y - before.y) * dy) / (dx * dx + dy * dy);
    const t = Math.min(1, Math.max(0, along));
    least = Math.min(least, Math.hypot(x - before.x - t * dx, y - before.y - t * dy));
    before = after;
  }
  return least;
}

/**
 * @param {RunInfo} info
 * @param {number} layer
 * @param {number} count
 * @param {number} x
 * @param {number} height
 * @param {number} gap
 * @returns {Unit[]}
 */
function columnOf(info, layer, count, x, height, gap) {
  return Array.from({ length: count }, (_, unit) => ({
    layer,
    unit,
    name: unitName(info, layer, unit),
    x,
    y: height / 2 + (unit - (count - 1) / 2) * gap - 8,
  }));
}

/**
 * How wide an edge is drawn: compressed, so that 0.001 still shows.
 * @param {number} weight
 * @param {number} size of the units it joins
 */
export function edgeWidth(weight, size) {
  const width = 0.9 + 2 * Math.log2(1 + Math.abs(weight));
  return Math.min(10, width) * Math.min(1, 0.35 + size / 74) || 0.9;
}

/**
 * @param {Unit} from
 * @param {Unit} to
 * @param {number} size of the units
 * @returns {[number, number][]} the four points of a Bézier curve
 */
export function edgeCurve(from, to, size) {
  const x0 = from.x + size / 2;
  const x1 = to.x - size / 2;
  const bend = (x1 - x0) / 2;
  return [
    [x0, from.y],
    [x0 + bend, from.y],
    [x1 - bend, to.y],
    [x1, to.y],
  ];
}

/**
 * @param {[number, number][]} curve
 * @param {number} t 0 to 1
 */
export function pointOn(curve, t) {
  const s = 1 - t;
  const at = (/** @type {0 | 1} */ k) =>
    s ** 3 * curve[0][k] +
    3 * s * s * t * curve[1][k] +
    3 * s * t * t * curve[2][k] +
    t ** 3 * curve[3][k];
  return { x: at(0), y: at(1) };
}

/** More numbers than these between two columns could no longer be told apart. */
const MOST_LABELS = 6;
const LABEL = { width: 54, height: 15 };
const PLACES = [0.5, 0.26, 0.38, 0.62, 0.74, 0.2, 0.8, 0.32, 0.68];

/**
 * Places for the numbers on the edges between two columns, or none where they do not all fit.
 * @param {{ from: Unit, to: Unit }[]} edges
 * @param {number} size
 */
export function labelPlaces(edges, size) {
  /** @type {{ x: number, y: number }[]} */
  const taken = [];
  if (edges.length > MOST_LABELS) return undefined;
  const middle = edges.reduce((sum, { from }) => sum + from.y, 0) / edges.length;
  for (const { from, to } of edges) {
    const curve = edgeCurve(from, to, size);
    if (curve[3][0] - curve[0][0] < LABEL.width + 12) return undefined;
    const isLevel = Math.abs(from.y - to.y) < 1;
    const outside = from.y > middle ? 11 : -11;
    const place = (isLevel ? besideLine(curve, outside) : onCurve(curve, edges.length)).find(
      (point) => isFree(point, taken) && isInside(point, curve),
    );
    if (!place) return undefined;
    taken.push(place);
  }
  return taken;
}

/**
 * Above or below a level edge, whichever is free.
 * @param {[number, number][]} curve
 * @param {number} outside how far the better side is, where other edges come from the inside
 */
function besideLine(curve, outside) {
  return [outside, -outside].flatMap((aside) =>
    [0.5, 0.4, 0.6].map((t) => pointOn(curve, t)).map(({ x, y }) => ({ x, y: y + aside })),
  );
}

/**
 * On the edge itself; where edges cross, not in their middle.
 * @param {[number, number][]} curve
 * @param {number} edges
 */
function onCurve(curve, edges) {
  return PLACES.filter((t) => edges < 3 || Math.abs(t - 0.5) > 0.1).map((t) => pointOn(curve, t));
}

/**
 * @param {{ x: number, y: number }} point
 * @param {{ x: number, y: number }[]} taken
 */
function isFree({ x, y }, taken) {
  return taken.every(
    (other) => Math.abs(other.x - x) > LABEL.width || Math.abs(other.y - y) > LABEL.height,
  );
}

/**
 * @param {{ x: number }} point
 * @param {[number, number][]} curve
 */
function isInside({ x }, curve) {
  const half = LABEL.width / 2;
  return x - half > curve[0][0] && x + half < curve[3][0];
}
