// One step, slowly: eight stops, and at each the network, the code and the arrays; the formula, the
// numbers put in and the result; the factors from the loss to a weight.
import { guard } from 'lit/directives/guard.js';
import { html, nothing } from 'lit/html.js';
import { count, exact, number, plain, signed } from '../state/format.js';
import { whyNoSteps } from '../state/limits.js';
import {
  formulaOf as formulaTextOf,
  hasBatches,
  isPlain,
  MOST_ROWS,
  ROWS_AT_A_TIME,
  refName,
  valueAt,
  written,
} from '../state/step.js';
import { codeStyles, codeView } from './code.js';
import { css } from './css.js';
import { formulaOf } from './formula.js';
import { guessStyles, guessView } from './guess.js';
import { arraysView, stepArraysStyles } from './step-arrays.js';
import { frameOf, marks, textAt } from './step-frame.js';
import { stepNetworkStyles, stepNetworkView } from './step-network.js';
import { stepStripStyles, stripView } from './step-strip.js';

/** @typedef {import('./step-frame.js').StepData} StepData */
/** @typedef {import('./step-frame.js').StepUi} StepUi */
/** @typedef {import('./step-frame.js').Frame} Frame */
/** @typedef {import('../state/step.js').Ref} Ref */

const NARROW = 560;
/** @type {StepUi['pane'][]} */
const PANES = ['network', 'code', 'arrays'];

/** @param {StepData} data */
export function stepView(data) {
  const { info, experiment, snapshot, width } = data;
  const why = whyNoSteps(info, experiment.loss);
  const title = html`<p class="label" part="label" id="step">One step · epoch ${count(snapshot.epoch)}</p>`;
  if (why) return html`${title}<p class="note">${why}</p>`;
  const frame = frameOf(data);
  return html`${title}
    <div class="step" @keydown=${(/** @type {KeyboardEvent} */ e) => onKey(e, frame, data)}>
      ${width < NARROW ? nothing : stopsView(frame, data)} ${barView(frame, data)}
      ${panesView(frame, data)} ${data.inTurn('sums', () => boxView(frame, data))}
      ${data.inTurn('strip', () => stripView(frame))} ${notesView(frame, data)}
      <p class="unseen" role="status">${guard(
        [frame.at, refName(frame.focus), frame.isCovered(frame.focus)],
        () => spoken(frame),
      )}</p>
    </div>`;
}

/** @param {Frame} frame @param {StepData} data @param {number} stop */
function goTo({ step }, { onChange }, stop) {
  if (step.stops[stop]) onChange({ stop, focus: undefined, answer: '' });
}

/**
 * @param {KeyboardEvent} event
 * @param {Frame} frame
 * @param {StepData} data
 */
