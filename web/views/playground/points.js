// The reader's own rows beside the map: what is added, the row that is chosen, and all rows as a
// table that can be edited.
import { live } from 'lit/directives/live.js';
import { html, nothing } from 'lit/html.js';
import { count, plain } from '../../state/format.js';
import {
  asClasses,
  asValues,
  classIn,
  className,
  formOf,
  pointsOf,
  targetOf,
  withClasses,
  withInputs,
  withoutRow,
  withRow,
  withRowChanged,
  withTargets,
} from '../../state/own-points.js';
import { readSetting } from '../../state/settings.js';
import { MOST_CLASSES, MOST_COLUMNS, MOST_ROWS } from '../../state/table.js';
import { classSign } from '../classes.js';
import { css } from '../css.js';
import { numberField, typed } from './fields.js';

/** @typedef {import('./data.js').Part} Part */
/** @typedef {import('../../state/own-points.js').Points} Points */
/** @typedef {import('../../state/own-points.js').Form} Form */

/**
 * What the reader has set for the own points.
 * @typedef {object} PointsUi
 * @property {number} [choice] the class that is added
 * @property {number} [value] the value that is added
 * @property {number} [row] the chosen one
 * @property {[number, number]} [cursor] where keys are on the map
 * @property {boolean} [isHeld] whether keys move the chosen row
 * @property {{ at: [number, number], from: [number, number], hasMoved: boolean }} [drag] where the chosen row is dragged to, and where the pointer began
 * @property {number} [page] of the table
 * @property {string} [problem]
 */

/** Rows of a page of the table. */
const PAGE = 10;

/** @type {import('../../state/types.js').Setting} */
const ANY_NUMBER = {
  name: 'value',
  type: 'number',
  minimum: null,
  maximum: null,
  minimumExcluded: false,
  maximumExcluded: false,
  default: 0,
  description: '',
};

/**
 * @param {string} name
 * @param {number} minimum
 * @param {number} maximum
 * @returns {import('../../state/types.js').Setting}
 */
function wholeNumber(name, minimum, maximum) {
  return { ...ANY_NUMBER, name, type: 'integer', minimum, maximum, default: minimum };
}

const hint = html`<p class="note" id="points-keys">
  A click on a point chooses it; dragging moves it. By keys: arrows move a cursor, Enter adds a point
  or takes hold of one, Delete removes it, Page Down goes to the next.
</p>`;

/** @param {Part} part */
export function pointsView(part) {
  const { experiment } = part;
  const points = pointsOf(experiment.data);
  const form = formOf(experiment);
  return html`<div class="own">
    ${formField(part, form)}
    ${points.inputs[0].length <= 2 ? [adding(part, form), hint] : nothing}
    ${chosen(part, points)}
    ${columnFields(part, points, form)} ${table(part, points, form)}
  </div>`;
}

/**
 * Classes or values.
 * @param {Part} part
 * @param {Form} form
 */
function formField({ experiment, change }, form) {
  const isClasses = form.classes > 0;
  return html`<fieldset class="choices">
    <legend>Targets are</legend>
    <label><input type="radio" name="target-form" .checked=${live(isClasses)}
      @change=${() => change(asClasses(experiment, form))} /> classes</label>
    <label><input type="radio" name="target-form" .checked=${live(!isClasses)}
      @change=${() => change(asValues(experiment, form))} /> values</label>
  </fieldset>`;
}

/**
 * What a click on the map adds.
 * @param {Part} part
 * @param {Form} form
 */
function adding({ state, experiment }, form) {
  const { ui, actions } = state;
  const set = (/** @type {PointsUi} */ change) =>
    actions.onSet({ points: { ...ui.points, ...change } });
  const input = experiment.data.inputs;
  const isCurve = Array.isArray(input) && input[0].length === 1;
  if (form.classes === 0)
    return isCurve
      ? html`<p class="note">Where you click, a point is added: across its input, up its target.</p>`
      : numberField(state, {
          id: 'points.value',
          setting: ANY_NUMBER,
          value: ui.points?.value ?? 0,
          label: 'value of new points',
          onValue: (value) => set({ value }),
        });
  const choice = Math.min(ui.points?.choice ?? 1, form.classes - 1);
  return html`<fieldset class="choices">
    <legend>A click on the map adds</legend>
    ${Array.from(
      { length: form.classes },
      (
        _,
        k,
      ) => html`<label><input type="radio" name="point-class" value=${k} .checked=${live(k === choice)}
        @change=${() => set({ choice: k })} /> ${signOf(form, k)} ${className(form, k)}</label>`,
    )}
  </fieldset>`;
}

/**
 * The mark that the map has for a class.
 * @param {Form} form
 * @param {number} index
 */
export function signOf(form, index) {
  if (form.columns > 1) return classSign(index);
  return html`<span aria-hidden="true">${index === 1 ? '■' : '○'}</span>`;
}

