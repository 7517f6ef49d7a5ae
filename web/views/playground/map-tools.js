// What the playground adds to the prediction's map, or to its curve: by class, the rows of the test
// set, and the numbers at a point.
import { guard } from 'lit/directives/guard.js';
import { html, nothing, svg } from 'lit/html.js';
import { count, number, plain } from '../../state/format.js';
import { outputRange, unitName, verdictOf } from '../../state/reading.js';
import { paint } from '../canvas.js';
import { CLASS_COLOURS, classPaths, classShape } from '../classes.js';
import { css } from '../css.js';
import { markSize } from '../predictions.js';
import { numberField } from './fields.js';

/** @typedef {import('../../element/figure.js').FigureState} FigureState */
/** @typedef {import('../../element/figure.js').Scene} Scene */
/** @typedef {import('../../state/types.js').RunInfo} RunInfo */
/** @typedef {import('../../state/types.js').UnitMap} UnitMap */

/** Of the map's drawing, which is 286 by 280 units: its square is 260 wide and ends at the right. */
const SQUARE = { left: 26 / 286, width: 260 / 286, height: 260 / 280 };
/** Pixels of a class's picture for a cell of its map. */
const FINE = 3;
/** Pixels between two lines of a hatching. */
const EVERY = 8;
/** Of a class's ground, and of its hatching, 0 to 255. */
const GROUND = 96;
const LINE = 190;

/**
 * @param {FigureState} state
 * @param {Scene} scene
 * @returns {import('../predictions.js').MapTools | undefined}
 */
export function mapTools(state, scene) {
  const { ui, actions } = state;
  const { plane, line, tests } = scene.info;
  const space = plane ?? (line && { x: line });
  if (!space) return undefined;
  const point = pointOf(state, scene);
  const mark = plane ? testMarks : testsOnCurve;
  return {
    ground: plane && ui.isByClass ? classGround(state, scene) : undefined,
    name:
      scene.info.outputs > 1
        ? 'The largest output'
        : 'The side of its middle that the output is on',
    marks: (x, y) => [
      tests && !ui.hidesTests
        ? guard([scene.info, scene.snapshot.output?.index, scene.snapshot.curve?.index], () =>
            mark(scene, tests, x, y),
          )
        : nothing,
      point ? cross(point, x, y) : nothing,
    ],
    onPoint: (event) => actions.onSet({ mapPoint: pointUnder(event, space) }),
    onLeave: () => actions.onSet({ mapPoint: ui.askedPoint }),
    below: html`${choices(state, scene)} ${reading(state, scene)}`,
  };
}

/**
 * The point that is asked for, where it has as many numbers as a row.
 * @param {FigureState} state
 * @param {Scene} scene
 */
function pointOf({ ui }, { info }) {
  return ui.mapPoint?.length === info.inputs ? ui.mapPoint : undefined;
}

/**
 * Undefined beside the square.
 * @param {PointerEvent} event in the map
 * @param {{ x: [number, number], y?: [number, number] }} space what the map or the curve shows
 * @returns {number[] | undefined}
 */
function pointUnder(event, { x, y }) {
  const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
  const across = ((event.clientX - box.left) / box.width - SQUARE.left) / SQUARE.width;
  const down = (event.clientY - box.top) / box.height / SQUARE.height;
  if (Math.min(across, down) < 0 || Math.max(across, down) > 1) return undefined;
  const first = x[0] + across * (x[1] - x[0]);
  return y ? [first, y[1] - down * (y[1] - y[0])] : [first];
}

/**
 * @param {FigureState} state
 * @param {Scene} scene
 */
function classGround({ isDark, table }, { info, snapshot: { classes, output } }) {
  if (info.outputs > 1 && !classes) return undefined;
  const { middle } = outputRange(info);
  return html`<canvas aria-hidden="true" ${
    info.outputs > 1 ? paint(drawClasses, classes, isDark) : paint(drawSides, output, middle, table)
  }></canvas>`;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{ size: number, values: ArrayLike<number> }} map of classes
 * @param {boolean} isDark
 */
function drawClasses(canvas, map, isDark) {
  const colours = CLASS_COLOURS[isDark ? 'dark' : 'light'].map(wordOf);
  drawHatched(canvas, map, (value) => value, colours);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {UnitMap} map
 * @param {number} middle
 * @param {Uint32Array} table of colours, from low to high
 */
function drawSides(canvas, map, middle, table) {
  const colours = [table[0] & 0xffffff, table[table.length - 1] & 0xffffff];
  drawHatched(canvas, map, (value) => Number(value > middle), colours);
}

/**
 * A colour without opacity, as a canvas has it.
 * @param {string} colour #rrggbb
 */
function wordOf(colour) {
  const rgb = Number.parseInt(colour.slice(1), 16);
  return ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16);
}

