// The loss curve, whose axis of epochs is the scrubber.
import { guard } from 'lit/directives/guard.js';
import { html, noChange, nothing, svg } from 'lit/html.js';
import { epochTicks, valueAt } from '../state/axis.js';
import { count, duration, number } from '../state/format.js';
import { lossName } from '../state/strings.js';
import { css } from './css.js';
import { curvePath, nearestPoint, plotOf } from './loss-geometry.js';
import { line, marks, scrubber } from './scrubber.js';

/** @typedef {import('../state/axis.js').Scale} Scale */
/** @typedef {import('../state/types.js').History} History */
/** @typedef {import('../state/types.js').KeptRun} KeptRun */
/** @typedef {import('./loss-geometry.js').Plot} Plot */

/** @typedef {import('./scrubber.js').Stand & Curves} LossData */

/**
 * @typedef {object} Curves
 * @property {string} loss the loss function
 * @property {History} history
 * @property {KeptRun[]} kept other runs of the same loss function, to compare
 * @property {Scale | undefined} lossAxis what was chosen, if anything
 * @property {number} width
 * @property {number} height
 * @property {{ value: number, text: string } | undefined} reference a loss worth a line
 * @property {number | undefined} hover the epoch under the pointer
 * @property {boolean} isGlimpse whether only the marks at the epoch are moved, and nothing is drawn anew
 * @property {(epoch: number | undefined) => void} onHover
 * @property {(scale: Scale) => void} onScale
 * @property {((scale: Scale) => void) | undefined} onLossAxis only where the axis can be chosen
 */

/** Of the readout's type. */
const DIGIT_WIDTH = 7.2;
/** Widths from which the readout says everything in words. */
const ROOMY = 480;
/** Between the names of two kept runs. */
const NAME_HEIGHT = 13;

/** @param {LossData} data */
export function lossView(data) {
  const { history, kept, end, scale, lossAxis, width, height, reference } = data;
  const others = kept.map((run) => run.history);
  const inSight = reference ? [reference.value] : [];
  const plot = plotOf({ history, others, end, scale, lossAxis, width, height, marks: inSight });
  const drawn = (/** @type {(data: LossData, plot: Plot) => unknown} */ draw) =>
    data.isGlimpse ? noChange : draw(data, plot);
  return html`
    ${drawn(head)}
    <div class="loss plot">
      ${line(data, plot)} ${drawn(chart)} ${drawn(scrubber)} ${marks(data, plot)}
    </div>
    ${drawn(key)}
  `;
}

/**
 * @param {LossData} data
 * @param {Plot} plot
 */
function head(data, plot) {
  return html`<div class="head">
    <p class="label" part="label" id="loss">
      Loss <span class="own-case">(${lossName(data.loss)}${plot.isLog ? ', log scale' : ''})</span>
      <span class="hint">${hint(data.history)}</span>
    </p>
    ${choosers(data, plot)}
  </div>`;
}

/**
 * @param {LossData} data
 * @param {Plot} plot
 */
function chart(data, plot) {
  const { history, kept, end, scale, lossAxis, width, height, reference } = data;
  const inputs = [history, kept, end, scale, lossAxis, width, height, reference?.text];
  return html`<svg
    width=${width}
    height=${height}
    role="img"
    aria-label=${summary(data)}
    @pointerdown=${(/** @type {PointerEvent} */ event) => press(event, plot, data)}
    @pointermove=${(/** @type {PointerEvent} */ event) => move(event, plot, data)}
    @pointerleave=${() => data.onHover(undefined)}
  >
    ${guard(inputs, () => still(data, plot))}
    ${moving(data, plot)}
  </svg>`;
}

/**
 * Which line is which.
 * @param {LossData} data
 */
function key({ history, kept }) {
  const hasTests = history.testLosses !== undefined;
  if (!hasTests && kept.length === 0) return nothing;
  return guard([hasTests, kept], () => lines(hasTests, kept));
}

/**
 * @param {boolean} hasTests
 * @param {KeptRun[]} kept
 */
function lines(hasTests, kept) {
  const sample = (/** @type {string} */ kind) =>
    html`<svg width="28" height="10" aria-hidden="true">${svg`<path class="curve ${kind}" d="M0 5H28"></path>`}</svg>`;
  const names = kept.map(({ name }) => name).join(', ');
  return html`<p class="note lines">
    <span>${sample('')} training</span>
    ${hasTests ? html`<span>${sample('test')} test</span>` : nothing}
    ${kept.length > 0 ? html`<span>${sample('kept')} kept: ${names}</span>` : nothing}
  </p>`;
}

/** @param {History} history */
function hint({ epochs, complete, milliseconds }) {
  const last = count(epochs[epochs.length - 1]);
  return complete
    ? `${last} epochs computed here in ${duration(milliseconds)}; drag along the curve`
    : `${last} epochs computed so far; drag along the curve`;
}

