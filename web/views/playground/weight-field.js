// The field for one of the network's numbers: it shows every digit and follows the training, until
// somebody types into it.
import { Directive, directive } from 'lit/directive.js';
import { ref } from 'lit/directives/ref.js';
import { html, noChange, nothing } from 'lit/html.js';
import { withParameter } from '../../state/edits.js';
import { complete } from '../../state/experiment.js';
import { count } from '../../state/format.js';
import { indexOf, parameterArrays } from '../../state/parameters.js';
import { unitName } from '../../state/reading.js';
import { readSetting } from '../../state/settings.js';
import { withinEpoch } from '../../state/strings.js';
import { css } from '../css.js';
import { parameterLabel } from '../network.js';

/** @typedef {import('../../element/figure.js').FigureState} FigureState */
/** @typedef {import('../../element/figure.js').Scene} Scene */
/** @typedef {import('../network.js').Spot} Spot */

/**
 * A number that is being set, where the field for it is, and what was typed into it.
 * @typedef {Spot & { home: 'unit' | 'edge' | 'table', text?: string, problem?: string }} Open
 */

/** What the arrow keys add to a number. */
const STEPS = /** @type {Record<string, number>} */ ({
  ArrowUp: 0.1,
  ArrowDown: -0.1,
  PageUp: 1,
  PageDown: -1,
});

/**
 * @param {Scene} scene
 * @param {Spot} spot
 * @returns {number | undefined} undefined where it is not among those that are shown
 */
export function valueAt({ snapshot }, { layer, unit, from }) {
  const shown = snapshot.layers[layer - 1];
  if (!shown || unit >= shown.fanOut) return undefined;
  if (from === undefined) return shown.biases[unit];
  return from < shown.fanIn ? shown.weights[from * shown.fanOut + unit] : undefined;
}

/** Shows a text; where it has the focus and nothing was typed, typing replaces it. */
class Followed extends Directive {
  /** @param {string} text @param {boolean} _ */
  render(text, _) {
    return text;
  }

  /**
   * @param {import('lit/directive.js').PropertyPart} part
   * @param {[string, boolean]} values
   */
  update(part, [text, isTyped]) {
    const input = /** @type {HTMLInputElement} */ (part.element);
    if (input.value === text) return noChange;
    input.value = text;
    if (!isTyped && input.matches(':focus')) input.select();
    return noChange;
  }
}

const followed = directive(Followed);

/** @param {Element | undefined} input */
function takeFocus(input) {
  queueMicrotask(() => {
    /** @type {HTMLInputElement | undefined} */ (input)?.focus();
    /** @type {HTMLInputElement | undefined} */ (input)?.select();
  });
}

/**
 * @param {FigureState} state
 * @param {Scene} scene
 * @param {Open} open
 * @param {(input: HTMLElement) => void} onClose
 */
export function weightField(state, scene, open, onClose) {
  const { actions, catalog } = state;
  const value = /** @type {number} */ (valueAt(scene, open));
  const label = `${open.from === undefined ? 'Bias' : 'Weight'} ${parameterLabel(open)}`;
  const setting = /** @type {import('../../state/types.js').Setting} */ (
    catalog.edit.find(({ name }) => name === 'value')
  );
  const commit = (/** @type {string} */ text) => {
    const result = readSetting({ ...setting, default: 0 }, text, label);
    if ('problem' in result) {
      actions.onSet({ open: { ...open, text, problem: result.problem } });
      return;
    }
    actions.onSet({ open: { ...open, text: undefined, problem: undefined } });
    if (result.value !== null && !Object.is(result.value, value))
      setParameter(state, scene, open, result.value);
  };
  const typed = (/** @type {Event} */ event) => {
    const { value: text } = /** @type {HTMLInputElement} */ (event.target);
    actions.onSet({ open: { ...open, text } });
  };
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.currentTarget);
    if (event.key === 'Escape' || (event.key === 'Enter' && open.home === 'table')) {
      event.stopPropagation();
      if (event.key === 'Escape') input.value = String(value);
      onClose(input);
    } else if (STEPS[event.key] && open.text === undefined) {
      event.preventDefault();
      setParameter(state, scene, open, value + STEPS[event.key]);
    }
  };
  return html`<input class="n weight-input" type="text" autocomplete="off" autocapitalize="off" spellcheck="false"
      aria-label=${label} aria-invalid=${open.problem ? 'true' : 'false'} aria-describedby="weight-about"
      .value=${followed(open.text ?? String(value), open.text !== undefined)}
      @input=${typed} @keydown=${pressed} ${ref(takeFocus)}
      @change=${(/** @type {Event} */ event) => commit(/** @type {HTMLInputElement} */ (event.target).value)} />
    <p class="about" id="weight-about">${
      open.problem
        ? html`<span class="bad" role="alert">${open.problem}</span>`
        : `at epoch ${count(scene.snapshot.epoch)}${withinEpoch(scene.snapshot, scene.info)}`
    }</p>`;
}

