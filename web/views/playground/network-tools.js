// What the playground's reader does with the drawn network: reads a number by pointing at it or by
// keys, opens a field for it, and looks at a unit in large.
import { guard } from 'lit/directives/guard.js';
import { html, nothing, svg } from 'lit/html.js';
import { exact } from '../../state/format.js';
import { unitName } from '../../state/reading.js';
import { drawMap, paint, place } from '../canvas.js';
import { css } from '../css.js';
import { parameterLabel, pictureOf } from '../network.js';
import { edgeAt, edgeWidth, layOut, pointOn, unitAt } from '../network-layout.js';
import { valueAt, weightCard, weightField } from './weight-field.js';

/** @typedef {import('../../element/figure.js').FigureState} FigureState */
/** @typedef {import('../../element/figure.js').Scene} Scene */
/** @typedef {import('../../state/types.js').RunInfo} RunInfo */
/** @typedef {import('../network.js').Spot} Spot */
/** @typedef {import('../network-layout.js').Layout} Layout */
/** @typedef {import('./weight-field.js').Open} Open */

/**
 * @typedef {object} Place
 * @property {FigureState} state
 * @property {Scene} scene
 * @property {Layout} layout
 */

/** How far beside an edge or a unit a pointer may be, in pixels. */
const REACH = { fine: { unit: 2, edge: 6 }, coarse: { unit: 6, edge: 16 } };
const CARD_WIDTH = 236;
/** Where the figure is this wide, the prediction map is beside the network and shows the unit. */
const WIDE = 900;

/**
 * @param {FigureState} state
 * @param {Scene} scene
 * @returns {import('../network.js').Tools}
 */
export function networkTools(state, scene) {
  const at = { state, scene, layout: layOut(scene.info, state.sizes.network) };
  const open = openOf(at);
  return {
    onMove: (event) => pointAt(at, event),
    onLeave: () => show(at, undefined),
    onClick: (event) => choose(at, event),
    onCell: (event) => openCell(at, event),
    over: html`${litEdges(at, open)} ${unitButtons(at, open)} ${card(at, open)} ${openCard(at, open)}`,
    field: (spot) =>
      open?.home === 'table' && isAt(open, spot)
        ? weightField(state, scene, open, (input) => close(at, input))
        : undefined,
  };
}

/**
 * The unit that is looked at, where it is shown instead of the prediction.
 * @param {FigureState} state
 * @param {Scene} scene
 */
export function unitInLarge({ ui, sizes }, { info, snapshot }) {
  const unit = ui.spot ?? (ui.open?.home === 'unit' ? unitOf(ui.open) : undefined);
  if (sizes.figure < WIDE || !unit || unit.from !== undefined) return undefined;
  return pictureOf(info, snapshot, unit);
}

/**
 * @param {Spot | undefined} a
 * @param {Spot | undefined} b
 */
function isAt(a, b) {
  return a?.layer === b?.layer && a?.unit === b?.unit && a?.from === b?.from;
}

/**
 * @param {{ layer: number, unit: number }} unit
 * @returns {Spot}
 */
function unitOf({ layer, unit }) {
  return { layer, unit };
}

/**
 * The open field; none where another network has no such number.
 * @param {Place} at
 */
function openOf({ state, scene }) {
  const { open } = state.ui;
  return open && valueAt(scene, open) !== undefined ? open : undefined;
}

/**
 * @param {Place} at
 * @param {Spot | undefined} spot
 */
function show({ state }, spot) {
  if (!isAt(state.ui.spot, spot)) state.actions.onSet({ spot });
}

/**
 * What lies under the pointer.
 * @param {Place} at
 * @param {MouseEvent} event on the drawing
 * @returns {Spot | undefined}
 */
