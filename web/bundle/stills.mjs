// What the page shows without JavaScript: numbers, tables and pictures, made at build time by the
// engine itself.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import { describe, takeSnapshot } from '../engine/read-out.js';
import { epochTicks } from '../state/axis.js';
import { complete } from '../state/experiment.js';
import { count, number, plain, signed } from '../state/format.js';
import { outputRange } from '../state/reading.js';
import { luckNumbers } from '../story/luck.js';
import { LOSS_EPOCHS, storyNumbers } from '../story/numbers.js';
import { divergingTable, tableIndex } from '../views/colour.js';
import { contourPath } from '../views/contour.js';
import { curvePath, plotOf } from '../views/loss-geometry.js';
import { edgeCurve, edgeWidth, labelPlaces, layOut } from '../views/network-layout.js';
import { checkStill } from './check-still.mjs';
import { askJob, landscapeStill, seedsStill, sharesStill } from './luck-stills.mjs';
import { makeTables } from './tables.mjs';

/** @typedef {import('../state/types.js').Snapshot} Snapshot */
/** @typedef {import('../state/types.js').RunInfo} RunInfo */
/** @typedef {import('../story/numbers.js').Numbers} Numbers */

/**
 * The pictures are files, so their colours stand in them: once for light and once for dark.
 * @typedef {typeof LIGHT} Inks
 */
