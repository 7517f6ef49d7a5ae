// How the network learns: loss and penalties, optimizer, schedule, length and batches, and what was
// changed on the way. Every menu and setting is the catalog's.
import { html, nothing, svg } from 'lit/html.js';
import { baseRateAt, editsOf, withoutEdit, withRate } from '../../state/edits.js';
import { complete } from '../../state/experiment.js';
import { count, plain } from '../../state/format.js';
import { rateAt } from '../../state/optimizers.js';
import { parameterArrays, parameterName } from '../../state/parameters.js';
import { rateLine } from '../../state/rates.js';
import { withSetting, wordsOf } from '../../state/settings.js';
import { css } from '../css.js';
import { changeTo, fittedNote, menuField, settingField } from './fields.js';

/** @typedef {import('../../element/figure.js').FigureState} FigureState */
/** @typedef {import('../../element/figure.js').Scene} Scene */
/** @typedef {import('../../state/types.js').Experiment} Experiment */
/** @typedef {import('../../state/types.js').Setting} Setting */
/** @typedef {FigureState & { change: (changed: Experiment) => void }} State */

/** Edits in the list. */
const MOST_EDITS = 50;

/**
 * @param {FigureState} state
 * @param {Scene} scene
 */
export function trainingPart(state, scene) {
  const experiment = complete(state.given); // as it was last changed, which may not run yet
  const change = (/** @type {Experiment} */ changed) =>
    changeTo(state, 'training', experiment, changed);
  return html`<p class="label" part="label" id="training">Learning</p>
    ${groups({ ...state, change }, { ...scene, experiment })}
    ${fittedNote(state, 'training', scene.experiment)}`;
}

/**
 * @param {State} state
 * @param {Scene} scene
 */
function groups(state, scene) {
  return html`<div class="groups">
      ${[lossGroup, optimizerGroup, scheduleGroup, lengthGroup].map(
        (group, i) =>
          html`<div class="group">${state.inTurn(`training ${i}`, () => group(state, scene))}</div>`,
      )}
    </div>
    ${editList(state, scene)}`;
}

/**
 * @param {State} state
 * @param {Scene} scene
 */
function lossGroup(state, { experiment }) {
  const { catalog, change } = state;
  return html`
    ${menuField({ id: 'loss', label: 'loss', entries: catalog.losses, value: experiment.loss, onValue: (loss) => change({ ...experiment, loss }) })}
    <div class="pair">${fieldsOf(state, experiment, 'regularization', catalog.regularization)}</div>`;
}

/**
 * @param {State} state
 * @param {Scene} scene
 */
function optimizerGroup(state, { experiment, snapshot }) {
  const { catalog, change } = state;
  const { kind } = experiment.optimizer;
  const [rate, ...others] = settingsOf(catalog.optimizers, kind);
  const { epoch } = snapshot;
  return html`
    ${menuField({
      id: 'optimizer',
      label: 'optimizer',
      entries: catalog.optimizers,
      value: kind,
      onValue: (name) => change({ ...experiment, optimizer: { kind: name } }),
    })}
    <div class="rate-field">${settingField(state, {
      id: `optimizer.${kind}.${rate.name}`,
      setting: rate,
      value: baseRateAt(experiment, epoch),
      about: epoch === 0 ? rate.description : 'Changed now, it holds from this epoch on.',
      onValue: (value) => change(withRate(experiment, epoch, value)),
    })}</div>
    ${more(`More of ${kind}`, experiment.optimizer, others, fieldsOf(state, experiment, 'optimizer', others, kind))}`;
}

/**
 * @param {State} state
 * @param {Scene} scene
 */
function scheduleGroup(state, { experiment, snapshot }) {
  const { catalog, change, end } = state;
  const { kind } = /** @type {{ kind: string }} */ (experiment.schedule);
  return html`
    ${menuField({
      id: 'schedule',
      label: 'schedule of the rate',
      entries: catalog.schedules,
      value: kind,
      onValue: (name) => change({ ...experiment, schedule: { kind: name } }),
    })}
    <div class="pair">${fieldsOf(state, experiment, 'schedule', settingsOf(catalog.schedules, kind), kind)}</div>
    ${rateCurve(experiment, snapshot.epoch, end)}`;
}

/**
 * @param {State} state
 * @param {Scene} scene
 */
