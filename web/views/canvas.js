// The little that is drawn on canvases: maps, each cell a pixel, smoothed by the browser.
import { Directive, directive } from 'lit/directive.js';
import { noChange } from 'lit/html.js';
import { tableIndexer } from './colour.js';

/** @typedef {import('../state/reading.js').Range} Range */

/**
 * Draws a map: `values` row by row from the bottom.
 * @param {HTMLCanvasElement} canvas
 * @param {{ size: number, values: ArrayLike<number> }} map
 * @param {Range} range
 * @param {Uint32Array} table
 */
export function drawMap(canvas, { size, values }, range, table) {
  const height = values.length / size;
  if (canvas.width !== size) canvas.width = size;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = imageFor(context, size, height);
  const pixels = new Uint32Array(image.data.buffer);
  const index = tableIndexer(range);
  for (let y = 0; y < height; y++) {
    const from = (height - 1 - y) * size;
    for (let x = 0; x < size; x++) pixels[y * size + x] = table[index(values[from + x])];
  }
  context.putImageData(image, 0, 0);
}

/** @type {WeakMap<CanvasRenderingContext2D, ImageData>} */
const images = new WeakMap();

/**
 * The same one for the same canvas, as long as its size stays.
 * @param {CanvasRenderingContext2D} context
 * @param {number} width
 * @param {number} height
 */
function imageFor(context, width, height) {
  const known = images.get(context);
  if (known?.width === width && known.height === height) return known;
  const image = context.createImageData(width, height);
  images.set(context, image);
  return image;
}

/**
 * Reads a CSS colour; but for plain hexadecimals (system colours have no value of their own) it is
 * what the canvas makes of it.
 * @param {string} colour
 * @returns {number[]} red, green, blue
 */
export function parseColour(colour) {
  if (/^#[\da-f]{6}$/i.test(colour))
    return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return [128, 128, 128];
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return Array.from(context.getImageData(0, 0, 1, 1).data.subarray(0, 3));
}

/** On a canvas: draws when one of its inputs has changed. */
class Paint extends Directive {
  /** @type {unknown[]} */
  #last = [];

  /** @param {...unknown} _ */
  render(..._) {
    return noChange;
  }

  /**
   * @param {import('lit/directive.js').ElementPart} part
   * @param {unknown[]} inputs the drawing function, then what it draws
   */
  update(part, inputs) {
    if (inputs.length === this.#last.length && inputs.every((v, i) => Object.is(v, this.#last[i])))
      return noChange;
    this.#last = inputs;
    const [draw, ...rest] = inputs;
    /** @type {Function} */ (draw)(part.element, ...rest);
    return noChange;
  }
}

/** `<canvas ${paint(drawMap, map, range, table)}>` */
export const paint = directive(Paint);

/** Sets single properties of an element's style, which a strict Content-Security-Policy allows. */
class Place extends Directive {
  /** @type {Record<string, string>} */
  #last = {};

  /** @param {Record<string, string>} _ */
  render(_) {
    return noChange;
  }

  /**
   * @param {import('lit/directive.js').ElementPart} part
   * @param {[Record<string, string>]} values
   */
  update(part, [styles]) {
    const { style } = /** @type {HTMLElement} */ (part.element);
    for (const [name, value] of Object.entries(styles))
      if (this.#last[name] !== value) style.setProperty(name, value);
    this.#last = styles;
    return noChange;
  }
}

/** `<div ${place({ left: '4px' })}>` */
export const place = directive(Place);
