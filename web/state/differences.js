// In what one experiment differs from another, in a few words: "adam, learning rate 0.01".
import { isSame } from './experiment.js';
import { count, plain } from './format.js';
import { wordsOf } from './settings.js';

/** @typedef {import('./types.js').Experiment} Experiment */

/**
 * @param {Experiment} experiment complete
 * @param {Experiment} other complete
 * @returns {string} what the first has and the other has not; empty where they are the same
 */
export function differencesText(experiment, other) {
  const fields = [...new Set([...Object.keys(experiment), ...Object.keys(other)])];
  return fields
    .filter((field) => !isSame(experiment[field], other[field]))
    .flatMap((field) => (WORDS[field] ?? general(field))(experiment[field], other[field]))
    .join(', ');
}

/** @type {Record<string, (value: any, other: any) => string[]>} */
const WORDS = {
  data: (data, other) => {
    if (data.kind === 'points' && other.kind === 'points') return ['other points'];
    return ofKind(data, other, 'data');
  },
  layers: (layers) => [layersText(layers)],
  features: (features) => [features ? `features ${features.join(' ')}` : 'the inputs as they are'],
  loss: (loss) => [loss],
  optimizer: ofKind,
  initializer: ofKind,
  schedule: (schedule, other) => ofKind(schedule, other, 'rate'),
  regularization: (values, other) => settings(values, other),
  batchSize: (size) => [size === 0 ? 'full batch' : `batches of ${count(size)}`],
  shuffle: (isShuffled) => [isShuffled ? 'shuffled' : 'not shuffled'],
  precision: (precision) => [precision],
  epochs: (epochs) => [`${count(epochs)} epochs`],
  stop: (stop) => {
    const parts = settings(stop, {});
    return [parts.length > 0 ? `stop: ${parts.join(', ')}` : 'no stop'];
  },
  edits: ({ length }) => [
    length === 0 ? 'no edits' : `${count(length)} ${length === 1 ? 'edit' : 'edits'}`,
  ],
};

/** @param {string} field */
function general(field) {
  return (/** @type {unknown} */ value) => [`${wordsOf(field)} ${write(value)}`];
}

/**
 * @param {{ kind: string, [setting: string]: unknown }} value
 * @param {{ kind: string, [setting: string]: unknown }} other
 * @param {string} [noun] after the kind
 */
function ofKind(value, other, noun) {
  const isOther = value.kind !== other.kind;
  const name = noun ? `${value.kind} ${noun}` : value.kind;
  return [...(isOther ? [name] : []), ...settings(value, isOther ? {} : other)];
}

/**
 * @param {Record<string, unknown>} values
 * @param {Record<string, unknown>} others
 */
function settings(values, others) {
  const names = [...new Set([...Object.keys(values), ...Object.keys(others)])];
  return names
    .filter((name) => name !== 'kind' && !isSame(values[name], others[name]))
    .map((name) => `${wordsOf(name)} ${name in values ? write(values[name]) : 'as usual'}`);
}

/** @param {import('./types.js').Layer[]} layers */
function layersText(layers) {
  const hidden = layers.slice(0, -1);
  const output = layers[layers.length - 1];
  const names = new Set(hidden.map(({ activation }) => activation));
  const sizes =
    names.size <= 1
      ? `${hidden.map(({ units }) => units).join('-')} ${[...names].join('')}`
      : hidden.map(({ units, activation }) => `${units} ${activation}`).join('-');
  return `${hidden.length > 0 ? `hidden ${sizes}` : 'no hidden layer'}, output ${output.units} ${output.activation}`;
}

/** @param {unknown} value */
function write(value) {
  if (typeof value === 'number') return plain(value);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
