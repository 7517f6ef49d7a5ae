// The loss on a plane through the path of a run: colours, contour lines, the path and where it is now.
import { guard } from 'lit/directives/guard.js';
import { html, nothing, svg } from 'lit/html.js';
import { powersOfTen, ticks } from '../state/axis.js';
import { count, number, plain, signed } from '../state/format.js';
import { drawMap, paint } from './canvas.js';
import { contourPath } from './contour.js';
import { css } from './css.js';
import { moveInTable } from './table.js';

/** @typedef {import('../state/types.js').Landscape} Landscape */

/**
 * @typedef {object} LandscapeData
 * @property {Landscape | undefined} landscape
 * @property {boolean} isRefused whether this run has none
 * @property {[number, number] | undefined} axes two parameters; undefined: the path's own directions
 * @property {number} base the epoch that the other parameters are taken from
 * @property {string[]} names of the parameters that can be axes
 * @property {number} epoch
 * @property {number} loss there
 * @property {{ x: number, y: number } | undefined} pointed the point under the pointer
 * @property {boolean} isTableOpen
 * @property {number} width
 * @property {Uint32Array} table of colours
 * @property {(axes: [number, number] | undefined) => void} onAxes
 * @property {(point: { x: number, y: number } | undefined) => void} onPoint
 * @property {(epoch: number) => void} onScrub
 * @property {(isOpen: boolean) => void} onToggle
 * @property {import('../element/turns.js').Turns['draw']} inTurn
 */

/**
 * @typedef {object} Drawing
 * @property {number} side of the square, in pixels
 * @property {(x: number) => number} x
 * @property {(y: number) => number} y
 */

const LEFT = 46;
const BOTTOM = 38;
const MOST_SIDE = 480;
/** Losses further apart than this get contours at even ratios. */
const WIDE_RANGE = 60;
const CONTOURS = 9;
/** The full hue stands for a loss so many times as far up, so that the path is seen on it. */
const FULL_HUE = 1.6;
/** Rows and columns of the table of losses. */
const TABLE_SIZE = 7;

/** @param {LandscapeData} data */
export function landscapeView(data) {
  const { landscape, isRefused } = data;
  return html`
    <div class="head">
      <p class="label" part="label" id="landscape">Loss around the path</p>
      ${chooser(data)}
    </div>
    <div class="landscape">
      ${
        landscape
          ? [data.inTurn('relief', () => picture(data, landscape)), beside(data, landscape)]
          : html`<p class="note">${isRefused ? 'This run is too large, too long or too short for a landscape.' : nothing}</p>`
      }
    </div>
  `;
}

/** @param {LandscapeData} data */
function chooser({ axes, names, onAxes }) {
  const kind = (
    /** @type {string} */ name,
    /** @type {[number, number] | undefined} */ target,
  ) => html`<button
    type="button"
    aria-pressed=${Boolean(axes) === Boolean(target)}
    @click=${() => onAxes(target)}
  >${name}</button>`;
  return html`<div class="choose">
    ${axes ? ['across', 'up'].map((name, i) => weightChooser(name, i, axes, names, onAxes)) : nothing}
    <div class="toggle" role="group" aria-label="Plane">
      ${kind('path’s own plane', undefined)}${names.length > 1 ? kind('two weights', axes ?? [0, 1]) : nothing}
    </div>
  </div>`;
}

/**
 * @param {string} label
 * @param {number} which of the two axes
 * @param {[number, number]} axes
 * @param {string[]} names
 * @param {LandscapeData['onAxes']} onAxes
 */
function weightChooser(label, which, axes, names, onAxes) {
  const chosen = (/** @type {Event} */ event) => {
    const value = Number(/** @type {HTMLSelectElement} */ (event.target).value);
    const other = axes[1 - which];
    if (value === other) onAxes([axes[1], axes[0]]);
    else onAxes(which === 0 ? [value, other] : [other, value]);
  };
  return html`<label>${label} <select @change=${chosen}>
    ${names.map((name, i) => html`<option value=${i} ?selected=${i === axes[which]}>${name}</option>`)}
  </select></label>`;
}

