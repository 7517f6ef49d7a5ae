// The colours that the styles have come to: light or dark, and those that canvases are drawn with.
import { parseColour } from '../views/canvas.js';
import { divergingTable } from '../views/colour.js';

const COLOURS = ['--positive', '--neutral', '--negative', '--ink'];

export class Palette {
  /** @type {Uint32Array} */
  table = new Uint32Array(256);
  /** of lines on a canvas */
  ink = '';
  #colours = '';

  /**
   * @param {Element} figure
   * @returns {boolean} whether a colour has changed
   */
  read(figure) {
    const style = getComputedStyle(figure);
    const colours = COLOURS.map((name) => style.getPropertyValue(name).trim());
    if (colours.join() === this.#colours) return false;
    this.#colours = colours.join();
    const [positive, neutral, negative, ink] = colours;
    this.ink = ink;
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
