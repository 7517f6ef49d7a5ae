// What the network is made of: its features, its layers with their units and activations, and what
// its weights begin with. Every menu and range is the catalog's.
import { guard } from 'lit/directives/guard.js';
import { html, nothing } from 'lit/html.js';
import { complete } from '../../state/experiment.js';
import { featureLabel, inputMap } from '../../state/features.js';
import { withSetting } from '../../state/settings.js';
import {
  featuresOf,
  MOST_LAYERS,
  withFeature,
  withInitializer,
  withLayer,
  withLayerChanged,
  withoutLayer,
  withSwapped,
} from '../../state/structure.js';
import { drawMap, paint } from '../canvas.js';
import { css } from '../css.js';
import { spread } from '../network.js';
import {
  aboutEntry,
  changeTo,
  fittedNote,
  menuField,
  numberField,
  settingField,
} from './fields.js';

/** @typedef {import('../../element/figure.js').FigureState} FigureState */
/** @typedef {import('../../element/figure.js').Scene} Scene */
/** @typedef {import('../../state/types.js').Experiment} Experiment */
/** @typedef {import('../../state/types.js').Setting} Setting */
/** @typedef {import('../../state/types.js').RunInfo} RunInfo */

/**
 * @typedef {object} Part
 * @property {FigureState} state
 * @property {Experiment} experiment as it was last changed, which may not run yet
 * @property {(changed: Experiment, label?: string) => void} change
 */

/**
 * @param {FigureState} state
 * @param {Scene} scene
 */
export function layersPart(state, scene) {
  const { given, table, ui } = state;
  const { experiment, info } = scene;
  const isTurn = (/** @type {string} */ name) => state.inTurn(name, () => true) ?? false;
  const shown = { features: isTurn('features'), rest: isTurn('rest of layers') };
  return html`<p class="label" part="label" id="layers">Layers</p>
    ${guard([given, experiment, info, table, ui.bad, ui.fitted, ...Object.values(shown)], () =>
      content(state, scene, shown),
    )}`;
}

/**
 * @param {Part['state']} state
 * @param {Scene} scene
 * @param {{ features: boolean, rest: boolean }} shown
 */
function content(state, { experiment: running, info }, shown) {
  const experiment = complete(state.given);
  const change = (/** @type {Experiment} */ changed, /** @type {string} */ label = '') =>
    changeTo(state, 'layers', experiment, changed, label);
  /** @type {Part} */
  const part = { state, experiment, change };
  const { layers } = experiment;
  const { plane } = info;
  return html`
    ${plane && shown.features ? features(part, info, plane) : nothing}
    <ol class="layers-list">
      ${layers.map((_, index) => layerRow(part, index))}
    </ol>
    ${layers.length >= MOST_LAYERS ? html`<p class="note">${MOST_LAYERS} layers are the most.</p>` : nothing}
    ${fittedNote(state, 'layers', running)} ${shown.rest ? [initializer(part), formulas(part)] : nothing}`;
}

/**
 * @param {Part} part
 * @param {RunInfo} info
 * @param {import('../../state/types.js').Plane} plane
 */
function features({ state, experiment, change }, info, plane) {
  const { catalog, table } = state;
  const given = featuresOf(experiment);
  return html`<fieldset class="features">
    <legend>Features</legend>
    ${catalog.features.map(
      ({ name, formula, description }) => html`<label title=${description}>
        <input type="checkbox" data-feature=${name} .checked=${given.includes(name)}
          ?disabled=${given.length === 1 && given[0] === name}
          @change=${() => change(withFeature(experiment, catalog, name))} />
        ${guard([info, table], () => {
          const map = inputMap(featureLabel(name), plane);
          return html`<canvas aria-hidden="true" ${paint(drawMap, map, spread(map.values), table)}></canvas>`;
        })}
        <span class="n">${featureLabel(name) === name ? formula : featureLabel(name)}</span>
      </label>`,
    )}
  </fieldset>`;
}

/**
 * @param {Part} part
 * @param {number} index
 */
function layerRow(part, index) {
  const { state, experiment, change } = part;
  const { layers } = experiment;
  const { activation } = layers[index];
  const isOutput = index === layers.length - 1;
  const name = isOutput ? 'output layer' : `hidden layer ${index + 1}`;
  const { activations } = state.catalog;
  return html`<li class="layer">
    <span class="layer-name">${isOutput ? 'Output' : `Hidden ${index + 1}`}</span>
    ${isOutput ? html`<span class="fixed">${outputUnits(layers[index].units)}</span>` : units(part, index, name)}
    ${menuField({
      id: `layers.${index}.activation`,
      label: `Activation of ${name}`,
      entries: isOutput ? activations : activations.filter((entry) => entry.name !== 'softmax'),
      value: activation,
      isPlain: true,
      onValue: (chosen) => change(withLayerChanged(experiment, index, { activation: chosen })),
    })}
    ${
      isOutput
        ? html`<button type="button" class="add" ?disabled=${layers.length >= MOST_LAYERS}
            @click=${() => change(withLayer(experiment))}>Add a layer</button>`
        : moves(part, index, name)
    }
  </li>`;
}

