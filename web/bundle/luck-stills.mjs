// What the figures about other seeds show without JavaScript: two hundred maps, the shares of those
// that learn, and the landscape around the run.
import { startJob } from '../engine/jobs.js';
import { count, number, plain } from '../state/format.js';
import { isSolved } from '../state/outcome.js';
import { LUCK_SEEDS, xorWith } from '../story/luck.js';
import { contourPath } from '../views/contour.js';
import { reliefOf } from '../views/landscape.js';
import { short } from '../views/still.js';
import { pngOf } from './stills.mjs';

/** @typedef {import('../../wasm/classes.js').Classes} Backprop */
/** @typedef {import('../engine/messages.js').Job} Job */
/** @typedef {import('../views/still.js').Inks} Inks */
/** @typedef {import('../views/still.js').Drawing} Drawing */

const SEEDS = Array.from({ length: LUCK_SEEDS }, (_, seed) => seed);
const POSTS_SEED = 42;
/** Tiles in a line, cells along a tile's side, and pixels of a tile and of its place. */
const COLUMNS = 25;
const CELLS = 8;
const TILE = 24;
const PITCH = 26;
const SIDE = 360;
const OUTPUT = { low: 0, middle: 0.5, high: 1 };

/**
 * @param {Backprop} backprop
 * @returns {(job: Job) => Promise<any>}
 */
export function askJob(backprop) {
  return async (job) => doJob(backprop, job);
}

/**
 * @param {Backprop} backprop
 * @param {Job} job
 * @returns {any}
 */
function doJob(backprop, job) {
  const work = startJob(backprop, job);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** @param {Backprop} backprop */
export function seedsStill(backprop) {
  const job = {
    kind: /** @type {const} */ ('survey'),
    experiment: {},
    seeds: SEEDS,
    hasMaps: true,
  };
  const { losses, maps, size } = doJob(backprop, job);
  const sorted = SEEDS.toSorted((a, b) => losses[a] - losses[b]);
  const tiles = sorted.map((seed) => ({ seed, values: coarse(maps[seed], size) }));
  return {
    alt: `The maps of ${LUCK_SEEDS} seeds, the lowest loss first; seed ${POSTS_SEED} has a frame.`,
    draw: (/** @type {Inks} */ inks) => drawTiles(tiles, inks),
  };
}

/**
 * Every so many cells of a map.
 * @param {Float32Array} values
 * @param {number} size
 */
function coarse(values, size) {
  const step = size / CELLS;
  const at = (/** @type {number} */ i) => Math.floor((i + 0.5) * step);
  return Float32Array.from(
    { length: CELLS * CELLS },
    (_, i) => values[at(Math.floor(i / CELLS)) * size + at(i % CELLS)],
  );
}

/**
 * @param {{ seed: number, values: Float32Array }[]} tiles
 * @param {Inks} inks
 * @returns {Drawing}
 */
function drawTiles(tiles, inks) {
  const lines = Math.ceil(tiles.length / COLUMNS);
  const [width, height] = [COLUMNS * PITCH, lines * PITCH];
  const all = new Float32Array(COLUMNS * CELLS * lines * CELLS);
  const rules = [];
  for (let i = 0; i < all.length; i++) {
    const [x, y] = [i % (COLUMNS * CELLS), Math.floor(i / (COLUMNS * CELLS))];
    const line = lines - 1 - Math.floor(y / CELLS);
    const tile = tiles[line * COLUMNS + Math.floor(x / CELLS)];
    all[i] = tile.values[(y % CELLS) * CELLS + (x % CELLS)];
  }
  for (let x = 1; x < COLUMNS; x++) rules.push(`M${x * PITCH} 0V${height}`);
  for (let y = 1; y < lines; y++) rules.push(`M0 ${y * PITCH}H${width}`);
  const own = tiles.findIndex(({ seed }) => seed === POSTS_SEED);
  const [left, top] = [(own % COLUMNS) * PITCH, Math.floor(own / COLUMNS) * PITCH];
  const png = pngOf({ size: COLUMNS * CELLS, values: all }, OUTPUT, inks);
  const body = `<image width="${width}" height="${height}" preserveAspectRatio="none" image-rendering="pixelated" href="${png}"/><path d="${rules.join('')}" stroke="${inks.paper}" stroke-width="${PITCH - TILE}"/><rect x="${left}" y="${top}" width="${PITCH}" height="${PITCH}" fill="none" stroke="${inks.ink}" stroke-width="2"/>`;
  return { width, height, body };
}

/** @param {Backprop} backprop */
export function sharesStill(backprop) {
  const rates = [0.1, 1, 10];
  const rows = [2, 3, 4, 8].map((units) => {
    const cells = rates.map((rate) => {
      const job = {
        kind: /** @type {const} */ ('survey'),
        experiment: xorWith(units, rate),
        seeds: SEEDS,
        hasMaps: false,
      };
      const { losses, diverged } = doJob(backprop, job);
      const solved = SEEDS.filter((seed) =>
        isSolved({ seed, loss: losses[seed], diverged: diverged[seed] }),
      );
      return `<td>${plain((100 * solved.length) / LUCK_SEEDS)} % (${solved.length})</td>`;
    });
    return `<tr><th scope="row">${units}</th>${cells.join('')}</tr>`;
  });
  const heads = rates.map((rate) => `<th scope="col">rate ${rate}</th>`).join('');
  return `<div class="scroll" tabindex="0" role="group" aria-label="Seeds that learn XOR"><table><caption>Of ${LUCK_SEEDS} seeds, those that learn XOR in 10,000 epochs</caption><thead><tr><th scope="col">hidden units</th>${heads}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

/** @param {Backprop} backprop */
export function landscapeStill(backprop) {
  /** @type {import('../state/types.js').Landscape} */
  const land = doJob(backprop, { kind: 'landscape', experiment: {}, epoch: 0 });
  const [start, end] = [land.path.losses[0], land.path.losses[land.path.losses.length - 1]];
  return {
    alt: `The loss on the plane of the run’s path, and the path on it, from ${number(start)} to ${number(end)}.`,
    draw: (/** @type {Inks} */ inks) => drawLand(land, inks),
  };
}

/**
 * @param {import('../state/types.js').Landscape} land
 * @param {Inks} inks
 * @returns {Drawing}
 */
function drawLand({ x, y, size, losses, path }, inks) {
  const { levels, values, range } = reliefOf({ x, y, size, losses, path });
  const at = (/** @type {number} */ i) => [
    (SIDE * (path.x[i] - x[0])) / (x[1] - x[0]),
    SIDE - (SIDE * (path.y[i] - y[0])) / (y[1] - y[0]),
  ];
  const track = path.epochs.map((_, i) => at(i).map(short).join(' ')).join('L');
  const lines = levels.map(
    (level) =>
      `<path d="${contourPath({ size, values: losses }, level, SIDE)}" fill="none" stroke="${inks.ink}" stroke-opacity="0.4"/>`,
  );
  const ends = [0, path.epochs.length - 1].map((i) => {
    const [cx, cy] = at(i).map(short);
    return `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${inks.ink}"/><text x="${cx}" y="${Number(cy) - 10}" fill="${inks.ink}" text-anchor="middle">${count(path.epochs[i])}</text>`;
  });
  const ground = `<image width="${SIDE}" height="${SIDE}" preserveAspectRatio="none" href="${pngOf({ size, values }, range, inks)}"/>`;
  const way = `<path d="M${track}" fill="none" stroke="${inks.ink}" stroke-width="2"/>`;
  return { width: SIDE, height: SIDE, body: `${ground}${lines.join('')}${way}${ends.join('')}` };
}
