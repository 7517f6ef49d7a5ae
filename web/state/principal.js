// The plane through a path that keeps most of it: the mean, and the first two principal directions.

/**
 * @typedef {object} PathPlane
 * @property {Float64Array} origin
 * @property {[Float64Array, Float64Array]} directions of length 1, at right angles
 * @property {number[]} x of each point of the path, along the first direction
 * @property {number[]} y along the second
 * @property {[number, number]} [shares] of the variance, 0 to 1
 */

const MOST_ROUNDS = 1000;
const CLOSE = 1e-13;

/**
 * @param {Float64Array[]} rows points of one dimension; at least 2 of them
 * @returns {PathPlane | undefined} undefined where they do not span a plane
 */
export function principalPlane(rows) {
  const origin = meanOf(rows);
  const centred = rows.map((row) => row.map((value, i) => value - origin[i]));
  const gram = centred.map((a) => centred.map((b) => dot(a, b)));
  const variance = gram.reduce((sum, row, i) => sum + row[i], 0);
  const first = largestEigenvector(gram);
  const second = largestEigenvector(deflated(gram, first));
  const directions = [first, second].map(({ vector }) => directionOf(centred, vector));
  if (!(second.value > 1e-12 * variance)) return undefined;
  const [x, y] = directions.map((direction) => centred.map((row) => dot(row, direction)));
  return {
    origin,
    directions: [directions[0], directions[1]],
    x,
    y,
    shares: [first.value / variance, second.value / variance],
  };
}

/** @param {Float64Array[]} rows */
function meanOf(rows) {
  const mean = new Float64Array(rows[0].length);
  for (const row of rows) for (let i = 0; i < mean.length; i++) mean[i] += row[i] / rows.length;
  return mean;
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/**
 * By power iteration, from a start that is always the same.
 * @param {number[][]} matrix symmetric, positive semidefinite
 */
function largestEigenvector(matrix) {
  let vector = scaled(matrix.map((_, i) => 1 / (i + 1)));
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = scaled(matrix.map((row) => dot(row, vector)));
    const isClose = next.every((value, i) => Math.abs(value - vector[i]) < CLOSE);
    vector = next;
    if (isClose) break;
  }
  return {
    vector,
    value: dot(
      vector,
      matrix.map((row) => dot(row, vector)),
    ),
  };
}

/** @param {number[]} vector */
function scaled(vector) {
  const length = Math.sqrt(dot(vector, vector)) || 1;
  return vector.map((value) => value / length);
}

/**
 * @param {number[][]} matrix
 * @param {{ vector: number[], value: number }} eigen
 */
function deflated(matrix, { vector, value }) {
  return matrix.map((row, i) => row.map((entry, j) => entry - value * vector[i] * vector[j]));
}

/**
 * The direction that the points have, weighted by an eigenvector of their products; its sign is that
 * of the way from the first point to the last.
 * @param {Float64Array[]} centred
 * @param {number[]} weights
 */
function directionOf(centred, weights) {
  const sum = new Float64Array(centred[0].length);
  for (const [i, row] of centred.entries())
    for (let k = 0; k < sum.length; k++) sum[k] += weights[i] * row[k];
  const way = dot(centred[centred.length - 1], sum) - dot(centred[0], sum);
  const length = Math.sqrt(dot(sum, sum)) * (way < 0 ? -1 : 1) || 1;
  return sum.map((value) => value / length);
}