/**
 * The row that was chosen on the map or in the table.
 * @param {Part} part
 * @param {Points} points
 */
function chosen({ state, experiment, change }, points) {
  const { ui, actions } = state;
  const row = ui.points?.row;
  if (row === undefined || row >= points.inputs.length) return nothing;
  const remove = () => {
    actions.onSet({ points: { ...ui.points, row: undefined, isHeld: false } });
    change({ ...experiment, data: withoutRow(points, row) });
  };
  const isLast = points.inputs.length === 1;
  return html`<div class="chosen">
    <p class="note">Row ${count(row + 1)}, at (${points.inputs[row].slice(0, 4).map(plain).join(', ')})</p>
    <button type="button" ?disabled=${isLast} @click=${remove}>Remove it</button>
    ${isLast ? html`<p class="note">At least one row must stay.</p>` : nothing}
  </div>`;
}

/**
 * How many inputs, and targets or classes.
 * @param {Part} part
 * @param {Points} points
 * @param {Form} form
 */
function columnFields({ state, experiment, change }, points, form) {
  const use = (/** @type {Points} */ data) => change({ ...experiment, data });
  const [inputs, targets] = [points.inputs[0].length, points.targets[0].length];
  const own = form.classes > 0 ? 1 : targets;
  const fields = [
    numberField(state, {
      id: 'points.inputs',
      setting: wholeNumber('inputs', 1, MOST_COLUMNS - own),
      value: inputs,
      about: '',
      onValue: (n) => use(withInputs(points, n)),
    }),
    form.classes > 0
      ? numberField(state, {
          id: 'points.classes',
          setting: wholeNumber('classes', 2, MOST_CLASSES),
          value: form.classes,
          about: '',
          onValue: (n) => use(withClasses(points, form, n)),
        })
      : numberField(state, {
          id: 'points.targets',
          setting: wholeNumber('targets', 1, MOST_COLUMNS - inputs),
          value: targets,
          about: '',
          onValue: (n) => use(withTargets(points, n)),
        }),
  ];
  return html`<div class="data-settings">${fields}</div>`;
}

/**
 * @param {Part} part
 * @param {Points} points
 * @param {Form} form
 */
function table(part, points, form) {
  const { state, experiment, change } = part;
  const { ui, actions } = state;
  const total = points.inputs.length;
  const pages = Math.ceil(total / PAGE);
  const page = Math.min(ui.points?.page ?? 0, pages - 1);
  const turn = (/** @type {number} */ to) => actions.onSet({ points: { ...ui.points, page: to } });
  const add = () => {
    turn(Math.floor(total / PAGE));
    const input = points.inputs[0].map(() => 0);
    const target = form.classes > 0 ? targetOf(form, 0) : points.targets[0].map(() => 0);
    change({ ...experiment, data: withRow(points, input, target) });
  };
  const shown = Array.from(
    { length: Math.min(PAGE, total - page * PAGE) },
    (_, i) => page * PAGE + i,
  );
  const names = points.inputs[0].map((_, k) => `x${k + 1}`);
  const targetNames =
    form.classes > 0
      ? ['class']
      : points.targets[0].map((_, k) => (form.columns === 1 ? 'y' : `y${k + 1}`));
  return html`
    <div class="scroll point-table" tabindex="0" role="group" aria-label="Rows">
      <table>
        <thead><tr>
          <th scope="col"><span class="unseen">row</span></th>
          ${[...names, ...targetNames].map((name) => html`<th scope="col">${name}</th>`)}
          <th scope="col"><span class="unseen">remove</span></th>
        </tr></thead>
        <tbody>${shown.map((row) => tableRow(part, points, form, row, [...names, ...targetNames]))}</tbody>
      </table>
    </div>
    ${badCell(part)}
    <div class="pages">
      <button type="button" aria-label="Rows before" ?disabled=${page === 0} @click=${() => turn(page - 1)}>‹</button>
      <span class="n">${count(page * PAGE + 1)} to ${count(page * PAGE + shown.length)} of ${count(total)}</span>
      <button type="button" aria-label="Rows after" ?disabled=${page >= pages - 1} @click=${() => turn(page + 1)}>›</button>
      <button type="button" ?disabled=${total >= MOST_ROWS} @click=${add}>Add a row</button>
    </div>
    ${total >= MOST_ROWS ? html`<p class="note">${count(MOST_ROWS)} rows are the most.</p>` : nothing}`;
}

/**
 * @param {Part} part
 * @param {Points} points
 * @param {Form} form
 * @param {number} row
 * @param {string[]} names of the columns
 */
