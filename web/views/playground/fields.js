// The playground's controls, made from the catalog: a number, a yes or no, a menu. What is typed
// stays while it is bad, with one sentence below it; the run is left alone.
import { Directive, directive } from 'lit/directive.js';
import { setCommittedValue } from 'lit/directive-helpers.js';
import { guard } from 'lit/directives/guard.js';
import { live } from 'lit/directives/live.js';
import { html, noChange, nothing } from 'lit/html.js';
import { complete, isSame } from '../../state/experiment.js';
import { fit } from '../../state/fit.js';
import { linesOf, readSetting, wordsOf } from '../../state/settings.js';
import { css } from '../css.js';

/** @typedef {import('../../state/types.js').Setting} Setting */
/** @typedef {import('../../state/types.js').CatalogEntry} CatalogEntry */
/** @typedef {import('../../state/types.js').Experiment} Experiment */
/** @typedef {import('../../element/figure.js').FigureState} FigureState */
/** @typedef {Pick<FigureState, 'ui' | 'actions'>} FieldState */

/**
 * What was typed and cannot be; it stands as long as the setting has the value that it had then.
 * @typedef {{ text: string, problem: string, value: unknown }} Bad
 */

/** What else has changed so that an experiment can be. @typedef {{ part: string, notes: string[], experiment: Experiment }} Fitted */

/**
 * A change of the reader's: what else must change with it does, and the part says so.
 * @param {Pick<FigureState, 'actions' | 'catalog'>} state
 * @param {string} part where the change was made
 * @param {Experiment} before complete
 * @param {Experiment} changed complete
 * @param {string} [label] the kind of change: several in a row are undone at once
 */
export function changeTo({ catalog, actions }, part, before, changed, label) {
  const { experiment, notes } = fit(changed, before, catalog);
  actions.onSet({ fitted: { part, notes, experiment } });
  actions.onExperiment(experiment, label);
}

/**
 * What else has changed with the last change, if that was made in this part and still stands.
 * @param {Pick<FigureState, 'ui'>} state
 * @param {string} part
 * @param {Experiment} experiment complete, as it runs
 */
export function fittedNote({ ui: { fitted } }, part, experiment) {
  return html`<p class="note fitted" role="status">${guard([fitted, experiment], () =>
    fitted?.part === part && isSame(complete(fitted.experiment), experiment)
      ? fitted.notes.join(' ')
      : nothing,
  )}</p>`;
}

/**
 * @typedef {object} Field
 * @property {string} id of this field in the figure, such as `optimizer.sgd.momentum`
 * @property {Setting} setting
 * @property {unknown} value undefined: the setting's default
 * @property {string} [label] instead of the setting's name
 * @property {string} [about] instead of the setting's description; empty: none
 * @property {(value: any) => void} onValue null: not set
 */

/** A text that is being typed is not written over, except by another value. */
class Typed extends Directive {
  /** @type {string | undefined} */
  #shown;

  /** @param {string} text */
  render(text) {
    return text;
  }

  /**
   * @param {import('lit/directive.js').PropertyPart} part
   * @param {[string]} texts
   */
  update(part, [text]) {
    const input = /** @type {HTMLInputElement} */ (part.element);
    const isAsBefore = text === this.#shown;
    this.#shown = text;
    if (input.value === text || (isAsBefore && input.matches(':focus'))) return noChange;
    setCommittedValue(part);
    return text;
  }
}

export const typed = directive(Typed);

/**
 * A setting of the catalog as its type asks.
 * @param {FieldState} state
 * @param {Field} field
 */
export function settingField(state, field) {
  return field.setting.type === 'boolean' ? checkField(field) : numberField(state, field);
}

/** @param {string} label */
function capitalized(label) {
  return label[0].toUpperCase() + label.slice(1);
}

/**
 * @param {FieldState} state
 * @param {Field} field
 */