/** @param {number} units */
function outputUnits(units) {
  return html`<span class="n">${units}</span> ${units === 1 ? 'unit' : 'units'}`;
}

/**
 * @param {Part} part
 * @param {number} index
 * @param {string} name
 */
function units({ state, experiment, change }, index, name) {
  const { units: count } = experiment.layers[index];
  const setting = /** @type {Setting} */ (state.catalog.layer.find((one) => one.name === 'units'));
  const use = (/** @type {number} */ wanted) =>
    change(withLayerChanged(experiment, index, { units: wanted }), `layers.${index}.units`);
  return stepper(state, {
    id: `layers.${index}.units`,
    setting,
    value: count,
    label: `Units of ${name}`,
    about: '',
    less: `One unit fewer in ${name}`,
    more: `One unit more in ${name}`,
    onValue: use,
  });
}

/**
 * A whole number with a button for one less and one for one more.
 * @param {FigureState} state
 * @param {import('./fields.js').Field & { value: number, less: string, more: string }} field
 */
export function stepper(state, { less, more, ...field }) {
  const { setting, value, onValue } = field;
  const button = (
    /** @type {string} */ name,
    /** @type {number} */ by,
    /** @type {string} */ sign,
  ) => {
    const wanted = value + by;
    const isOut =
      wanted < (setting.minimum ?? Number.NEGATIVE_INFINITY) ||
      wanted > (setting.maximum ?? Number.POSITIVE_INFINITY);
    return html`<button type="button" aria-label=${name} ?disabled=${isOut} @click=${() => onValue(wanted)}>${sign}</button>`;
  };
  return html`<div class="stepper">
    ${button(less, -1, '−')} ${numberField(state, field)} ${button(more, 1, '+')}
  </div>`;
}

/**
 * @param {Part} part
 * @param {number} index of a hidden layer
 * @param {string} name
 */
function moves({ experiment, change }, index, name) {
  const last = experiment.layers.length - 2;
  const swap = (/** @type {number} */ from, /** @type {number} */ step) => {
    return (/** @type {Event} */ event) => {
      change(withSwapped(experiment, from));
      follow(event, step);
    };
  };
  const remove = (/** @type {Event} */ event) => {
    if (index === last) leave(event);
    change(withoutLayer(experiment, index));
  };
  return html`<div class="moves">
    <button type="button" class="up" aria-label="Move ${name} up" ?disabled=${index === 0} @click=${swap(index - 1, -1)}>↑</button>
    <button type="button" class="down" aria-label="Move ${name} down" ?disabled=${index === last} @click=${swap(index, 1)}>↓</button>
    <button type="button" class="remove" aria-label="Remove ${name}" @click=${remove}>×</button>
  </div>`;
}

/**
 * The focus goes with the layer, to the button there that still does something.
 * @param {Event} event on a button of a row
 * @param {number} step to the row where the layer will be
 */
function follow({ currentTarget }, step) {
  const row = /** @type {Element} */ (currentTarget).closest('li');
  const other = step < 0 ? row?.previousElementSibling : row?.nextElementSibling;
  const [same, back] = step < 0 ? ['.up', '.down'] : ['.down', '.up'];
  const button = other?.querySelector(`${same}:enabled`) ?? other?.querySelector(back);
  /** @type {HTMLElement | null | undefined} */ (button)?.focus();
}

/**
 * The focus goes to the row before, when the last one goes.
 * @param {Event} event on a button of a row
 */
function leave({ currentTarget }) {
  const row = /** @type {Element} */ (currentTarget).closest('li');
  const other = row?.previousElementSibling ?? row?.nextElementSibling;
  const button = other?.querySelector('.remove, .add');
  /** @type {HTMLElement | null | undefined} */ (button)?.focus();
}

/**
 * What the activations and the initializer do that are in use.
 * @param {Part} part
 */
function formulas({ state: { catalog }, experiment: { layers, initializer } }) {
  const used = new Set(layers.map(({ activation }) => activation));
  const entries = [
    ...catalog.activations.filter(({ name }) => used.has(name)),
    ...catalog.initializers.filter(({ name }) => name === initializer.kind),
  ];
  return html`<details class="formulas">
    <summary>What these do</summary>
    <p class="about">The output layer has a unit for each target of a row.</p>
    <dl>
      ${entries.map((entry) => html`<div><dt>${entry.name}</dt><dd class="about">${aboutEntry(entry)}</dd></div>`)}
    </dl>
  </details>`;
}

