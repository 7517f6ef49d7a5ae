// Marching squares: where a map passes through a level.

/** Row by row from the bottom. @typedef {{ size: number, values: ArrayLike<number> }} Map */

/**
 * @param {Map} map
 * @param {number} level
 * @param {number} side of the drawing, in its own units; its y points down
 * @returns {string} an SVG path of short lines
 */
export function contourPath(map, level, side) {
  const ends = contourLines(map, level, side);
  let path = '';
  for (let k = 0; k < ends.length; k += 2)
    path += `${k % 4 === 0 ? 'M' : 'L'}${ends[k].toFixed(1)} ${ends[k + 1].toFixed(1)}`;
  return path;
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
  const ends = contourLines(map, level, side);
  for (let k = 0; k < ends.length; k += 4) {
    context.moveTo(ends[k], ends[k + 1]);
    context.lineTo(ends[k + 2], ends[k + 3]);
  }
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke();
}

/**
 * @param {Map} map
 * @param {number} level
 * @param {number} side of the drawing; its y points down
 * @returns {number[]} short lines: x and y of one end, and of the other
 */
function contourLines({ size, values }, level, side) {
  const cell = side / size;
  /** @type {number[]} */
  const lines = [];
  for (let j = 0; j + 1 < size; j++) {
    for (let i = 0; i + 1 < size; i++) {
      const below = j * size + i;
      // How far above the level the four corners are, in their order around the cell.
      const a = values[below] - level;
      const b = values[below + 1] - level;
      const c = values[below + size + 1] - level;
      const d = values[below + size] - level;
      const above = Number(a > 0) + Number(b > 0) + Number(c > 0) + Number(d > 0);
      if (above === 0 || above === 4) continue;
      const before = lines.length;
      const cross = (/** @type {number} */ across, /** @type {number} */ up) =>
        lines.push((i + 0.5 + across) * cell, side - (j + 0.5 + up) * cell);
      if (isCrossed(a, b)) cross(a / (a - b), 0);
      if (isCrossed(b, c)) cross(1, b / (b - c));
      if (isCrossed(c, d)) cross(1 - c / (c - d), 1);
      if (isCrossed(d, a)) cross(0, 1 - d / (d - a));
      if ((lines.length - before) % 4 !== 0) lines.length = before; // a corner is not a number
    }
  }
  return lines;
}

/**
 * @param {number} from
 * @param {number} to
 */
function isCrossed(from, to) {
  return from > 0 !== to > 0 && Number.isFinite(from - to);
}