/**
 * @param {LandscapeData} data
 * @param {Landscape} landscape
 */
function picture(data, landscape) {
  const { epoch, width, table, onPoint, onScrub } = data;
  const side = Math.max(160, Math.min(MOST_SIDE, width - LEFT - 10));
  const drawing = drawingOf(landscape, side);
  const at = (/** @type {PointerEvent} */ event) => placeUnder(event, landscape, side);
  return html`<div class="relief plot" @pointerleave=${(
    /** @type {PointerEvent} */ { pointerType },
  ) => {
    if (pointerType !== 'touch') onPoint(undefined);
  }}>
    ${data.inTurn('ground', () => guard([landscape, table, side], () => ground(landscape, table, side)))}
    <svg
      width=${side + LEFT + 10}
      height=${side + BOTTOM + 6}
      role="img"
      aria-label=${summary(data, landscape)}
      @pointermove=${(/** @type {PointerEvent} */ event) => onPoint(at(event))}
      @pointerdown=${(/** @type {PointerEvent} */ event) => {
        onPoint(at(event));
        if (event.pointerType !== 'touch') onScrub(nearestEpoch(landscape, at(event)));
      }}
    >
      <g transform="translate(${LEFT} 6)">
        ${[0, 1].map((half) => data.inTurn(`contours ${half}`, () => guard([landscape, side], () => contours(landscape, side, half))))}
        ${guard([landscape, side], () => frame(data, landscape, drawing))}
        ${track(landscape, drawing, epoch)}
        ${data.pointed ? cross(data.pointed, drawing) : nothing}
      </g>
    </svg>
  </div>`;
}

/**
 * @param {Landscape} landscape
 * @param {number} side
 * @returns {Drawing}
 */
function drawingOf({ x, y }, side) {
  return {
    side,
    x: (value) => (side * (value - x[0])) / (x[1] - x[0]),
    y: (value) => side - (side * (value - y[0])) / (y[1] - y[0]),
  };
}

/**
 * How the losses are drawn: contours at even steps, or at even ratios where the losses are far apart;
 * colours from the neutral, at the lowest, towards the positive hue.
 * @param {Landscape} landscape
 */
export function reliefOf({ losses }) {
  const finite = losses.filter(Number.isFinite);
  const low = finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const isLog = low > 0 && high / low > WIDE_RANGE;
  const levels = isLog
    ? powersOfTen(Math.floor(Math.log10(low)), Math.ceil(Math.log10(high)), 1).flatMap((power) => [
        power,
        3 * power,
      ])
    : ticks(low, high, CONTOURS);
  const scale = isLog ? Math.log : Number;
  const [from, to] = [scale(low), scale(high)];
  return {
    levels: levels.filter((level) => level > low && level < high),
    values: losses.map((loss) => scale(Number.isFinite(loss) ? loss : high)),
    range: { low: from - 1, middle: from, high: from + FULL_HUE * (to - from || 1) },
  };
}

/**
 * @param {Landscape} landscape
 * @param {Uint32Array} table
 * @param {number} side
 */
function ground(landscape, table, side) {
  const { values, range } = reliefOf(landscape);
  const map = { size: landscape.size, values };
  return html`<canvas aria-hidden="true" ${paint(drawGround, map, range, table, side)}></canvas>`;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{ size: number, values: Float64Array }} map
 * @param {import('../state/reading.js').Range} range
 * @param {Uint32Array} table
 * @param {number} side
 */
function drawGround(canvas, map, range, table, side) {
  drawMap(canvas, map, range, table);
  canvas.style.setProperty('inline-size', `${side}px`);
  canvas.style.setProperty('block-size', `${side}px`);
}

/**
 * @param {Landscape} landscape
 * @param {number} side
 * @param {number} half which of the levels: those in between, or the others
 */
