// The catalog's settings as they are typed and said: names, ranges, numbers.
import { count } from './format.js';

/** @typedef {import('./types.js').Setting} Setting */

/**
 * The words of a name: learningRate is "learning rate".
 * @param {string} name
 */
export function wordsOf(name) {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/**
 * What a setting takes: "a whole number, 1 to 1,024", "0 or more and below 1".
 * @param {Setting} setting
 */
export function rangeText(setting) {
  const range = boundsText(setting);
  if (setting.type === 'integer') return range ? `a whole number, ${range}` : 'a whole number';
  return range || 'a number';
}

/** @param {Setting} setting */
function boundsText({ minimum, maximum, minimumExcluded, maximumExcluded }) {
  const low = minimum === null ? '' : write(minimum);
  const high = maximum === null ? '' : write(maximum);
  if (low && high && !minimumExcluded && !maximumExcluded) return `${low} to ${high}`;
  const from = low && (minimumExcluded ? `above ${low}` : `${low} or more`);
  const to = high && (maximumExcluded ? `below ${high}` : `${high} or less`);
  return from && to ? `${from} and ${to}` : from || to;
}

/** @param {number} end */
function write(end) {
  return Number.isInteger(end) && end >= 0 ? count(end) : String(end);
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const GROUPED = /^\d{1,3}(,\d{3})+$/;

/**
 * Reads what somebody has typed. Nothing is `null`, where the setting may be left out.
 * @param {Setting} setting
 * @param {string} text
 * @param {string} [label] how the field is called
 * @returns {{ value: number | null } | { problem: string }}
 */
export function readSetting(setting, text, label = wordsOf(setting.name)) {
  const trimmed = text.trim();
  if (trimmed === '' && setting.default === null) return { value: null };
  const plain = setting.type === 'integer' ? ungrouped(trimmed) : trimmed.replace(',', '.');
  const digits = plain.replace('\u2212', '-');
  const value = NUMBER.test(digits) ? Number(digits) : Number.NaN;
  if (isWithin(setting, value)) return { value };
  const given = trimmed === '' ? 'nothing' : `“${trimmed}”`;
  return { problem: `${label} must be ${rangeText(setting)}, not ${given}.` };
}

/** @param {string} text of a whole number */
function ungrouped(text) {
  return GROUPED.test(text) ? text.replaceAll(',', '') : text;
}

/**
 * @param {Setting} setting
 * @param {number} value
 */
function isWithin({ type, minimum, maximum, minimumExcluded, maximumExcluded }, value) {
  if (!Number.isFinite(value) || (type === 'integer' && !Number.isInteger(value))) return false;
  if (minimum !== null && (minimumExcluded ? value <= minimum : value < minimum)) return false;
  return maximum === null || (maximumExcluded ? value < maximum : value <= maximum);
}

/**
 * The lines of a formula.
 * @param {string} formula
 */
export function linesOf(formula) {
  return formula.split('; ');
}

/**
 * An object with another value of a setting; one that is the default is left out.
 * @template {Record<string, unknown>} T
 * @param {T} object
 * @param {Setting} setting
 * @param {unknown} value null: not set
 * @returns {T}
 */
export function withSetting(object, setting, value) {
  const { [setting.name]: _, ...rest } = object;
  return /** @type {T} */ (value === setting.default ? rest : { ...rest, [setting.name]: value });
}
