// What the catalog says of a setting: for the types and for the reference page.
import { rangeOf as rangeOfNumbers } from './words.js';

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
export function rangeOf(setting) {
  return setting.type === 'boolean' ? '' : rangeOfNumbers(setting);
}
