// Own points on the map or beside the curve: added, chosen, moved and removed by pointer and by keys.
import { html, nothing, svg } from 'lit/html.js';
import { complete } from '../../state/experiment.js';
import { count, plain } from '../../state/format.js';
import {
  classIn,
  className,
  formOf,
  pointsOf,
  targetOf,
  withoutRow,
  withRow,
  withRowChanged,
} from '../../state/own-points.js';
import { MOST_ROWS } from '../../state/table.js';
import { place } from '../canvas.js';
import { css } from '../css.js';
import { changeTo } from './fields.js';

/** @typedef {import('../../element/figure.js').FigureState} FigureState */
/** @typedef {import('../../state/own-points.js').Points} Points */
/** @typedef {import('../curve.js').Frame} Frame */

/** A place in values: across and up. @typedef {[number, number]} Place */

/**
 * @typedef {object} Editor
 * @property {import('./data.js').Part} part
 * @property {Points} points
 * @property {import('../../state/own-points.js').Form} form
 * @property {Frame} frame
 * @property {number} output which is drawn, where a row has one number
 */

/** Units of the drawing: how near a pointer must be to a point, and what is no drag yet. */
const NEAR = 12;
const STILL = 3;
/** A key's step, as a part of the drawing; and with Shift. */
const STEP = 1 / 40;
const LEAP = 1 / 8;

/**
 * @param {FigureState} state
 * @param {NonNullable<FigureState['scene']>} scene
 * @returns {((frame: Frame) => unknown) | undefined} undefined where there is nothing to edit
 */
export function pointsOverlay(state, scene) {
  const { views, given, ui } = state;
  if (!views.includes('playground')) return undefined;
  const experiment = complete(given);
  if (experiment.data.kind !== 'points') return undefined;
  const points = pointsOf(experiment.data);
  if (points.inputs[0].length !== scene.info.inputs) return undefined;
  const change = (
    /** @type {import('../../state/types.js').Experiment} */ changed,
    /** @type {string} */ label = '',
  ) => changeTo(state, 'data', experiment, changed, label);
  const part = { state, experiment, change };
  const output = Math.min(ui.output, points.targets[0].length - 1);
  const form = formOf(experiment);
  return (frame) => editor({ part, points, form, frame, output });
}

/** @param {Editor} editor */
function editor(editor) {
  const { points: ui = {} } = editor.part.state.ui;
  const { row, drag, cursor } = ui;
  const chosen = row !== undefined && row < editor.points.inputs.length ? row : undefined;
  const at = chosen === undefined ? undefined : (drag?.at ?? placeOf(editor, chosen));
  return html`<div class="points-editor" role="application" tabindex="0"
      aria-label="Own points over the prediction" aria-describedby="points-keys"
      @pointerdown=${(/** @type {PointerEvent} */ event) => press(editor, event)}
      @pointermove=${(/** @type {PointerEvent} */ event) => drags(editor, event)}
      @pointerup=${() => release(editor)} @pointercancel=${() => set(editor, { drag: undefined })}
      @keydown=${(/** @type {KeyboardEvent} */ event) => key(editor, event)}
      @blur=${() => set(editor, { cursor: undefined, isHeld: false })}>
    <svg viewBox="0 0 ${editor.frame.side} ${editor.frame.side}" aria-hidden="true">
      ${at ? ring(editor, at, Boolean(ui.isHeld || drag)) : nothing}
      ${cursor ? cross(editor, cursor) : nothing}
    </svg>
    ${at && !drag && editor.points.inputs.length > 1 ? removeButton(editor, at) : nothing}
    <p class="unseen" role="status">${cursor ? spoken(editor, cursor) : nothing}</p>
  </div>`;
}

/**
 * @param {Editor} editor
 * @param {import('./points.js').PointsUi} change
 */
function set({ part }, change) {
  const { ui, actions } = part.state;
  actions.onSet({ points: { ...ui.points, ...change } });
}

/**
 * @param {Editor} editor
 * @param {number} row
 * @returns {Place}
 */
function placeOf({ points, output }, row) {
  const [x, y = points.targets[row][output]] = points.inputs[row];
  return [x, y];
}

/**
 * In units of the drawing, from its upper left.
 * @param {Editor} editor
 * @param {Place} place
 */
function toDrawing({ frame: { side, across, up } }, [x, y]) {
  return [
    (side * (x - across[0])) / (across[1] - across[0]),
    side - (side * (y - up[0])) / (up[1] - up[0]),
  ];
}

/**
 * Values as round as the drawing is fine, within its ends.
 * @param {Editor} editor
 * @param {number} right 0 to 1
 * @param {number} down 0 to 1
 * @returns {Place}
 */
