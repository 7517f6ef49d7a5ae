// Rows from elsewhere: pasted text or a file, read as CSV or JSON. The data stay as they are until
// the reader takes the rows.
import { live } from 'lit/directives/live.js';
import { html, nothing } from 'lit/html.js';
import { count } from '../../state/format.js';
import {
  inSteps,
  MOST_COLUMNS,
  MOST_ROWS,
  MOST_TEXT,
  readTable,
  rowsFrom,
  shorten,
  targetForms,
} from '../../state/table.js';
import { css } from '../css.js';

/** @typedef {import('./data.js').Part} Part */

/**
 * What was read, or why it was not.
 * @typedef {object} ReadingUi
 * @property {string} [source] where it is from
 * @property {AbortController} [control] of a reading that goes on
 * @property {import('../../state/table.js').Table} [table]
 * @property {boolean[]} [targets] by column
 * @property {boolean} [isClasses]
 * @property {string} [problem]
 * @property {string} [note] on what was taken
 */

/** A longer text is read, but not shown. */
const MOST_SHOWN = 20000;

/** @param {Part} part */
export function readerView(part) {
  const { ui } = part.state;
  const reading = ui.reading ?? {};
  return html`<details class="reader">
    <summary>Paste a table, or open one</summary>
    <label class="field" for="table-text">CSV or JSON, up to ${count(MOST_ROWS)} rows of ${MOST_COLUMNS} columns</label>
    <textarea id="table-text" rows="4" spellcheck="false" autocomplete="off" placeholder="x1,x2,y"
      @paste=${(/** @type {ClipboardEvent} */ event) => pasted(part, event)}
      @input=${(/** @type {Event} */ event) => read(part, /** @type {HTMLTextAreaElement} */ (event.target).value, 'the text')}></textarea>
    <input type="file" aria-label="A file with a table" accept=".csv,.tsv,.txt,.json,text/csv,text/plain,application/json"
      @change=${(/** @type {Event} */ event) => opened(part, /** @type {HTMLInputElement} */ (event.target))} />
    <div role="status">${reading.control ? html`<p class="note">Reading ${reading.source} …</p>` : nothing}
      ${reading.note ? html`<p class="note">${reading.note}</p>` : nothing}</div>
    ${reading.problem ? html`<p class="bad" role="alert">${reading.problem}</p>` : nothing}
    ${reading.table && reading.targets ? preview(part, reading.table, reading.targets) : nothing}
  </details>`;
}

/**
 * @param {Part} part
 * @param {ClipboardEvent} event
 */
function pasted(part, event) {
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (text.length <= MOST_SHOWN) return;
  event.preventDefault();
  read(part, text, `${count(text.length)} characters`);
}

/**
 * @param {Part} part
 * @param {HTMLInputElement} input
 */
async function opened(part, input) {
  const file = input.files?.[0];
  if (!file) return;
  const name = shorten(file.name);
  if (file.size > MOST_TEXT) {
    const problem = `${name} has ${count(file.size)} bytes; a table of ${count(MOST_ROWS)} rows of ${MOST_COLUMNS} columns has at most ${count(MOST_TEXT)}.`;
    part.state.actions.onSet({ reading: { problem } });
  } else {
    await read(part, await file.text(), name);
  }
  input.value = '';
}

/**
 * @param {Part} part
 * @param {string} text
 * @param {string} source
 */
async function read({ state }, text, source) {
  const { ui, actions } = state;
  ui.reading?.control?.abort();
  if (text.trim() === '') {
    actions.onSet({ reading: {} });
    return;
  }
  const control = new AbortController();
  actions.onSet({ reading: { source, control } });
  const table = await inSteps(readTable(text), control.signal);
  if (!table) return;
  if ('problem' in table) {
    actions.onSet({ reading: { problem: table.problem } });
    return;
  }
  const { targets } = table;
  const { classes: isClasses } = targetForms(table, targets);
  actions.onSet({ reading: { source, table, targets, isClasses } });
}

/**
 * How the rows will be taken.
 * @param {Part} part
 * @param {import('../../state/table.js').Table} table
 * @param {boolean[]} targets by column
 */
function preview(part, table, targets) {
  const { ui, actions } = part.state;
  const reading = ui.reading ?? {};
  const set = (/** @type {ReadingUi} */ change) =>
    actions.onSet({ reading: { ...reading, problem: undefined, ...change } });
  const forms = targetForms(table, targets);
  const rows = count(table.cells.length);
  const mark = (/** @type {number} */ k) => {
    const changed = targets.with(k, !targets[k]);
    set({ targets: changed, isClasses: targetForms(table, changed).classes });
  };
  return html`<p class="note">${rows} rows of ${targets.length} columns.</p>
    <fieldset class="choices">
      <legend>Targets</legend>
      ${table.names.map(
        (name, k) =>
          html`<label><input type="checkbox" .checked=${live(targets[k])} @change=${() => mark(k)} /> ${shorten(name)}</label>`,
      )}
    </fieldset>
    ${
      forms.classes
        ? html`<fieldset class="choices">
      <legend>They are</legend>
      <label><input type="radio" name="read-form" .checked=${live(Boolean(reading.isClasses))} @change=${() => set({ isClasses: true })} /> classes</label>
      <label><input type="radio" name="read-form" ?disabled=${!forms.values} .checked=${live(!reading.isClasses)} @change=${() => set({ isClasses: false })} /> values</label>
    </fieldset>`
        : nothing
    }
    <button type="button" @click=${() => take(part, table, targets)}>Use these rows</button>
    <button type="button" @click=${() => actions.onSet({ reading: {} })}>Cancel</button>`;
}

/**
 * In two steps, for the rows may be many.
 * @param {Part} part
 * @param {import('../../state/table.js').Table} table
 * @param {boolean[]} isTarget by column
 */
async function take({ state, experiment, change }, table, isTarget) {
  const { ui, actions } = state;
  const rows = rowsFrom(table, isTarget, Boolean(ui.reading?.isClasses));
  if ('problem' in rows) {
    actions.onSet({ reading: { ...ui.reading, problem: rows.problem } });
    return;
  }
  const { inputs, targets, note } = rows;
  const { testFraction } = experiment.data;
  const share = testFraction ? { testFraction } : {};
  actions.onSet({
    reading: { note: `${count(inputs.length)} rows were taken. ${note}` },
    points: { ...ui.points, row: undefined, page: 0 },
  });
  await new Promise((resolve) => setTimeout(resolve, 0));
  change({ ...experiment, data: { kind: 'points', inputs, targets, ...share } });
}

export const readerStyles = css`
  .reader {
    margin-block-start: 12px;
    font-size: 13px;
  }
  .reader summary {
    cursor: pointer;
    padding-block: 4px;
  }
  .reader textarea {
    box-sizing: border-box;
    inline-size: 100%;
    margin-block: 4px 8px;
    padding: 6px 8px;
    border: 1px solid var(--line);
    border-radius: 6px;
    background: var(--paper);
    color: var(--ink);
    font: 12px / 16px var(--mono);
    resize: vertical;
  }
  .reader textarea:focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }
  .reader input[type='file'] {
    max-inline-size: 100%;
    font-size: 12px;
    color: var(--ink);
  }
  .reader .bad {
    margin: 8px 0 0;
    overflow-wrap: anywhere;
  }
  .reader .choices {
    margin-block-start: 6px;
  }
  @media (pointer: coarse) {
    .reader summary {
      padding-block: 12px;
    }
  }
`;
