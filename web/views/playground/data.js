// What the network learns: one of the catalog's data sets with its settings, or rows of the reader's
// own.
import { html, nothing } from 'lit/html.js';
import { complete } from '../../state/experiment.js';
import { count } from '../../state/format.js';
import { isRegression } from '../../state/problem.js';
import { withSetting, wordsOf } from '../../state/settings.js';
import { MOST_ROWS } from '../../state/table.js';
import { css } from '../css.js';
import { changeTo, fittedNote, settingField } from './fields.js';
import { stepper } from './layers.js';
import { picture, pictureStyles } from './pictures.js';
import { pointsStyles, pointsView } from './points.js';
import { readerStyles, readerView } from './table-reader.js';

/** @typedef {import('../../element/figure.js').FigureState} FigureState */
/** @typedef {import('../../state/types.js').Experiment} Experiment */
/** @typedef {import('../../state/types.js').Catalog} Catalog */
/** @typedef {import('../../state/types.js').CatalogEntry} CatalogEntry */
/** @typedef {import('../../state/types.js').Setting} Setting */

/**
 * @typedef {object} Part
 * @property {FigureState} state
 * @property {Experiment} experiment as it was last changed, which may not run yet
 * @property {(changed: Experiment, label?: string) => void} change
 */

/** Settings that stay when another data set is chosen. */
const LASTING = ['samples', 'seed', 'testFraction', 'classes'];

/**
 * @param {FigureState} state
 * @param {NonNullable<FigureState['scene']>} scene
 */
export function dataPart(state, scene) {
  state.late.datasets?.askPictures(state.catalog);
  return html`<p class="label" part="label" id="data">Data</p>
    ${content(state, scene.experiment)}`;
}

/**
 * @param {Part['state']} state
 * @param {Experiment} running
 */
function content(state, running) {
  const experiment = complete(state.given);
  const change = (/** @type {Experiment} */ changed, /** @type {string} */ label = '') =>
    changeTo(state, 'data', experiment, changed, label);
  /** @type {Part} */
  const part = { state, experiment, change };
  const isOwn = experiment.data.kind === 'points';
  const entries = state.catalog.data.filter(({ name }) => name !== 'points');
  return html`
    ${chooser(
      part,
      'Classes',
      entries.filter((entry) => !isRegression(entry)),
    )}
    ${state.inTurn('values', () => chooser(part, 'Values', entries.filter(isRegression)))}
    <p class="note">${aboutOf(state.catalog, experiment.data.kind)}</p>
    <div class="data-settings">${settings(part)}</div>
    ${isOwn ? pointsView(part) : editButton(part)} ${state.inTurn('reader', () => readerView(part))}
    ${fittedNote(state, 'data', running)}`;
}

/**
 * @param {Catalog} catalog
 * @param {string} kind
 */
function aboutOf(catalog, kind) {
  const entry = catalog.data.find(({ name }) => name === kind);
  return entry ? [entry.description, entry.formula].filter(Boolean).join(' ') : nothing;
}

/**
 * @param {Part} part
 * @param {string} title
 * @param {CatalogEntry[]} entries
 */
function chooser({ state, experiment, change }, title, entries) {
  const { kind, ...given } = experiment.data;
  const choose = (/** @type {string} */ name) => {
    const lasting = Object.entries(given).filter(([setting]) => LASTING.includes(setting));
    change({ ...experiment, data: { kind: name, ...Object.fromEntries(lasting) } }, 'data.kind');
  };
  return html`<fieldset class="sets">
    <legend>${title}</legend>
    ${entries.map(
      ({ name }) => html`<label class="set">
        <input type="radio" name="data-kind" value=${name} .checked=${name === kind}
          @change=${() => choose(name)} />
        ${picture(state.late.datasets?.pictures.get(name))}
        <span>${name}</span>
      </label>`,
    )}
  </fieldset>`;
}

/** @param {Part} part */
function settings({ state, experiment, change }) {
  const { data } = experiment;
  const entry = state.catalog.data.find(({ name }) => name === data.kind);
  return entry?.settings.map((setting) => {
    const field = {
      id: `data.${data.kind}.${setting.name}`,
      setting,
      value: data[setting.name],
      label: setting.name === 'testFraction' ? 'test share' : wordsOf(setting.name),
      onValue: (/** @type {unknown} */ value) =>
        change({ ...experiment, data: withSetting(data, setting, value) }, `data.${setting.name}`),
    };
    if (setting.name !== 'seed') return settingField(state, field);
    const value = Number(field.value ?? setting.default);
    return html`<div class="seed">${stepper(state, { ...field, value, less: 'Previous seed of the data', more: 'Next seed of the data' })}</div>`;
  });
}

/** @param {Part} part */
function editButton(part) {
  const { state, experiment } = part;
  const { ui, actions } = state;
  const edit = async () => {
    const problem = await toPoints(part);
    actions.onSet({ points: { ...ui.points, problem } });
  };
  return html`<div class="own">
    <button type="button" @click=${edit}>Edit these points</button>
    ${
      ui.points?.problem && experiment.data.kind !== 'points'
        ? html`<p class="bad" role="alert">${ui.points.problem}</p>`
        : nothing
    }
  </div>`;
}

/**
 * The present rows as the reader's own; the same of them are kept for testing.
 * @param {Part} part
 * @returns {Promise<string | undefined>} why that cannot be
 */
async function toPoints({ state, experiment, change }) {
  const dataset = await state.late.datasets?.rowsOf(experiment);
  if (!dataset) return 'The rows cannot be had: the engine does not answer.';
  const { inputs, targets, inputColumns, targetColumns } = dataset;
  const rowCount = inputs.length / inputColumns;
  if (rowCount > MOST_ROWS)
    return `At most ${count(MOST_ROWS)} points can be edited, and these are ${count(rowCount)}: take fewer samples.`;
  const rows = (/** @type {Float64Array} */ values, /** @type {number} */ width) =>
    Array.from({ length: rowCount }, (_, i) =>
      Array.from(values.subarray(i * width, (i + 1) * width)),
    );
  const { testFraction } = experiment.data;
  change({
    ...experiment,
    data: {
      kind: 'points',
      inputs: rows(inputs, inputColumns),
      targets: rows(targets, targetColumns),
      ...(testFraction ? { testFraction } : {}),
    },
  });
  return undefined;
}

export const dataStyles = [
  pictureStyles,
  pointsStyles,
  readerStyles,
  css`
    .sets {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(62px, 1fr));
      gap: 4px;
      margin: 0 0 10px;
      padding: 0;
      border: 0;
      min-inline-size: 0;
    }
    .sets legend {
      padding: 0;
      font-size: 13px;
      line-height: 20px;
    }
    .set {
      position: relative;
      display: grid;
      justify-items: center;
      gap: 2px;
      padding: 5px 2px 3px;
      border: 1px solid var(--rule);
      border-radius: 6px;
      font-size: 10px;
      line-height: 14px;
      letter-spacing: -0.03em;
      cursor: pointer;
    }
    .set input {
      position: absolute;
      inset: 0;
      margin: 0;
      opacity: 0;
      cursor: pointer;
    }
    .set:has(:checked) {
      border-color: var(--ink);
      box-shadow: inset 0 0 0 1px var(--ink);
    }
    .set:has(:focus-visible) {
      outline: 2px solid var(--focus);
      outline-offset: 2px;
    }
    .data-settings {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(140px, 1fr));
      gap: 10px 16px;
      margin-block-start: 10px;
    }
    .own {
      margin-block-start: 14px;
    }
    .own .data-settings {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  `,
];