function toPlace({ frame: { side, across, up } }, right, down) {
  const value = (/** @type {[number, number]} */ [low, high], /** @type {number} */ share) => {
    const digits = Math.max(0, -Math.floor(Math.log10((high - low) / side)));
    const inside = low + (high - low) * Math.min(1, Math.max(0, share));
    return Number(inside.toFixed(Math.min(digits, 15)));
  };
  return [value(across, right), value(up, 1 - down)];
}

/**
 * @param {Editor} editor
 * @param {PointerEvent} event
 */
function placeUnder(editor, { currentTarget, clientX, clientY }) {
  const box = /** @type {Element} */ (currentTarget).getBoundingClientRect();
  return toPlace(editor, (clientX - box.left) / box.width, (clientY - box.top) / box.height);
}

/**
 * The nearest row, if it is near enough.
 * @param {Editor} editor
 * @param {Place} place
 */
function rowAt(editor, place) {
  const [x, y] = toDrawing(editor, place);
  let best = NEAR;
  let found;
  for (let row = 0; row < editor.points.inputs.length; row++) {
    const [px, py] = toDrawing(editor, placeOf(editor, row));
    const distance = Math.hypot(px - x, py - y);
    if (distance < best) [best, found] = [distance, row];
  }
  return found;
}

/**
 * @param {Editor} editor
 * @param {PointerEvent} event
 */
function press(editor, event) {
  if (event.button !== 0) return;
  const at = placeUnder(editor, event);
  const row = rowAt(editor, at);
  if (row === undefined) {
    add(editor, at);
    return;
  }
  /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
  set(editor, {
    row,
    isHeld: false,
    drag: { at: placeOf(editor, row), from: at, hasMoved: false },
  });
}

/**
 * @param {Editor} editor
 * @param {PointerEvent} event
 */
function drags(editor, event) {
  const { drag } = editor.part.state.ui.points ?? {};
  if (!drag) return;
  const at = placeUnder(editor, event);
  const [[x, y], [fromX, fromY]] = [toDrawing(editor, at), toDrawing(editor, drag.from)];
  if (drag.hasMoved || Math.hypot(x - fromX, y - fromY) > STILL)
    set(editor, { drag: { ...drag, at, hasMoved: true } });
}

/** @param {Editor} editor */
function release(editor) {
  const { drag, row } = editor.part.state.ui.points ?? {};
  if (!drag || row === undefined) return;
  set(editor, { drag: undefined });
  if (drag.hasMoved) move(editor, row, drag.at, '');
}

/**
 * @param {Editor} editor
 * @param {Points} data
 * @param {string} [label]
 */
function use({ part }, data, label) {
  part.change({ ...part.experiment, data }, label);
}

/**
 * @param {Editor} editor
 * @param {Place} at
 */
function add(editor, at) {
  const { part, points, form, output } = editor;
  const { ui } = part.state;
  if (points.inputs.length >= MOST_ROWS) return;
  const isLine = points.inputs[0].length === 1;
  const value = isLine ? at[1] : (ui.points?.value ?? 0);
  const target =
    form.classes > 0
      ? targetOf(form, Math.min(ui.points?.choice ?? 1, form.classes - 1))
      : points.targets[0].map((_, k) => (k === output ? value : 0));
  set(editor, { row: points.inputs.length, isHeld: false });
  use(editor, withRow(points, isLine ? [at[0]] : at, target));
}

/**
 * @param {Editor} editor
 * @param {number} row
 * @param {Place} at
 * @param {string} label
 */
function move(editor, row, at, label) {
  const { points, form, output } = editor;
  const isLine = points.inputs[0].length === 1;
  const target = isLine && form.classes === 0 ? points.targets[row].with(output, at[1]) : undefined;
  use(editor, withRowChanged(points, row, isLine ? [at[0]] : at, target), label);
}

/**
 * @param {Editor} editor
 * @param {number} row
 */
function remove(editor, row) {
  if (editor.points.inputs.length === 1) return;
  set(editor, { row: undefined, isHeld: false });
  use(editor, withoutRow(editor.points, row));
}

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {Editor} editor
 * @param {KeyboardEvent} event
 */