function under({ layout }, event) {
  const { left, top } = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
  const [x, y] = [event.clientX - left, event.clientY - top];
  const isTouch = /** @type {PointerEvent} */ (event).pointerType === 'touch';
  const reach = isTouch ? REACH.coarse : REACH.fine;
  const unit = unitAt(layout, x, y, reach.unit);
  if (unit) return unitOf(unit);
  const edge = edgeAt(layout, x, y, reach.edge);
  return edge && { ...unitOf(edge.to), from: edge.from.unit };
}

/** @param {Event} event */
function isInCard({ target }) {
  return /** @type {Element} */ (target).closest('.weight') !== null;
}

/**
 * @param {Place} at
 * @param {PointerEvent} event
 */
function pointAt(at, event) {
  if (event.pointerType !== 'touch') show(at, isInCard(event) ? undefined : under(at, event));
}

/**
 * A click or a tap in the drawing, or a unit by its key.
 * @param {Place} at
 * @param {MouseEvent} event
 */
function choose(at, event) {
  if (isInCard(event)) return;
  const { onSet } = at.state.actions;
  const { layer, unit } = /** @type {HTMLElement} */ (event.target).dataset;
  const spot = layer ? { layer: Number(layer), unit: Number(unit) } : under(at, event);
  if (!spot || spot.layer === 0) onSet({ open: undefined, spot });
  else openAt(at, { ...spot, home: spot.from === undefined ? 'unit' : 'edge' });
}

/**
 * A click on a number of the table, or Enter there.
 * @param {Place} at
 * @param {MouseEvent | KeyboardEvent} event
 */
function openCell(at, event) {
  const { spot } = /** @type {{ spot?: Spot }} */ (event.target);
  if (!spot || ('key' in event && event.key !== 'Enter')) return;
  event.preventDefault();
  openAt(at, { ...spot, home: 'table' });
}

/**
 * @param {Place} at
 * @param {Open} open
 */
function openAt({ state }, open) {
  if (!isAt(state.ui.open, open) || state.ui.open?.home !== open.home)
    state.actions.onSet({ open, spot: undefined });
}

/**
 * Closes the field; the focus goes back to where it was opened.
 * @param {Place} at
 * @param {HTMLElement} inside
 */
function close({ state }, inside) {
  const { open } = state.ui;
  const root = /** @type {ShadowRoot} */ (inside.getRootNode());
  const unit = `.unit-button[data-layer="${open?.layer}"][data-unit="${open?.unit}"]`;
  const back = inside.closest('td') ?? root.querySelector(unit);
  state.actions.onSet({ open: undefined });
  /** @type {HTMLElement | null} */ (back)?.focus();
}

/**
 * The edge that is pointed at and the one whose field is open, under a band.
 * @param {Place} at
 * @param {Open | undefined} open
 */
function litEdges({ state, scene, layout }, open) {
  const spots = [state.ui.spot, open].filter((spot) => spot?.from !== undefined);
  if (spots.length === 0) return nothing;
  const lit = layout.bundles
    .flatMap((bundle) => bundle?.edges ?? [])
    .map(({ from, to, path }) => ({ path, spot: { ...unitOf(to), from: from.unit } }))
    .filter((edge) => spots.some((spot) => isAt(spot, edge.spot)));
  return html`<svg class="lit-edges" width=${layout.width} height=${layout.height} aria-hidden="true">
    ${lit.map(({ spot, path }) => {
      const width = edgeWidth(valueAt(scene, spot) ?? 0, layout.size) + 7;
      return svg`<path stroke-width=${width.toFixed(1)} d=${path}></path>`;
    })}
  </svg>`;
}

/**
 * One stop for the tab key; the arrows go from unit to unit.
 * @param {Place} at
 * @param {Open | undefined} open
 */
