// Small pictures of the data sets, from the rows that the engine makes of them.
import { guard } from 'lit/directives/guard.js';
import { svg } from 'lit/html.js';
import { classPath } from '../classes.js';
import { css } from '../css.js';

/** @typedef {import('../../state/types.js').Dataset} Dataset */

/** The drawing is this large in its own units. */
const SIDE = 48;
const MARGIN = 5;

/**
 * @param {Dataset | undefined} dataset nothing is drawn before it is there
 */
export function picture(dataset) {
  return svg`<svg class="picture" viewBox="0 0 ${SIDE} ${SIDE}" aria-hidden="true">${guard(
    [dataset],
    () => dataset && marks(dataset),
  )}</svg>`;
}

/** @param {Dataset} dataset */
function marks(dataset) {
  const points = placed(dataset);
  const r = points.length <= 16 ? 3.2 : 1.5;
  const paths = ['', ''];
  for (const { x, y, isHigh } of points)
    paths[Number(isHigh)] += classPath(Number(isHigh), x, y, r);
  return [
    svg`<path class="low" d=${paths[0]}></path>`,
    svg`<path class="high" d=${paths[1]}></path>`,
  ];
}

/**
 * Rows of one number stand at their target's height; of more than two, the third goes into the depth.
 * @param {Dataset} dataset
 */
function placed({ inputs, targets, inputColumns, targetColumns }) {
  const rows = Array.from({ length: inputs.length / inputColumns }, (_, i) => {
    const at = i * inputColumns;
    const target = targets[i * targetColumns];
    const depth = inputColumns > 2 ? inputs[at + 2] : 0;
    const x = inputs[at] + 0.45 * depth;
    const y = inputColumns > 1 ? inputs[at + 1] + 0.3 * depth : target;
    return { x, y, target };
  });
  const scale = (/** @type {'x' | 'y' | 'target'} */ name) => {
    const values = rows.map((row) => row[name]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return (/** @type {number} */ v) => (high === low ? 0.5 : (v - low) / (high - low));
  };
  const [x, y, target] = [scale('x'), scale('y'), scale('target')];
  const room = SIDE - 2 * MARGIN;
  return rows.map((row) => ({
    x: MARGIN + room * x(row.x),
    y: SIDE - MARGIN - room * y(row.y),
    isHigh: target(row.target) > 0.5,
  }));
}

export const pictureStyles = css`
  .picture {
    display: block;
    inline-size: 48px;
    block-size: 48px;
  }
  .picture .low {
    fill: var(--paper);
    stroke: var(--negative);
    stroke-width: 1px;
  }
  .picture .high {
    fill: var(--positive);
  }
`;