function lengthGroup(state, { experiment, info }) {
  const { catalog, change } = state;
  const own = (/** @type {string[]} */ ...names) =>
    names.map((name) => {
      const setting = /** @type {Setting} */ (catalog.experiment.find((one) => one.name === name));
      return settingField(state, {
        id: name,
        setting,
        value: experiment[name],
        onValue: (value) => change({ ...experiment, [name]: value }),
      });
    });
  const named = catalog.experiment.filter(({ name }) => name !== 'epochs' && name !== 'batchSize');
  const { batchSize, precision } = /** @type {Record<string, any>} */ (experiment);
  const isFull = batchSize === 0 || batchSize >= info.rowCount;
  const steps = isFull ? 1 : Math.ceil(info.rowCount / batchSize);
  return html`
    <div class="pair">${own('epochs', 'batchSize')}</div>
    <p class="about">An epoch is ${steps === 1 ? 'one step' : `${count(steps)} steps`}: ${count(info.rowCount)} rows.</p>
    ${more('Stop early', /** @type {Record<string, unknown>} */ (experiment.stop), catalog.stop, fieldsOf(state, experiment, 'stop', catalog.stop))}
    ${more('Shuffle and precision', experiment, named, [
      own(...named.map(({ name }) => name)),
      menuField({
        id: 'precision',
        label: 'precision',
        entries: catalog.precisions,
        value: precision,
        onValue: (name) => change({ ...experiment, precision: name }),
      }),
    ])}`;
}

/**
 * @param {import('../../state/types.js').CatalogEntry[]} entries
 * @param {string} kind
 */
function settingsOf(entries, kind) {
  return entries.find(({ name }) => name === kind)?.settings ?? [];
}

/**
 * The settings of one object of the experiment.
 * @param {State} state
 * @param {Experiment} experiment
 * @param {string} object its name
 * @param {Setting[]} settings
 * @param {string} [kind] where settings of one name are different ones
 */
function fieldsOf(state, experiment, object, settings, kind = '') {
  const values = /** @type {Record<string, unknown>} */ (experiment[object]);
  return settings.map((setting) =>
    settingField(state, {
      id: [object, kind, setting.name].filter(Boolean).join('.'),
      setting,
      value: values[setting.name],
      onValue: (value) =>
        state.change({
          ...experiment,
          [object]: withSetting(values, setting, value),
        }),
    }),
  );
}

/**
 * What is rarely used; what differs from its default is said beside the title.
 * @param {string} title
 * @param {Record<string, unknown>} values
 * @param {Setting[]} settings
 * @param {unknown} fields
 */
function more(title, values, settings, fields) {
  if (settings.length === 0) return nothing;
  const changed = settings.filter(
    (setting) => (values[setting.name] ?? setting.default) !== setting.default,
  );
  return html`<details class="more">
    <summary>${title}${changed.map(
      ({ name }) =>
        html`<span class="changed">${wordsOf(name)} <b class="n">${values[name]}</b></span>`,
    )}</summary>
    <div class="pair">${fields}</div>
  </details>`;
}

/**
 * @param {Experiment} experiment
 * @param {number} epoch
 * @param {number} end of the axis
 */
function rateCurve(experiment, epoch, end) {
  const line = rateLine(experiment, end);
  const top = line.reduce((most, { rate }) => Math.max(most, rate), 0) || 1;
  const x = (/** @type {number} */ at) => (100 * at) / end;
  const y = (/** @type {number} */ rate) => 100 * (1 - rate / top);
  const path = line.map(({ epoch: at, rate }) => `${x(at).toFixed(2)} ${y(rate).toFixed(2)}`);
  const now = rateAt(experiment, epoch);
  const last = line[line.length - 1].rate;
  return html`<div class="rate">
    <p class="about"><span class="n">${plain(top)}</span></p>
    <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img"
      aria-label="The learning rate over the epochs: ${plain(line[0].rate)} at first, ${plain(last)} at epoch ${count(end)}.">
      ${svg`<path class="axis" d="M0 0V100H100"></path>
      <path class="line" d="M${path.join('L')}"></path>
      <path class="here" d="M${x(Math.min(epoch, end)).toFixed(2)} ${y(now).toFixed(2)}h0"></path>`}
    </svg>
    <p class="about ends"><span class="n">0</span><span>rate of this epoch <b class="n">${plain(now)}</b></span><span class="n">${count(end)}</span></p>
  </div>`;
}

