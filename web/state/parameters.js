// The flat parameters by their names: W1 [fanIn, fanOut] row-major, b1, W2, b2, …

/** @typedef {{ name: string, at: number, rows: number, cols: number }} ParameterArray */

/**
 * @param {{ names: string[], layers: import('./types.js').Layer[] }} network
 * @returns {ParameterArray[]}
 */
export function parameterArrays({ names, layers }) {
  let at = 0;
  let fanIn = names.length;
  return layers.flatMap(({ units }, k) => {
    const weights = { name: `W${k + 1}`, at, rows: fanIn, cols: units };
    const biases = { name: `b${k + 1}`, at: at + fanIn * units, rows: 1, cols: units };
    at = biases.at + units;
    fanIn = units;
    return [weights, biases];
  });
}

/**
 * The index of a weight, or of a unit's bias, in the flat parameters.
 * @param {ParameterArray[]} arrays
 * @param {number} layer 1: the first one
 * @param {number} unit
 * @param {number} [from] the unit of the layer before; left out: the bias
 */
export function indexOf(arrays, layer, unit, from) {
  const { at, cols } = arrays[2 * (layer - 1) + (from === undefined ? 1 : 0)];
  return at + (from ?? 0) * cols + unit;
}

/**
 * @param {ParameterArray[]} arrays
 * @param {number} index in the flat parameters
 */
export function arrayWith(arrays, index) {
  return /** @type {ParameterArray} */ (
    arrays.findLast(({ at, rows, cols }) => index >= at && index < at + rows * cols)
  );
}

/**
 * As NumPy counts: W1[0, 1].
 * @param {ParameterArray[]} arrays
 * @param {number} index
 */
export function parameterName(arrays, index) {
  const { name, at, cols } = arrayWith(arrays, index);
  return `${name}[${Math.floor((index - at) / cols)}, ${(index - at) % cols}]`;
}

/**
 * The first of every array, so many in all.
 * @param {ParameterArray[]} arrays
 * @param {number} most
 * @param {number} chosen one that must be among them
 * @returns {number[]} indices in order
 */
export function excerptOf(arrays, most, chosen) {
  const picked = new Set([chosen]);
  const bySize = arrays.toSorted((a, b) => a.rows * a.cols - b.rows * b.cols);
  for (const [i, { at, rows, cols }] of bySize.entries()) {
    const share = Math.floor((most - picked.size) / (bySize.length - i));
    for (let k = 0; k < Math.min(rows * cols, share); k++) picked.add(at + k);
  }
  return [...picked].sort((a, b) => a - b);
}
