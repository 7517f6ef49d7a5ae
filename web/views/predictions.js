// The output over the input plane: a map in two hues, the line where it passes its middle, and the
// rows of the training set.
import { guard } from 'lit/directives/guard.js';
import { html, noChange, nothing, svg } from 'lit/html.js';
import { ticks } from '../state/axis.js';
import { count, number, plain } from '../state/format.js';
import { outputRange, unitName, verdictOf } from '../state/reading.js';
import { drawMap, paint } from './canvas.js';
import { classLegend, classPath, classPaths, classShape } from './classes.js';
import { drawContour } from './contour.js';
import { css } from './css.js';
import { curveView } from './curve.js';

/** @typedef {import('../state/types.js').RunInfo} RunInfo */
/** @typedef {import('../state/types.js').Snapshot} Snapshot */
/** @typedef {import('../state/reading.js').Row} Row */
/** @typedef {import('../state/reading.js').Range} Range */

/**
 * @typedef {object} PredictionsData
 * @property {RunInfo} info
 * @property {Snapshot} snapshot
 * @property {Row[]} rows
 * @property {Uint32Array} table of colours
 * @property {string} ink colour of lines
 * @property {number} width of the map with its axes
 * @property {number} output which output is mapped
 * @property {(output: number) => void} onOutput
 * @property {boolean} isGlimpse whether only the pictures are drawn anew, no numbers
 * @property {(frame: import('./curve.js').Frame) => unknown} [overlay] what lies over the drawing
 * @property {MapTools} [tools] where there is more to the map than to look at it
 * @property {{ name: string, map: import('../state/types.js').UnitMap, range: Range }} [unit] that is shown instead of the output
 */

/**
 * @typedef {object} MapTools
 * @property {unknown} [ground] instead of the map in two hues
 * @property {string} [name] of what the ground shows
 * @property {(x: (v: number) => number, y: (v: number) => number, side: number) => unknown} marks over the rows
 * @property {(event: PointerEvent) => void} onPoint
 * @property {() => void} onLeave
 * @property {unknown} below
 */

/** The drawing is this large in its own units. */
const SIDE = 260;
/** … and has its axes left of it and below. */
const WIDTH = SIDE + 26;
const VIEW = `${SIDE - WIDTH} 0 ${WIDTH} ${SIDE + 20}`;
/** Rows that get their number beside their mark. */
const MOST_NUMBERED = 8;

/** @param {PredictionsData} data */
export function predictionsView(data) {
  const { info, unit } = data;
  const name = unit?.name ?? unitName(info, info.layers.length, 0);
  return html`
    <p class="label" part="label" id="predictions">
      ${unit ? 'Output of' : 'Prediction'}
      ${info.outputs > 1 && !unit ? chooser(data) : html`<span class="own-case">${name}</span>`}
    </p>
    ${picture(data)}
  `;
}

/** @param {PredictionsData} data */
function picture(data) {
  const { info, snapshot } = data;
  if (info.plane && snapshot.output) return map(data, info.plane, snapshot.output);
  if (info.line && snapshot.curve) return curveView(data, info.line, snapshot.curve);
  return html`<p class="note">${whyNoMap(info)}</p>`;
}

/** @param {RunInfo} info */
function whyNoMap({ inputs }) {
  if (inputs <= 2) return 'This network is too large to be drawn while it moves.';
  return `A map needs rows of one or two numbers; these have ${count(inputs)}.`;
}

/** @param {PredictionsData} data */
function chooser({ info, output, onOutput }) {
  const chosen = (/** @type {Event} */ event) =>
    onOutput(Number(/** @type {HTMLSelectElement} */ (event.target).value));
  return html`<select aria-label="Output shown" @change=${chosen}>
    ${Array.from(
      { length: info.outputs },
      (_, i) =>
        html`<option value=${i} ?selected=${i === output}>${unitName(info, info.layers.length, i)}</option>`,
    )}
  </select>`;
}

/**
 * @param {PredictionsData} data
 * @param {import('../state/types.js').Plane} plane
 * @param {import('../state/types.js').UnitMap & { index: number }} output
 */
function map(data, plane, output) {
  const { info, table, isGlimpse, overlay, unit, tools } = data;
  const range = outputRange(info);
  const shown = unit ?? { map: output, range };
  const x = (/** @type {number} */ v) => (SIDE * (v - plane.x[0])) / (plane.x[1] - plane.x[0]);
  const y = (/** @type {number} */ v) =>
    SIDE - (SIDE * (v - plane.y[0])) / (plane.y[1] - plane.y[0]);
  const middle = plain(shown.range.middle);
  const isByClass = verdictOf(info) === 'largest';
  const ground = unit ? undefined : tools?.ground;
  const pixels = Math.round((data.width * devicePixelRatio * SIDE) / WIDTH);
  const line = [shown.map, shown.range.middle, pixels, pixels / SIDE, data.ink];
  const drawn = ground
    ? `${tools?.name} over the input plane`
    : `The output ${unit ? `of ${unit.name} ` : ''}over the input plane; the line is where it is ${middle}`;
  return html`
    <div class="map" @pointermove=${tools?.onPoint} @pointerdown=${tools?.onPoint} @pointerleave=${tools?.onLeave}>
      ${ground ?? html`<canvas aria-hidden="true" ${paint(drawMap, shown.map, shown.range, table)}></canvas>`}
      ${ground && info.outputs > 1 ? nothing : html`<canvas class="contour" aria-hidden="true" ${paint(drawContour, ...line)}></canvas>`}
      <svg viewBox=${VIEW} role="img" aria-label=${`${drawn}. The table of rows has the numbers.`}>
        ${axes(plane, x, y)}
        ${guard([info, output.index], () => (isByClass ? classMarks(data.rows, x, y) : marks(data.rows, output.index, range.middle, x, y)))}
        ${tools?.marks(x, y, SIDE)}
        ${
          info.rowCount <= MOST_NUMBERED && !unit && !ground
            ? data.rows.map(({ inputs, outputs }) =>
                numberBeside(
                  x(inputs[0]),
                  y(inputs[1]),
                  isGlimpse ? noChange : number(outputs[output.index]),
                ),
              )
            : nothing
        }
      </svg>
      ${overlay ? overlay({ side: SIDE, across: plane.x, up: plane.y }) : nothing}
    </div>
    ${ground ? nothing : legend(shown.range, table)} ${isByClass ? classLegend(info.outputs) : nothing}
    ${tools?.below}
  `;
}

