// The strip of factors from the loss to a weight: a card for each row of the training set, and their
// sum, which is the gradient.
import { html, nothing } from 'lit/html.js';
import { count, plain, signed } from '../state/format.js';
import { factorsOf, refName, valueAt } from '../state/step.js';
import { place } from './canvas.js';
import { css } from './css.js';
import { exactAt, marks, textAt } from './step-frame.js';

/** @typedef {import('./step-frame.js').Frame} Frame */
/** @typedef {import('../state/step.js').Ref} Ref */

/** @param {Frame} frame */
export function stripView(frame) {
  const { focus, arrays, shown, rows, step } = frame;
  if (!/^(d_|new_)?[Wb]\d$/.test(focus.name)) return nothing;
  const parameter = { ...focus, name: focus.name.replace(/^(d|new)_/, '') };
  const gradient = { ...parameter, name: `d_${parameter.name}` };
  const isCovered = frame.isCovered(gradient);
  const total = valueAt(arrays, gradient);
  const cards = Array.from({ length: shown.count }, (_, i) => {
    const row = shown.first + i;
    const factors = factorsOf(step, arrays, parameter, row);
    const product = factors.reduce((value, { ref }) => value * valueAt(arrays, ref), 1);
    return { row, factors, product };
  });
  const rest = cards.reduce((left, { product }) => left - product, total);
  const most = Math.max(...cards.map(({ product }) => Math.abs(product)), Math.abs(total));
  const bar = (/** @type {number} */ value) => (isCovered ? nothing : barOf(value, most));
  return html`<section class="strip" aria-labelledby="strip">
    <p class="label" part="label" id="strip">From the loss to <span class="own-case n">${refName(parameter)}</span>, row by row</p>
    <ul>
      ${cards.map(
        ({ row, factors, product }) => html`<li>
          <span class="which">row ${nameOf(frame, row)}</span>
          <span class="factors">${factors.map((factor, i) => [i > 0 ? html`<span class="times">·</span>` : nothing, factorView(frame, factor)])}</span>
          <span class="product n">= ${isCovered ? '?' : signed(product)}</span>
          ${bar(product)}
        </li>`,
      )}
      ${
        shown.count < rows
          ? html`<li><span class="which">${count(rows - shown.count)} more ${rows - shown.count === 1 ? 'row' : 'rows'}</span>
              <span class="product n">${isCovered ? '?' : signed(rest)}</span>${bar(rest)}</li>`
          : nothing
      }
      <li class="total">
        <span class="which">${rows === 1 ? 'the row' : 'all rows added'}</span>
        <button type="button" class="product n${marks(frame, gradient)}" data-ref=${refName(gradient)}
          @click=${() => frame.pick(gradient)}>${refName(gradient)} = ${textAt(frame, gradient)}</button>
        ${bar(total)}
      </li>
    </ul>
  </section>`;
}

/** @param {Frame} frame @param {number} row */
function nameOf({ info }, row) {
  const inputs = info.samples.inputs[row];
  return info.inputs <= 3 ? `${row}: (${inputs.map(plain).join(', ')})` : String(row);
}

/**
 * @param {Frame} frame
 * @param {import('../state/step.js').Factor} factor
 */
function factorView(frame, { ref, what }) {
  return html`<button type="button" class="factor${marks(frame, ref)}" data-ref=${refName(ref)}
    title=${exactAt(frame, ref)} @click=${() => frame.pick(ref)}><span class="n">${textAt(frame, ref)}</span>
    <span class="what">${what}</span></button>`;
}

/**
 * From the middle, as long as it is large.
 * @param {number} value
 * @param {number} most
 */
function barOf(value, most) {
  const share = most > 0 ? (50 * Math.abs(value)) / most : 0;
  const side = value < 0 ? `${50 - share}%` : '50%';
  return html`<span class="bar ${value < 0 ? 'negative' : 'positive'}" aria-hidden="true"><span ${place({ 'inline-size': `${share}%`, 'margin-inline-start': side })}></span></span>`;
}

export const stepStripStyles = css`
  .strip ul {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(190px, 1fr));
    gap: 10px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .strip li {
    display: flex;
    flex-direction: column;
    gap: 4px;
    padding: 8px 9px 10px;
    border-radius: 6px;
    background: color-mix(in srgb, var(--backward) 8%, transparent);
  }
  .strip .total {
    background: none;
    box-shadow: inset 0 0 0 1px var(--backward);
  }
  .strip .which {
    font-size: 12px;
    color: var(--quiet);
  }
  .strip .factors {
    display: flex;
    flex-wrap: wrap;
    align-items: start;
    gap: 2px;
  }
  .strip button {
    padding: 2px 3px;
    border: 0;
    border-radius: 4px;
    text-align: center;
    font-size: 12.5px;
    line-height: 18px;
  }
  .strip button:hover {
    background: var(--rule);
  }
  .strip .total button {
    margin-inline-start: -4px;
    text-align: start;
    font-weight: 600;
    color: var(--backward);
  }
  .strip .what {
    display: block;
    font-size: 11px;
    line-height: 14px;
    color: var(--quiet);
  }
  .strip button.lit {
    background: var(--lit);
  }
  .strip .lit .what,
  .strip .total .lit {
    color: var(--ink);
  }
  .strip button.picked {
    box-shadow: inset 0 0 0 2px var(--ink);
  }
  .strip .product {
    margin-block-start: auto;
    font-size: 13px;
  }
  .bar {
    display: block;
    block-size: 5px;
    background: linear-gradient(90deg, transparent calc(50% - 0.5px), var(--line) 0 calc(50% + 0.5px), transparent 0);
  }
  .bar span {
    display: block;
    block-size: 100%;
    background: var(--positive);
  }
  .bar.negative span {
    background: repeating-linear-gradient(90deg, var(--negative) 0 4px, transparent 4px 6px);
  }
  @media (forced-colors: active) {
    .strip li {
      border: 1px solid CanvasText;
    }
    .bar span {
      forced-color-adjust: none;
      background: CanvasText;
    }
  }
`;
