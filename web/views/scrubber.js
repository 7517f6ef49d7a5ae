// What stands on the axis of epochs at the one that is shown: the scrubber, and the marks of the losses.
import { live } from 'lit/directives/live.js';
import { html, nothing } from 'lit/html.js';
import { fractionOf, nextStop, valueAt } from '../state/axis.js';
import { count, number } from '../state/format.js';
import { place } from './canvas.js';
import { css } from './css.js';

/** @typedef {import('./loss-geometry.js').Plot} Plot */

/**
 * @typedef {object} Stand
 * @property {number} epoch
 * @property {number} at the same with the share of the epoch's steps that have been taken
 * @property {string} within the step in words, after the epoch; may be empty
 * @property {number} value the loss there
 * @property {number | undefined} test the loss of the test set there, if there is one
 * @property {number} target where the scrubber stands: here, or where it has been moved to
 * @property {number} end of the axis
 * @property {import('../state/axis.js').Scale} scale
 * @property {(epoch: number) => void} onScrub
 */

/** Places of the scrubber on a logarithmic axis. */
const LOG_PLACES = 1000;
/** Of the scrubber's thumb. */
const THUMB = 22;

/**
 * The line at the epoch that is shown, under the curve. It and the marks are in layers of their own, so
 * that they move with the pictures and nothing is laid out or painted for it.
 * @param {Stand} data
 * @param {Plot} plot
 */
export function line({ at }, plot) {
  const top = plot.top - 16;
  return html`<div class="now" ${place({ ...put(plot.x(at), top), height: `${plot.bottom - top}px` })}></div>`;
}

/**
 * The losses at the epoch that is shown, and the scrubber's thumb.
 * @param {Stand} data
 * @param {Plot} plot
 */
export function marks({ at, value, test, target }, plot) {
  const x = plot.x(at);
  return html`
    ${test === undefined ? nothing : html`<div class="here test" ${place(put(x, plot.y(test)))}></div>`}
    <div class="here" ${place(put(x, plot.y(value)))}></div>
    <div class="thumb" ${place(put(plot.x(target), plot.bottom))}></div>
  `;
}

/**
 * @param {number} x
 * @param {number} y
 */
function put(x, y) {
  return { transform: `translate(${x}px, ${y}px)` };
}

/**
 * A native range on the axis: in reach of keys, touch and screen readers.
 * @param {Stand} data
 * @param {Plot} plot
 */
export function scrubber(data, { left, right }) {
  const { epoch, within, target, end, scale, value, test } = data;
  const isLog = scale === 'log';
  const at = isLog ? Math.round(fractionOf(target, end, scale) * LOG_PLACES) : target;
  const moved = (/** @type {Event} */ event) => {
    const given = Number(/** @type {HTMLInputElement} */ (event.target).value);
    data.onScrub(isLog ? Math.round(valueAt(given / LOG_PLACES, end, scale)) : given);
  };
  return html`<input
    class="scrubber"
    type="range"
    min="0"
    max=${isLog ? LOG_PLACES : end}
    step="1"
    aria-label="Epoch"
    aria-valuetext="epoch ${count(epoch)}${within}, loss ${number(value)}${test === undefined ? '' : `, test loss ${number(test)}`}"
    .value=${live(String(at))}
    @input=${moved}
    @keydown=${(/** @type {KeyboardEvent} */ event) => pressKey(event, data)}
    ${place({ left: `${left - THUMB / 2}px`, width: `${right - left + THUMB}px` })}
  />`;
}

/**
 * Arrows go to the next stop, page keys by a tenth of the axis (or tenfold), Home and End to its ends.
 * @param {KeyboardEvent} event
 * @param {Stand} data
 */
function pressKey(event, { target: epoch, end, scale, onScrub }) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const far = (/** @type {1 | -1} */ direction) =>
    scale === 'log'
      ? Math.round(direction > 0 ? Math.max(1, epoch * 10) : epoch / 10)
      : epoch + direction * Math.max(1, Math.round(end / 10));
  const next = /** @type {Record<string, () => number>} */ ({
    ArrowRight: () => nextStop(epoch, 1, end, scale),
    ArrowUp: () => nextStop(epoch, 1, end, scale),
    ArrowLeft: () => nextStop(epoch, -1, end, scale),
    ArrowDown: () => nextStop(epoch, -1, end, scale),
    PageUp: () => far(1),
    PageDown: () => far(-1),
    Home: () => 0,
    End: () => end,
  })[event.key];
  if (!next) return;
  event.preventDefault();
  onScrub(Math.min(end, Math.max(0, next())));
}

export const scrubberStyles = css`
  .now,
  .here,
  .thumb {
    position: absolute;
    inset: 0 auto auto 0;
    box-sizing: border-box;
    will-change: transform;
    pointer-events: none;
  }
  .now {
    left: -0.625px;
    border-left: 1.25px solid var(--ink);
  }
  .here {
    inset: -6px auto auto -6px;
    inline-size: 12px;
    block-size: 12px;
    border: 2px solid var(--ink);
    border-radius: 50%;
    background: var(--paper);
  }
  .here.test {
    inset: -4.5px auto auto -4.5px;
    inline-size: 9px;
    block-size: 9px;
    border-radius: 0;
  }
  /* in place of the scrubber's own, which is there for the pointer and the focus */
  .thumb {
    inset: -6px auto auto -6px;
    border: 6px solid var(--ink);
    border-radius: 3px;
  }
  .scrubber {
    appearance: none;
    position: absolute;
    inset-block-end: 19px;
    block-size: 22px;
    margin: 0;
    background: none;
    cursor: ew-resize;
  }
  .scrubber::-webkit-slider-runnable-track {
    background: none;
    block-size: 22px;
  }
  .scrubber::-moz-range-track {
    background: none;
  }
  .scrubber::-webkit-slider-thumb {
    appearance: none;
    box-sizing: border-box;
    inline-size: 22px;
    block-size: 22px;
    border: 5px solid transparent;
    border-radius: 8px;
    background: none;
  }
  .scrubber::-moz-range-thumb {
    box-sizing: border-box;
    inline-size: 22px;
    block-size: 22px;
    border: 5px solid transparent;
    border-radius: 8px;
    background: none;
  }
  .scrubber:focus-visible {
    outline: none;
  }
  .scrubber:focus-visible::-webkit-slider-thumb {
    outline: 2px solid var(--focus);
    outline-offset: -2px;
  }
  .scrubber:focus-visible::-moz-range-thumb {
    outline: 2px solid var(--focus);
    outline-offset: -2px;
  }
`;
