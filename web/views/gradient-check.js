// The gradient check: backpropagation's slope of the loss beside the one that two points give.
import { live } from 'lit/directives/live.js';
import { html, noChange, nothing } from 'lit/html.js';
import { roundingError, writeEpsilon } from '../state/epsilon.js';
import { count, exact, number, signed } from '../state/format.js';
import { parameterArrays, parameterName } from '../state/parameters.js';
import { css } from './css.js';
import { alongPlot, errorPlot } from './gradient-plots.js';
import { moveInTable } from './table.js';

/** @typedef {import('../state/types.js').GradientCheck} GradientCheck */

/**
 * @typedef {object} CheckData
 * @property {import('../state/types.js').RunInfo} info
 * @property {GradientCheck} check
 * @property {import('../state/types.js').Question} question what is asked, and soon answered
 * @property {number} width of a picture
 * @property {string} problem with the ε that was typed; may be empty
 * @property {(change: Partial<import('../state/types.js').Question>) => void} onAsk
 * @property {(text: string) => void} onEpsilon
 * @property {import('../element/turns.js').Turns['draw']} inTurn
 */

/** @param {CheckData} data */
export function checkView(data) {
  const { info, check, question, width, problem, onAsk, onEpsilon, inTurn } = data;
  const chosen = chosenOf(data);
  const arrays = parameterArrays(info);
  const nameOf = (/** @type {number} */ i) => parameterName(arrays, i);
  const slope = (check.plus - check.minus) / (2 * check.epsilon);
  const error = relative(check.gradient, slope);
  const choose = (/** @type {Event} */ event) =>
    onAsk({ parameter: Number(/** @type {HTMLSelectElement} */ (event.target).value) });
  return html`
    <div class="head">
      <p class="label" part="label" id="check">Gradient check</p>
      <div class="asking">
        <label>w = <select class="n" .value=${live(String(chosen))} @change=${choose}>
          ${check.indices.map((i) => html`<option value=${i} ?selected=${i === chosen}>${nameOf(i)}</option>`)}
        </select></label>
        <label>ε = <input class="n" inputmode="decimal" autocomplete="off" spellcheck="false"
          aria-invalid=${problem ? 'true' : 'false'} aria-describedby="bad-epsilon"
          .value=${problem ? noChange : live(writeEpsilon(question.epsilon))}
          @change=${(/** @type {Event} */ event) => onEpsilon(/** @type {HTMLInputElement} */ (event.target).value)} /></label>
      </div>
    </div>
    <p class="problem" id="bad-epsilon" role="alert" ?hidden=${!problem}>${problem}</p>
    <div class="checks">
      <figure class="along plot">
        <figcaption>The loss along ${nameOf(check.parameter)}, less <span class="n">${number(check.loss)}</span></figcaption>
        ${inTurn('along', () => alongPlot(check, width, nameOf(check.parameter)))}
        <p class="key"><span class="tangent-key">backpropagation’s tangent</span> <span class="secant-key">through the two points</span></p>
      </figure>
      <figure class="by-epsilon plot">
        <figcaption>Its relative error by ε</figcaption>
        <div class="slid">${inTurn('errors', () => errorPlot(check, width, question.epsilon, error, (epsilon) => onEpsilon(writeEpsilon(epsilon))))}</div>
        <p class="key"><span class="floor-key">${check.errors.length > 0 ? 'what rounding alone makes' : 'what rounding alone makes; the network is too large for all ε at once'}</span></p>
      </figure>
      ${inTurn('gradients', () => gradients(data, nameOf))}
    </div>
    <p class="sentence" part="sentence">
      At ε = <b class="n">${writeEpsilon(check.epsilon)}</b> the loss on both sides of
      <span class="n">${nameOf(check.parameter)}</span> gives a slope of
      <b class="n">${signed(slope)}</b>; backpropagation says <b class="n">${signed(check.gradient)}</b>.
      ${verdict(check, error)}
    </p>
  `;
}

/**
 * Whether rounding is a tenth of the error, or the curve's bend is most of it.
 * @param {GradientCheck} check
 * @param {number} error
 */
function verdict(check, error) {
  if (error === 0) return 'There is no difference at all.';
  const isBend = error > 10 * roundingError(check, check.epsilon);
  const cause = isBend ? 'from the bend of the curve' : 'from rounding';
  return html`The relative error is <b class="n">${number(error)}</b>, ${cause}.`;
}

/**
 * The table of all gradients; its rows choose the parameter.
 * @param {CheckData} data
 * @param {(index: number) => string} nameOf
 */
