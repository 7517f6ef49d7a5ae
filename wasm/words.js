// What a value is, in the words of a message.

const LONGEST = 40;

/**
 * @param {unknown} value
 * @returns {string} such as `2.5`, `"ten"`, `null`, `an array`, `a Date`
 */
export function describe(value) {
  if (typeof value === 'string') return JSON.stringify(shortened(value, LONGEST));
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'bigint') return 'a BigInt';
  if (typeof value !== 'object') return `a ${typeof value}`;
  if (Array.isArray(value)) return value.length === 0 ? '[]' : 'an array';
  return withArticle(kindOf(value));
}

/**
 * @param {object} value
 * @returns {string} `Object` for a plain one or of a class of the caller's, else such as `Date`
 */
export function kindOf(value) {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

/**
 * @param {string} text
 * @param {number} length in UTF-16 code units
 */
export function shortened(text, length) {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** @param {string} kind */
function withArticle(kind) {
  if (kind === 'Object') return 'an object';
  return `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${shortened(kind, LONGEST)}`;
}
