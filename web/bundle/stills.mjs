// What the page shows without JavaScript: numbers, tables and pictures, made at build time by the
// engine itself.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import { describe, takeSnapshot } from '../engine/read-out.js';
import { complete } from '../state/experiment.js';
import { count, number, plain, signed } from '../state/format.js';
import { luckNumbers } from '../story/luck.js';
import { LOSS_EPOCHS, storyNumbers } from '../story/numbers.js';
import { divergingTable, tableIndexer } from '../views/colour.js';
import { DARK, LIGHT, lossStill, mapStill, networkStill, svgOf } from '../views/still.js';
import { checkStill } from './check-still.mjs';
import { listings } from './listings.mjs';
import { askJob, landscapeStill, seedsStill, sharesStill } from './luck-stills.mjs';
import { makeTables } from './tables.mjs';

/** @typedef {import('../state/types.js').Snapshot} Snapshot */
/** @typedef {import('../state/types.js').RunInfo} RunInfo */
/** @typedef {import('../story/numbers.js').Numbers} Numbers */
/** @typedef {import('../views/still.js').Inks} Inks */
/** @typedef {import('../views/still.js').Drawing} Drawing */
/** @typedef {import('../views/still.js').Shown} Shown */

/**
 * @typedef {object} Story
 * @property {Numbers} numbers
 * @property {Record<string, string>} pieces HTML, by the names that the page's text uses
 * @property {Record<string, string>} pictures SVG, by the names of their files
 */

/**
 * @param {object} places
 * @param {string} places.root of the repository
 * @param {string} places.entry the package's module
 * @returns {Promise<Story>}
 */
export async function makeStory({ root, entry }) {
  const { loadBackprop } = await import(pathToFileURL(entry).href);
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
      draw: (inks) => networkStill({ info, layers: last.layers, inks }),
    },
    map: {
      alt: 'The output over the input plane after 10,000 epochs.',
      draw: (inks) => mapStill({ info, snapshot: last, inks, image: pngOf }),
    },
    loss: {
      alt: 'The loss over 10,000 epochs; the table has its values.',
      draw: (inks) => lossStill({ history, end: 10000, marks: [0.125], inks }),
    },
    gradient: {
      alt: 'The gradient of the first step on the edges of the network; the tables have its values.',
      draw: (inks) => networkStill({ info, layers: gradientOf(first), inks, hue: inks.backward }),
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
    ...(await listings(backprop)),
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
    return Buffer.from([0, ...Array.from(row, tableIndexer(range))]);
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
