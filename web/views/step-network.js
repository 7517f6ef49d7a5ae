// The network at one stop: its units with the numbers of one row, its edges with the weights or
// their gradients; the ingredients of the chosen number are lit.
import { html, nothing, svg } from 'lit/html.js';
import { plain } from '../state/format.js';
import { unitName } from '../state/reading.js';
import { valueAt } from '../state/step.js';
import { css } from './css.js';
import { edgeCurve, edgeWidth, labelPlaces } from './network-layout.js';
import { marks, textAt } from './step-frame.js';

/** @typedef {import('./step-frame.js').Frame} Frame */
/** @typedef {import('../state/step.js').Ref} Ref */
/** @typedef {import('./network-layout.js').Unit} Unit */

const UNIT_HEIGHT = 26;

/**
 * @param {Frame} frame
 * @param {number} width
 */
export function stepNetworkView(frame, width) {
  const place = layOut(frame, width);
  return html`<svg class="step-network" width=${width} height=${place.height} role="img"
      aria-label=${describe(frame)}>
      ${place.columns.slice(1).map((column, i) => edges(frame, place, i, column))}
      ${place.columns.map((column, layer) => column.map((unit) => unitView(frame, place, unit, layer)))}
    </svg>
    <p class="note">${legend(frame, place)}</p>`;
}

/** @param {Frame} frame */
const rowName = ({ info, drawn }) =>
  info.inputs <= 4 ? `(${info.samples.inputs[drawn].map(plain).join(', ')})` : String(drawn);

/** @param {Frame} frame */
function describe(frame) {
  return `The network at this stop, with the numbers of row ${rowName(frame)}; all of them are in the arrays.`;
}

/** @param {Frame} frame @param {Place} place */
function legend(frame, { hasText, hasBiases }) {
  const { parameters, layer } = onEdges(frame);
  const bias = hasBiases ? ', above them the biases' : '';
  const back = frame.stop.way === 'backward' ? ', below them the loss’s slopes' : '';
  const kind = { W: 'the weights', d_W: 'the gradients', new_W: 'the new weights' }[parameters];
  const edges = layer < 0 ? '' : `${hasText ? '; on' : 'On'} the edges ${kind}`;
  return `${hasText ? `In the units row ${rowName(frame)}${bias}${back}` : ''}${edges}.`;
}

/**
 * What stands on the edges, and of which layer; 0 is all.
 * @param {Frame} frame
 * @returns {{ parameters: 'W' | 'd_W' | 'new_W', layer: number }}
 */
function onEdges({ stop, arrays }) {
  const layerOf = (/** @type {RegExp} */ pattern) =>
    Number(stop.arrays.map((name) => pattern.exec(name)?.[1]).find(Boolean) ?? 0);
  if (stop.way === 'update') return { parameters: arrays.has('new_W1') ? 'new_W' : 'W', layer: 0 };
  if (stop.way === 'forward') return { parameters: 'W', layer: stop.made[0] === 'loss' ? -1 : 0 };
  const gradient = layerOf(/^d_W(\d)/);
  if (gradient) return { parameters: 'd_W', layer: gradient };
  return { parameters: 'W', layer: layerOf(/^W(\d)/) || -1 };
}

/**
 * @typedef {object} Place
 * @property {number} height
 * @property {number} unit width of one
 * @property {Unit[][]} columns
 * @property {boolean} hasText whether there is room for the units' numbers
 * @property {boolean} hasBiases
 */

/**
 * @param {Frame} frame
 * @param {number} width
 * @returns {Place}
 */
function layOut({ info }, width) {
  const counts = [info.names.length, ...info.layers.map(({ units }) => units)];
  const most = Math.max(...counts);
  const room = width / counts.length;
  const unit = Math.min(60, Math.max(14, room - 46));
  const hasText = unit >= 50;
  const gap = Math.max(hasText ? 74 : 34, most > 4 ? 62 : 96);
  const height = most * gap + 8;
  const columns = counts.map((count, layer) =>
    Array.from({ length: count }, (_, k) => ({
      layer,
      unit: k,
      name: unitName(info, layer, k),
      x: unit / 2 + 1 + (layer * (width - unit - 2)) / (counts.length - 1),
      y: height / 2 + (k - (count - 1) / 2) * gap,
    })),
  );
  return { height, unit, columns, hasText, hasBiases: hasText && room >= 100 };
}

/**
 * @param {Frame} frame
 * @param {Place} place
 * @param {number} i
 * @param {Unit[]} column
 */
function edges(frame, place, i, column) {
  const { parameters, layer } = onEdges(frame);
  const isOn = layer === 0 || layer === i + 1;
  const pairs = place.columns[i].flatMap((from) => column.map((to) => ({ from, to })));
  const labels = isOn ? labelPlaces(pairs, place.unit) : undefined;
  const name = `${isOn ? parameters : 'W'}${i + 1}`;
  const seen = pairs.map(({ from, to }) => {
    const at = (/** @type {string} */ array) => ({ name: array, row: from.unit, col: to.unit });
    const lit = ['W', 'd_W', 'new_W'].map((kind) => marks(frame, at(`${kind}${i + 1}`)));
    return { from, to, ref: at(name), mark: lit.join('') };
  });
  return [
    seen.map(({ from, to, ref, mark }) => edge(frame, from, to, ref, mark, isOn, place.unit)),
    labels?.map(({ x, y }, k) => {
      const { ref, mark } = seen[k];
      return svg`<text class="n value${mark}" x=${x} y=${y + 4} @click=${() => frame.pick(ref)}>${textAt(frame, ref)}</text>`;
    }),
  ];
}

