// Classes as they are drawn: each has a mark of its own and a colour, never a colour alone.
import { html, svg } from 'lit/html.js';
import { css } from './css.js';

/** As many classes have marks of their own; further ones begin again. */
const COUNT = 10;

/** On light paper and on dark, told apart with any colour vision. */
export const CLASS_COLOURS = {
  light: [
    ...['#b35806', '#2166ac', '#117733', '#882255', '#332288'],
    ...['#0f766e', '#b3446c', '#7a7200', '#5b6570', '#8a5a2b'],
  ],
  dark: [
    ...['#f0a35e', '#74b3e0', '#6cc48a', '#e07fb0', '#a99cf5'],
    ...['#2dd4bf', '#f29aa8', '#d9cf5a', '#b8c0c8', '#d1a677'],
  ],
};

/** Corners of the marks by class, from −1.4 to 1.4; none for the circle. */
const BAR = 0.45;
const CORNERS = [
  [],
  [-1, -1, 1, -1, 1, 1, -1, 1],
  [0, -1.3, 1.2, 0.9, -1.2, 0.9],
  [0, -1.35, 1.35, 0, 0, 1.35, -1.35, 0],
  plus(),
  [0, 1.3, 1.2, -0.9, -1.2, -0.9],
  turned(plus()),
  [-1.4, -0.55, 1.4, -0.55, 1.4, 0.55, -1.4, 0.55],
  star(),
  [-0.55, -1.4, 0.55, -1.4, 0.55, 1.4, -0.55, 1.4],
];

function plus() {
  const [b, e] = [BAR, 1.3];
  return [
    ...[-b, -e, b, -e, b, -b, e, -b, e, b, b, b],
    ...[b, e, -b, e, -b, b, -e, b, -e, -b, -b, -b],
  ];
}

/** @param {number[]} corners by an eighth of a turn */
function turned(corners) {
  return corners.map(
    (value, i) => Math.SQRT1_2 * (i % 2 === 0 ? value - corners[i + 1] : corners[i - 1] + value),
  );
}

function star() {
  return Array.from({ length: 10 }, (_, i) => {
    const [radius, angle] = [i % 2 === 0 ? 1.4 : 0.6, (i * Math.PI) / 5];
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  }).flat();
}

/**
 * The path of a class's mark.
 * @param {number} index of the class
 * @param {number} x
 * @param {number} y
 * @param {number} r half its size
 */
export function classPath(index, x, y, r) {
  const corners = CORNERS[index % COUNT];
  const at = (/** @type {number} */ value) => String(Math.round(value * 100) / 100);
  if (corners.length === 0)
    return `M${at(x - r)} ${at(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
  const points = [];
  for (let i = 0; i < corners.length; i += 2)
    points.push(`${at(x + r * corners[i])} ${at(y + r * corners[i + 1])}`);
  return `M${points.join('L')}z`;
}

/**
 * The marks of rows of a kind, in one path a class.
 * @param {{ inputs: number[], targets: number[] }[]} rows
 * @param {number} r half a mark's size
 * @param {(v: number) => number} x
 * @param {(v: number) => number} y
 */
export function classPaths(rows, r, x, y) {
  /** @type {string[]} */
  const paths = Array(rows[0]?.targets.length ?? 0).fill('');
  for (const { inputs, targets } of rows) {
    const index = targets.indexOf(1);
    paths[index] += classPath(index, x(inputs[0]), y(inputs[1]), r);
  }
  return paths;
}

/**
 * @param {number} index of the class
 * @param {string} d its path
 * @param {string} [kind] of its marks
 */
export function classShape(index, d, kind = '') {
  return svg`<path class="mark class-${index % COUNT} ${kind}" d=${d}></path>`;
}

/**
 * @param {number} index of the class
 * @param {number} x
 * @param {number} y
 * @param {number} r
 */
export function classMark(index, x, y, r) {
  return classShape(index, classPath(index, x, y, r));
}

/**
 * A class's mark in a line of text.
 * @param {number} index
 */
export function classSign(index) {
  return html`<svg class="class-sign" viewBox="-8 -8 16 16" aria-hidden="true">${classMark(index, 0, 0, 5)}</svg>`;
}

/**
 * Which mark stands for which class.
 * @param {number} count
 */
export function classLegend(count) {
  return html`<p class="classes">
    ${Array.from({ length: count }, (_, k) => html`<span>${classSign(k)}${k + 1}</span> `)}
  </p>`;
}

/** @param {'light' | 'dark'} scheme */
function properties(scheme) {
  return CLASS_COLOURS[scheme].map((colour, k) => `--class-${k}: ${colour};`).join(' ');
}

const rules = CLASS_COLOURS.light
  .map((_, k) => `.mark.class-${k} { fill: var(--class-${k}); }`)
  .join('\n');

export const classStyles = css`
  .figure {
    ${properties('light')}
  }
  .figure.dark {
    ${properties('dark')}
  }
  ${rules}
  .mark[class*='class-'] {
    stroke: var(--paper);
    stroke-width: 0.8px;
  }
  .class-sign {
    inline-size: 16px;
    block-size: 16px;
    vertical-align: -3px;
  }
  .classes {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 12px;
    margin: 6px 0 0;
    font-size: 12px;
    color: var(--quiet);
  }
  @media (forced-colors: active) {
    .mark[class*='class-'] {
      forced-color-adjust: none;
    }
  }
`;