/**
 * @param {FigureState} state
 * @param {Scene} scene
 * @param {Spot} spot
 * @param {number} value
 */
function setParameter({ given, actions }, { info, snapshot }, spot, value) {
  const { layer, unit, from } = spot;
  const index = indexOf(parameterArrays(info), layer, unit, from);
  actions.onExperiment(
    withParameter(complete(given), snapshot.epoch, index, value),
    `parameter ${index}`,
  );
}

/**
 * The field beside a unit or an edge: any number of the unit can be chosen.
 * @param {FigureState} state
 * @param {Scene} scene
 * @param {Open} open
 * @param {(inside: HTMLElement) => void} onClose
 */
export function weightCard(state, scene, open, onClose) {
  const { info, snapshot } = scene;
  const { layer, unit, from } = open;
  const { fanIn } = snapshot.layers[layer - 1];
  const all = layer === 1 ? info.names.length : info.layers[layer - 2].units;
  const chosen = (/** @type {Event} */ event) => {
    const { value } = /** @type {HTMLSelectElement} */ (event.target);
    const { home } = open;
    state.actions.onSet({
      open: { layer, unit, home, ...(value === '' ? {} : { from: Number(value) }) },
    });
  };
  const closed = (/** @type {Event} */ event) =>
    onClose(/** @type {HTMLElement} */ (event.currentTarget));
  const escaped = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Escape') closed(event);
  };
  return html`<div class="weight-head" @keydown=${escaped}>
      <b class="n">${unitName(info, layer, unit)}</b>
      <select aria-label="Which number of ${unitName(info, layer, unit)}" @change=${chosen}>
        <option value="" .selected=${from === undefined}>bias</option>
        ${Array.from(
          { length: fanIn },
          (_, k) =>
            html`<option value=${k} .selected=${k === from}>from ${unitName(info, layer - 1, k)}</option>`,
        )}
      </select>
      <button type="button" class="close" aria-label="Close" @click=${closed}>×</button>
    </div>
    ${weightField(state, scene, open, onClose)}
    ${all > fanIn ? html`<p class="about">The first ${count(fanIn)} of ${count(all)} weights can be set here.</p>` : nothing}`;
}

export const weightStyles = css`
  .weight-input {
    box-sizing: border-box;
    inline-size: 100%;
    min-inline-size: 12em;
    min-block-size: 32px;
    padding: 5px 8px;
    border: 1px solid var(--line);
    border-radius: 6px;
    background: var(--paper);
    color: var(--ink);
    font-size: 13px;
    line-height: 20px;
  }
  .weight-input[aria-invalid='true'] {
    border-color: var(--negative);
    outline-color: var(--negative);
  }
  .weight-head {
    display: flex;
    align-items: center;
    gap: 8px;
    margin-block-end: 6px;
  }
  .weight-head select {
    flex: 1;
    min-inline-size: 0;
    min-block-size: 28px;
  }
  .close {
    padding: 2px 8px;
    border-color: transparent;
    font-size: 16px;
  }
  @media (pointer: coarse) {
    .weight-input,
    .weight-head select {
      min-block-size: 44px;
    }
    .close {
      padding: 11px 16px;
    }
  }
`;
