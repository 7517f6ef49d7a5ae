// What a value is and what it may be, in the words of a message.

/** So much is shown of a text, in bytes of UTF-8. */
const SHOWN_TEXT = 40;
/** No name is longer; keeps a huge text cheap. */
const LONGEST_NAME = 64;

const utf8 = new TextEncoder();

/**
 * @param {unknown} value
 * @returns {string} such as `2.5`, `"ten"`, `null`, `an array`, `a Date`
 */
export function describe(value) {
  if (typeof value === 'string') return JSON.stringify(shortened(value));
  if (isList(value)) return value.length === 0 ? '[]' : 'an array';
  if (isObject(value)) return Object.keys(value).length === 0 ? '{}' : 'an object';
  const type = typeof value;
  if (value == null || type === 'number' || type === 'boolean') return String(value);
  const kind = type === 'object' || type === 'bigint' ? kindOf(value) : type;
  return `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${shortened(kind)}`;
}

/** @param {unknown} value */
function kindOf(value) {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

/**
 * @param {unknown} value
 * @returns {value is object} a plain one or of a class of the caller's: no array, Date and the like
 */
export function isObject(value) {
  return typeof value === 'object' && !Array.isArray(value) && kindOf(value) === 'Object';
}

/**
 * @param {unknown} value
 * @returns {value is ArrayLike<unknown>} an array, or a typed one of numbers
 */
export function isList(value) {
  if (Array.isArray(value)) return true;
  return ArrayBuffer.isView(value) && /^(Int|Uint|Float)/.test(kindOf(value));
}

/** @param {string} text */
function shortened(text) {
  const { read } = utf8.encodeInto(text, new Uint8Array(SHOWN_TEXT));
  return read < text.length ? `${text.slice(0, read)}…` : text;
}

/**
 * @typedef {object} Range
 * @property {number | null} [minimum] none: no lower end, nor an upper
 * @property {number | null} [maximum] none: no upper end
 * @property {boolean} [minimumExcluded]
 * @property {boolean} [maximumExcluded]
 */

/**
 * @param {Range} range
 * @returns {string} such as `0 or more and below 1`; empty where every number will do
 */
export function rangeOf({ minimum, maximum, minimumExcluded, maximumExcluded }) {
  if (minimum == null) return '';
  const low = minimumExcluded ? `above ${minimum}` : `${minimum} or more`;
  if (maximum == null) return low;
  return maximumExcluded ? `${low} and below ${maximum}` : `${minimum} to ${maximum}`;
}

/**
 * @param {string} name
 * @param {string[]} candidates
 * @returns {string} asks for the one that is a few letters from the name; empty where none is near
 */
export function suggestion(name, candidates) {
  const given = lettersOf(name);
  let least = 1 + Math.max(2, Math.floor(given.length / 3));
  let best = '';
  for (const candidate of candidates) {
    const changes = distance(given, lettersOf(candidate));
    if (changes >= least || changes >= candidate.length) continue;
    least = changes;
    best = `; did you mean ${candidate}?`;
  }
  return best;
}

/**
 * @param {string} name
 * @returns {Uint8Array} in UTF-8, the letters of ASCII in lower case; none of what is no name
 */
function lettersOf(name) {
  const letters = new Uint8Array(LONGEST_NAME);
  const { read, written } = utf8.encodeInto(name, letters);
  return letters
    .subarray(0, read < name.length ? 0 : written)
    .map((c) => (c > 64 && c < 91 ? c + 32 : c));
}

/**
 * How many letters must be put in, left out or changed to make a into b (Levenshtein 1966).
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  a.forEach((letter, i) => {
    const next = [i + 1];
    b.forEach((other, j) => {
      const change = row[j] + (letter === other ? 0 : 1);
      next.push(Math.min(change, row[j + 1] + 1, next[j] + 1));
    });
    row = next;
  });
  return row[b.length];
}