/**
 * @param {Frame} frame
 * @param {Unit} from
 * @param {Unit} to
 * @param {Ref} ref
 * @param {string} mark
 * @param {boolean} isOn
 * @param {number} size
 */
function edge(frame, from, to, ref, mark, isOn, size) {
  const value = valueAt(frame.arrays, ref);
  const [start, ...rest] = edgeCurve(from, to, size).map((point) => point.join(' '));
  const sign = value < 0 && !frame.isCovered(ref) ? ' negative' : '';
  const hue = isOn ? frame.stop.way : 'off';
  const width = isOn && ref.name[0] === 'W' ? edgeWidth(value, 40) : 1.5;
  return svg`<path class="way ${hue}${sign}${mark}" stroke-width=${width.toFixed(1)}
    d="M${start}C${rest.join(',')}" @click=${() => frame.pick(ref)}></path>`;
}

/**
 * @param {Frame} frame
 * @param {Place} place
 * @param {Unit} unit
 * @param {number} layer
 */
function unitView(frame, place, { x, y, unit, name }, layer) {
  const { arrays, at, step, drawn } = frame;
  const { unit: width, hasText, hasBiases } = place;
  const ref = (/** @type {string} */ array, row = drawn) => ({ name: array, row, col: unit });
  const inside = ref(layer === 0 ? 'X' : `a${layer}`);
  const bias = ref(`b${layer}`, 0);
  const known = step.lines.filter((line) => line.stop <= at && line.layer === layer);
  const below = known.filter((line) => /^d_(loss_a|a|z)\d$/.test(line.name)).at(-1);
  const own = [
    `z${layer}`,
    `d_a${layer}`,
    `d_loss_a${layer}`,
    `d_z${layer}`,
    `d_a${layer}_z${layer}`,
  ];
  const mark = [inside, ...own.map((array) => ref(array))].map((r) => marks(frame, r)).join('');
  const text = (/** @type {Ref} */ r, /** @type {string} */ kind, /** @type {number} */ dy) =>
    svg`<text class="n ${kind}${marks(frame, r)}" x=${x} y=${y + dy} @click=${() => frame.pick(r)}>${textAt(frame, r)}</text>`;
  const half = UNIT_HEIGHT / 2;
  return svg`
    <rect class="box${mark}" x=${x - width / 2} y=${y - half} width=${width} height=${UNIT_HEIGHT} rx="5"
      @click=${() => frame.pick(inside)}></rect>
    ${hasText ? text(inside, 'inside', 4) : nothing}
    ${svg`<text class="caption" x=${x} y=${y - half - 5}>${name}${
      layer > 0 && hasBiases && arrays.has(bias.name)
        ? svg`<tspan class="n${marks(frame, bias)}" @click=${() => frame.pick(bias)}> ${textAt(frame, bias)}</tspan>`
        : nothing
    }</text>`}
    ${hasText && layer > 0 && below && frame.stop.way === 'backward' ? text(ref(below.name), 'backward', half + 13) : nothing}
  `;
}

export const stepNetworkStyles = css`
  .step-network {
    display: block;
    overflow: visible;
  }
  .step-network text {
    text-anchor: middle;
    font-size: 11px;
    fill: var(--ink);
  }
  .step-network .inside {
    font-size: 10.5px;
  }
  .step-network .caption {
    fill: var(--quiet);
  }
  .step-network .n,
  .step-network :is(path, rect) {
    cursor: pointer;
  }
  .step-network .value {
    paint-order: stroke;
    stroke: var(--paper);
    stroke-width: 5px;
    stroke-linejoin: round;
  }
  .step-network text.backward {
    fill: var(--backward);
  }
  .way {
    fill: none;
    stroke: var(--rule);
  }
  .way.forward {
    stroke: var(--forward);
  }
  .way.backward {
    stroke: var(--backward);
  }
  .way.update {
    stroke: var(--quiet);
  }
  .way.negative {
    stroke-dasharray: 6 4;
  }
  .box {
    fill: var(--paper);
    stroke: var(--line);
    stroke-width: 1.5px;
  }
  .box.lit {
    fill: var(--lit);
    stroke: var(--ink);
  }
  .box.picked {
    stroke: var(--ink);
    stroke-width: 3px;
  }
  .way:is(.lit, .picked) {
    stroke: var(--ink);
    stroke-width: 3px;
  }
  .way.picked {
    stroke-width: 4.5px;
  }
  .step-network text.lit,
  .step-network tspan.lit {
    font-weight: 700;
    text-decoration: underline;
  }
  .step-network text.picked,
  .step-network tspan.picked {
    font-weight: 700;
    fill: var(--ink);
  }
  @media (forced-colors: active) {
    .box.lit {
      stroke: CanvasText;
      stroke-dasharray: 4 2;
    }
    .way {
      stroke: GrayText;
    }
    .way:not(.off) {
      stroke: CanvasText;
    }
    .step-network :is(text, tspan, text.backward) {
      fill: CanvasText;
    }
  }
`;
