// The colours that the styles have come to: light or dark, and the table that maps are drawn with.
import { parseColour } from '../views/canvas.js';
import { divergingTable } from '../views/colour.js';

const HUES = ['--positive', '--neutral', '--negative'];

export class Palette {
  /** @type {Uint32Array} */
  table = new Uint32Array(256);
  #colours = '';

  /**
   * @param {Element} figure
   * @returns {boolean} whether the table has changed
   */
  read(figure) {
    const style = getComputedStyle(figure);
    const [positive, neutral, negative] = HUES.map((name) => style.getPropertyValue(name).trim());
    const colours = [positive, neutral, negative].join();
    if (colours === this.#colours) return false;
    this.#colours = colours;
    this.table = divergingTable({ positive, neutral, negative }, parseColour);
    return true;
  }
}

const dark = matchMedia('(prefers-color-scheme: dark)');
const PREFERENCES = [dark, matchMedia('(forced-colors: active)')];

/** @param {string} theme auto, light or dark */
export function isDark(theme) {
  return theme === 'dark' || (theme !== 'light' && dark.matches);
}

/**
 * @param {() => void} act when the reader's preferences change
 * @param {AbortSignal} signal
 */
export function onPreference(act, signal) {
  for (const query of PREFERENCES) query.addEventListener('change', act, { signal });
}
