// The colours that the styles have come to: light or dark, and those that canvases are drawn with.
import { parseColour } from '../views/canvas.js';
import { divergingTable } from '../views/colour.js';

const COLOURS = ['--positive', '--neutral', '--negative', '--ink'];

export class Palette {
  /** @type {Uint32Array} */
  table = new Uint32Array(256);
  /** of lines on a canvas */
  ink = '';
  isRead = false;
  #wasDark = false;
  #isDue = false;
  #colours = '';
  #onChange;

  /** @param {() => void} onChange when a colour has changed */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /**
   * Reads what the styles have come to: at once for the other scheme of colours, else after the frame,
   * for to ask for a style has the page laid out.
   * @param {() => Element | null} where in the figure; nowhere as long as that is not laid out
   * @param {boolean} isDark
   */
  follow(where, isDark) {
    if (!this.isRead || isDark !== this.#wasDark) this.#read(where, isDark);
    else if (!this.#isDue) {
      this.#isDue = true;
      requestAnimationFrame(() =>
        setTimeout(() => {
          this.#isDue = false;
          this.#read(where, isDark);
        }),
      );
    }
  }

  /**
   * @param {() => Element | null} where
   * @param {boolean} isDark
   */
  #read(where, isDark) {
    const figure = where();
    if (!figure) return;
    this.isRead = true;
    this.#wasDark = isDark;
    const style = getComputedStyle(figure);
    const colours = COLOURS.map((name) => style.getPropertyValue(name).trim());
    if (colours.join() === this.#colours) return;
    this.#colours = colours.join();
    const [positive, neutral, negative, ink] = colours;
    this.ink = ink;
    this.table = divergingTable({ positive, neutral, negative }, parseColour);
    this.#onChange();
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
