// The arrays of a step: name, shape and every number; ingredients of the chosen one are lit.
import { html, nothing } from 'lit/html.js';
import { count } from '../state/format.js';
import { isByRow, isSameRef, refName, refOf } from '../state/step.js';
import { css } from './css.js';
import { exactAt, marks, textAt } from './step-frame.js';
import { moveInTable } from './table.js';

/** @typedef {import('./step-frame.js').Frame} Frame */
/** @typedef {import('../state/step.js').Ref} Ref */

/** @param {Frame} frame */
export function arraysView(frame) {
  const { stop, focus, sum, arrays } = frame;
  const own = stop.arrays.filter((name) => arrays.has(name));
  const others = [focus, ...sum.filter((part) => typeof part !== 'string')]
    .map(({ name }) => name)
    .filter((name, i, all) => !own.includes(name) && all.indexOf(name) === i);
  const isWide = [...own, ...others].some((name) => (arrays.get(name)?.cols ?? 0) > 4);
  return html`<p class="note hint-of-arrays">Pick a number: what it is made of lights up.</p>
    <div class=${isWide ? 'arrays wide' : 'arrays'} @click=${(/** @type {Event} */ e) => onPick(e, frame)} @keydown=${onKey}>
    ${others.map((name) => arrayView(frame, name))}
    ${others.length > 0 ? html`<hr />` : nothing}
    ${own.map((name) => arrayView(frame, name))}
  </div>`;
}

/**
 * @param {Frame} frame
 * @param {string} name
 */
function arrayView(frame, name) {
  const { arrays, shown, rows, stop, focus } = frame;
  const { rows: height, cols } = /** @type {{ rows: number, cols: number }} */ (arrays.get(name));
  const byRow = isByRow(name) && height === rows;
  const first = byRow ? shown.first : 0;
  const tall = byRow ? shown.count : height;
  const at = (/** @type {number} */ row, /** @type {number} */ col) => ({ name, row, col });
  const stopAt = focus.name === name ? focus : at(first, 0);
  const made = stop.made.includes(name) ? ` made ${stop.way}` : '';
  const way = name === 'X' || name === 'y' ? ' given' : made;
  return html`<table class="numbers-of${way}">
    <caption><b class="n">${name.replace('new_', 'new ')}</b> <span class="n">(${count(height)}, ${cols})</span></caption>
    <tbody>
      ${Array.from(
        { length: tall },
        (_, i) => html`<tr>
          ${byRow && rows > 1 ? html`<th scope="row" class="n">${first + i}</th>` : nothing}
          ${Array.from({ length: cols }, (_, col) => cell(frame, at(first + i, col), stopAt))}
        </tr>`,
      )}
    </tbody>
  </table>`;
}

/**
 * @param {Frame} frame
 * @param {Ref} ref
 * @param {Ref} stopAt the number that the tab key goes to
 */
function cell(frame, ref, stopAt) {
  const label = refName(ref);
  return html`<td class="n${marks(frame, ref)}" tabindex=${isSameRef(ref, stopAt) ? 0 : -1}
    aria-current=${frame.isFocus(ref) ? 'true' : nothing}
    data-ref=${label} data-exact="${label} = ${exactAt(frame, ref)}">${textAt(frame, ref)}</td>`;
}

/** @param {Event} event @param {Frame} frame */
function onPick(event, frame) {
  const cell = /** @type {HTMLElement} */ (event.target).closest('td');
  if (cell?.dataset.ref) frame.pick(refOf(cell.dataset.ref));
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.key === 'Enter' || event.key === ' ') {
    event.preventDefault();
    /** @type {HTMLElement} */ (event.target).click();
  } else {
    moveInTable(event);
    if (event.defaultPrevented) event.stopPropagation();
  }
}

export const stepArraysStyles = css`
  .arrays {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-start;
    align-content: flex-start;
    gap: 14px 20px;
  }
  .hint-of-arrays {
    margin: 0 0 12px;
  }
  .arrays.wide {
    overflow-x: auto;
    padding: 2px 2px 12px;
  }
  .wide .numbers-of {
    font-size: 11.5px;
  }
  .wide .numbers-of td {
    min-inline-size: 0;
    padding-inline: 4px;
  }
  .arrays hr {
    flex-basis: 100%;
    margin: 0;
    border: 0;
    border-block-start: 1px solid var(--rule);
  }
  .numbers-of {
    inline-size: auto;
    font-size: 12.5px;
    line-height: 18px;
  }
  .numbers-of caption {
    padding-block-end: 3px;
    text-align: start;
    white-space: nowrap;
    font-size: 13px;
    color: var(--quiet);
  }
  .numbers-of caption b {
    color: var(--ink);
  }
  .numbers-of.made.forward caption b {
    color: var(--forward);
  }
  .numbers-of.made.backward caption b {
    color: var(--backward);
  }
  .numbers-of th.n {
    padding: 2px 6px 2px 0;
    border: 0;
    font-size: 11px;
    color: var(--quiet);
  }
  .numbers-of td {
    min-inline-size: 70px;
    padding: 2px 6px;
    border: 1px solid var(--rule);
    text-align: end;
    cursor: pointer;
  }
  .numbers-of.given td {
    min-inline-size: 30px;
  }
  .numbers-of td:hover {
    border-color: var(--ink);
  }
  .lit {
    background: var(--lit);
  }
  td.picked {
    outline: 2px solid var(--ink);
    outline-offset: -1px;
    font-weight: 600;
  }
  td.covered {
    color: var(--quiet);
    background: repeating-linear-gradient(135deg, transparent 0 4px, var(--rule) 4px 5px);
  }
  @media (forced-colors: active) {
    td.lit {
      outline: 2px dashed CanvasText;
      outline-offset: -2px;
    }
    td.picked {
      outline-color: Highlight;
    }
  }
  @container (inline-size < 900px) {
    .numbers-of td {
      min-inline-size: 56px;
    }
  }
  @container (inline-size < 560px) {
    .numbers-of td {
      min-inline-size: 0;
      padding-inline: 5px;
    }
    .arrays {
      column-gap: 14px;
    }
  }
  @media (pointer: coarse) {
    .numbers-of td {
      padding-block: 5px;
    }
  }
`;
