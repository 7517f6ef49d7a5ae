// The network: units are small maps of their own output over the input plane, edges are as thick as
// their weight is large; and the same numbers as a table.
import { css, html, nothing, svg } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { inputMap } from '../state/features.js';
import { count, exact, signed } from '../state/format.js';
import { outputRange, unitName, unitRange } from '../state/reading.js';
import { drawMap, paint, place } from './canvas.js';
import { edgeCurve, edgeWidth, labelPlaces, layOut } from './network-layout.js';
import { moveInTable } from './table.js';

/** @typedef {import('../state/types.js').RunInfo} RunInfo */
/** @typedef {import('../state/types.js').Snapshot} Snapshot */
/** @typedef {import('../state/types.js').UnitMap} UnitMap */
/** @typedef {import('./network-layout.js').Layout} Layout */
/** @typedef {import('./network-layout.js').Unit} Unit */

/**
 * @typedef {object} NetworkData
 * @property {RunInfo} info
 * @property {Snapshot} snapshot
 * @property {number} width of the drawing
 * @property {Uint32Array} table of colours
 * @property {boolean} isTableOpen
 * @property {(isOpen: boolean) => void} onToggle
 */

/** Rows of the table of weights at most. */
const MOST_EDGES = 200;

/** @param {NetworkData} data */
export function networkView(data) {
  const layout = layOut(data.info, data.width);
  return html`
    <p class="label" part="label" id="network">Network</p>
    <div class="network" ${place({ height: `${layout.height}px` })}>
      <svg
        width=${layout.width}
        height=${layout.height}
        role="img"
        aria-label=${describe(data.info)}
      >
        ${edges(layout, data.snapshot)} ${captions(layout, data.snapshot)}
      </svg>
      ${layout.columns.flatMap(({ units }) => units.map((unit) => unitMap(unit, layout, data)))}
    </div>
    ${missing(layout)} ${parameterTable(data)}
  `;
}

/** @param {RunInfo} info */
function describe({ names, layers, parameterCount }) {
  const sizes = layers.map(({ units, activation }) => `${units} ${activation}`).join(', then ');
  return `A network of ${names.length} inputs, then ${sizes} units, with ${count(parameterCount)} parameters; the table below has their values.`;
}

/**
 * @param {Layout} layout
 * @param {Snapshot} snapshot
 */
function edges(layout, snapshot) {
  return layout.columns.slice(1).map((column, i) => {
    const before = layout.columns[i];
    if (column.layer !== before.layer + 1) return gap(layout, i);
    const { weights, fanOut } = snapshot.layers[column.layer - 1];
    const pairs = before.units.flatMap((from) => column.units.map((to) => ({ from, to })));
    const places = labelPlaces(pairs, layout.size);
    const weightOf = (/** @type {{ from: Unit, to: Unit }} */ { from, to }) =>
      weights[from.unit * fanOut + to.unit];
    return [
      pairs.map((pair) => edge(pair.from, pair.to, weightOf(pair), layout.size)),
      places?.map(({ x, y }, k) => {
        const text = signed(weightOf(pairs[k]));
        return svg`<text class="n value" x=${x} y=${y + 4}>${text}</text>`;
      }),
    ];
  });
}

/**
 * @param {Unit} from
 * @param {Unit} to
 * @param {number} weight
 * @param {number} size
 */
function edge(from, to, weight, size) {
  const [start, ...rest] = edgeCurve(from, to, size).map((point) => point.join(' '));
  return svg`<path
    class=${weight < 0 ? 'edge negative' : 'edge positive'}
    stroke-width=${edgeWidth(weight, size).toFixed(2)}
    d="M${start}C${rest.join(',')}"
  ></path>`;
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
 */
function captions(layout, snapshot) {
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
          ? svg`<text class="caption" x=${unit.x} y=${below + 34}>bias <tspan class="n">${signed(bias)}</tspan></text>`
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
  const map =
    unit.layer === 0
      ? mapOfInput(info, unit.unit)
      : snapshot.layers[unit.layer - 1].maps?.[unit.unit];
  const box = place({
    left: `${unit.x - size / 2}px`,
    top: `${unit.y - size / 2}px`,
    width: `${size}px`,
    height: `${size}px`,
  });
  if (!map) return html`<span class="unit" ${box}></span>`;
  return guard([map, table, unit.x, unit.y, size], () => {
    const range = rangeOf(unit, info, map);
    return html`<canvas class="unit" aria-hidden="true" ${box} ${paint(drawMap, map, range, table)}></canvas>`;
  });
}

/**
 * @param {Unit} unit
 * @param {RunInfo} info
 * @param {UnitMap} map
 */
function rangeOf({ layer }, info, map) {
  if (layer === 0) return spread(map.values);
  if (layer === info.layers.length) return outputRange(info);
  return unitRange(info.layers[layer - 1].activation, map.values);
}

/** @param {Float32Array} values */
function spread(values) {
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
function parameterTable({ info, snapshot, isTableOpen, onToggle }) {
  const toggled = (/** @type {Event} */ event) =>
    onToggle(/** @type {HTMLDetailsElement} */ (event.currentTarget).open);
  return html`
    <details class="parameters" ?open=${isTableOpen} @toggle=${toggled}>
      <summary>All ${count(info.parameterCount)} parameters as a table</summary>
      ${isTableOpen ? parameterRows(info, snapshot) : nothing}
    </details>
  `;
}

/**
 * @param {RunInfo} info
 * @param {Snapshot} snapshot
 */
function parameterRows(info, snapshot) {
  const all = snapshot.layers.flatMap((layer, k) => layerRows(info, layer, k));
  const rest = info.parameterCount - Math.min(all.length, MOST_EDGES);
  return html`
    <div class="scroll" tabindex="0" role="group" aria-label="Weights and biases">
      <table @keydown=${moveInTable}>
        <thead>
          <tr><th scope="col">name</th><th scope="col">from</th><th scope="col">to</th><th scope="col" class="r">value</th></tr>
        </thead>
        <tbody>
          ${all.slice(0, MOST_EDGES).map(
            ({ name, from, to, value }, i) => html`<tr>
              <th scope="row" class="n">${name}</th><td>${from}</td><td>${to}</td>
              <td class="n r" tabindex=${i === 0 ? 0 : -1} data-exact=${exact(value)}>${signed(value)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
      ${rest > 0 ? html`<p class="note">and ${count(rest)} more</p>` : nothing}
    </div>
  `;
}

/**
 * @param {RunInfo} info
 * @param {import('../state/types.js').ShownLayer} layer
 * @param {number} k
 */
function layerRows(info, { weights, biases, fanOut }, k) {
  const to = (/** @type {number} */ unit) => unitName(info, k + 1, unit);
  const edges = Array.from(weights, (value, i) => {
    const [from, unit] = [Math.floor(i / fanOut), i % fanOut];
    return {
      name: `W${k + 1}[${from},${unit}]`,
      from: unitName(info, k, from),
      to: to(unit),
      value,
    };
  });
  const own = Array.from(biases, (value, unit) => ({
    name: `b${k + 1}[${unit}]`,
    from: 'bias',
    to: to(unit),
    value,
  }));
  return [...edges, ...own];
}

export const networkStyles = css`
  .network {
    position: relative;
    min-inline-size: 0;
  }
  .network svg {
    display: block;
    overflow: visible;
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
    font-size: 11.5px;
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
  .parameters summary {
    cursor: pointer;
    color: var(--quiet);
    font-size: 13px;
    padding-block: 4px;
  }
  .scroll {
    max-block-size: 360px;
    overflow: auto;
  }
`;
