// What the page shows without JavaScript: numbers and pictures, made at build time by the engine.
import { pathToFileURL } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import { describe, takeSnapshot } from '../engine/read-out.js';
import { epochTicks } from '../state/axis.js';
import { complete } from '../state/experiment.js';
import { count, number, plain, signed } from '../state/format.js';
import { outputRange } from '../state/reading.js';
import { LOSS_EPOCHS, storyNumbers } from '../story/numbers.js';
import { divergingTable, tableIndex } from '../views/colour.js';
import { contourPath } from '../views/contour.js';
import { curvePath, plotOf } from '../views/loss-geometry.js';

/** @typedef {import('../state/types.js').Snapshot} Snapshot */
/** @typedef {import('../state/types.js').RunInfo} RunInfo */

const HUES = { positive: '2166ac', neutral: 'f5f2ec', negative: 'b35806' };

/** @param {string} library the package's module */
export async function makeStills(library) {
  const { loadBackprop } = await import(pathToFileURL(library).href);
  const backprop = await loadBackprop();
  const numbers = await storyNumbers(async (experiment, epoch, looks = {}) => {
    const session = new backprop.Session(experiment);
    session.seek(epoch);
    const info = describe(session, complete(experiment));
    const snapshot = takeSnapshot(session, info, looks, false);
    session.dispose();
    return snapshot;
  });
  const session = new backprop.Session({});
  session.train(10000);
  const info = describe(session, complete({}));
  const snapshot = takeSnapshot(session, info, { output: 0 }, false);
  const { epochs, losses } = session.history();
  session.dispose();
  const stills = {
    map: mapStill(info, snapshot),
    loss: lossStill({ epochs, losses, complete: true, milliseconds: 0 }),
    rows: rowsStill(info, snapshot),
    losses: lossesStill(numbers),
  };
  return { numbers, stills };
}

/**
 * @param {RunInfo} info
 * @param {Snapshot} snapshot
 */
function mapStill(info, { output, predictions }) {
  const { plane } = info;
  if (!output || !plane) throw new Error('The post has a map');
  const range = outputRange(info);
  const at = (/** @type {number} */ v, /** @type {[number, number]} */ [low, high]) =>
    (260 * (v - low)) / (high - low);
  const marks = info.samples.inputs.map((row, i) => {
    const [x, y] = [at(row[0], plane.x), 260 - at(row[1], plane.y)];
    const shape = info.samples.targets[i][0]
      ? `<rect class="high" x="${x - 6}" y="${y - 6}" width="12" height="12"/>`
      : `<circle class="low" cx="${x}" cy="${y}" r="6"/>`;
    const place = x < 160 ? `x="${x + 11}"` : `class="end" x="${x - 11}"`;
    return `${shape}<text ${place} y="${y - 8}">${number(predictions[i])}</text>`;
  });
  return `<svg class="still-map" viewBox="0 0 260 260" role="img" aria-label="The output over the input plane after 10,000 epochs.">
    <image width="260" height="260" preserveAspectRatio="none" href="${pngOf(output, range)}"/>
    <path class="contour" d="${contourPath(output, range.middle, 260)}"/>${marks.join('')}</svg>`;
}

/**
 * The map as a picture: PNG, one byte of a palette for each cell.
 * @param {{ size: number, values: Float32Array }} map
 * @param {import('../state/reading.js').Range} range
 */
function pngOf({ size, values }, range) {
  const table = new Uint8Array(divergingTable(HUES, (hex) => [...Buffer.from(hex, 'hex')]).buffer);
  const palette = Buffer.from(table.filter((_, i) => i % 4 < 3));
  const rows = Array.from({ length: size }, (_, y) => {
    const row = values.subarray((size - 1 - y) * size, (size - y) * size);
    return Buffer.from([0, ...Array.from(row, (value) => tableIndex(value, range))]);
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
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

/** @param {import('../state/types.js').History} history */
function lossStill(history) {
  const [width, height, end] = [640, 200, 10000];
  const plot = plotOf({ history, end, scale: 'linear', width, height, marks: [0.125] });
  const losses = plot.ticks.map(
    ({ value, text }) =>
      `<path class="grid" d="M${plot.left} ${plot.y(value)}H${plot.right}"/><text class="end" x="${plot.left - 8}" y="${plot.y(value) + 4}">${text}</text>`,
  );
  const epochs = epochTicks(end, 'linear', 6).map(
    (epoch) => `<text class="middle" x="${plot.x(epoch)}" y="${height - 8}">${count(epoch)}</text>`,
  );
  return `<svg class="still-loss" viewBox="0 0 ${width} ${height}" role="img" aria-label="The loss over 10,000 epochs.">
    ${losses.join('')}${epochs.join('')}<path class="curve" d="${curvePath(history, plot)}"/></svg>`;
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

/** @param {Record<string, string>} numbers */
function lossesStill(numbers) {
  const rows = LOSS_EPOCHS.map(
    (epoch) => `<tr><th scope="row">${count(epoch)}</th><td>${numbers[`loss@${epoch}`]}</td></tr>`,
  );
  return `<table><caption>The loss on the way</caption><thead><tr><th scope="col">epoch</th><th scope="col">loss</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}
