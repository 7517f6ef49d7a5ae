// Marching squares: where a map passes through a level.

/** Row by row from the bottom. @typedef {{ size: number, values: ArrayLike<number> }} Map */

/**
 * @param {Map} map
 * @param {number} level
 * @param {number} side of the drawing, in its own units; its y points down
 * @returns {string} an SVG path of short lines
 */
export function contourPath(map, level, side) {
  return contourLines(map, level, side)
    .map((ends) => ends.map((v) => v.toFixed(1)))
    .map(([x, y, toX, toY]) => `M${x} ${y}L${toX} ${toY}`)
    .join('');
}

/**
 * On a canvas that lies over the whole drawing; nothing is laid out for it, as it would be for a path.
 * @param {HTMLCanvasElement} canvas
 * @param {Map} map
 * @param {number} level
 * @param {number} side of the canvas, in its own pixels
 * @param {number} width of the line
 * @param {string} colour
 */
export function drawContour(canvas, map, level, side, width, colour) {
  if (canvas.width !== side) canvas.width = side;
  if (canvas.height !== side) canvas.height = side;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.clearRect(0, 0, side, side);
  context.beginPath();
  for (const [x, y, toX, toY] of contourLines(map, level, side)) {
    context.moveTo(x, y);
    context.lineTo(toX, toY);
  }
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke();
}

/**
 * @param {Map} map
 * @param {number} level
 * @param {number} side of the drawing; its y points down
 * @returns {number[][]} short lines: x and y of one end, and of the other
 */
function contourLines({ size, values }, level, side) {
  const cell = side / size;
  const x = (/** @type {number} */ i) => (i + 0.5) * cell;
  const y = (/** @type {number} */ j) => side - (j + 0.5) * cell;
  const lines = [];
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
        lines.push([x(i + from[0]), y(j + from[1]), x(i + to[0]), y(j + to[1])]);
      }
    }
  }
  return lines;
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