/**
 * @param {State} state
 * @param {Scene} scene
 */
function editList({ actions, change }, { experiment, info }) {
  const edits = editsOf(experiment);
  if (edits.length === 0) return nothing;
  const arrays = parameterArrays(info);
  const remove = (
    /** @type {Event} */ { currentTarget },
    /** @type {import('../../state/edits.js').Edit} */ edit,
  ) => {
    leave(/** @type {HTMLElement} */ (currentTarget));
    change(withoutEdit(experiment, edit));
  };
  return html`<div class="edits">
    <p class="label" part="label" id="edits">Changed on the way</p>
    <ol aria-labelledby="edits">
      ${edits.slice(0, MOST_EDITS).map((edit) => {
        const [name, value] =
          'learningRate' in edit
            ? ['learning rate', edit.learningRate]
            : [parameterName(arrays, edit.parameter), edit.value];
        const epoch = count(edit.epoch);
        return html`<li>
          <button type="button" part="button" @click=${() => actions.onScrub(edit.epoch)}>epoch ${epoch}</button>
          <span>${name} <b class="n">${plain(value)}</b></span>
          <button type="button" part="button" aria-label="Remove: epoch ${epoch}, ${name} ${plain(value)}"
            @click=${(/** @type {Event} */ event) => remove(event, edit)}>Remove</button>
        </li>`;
      })}
    </ol>
    ${edits.length > MOST_EDITS ? html`<p class="note">The first ${MOST_EDITS} of ${count(edits.length)}.</p>` : nothing}
  </div>`;
}

/**
 * The last row of the list will go: the focus goes to the one before it, or to the learning rate.
 * @param {HTMLElement} button of the row
 */
function leave(button) {
  const row = /** @type {HTMLElement} */ (button.closest('li'));
  if (row.nextElementSibling) return;
  const before = row.previousElementSibling?.querySelector('button:last-child');
  const field = button.closest('section')?.querySelector('.rate-field input');
  /** @type {HTMLElement} */ (before ?? field).focus();
}

export const trainingStyles = css`
  .groups {
    display: grid;
    gap: 24px 32px;
  }
  @container (inline-size >= 480px) {
    .groups {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
  @container (inline-size >= 900px) {
    .groups {
      grid-template-columns: repeat(4, minmax(0, 1fr));
    }
  }
  .group {
    display: grid;
    gap: 14px;
    align-content: start;
    min-inline-size: 0;
  }
  .pair {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(104px, 1fr));
    gap: 12px;
  }
  .pair:empty {
    display: none;
  }
  .more summary {
    font-size: 13px;
    color: var(--quiet);
    cursor: pointer;
  }
  .more summary:hover {
    color: var(--ink);
  }
  .more .pair {
    margin-block-start: 10px;
  }
  .changed {
    margin-inline-start: 8px;
    color: var(--ink);
  }
  .rate svg {
    display: block;
    inline-size: 100%;
    block-size: 72px;
    overflow: visible;
  }
  .rate path {
    fill: none;
    vector-effect: non-scaling-stroke;
  }
  .rate .axis {
    stroke: var(--rule);
  }
  .rate .line {
    stroke: var(--ink);
    stroke-width: 1.5px;
    stroke-linejoin: round;
  }
  .rate .here {
    stroke: var(--ink);
    stroke-width: 8px;
    stroke-linecap: round;
  }
  .rate .ends {
    display: flex;
    justify-content: space-between;
    gap: 8px;
  }
  .edits {
    margin-block-start: 20px;
  }
  .edits ol {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr));
    gap: 4px 32px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .edits li {
    display: grid;
    grid-template-columns: minmax(96px, auto) 1fr auto;
    gap: 12px;
    align-items: baseline;
    border-block-end: 1px solid var(--rule);
    padding-block: 2px;
  }
  .edits button {
    font-size: 13px;
    padding: 3px 8px;
    border-color: transparent;
    text-align: start;
  }
  .edits button:hover {
    border-color: var(--line);
  }
  .edits button:first-child {
    text-decoration: underline;
    text-decoration-color: var(--line);
    text-underline-offset: 3px;
  }
  @media (pointer: coarse) {
    .more summary,
    .edits button {
      padding-block: 12px;
    }
  }
`;
