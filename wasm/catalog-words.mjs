// What the catalog says of a setting, in words: for the types and for the reference page.

/**
 * @typedef {object} Setting
 * @property {string} name
 * @property {'number' | 'integer' | 'boolean'} type
 * @property {number | null} minimum null: no lower end
 * @property {number | null} maximum null: no upper end
 * @property {boolean} minimumExcluded
 * @property {boolean} maximumExcluded
 * @property {number | boolean | null} default null: not set unless given
 * @property {string} description
 */

/**
 * @typedef {object} Entry
 * @property {string} name
 * @property {string} [formula]
 * @property {string} [derivative]
 * @property {string} description
 * @property {Setting[]} settings
 */

/** @typedef {Record<string, any>} Catalog as backprop.catalog() gives it */

/**
 * @param {Setting} setting
 * @returns {string} such as `0 or more and below 1`; empty where every value of its type will do
 */
export function rangeOf({ type, minimum, maximum, minimumExcluded, maximumExcluded }) {
  if (type === 'boolean' || (minimum === null && maximum === null)) return '';
  if (!minimumExcluded && !maximumExcluded && maximum !== null) return `${minimum} to ${maximum}`;
  const low = minimumExcluded ? `above ${minimum}` : `${minimum} or more`;
  return maximum === null ? low : `${low} and below ${maximum}`;
}