/** Which pixels are lines of a hatching, by class. @type {((x: number, y: number) => boolean)[]} */
const HATCHINGS = [
  () => false,
  (x, y) => (x + y) % EVERY === 0,
  (x, y) => (x - y + 4096 * EVERY) % EVERY === 0,
  (_, y) => y % EVERY === 0,
  (x) => x % EVERY === 0,
  (x, y) => x % EVERY < 2 && y % EVERY < 2,
];

/**
 * Each class has its colour and its hatching.
 * @param {HTMLCanvasElement} canvas
 * @param {{ size: number, values: ArrayLike<number> }} map row by row from the bottom
 * @param {(value: number) => number} classOf
 * @param {number[]} colours
 */
function drawHatched(canvas, { size, values }, classOf, colours) {
  const side = size * FINE;
  if (canvas.width !== side) canvas.width = side;
  if (canvas.height !== side) canvas.height = side;
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(side, side);
  const pixels = new Uint32Array(image.data.buffer);
  for (let j = 0; j < size; j++) {
    for (let i = 0; i < size; i++) {
      const index = classOf(values[(size - 1 - j) * size + i]);
      const colour = colours[index % colours.length];
      const isLine = HATCHINGS[index % HATCHINGS.length];
      for (let y = j * FINE; y < (j + 1) * FINE; y++)
        for (let x = i * FINE; x < (i + 1) * FINE; x++)
          pixels[y * side + x] = colour | ((isLine(x, y) ? LINE : GROUND) << 24);
    }
  }
  context.putImageData(image, 0, 0);
}

/**
 * Rows of the test set: a plus for a high target, a minus for a low one; classes have their marks in
 * outline.
 * @param {Scene} scene
 * @param {NonNullable<RunInfo['tests']>} tests
 * @param {(v: number) => number} x
 * @param {(v: number) => number} y
 */
function testMarks({ info, snapshot }, tests, x, y) {
  const { inputs, targets } = tests;
  const rows = inputs.map((row, i) => ({ inputs: row, targets: targets[i] }));
  const r = markSize(rows.length);
  if (verdictOf(info) === 'largest')
    return classPaths(rows, r, x, y).map((d, k) => classShape(k, d, 'test'));
  const { middle } = outputRange(info);
  const output = snapshot.output?.index ?? 0;
  let d = '';
  for (const { inputs, targets } of rows) {
    const [cx, cy] = [x(inputs[0]), y(inputs[1])];
    d += signPath(cx, cy, r, targets[output] > middle);
  }
  return svg`<path class="mark sign" d=${d}></path><path class="mark sign over" d=${d}></path>`;
}

/**
 * Rows of the test set, each a plus at its target.
 * @param {Scene} scene
 * @param {NonNullable<RunInfo['tests']>} tests
 * @param {(v: number) => number} x
 * @param {(v: number) => number} y
 */
function testsOnCurve({ snapshot }, { inputs, targets }, x, y) {
  const r = markSize(inputs.length);
  const output = snapshot.curve?.index ?? 0;
  const d = inputs.map((row, i) => signPath(x(row[0]), y(targets[i][output]), r, true)).join('');
  return svg`<path class="mark sign" d=${d}></path><path class="mark sign over" d=${d}></path>`;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} r
 * @param {boolean} isPlus
 */
function signPath(x, y, r, isPlus) {
  const line = `M${(x - r).toFixed(1)} ${y.toFixed(1)}h${2 * r}`;
  return isPlus ? `${line}M${x.toFixed(1)} ${(y - r).toFixed(1)}v${2 * r}` : line;
}

/**
 * A cross at a point of the map, or a line over the curve.
 * @param {number[]} point
 * @param {(v: number) => number} x
 * @param {(v: number) => number} y
 */
function cross([px, py], x, y) {
  const cx = x(px);
  if (py === undefined) return svg`<path class="cross" d="M${cx} 0V260"></path>`;
  const cy = y(py);
  return svg`<path class="cross" d="M${cx - 9} ${cy}h6m6 0h6M${cx} ${cy - 9}v6m0 6v6"></path>`;
}

/**
 * @param {FigureState} state
 * @param {Scene} scene
 */