function unitButtons(at, open) {
  const { state, scene, layout } = at;
  const units = layout.columns.flatMap((column) => column.units);
  const stop = units.find((unit) => isAt(state.ui.stop, unitOf(unit))) ?? units[0];
  const lit = units.find((unit) => [state.ui.spot, open].some((spot) => isAt(spot, unitOf(unit))));
  const size = Math.max(24, layout.size);
  return html`<div role="group" aria-label="Units"
    @keydown=${(/** @type {KeyboardEvent} */ event) => moveOn(at, event)}
    @focusin=${(/** @type {FocusEvent} */ event) => focused(at, event)}
    @focusout=${() => show(at, undefined)}>
    ${guard([layout, stop, lit], () =>
      units.map(
        (
          unit,
        ) => html`<button type="button" class=${unit === lit ? 'unit-button lit' : 'unit-button'}
          tabindex=${unit === stop ? 0 : -1} data-layer=${unit.layer} data-unit=${unit.unit}
          aria-label=${nameOf(scene.info, unit)} aria-describedby="network-card"
          ${box(unit.x, unit.y, size)}></button>`,
      ),
    )}
  </div>`;
}

/**
 * @param {number} x of the centre
 * @param {number} y
 * @param {number} size
 */
function box(x, y, size) {
  return place({
    left: `${x - size / 2}px`,
    top: `${y - size / 2}px`,
    width: `${size}px`,
    height: `${size}px`,
  });
}

/**
 * @param {RunInfo} info
 * @param {Spot} unit
 */
function nameOf(info, { layer, unit }) {
  const name = unitName(info, layer, unit);
  return layer === 0 ? `input ${name}` : `${name}, ${info.layers[layer - 1].activation}`;
}

/** @param {EventTarget | null} target */
function spotOf(target) {
  const { layer, unit } = /** @type {HTMLElement} */ (target).dataset;
  return { layer: Number(layer), unit: Number(unit) };
}

/**
 * @param {Place} at
 * @param {FocusEvent} event
 */
function focused({ state }, event) {
  const spot = spotOf(event.target);
  state.actions.onSet({ spot, stop: spot });
}

/**
 * @param {Place} at
 * @param {KeyboardEvent} event on a unit's button
 */
function moveOn(at, event) {
  if (event.key === 'Escape') show(at, undefined);
  if (!event.key.startsWith('Arrow')) return;
  event.preventDefault();
  const next = unitBeside(at.layout, spotOf(event.target), event.key);
  if (!next) return;
  const group = /** @type {HTMLElement} */ (event.currentTarget);
  const button = group.querySelector(`[data-layer="${next.layer}"][data-unit="${next.unit}"]`);
  /** @type {HTMLElement} */ (button).focus();
}

/**
 * @param {Layout} layout
 * @param {Spot} spot of a unit that is drawn
 * @param {string} key one of the arrows
 */
function unitBeside({ columns }, { layer, unit }, key) {
  const i = columns.findIndex((column) => column.layer === layer);
  const { units } = columns[i];
  if (key === 'ArrowUp') return units[unit - 1];
  if (key === 'ArrowDown') return units[unit + 1];
  const away = (/** @type {{ y: number }} */ { y }) => Math.abs(y - units[unit].y);
  const column = columns[key === 'ArrowLeft' ? i - 1 : i + 1];
  return column?.units.toSorted((a, b) => away(a) - away(b))[0];
}

/**
 * What is under the pointer or has the focus, with every digit.
 * @param {Place} at
 * @param {Open | undefined} open
 */
function card(at, open) {
  const { state, scene } = at;
  const { spot } = state.ui;
  const text = spot && !isAt(open, spot) ? reading(scene, spot) : undefined;
  return html`<div class="card" id="network-card" ?hidden=${!text} ${spot ? beside(at, spot) : nothing}>
    ${text ? html`${inLarge(at, /** @type {Spot} */ (spot))} ${text}` : nothing}
  </div>`;
}

/**
 * @param {Scene} scene
 * @param {Spot} spot
 */