/** @param {LossData} data */
function summary({ history: { epochs, losses, testLosses }, epoch, within, value, test }) {
  const last = epochs.length - 1;
  const tested = testLosses
    ? ` On the test set from ${number(testLosses[0])} to ${number(testLosses[last])}; here ${number(test ?? Number.NaN)}.`
    : '';
  return `The loss from ${number(losses[0])} at epoch 0 to ${number(losses[last])} at epoch ${count(epochs[last])}; here, at epoch ${count(epoch)}${within}, ${number(value)}.${tested}`;
}

/**
 * @param {LossData} data
 * @param {Plot} plot
 */
function choosers({ scale, onScale, onLossAxis }, { isLog }) {
  const epochs = chooser('Axis of epochs', scale, onScale);
  if (!onLossAxis) return epochs;
  const losses = chooser('Axis of the loss', isLog ? 'log' : 'linear', onLossAxis);
  return html`<div class="axes">
    <div>epochs ${epochs}</div>
    <div>loss ${losses}</div>
  </div>`;
}

/**
 * @param {string} name
 * @param {Scale} scale
 * @param {(scale: Scale) => void} onScale
 */
function chooser(name, scale, onScale) {
  const option = (/** @type {Scale} */ other) => html`<button
    type="button"
    aria-pressed=${scale === other}
    @click=${() => onScale(other)}
  >${other}</button>`;
  return html`<div class="toggle" role="group" aria-label=${name}>${option('linear')}${option('log')}</div>`;
}

/**
 * What does not move: axes and curves.
 * @param {LossData} data
 * @param {Plot} plot
 */
function still({ history, kept, end, scale, reference }, plot) {
  const { left, right, top, bottom } = plot;
  const path = curvePath(history, plot);
  const tests = testCurve(history);
  const testPath = tests ? curvePath(tests, plot) : '';
  return svg`
    ${plot.ticks.map(
      ({ value, text }) => svg`<path class="grid" d="M${left} ${plot.y(value)}H${right}"></path>
        <text class="n end" x=${left - 8} y=${plot.y(value) + 4}>${text}</text>`,
    )}
    ${epochTicks(end, scale, (right - left) / 76).map(
      (epoch) => svg`<path class="tick" d="M${plot.x(epoch)} ${bottom}v4"></path>
        <text class="n" x=${Math.min(plot.x(epoch), right - 8)} y=${bottom + 24}>${count(epoch)}</text>`,
    )}
    ${
      reference
        ? svg`<path class="reference" d="M${left} ${plot.y(reference.value)}H${right}"></path>
          <text class="start" x=${left + 8} y=${plot.y(reference.value) - 6}>${reference.text}</text>`
        : nothing
    }
    <path class="axis" d="M${left} ${bottom}H${right}"></path>
    ${keptCurves(kept, end, plot)}
    ${
      testPath
        ? svg`<path class="curve test future" d=${testPath}></path>
          <path class="curve test" clip-path="url(#past)" d=${testPath}></path>`
        : nothing
    }
    <path class="curve future" d=${path}></path>
    <path class="curve" clip-path="url(#past)" d=${path}></path>
    <rect class="surface" x=${left - 8} y=${top - 22} width=${right - left + 16} height=${bottom - top + 22}></rect>
  `;
}

/**
 * @param {History} history
 * @returns {import('../state/types.js').Curve | undefined}
 */
function testCurve({ epochs, testLosses }) {
  return testLosses && { epochs, losses: testLosses };
}

/**
 * Thin curves with their names where they end; no name lies upon another.
 * @param {KeptRun[]} kept
 * @param {number} end of the axis
 * @param {Plot} plot
 */
function keptCurves(kept, end, plot) {
  const ends = kept.map(({ name, history }) => {
    const last = nearestPoint(history, end);
    return { name, x: plot.x(last.epoch), y: plot.y(last.loss) };
  });
  ends.sort((a, b) => a.y - b.y);
  for (const [i, place] of ends.entries())
    if (i > 0) place.y = Math.max(place.y, ends[i - 1].y + NAME_HEIGHT);
  return [
    kept.map(
      ({ history }) => svg`<path class="curve kept" d=${curvePath(history, plot, end)}></path>`,
    ),
    ends.map(
      ({ name, x, y }) => svg`<text class="start name" x=${x + 4} y=${y + 4}>${name}</text>`,
    ),
  ];
}

/**
 * How far the curve has come, the losses in numbers, and the line under the pointer.
 * @param {LossData} data
 * @param {Plot} plot
 */
