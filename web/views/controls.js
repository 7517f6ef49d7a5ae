// The buttons under the figure, and its state in a sentence.
import { html, nothing, svg } from 'lit/html.js';
import { count } from '../state/format.js';
import { css } from './css.js';

/**
 * @typedef {object} ControlsData
 * @property {boolean} playing
 * @property {boolean} hasSpeed whether the speed can be chosen
 * @property {number} stepsPerEpoch
 * @property {number | undefined} speed epochs a second; undefined: the whole run in ten seconds
 * @property {() => void} onPlay
 * @property {() => void} onPause
 * @property {(speed: number | undefined) => void} onSpeed
 * @property {(epochs: number) => void} onStep
 * @property {() => void} onStepOnce
 * @property {() => void} onReset
 */

/** Epochs a second. */
const SPEEDS = [1, 10, 100, 1000, 10000];

/** @param {ControlsData} data */
export function controlsView(data) {
  const { playing, onPlay, onPause, onStep, onStepOnce, onReset } = data;
  return html`<div class="controls" role="group" aria-label="Training">
    <button type="button" part="button" class="main" @click=${playing ? onPause : onPlay}>
      ${playing ? icon('M3 2h3v10H3zM8 2h3v10H8z') : icon('M3 1.5v11l9-5.5z')}${playing ? 'Pause' : 'Play'}
    </button>
    ${data.stepsPerEpoch > 1 ? html`<button type="button" part="button" class="n" @click=${onStepOnce}>+1 step</button>` : nothing}
    ${[1, 10, 1000].map(
      (epochs) => html`<button type="button" part="button" class="n" @click=${() => onStep(epochs)}>
        +${count(epochs)}<span class="unseen"> ${epochs === 1 ? 'epoch' : 'epochs'}</span>
      </button>`,
    )}
    <button type="button" part="button" @click=${onReset}>Reset</button>
    ${data.hasSpeed ? speedMenu(data) : nothing}
  </div>`;
}

/** @param {ControlsData} data */
function speedMenu({ speed, onSpeed }) {
  const chosen = (/** @type {Event} */ event) => {
    const { value } = /** @type {HTMLSelectElement} */ (event.target);
    onSpeed(value ? Number(value) : undefined);
  };
  return html`<label class="speed">Speed <select @change=${chosen}>
    <option value="" .selected=${speed === undefined}>whole run in 10 s</option>
    ${SPEEDS.map((epochs) => html`<option value=${epochs} .selected=${speed === epochs}>${count(epochs)} ${epochs === 1 ? 'epoch' : 'epochs'} a second</option>`)}
  </select></label>`;
}

/** @param {string} path */
function icon(path) {
  return html`<svg class="icon" viewBox="0 0 14 14" aria-hidden="true">${svg`<path d=${path}></path>`}</svg>`;
}

/** @param {import('../state/strings.js').Part[]} parts */
export function sentenceView(parts) {
  return html`<p class="sentence" part="sentence">
    ${parts.map((part) => (typeof part === 'string' ? part : html`<b class="n">${part.number}</b>`))}
  </p>`;
}

export const controlsStyles = css`
  .controls {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  button,
  select {
    font: inherit;
    font-size: 14px;
    line-height: 20px;
    padding: 7px 13px;
    border: 1px solid var(--line);
    border-radius: 6px;
    background: none;
    color: var(--ink);
    cursor: pointer;
  }
  button:hover {
    border-color: var(--ink);
  }
  button:active {
    background: var(--rule);
  }
  .speed {
    display: flex;
    align-items: center;
    gap: 8px;
    margin-inline-start: auto;
    font-size: 13px;
    color: var(--quiet);
  }
  .speed select {
    padding: 7px 8px;
  }
  .main {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    min-inline-size: 92px;
    background: var(--ink);
    border-color: var(--ink);
    color: var(--paper);
  }
  .main:active {
    background: var(--quiet);
  }
  .icon {
    inline-size: 12px;
    block-size: 12px;
    fill: currentColor;
  }
  .toggle button {
    padding: 4px 10px;
    font-size: 12px;
    border-color: transparent;
    color: var(--quiet);
  }
  .toggle button[aria-pressed='true'] {
    border-color: var(--ink);
    color: var(--ink);
    font-weight: 600;
  }
  @media (forced-colors: active) {
    .toggle button[aria-pressed='true'] {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }
  select {
    padding: 2px 6px;
  }
  .sentence {
    margin: 0;
    font-family: var(--prose);
    font-size: 18px;
    line-height: 28px;
    max-inline-size: 70ch;
    text-wrap: pretty;
  }
  .sentence b {
    font-size: 0.89em;
    font-size: round(0.89em, 1px);
    line-height: 1;
    font-weight: 600;
  }
  .controls + .sentence {
    margin-block-start: 20px;
  }
  @container (inline-size < 420px) {
    .controls button {
      flex: auto;
      padding-inline: 6px;
    }
    .controls .main {
      flex-basis: 100%;
      justify-content: center;
    }
    .speed {
      flex-basis: 100%;
      margin-inline-start: 0;
    }
    .speed select {
      flex: 1;
    }
    .sentence {
      font-size: 17px;
      line-height: 26px;
    }
    .controls + .sentence {
      min-block-size: 5lh;
    }
  }
  @media (pointer: coarse) {
    button {
      padding-block: 11px;
    }
  }
`;
