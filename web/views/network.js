// The network: units are small maps of their own output over the input plane, edges are as thick as
// their weight is large; and the same numbers as a table.
import { guard } from 'lit/directives/guard.js';
import { html, noChange, nothing, svg } from 'lit/html.js';
import { inputMap } from '../state/features.js';
import { count, exact, signed } from '../state/format.js';
import { outputRange, unitName, unitRange } from '../state/reading.js';
import { drawMap, paint, place } from './canvas.js';
import { css } from './css.js';
import { edgeWidth, layOut } from './network-layout.js';
import { moveInTable } from './table.js';

/** @typedef {import('../state/types.js').RunInfo} RunInfo */
/** @typedef {import('../state/types.js').Snapshot} Snapshot */
/** @typedef {import('../state/types.js').UnitMap} UnitMap */
/** @typedef {import('./network-layout.js').Layout} Layout */
/** @typedef {import('./network-layout.js').Unit} Unit */

/**
 * One of the network's numbers: the weight from a unit of the layer before, or a unit with its bias.
 * @typedef {object} Spot
 * @property {number} layer 0: the inputs
 * @property {number} unit
 * @property {number} [from]
 */

/**
 * What a reader can do with the drawing, where it can be changed.
 * @typedef {object} Tools
 * @property {(event: PointerEvent) => void} onMove
 * @property {() => void} onLeave
 * @property {(event: MouseEvent) => void} onClick
 * @property {(event: MouseEvent | KeyboardEvent) => void} onCell a click or a key in the table
 * @property {unknown} over what lies over the drawing
 * @property {(spot: Spot) => unknown} field the one that is open in the table
 */

/**
 * @typedef {object} NetworkData
 * @property {RunInfo} info
 * @property {Snapshot} snapshot
 * @property {number} width of the drawing
 * @property {Uint32Array} table of colours
 * @property {boolean} isTableOpen
 * @property {(isOpen: boolean) => void} onToggle
 * @property {boolean} isGlimpse whether only the pictures are drawn anew, no numbers
 * @property {import('../element/turns.js').Turns['draw']} inTurn
 * @property {Tools} [tools]
 */

/** So many edges are drawn as often as the pictures; more of them take too long. */
const FEW_EDGES = 24;
/** Rows of the table of weights at most. */
const MOST_EDGES = 200;

/** @param {NetworkData} data */
export function networkView(data) {
  const { info, snapshot, isGlimpse, inTurn, tools } = data;
  const layout = layOut(info, data.width);
  const areFew = layout.bundles.flatMap((bundle) => bundle?.edges ?? []).length <= FEW_EDGES;
  const written = (/** @type {number} */ value) => (isGlimpse ? noChange : signed(value));
  const lines = () => [
    layout.bundles.map((bundle, i) =>
      bundle ? edges(layout, bundle, snapshot, written) : gap(layout, i),
    ),
    captions(layout, snapshot, written),
  ];
  return html`
    <p class="label" part="label" id="network">Network</p>
    <div class="network" ${place({ height: `${layout.height}px` })}
      @pointermove=${tools?.onMove} @pointerleave=${tools?.onLeave} @click=${tools?.onClick}>
      <svg
        width=${layout.width}
        height=${layout.height}
        role="img"
        aria-label=${describe(info)}
      >
        ${isGlimpse && !areFew ? noChange : lines()}
      </svg>
      ${inTurn('units', () => layout.columns.flatMap(({ units }) => units.map((unit) => unitMap(unit, layout, data))))}
      ${isGlimpse ? noChange : tools?.over}
    </div>
    ${missing(layout)} ${isGlimpse ? noChange : parameterTable(data)}
  `;
}

/** @param {RunInfo} info */
function describe({ names, layers, parameterCount }) {
  const sizes = layers.map(({ units, activation }) => `${units} ${activation}`).join(', then ');
  return `A network of ${names.length} inputs, then ${sizes} units, with ${count(parameterCount)} parameters; the table below has their values.`;
}

/**
 * @param {Layout} layout
 * @param {import('./network-layout.js').Bundle} bundle
 * @param {Snapshot} snapshot
 * @param {(value: number) => unknown} written
 */
function edges({ size }, { edges, places }, snapshot, written) {
  const { weights, fanOut } = snapshot.layers[edges[0].to.layer - 1];
  const values = edges.map(({ from, to }) => weights[from.unit * fanOut + to.unit]);
  return [
    edges.map(
      ({ path }, k) => svg`<path
        class=${values[k] < 0 ? 'edge negative' : 'edge positive'}
        stroke-width=${edgeWidth(values[k], size).toFixed(1)}
        d=${path}
      ></path>`,
    ),
    places?.map(
      ({ x, y }, k) => svg`<text class="n value" x=${x} y=${y + 4}>${written(values[k])}</text>`,
    ),
  ];
}