function onKey(event, frame, data) {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const target = /** @type {HTMLElement} */ (event.target);
  const isBusy = target.closest('td, input, pre, [role=tab]') || event.defaultPrevented;
  if (!by || isBusy || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  goTo(frame, data, frame.at + by);
}

/** @param {Frame} frame @param {StepData} data */
function stopsView(frame, data) {
  const { step, at } = frame;
  return html`<ol class="stops">
    ${step.stops.map(
      ({ title, way, made }, i) => html`<li>
        <button type="button" class=${way} aria-current=${i === at ? 'step' : nothing} @click=${() => goTo(frame, data, i)}>
          <span>${i + 1} ${title}</span>
          <span class="n">${way === 'update' ? 'W −= η·d_W' : made.join(' ')}</span>
        </button>
      </li>`,
    )}
  </ol>`;
}

/** @param {Frame} frame @param {StepData} data */
function barView(frame, data) {
  const { step, at, stop } = frame;
  const last = step.stops.length - 1;
  const slid = (/** @type {Event} */ event) =>
    goTo(frame, data, /** @type {HTMLInputElement} */ (event.currentTarget).valueAsNumber - 1);
  return html`<div class="bar-of-stops">
    <button type="button" aria-disabled=${at === 0} @click=${() => goTo(frame, data, at - 1)}>◀ Back</button>
    <button type="button" class="main" aria-disabled=${at === last} @click=${() => goTo(frame, data, at + 1)}>Next ▶</button>
    <input type="range" min="1" max=${last + 1} .valueAsNumber=${at + 1} aria-label="Stop"
      aria-valuetext="${at + 1} of ${last + 1}: ${stop.title}" @input=${slid} />
    ${data.width < NARROW ? html`<b class="where">${at + 1} of ${last + 1}: ${stop.title}</b>` : html`<span class="note">or the arrow keys</span>`}
    ${rowsView(frame, data)}
    <label class="guessing"><input type="checkbox" .checked=${data.ui.isGuessing}
      @change=${(/** @type {Event} */ e) => data.onChange({ isGuessing: /** @type {HTMLInputElement} */ (e.currentTarget).checked, answer: '' })} />
      Guess first</label>
  </div>`;
}

/** @param {Frame} frame @param {StepData} data */
function panesView(frame, data) {
  const { info, width, ui, snapshot, onChange, inTurn } = data;
  const isNarrow = width < NARROW;
  const drawn = isNarrow
    ? width
    : Math.min(220 + 120 * info.layers.length, Math.floor((width - 28) / 2));
  /** @type {Record<StepUi['pane'], () => unknown>} */
  const panes = {
    network: () => stepNetworkView(frame, drawn),
    code: () => codeView(frame, ui, snapshot, onChange),
    arrays: () => arraysView(frame),
  };
  const shown = isNarrow ? [ui.pane] : PANES;
  return html`${isNarrow ? tabsView(data) : nothing}
    <div class="panes">
      ${shown.map((pane) =>
        isNarrow
          ? html`<div class="pane" role="tabpanel" id="pane" aria-labelledby="tab-${pane}">${inTurn(`${pane} pane`, panes[pane])}</div>`
          : html`<section class="pane ${pane}-pane" aria-label=${nameOf(pane)}>${inTurn(`${pane} pane`, panes[pane])}</section>`,
      )}
    </div>`;
}

/** @param {string} pane */
const nameOf = (pane) => pane[0].toUpperCase() + pane.slice(1);

/** @param {StepData} data */
function tabsView({ ui, onChange }) {
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const by = { ArrowLeft: 2, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const pane = PANES[(PANES.indexOf(ui.pane) + by) % 3];
    onChange({ pane });
    const list = /** @type {HTMLElement} */ (event.currentTarget);
    /** @type {HTMLElement} */ (list.querySelector(`#tab-${pane}`)).focus();
  };
  return html`<div class="toggle tabs" role="tablist" aria-label="Panes" @keydown=${onKey}>
    ${PANES.map(
      (pane) => html`<button type="button" role="tab" id="tab-${pane}" aria-controls="pane"
        aria-selected=${pane === ui.pane} tabindex=${pane === ui.pane ? 0 : -1}
        @click=${() => onChange({ pane })}>${nameOf(pane)}</button>`,
    )}
  </div>`;
}

/** Formula, the numbers put in, the result. @param {Frame} frame @param {StepData} data */
function boxView(frame, data) {
  const isCovered = frame.isCovered(frame.focus);
  return html`<dl class="box-of-sums ${frame.stop.way}">
    <div><dt>formula</dt><dd>${formulasView(frame, data)}</dd></div>
    ${
      isCovered
        ? html`<div><dt>guess</dt><dd>${guessView(frame, data)}</dd></div>`
        : html`<div><dt>numbers</dt><dd class="numbers n">${numbersView(frame)}</dd></div>
            <div><dt>result</dt><dd>${resultView(frame)}</dd></div>`
    }
    ${data.ui.answer ? html`<div><dt>you said</dt><dd role="status" class="answer">${data.ui.answer}</dd></div>` : nothing}
  </dl>`;
}

/** The formulas of the stop, and of the chosen number if it was made elsewhere. @param {Frame} frame @param {StepData} data */
function formulasView({ step, stop, focus, rows, arrays }, { docs }) {
  const names = stop.made.includes(focus.name) ? stop.made : [focus.name];
  const first = Math.max(0, names.indexOf(focus.name) - 1);
  const lines = step.lines.filter(({ name }) => names.includes(name) && arrays.has(name));
  const shown =
    lines.length > 4 ? lines.slice(Math.min(first, lines.length - 3)).slice(0, 3) : lines;
  if (shown.length === 0) return html`<span class="note">${givenText(focus)}</span>`;
  const isAlike = shown[0].kind === 'update' && !isPlain(step.experiment, rows);
  return (isAlike ? shown.slice(0, 1) : shown).map((line) => {
    const { texts, equation } = formulaTextOf(step, line, rows);
    const classes = line.name === focus.name || isAlike ? 'formula' : 'formula other';
    const sign = line.kind === 'update' ? '←' : '=';
    return html`<span class=${classes}>${guard([line.name, step], () =>
      texts.map(
        ([target, text]) =>
          html`<math displaystyle="true">${formulaOf(target, text, sign)}</math> `,
      ),
    )}
      ${
        docs
          ? html`<a href="${docs}#eq-${equation}" aria-label="Equation ${equation} of the mathematics">(${equation})</a>`
          : html`<span class="note">(${equation})</span>`
      }</span>`;
  });
}

/** @param {Ref} ref */
function givenText({ name }) {
  if (name === 'X') return 'An input of the training set: it is given.';
  if (name === 'y') return 'A target of the training set: it is given.';
  return 'A parameter: the update of the epoch before has left it so, or the initializer.';
}

/** @param {Frame} frame */
function numbersView(frame) {
  const { sum, arrays } = frame;
  if (sum.length === 0) return textAt(frame, frame.focus);
  return written(sum, arrays, (ref, text) => numberButton(frame, ref, text));
}

/** @param {Frame} frame @param {Ref} ref @param {string} text */
function numberButton(frame, ref, text) {
  const shown = frame.isCovered(ref) ? '?' : text;
  return html`<button type="button" class="number${marks(frame, ref)}" data-ref=${refName(ref)} title=${refName(ref)}
    @click=${() => frame.pick(ref)}>${shown}</button>`;
}

/** @param {Frame} frame */
function resultView(frame) {
  const { focus, arrays, stop, experiment, rows, rate } = frame;
  const value = valueAt(arrays, focus);
  const said = html`<b class="n result ${stop.way}" title=${exact(value)} data-ref=${refName(focus)}>${refName(focus)} = ${textAt(frame, focus)}</b>`;
  const [, parameter] = /^(?:d|new)_([Wb]\d)$/.exec(focus.name) ?? [];
  const next = { ...focus, name: `new_${parameter}` };
  if (!parameter || !arrays.has(next.name)) return said;
  const old = valueAt(arrays, { ...focus, name: parameter });
  const own = html`<span class="n">${refName({ ...focus, name: parameter })}</span>`;
  const change = html`<span class="n">${signed(valueAt(arrays, next) - old)}</span>`;
  const by = isPlain(experiment, rows) ? ` at learning rate ${plain(rate)}` : '';
  return focus.name[0] === 'd'
    ? html`${said}, so the step moves ${own}, which is <span class="n">${signed(old)}</span>, by ${change}${by}`
    : html`${said}, moved by ${change}`;
}

/** @param {Frame} frame @param {StepData} data */
function rowsView({ info, rows, row, shown }, { onChange }) {
  if (rows === 1) return nothing;
  const button = (/** @type {number | undefined} */ which, /** @type {string} */ text) =>
    html`<button type="button" class="n" aria-pressed=${row === which} @click=${() => onChange({ row: which })}>${text}</button>`;
  const all =
    rows <= MOST_ROWS
      ? `all ${['', '', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'][rows]}`
      : 'all';
  if (rows <= MOST_ROWS) {
    const texts = info.samples.inputs.map((inputs) => inputs.map(plain).join(','));
    const isShort = texts.every((text) => text.length < 12);
    return html`<div class="toggle rows-of-step" role="group" aria-label="Rows">
      <span class="note">Rows</span>
      ${texts.map((text, i) => button(i, isShort ? text : String(i)))} ${button(undefined, all)}
    </div>`;
  }
  const chosen = (/** @type {Event} */ event) => {
    const { value } = /** @type {HTMLInputElement} */ (event.currentTarget);
    const wanted = Math.min(rows - 1, Math.max(0, Math.trunc(Number(value)) || 0));
    onChange({ row: wanted, first: wanted - (wanted % ROWS_AT_A_TIME) });
  };
  return html`<div class="toggle rows-of-step" role="group" aria-label="Rows">
    <label class="note">Row <input type="number" min="0" max=${rows - 1} .value=${String(row ?? shown.first)} @change=${chosen} /> of ${count(rows)}, from 0</label>
    <button type="button" aria-pressed=${row === undefined} @click=${() => onChange({ row: undefined })}>all, ${shown.count} shown</button>
  </div>`;
}

/** @param {Frame} frame @param {StepData} data */
function notesView({ experiment, rows, arrays, stop }, { snapshot }) {
  const { kind } = experiment.optimizer;
  const isUpdate = stop.way === 'update';
  const notes = [];
  if (snapshot.step > 0)
    notes.push('The run stands within this epoch; what is shown here is the epoch’s beginning.');
  if (hasBatches(experiment, rows))
    notes.push(
      `This run trains on mini-batches of ${experiment.batchSize}. The step here is one on the whole training set; what an update shows is the epoch’s ${Math.ceil(rows / Number(experiment.batchSize))} steps together.`,
    );
  else if (isUpdate && !isPlain(experiment, rows))
    notes.push(
      kind === 'lbfgs'
        ? 'L-BFGS looks for its step along a line, so there is no sum for one parameter alone.'
        : `The optimizer, ${kind}, also goes by what it remembers of earlier gradients; the code has its lines.`,
    );
  if (isUpdate && !arrays.has('new_W1')) notes.push('The run ends here: there is no next step.');
  return notes.map((note) => html`<p class="note">${note}</p>`);
}

/** What screen readers are told when the stop or the chosen number has changed. @param {Frame} frame */
function spoken({ at, step, stop, focus, arrays, sum, isCovered }) {
  const head = `Stop ${at + 1} of ${step.stops.length}: ${stop.title}. `;
  if (isCovered(focus)) return `${head}${refName(focus)} is covered: guess it.`;
  const arithmetic = written(sum, arrays, (_, text) => text).join('');
  const value = number(valueAt(arrays, focus));
  return `${head}${refName(focus)} = ${arithmetic ? `${arithmetic} = ` : ''}${value}.`;
}

const stepStyles = css`
  .figure {
    --forward: var(--backprop-forward, #0f766e);
    --lit: #fbeebc;
  }
  .figure.dark {
    --forward: var(--backprop-forward, #2dd4bf);
    --lit: #4a3c12;
  }
  @media (forced-colors: active) {
    .figure,
    .figure.dark {
      --forward: CanvasText;
      --lit: Canvas;
    }
  }
  .step-part {
    grid-column: 1 / -1;
  }
  /* Nearly as high as the first stop of the post's run, and never higher (embed/heights.js): what is
     below it must not move when it comes. */
  .step-part:empty {
    min-block-size: 962px;
  }
  @container (inline-size < 869px) {
    .step-part:empty {
      min-block-size: 1110px;
    }
  }
  @container (inline-size < 650px) {
    .step-part:empty {
      min-block-size: 1241px;
    }
  }
  @container (inline-size < 560px) {
    .step-part:empty {
      min-block-size: 756px;
    }
  }
  @container (inline-size < 349px) {
    .step-part:empty {
      min-block-size: 1104px;
    }
  }
  .step {
    --way: var(--forward);
    display: grid;
    gap: 20px;
  }
  .line.backward,
  .box-of-sums.backward,
  .stops .backward {
    --way: var(--backward);
  }
  .line.update,
  .box-of-sums.update,
  .stops .update {
    --way: var(--quiet);
  }
  .stops {
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: minmax(0, 1fr);
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .stops button {
    display: flex;
    flex-direction: column;
    inline-size: 100%;
    block-size: 100%;
    padding: 8px 6px 6px 0;
    border: 0;
    border-block-start: 3px solid color-mix(in srgb, var(--way) 45%, var(--paper));
    border-radius: 0;
    text-align: start;
    font-size: 13px;
    line-height: 18px;
    color: var(--quiet);
  }
  .stops .n {
    font-size: 11.5px;
    overflow-wrap: anywhere;
  }
  .stops button:hover {
    color: var(--ink);
    border-color: var(--way);
  }
  .stops [aria-current] {
    border-color: var(--way);
    font-weight: 600;
    color: var(--ink);
  }
  .bar-of-stops {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 10px;
  }
  .bar-of-stops [aria-disabled='true'] {
    opacity: 0.45;
    cursor: default;
  }
  .bar-of-stops input[type='range'] {
    inline-size: 140px;
    accent-color: var(--ink);
  }
  .bar-of-stops .note {
    margin: 0;
  }
  .bar-of-stops .main {
    min-inline-size: 0;
  }
  .guessing {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    cursor: pointer;
  }
  .guessing input {
    accent-color: var(--backward);
  }
  .panes {
    display: grid;
    gap: 20px 28px;
    min-inline-size: 0;
  }
  .pane {
    min-inline-size: 0;
  }
  .tabs {
    display: flex;
    border-block-end: 1px solid var(--rule);
  }
  .tabs button {
    flex: 1;
    border: 0;
    border-radius: 0;
    border-block-end: 2px solid transparent;
    padding-block: 8px;
  }
  .tabs [aria-selected='true'] {
    border-color: var(--ink);
    font-weight: 600;
    color: var(--ink);
  }
  @container (inline-size >= 560px) {
    .panes {
      grid-template: auto 1fr / minmax(0, 1fr) minmax(0, 1fr);
      grid-template-areas: 'network code' 'arrays code';
    }
    .network-pane {
      grid-area: network;
    }
    .code-pane {
      grid-area: code;
    }
    .arrays-pane {
      grid-area: arrays;
    }
  }
  @container (inline-size < 900px) {
    .stops .n,
    .bar-of-stops > .note {
      display: none;
    }
    .bar-of-stops input[type='range'] {
      inline-size: 90px;
    }
  }
  .box-of-sums {
    margin: 0;
    padding: 12px 16px;
    border-radius: 6px;
    background: color-mix(in srgb, var(--ink) 4%, transparent);
  }
  .box-of-sums > div {
    display: grid;
    grid-template-columns: 66px minmax(0, 1fr);
    align-items: baseline;
    padding-block: 4px;
  }
  .box-of-sums dt {
    font-size: 12px;
    color: var(--quiet);
  }
  .box-of-sums dd {
    margin: 0;
  }
  .formula {
    display: inline-block;
    padding-block: 3px;
    margin-inline-end: 24px;
    white-space: nowrap;
  }
  .formula math {
    font-family:
      'Cambria Math', 'STIX Two Math', 'Latin Modern Math', 'DejaVu Math TeX Gyre', math;
    font-size: 18px;
  }
  .formula math + math {
    margin-inline-start: 14px;
  }
  .formula.other {
    color: var(--quiet);
  }
  .formula :is(a, .note) {
    margin: 0;
    font-size: 12px;
    color: var(--quiet);
  }
  .cases mtd {
    text-align: start;
    padding: 2px 6px;
  }
  .numbers {
    overflow-wrap: anywhere;
  }
  .numbers button {
    padding: 0 2px;
    border: 0;
    border-radius: 3px;
    font: inherit;
    background: var(--lit);
  }
  .numbers button:hover {
    outline: 1px solid var(--ink);
  }
  .result {
    color: var(--way);
  }
  .rows-of-step {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px;
    margin-inline-start: auto;
  }
  .rows-of-step .note {
    margin: 0 4px 0 0;
  }
  .rows-of-step input {
    inline-size: 64px;
    font: inherit;
  }
  @media print {
    .bar-of-stops,
    .tabs,
    .languages,
    .program,
    .hint-of-arrays {
      display: none;
    }
  }
  @container (inline-size < 560px) {
    .bar-of-stops input[type='range'] {
      flex: 1;
    }
    .bar-of-stops .where {
      flex-basis: 100%;
    }
    .rows-of-step {
      margin-inline-start: 0;
    }
    .rows-of-step button {
      padding-inline: 6px;
    }
    .box-of-sums > div {
      grid-template-columns: minmax(0, 1fr);
    }
    .formula {
      max-inline-size: 100%;
      overflow-x: auto;
    }
  }
`;

export const stepViewStyles = [
  stepStyles,
  codeStyles,
  stepArraysStyles,
  stepNetworkStyles,
  stepStripStyles,
  guessStyles,
];