function moving({ epoch, at, within, value, test, width, history, hover }, plot) {
  const x = plot.x(at);
  const point = hover === undefined ? undefined : nearestPoint(history, hover);
  const isFar = point && Math.abs(plot.x(point.epoch) - x) > 6;
  const past = Math.max(0, x - plot.left + 3);
  return svg`
    <clipPath id="past"><rect x=${plot.left - 3} y="0" width=${past} height=${plot.bottom + 3}></rect></clipPath>
    ${
      isFar
        ? svg`<path class="pointer" d="M${plot.x(point.epoch)} ${plot.top - 6}V${plot.bottom}"></path>
          ${point.test === undefined ? nothing : svg`<circle class="dot" cx=${plot.x(point.epoch)} cy=${plot.y(point.test)} r="3"></circle>`}
          <circle class="dot" cx=${plot.x(point.epoch)} cy=${plot.y(point.loss)} r="3"></circle>`
        : nothing
    }
    ${isFar ? readout(count(point.epoch), point, plot, width, 'hovered') : readout(count(epoch) + within, { epoch: at, loss: value, test }, plot, width, '')}
  `;
}

/**
 * @param {string} where the epoch, and the step within it
 * @param {{ epoch: number, loss: number, test?: number }} point
 * @param {Plot} plot
 * @param {number} width
 * @param {string} kind
 */
function readout(where, { epoch, loss, test }, plot, width, kind) {
  const isNarrow = width < ROOMY;
  const isWithin = where.includes(' ');
  const isShort = isNarrow && (test !== undefined || isWithin);
  const tested = test === undefined || (isNarrow && isWithin) ? '' : ` · test ${number(test)}`;
  const words = `${isShort ? '' : 'epoch '}${where} · loss ${number(loss)}${tested}`;
  const length = words.length * DIGIT_WIDTH;
  const x = plot.x(epoch);
  const isLeft = x + 9 + length > plot.right + 20;
  const at = isLeft ? Math.max(x - 9, length) : x + 9;
  return svg`<text class="n readout ${kind} ${isLeft ? 'end' : 'start'}" x=${at} y=${plot.top - 8}>${words}</text>`;
}

/**
 * @param {PointerEvent} event
 * @param {Plot} plot
 * @param {LossData} data
 */
function epochUnder(event, { left, right }, { end, scale }) {
  const svgElement = /** @type {Element} */ (event.currentTarget);
  const x = event.clientX - svgElement.getBoundingClientRect().left;
  const fraction = Math.min(1, Math.max(0, (x - left) / (right - left)));
  return Math.round(valueAt(fraction, end, scale));
}

/**
 * @param {PointerEvent} event
 * @param {Plot} plot
 * @param {LossData} data
 */
function press(event, plot, data) {
  if (event.button !== 0) return;
  /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
  data.onScrub(epochUnder(event, plot, data));
}

/**
 * @param {PointerEvent} event
 * @param {Plot} plot
 * @param {LossData} data
 */
function move(event, plot, data) {
  const isDragged = /** @type {Element} */ (event.currentTarget).hasPointerCapture(event.pointerId);
  const epoch = epochUnder(event, plot, data);
  if (isDragged) data.onScrub(epoch);
  data.onHover(isDragged || event.pointerType === 'touch' ? undefined : epoch);
}

export const lossStyles = css`
  .head {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    align-items: center;
    gap: 4px 16px;
  }
  .hint {
    font-weight: 400;
    letter-spacing: 0;
    text-transform: none;
  }
  .hint::before {
    content: '· ';
  }
  .toggle {
    display: flex;
    gap: 6px;
  }
  .loss {
    position: relative;
  }
  .loss svg {
    position: relative; /* over the line */
    touch-action: pan-y;
    cursor: ew-resize;
  }
  .plot svg {
    display: block;
    user-select: none;
    -webkit-user-select: none;
    overflow: visible;
  }
  .plot text {
    font-size: 12px;
    fill: var(--quiet);
    text-anchor: middle;
  }
  .plot text.end {
    text-anchor: end;
  }
  .plot text.start {
    text-anchor: start;
  }
  .loss text.readout {
    fill: var(--ink);
    paint-order: stroke;
    stroke: var(--paper);
    stroke-width: 6px;
    stroke-linejoin: round;
  }
  .loss text.hovered {
    fill: var(--quiet);
  }
  .grid {
    stroke: var(--rule);
  }
  .axis,
  .plot .tick {
    stroke: var(--quiet);
  }
  .reference {
    stroke: var(--quiet);
    stroke-dasharray: 1.5 3;
  }
  .curve {
    fill: none;
    stroke: var(--ink);
    stroke-width: 2px;
    stroke-linejoin: round;
  }
  .curve.test {
    stroke-dasharray: 7 3;
    stroke: var(--quiet);
  }
  .curve.kept {
    stroke: var(--line);
    stroke-width: 1.25px;
  }
  .plot text.name {
    font-weight: 600;
    paint-order: stroke;
    stroke: var(--paper);
    stroke-width: 4px;
  }
  .curve.future {
    stroke: var(--faint);
  }
  .lines {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 20px;
  }
  .lines svg {
    vertical-align: middle;
  }
  .axes {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    font-size: 12px;
    color: var(--quiet);
  }
  .axes > div {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .surface {
    fill: transparent;
  }
  .pointer {
    stroke: var(--quiet);
    stroke-dasharray: 3 3;
  }
  .dot {
    fill: var(--quiet);
  }
`;