function contours(landscape, side, half) {
  const levels = reliefOf(landscape).levels.filter((_, k) => k % 2 === half);
  const map = { size: landscape.size, values: landscape.losses };
  return levels.map((level) => {
    const label = labelPlace(landscape, level, side);
    return svg`<path class="level" d=${contourPath(map, level, side)}></path>
      ${label ? svg`<text class="n level" x=${label.x} y=${label.y}>${plain(level)}</text>` : nothing}`;
  });
}

/**
 * A level's number stands where it first crosses one of the diagonals, or else a line near the top.
 * @param {Landscape} landscape
 * @param {number} level
 * @param {number} side
 */
function labelPlace({ size, losses }, level, side) {
  /** @type {((i: number) => number)[]} the line of cells, counted from the bottom, in each column */
  const lines = [(i) => size - 1 - i, (i) => i, () => size - 5];
  for (const line of lines) {
    const isAbove = (/** @type {number} */ i) => losses[line(i) * size + i] > level;
    for (let i = 2; i + 3 < size; i++)
      if (isAbove(i) !== isAbove(i + 1))
        return { x: (side * (i + 1)) / size, y: side - (side * line(i)) / size + 4 };
  }
  return undefined;
}

/**
 * @param {LandscapeData} data
 * @param {Landscape} landscape
 * @param {Drawing} drawing
 */
function frame({ axes, names }, landscape, { side, x, y }) {
  const titles = axes ? axes.map((axis) => names[axis]) : ['first direction', 'second direction'];
  return svg`
    <rect class="border" width=${side} height=${side}></rect>
    ${ticks(...landscape.x, 4).map(
      (value) => svg`<path class="tick" d="M${x(value)} ${side}v4"></path>
        <text class="n" x=${x(value)} y=${side + 17}>${plain(value)}</text>`,
    )}
    ${ticks(...landscape.y, 4).map(
      (value) => svg`<path class="tick" d="M0 ${y(value)}h-4"></path>
        <text class="n end" x="-7" y=${y(value) + 4}>${plain(value)}</text>`,
    )}
    <text class="end" x=${side} y=${side + 34}>${titles[0]} →</text>
    <text class="end" transform="translate(${10 - LEFT} 0) rotate(-90)">${titles[1]} →</text>`;
}

/**
 * The path: what has been passed in ink, what lies ahead faint.
 * @param {Landscape} landscape
 * @param {Drawing} drawing
 * @param {number} epoch
 */
function track({ path }, { x, y }, epoch) {
  const here = pointAt(path, epoch);
  const place = (/** @type {number} */ i) =>
    `${x(path.x[i]).toFixed(1)} ${y(path.y[i]).toFixed(1)}`;
  const at = `${x(here.x).toFixed(1)} ${y(here.y).toFixed(1)}`;
  const all = path.epochs.map((_, i) => i);
  const past = all.filter((i) => path.epochs[i] < epoch).map(place);
  const last = path.epochs.length - 1;
  return svg`
    <path class="halo" d="M${all.map(place).join('L')}"></path>
    <path class="curve future" d="M${all.map(place).join('L')}"></path>
    <path class="curve" d="M${[...past, at].join('L')}"></path>
    <circle class="end" cx=${x(path.x[0])} cy=${y(path.y[0])} r="3"></circle>
    <circle class="end" cx=${x(path.x[last])} cy=${y(path.y[last])} r="3"></circle>
    ${[0, last].map(
      (i) =>
        svg`<text class="n beside" x=${x(path.x[i])} y=${y(path.y[i]) - 11}>${count(path.epochs[i])}</text>`,
    )}
    <circle class="here" cx=${x(here.x)} cy=${y(here.y)} r="5"></circle>`;
}

/**
 * Between the two recorded epochs next to it.
 * @param {Landscape['path']} path
 * @param {number} epoch
 */