export function numberField(
  { ui, actions },
  { id, setting, value, label, about = setting.description, onValue },
) {
  const name = capitalized(label ?? wordsOf(setting.name));
  const current = value ?? setting.default;
  const bad = ui.bad?.[id]?.value === current ? ui.bad[id] : undefined;
  const shown = bad?.text ?? (current === null ? '' : String(current));
  const commit = (/** @type {Event} */ event) => {
    const { value: text } = /** @type {HTMLInputElement} */ (event.target);
    const result = readSetting(setting, text, name);
    const rest = { ...ui.bad };
    delete rest[id];
    if ('problem' in result) {
      const { problem } = result;
      actions.onSet({ bad: { ...rest, [id]: { text, problem, value: current } } });
      return;
    }
    actions.onSet({ bad: rest });
    if (result.value !== current) onValue(result.value);
  };
  return html`<div class="field">
    <label for="field-${id}">${name}</label>
    <input class="n" id="field-${id}" type="text" inputmode=${setting.type === 'integer' ? 'numeric' : 'text'}
      autocomplete="off" autocapitalize="off" spellcheck="false"
      placeholder=${setting.default === null ? 'not set' : String(setting.default)}
      aria-invalid=${bad ? 'true' : 'false'} aria-describedby="field-${id}-about" .value=${typed(shown)}
      @change=${commit} />
    <p class="about" id="field-${id}-about">
      ${bad ? html`<span class="bad" role="alert">${bad.problem}</span>` : about}
    </p>
  </div>`;
}

/** @param {Field} field */
export function checkField({ id, setting, value, label, about = setting.description, onValue }) {
  const change = (/** @type {Event} */ event) =>
    onValue(/** @type {HTMLInputElement} */ (event.target).checked);
  return html`<div class="field check">
    <label><input type="checkbox" id="field-${id}" aria-describedby="field-${id}-about"
      .checked=${live(Boolean(value ?? setting.default))} @change=${change} /> ${capitalized(label ?? wordsOf(setting.name))}</label>
    <p class="about" id="field-${id}-about">${about}</p>
  </div>`;
}

/**
 * @typedef {object} Menu
 * @property {string} id of this menu in the figure
 * @property {string} label
 * @property {CatalogEntry[]} entries
 * @property {string} value the chosen entry's name
 * @property {boolean} [isPlain] without formula and description
 * @property {(name: string) => void} onValue
 */

/**
 * The names of a catalog's table; below it what the chosen one does.
 * @param {Menu} menu
 */
export function menuField({ id, label, entries, value, isPlain, onValue }) {
  const entry = entries.find(({ name }) => name === value);
  const change = (/** @type {Event} */ event) =>
    onValue(/** @type {HTMLSelectElement} */ (event.target).value);
  return html`<div class="field menu">
    <label for="field-${id}">${capitalized(label)}</label>
    <select id="field-${id}" aria-describedby="field-${id}-about" @change=${change}>
      ${entries.map(({ name }) => html`<option value=${name} .selected=${live(name === value)}>${name}</option>`)}
    </select>
    <div class="about" id="field-${id}-about">${entry && !isPlain ? aboutEntry(entry) : nothing}</div>
  </div>`;
}

/**
 * What an entry of the catalog does, in one line and as a formula.
 * @param {CatalogEntry} entry
 */
export function aboutEntry({ description, formula }) {
  return html`<p>${description}</p>
    ${formula ? html`<p class="formula">${linesOf(formula).map((line) => html`<span>${line}</span>`)}</p>` : nothing}`;
}

export const fieldStyles = css`
  .field {
    min-inline-size: 0;
  }
  .field > label {
    display: block;
    font-size: 13px;
    line-height: 20px;
  }
  .field > :is(select, input) {
    box-sizing: border-box;
    inline-size: 100%;
    font-size: 14px;
    line-height: 20px;
    min-block-size: 32px;
  }
  .field > input {
    padding: 5px 8px;
    border: 1px solid var(--line);
    border-radius: 6px;
    background: none;
    color: var(--ink);
  }
  .field > input::placeholder {
    color: var(--quiet);
    opacity: 1;
  }
  .field > input[aria-invalid='true'] {
    border-color: var(--negative);
    outline-color: var(--negative);
  }
  .check label {
    display: flex;
    align-items: baseline;
    gap: 8px;
    padding-block: 4px;
  }
  .check input {
    accent-color: var(--ink);
    margin: 0;
  }
  .about,
  .about p {
    margin: 0;
    font-size: 12px;
    line-height: 16px;
    color: var(--quiet);
  }
  .about {
    margin-block-start: 4px;
  }
  .about:empty {
    display: none;
  }
  .about .formula {
    margin-block-start: 4px;
    font-family: var(--mono);
    font-size: 11.5px;
    overflow-wrap: anywhere;
  }
  .formula span {
    display: block;
    padding-inline-start: 1.5em;
    text-indent: -1.5em;
  }
  .fitted:empty {
    margin: 0;
  }
  .bad {
    color: var(--negative-text);
  }
  @media (pointer: coarse) {
    .field > :is(select, input) {
      min-block-size: 44px;
    }
    .check label {
      padding-block: 12px;
    }
  }
`;