function gradients(data, nameOf) {
  const { info, check, onAsk } = data;
  const { indices, analytic, numeric, maxRelativeError } = check;
  const chosen = chosenOf(data);
  const row = (/** @type {number} */ index, /** @type {number} */ k) => html`<tr
    class=${index === chosen ? 'chosen' : ''}
    @click=${() => onAsk({ parameter: index })}
  >
    <th scope="row"><label class="n"><input type="radio" name="parameter"
      .checked=${live(index === chosen)} @change=${() => onAsk({ parameter: index })} />${nameOf(index)}</label></th>
    ${[signed(analytic[k]), signed(numeric[k]), number(Math.abs(analytic[k] - numeric[k]))].map(
      (text, column) => html`<td class="n r" tabindex=${k + column ? -1 : 0}
        data-exact=${exact([analytic[k], numeric[k], Math.abs(analytic[k] - numeric[k])][column])}>${text}</td>`,
    )}
  </tr>`;
  return html`<div class="gradients">
    <div class="all">
      <table aria-labelledby="check" @keydown=${moveInTable}>
        <thead><tr>
          <th scope="col">w</th>
          <th scope="col" class="r">backprop</th>
          <th scope="col" class="r">two points</th>
          <th scope="col" class="r">difference</th>
        </tr></thead>
        <tbody>${indices.map(row)}</tbody>
      </table>
    </div>
    <p class="note">
      ${indices.length < info.parameterCount ? `${count(indices.length)} of ${count(info.parameterCount)} parameters. ` : nothing}Largest
      difference / largest gradient: <span class="n">${number(measure(analytic, numeric))}</span>${
        Number.isNaN(maxRelativeError)
          ? '.'
          : html`; with five points and the best ε, over all ${count(info.parameterCount)}:
            <span class="n">${number(maxRelativeError)}</span>.`
      }
    </p>
  </div>`;
}

/**
 * The parameter that is asked for, or the one that is shown for want of it.
 * @param {CheckData} data
 */
function chosenOf({ info, check, question }) {
  return question.parameter < info.parameterCount ? question.parameter : check.parameter;
}

/**
 * @param {number} a
 * @param {number} n
 */
function relative(a, n) {
  return measure([a], [n]);
}

/**
 * max|a − n| / max(max|a|, max|n|), 0 where both vanish.
 * @param {number[]} analytic
 * @param {number[]} numeric
 */
function measure(analytic, numeric) {
  const difference = Math.max(...analytic.map((a, k) => Math.abs(a - numeric[k])));
  return difference && difference / Math.max(...[...analytic, ...numeric].map(Math.abs));
}

export const checkStyles = css`
  .asking {
    display: flex;
    gap: 16px;
    white-space: nowrap;
  }
  .asking :is(input, select) {
    box-sizing: border-box;
    block-size: 32px;
    font-size: 13px;
  }
  .asking input {
    inline-size: 7em;
    padding: 2px 8px;
    border: 1px solid var(--line);
    border-radius: 6px;
    background: none;
    color: var(--ink);
  }
  .asking input[aria-invalid='true'] {
    border: 2px solid var(--negative);
  }
  .checks {
    display: grid;
    gap: 20px 32px;
    margin-block: 8px 16px;
  }
  .checks figure {
    margin: 0;
    min-inline-size: 0;
  }
  .checks figcaption,
  .key {
    margin: 0;
    font-size: 13px;
    color: var(--quiet);
  }
  .slid {
    position: relative;
  }
  .by-epsilon svg {
    touch-action: pan-y;
    cursor: ew-resize;
  }
  .tangent {
    stroke: var(--backward);
    stroke-width: 2px;
  }
  .secant {
    stroke: var(--ink);
    stroke-width: 1.5px;
    stroke-dasharray: 6 4;
  }
  .key {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 16px;
  }
  .key span::before {
    content: '';
    display: inline-block;
    inline-size: 24px;
    margin-inline-end: 6px;
    vertical-align: middle;
    border-block-start: 2px solid var(--backward);
  }
  .key .secant-key::before {
    border-block-start: 2px dashed var(--ink);
  }
  .key .floor-key::before {
    border-block-start: 2px dotted var(--quiet);
  }
  .all {
    max-block-size: 330px;
    overflow: auto;
  }
  .gradients :is(th, td) {
    padding-block: 4px;
    white-space: nowrap;
  }
  .gradients label {
    display: flex;
    align-items: center;
    gap: 6px;
    cursor: pointer;
  }
  .gradients thead {
    position: sticky;
    inset-block-start: 0;
    background: var(--paper);
    z-index: 1;
  }
  .gradients tbody tr {
    cursor: pointer;
  }
  .chosen {
    background: color-mix(in srgb, var(--backward) 10%, transparent);
    font-weight: 600;
  }
  .gradients input {
    margin: 0;
    accent-color: var(--backward);
  }
  @container (inline-size < 420px) {
    .gradients :is(th, td):last-child {
      display: none;
    }
  }
  @container (inline-size >= 560px) {
    .checks {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    .gradients {
      grid-column: 1 / -1;
    }
  }
  @container (inline-size >= 900px) {
    .checks {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) 348px;
    }
    .gradients {
      grid-column: auto;
    }
  }
  @media print {
    .all {
      max-block-size: none;
    }
  }
  @media (pointer: coarse) {
    .asking :is(input, select) {
      block-size: 44px;
    }
    .gradients :is(th, td) {
      padding-block: 11px;
    }
    .all {
      max-block-size: 450px;
    }
  }
`;