function key(editor, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { points, form } = editor;
  const { row, cursor, isHeld } = editor.part.state.ui.points ?? {};
  const isChosen = row !== undefined && row < points.inputs.length;
  const { across, up } = editor.frame;
  const here = cursor ?? (isChosen ? placeOf(editor, row) : toPlace(editor, 0.5, 0.5));
  const under = rowAt(editor, here);
  const held = isHeld && isChosen ? row : undefined;
  const jump = (/** @type {number} */ by) => {
    const { length } = points.inputs;
    const next = ((under ?? (by > 0 ? -1 : length)) + by + length) % length;
    set(editor, { row: next, cursor: placeOf(editor, next), isHeld: false });
  };
  const arrow = ARROWS[event.key];
  const digit = /^\d$/.test(event.key) ? Number(event.key) - (form.columns > 1 ? 1 : 0) : -1;
  if (arrow) {
    const step = event.shiftKey ? LEAP : STEP;
    const right = (here[0] - across[0]) / (across[1] - across[0]) + arrow[0] * step;
    const down = (up[1] - here[1]) / (up[1] - up[0]) + arrow[1] * step;
    const next = toPlace(editor, right, down);
    set(editor, { cursor: next });
    if (held !== undefined) move(editor, held, next, 'points.move');
  } else if (event.key === 'Enter' || event.key === ' ') {
    if (held !== undefined) set(editor, { isHeld: false, cursor: here });
    else if (under !== undefined) set(editor, { row: under, isHeld: true, cursor: here });
    else {
      set(editor, { cursor: here });
      add(editor, here);
    }
  } else if (event.key === 'Delete' || event.key === 'Backspace') {
    const gone = held ?? under ?? (isChosen ? row : undefined);
    if (gone !== undefined) remove(editor, gone);
  } else if (event.key === 'PageDown') jump(1);
  else if (event.key === 'PageUp') jump(-1);
  else if (event.key === 'Escape' && isHeld) set(editor, { isHeld: false });
  else if (digit >= 0 && digit < form.classes) set(editor, { choice: digit, cursor: here });
  else return;
  event.preventDefault();
}

/**
 * @param {Editor} editor
 * @param {Place} at
 */
function spoken(editor, at) {
  const { points, form } = editor;
  const row = rowAt(editor, at);
  const { isHeld, choice = 1 } = editor.part.state.ui.points ?? {};
  const what =
    row === undefined
      ? form.classes > 0
        ? `empty; Enter adds class ${className(form, Math.min(choice, form.classes - 1))}`
        : 'empty; Enter adds a point'
      : `row ${count(row + 1)}, ${form.classes > 0 ? `class ${className(form, classIn(points.targets[row]))}` : `target ${points.targets[row].map(plain).join(', ')}`}${isHeld ? ', held' : ''}`;
  return `${at.map(plain).join(', ')}: ${what}`;
}

/**
 * @param {Editor} editor
 * @param {Place} at
 * @param {boolean} isMoving
 */
function ring(editor, at, isMoving) {
  const [x, y] = toDrawing(editor, at);
  return svg`<circle class=${isMoving ? 'ring moving' : 'ring'} cx=${x} cy=${y} r="9"></circle>`;
}

/**
 * @param {Editor} editor
 * @param {Place} at
 */
function cross(editor, at) {
  const [x, y] = toDrawing(editor, at);
  return svg`<path class="cursor under" d="M${x - 12} ${y}h24M${x} ${y - 12}v24"></path>
    <path class="cursor" d="M${x - 12} ${y}h24M${x} ${y - 12}v24"></path>`;
}

/**
 * Beside the chosen point.
 * @param {Editor} editor
 * @param {Place} at
 */
function removeButton(editor, at) {
  const { row = 0 } = editor.part.state.ui.points ?? {};
  const { side } = editor.frame;
  const [x, y] = toDrawing(editor, at);
  const percent = (/** @type {number} */ v) => `${(100 * v) / side}%`;
  const stay = (/** @type {Event} */ event) => event.stopPropagation();
  return html`<button type="button" aria-label="Remove row ${row + 1}"
    class=${x > side / 2 ? 'take left' : 'take'} ${place({ left: percent(x), top: percent(y) })}
    @pointerdown=${stay} @keydown=${stay} @click=${() => remove(editor, row)}>×</button>`;
}

export const pointsEditorStyles = css`
  /* the drawing's square, as the map's canvas: 260 of its 286 by 280 units */
  .points-editor {
    position: absolute;
    inset-block-start: 0;
    inset-inline-end: 0;
    inline-size: calc(100% * 260 / 286);
    block-size: calc(100% * 260 / 280);
    cursor: crosshair;
    touch-action: none;
  }
  .points-editor:focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }
  .map .points-editor > svg {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    pointer-events: none;
  }
  .ring,
  .cursor {
    fill: none;
    stroke: var(--ink);
    stroke-width: 1.6px;
  }
  .ring.moving {
    stroke-dasharray: 4 2.5;
  }
  .cursor.under {
    stroke: var(--paper);
    stroke-width: 4px;
  }
  .points-editor .take {
    position: absolute;
    min-inline-size: 28px;
    min-block-size: 28px;
    padding: 0;
    translate: 12px -14px;
    background: var(--paper);
  }
  .points-editor .take.left {
    translate: calc(-100% - 12px) -14px;
  }
  @media (pointer: coarse) {
    .points-editor .take {
      min-inline-size: 44px;
      min-block-size: 44px;
      translate: 12px -22px;
    }
    .points-editor .take.left {
      translate: calc(-100% - 12px) -22px;
    }
  }
`;
