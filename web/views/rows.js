// The rows of the training set: inputs, target, output and error.
import { html, nothing } from 'lit/html.js';
import { count, exact, number, plain, signed } from '../state/format.js';
import { outputRange } from '../state/reading.js';
import { css } from './css.js';
import { moveInTable } from './table.js';

/** @typedef {import('../state/types.js').RunInfo} RunInfo */
/** @typedef {import('../state/reading.js').Row} Row */

/** As many rows, and numbers of a row, are shown. */
const MOST_ROWS = 6;
const MOST_NUMBERS = 4;

/**
 * @typedef {object} RowsData
 * @property {RunInfo} info
 * @property {Row[]} rows
 */

/** @param {RowsData} data */
export function rowsView({ info, rows }) {
  const shown = rows.slice(0, MOST_ROWS);
  const rest = info.rowCount - shown.length;
  const names = Array.from({ length: Math.min(info.inputs, MOST_NUMBERS) }, (_, i) => `x${i + 1}`);
  const { middle } = outputRange(info);
  return html`
    <p class="label" part="label" id="rows">${title(info.rowCount)}</p>
    <div class="rows">
      <table aria-labelledby="rows" @keydown=${moveInTable}>
        <thead>
          <tr>
            <th scope="col">${names.join(' ')}${info.inputs > MOST_NUMBERS ? ' …' : ''}</th>
            <th scope="col" class="r">target</th>
            <th scope="col" class="r">output</th>
            <th scope="col" class="r">error</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map((row, i) => rowOf(row, i === 0, middle))}
        </tbody>
      </table>
    </div>
    ${rest > 0 ? html`<p class="note">and ${count(rest)} more rows</p>` : nothing}
  `;
}

/** @param {number} rows */
function title(rows) {
  const words = ['', 'The row', 'The two rows', 'The three rows', 'The four rows'];
  return words[rows] ?? `The first of ${count(rows)} rows`;
}

/**
 * @param {Row} row
 * @param {boolean} isFirst
 * @param {number} middle
 */
function rowOf({ inputs, targets, outputs, isRight }, isFirst, middle) {
  const errors = outputs.map((output, k) => output - targets[k]);
  const mark = targets.length > 1 ? '' : targets[0] > middle ? '■ ' : '○ ';
  return html`<tr class=${isRight === false ? 'wrong' : ''}>
    <th scope="row" class="n">${list(inputs, plain, ' ')}</th>
    <td class="n r"><span class="sign" aria-hidden="true">${mark}</span>${list(targets, plain, ' ')}</td>
    <td class="n r" tabindex=${isFirst ? 0 : -1} data-exact=${list(outputs, exact, ', ')}>${list(outputs, number, ' ')}</td>
    <td class=${errors[0] < 0 ? 'n r negative' : 'n r positive'} tabindex="-1" data-exact=${list(errors, exact, ', ')}>${list(errors, signed, ' ')}</td>
  </tr>`;
}

/**
 * @param {number[]} values
 * @param {(value: number) => string} write
 * @param {string} separator
 */
function list(values, write, separator) {
  const text = values.slice(0, MOST_NUMBERS).map(write).join(separator);
  return values.length > MOST_NUMBERS ? `${text} …` : text;
}

export const rowsStyles = css`
  table {
    border-collapse: collapse;
    inline-size: 100%;
    font-size: 14px;
  }
  th,
  td {
    padding: 7px 4px;
    text-align: start;
    font-weight: 400;
    border-block-end: 1px solid var(--rule);
  }
  thead th {
    padding-block: 4px;
    font-size: 12px;
    font-weight: 600;
    color: var(--quiet);
  }
  th.r,
  td.r {
    text-align: end;
  }
  tbody th.n {
    word-spacing: 0.35em;
  }
  td.positive {
    color: var(--positive-text);
  }
  td.negative {
    color: var(--negative-text);
  }
  td[data-exact] {
    position: relative;
  }
  td[data-exact]:is(:hover, :focus)::after {
    content: attr(data-exact);
    position: absolute;
    z-index: 2;
    inset-block-end: calc(100% - 4px);
    inset-inline-end: 0;
    padding: 3px 8px;
    border-radius: 4px;
    background: var(--ink);
    color: var(--paper);
    font-size: 12px;
    white-space: nowrap;
    pointer-events: none;
  }
`;
