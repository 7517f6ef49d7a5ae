// What is watched while a run trains: scores, gradients, classes, weights, units; what ails it, in
// words; and the runs that are kept.
import { guard } from 'lit/directives/guard.js';
import { html, nothing, svg } from 'lit/html.js';
import { differencesText } from '../../state/differences.js';
import { count, exact, number, plain } from '../../state/format.js';
import { healthOf } from '../../state/health.js';
import { unitName } from '../../state/reading.js';
import { place } from '../canvas.js';
import { css } from '../css.js';

/** @typedef {import('../../element/figure.js').FigureState} FigureState */
/** @typedef {import('../../element/figure.js').Scene} Scene */
/** @typedef {import('../../state/types.js').RunInfo} RunInfo */
/** @typedef {import('../../state/types.js').Watch} Watch */
/** @typedef {import('../../state/types.js').Histogram} Histogram */
/** @typedef {import('../../state/types.js').KeptRun} KeptRun */

/**
 * @typedef {object} WatchUi
 * @property {boolean} [isOnTests] whether the classes are counted on the test set
 * @property {number} [weightsOf] a layer from 1 on; 0: all
 * @property {boolean} [areBinsOpen]
 */

/** Decades of the gradients' bars. */
const LEAST = -8;
const MOST = 2;
/** Units that are named. */
const MOST_NAMED = 4;

/**
 * @param {FigureState} state
 * @param {Scene} scene
 */
export function watchPart(state, scene) {
  const { snapshot, experiment, history } = scene;
  const { watch } = snapshot;
  const ui = state.ui.watch ?? {};
  const set = (/** @type {WatchUi} */ change) =>
    state.actions.onSet({ watch: { ...ui, ...change } });
  return html`
    <p class="label" part="label" id="watch">
      Watch ${watch && watch.epoch !== snapshot.epoch ? html`<span class="own-case">as at epoch <span class="n">${count(watch.epoch)}</span></span>` : nothing}
    </p>
    ${guard([state.kept, state.canKeep, experiment], () => runs(state, experiment))}
    ${guard([watch, history, snapshot.diverged], () => findings(scene, state.actions.onScrub))}
    ${watch ? panels(state.inTurn, scene, watch, ui, set) : nothing}
  `;
}

/**
 * @param {Scene} scene
 * @param {(epoch: number) => void} onScrub
 */
function findings(scene, onScrub) {
  const found = healthOf(scene);
  if (found.length === 0) return nothing;
  return html`<ul class="findings">
    ${found.map(
      ({ kind, parts, epoch }) => html`<li class=${kind}>
        ${parts.map((part) => (typeof part === 'string' ? part : html`<b class="n">${part.number}</b>`))}
        ${epoch === undefined ? nothing : html`<button type="button" @click=${() => onScrub(epoch)}>Go to epoch ${count(epoch)}</button>`}
      </li>`,
    )}
  </ul>`;
}

/**
 * @param {FigureState['inTurn']} inTurn
 * @param {Scene} scene
 * @param {Watch} watch
 * @param {WatchUi} ui
 * @param {(change: WatchUi) => void} set
 */
function panels(inTurn, scene, watch, ui, set) {
  const makers = [
    () => scores(scene, watch),
    () => gradients(watch),
    () => confusion(scene.info, watch, ui, set),
    () => weights(watch, ui, set),
    () => units(scene.info, watch),
  ];
  return html`<div class="panels">
    ${makers.map((make, i) => inTurn(`watch ${i}`, () => guard([watch, ui], make)))}
  </div>`;
}

/**
 * @param {Scene} scene
 * @param {Watch} watch
 */
