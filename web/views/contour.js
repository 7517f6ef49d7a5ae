// Marching squares: where a map passes through a level.

/**
 * @param {{ size: number, values: ArrayLike<number> }} map row by row from the bottom
 * @param {number} level
 * @param {number} side of the drawing, in its own units; its y points down
 * @returns {string} an SVG path of short lines
 */
export function contourPath({ size, values }, level, side) {
  const cell = side / size;
  const x = (/** @type {number} */ i) => ((i + 0.5) * cell).toFixed(1);
  const y = (/** @type {number} */ j) => (side - (j + 0.5) * cell).toFixed(1);
  const parts = [];
  for (let j = 0; j + 1 < size; j++) {
    for (let i = 0; i + 1 < size; i++) {
      const below = j * size + i;
      const a = values[below] - level;
      const b = values[below + 1] - level;
      const c = values[below + size + 1] - level;
      const d = values[below + size] - level;
      const above = Number(a > 0) + Number(b > 0) + Number(c > 0) + Number(d > 0);
      if (above === 0 || above === 4) continue;
      const points = crossings([a, b, c, d]);
      for (let k = 0; k + 1 < points.length; k += 2) {
        const [from, to] = [points[k], points[k + 1]];
        parts.push(`M${x(i + from[0])} ${y(j + from[1])}L${x(i + to[0])} ${y(j + to[1])}`);
      }
    }
  }
  return parts.join('');
}

/** The corners of a cell in their order around it. */
const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

/**
 * Where the level crosses a cell's sides, in their order around it.
 * @param {number[]} corners how far above the level the four corners are
 */
function crossings(corners) {
  const points = [];
  for (let side = 0; side < 4; side++) {
    const [from, to] = [corners[side], corners[(side + 1) % 4]];
    if (from > 0 === to > 0 || !Number.isFinite(from - to)) continue;
    const t = from / (from - to);
    const [a, b] = [CORNERS[side], CORNERS[(side + 1) % 4]];
    points.push([a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]);
  }
  return points.length % 2 === 0 ? points : [];
}
