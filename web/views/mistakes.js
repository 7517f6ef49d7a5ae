// Break it: a mistake in one line of the post's program, where the check finds it, and what the loss
// curve says of it.
import { guard } from 'lit/directives/guard.js';
import { live } from 'lit/directives/live.js';
import { html, nothing, svg } from 'lit/html.js';
import { epochTicks } from '../state/axis.js';
import { count, number, plain } from '../state/format.js';
import { LINES, MISTAKES } from '../state/mistakes.js';
import { css } from './css.js';
import { curvePath, plotOf } from './loss-geometry.js';

/** @typedef {import('../state/types.js').BrokenCheck} BrokenCheck */
/** @typedef {import('../state/types.js').BrokenCurves} BrokenCurves */

/**
 * @typedef {object} MistakesData
 * @property {BrokenCheck} broken
 * @property {BrokenCurves | undefined} curves of this mistake; undefined while it is being trained
 * @property {string} asked the mistake that is asked for, and soon shown
 * @property {number} width of the curves
 * @property {(change: { mistake: string }) => void} onAsk
 * @property {import('../element/turns.js').Turns['draw']} inTurn
 */

const VERDICTS = { agrees: ['✓', ' agrees'], wrong: ['✗', ' wrong'], after: ['✗', ' follows'] };
const NONE = { name: 'No mistake', array: '', text: '', why: '' };
const HEIGHT = 170;

/** @param {MistakesData} data */
export function mistakesView({ broken, curves, asked, width, onAsk, inTurn }) {
  const { mistake, outputs, seed, rate, epoch } = broken;
  return html`
    <p class="label" part="label" id="mistakes">Break it
      <span class="hint">the post’s program, ${outputs === 1 ? 'XOR by 2-2-1' : 'a half adder by 2-2-2'}, seed ${seed}, rate ${plain(rate)}, at epoch ${count(epoch)}</span>
    </p>
    <div class="choice" role="radiogroup" aria-label="Mistake">
      ${Object.entries({ none: NONE, ...MISTAKES }).map(
        ([key, { name }]) => html`<label><input type="radio" name="mistake"
          .checked=${live(key === asked)} @change=${() => onAsk({ mistake: key })} />${name}</label>`,
      )}
    </div>
    <div class="breakage">
      ${inTurn('listing', () => listing(broken))}
      <div class="outcome">
        <div class="curves plot">${curves ? inTurn('curves', () => guard([curves, width], () => curvesPlot(curves, width))) : nothing}</div>
        ${curves ? key(curves) : html`<p class="key">Training with the mistake …</p>`}
        <p class="sentence" part="sentence">${finding(broken)} ${MISTAKES[mistake]?.why ?? ''} ${curves ? ending(curves) : ''}</p>
        <p class="unseen" role="status">${guard([mistake, curves], () =>
          curves && mistake !== 'none' ? html`${finding(broken)} ${ending(curves)}` : nothing,
        )}</p>
      </div>
    </div>
  `;
}

/** @param {BrokenCheck} broken */
function listing({ mistake, outputs, steps }) {
  const { array: changed, text } = MISTAKES[mistake] ?? NONE;
  const first = steps.findIndex(({ isWrong }) => isWrong);
  const code = (/** @type {string} */ line) => line.replace('N', String(outputs));
  const row = (/** @type {import('../state/mistakes.js').Line} */ line) => {
    const at = steps.findIndex(({ array }) => array === line.array);
    const isChanged = line.array === changed;
    const state = !steps[at]?.isWrong ? 'agrees' : at === first ? 'wrong' : 'after';
    const [mark, word] = at < 0 ? ['', ''] : VERDICTS[state];
    return html`${
      isChanged
        ? html`<tr class="old"><td><code>− <del>${code(line.text)}</del></code></td><td></td><td></td></tr>`
        : nothing
    }<tr class=${`${at < 0 ? '' : state} ${isChanged ? 'new' : ''}`}>
      <td><code>${isChanged ? html`+ <ins>${code(text)}</ins>` : html`  ${code(line.text)}`}</code></td>
      <td class="n r">${at < 0 ? '' : number(steps[at].error)}</td>
      <td>${mark}<span class="word">${word}</span></td>
    </tr>`;
  };
  return html`<div class="listing" role="region" tabindex="0" aria-label="The program, checked line by line">
    <table>
      <thead><tr><th scope="col">the program</th><th scope="col" class="r"><span class="word">relative </span>error</th><th scope="col"><span class="word">check</span></th></tr></thead>
      <tbody>${LINES.map(row)}</tbody>
    </table>
  </div>`;
}

/** @param {BrokenCheck} broken */
function finding({ mistake, steps }) {
  const first = steps.findIndex(({ isWrong }) => isWrong);
  const { array } = MISTAKES[mistake] ?? NONE;
  if (first < 0) {
    const worst = number(Math.max(...steps.map(({ error }) => error)));
    const whose = mistake === 'none' ? ' of the engine’s backward pass' : '';
    return html`Every array${whose} agrees with the differences, to <b class="n">${worst}</b> at worst.`;
  }
  const found = steps[first];
  return html`The check first fails at <b class="n">${found.array}</b>${
    found.array === array ? ', which the changed line computes' : ''
  }: its relative error is <b class="n">${number(found.error)}</b>.`;
}