function scores({ info, snapshot }, watch) {
  const { testLoss } = snapshot;
  const hasTests = testLoss !== undefined;
  const tests = info.tests?.count ?? 0;
  const cell = (/** @type {number} */ value, /** @type {string} */ text) =>
    html`<td class="n" title=${exact(value)}>${text}</td>`;
  const share = (/** @type {number} */ value) =>
    Number.isNaN(value) ? html`<td>none</td>` : cell(value, percent(value));
  return html`<table class="scores">
    <caption>Scores</caption>
    <thead>
      <tr>
        <td></td>
        <th scope="col">training, <span class="n">${count(info.rowCount)}</span> ${rowsWord(info.rowCount)}</th>
        ${hasTests ? html`<th scope="col">test, <span class="n">${count(tests)}</span> ${rowsWord(tests)}</th>` : nothing}
      </tr>
    </thead>
    <tbody>
      <tr>
        <th scope="row">loss</th>
        ${cell(snapshot.loss, number(snapshot.loss))}
        ${hasTests ? cell(testLoss, number(testLoss)) : nothing}
      </tr>
      ${
        Number.isNaN(watch.accuracy)
          ? nothing
          : html`<tr>
              <th scope="row">accuracy</th>
              ${share(watch.accuracy)} ${hasTests ? share(watch.testAccuracy) : nothing}
            </tr>`
      }
    </tbody>
  </table>`;
}

/** @param {number} rows */
function rowsWord(rows) {
  return rows === 1 ? 'row' : 'rows';
}

/** @param {number} share */
function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}

/**
 * Bars on a logarithmic scale, with their numbers.
 * @param {Watch} watch
 */
function gradients({ gradients: norms }) {
  const width = (/** @type {number} */ norm) =>
    norm > 0 ? Math.min(1, Math.max(0.005, (Math.log10(norm) - LEAST) / (MOST - LEAST))) : 0;
  return html`<table class="gradients">
    <caption>Gradient norm by layer</caption>
    <tbody>
      ${norms.map(
        (norm, k) => html`<tr>
          <th scope="row">${k === norms.length - 1 ? 'output' : `layer ${k + 1}`}</th>
          <td class="bar"><span ${place({ width: `${(100 * width(norm)).toFixed(2)}%` })}></span></td>
          <td class="n" title=${exact(norm)}>${number(norm)}</td>
        </tr>`,
      )}
      <tr class="scale" aria-hidden="true">
        <td></td>
        <td class="n"><span>1e${LEAST}</span><span>1e${(LEAST + MOST) / 2}</span><span>1e${MOST}</span></td>
        <td></td>
      </tr>
    </tbody>
  </table>`;
}

/**
 * @param {RunInfo} info
 * @param {Watch} watch
 * @param {WatchUi} ui
 * @param {(change: WatchUi) => void} set
 */