function pointAt({ epochs, x, y }, epoch) {
  const next = epochs.findIndex((one) => one >= epoch);
  if (next === -1) return { x: x[x.length - 1], y: y[y.length - 1] };
  if (next === 0) return { x: x[0], y: y[0] };
  const t = (epoch - epochs[next - 1]) / (epochs[next] - epochs[next - 1]);
  const between = (/** @type {number[]} */ v) => v[next - 1] + t * (v[next] - v[next - 1]);
  return { x: between(x), y: between(y) };
}

/**
 * @param {{ x: number, y: number }} point
 * @param {Drawing} drawing
 */
function cross(point, { x, y }) {
  const [cx, cy] = [x(point.x), y(point.y)];
  return svg`<path class="cross" d="M${cx - 7} ${cy}h14M${cx} ${cy - 7}v14"></path>`;
}

/**
 * @param {PointerEvent} event
 * @param {Landscape} landscape
 * @param {number} side
 */
function placeUnder(event, { x, y }, side) {
  const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
  const inside = (/** @type {number} */ v) => Math.min(1, Math.max(0, v / side));
  const across = inside(event.clientX - box.left - LEFT);
  const down = inside(event.clientY - box.top - 6);
  return { x: x[0] + across * (x[1] - x[0]), y: y[1] - down * (y[1] - y[0]) };
}

/**
 * The recorded epoch whose point on the picture is nearest.
 * @param {Landscape} landscape
 * @param {{ x: number, y: number }} point
 */
function nearestEpoch({ x, y, path }, point) {
  const distance = (/** @type {number} */ i) =>
    Math.hypot((path.x[i] - point.x) / (x[1] - x[0]), (path.y[i] - point.y) / (y[1] - y[0]));
  let best = 0;
  for (let i = 1; i < path.epochs.length; i++) if (distance(i) < distance(best)) best = i;
  return path.epochs[best];
}

/**
 * The plane's loss in the cell that holds a point.
 * @param {Landscape} landscape
 * @param {{ x: number, y: number }} point
 */
function lossNear({ x, y, size, losses }, point) {
  const cell = (/** @type {number} */ v, /** @type {[number, number]} */ [low, high]) =>
    Math.min(size - 1, Math.max(0, Math.floor((size * (v - low)) / (high - low))));
  return losses[cell(point.y, y) * size + cell(point.x, x)];
}

/**
 * @param {LandscapeData} data
 * @param {Landscape} landscape
 */
function summary({ epoch, loss }, { path }) {
  const last = path.epochs.length - 1;
  return `The loss on a plane, and on it the path of the run: from ${number(path.losses[0])} at epoch 0 to ${number(path.losses[last])} at epoch ${count(path.epochs[last])}; here, at epoch ${count(epoch)}, ${number(loss)}. The tables have the numbers.`;
}

/**
 * @param {LandscapeData} data
 * @param {Landscape} landscape
 */
function beside(data, landscape) {
  return html`<div class="beside-relief">
    <p class="note">${about(data, landscape)}</p>
    <p class="note reading">${reading(data, landscape)}</p>
    ${tables(data, landscape)}
  </div>`;
}

/**
 * @param {LandscapeData} data
 * @param {Landscape} landscape
 */
function about({ axes, base, epoch, loss }, landscape) {
  const { shares, path } = landscape;
  if (axes || !shares)
    return html`All other parameters are those of epoch <b class="n">${count(base)}</b>; at other epochs the path lies above or below this plane.`;
  const percent = (/** @type {number} */ share) => html`<b class="n">${plain(100 * share)} %</b>`;
  const here = lossNear(landscape, pointAt(path, epoch));
  return html`The plane that keeps most of the path: ${percent(shares[0])} of its variance lie along
    the first direction, ${percent(shares[1])} along the second. At epoch ${count(epoch)} the run’s
    loss is <b class="n">${number(loss)}</b>; below it, on the plane, it is
    <b class="n">${number(here)}</b>.`;
}

/**
 * @param {LandscapeData} data
 * @param {Landscape} landscape
 */