/** @param {Part} part */
function initializer({ state, experiment, change }) {
  const { catalog } = state;
  const { initializer } = experiment;
  const entry = catalog.initializers.find(({ name }) => name === initializer.kind);
  const settings = entry?.settings ?? [];
  const seed = settings.find(({ name }) => name === 'seed');
  const use = (/** @type {Setting} */ setting) => (/** @type {unknown} */ value) =>
    change(
      { ...experiment, initializer: withSetting(initializer, setting, value) },
      `initializer.${setting.name}`,
    );
  return html`<div class="initializer">
    ${menuField({
      id: 'initializer',
      label: 'initializer',
      entries: catalog.initializers,
      value: initializer.kind,
      isPlain: true,
      onValue: (kind) => change(withInitializer(experiment, kind)),
    })}
    ${seed ? seedField(state, seed, Number(initializer.seed ?? seed.default), use(seed)) : nothing}
    ${settings
      .filter((setting) => setting !== seed)
      .map((setting) =>
        settingField(state, {
          id: `initializer.${initializer.kind}.${setting.name}`,
          setting,
          value: initializer[setting.name],
          onValue: use(setting),
        }),
      )}
  </div>`;
}

/**
 * @param {FigureState} state
 * @param {Setting} setting
 * @param {number} value
 * @param {(value: number) => void} onValue
 */
function seedField(state, setting, value, onValue) {
  return html`<div class="seed">
    ${stepper(state, {
      id: 'initializer.seed',
      setting,
      value,
      label: 'seed',
      about: '',
      less: 'Previous seed',
      more: 'Next seed',
      onValue,
    })}
  </div>`;
}

export const layersStyles = css`
  .features {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 14px;
    margin: 0 0 14px;
    padding: 0;
    border: 0;
    min-inline-size: 0;
  }
  .features legend {
    padding: 0;
    margin-block-end: 6px;
    font-size: 13px;
    line-height: 20px;
  }
  .features label {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-block-size: 28px;
  }
  .features input {
    accent-color: var(--ink);
    margin: 0;
  }
  .features canvas {
    inline-size: 24px;
    block-size: 24px;
    border: 1px solid var(--line);
    border-radius: 3px;
  }
  .layers-list {
    container-type: inline-size;
    list-style: none;
    display: grid;
    gap: 8px;
    margin: 0 0 10px;
    padding: 0;
  }
  .layer {
    display: grid;
    grid-template-columns: 68px 132px minmax(0, 1fr) 112px;
    gap: 4px 12px;
    align-items: start;
  }
  .layer-name,
  .fixed {
    line-height: 32px;
  }
  .fixed {
    color: var(--quiet);
    font-size: 13px;
  }
  .layer .field > label {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .layer .field {
    position: relative;
  }
  .stepper {
    display: grid;
    grid-template-columns: 32px minmax(0, 1fr) 32px;
    gap: 4px;
    align-items: start;
  }
  .stepper .about {
    margin-inline: -36px;
  }
  .stepper input {
    text-align: center;
  }
  :is(.stepper, .moves) button {
    padding: 5px 0;
    min-inline-size: 32px;
    min-block-size: 32px;
  }
  .moves {
    display: grid;
    grid-template-columns: repeat(3, 1fr);
    gap: 4px;
  }
  .add {
    padding: 5px 0;
  }
  .formulas {
    margin-block-start: 10px;
  }
  .formulas summary {
    padding-block: 4px;
    font-size: 13px;
    color: var(--quiet);
    cursor: pointer;
  }
  .formulas dl {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 200px), 1fr));
    gap: 8px 20px;
    margin: 8px 0 0;
  }
  .formulas dt {
    font-size: 13px;
    line-height: 20px;
  }
  .formulas dd {
    margin: 0;
  }
  .initializer {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 200px), 1fr));
    gap: 12px 20px;
    align-items: start;
  }
  .seed .stepper button {
    margin-block-start: 20px;
  }
  @media (pointer: coarse) {
    .features label,
    :is(.stepper, .moves) button {
      min-block-size: 44px;
    }
    .stepper {
      grid-template-columns: 44px minmax(0, 1fr) 44px;
    }
    .stepper .about {
      margin-inline: -48px;
    }
    .layer {
      grid-template-columns: 68px 152px minmax(0, 1fr) 144px;
    }
    .layer-name,
    .fixed {
      line-height: 44px;
    }
    .add {
      padding-block: 11px;
    }
  }
  @container (inline-size < 430px) {
    .layer {
      grid-template-columns: minmax(0, 1fr) 140px;
    }
    .layer > .field {
      grid-column: 1;
    }
    .layer > .fixed {
      text-align: end;
    }
  }
`;