/**
 * @param {Layout} layout
 * @param {number} i the column before the gap
 */
function gap({ columns, height }, i) {
  const middle = (columns[i].x + columns[i + 1].x) / 2;
  return svg`<text class="caption" x=${middle} y=${height / 2}>…</text>`;
}

/**
 * The units' names and biases, and how many units are not drawn.
 * @param {Layout} layout
 * @param {Snapshot} snapshot
 * @param {(value: number) => unknown} written
 */
function captions(layout, snapshot, written) {
  const { size, hasNames, hasBiases } = layout;
  return layout.columns.map(({ units, layer, rest, x }) => [
    units.map((unit) => {
      const bias = layer > 0 ? snapshot.layers[layer - 1].biases[unit.unit] : undefined;
      const below = unit.y + size / 2;
      return [
        hasNames
          ? svg`<text class="caption" x=${unit.x} y=${below + 19}>${unit.name}</text>`
          : nothing,
        bias === undefined ? nothing : biasMark(unit, bias, size),
        bias !== undefined && hasBiases
          ? svg`<text class="caption" x=${unit.x} y=${below + 34}>bias <tspan class="n">${written(bias)}</tspan></text>`
          : nothing,
      ];
    }),
    rest > 0
      ? svg`<text class="caption" x=${x} y=${layout.height - 1}>+ ${count(rest)}</text>`
      : nothing,
  ]);
}

/**
 * The bias as a bar under its unit, as long as it is large.
 * @param {Unit} unit
 * @param {number} bias
 * @param {number} size
 */
function biasMark(unit, bias, size) {
  const half = (Math.min(1, Math.log2(1 + Math.abs(bias)) / 3) * size) / 2;
  const y = unit.y + size / 2 + 3.5;
  return svg`<path
    class=${bias < 0 ? 'bias negative' : 'bias positive'}
    d="M${unit.x - half} ${y}H${unit.x + half}"
  ></path>`;
}

/**
 * @param {Unit} unit
 * @param {Layout} layout
 * @param {NetworkData} data
 */
function unitMap(unit, { size }, { info, snapshot, table }) {
  const map = mapOf(info, snapshot, unit);
  const box = place({
    left: `${unit.x - size / 2}px`,
    top: `${unit.y - size / 2}px`,
    width: `${size}px`,
    height: `${size}px`,
  });
  if (!map) return html`<span class="unit plain" ${box}></span>`;
  return guard([map, table, unit.x, unit.y, size], () => {
    const range = rangeOf(unit, info, map);
    return html`<canvas class="unit" aria-hidden="true" ${box} ${paint(drawMap, map, range, table)}></canvas>`;
  });
}

/**
 * What a unit puts out over the plane, and the range of it; undefined where it is not drawn.
 * @param {RunInfo} info
 * @param {Snapshot} snapshot
 * @param {{ layer: number, unit: number }} unit
 */
export function pictureOf(info, snapshot, unit) {
  const map = mapOf(info, snapshot, unit);
  if (!map) return undefined;
  return { name: unitName(info, unit.layer, unit.unit), map, range: rangeOf(unit, info, map) };
}

/**
 * @param {RunInfo} info
 * @param {Snapshot} snapshot
 * @param {{ layer: number, unit: number }} unit
 */
function mapOf(info, snapshot, { layer, unit }) {
  if (layer === 0) return mapOfInput(info, unit);
  return snapshot.layers[layer - 1]?.maps?.[unit];
}

/**
 * @param {{ layer: number }} unit
 * @param {RunInfo} info
 * @param {UnitMap} map
 */
function rangeOf({ layer }, info, map) {
  if (layer === 0) return spread(map.values);
  if (layer === info.layers.length) return outputRange(info);
  return unitRange(info.layers[layer - 1].activation, map.values);
}

/** @param {Float32Array} values */
export function spread(values) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return { low, middle: (low + high) / 2, high };
}

/** @type {WeakMap<RunInfo, UnitMap[]>} */
const inputMaps = new WeakMap();

/**
 * What the network is given, over the plane.
 * @param {RunInfo} info
 * @param {number} input
 */
function mapOfInput(info, input) {
  const { names, plane } = info;
  if (!plane) return undefined;
  const maps = inputMaps.get(info) ?? names.map((name) => inputMap(name, plane));
  inputMaps.set(info, maps);
  return maps[input];
}

