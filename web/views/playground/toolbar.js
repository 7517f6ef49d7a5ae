// Above the playground: what has been changed can be taken back, and made again.
import { html } from 'lit/html.js';
import { css } from '../css.js';

/** @typedef {import('../../element/figure.js').FigureState} FigureState */

/** @param {FigureState} state */
export function toolbarPart({ canUndo, canRedo, actions }) {
  return html`<div class="toolbar" role="group" aria-label="Changes">
    <button type="button" id="toolbar" ?disabled=${!canUndo} @click=${actions.onUndo}>Undo</button>
    <button type="button" ?disabled=${!canRedo} @click=${actions.onRedo}>Redo</button>
  </div>`;
}

export const toolbarStyles = css`
  .toolbar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  button:disabled {
    color: var(--quiet);
    border-color: var(--rule);
    cursor: default;
  }
`;
