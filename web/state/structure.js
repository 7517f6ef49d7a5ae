// Changes of the network's structure, each a new experiment; what else must change then is fit's.

/** @typedef {import('./types.js').Experiment} Experiment */
/** @typedef {import('./types.js').Catalog} Catalog */
/** @typedef {import('./types.js').Layer} Layer */

/** Layers at most, the output layer among them; the engine takes no more. */
export const MOST_LAYERS = 16;
/** Units of a layer that has none before it to take after. */
const FIRST_UNITS = 4;
/** Where a point of the plane is given as it is. */
const COORDINATES = ['x1', 'x2'];

/**
 * Another hidden layer before the output layer, like the last one.
 * @param {Experiment} experiment complete
 * @returns {Experiment}
 */
export function withLayer(experiment) {
  const { layers } = experiment;
  const [output] = layers.slice(-1);
  const { units, activation } = layers.at(-2) ?? {
    units: FIRST_UNITS,
    activation: output.activation === 'softmax' ? 'sigmoid' : output.activation,
  };
  return { ...experiment, layers: [...layers.slice(0, -1), { units, activation }, output] };
}

/**
 * @param {Experiment} experiment complete
 * @param {number} index of a hidden layer
 * @returns {Experiment}
 */
export function withoutLayer(experiment, index) {
  return { ...experiment, layers: experiment.layers.toSpliced(index, 1) };
}

/**
 * @param {Experiment} experiment complete
 * @param {number} index of a hidden layer that has another hidden one after it; the two change places
 * @returns {Experiment}
 */
export function withSwapped(experiment, index) {
  const { layers } = experiment;
  return {
    ...experiment,
    layers: layers.toSpliced(index, 2, layers[index + 1], layers[index]),
  };
}

/**
 * @param {Experiment} experiment complete
 * @param {number} index
 * @param {Partial<Layer>} change
 * @returns {Experiment}
 */
export function withLayerChanged(experiment, index, change) {
  const { layers } = experiment;
  return { ...experiment, layers: layers.with(index, { ...layers[index], ...change }) };
}

/**
 * What the network is given of a point of the plane.
 * @param {Experiment} experiment complete
 * @returns {string[]} names of features
 */
export function featuresOf({ features }) {
  return Array.isArray(features) ? features : COORDINATES;
}

/**
 * A feature more, or one fewer; they keep the catalog's order.
 * @param {Experiment} experiment complete
 * @param {Catalog} catalog
 * @param {string} name
 * @returns {Experiment}
 */
export function withFeature(experiment, catalog, name) {
  const given = new Set(featuresOf(experiment));
  if (!given.delete(name)) given.add(name);
  const chosen = catalog.features.map((entry) => entry.name).filter((one) => given.has(one));
  const { features, ...rest } = experiment;
  const isPlain = chosen.join() === COORDINATES.join();
  return isPlain ? rest : { ...rest, features: chosen };
}

/**
 * Another initializer, with the same seed.
 * @param {Experiment} experiment complete
 * @param {string} kind
 * @returns {Experiment}
 */
export function withInitializer(experiment, kind) {
  const { seed } = experiment.initializer;
  return { ...experiment, initializer: { kind, ...(seed === undefined ? {} : { seed }) } };
}
