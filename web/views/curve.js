// Where a row has one number: the output over the axis as a curve, and the rows as marks.
import { guard } from 'lit/directives/guard.js';
import { html, nothing, svg } from 'lit/html.js';
import { ticks } from '../state/axis.js';
import { plain } from '../state/format.js';
import { outputRange } from '../state/reading.js';
import { css } from './css.js';

/** @typedef {import('../state/types.js').RunInfo} RunInfo */
/** @typedef {import('../state/types.js').Snapshot} Snapshot */
/** @typedef {import('../state/reading.js').Row} Row */

/**
 * Where things stand in a square drawing.
 * @typedef {object} Frame
 * @property {number} side
 * @property {[number, number]} across values at its ends
 * @property {[number, number]} up
 */

/**
 * @typedef {object} CurveData
 * @property {RunInfo} info
 * @property {Snapshot} snapshot
 * @property {Row[]} rows
 * @property {number} output which output is drawn
 * @property {(frame: Frame) => unknown} [overlay] what lies over the drawing
 * @property {import('./predictions.js').MapTools} [tools]
 */

/** The drawing is this large in its own units. */
const SIDE = 260;

/**
 * @param {CurveData} data
 * @param {[number, number]} across
 * @param {{ index: number, values: Float32Array }} curve
 */
export function curveView(data, across, curve) {
  const { info, overlay, tools } = data;
  const up = heights(info, curve.index);
  const frame = { side: SIDE, across, up };
  const x = (/** @type {number} */ v) => (SIDE * (v - across[0])) / (across[1] - across[0]);
  const y = (/** @type {number} */ v) => SIDE - (SIDE * (v - up[0])) / (up[1] - up[0]);
  return html`<div class="map one-input" @pointermove=${tools?.onPoint} @pointerdown=${tools?.onPoint} @pointerleave=${tools?.onLeave}>
    <svg viewBox="-26 0 ${SIDE + 26} ${SIDE + 20}" role="img" aria-label="The output over the input as a curve, the rows' targets as marks; the table of rows has the numbers.">
      ${axes(across, up, x, y)}
      ${guard([info, curve.index], () => svg`<path class="targets" d=${data.rows.map(({ inputs, targets }) => dot(x(inputs[0]), y(targets[curve.index]), data.rows.length)).join('')}></path>`)}
      <svg class="clip" width=${SIDE} height=${SIDE} viewBox="0 0 ${SIDE} ${SIDE}"><path class="line" d=${line(curve.values, y)}></path></svg>
      ${tools?.marks(x, y, SIDE)}
    </svg>
    ${overlay ? overlay(frame) : nothing}
  </div>
  <p class="note key">
    <svg viewBox="0 0 24 12" aria-hidden="true"><path class="line" d="M1 6H23"></path></svg> output
    <svg viewBox="0 0 12 12" aria-hidden="true"><path class="targets" d=${dot(6, 6, 0)}></path></svg> targets
  </p>
  ${tools?.below}`;
}

/**
 * The outputs that are shown: as far as targets and the output's own range go, and a margin.
 * @param {RunInfo} info
 * @param {number} index of the output
 * @returns {[number, number]}
 */
function heights(info, index) {
  let { low, high } = outputRange(info);
  for (const row of info.samples.targets) {
    low = Math.min(low, row[index]);
    high = Math.max(high, row[index]);
  }
  const margin = 0.12 * (high - low);
  return [low - margin, high + margin];
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} count of marks
 */
function dot(x, y, count) {
  const r = count <= 16 ? 4.5 : count <= 200 ? 2.6 : 1.8;
  return `M${(x - r).toFixed(2)} ${y.toFixed(2)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
}

/**
 * @param {Float32Array} values at even distances
 * @param {(v: number) => number} y
 */
function line(values, y) {
  const step = SIDE / (values.length - 1);
  const far = 10 * SIDE;
  const points = Array.from(values, (value, i) => {
    const height = Math.min(far, Math.max(-far, y(value)));
    return Number.isFinite(height) ? `${(i * step).toFixed(2)} ${height.toFixed(2)}` : '';
  });
  return points.every(Boolean) ? `M${points.join('L')}` : '';
}

/**
 * @param {[number, number]} across
 * @param {[number, number]} up
 * @param {(v: number) => number} x
 * @param {(v: number) => number} y
 */
function axes(across, up, x, y) {
  return [
    svg`<path class="axis" d="M0 0V${SIDE}H${SIDE}"></path>`,
    ...ticks(...across, 3)
      .filter((v) => x(v) < SIDE - 30)
      .map(
        (v) => svg`<path class="tick" d="M${x(v)} ${SIDE}v4"></path>
        <text class="n" x=${x(v)} y=${SIDE + 16}>${plain(v)}</text>`,
      ),
    ...ticks(...up, 4)
      .filter((v) => y(v) > 24)
      .map(
        (v) => svg`<path class="tick" d="M0 ${y(v)}h-4"></path>
        <text class="n end" x="-7" y=${y(v) + 4}>${plain(v)}</text>`,
      ),
    svg`<text x=${SIDE - 6} y=${SIDE + 16}>x1</text><text class="end" x="-5" y="12">y</text>`,
  ];
}

export const curveStyles = css`
  .one-input .axis {
    fill: none;
    stroke: var(--line);
    stroke-width: 1px;
  }
  .map svg.clip {
    overflow: hidden;
    inline-size: auto;
  }
  :is(.one-input, .key) .line {
    fill: none;
    stroke: var(--positive);
    stroke-width: 2.2px;
    stroke-linejoin: round;
  }
  :is(.one-input, .key) .targets {
    fill: var(--paper);
    stroke: var(--ink);
    stroke-width: 1.2px;
  }
  .key svg {
    block-size: 12px;
    inline-size: auto;
    vertical-align: -1px;
  }
  .key svg:not(:first-child) {
    margin-inline-start: 12px;
  }
`;