function reading(scene, spot) {
  const { info } = scene;
  const { layer, unit, from } = spot;
  if (layer === 0) return unit < info.names.length ? html`<b>${nameOf(info, spot)}</b>` : undefined;
  const value = valueAt(scene, spot);
  if (value === undefined) return undefined;
  const what =
    from === undefined
      ? nameOf(info, spot)
      : `${unitName(info, layer - 1, from)} to ${unitName(info, layer, unit)}`;
  return html`<b>${what}</b><span>${from === undefined ? 'bias ' : nothing}${parameterLabel(spot)}</span>
    <span class="n">${exact(value)}</span>`;
}

/**
 * A unit's output over the plane, where the prediction map is not beside the network.
 * @param {Place} at
 * @param {Spot} spot
 */
function inLarge({ state: { sizes, table }, scene: { info, snapshot } }, spot) {
  if (sizes.figure >= WIDE || spot.from !== undefined) return nothing;
  const picture = pictureOf(info, snapshot, spot);
  if (!picture) return nothing;
  return html`<canvas aria-hidden="true" ${paint(drawMap, picture.map, picture.range, table)}></canvas>`;
}

/**
 * @param {Place} at
 * @param {Open | undefined} open
 */
function openCard(at, open) {
  if (!open || open.home === 'table') return nothing;
  const spot = open.home === 'unit' ? unitOf(open) : open;
  return html`<div class="card weight" role="group" aria-label="Weights and bias" ${beside(at, spot)}>
    ${inLarge(at, spot)}
    ${weightCard(at.state, at.scene, open, (inside) => close(at, inside))}
  </div>`;
}

/**
 * Below what it is about, or above it in the lower half, and inside the drawing's width.
 * @param {Place} at
 * @param {Spot} spot
 */
function beside({ layout }, spot) {
  const { x, y, off } = anchorOf(layout, spot);
  const width = Math.min(CARD_WIDTH, layout.width);
  const isHigh = y <= layout.height / 2;
  return place({
    left: `${Math.max(0, Math.min(layout.width - width, x - width / 2))}px`,
    top: isHigh ? `${y + off}px` : 'auto',
    bottom: isHigh ? 'auto' : `${layout.height - y + off}px`,
    width: `${width}px`,
  });
}

/**
 * @param {Layout} layout
 * @param {Spot} spot
 */
function anchorOf({ columns, bundles, size, width, height }, spot) {
  const edge = bundles
    .flatMap((bundle) => bundle?.edges ?? [])
    .find(({ from, to }) => isAt({ ...unitOf(to), from: from.unit }, spot));
  if (edge) return { ...pointOn(edge.curve, 0.5), off: 14 };
  const unit = columns.flatMap(({ units }) => units).find((one) => isAt(unitOf(one), unitOf(spot)));
  return { x: unit?.x ?? width / 2, y: unit?.y ?? height / 2, off: size / 2 + 8 };
}

export const networkToolsStyles = css`
  .playground .network {
    touch-action: manipulation;
  }
  .lit-edges {
    position: absolute;
    inset: 0;
    pointer-events: none;
  }
  .lit-edges path {
    fill: none;
    stroke: var(--ink);
    stroke-opacity: 0.28;
  }
  .unit-button {
    position: absolute;
    box-sizing: border-box;
    padding: 0;
    border: 0;
    border-radius: 5px;
  }
  .unit-button:active {
    background: none;
  }
  .unit-button.lit {
    outline: 2px solid var(--focus);
    outline-offset: 1px;
  }
  .card {
    position: absolute;
    z-index: 2;
    box-sizing: border-box;
    padding: 8px 10px;
    border: 1px solid var(--line);
    border-radius: 6px;
    background: var(--paper);
    box-shadow: 0 2px 10px rgb(0 0 0 / 18%);
    font-size: 13px;
    line-height: 18px;
    pointer-events: none;
  }
  .card.weight {
    z-index: 3;
    pointer-events: auto;
  }
  .card > :is(b, span) {
    display: block;
    overflow-wrap: anywhere;
  }
  .card canvas {
    display: block;
    inline-size: 112px;
    block-size: 112px;
    margin-block-end: 6px;
    border-radius: 2px;
  }
`;