function confusion(info, { confusion }, { isOnTests }, set) {
  if (!confusion) return nothing;
  const { size, training, test } = confusion;
  const isTest = Boolean(isOnTests && test);
  const table = isTest && test ? test : training;
  const names = classNames(info);
  const option = (/** @type {boolean} */ value, /** @type {string} */ name) => html`<button
    type="button" aria-pressed=${value === isTest} @click=${() => set({ isOnTests: value })}>${name}</button>`;
  const total = (/** @type {number} */ row) =>
    table.subarray(row * size, (row + 1) * size).reduce((a, b) => a + b, 0) || 1;
  return html`<div class="confusion">
    <p class="panel-name" id="confusion">Confusion matrix</p>
    ${
      test
        ? html`<div class="toggle" role="group" aria-label="Rows counted">
            ${option(false, 'training')}${option(true, 'test')}
          </div>`
        : nothing
    }
    <div class="scroll-x" tabindex="0" role="region" aria-labelledby="confusion">
      <table aria-labelledby="confusion">
        <thead>
          <tr><th scope="col">class</th>${names.map((name) => html`<th scope="col">to ${name}</th>`)}</tr>
        </thead>
        <tbody>
          ${names.map(
            (name, row) => html`<tr>
              <th scope="row">${name}</th>
              ${names.map((_, column) => {
                const n = table[row * size + column];
                const share = (100 * n) / total(row);
                return html`<td class="n ${row === column ? 'right' : ''}" ${place({ '--share': `${(share * 0.45).toFixed(1)}%` })}>${count(n)}</td>`;
              })}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </div>`;
}

/**
 * Of one output the two targets, of several their names.
 * @param {RunInfo} info
 */
function classNames(info) {
  if (info.outputs > 1)
    return Array.from({ length: info.outputs }, (_, k) => unitName(info, info.layers.length, k));
  const { targets } = info.samples;
  const low = targets.some(([target]) => target < 0) ? -1 : 0;
  return [plain(low), '1'];
}

/**
 * @param {Watch} watch
 * @param {WatchUi} ui
 * @param {(change: WatchUi) => void} set
 */
function weights({ weights }, { weightsOf = 0, areBinsOpen = false }, set) {
  const chosen = Math.min(weightsOf, weights.length - 1);
  const own = weights[chosen];
  const names = ['all layers', ...weights.slice(1).map((_, k) => layerName(k, weights.length - 1))];
  return html`<div class="weights">
    <p class="panel-name"><label for="weights-of">Weights of</label>
      <select id="weights-of" @change=${(/** @type {Event} */ event) =>
        set({ weightsOf: Number(/** @type {HTMLSelectElement} */ (event.target).value) })}>
        ${names.map((name, k) => html`<option value=${k} .selected=${k === chosen}>${name}</option>`)}
      </select></p>
    ${bars(own)}
    <p class="note"><span class="n">${count(own.count)}</span> from <span class="n">${number(own.low)}</span> to
      <span class="n">${number(own.high)}</span>; mean <span class="n">${number(own.mean)}</span>, standard deviation
      <span class="n">${number(own.deviation)}</span></p>
    <details ?open=${areBinsOpen} @toggle=${(/** @type {Event} */ event) =>
      set({ areBinsOpen: /** @type {HTMLDetailsElement} */ (event.target).open })}>
      <summary>The counts as a table</summary>
      ${areBinsOpen ? binTable(own) : nothing}
    </details>
  </div>`;
}

/**
 * @param {number} k from 0
 * @param {number} layers
 */
function layerName(k, layers) {
  return k === layers - 1 ? 'the output layer' : `layer ${k + 1}`;
}

const BAR_WIDTH = 260;
const BAR_HEIGHT = 80;

/**
 * Negative and positive weights in their hues, from the same zero.
 * @param {Histogram} own
 */
function bars({ counts, first, step }) {
  const last = first + counts.length;
  const ends = Math.max(-first, last, 1);
  const most = counts.reduce((a, b) => Math.max(a, b));
  const x = (/** @type {number} */ k) => (BAR_WIDTH * (k + ends)) / (2 * ends);
  const path = (/** @type {(k: number) => boolean} */ isIt) =>
    [...counts.keys()]
      .filter((i) => counts[i] > 0 && isIt(first + i))
      .map((i) => {
        const height = Math.max(1, (BAR_HEIGHT * counts[i]) / most);
        return `M${(x(first + i) + 0.5).toFixed(1)} ${BAR_HEIGHT}v${-height.toFixed(1)}h${(x(1) - x(0) - 1).toFixed(1)}v${height.toFixed(1)}z`;
      })
      .join('');
  return html`<svg class="bars" viewBox="0 -14 ${BAR_WIDTH} ${BAR_HEIGHT + 34}" aria-hidden="true">
    ${svg`<path class="bin negative" d=${path((k) => k < 0)}></path>
      <path class="bin positive" d=${path((k) => k >= 0)}></path>
      <path class="axis" d="M0 ${BAR_HEIGHT}H${BAR_WIDTH}M${BAR_WIDTH / 2} ${BAR_HEIGHT}v4"></path>
      <text class="n" x="0" y=${BAR_HEIGHT + 16}>${plain(-ends * step)}</text>
      <text class="n middle" x=${BAR_WIDTH / 2} y=${BAR_HEIGHT + 16}>0</text>
      <text class="n end" x=${BAR_WIDTH} y=${BAR_HEIGHT + 16}>${plain(ends * step)}</text>
      <text class="n end" x=${BAR_WIDTH} y="-3">most in a bin: ${count(most)}</text>`}
  </svg>`;
}

/** @param {Histogram} own */
function binTable({ counts, first, step }) {
  return html`<table class="bins">
    <thead><tr><th scope="col">from</th><th scope="col">to below</th><th scope="col">weights</th></tr></thead>
    <tbody>
      ${[...counts].map(
        (n, i) => html`<tr>
          <td class="n">${plain((first + i) * step)}</td>
          <td class="n">${plain((first + i + 1) * step)}</td>
          <td class="n">${count(n)}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Activations whose units can be dead, or saturated. */
const CAN_DIE = ['relu'];
const CAN_SATURATE = ['sigmoid', 'tanh', 'softsign'];

/**
 * @param {RunInfo} info
 * @param {Watch} watch
 */
function units(info, watch) {
  if (watch.units.length === 0) return nothing;
  const cell = (
    /** @type {number[]} */ found,
    /** @type {number} */ k,
    /** @type {boolean} */ applies,
  ) => {
    if (!applies) return html`<td>–</td>`;
    const names = found.slice(0, MOST_NAMED).map((unit) => unitName(info, k + 1, unit));
    if (found.length > MOST_NAMED) names.push('…');
    return html`<td><b class="n">${count(found.length)}</b>${names.length > 0 ? ` (${names.join(', ')})` : nothing}</td>`;
  };
  return html`<div class="unit-counts">
    <table>
      <caption>Hidden units</caption>
      <thead>
        <tr><th scope="col">layer</th><th scope="col">units</th><th scope="col">dead</th><th scope="col">saturated</th></tr>
      </thead>
      <tbody>
        ${watch.units.map(({ dead, saturated }, k) => {
          const { units, activation } = info.layers[k];
          return html`<tr>
            <th scope="row">${k + 1}</th>
            <td><span class="n">${count(units)}</span> ${activation}</td>
            ${cell(dead, k, CAN_DIE.includes(activation))}
            ${cell(saturated, k, CAN_SATURATE.includes(activation))}
          </tr>`;
        })}
      </tbody>
    </table>
    <p class="note">Dead: a relu unit at 0 on every training row. Saturated: on at least 95 % of them
      within 1 % of an end of its range.</p>
  </div>`;
}

/**
 * @param {FigureState} state
 * @param {import('../../state/types.js').Experiment} experiment the present one
 */
function runs({ kept, canKeep, actions }, experiment) {
  return html`<div class="kept-runs">
    <div class="keep">
      <button type="button" ?disabled=${!canKeep} @click=${actions.onKeep}>Keep this run</button>
      <span class="note">${
        canKeep
          ? 'to compare its loss with what you try next'
          : `${count(kept.length)} runs are kept: drop one to keep another`
      }</span>
    </div>
    ${kept.length > 0 ? keptTable(kept, experiment, actions) : nothing}
  </div>`;
}

/**
 * @param {KeptRun[]} kept
 * @param {import('../../state/types.js').Experiment} present
 * @param {FigureState['actions']} actions
 */
function keptTable(kept, present, { onExperiment, onDrop }) {
  return html`<table>
    <caption>Runs kept</caption>
    <thead>
      <tr><th scope="col">run</th><th scope="col">beside the present one</th><th scope="col">last loss</th><td></td></tr>
    </thead>
    <tbody>
      ${kept.map((run) => {
        const { name, given, experiment, history } = run;
        const last = history.epochs.length - 1;
        const difference = differencesText(experiment, present);
        const isOther = experiment.loss !== present.loss;
        return html`<tr>
          <th scope="row">${name}</th>
          <td>${difference || 'the same'}${isOther ? '; not drawn, for its loss is another' : nothing}</td>
          <td><span class="n" title=${exact(history.losses[last])}>${number(history.losses[last])}</span>
            at epoch <span class="n">${count(history.epochs[last])}</span></td>
          <td class="do">
            <button type="button" ?disabled=${difference === ''} @click=${() => onExperiment(given)}>Bring back<span class="unseen"> ${name}</span></button>
            <button type="button" @click=${() => onDrop(name)}>Drop<span class="unseen"> ${name}</span></button>
          </td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

export const watchStyles = css`
  .findings {
    margin: 0 0 16px;
    padding: 0;
    list-style: none;
    max-inline-size: 70ch;
  }
  .findings li {
    padding: 8px 14px;
    border-inline-start: 3px solid var(--negative);
    background: color-mix(in srgb, var(--negative) 9%, transparent);
  }
  .findings li + li {
    margin-block-start: 8px;
  }
  .findings b {
    font-weight: 600;
  }
  .findings button {
    display: block;
    margin-block-start: 6px;
    padding: 4px 10px;
    font-size: 13px;
  }
  .panels {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 280px), 1fr));
    gap: 24px 40px;
    align-items: start;
  }
  .panels > * {
    min-inline-size: 0;
  }
  .watch-part table {
    border-collapse: collapse;
    font-size: 13px;
  }
  .panels table {
    inline-size: 100%;
  }
  .watch-part :is(caption, .panel-name) {
    margin: 0 0 6px;
    padding: 0;
    font-size: 13px;
    font-weight: 600;
    line-height: 24px;
    text-align: start;
  }
  .watch-part :is(th, td) {
    padding: 3px 8px 3px 0;
    font-weight: 400;
    text-align: start;
    vertical-align: baseline;
  }
  .watch-part tbody tr {
    border-block-start: 1px solid var(--rule);
  }
  .watch-part thead :is(th, td) {
    color: var(--quiet);
  }
  .scores td.n,
  .gradients td.n:last-child {
    white-space: nowrap;
  }
  .gradients .bar {
    inline-size: 55%;
  }
  .gradients .bar span {
    display: block;
    block-size: 10px;
    min-inline-size: 0;
    background: var(--backward);
  }
  .gradients .scale .n {
    display: flex;
    justify-content: space-between;
    font-size: 11px;
    color: var(--quiet);
  }
  .confusion .toggle {
    margin-block-end: 6px;
  }
  .confusion .scroll-x {
    overflow-x: auto;
  }
  .confusion td {
    text-align: end;
    background: color-mix(in srgb, var(--quiet) var(--share, 0%), transparent);
  }
  .confusion td,
  .confusion thead th {
    padding-inline: 8px;
    text-align: end;
  }
  .confusion td.right {
    font-weight: 700;
    outline: 1px solid var(--line);
    outline-offset: -2px;
  }
  .bars {
    display: block;
    inline-size: 100%;
    max-inline-size: 340px;
    block-size: auto;
    overflow: visible;
  }
  .bars text {
    font-size: 11px;
    fill: var(--quiet);
  }
  .bars .middle {
    text-anchor: middle;
  }
  .bars .end {
    text-anchor: end;
  }
  .bin.negative {
    fill: var(--negative);
  }
  .bin.positive {
    fill: var(--positive);
  }
  .weights summary {
    font-size: 13px;
    cursor: pointer;
    padding-block: 4px;
  }
  .kept-runs {
    margin-block-end: 24px;
  }
  .keep {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
  }
  .keep .note {
    margin: 0;
  }
  .kept-runs table {
    inline-size: 100%;
    margin-block-start: 16px;
  }
  .kept-runs tbody th {
    font-weight: 600;
  }
  .kept-runs .do {
    text-align: end;
  }
  .kept-runs .do button {
    padding: 4px 10px;
    font-size: 13px;
    margin-block: 2px;
  }
  @container (inline-size < 560px) {
    .kept-runs :is(table, tbody, tr, td, th) {
      display: block;
    }
    .kept-runs thead {
      display: none;
    }
    .kept-runs .do {
      text-align: start;
    }
  }
  @media (pointer: coarse) {
    .findings button,
    .kept-runs .do button {
      padding-block: 12px;
    }
    .weights summary {
      padding-block: 12px;
    }
  }
`;