/** @param {Layout} layout */
function missing({ columns, missing }) {
  const units = columns.some((column) => column.rest > 0);
  if (!units && missing === 0) return nothing;
  const what = [
    ...(missing > 0 ? [`${count(missing)} of the layers`] : []),
    ...(units ? ['the units that are counted with a +'] : []),
  ];
  return html`<p class="note">There is no room to draw ${what.join(' and ')}.</p>`;
}

/** @param {NetworkData} data */
function parameterTable({ info, snapshot, isTableOpen, onToggle, tools }) {
  const toggled = (/** @type {Event} */ event) =>
    onToggle(/** @type {HTMLDetailsElement} */ (event.currentTarget).open);
  return html`
    <details class="parameters" ?open=${isTableOpen} @toggle=${toggled}>
      <summary>All ${count(info.parameterCount)} parameters as a table</summary>
      ${isTableOpen ? parameterRows(info, snapshot, tools) : nothing}
    </details>
  `;
}

/**
 * @param {RunInfo} info
 * @param {Snapshot} snapshot
 * @param {Tools} [tools]
 */
function parameterRows(info, snapshot, tools) {
  const all = snapshot.layers.flatMap((layer, k) => layerRows(layer, k + 1));
  const rest = info.parameterCount - Math.min(all.length, MOST_EDGES);
  const moved = (/** @type {KeyboardEvent} */ event) => {
    tools?.onCell(event);
    moveInTable(event);
  };
  return html`
    <div class="scroll" tabindex="0" role="group" aria-label="Weights and biases">
      <table @keydown=${moved} @click=${tools?.onCell}>
        <thead>
          <tr><th scope="col">name</th><th scope="col">from</th><th scope="col">to</th><th scope="col" class="r">value</th></tr>
        </thead>
        <tbody>
          ${all.slice(0, MOST_EDGES).map(
            ({ spot, value }, i) => html`<tr>
              <th scope="row" class="n">${parameterLabel(spot)}</th>
              <td>${spot.from === undefined ? 'bias' : unitName(info, spot.layer - 1, spot.from)}</td>
              <td>${unitName(info, spot.layer, spot.unit)}</td>
              <td class="n r" tabindex=${i === 0 ? 0 : -1} data-exact=${exact(value)} .spot=${spot}>
                ${tools?.field(spot) ?? signed(value)}
              </td>
            </tr>`,
          )}
        </tbody>
      </table>
      ${rest > 0 ? html`<p class="note">and ${count(rest)} more</p>` : nothing}
    </div>
  `;
}

/**
 * As NumPy counts: W1[0,1], b1[1].
 * @param {Spot} spot
 */
export function parameterLabel({ layer, unit, from }) {
  return from === undefined ? `b${layer}[${unit}]` : `W${layer}[${from},${unit}]`;
}

/**
 * @param {import('../state/types.js').ShownLayer} shown
 * @param {number} layer
 * @returns {{ spot: Spot, value: number }[]}
 */
function layerRows({ weights, biases, fanOut }, layer) {
  return [
    ...Array.from(weights, (value, i) => ({
      spot: { layer, unit: i % fanOut, from: Math.floor(i / fanOut) },
      value,
    })),
    ...Array.from(biases, (value, unit) => ({ spot: { layer, unit }, value })),
  ];
}

export const networkStyles = css`
  .network {
    position: relative;
    min-inline-size: 0;
  }
  .network svg {
    display: block;
    overflow: visible;
    will-change: transform; /* a layer of its own: the units change more often than the edges */
  }
  .edge {
    fill: none;
    stroke-linecap: round;
  }
  .edge.positive,
  .bias.positive {
    stroke: var(--positive);
  }
  .edge.negative,
  .bias.negative {
    stroke: var(--negative);
  }
  .edge.negative {
    stroke-linecap: butt;
    stroke-dasharray: 7 4;
  }
  .bias {
    stroke-width: 3px;
  }
  .bias.negative {
    stroke-dasharray: 3 2;
  }
  .network text {
    text-anchor: middle;
    font-size: 12px;
    fill: var(--quiet);
  }
  .network text .n,
  .network text.n {
    fill: var(--ink);
  }
  .network .value {
    paint-order: stroke;
    stroke: var(--paper);
    stroke-width: 5px;
    stroke-linejoin: round;
  }
  .unit {
    position: absolute;
    box-sizing: border-box;
    border: 1.5px solid var(--ink);
    border-radius: 5px;
    background: var(--paper);
  }
  .unit.plain {
    border-radius: 50%;
  }
  .parameters summary {
    cursor: pointer;
    color: var(--quiet);
    padding-block: 4px;
  }
  .scroll {
    max-block-size: 360px;
    overflow: auto;
  }
`;