function reading({ pointed }, landscape) {
  if (!pointed) return 'Point at the plane to read its loss; a click goes to the nearest epoch.';
  const { x, y } = pointed;
  return html`At <b class="n">${signed(x)}</b>, <b class="n">${signed(y)}</b> the loss is
    <b class="n">${number(lossNear(landscape, pointed))}</b>.`;
}

/**
 * @param {LandscapeData} data
 * @param {Landscape} landscape
 */
function tables({ isTableOpen, onToggle }, landscape) {
  const toggled = (/** @type {Event} */ event) =>
    onToggle(/** @type {HTMLDetailsElement} */ (event.target).open);
  return html`<details class="parameters" ?open=${isTableOpen} @toggle=${toggled}>
    <summary>Path and plane as tables</summary>
    ${isTableOpen ? guard([landscape], () => [pathTable(landscape), planeTable(landscape)]) : nothing}
  </details>`;
}

/** @param {Landscape} landscape */
function pathTable({ path }) {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="The path">
    <table>
      <thead>
        <tr>${['epoch', 'across', 'up', 'loss'].map((name) => html`<th scope="col" class="r">${name}</th>`)}</tr>
      </thead>
      <tbody>
        ${path.epochs.map(
          (epoch, i) => html`<tr>
            <th scope="row" class="n r">${count(epoch)}</th>
            <td class="n r">${signed(path.x[i])}</td>
            <td class="n r">${signed(path.y[i])}</td>
            <td class="n r">${number(path.losses[i])}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** @param {Landscape} landscape */
function planeTable(landscape) {
  const along = (/** @type {[number, number]} */ [low, high]) =>
    Array.from({ length: TABLE_SIZE }, (_, i) => low + ((high - low) * (i + 0.5)) / TABLE_SIZE);
  const columns = along(landscape.x);
  return html`<div class="scroll-x" tabindex="0" role="region" aria-label="Losses on the plane">
    <table @keydown=${moveInTable}>
      <thead>
        <tr><th scope="col">up \\ across</th>
          ${columns.map((x) => html`<th scope="col" class="n r">${plain(x)}</th>`)}</tr>
      </thead>
      <tbody>
        ${along(landscape.y)
          .reverse()
          .map(
            (y) => html`<tr>
              <th scope="row" class="n">${plain(y)}</th>
              ${columns.map((x) => html`<td class="n r">${number(lossNear(landscape, { x, y }))}</td>`)}
            </tr>`,
          )}
      </tbody>
    </table>
  </div>`;
}

export const landscapeStyles = css`
  .landscape {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 32px;
    min-block-size: 160px;
  }
  .relief {
    position: relative;
    flex: none;
  }
  .relief canvas {
    position: absolute;
    inset-block-start: 6px;
    left: ${LEFT}px;
  }
  .relief svg {
    position: relative;
    cursor: crosshair;
    touch-action: pan-y;
  }
  .border {
    fill: transparent;
    stroke: var(--line);
  }
  .level {
    fill: none;
    stroke: var(--ink);
    stroke-width: 1px;
    stroke-opacity: 0.4;
  }
  .plot text.level {
    font-size: 11px;
    fill: var(--ink);
  }
  .plot text.level,
  .plot text.beside {
    paint-order: stroke;
    stroke: var(--paper);
    stroke-opacity: 0.75;
    stroke-width: 3px;
    stroke-linejoin: round;
  }
  .plot text.beside {
    fill: var(--ink);
  }
  .halo {
    fill: none;
    stroke: var(--paper);
    stroke-width: 5px;
    stroke-opacity: 0.7;
    stroke-linejoin: round;
  }
  circle.end {
    fill: var(--ink);
  }
  .cross {
    stroke: var(--ink);
    stroke-width: 1.5px;
  }
  .beside-relief {
    flex: 1 1 240px;
    max-inline-size: 480px;
    min-inline-size: 0;
  }
  .beside-relief .note b {
    color: var(--ink);
  }
`;
