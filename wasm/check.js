// Arguments are checked before they cross: Embind checks none, and takes "7" or 2.7 for a 7.
import { describe } from './words.js';

/** More epochs than anybody waits for, and exact as a number. */
const MOST_EPOCHS = 1e15;

/**
 * @param {string} name
 * @param {unknown} value
 * @returns {number}
 */
export function epochs(name, value) {
  const fits = Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MOST_EPOCHS;
  if (!fits) throw refusal(name, 'a whole number, 0 to 1e15', value);
  return Number(value);
}

/**
 * @param {string} name
 * @param {unknown} value
 * @param {number} size
 * @returns {number}
 */
export function index(name, value, size) {
  const fits = Number.isInteger(value) && Number(value) >= 0 && Number(value) < size;
  if (!fits) throw refusal(name, `a whole number, 0 to ${size - 1}`, value);
  return Number(value);
}

/**
 * @param {string} name
 * @param {unknown} value
 * @returns {Float64Array}
 */
export function seeds(name, value) {
  if (!isArray(value) || value.length === 0) {
    throw refusal(name, 'an array of at least one seed', value);
  }
  return Float64Array.from(value, (seed, i) => index(`${name}[${i}]`, seed, 2 ** 32));
}

/**
 * @param {string} name
 * @param {unknown} value
 * @param {number} length
 * @returns {Float64Array}
 */
export function vector(name, value, length) {
  const isRight = isArray(value) && value.length === length;
  if (!isRight) throw refusal(name, `an array of ${length} numbers`, value);
  return copyNumbers(name, value, new Float64Array(length), 0);
}

/**
 * Rows, each an array, or all of them in one typed array, row after row.
 * @param {string} name
 * @param {unknown} value
 * @param {number} columns
 * @returns {Float64Array}
 */
export function rows(name, value, columns) {
  if (isTyped(value)) {
    if (value.length % columns !== 0) {
      throw refusal(name, `rows of ${columns} numbers, row after row`, value);
    }
    return copyNumbers(name, value, new Float64Array(value.length), 0);
  }
  if (!Array.isArray(value)) throw refusal(name, 'an array of rows', value);
  const flat = new Float64Array(value.length * columns);
  for (let r = 0; r < value.length; r++) {
    const row = value[r];
    const isRight = isArray(row) && row.length === columns;
    if (!isRight) throw refusal(`${name}[${r}]`, `a row of ${columns} numbers`, row);
    copyNumbers(`${name}[${r}]`, row, flat, r * columns);
  }
  return flat;
}

/**
 * @template T
 * @param {string} what
 * @param {() => T} make
 * @returns {T} what is made, where there is enough memory
 */
export function room(what, make) {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    throw new RangeError(`There is not enough memory for this ${what}.`, { cause: error });
  }
}

/**
 * @param {string} name
 * @param {ArrayLike<unknown>} from
 * @param {Float64Array} to
 * @param {number} at
 */
function copyNumbers(name, from, to, at) {
  for (let i = 0; i < from.length; i++) {
    const value = from[i];
    if (!Number.isFinite(value)) throw refusal(`${name}[${i}]`, 'a finite number', value);
    to[at + i] = /** @type {number} */ (value);
  }
  return to;
}

/**
 * @param {unknown} value
 * @returns {value is ArrayLike<unknown>}
 */
function isArray(value) {
  return Array.isArray(value) || isTyped(value);
}

/**
 * @param {unknown} value
 * @returns {value is ArrayLike<unknown>}
 */
function isTyped(value) {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/**
 * @param {string} name
 * @param {string} requirement
 * @param {unknown} value
 * @returns {TypeError | RangeError}
 */
function refusal(name, requirement, value) {
  const given = isArray(value) && value.length > 0 ? `${value.length} of them` : describe(value);
  const isOfType = typeof value === 'number' || isArray(value);
  return new (isOfType ? RangeError : TypeError)(`${name} must be ${requirement}, not ${given}`);
}