const LIGHT = {
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
const DARK = {
  paper: '#15181c',
  ink: '#e7e9ec',
  quiet: '#9aa4af',
  rule: '#2b3138',
  positive: '#74b3e0',
  neutral: '#22272d',
  negative: '#f0a35e',
  backward: '#e879f9',
};

/**
 * @typedef {object} Story
 * @property {Numbers} numbers
 * @property {Record<string, string>} pieces HTML, by the names that the page's text uses
 * @property {Record<string, string>} pictures SVG, by the names of their files
 */

/**
 * @param {object} places
 * @param {string} places.root of the repository
 * @param {string} places.library the package's module
 * @returns {Promise<Story>}
 */
export async function makeStory({ root, library }) {
  const { loadBackprop } = await import(pathToFileURL(library).href);
  const backprop = await loadBackprop();
  /** @type {import('../story/numbers.js').Ask} */
  const ask = async (experiment, epoch, looks = {}) => {
    const session = new backprop.Session(experiment);
    session.seek(epoch);
    const info = describe(session, complete(experiment));
    const snapshot = takeSnapshot(session, info, looks, false);
    session.dispose();
    return snapshot;
  };
  const { digest, scenarios } = await nativeDigests(root);
  const numbers = await storyNumbers(ask);
  if (numbers.digest.text !== digest) throw new Error('The WebAssembly has other bits than C++.');
  numbers.native = { text: digest, exact: digest };
  Object.assign(numbers, await luckNumbers(askJob(backprop)));
  numbers.scenarios = { text: count(scenarios), exact: String(scenarios) };
  return { numbers, ...(await drawStills(backprop, ask, numbers)) };
}

/**
 * What the native programs come to, as their tests compare it.
 * @param {string} root
 */
async function nativeDigests(root) {
  const text = await readFile(path.join(root, 'core/test/golden/digests.json'), 'utf8');
  /** @type {{ name: string, epochs: number, digest: string }[]} */
  const scenarios = JSON.parse(text);
  const post = scenarios.find(({ name, epochs }) => name === 'post' && epochs === 10000);
  if (!post) throw new Error("The post's run is not among the golden digests.");
  return { digest: post.digest, scenarios: scenarios.length };
}

/**
 * @param {import('../../wasm/index.js').Backprop} backprop
 * @param {import('../story/numbers.js').Ask} ask
 * @param {Numbers} numbers
 */
async function drawStills(backprop, ask, numbers) {
  const session = new backprop.Session({});
  const first = await ask({}, 0, { trace: true });
  session.train(10000);
  const info = describe(session, complete({}));
  const last = takeSnapshot(session, info, { output: 0 }, false);
  const { epochs, losses } = session.history();
  session.dispose();
  const history = { epochs, losses, complete: true, milliseconds: 0 };
  /** @type {Record<string, { alt: string, draw: (inks: Inks) => Drawing }>} */
  const drawings = {
    network: {
      alt: 'The network with its weights after 10,000 epochs.',
      draw: (inks) => networkStill(info, weightsOf(last), inks),
    },
    map: {
      alt: 'The output over the input plane after 10,000 epochs.',
      draw: (inks) => mapStill(info, last, inks),
    },
    loss: {
      alt: 'The loss over 10,000 epochs; the table has its values.',
      draw: (inks) => lossStill(history, inks),
    },
    gradient: {
      alt: 'The gradient of the first step on the edges of the network; the tables have its values.',
      draw: (inks) => networkStill(info, gradientOf(first), inks, inks.backward),
    },
  };
  const [seeds, land] = [seedsStill(backprop), landscapeStill(backprop)];
  Object.assign(drawings, { seeds, landscape: land });
  /** @type {Story['pictures']} */
  const pictures = {};
  /** @type {Story['pieces']} */
  const pieces = {
    rows: rowsStill(info, last),
    losses: lossesStill(numbers),
    shares: sharesStill(backprop),
    check: checkStill(backprop),
    ...makeTables(numbers),
  };
  for (const [name, { alt, draw }] of Object.entries(drawings)) {
    for (const [scheme, inks] of Object.entries({ light: LIGHT, dark: DARK }))
      pictures[`${name}-${scheme}.svg`] = svgOf(draw(inks));
    const { width, height } = draw(LIGHT);
    pieces[name] =
      `<picture><source vite-ignore media="(prefers-color-scheme: dark)" srcset="./stills/${name}-dark.svg" /><img vite-ignore src="./stills/${name}-light.svg" width="${width}" height="${height}" loading="lazy" alt="${alt}" /></picture>`;
  }
  return { pieces, pictures };
}

/** @typedef {{ width: number, height: number, body: string }} Drawing */

/** @param {Drawing} drawing */
function svgOf({ width, height, body }) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="11">${body}</svg>`;
}

/** @param {number} value */
export const short = (value) => String(Math.round(10 * value) / 10);

/** @typedef {{ weights: ArrayLike<number>, biases: ArrayLike<number>, fanOut: number }} Shown */

/**
 * @param {Snapshot} snapshot
 * @returns {Shown[]}
 */
const weightsOf = ({ layers }) => layers;

/**
 * @param {Snapshot} snapshot with its trace
 * @returns {Shown[]}
 */
function gradientOf({ trace = [], layers }) {
  const find = (/** @type {string} */ name) =>
    trace.find((array) => array.name === name)?.values ?? [];
  return layers.map(({ fanOut }, k) => ({
    weights: find(`d_W${k + 1}`),
    biases: find(`d_b${k + 1}`),
    fanOut,
  }));
}

/**
 * The network with a number on each edge and under each unit.
 * @param {RunInfo} info
 * @param {Shown[]} layers
 * @param {Inks} inks
 * @param {string} [hue] of the edges; else their sign's
 * @returns {Drawing}
 */
function networkStill(info, layers, inks, hue) {
  const width = 460;
  const { columns, size, height } = layOut(info, width);
  const parts = columns.slice(1).flatMap((column, i) => {
    const pairs = columns[i].units.flatMap((from) => column.units.map((to) => ({ from, to })));
    const places = labelPlaces(pairs, size) ?? [];
    const { weights, fanOut } = layers[i];
    return pairs.map(({ from, to }, k) => {
      const value = weights[from.unit * fanOut + to.unit];
      const [start, ...rest] = edgeCurve(from, to, size).map((point) => point.map(short).join(' '));
      const dash = value < 0 ? ' stroke-dasharray="7 4"' : '';
      const stroke = hue ?? (value < 0 ? inks.negative : inks.positive);
      return [
        `<path d="M${start}C${rest.join(',')}" fill="none" stroke="${stroke}" stroke-width="${short(edgeWidth(value, size))}"${dash}/>`,
        `<text x="${short(places[k].x)}" y="${short(places[k].y + 4)}" fill="${inks.ink}" stroke="${inks.paper}" stroke-width="5" stroke-linejoin="round" paint-order="stroke" text-anchor="middle">${signed(value)}</text>`,
      ];
    });
  });
  const units = columns.flatMap(({ units, layer }) =>
    units.map(({ x, y, unit, name }) => {
      const bias = layer > 0 ? signed(layers[layer - 1].biases[unit]) : '';
      const below = y + size / 2 + 18;
      return `<rect x="${short(x - size / 2)}" y="${short(y - size / 2)}" width="${size}" height="${size}" rx="5" fill="${inks.neutral}" stroke="${inks.ink}" stroke-width="1.5"/><text x="${short(x)}" y="${short(y + 4)}" fill="${inks.ink}" text-anchor="middle">${name}</text><text x="${short(x)}" y="${short(below)}" fill="${inks.quiet}" text-anchor="middle">${bias}</text>`;
    }),
  );
  return {
    width,
    height,
    body: [...parts.map(([path]) => path), ...parts.map(([, text]) => text), ...units].join(''),
  };
}

/**
 * @param {RunInfo} info
 * @param {Snapshot} snapshot
 * @param {Inks} inks
 * @returns {Drawing}
 */
function mapStill(info, { output, predictions }, inks) {
  const { plane } = info;
  if (!output || !plane) throw new Error('The post has a map');
  const side = 260;
  const range = outputRange(info);
  const at = (/** @type {number} */ v, /** @type {[number, number]} */ [low, high]) =>
    (side * (v - low)) / (high - low);
  const marks = info.samples.inputs.map((row, i) => {
    const [x, y] = [at(row[0], plane.x), side - at(row[1], plane.y)];
    const shape = info.samples.targets[i][0]
      ? `<rect x="${short(x - 6)}" y="${short(y - 6)}" width="12" height="12" fill="${inks.ink}"/>`
      : `<circle cx="${short(x)}" cy="${short(y)}" r="6" fill="${inks.paper}" stroke="${inks.ink}" stroke-width="1.6"/>`;
    const isLeft = x < side / 2;
    return `${shape}<text x="${short(x + (isLeft ? 11 : -11))}" y="${short(y - 8)}" fill="${inks.ink}" text-anchor="${isLeft ? 'start' : 'end'}">${number(predictions[i])}</text>`;
  });
  return {
    width: side,
    height: side,
    body: `<image width="${side}" height="${side}" preserveAspectRatio="none" href="${pngOf(output, range, inks)}"/><path d="${contourPath(output, range.middle, side)}" fill="none" stroke="${inks.ink}"/>${marks.join('')}`,
  };
}

/**
 * The map as a picture: PNG, one byte of a palette for each cell.
 * @param {{ size: number, values: Float32Array | Float64Array }} map
 * @param {import('../state/reading.js').Range} range
 * @param {Inks} inks
 */
export function pngOf({ size, values }, range, inks) {
  const height = values.length / size;
  const rgb = (/** @type {string} */ hex) => [...Buffer.from(hex.slice(1), 'hex')];
  const table = new Uint8Array(divergingTable(inks, rgb).buffer);
  const palette = Buffer.from(table.filter((_, i) => i % 4 < 3));
  const rows = Array.from({ length: height }, (_, y) => {
    const row = values.subarray((height - 1 - y) * size, (height - y) * size);
    return Buffer.from([0, ...Array.from(row, (value) => tableIndex(value, range))]);
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8);
  const png = Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return `data:image/png;base64,${png.toString('base64')}`;
}

/**
 * @param {string} name
 * @param {Buffer} content
 */
function chunk(name, content) {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

/**
 * @param {import('../state/types.js').History} history
 * @param {Inks} inks
 * @returns {Drawing}
 */
function lossStill(history, inks) {
  const [width, height, end] = [640, 200, 10000];
  const plot = plotOf({ history, end, scale: 'linear', width, height, marks: [0.125] });
  const losses = plot.ticks.map(
    ({ value, text }) =>
      `<path d="M${plot.left} ${short(plot.y(value))}H${plot.right}" stroke="${inks.rule}"/><text x="${plot.left - 8}" y="${short(plot.y(value) + 4)}" fill="${inks.quiet}" text-anchor="end">${text}</text>`,
  );
  const epochs = epochTicks(end, 'linear', 6).map(
    (epoch) =>
      `<text x="${short(plot.x(epoch))}" y="${height - 8}" fill="${inks.quiet}" text-anchor="middle">${count(epoch)}</text>`,
  );
  const curve = `<path d="${curvePath(history, plot)}" fill="none" stroke="${inks.ink}" stroke-width="2"/>`;
  return { width, height, body: `${losses.join('')}${epochs.join('')}${curve}` };
}

/**
 * @param {RunInfo} info
 * @param {Snapshot} snapshot
 */
function rowsStill(info, { predictions }) {
  const rows = info.samples.inputs.map((inputs, i) => {
    const target = info.samples.targets[i][0];
    const cells = [plain(target), number(predictions[i]), signed(predictions[i] - target)];
    return `<tr><th scope="row">${inputs.map(plain).join(' ')}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return `<table><caption>The four rows after 10,000 epochs</caption><thead><tr><th scope="col">x1 x2</th><th scope="col">target</th><th scope="col">output</th><th scope="col">error</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** @param {Numbers} numbers */
function lossesStill(numbers) {
  const rows = LOSS_EPOCHS.map(
    (epoch) =>
      `<tr><th scope="row">${count(epoch)}</th><td>${numbers[`loss@${epoch}`].text}</td></tr>`,
  );
  return `<table><caption>The loss on the way</caption><thead><tr><th scope="col">epoch</th><th scope="col">loss</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}
