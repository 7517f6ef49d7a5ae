// What a network may be given of a point of the plane.

/** @typedef {import('./types.js').Plane} Plane */
/** @typedef {import('./types.js').UnitMap} UnitMap */

/** @type {Record<string, { label: string, of: (x1: number, x2: number) => number }>} */
const FEATURES = {
  x1: { label: 'x1', of: (x1) => x1 },
  x2: { label: 'x2', of: (_, x2) => x2 },
  x1_squared: { label: 'x1²', of: (x1) => x1 * x1 },
  x2_squared: { label: 'x2²', of: (_, x2) => x2 * x2 },
  x1_x2: { label: 'x1 x2', of: (x1, x2) => x1 * x2 },
  sin_x1: { label: 'sin x1', of: (x1) => Math.sin(x1) },
  sin_x2: { label: 'sin x2', of: (_, x2) => Math.sin(x2) },
};

/** Cells along a side of an input's map. */
const SIZE = 24;

/**
 * How a feature is written.
 * @param {string} name as the experiment has it
 */
export function featureLabel(name) {
  return FEATURES[name]?.label ?? name;
}

/**
 * What the network's inputs are called.
 * @param {unknown} features as the experiment has them
 * @param {number} columns of a row
 * @returns {string[]}
 */
export function inputNames(features, columns) {
  if (Array.isArray(features)) return features.map(featureLabel);
  return Array.from({ length: columns }, (_, i) => `x${i + 1}`);
}

/**
 * An input over the plane.
 * @param {string} name as `inputNames` gives it
 * @param {Plane} plane
 * @returns {UnitMap}
 */
export function inputMap(name, plane) {
  const feature = Object.values(FEATURES).find(({ label }) => label === name) ?? FEATURES.x1;
  const centres = (/** @type {[number, number]} */ [low, high]) =>
    Array.from({ length: SIZE }, (_, i) => low + ((high - low) * (i + 0.5)) / SIZE);
  const [xs, ys] = [centres(plane.x), centres(plane.y)];
  const values = new Float32Array(SIZE * SIZE);
  let to = 0;
  for (const y of ys) for (const x of xs) values[to++] = feature.of(x, y);
  return { size: SIZE, values };
}
