// Numbers as they are read: four significant digits, a true minus sign, thousands in groups.

const MINUS = '\u2212';

/** @param {string} text */
const withMinus = (text) => text.replaceAll('-', MINUS);

/**
 * Four significant digits, as short as an exponent allows.
 * @param {number} value
 */
export function number(value) {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  const size = Math.abs(value);
  if (size === 0) return '0.000';
  if (size >= 1e5 || size < 1e-4) return withMinus(value.toExponential(3).replace('e+', 'e'));
  return withMinus(size >= 1000 ? value.toFixed(0) : value.toPrecision(4));
}

/**
 * The same, with its sign always shown.
 * @param {number} value
 */
export function signed(value) {
  return value > 0 ? `+${number(value)}` : number(value);
}

/**
 * Every digit that the number has.
 * @param {number} value
 */
export function exact(value) {
  return Number.isFinite(value) ? withMinus(String(value)) : number(value);
}

/**
 * A whole number in groups of three.
 * @param {number} count
 */
export function count(count) {
  const digits = String(Math.trunc(count));
  return digits.length > 21 || digits.includes('e')
    ? digits
    : withMinus(digits.replace(/\B(?=(\d{3})+$)/g, ','));
}

/**
 * A number that somebody chose, as it was written: an input, a target, a learning rate.
 * @param {number} value
 */
export function plain(value) {
  return withMinus(String(Number(value.toPrecision(4))));
}

/** @param {number} milliseconds */
export function duration(milliseconds) {
  return milliseconds < 10
    ? `${milliseconds.toFixed(1)} ms`
    : `${count(Math.round(milliseconds))} ms`;
}