/** @param {BrokenCurves} curves */
function ending({ mistake, truth, broken, hidden }) {
  const last = (/** @type {Float64Array} */ values) => values[values.length - 1];
  const ran = last(broken.epochs);
  const epochs = `${count(ran)} ${ran === 1 ? 'epoch' : 'epochs'}`;
  if (mistake === 'none')
    return html`This listing, in JavaScript, ends at the engine’s loss: <b class="n">${number(last(broken.losses))}</b> after ${epochs}.`;
  const loss = html`After ${epochs} the loss is <b class="n">${number(last(broken.losses))}</b> instead of <b class="n">${number(last(truth.losses))}</b>.`;
  if (mistake !== 'zeros') return loss;
  const rows = Array.from({ length: hidden.length / 2 }, (_, i) =>
    hidden.subarray(2 * i, 2 * i + 2),
  );
  const apart = Math.max(...rows.map(([a, b]) => Math.abs(a - b)));
  return html`${loss} Both hidden units still say the same for every row:
    <b class="n">${rows.map(([a]) => number(a)).join(' ')}</b>, ${apart === 0 ? 'to the last bit' : html`but for <b class="n">${number(apart)}</b>`}.`;
}

/**
 * @param {BrokenCurves} curves
 * @param {number} width
 */
function curvesPlot({ truth, broken }, width) {
  const end = broken.epochs[broken.epochs.length - 1];
  const losses = Float64Array.of(
    ...truth.losses,
    Math.min(...broken.losses),
    Math.max(...broken.losses),
  );
  const plot = plotOf({
    history: { ...truth, losses, complete: true, milliseconds: 0 },
    end,
    scale: 'linear',
    width,
    height: HEIGHT,
    marks: [],
  });
  const { left, right, bottom } = plot;
  return html`<svg width=${width} height=${HEIGHT} role="img" aria-label="The loss by epoch, as it should be and with the mistake.">${svg`
    ${plot.ticks.map(
      ({ value, text }) => svg`<path class="grid" d="M${left} ${plot.y(value)}H${right}"></path>
        <text class="n end" x=${left - 8} y=${plot.y(value) + 4}>${text}</text>`,
    )}
    ${epochTicks(end, 'linear', (right - left) / 76).map(
      (epoch) =>
        svg`<text class="n" x=${Math.min(plot.x(epoch), right - 8)} y=${bottom + 20}>${count(epoch)}</text>`,
    )}
    <path class="axis" d="M${left} ${bottom}H${right}"></path>
    <path class="curve" d=${curvePath(truth, plot)}></path>
    <path class="curve astray" d=${curvePath(broken, plot)}></path>`}
  </svg>`;
}

/** @param {BrokenCurves} curves */
function key({ mistake }) {
  return html`<p class="key"><span class="truth-key">the engine’s loss</span>
    <span class="astray-key">${mistake === 'none' ? 'this listing’s' : 'with the mistake'}</span></p>`;
}

export const mistakesStyles = css`
  .choice {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 18px;
    margin-block-end: 12px;
  }
  .choice label {
    display: flex;
    align-items: center;
    gap: 6px;
    padding-block: 4px;
    cursor: pointer;
  }
  .choice input {
    margin: 0;
    accent-color: var(--ink);
  }
  .breakage {
    display: grid;
    gap: 16px 40px;
  }
  .breakage > * {
    min-inline-size: 0;
  }
  .listing {
    overflow-x: auto;
  }
  .listing :is(th, td) {
    padding-block: 3px;
    white-space: nowrap;
  }
  .listing code {
    font: 12.5px / 20px var(--mono);
    white-space: pre;
  }
  .listing :is(ins, del) {
    text-decoration: none;
  }
  .listing del {
    text-decoration: line-through;
    color: var(--quiet);
  }
  .new {
    background: color-mix(in srgb, var(--negative) 12%, transparent);
  }
  .new code {
    font-weight: 600;
  }
  .listing td {
    color: var(--quiet);
  }
  .listing code,
  .listing .wrong td {
    color: var(--ink);
  }
  .wrong td:last-child {
    font-weight: 600;
  }
  .curve.astray {
    stroke: var(--negative-text);
    stroke-dasharray: 5 4;
  }
  .key .truth-key::before {
    border-block-start: 2px solid var(--ink);
  }
  .key .astray-key::before {
    border-block-start: 2px dashed var(--negative);
  }
  .outcome .sentence {
    margin-block-start: 12px;
    font-size: 16px;
    line-height: 25px;
  }
  @container (inline-size < 560px) {
    .listing code {
      display: block;
      font-size: 11.5px;
      line-height: 17px;
      white-space: pre-wrap;
      padding-inline-start: 2ch;
      text-indent: -2ch;
    }
    .word {
      position: absolute;
      inline-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  }
  @container (inline-size >= 900px) {
    .breakage {
      grid-template-columns: minmax(0, 1.35fr) minmax(0, 1fr);
    }
  }
  @media (pointer: coarse) {
    .choice label {
      padding-block: 12px;
    }
  }
`;