function tableRow(part, points, form, row, names) {
  const { state, experiment, change } = part;
  const { ui, actions } = state;
  const use = (/** @type {Points} */ data) => change({ ...experiment, data }, '');
  const [input, target] = [points.inputs[row], points.targets[row]];
  const remove = () => {
    actions.onSet({ points: { ...ui.points, row: undefined } });
    use(withoutRow(points, row));
  };
  return html`<tr class=${ui.points?.row === row ? 'picked' : ''}>
    <th scope="row" class="n">${count(row + 1)}</th>
    ${input.map((value, k) => cell(part, `${names[k]} of row ${row + 1}`, `cell.${row}.${k}`, value, (v) => use(withRowChanged(points, row, input.with(k, v)))))}
    ${
      form.classes > 0
        ? classCell(form, row, target, (next) => use(withRowChanged(points, row, undefined, next)))
        : target.map((value, k) =>
            cell(
              part,
              `${names[input.length + k]} of row ${row + 1}`,
              `cell.${row}.t${k}`,
              value,
              (v) => use(withRowChanged(points, row, undefined, target.with(k, v))),
            ),
          )
    }
    <td><button type="button" class="remove" aria-label="Remove row ${row + 1}" ?disabled=${points.inputs.length === 1} @click=${remove}>×</button></td>
  </tr>`;
}

/**
 * A number that can be typed; what cannot be one stays as it was typed, and a sentence says so.
 * @param {Part} part
 * @param {string} name
 * @param {string} id
 * @param {number} value
 * @param {(value: number) => void} onValue
 */
function cell({ state }, name, id, value, onValue) {
  const { ui, actions } = state;
  const bad = ui.bad?.[id]?.value === value ? ui.bad[id] : undefined;
  const commit = (/** @type {Event} */ event) => {
    const { value: text } = /** @type {HTMLInputElement} */ (event.target);
    const result = readSetting(ANY_NUMBER, text, name);
    const { [id]: _, ...rest } = ui.bad ?? {};
    if ('problem' in result) {
      actions.onSet({ bad: { ...rest, [id]: { text, problem: result.problem, value } } });
      return;
    }
    actions.onSet({ bad: rest });
    if (result.value !== null && result.value !== value) onValue(result.value);
  };
  return html`<td><input class="n" type="text" inputmode="text" autocomplete="off" aria-label=${name}
    aria-invalid=${bad ? 'true' : 'false'} .value=${typed(bad?.text ?? String(value))} @change=${commit} /></td>`;
}

/** @param {Part} part */
function badCell({ state: { ui } }) {
  const bad = Object.entries(ui.bad ?? {}).filter(([id]) => id.startsWith('cell.'));
  return bad.map(([, { problem }]) => html`<p class="bad" role="alert">${problem}</p>`);
}

/**
 * @param {Form} form
 * @param {number} row
 * @param {number[]} target
 * @param {(target: number[]) => void} onTarget
 */
function classCell(form, row, target, onTarget) {
  const current = classIn(target);
  const change = (/** @type {Event} */ event) =>
    onTarget(targetOf(form, Number(/** @type {HTMLSelectElement} */ (event.target).value)));
  return html`<td><select aria-label="class of row ${row + 1}" @change=${change}>
    ${Array.from(
      { length: form.classes },
      (_, k) => html`<option value=${k} .selected=${k === current}>${className(form, k)}</option>`,
    )}
  </select></td>`;
}

export const pointsStyles = css`
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 14px;
    margin: 0 0 8px;
    padding: 0;
    border: 0;
    min-inline-size: 0;
    font-size: 13px;
  }
  .choices legend {
    padding: 0;
    line-height: 20px;
  }
  .choices label {
    display: inline-flex;
    align-items: center;
    gap: 5px;
    min-block-size: 28px;
  }
  .choices input {
    accent-color: var(--ink);
    margin: 0;
  }
  .chosen {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
  }
  .chosen .note {
    margin: 0;
  }
  .point-table {
    overflow-x: auto;
    margin-block-start: 10px;
  }
  .point-table :is(th, td) {
    padding: 2px;
    border: 0;
  }
  .point-table tbody th {
    color: var(--quiet);
    font-size: 11px;
    text-align: end;
  }
  .point-table :is(input, select) {
    box-sizing: border-box;
    inline-size: 100%;
    min-inline-size: 52px;
    min-block-size: 28px;
    padding: 2px 5px;
    border: 1px solid var(--line);
    border-radius: 4px;
    background: var(--paper);
    color: var(--ink);
    font-size: 12.5px;
  }
  .point-table input[aria-invalid='true'] {
    border-color: var(--negative);
  }
  .point-table .picked th {
    color: var(--ink);
    font-weight: 700;
  }
  .remove {
    min-inline-size: 28px;
    min-block-size: 28px;
    padding: 0;
  }
  .pages {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
    margin-block-start: 8px;
    font-size: 12px;
  }
  .pages button {
    padding: 3px 10px;
  }
  @media (pointer: coarse) {
    .choices label {
      min-block-size: 44px;
    }
    .point-table :is(input, select),
    .remove,
    .pages button {
      min-block-size: 44px;
      min-inline-size: 44px;
    }
  }
`;