/**
 * @param {import('../state/types.js').Plane} plane
 * @param {(v: number) => number} x
 * @param {(v: number) => number} y
 */
function axes(plane, x, y) {
  return [
    ticks(...plane.x, 3)
      .filter((v) => x(v) < SIDE - 30)
      .map(
        (v) => svg`<path class="tick" d="M${x(v)} ${SIDE}v4"></path>
        <text class="n" x=${x(v)} y=${SIDE + 16}>${plain(v)}</text>`,
      ),
    ticks(...plane.y, 3)
      .filter((v) => y(v) > 24)
      .map(
        (v) => svg`<path class="tick" d="M0 ${y(v)}h-4"></path>
        <text class="n end" x="-7" y=${y(v) + 4}>${plain(v)}</text>`,
      ),
    svg`<text x=${SIDE - 6} y=${SIDE + 16}>x1</text><text class="end" x="-5" y="12">x2</text>`,
  ];
}

/**
 * Filled squares for high targets, hollow circles for low ones.
 * @param {Row[]} rows
 * @param {number} output
 * @param {number} middle
 * @param {(v: number) => number} x
 * @param {(v: number) => number} y
 */
function marks(rows, output, middle, x, y) {
  const r = markSize(rows.length);
  const paths = { high: '', low: '' };
  for (const { inputs, targets } of rows) {
    const isHigh = targets[output] > middle;
    paths[isHigh ? 'high' : 'low'] += classPath(Number(isHigh), x(inputs[0]), y(inputs[1]), r);
  }
  return svg`<path class="mark low" d=${paths.low}></path><path class="mark high" d=${paths.high}></path>`;
}

/**
 * A path a class.
 * @param {Row[]} rows
 * @param {(v: number) => number} x
 * @param {(v: number) => number} y
 */
function classMarks(rows, x, y) {
  return classPaths(rows, markSize(rows.length), x, y).map((d, k) => classShape(k, d));
}

/** @param {number} count of marks */
export function markSize(count) {
  return count <= 16 ? 6 : count <= 200 ? 3.2 : 2;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {unknown} written
 */
function numberBeside(x, y, written) {
  const isRight = x > SIDE * 0.7;
  return svg`<text class="n beside ${isRight ? 'end' : 'start'}" x=${x + (isRight ? -11 : 11)} y=${y - 8}>${written}</text>`;
}

/**
 * @param {Range} range
 * @param {Uint32Array} table
 */
function legend({ low, middle, high }, table) {
  const bar = { size: 64, values: Float32Array.from({ length: 64 }, (_, i) => i) };
  return html`
    <div class="legend" aria-hidden="true">
      ${guard([table], () => html`<canvas ${paint(drawMap, bar, { low: 0, middle: 31.5, high: 63 }, table)}></canvas>`)}
      <span class="n">${plain(low)}</span><span class="n">${plain(middle)}</span><span class="n">${plain(high)}</span>
    </div>
  `;
}

export const predictionsStyles = css`
  .map {
    position: relative;
    max-inline-size: 340px;
  }
  .map svg {
    position: relative;
    display: block;
    inline-size: 100%;
    block-size: auto;
    overflow: visible;
    will-change: transform; /* a layer of its own: the map moves under hundreds of marks that stay */
  }
  /* the canvas fills the drawing's square: 260 of its 286 by 280 units */
  .map canvas {
    position: absolute;
    inset-block-start: 0;
    inset-inline-end: 0;
    inline-size: calc(100% * 260 / 286);
    block-size: calc(100% * 260 / 280);
    border-radius: 2px;
  }
  .map .tick {
    stroke: var(--quiet);
    stroke-width: 1px;
  }
  .map text {
    font-size: 12px;
    fill: var(--quiet);
    text-anchor: middle;
  }
  .map text.end {
    text-anchor: end;
  }
  .map text.beside {
    fill: var(--ink);
    paint-order: stroke;
    stroke: var(--paper);
    stroke-opacity: 0.7;
    stroke-width: 3px;
    stroke-linejoin: round;
  }
  .map text.start {
    text-anchor: start;
  }
  .mark {
    stroke: var(--ink);
    stroke-width: 1.6px;
  }
  .mark.high {
    fill: var(--ink);
    stroke: var(--paper);
    stroke-width: 1px;
  }
  .mark.low {
    fill: var(--paper);
  }
  .legend {
    display: grid;
    grid-template-columns: 1fr 1fr 1fr;
    gap: 2px 0;
    inline-size: calc(100% * 260 / 286);
    max-inline-size: calc(340px * 260 / 286);
    margin: 10px 0 0;
    padding-inline-start: min(9.1%, 31px);
    font-size: 12px;
    color: var(--quiet);
  }
  .legend canvas {
    grid-column: 1 / -1;
    inline-size: 100%;
    block-size: 8px;
    border-radius: 1px;
  }
  .legend span:nth-of-type(2) {
    text-align: center;
  }
  .legend span:nth-of-type(3) {
    text-align: end;
  }
`;
