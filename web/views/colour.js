// Colours of maps: a diverging table from two hues around a neutral, mixed in OKLab, where equal
// steps look equal.

/** @typedef {import('../state/reading.js').Range} Range */

const STEPS = 256;
const LAST = STEPS - 1;

/**
 * Colours as CSS has them.
 * @typedef {object} Hues
 * @property {string} positive
 * @property {string} neutral
 * @property {string} negative
 */

/**
 * A table of colours for a canvas: the lowest value first, one 32-bit word each.
 * @param {Hues} hues
 * @param {(colour: string) => number[]} parse a CSS colour to red, green, blue, 0 to 255
 * @returns {Uint32Array}
 */
export function divergingTable({ positive, neutral, negative }, parse) {
  const [low, middle, high] = [negative, neutral, positive].map((colour) => toLab(parse(colour)));
  const bytes = new Uint8ClampedArray(4 * STEPS).fill(255);
  for (let i = 0; i < STEPS; i++) {
    const t = (2 * i) / LAST - 1;
    const end = t < 0 ? low : high;
    const mix = (/** @type {number} */ k) => middle[k] + (end[k] - middle[k]) * Math.abs(t);
    writeLab(mix(0), mix(1), mix(2), bytes, 4 * i);
  }
  return new Uint32Array(bytes.buffer);
}

/**
 * Which entry of the table a value has: the middle of its range is the neutral, and what is no number
 * is there, too. All values of a map have the same range, so that is looked at once.
 * @param {Range} range
 * @returns {(value: number) => number}
 */
export function tableIndexer({ low, middle, high }) {
  const half = LAST / 2;
  const below = half / (middle - low);
  const above = half / (high - middle);
  return (value) => {
    const at = half + (value - middle) * (value < middle ? below : above);
    if (at > 0) return at < LAST ? Math.round(at) : LAST;
    return at <= 0 ? 0 : Math.round(half);
  };
}

const toLinear = (/** @type {number} */ byte) => {
  const v = byte / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
};

const toByte = (/** @type {number} */ v) =>
  255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055); // below zero is clamped

/** @param {number[]} rgb */
function toLab(rgb) {
  const [r, g, b] = rgb.map(toLinear);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/**
 * @param {number} L
 * @param {number} a
 * @param {number} b
 * @param {Uint8ClampedArray} bytes get red, green and blue
 * @param {number} at
 */
function writeLab(L, a, b, bytes, at) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  bytes[at] = toByte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  bytes[at + 1] = toByte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  bytes[at + 2] = toByte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
}