function choices({ ui, actions }, { info }) {
  const { tests } = info;
  const option = (/** @type {boolean} */ value, /** @type {string} */ name) => html`<button
    type="button" aria-pressed=${value === Boolean(ui.isByClass)} @click=${() => actions.onSet({ isByClass: value })}>${name}</button>`;
  return html`<div class="map-choices">
    ${info.plane ? html`<div class="toggle" role="group" aria-label="Map">${option(false, 'smooth')}${option(true, 'by class')}</div>` : nothing}
    ${
      tests
        ? html`<label><input type="checkbox" .checked=${!ui.hidesTests}
            @change=${(/** @type {Event} */ event) => actions.onSet({ hidesTests: !(/** @type {HTMLInputElement} */ (event.target).checked) })} />
            ${count(tests.count)} test rows${testSign(info)}</label>`
        : nothing
    }
  </div>`;
}

/** @param {RunInfo} info */
function testSign(info) {
  if (!info.plane) return ', +';
  return verdictOf(info) === 'largest' ? ', in outline' : ', + and −';
}

/** A coordinate that is typed. */
const COORDINATE = {
  type: /** @type {const} */ ('number'),
  minimum: null,
  maximum: null,
  minimumExcluded: false,
  maximumExcluded: false,
  default: null,
  description: '',
};

/**
 * Where the pointer is, or what was typed, and what the network answers there.
 * @param {FigureState} state
 * @param {Scene} scene
 */
function reading(state, scene) {
  const { actions } = state;
  const { info, snapshot } = scene;
  const asked = pointOf(state, scene);
  const [x, y] = asked ?? [];
  const field = (/** @type {0 | 1} */ axis, /** @type {number | undefined} */ value) =>
    numberField(state, {
      id: `point-${axis}`,
      setting: { ...COORDINATE, name: `x${axis + 1}` },
      value: value === undefined ? undefined : Number(value.toPrecision(4)),
      label: `point x${axis + 1}`,
      about: '',
      onValue: (/** @type {number | null} */ given) => {
        const whole = [x ?? 0, y ?? 0].slice(0, info.inputs);
        whole[axis] = given ?? 0;
        const next = given === null ? undefined : whole;
        actions.onSet({ askedPoint: next, mapPoint: next });
      },
    });
  return html`<div class="ask">
    ${field(0, x)} ${info.inputs > 1 ? field(1, y) : nothing}
    <p class="answer">${asked && snapshot.point ? answer(info, snapshot.point) : html`Point at the ${info.plane ? 'map' : 'curve'}, or type a point: the network answers.`}</p>
  </div>`;
}

/** Outputs that are listed. */
const MOST_OUTPUTS = 12;

/**
 * @param {RunInfo} info
 * @param {NonNullable<import('../../state/types.js').Snapshot['point']>} point
 */
function answer(info, { x, y, outputs }) {
  const name = (/** @type {number} */ k) => unitName(info, info.layers.length, k);
  const shown = [...outputs.subarray(0, MOST_OUTPUTS)];
  const largest = outputs.indexOf(outputs.reduce((a, b) => Math.max(a, b)));
  return html`At ${y === undefined ? html`x1 = ${plain(x)}` : html`(${plain(x)}, ${plain(y)})`}
    ${shown.map((value, k) => html`<span>${name(k)} = <b class="n">${number(value)}</b></span> `)}
    ${outputs.length > 1 ? html`<span>largest: ${name(largest)}</span>` : nothing}`;
}

export const mapToolsStyles = css`
  .map-choices {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    margin-block-start: 8px;
    font-size: 13px;
  }
  .map-choices label {
    display: flex;
    align-items: center;
    gap: 6px;
  }
  .map-choices input {
    accent-color: var(--ink);
    margin: 0;
  }
  .mark.sign {
    fill: none;
    stroke: var(--paper);
    stroke-width: 3px;
  }
  .mark.sign.over {
    stroke: var(--ink);
    stroke-width: 1.3px;
  }
  .mark.test {
    fill-opacity: 0;
    stroke: var(--ink);
    stroke-width: 1px;
  }
  .cross {
    fill: none;
    stroke: var(--ink);
    stroke-width: 1.5px;
    pointer-events: none;
  }
  .ask {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 4px 8px;
    margin-block-start: 8px;
    max-inline-size: 340px;
  }
  .answer {
    grid-column: 1 / -1;
    margin: 0;
    min-block-size: 40px;
    font-size: 13px;
    color: var(--quiet);
  }
  .answer span {
    white-space: nowrap;
    margin-inline-start: 8px;
    color: var(--ink);
  }
  @media (pointer: coarse) {
    .map-choices label {
      min-block-size: 44px;
    }
  }
`;
