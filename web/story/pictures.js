// Pictures of a run for the reader to keep: the same drawings as the page's own stills.
import { drawMap, parseColour } from '../views/canvas.js';
import { divergingTable } from '../views/colour.js';
import { pictureOf } from '../views/network.js';
import { DARK, LIGHT, lossStill, mapStill, networkStill, svgOf } from '../views/still.js';

/** @typedef {import('../engine/run.js').Scene} Scene */

export const PICTURES = [
  { key: 'network', name: 'network' },
  { key: 'map', name: 'prediction' },
  { key: 'loss', name: 'loss' },
];
const MARGIN = 16;
/** Pixels of a PNG for each of the SVG's. */
const SHARPNESS = 2;

/** @type {import('../views/still.js').Image} */
function image(map, range, inks) {
  const canvas = document.createElement('canvas');
  drawMap(canvas, map, range, divergingTable(inks, parseColour));
  return canvas.toDataURL('image/png');
}

/**
 * @param {{ key: string }} picture
 * @param {Scene} scene
 * @param {boolean} isDark
 * @returns {string | undefined} undefined where there is no such picture
 */
export function svgPicture({ key }, { info, snapshot, history }, isDark) {
  const inks = isDark ? DARK : LIGHT;
  if (key === 'map' && !(info.plane && snapshot.output)) return undefined;
  const { layers } = snapshot;
  const end = Math.max(1, history.epochs[history.epochs.length - 1]);
  const picture = (/** @type {import('../views/network-layout.js').Unit} */ unit) => {
    const seen = pictureOf(info, snapshot, unit);
    return seen && image(seen.map, seen.range, inks);
  };
  const drawing = {
    network: () => networkStill({ info, layers, inks, picture }),
    map: () => mapStill({ info, snapshot, inks, image }),
    loss: () => lossStill({ history, end, marks: [snapshot.loss], inks, now: snapshot }),
  }[/** @type {'network' | 'map' | 'loss'} */ (key)]();
  return svgOf(drawing, inks.paper, MARGIN);
}

/** @param {string} svg */
export const dataUri = (svg) => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;

/**
 * @param {string} svg
 * @returns {Promise<Blob>}
 */
export async function pngFrom(svg) {
  const picture = new Image();
  picture.src = dataUri(svg);
  await picture.decode();
  const canvas = document.createElement('canvas');
  canvas.width = SHARPNESS * picture.naturalWidth;
  canvas.height = SHARPNESS * picture.naturalHeight;
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('There is no PNG'))),
      'image/png',
    ),
  );
}
