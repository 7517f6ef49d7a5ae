// The types of an experiment, made from the catalog: every name, setting, range and default.

import { rangeOf } from './catalog-words.mjs';

/** @typedef {import('./catalog-words.mjs').Setting} Setting */
/** @typedef {import('./catalog-words.mjs').Entry} Entry */
/** @typedef {import('./catalog-words.mjs').Catalog} Catalog */

const CATALOG_TYPES = `
/** A number or switch that can be set. */
export interface Setting {
  name: string;
  type: 'number' | 'integer' | 'boolean';
  /** null: no lower end */
  minimum: number | null;
  /** null: no upper end */
  maximum: number | null;
  minimumExcluded: boolean;
  maximumExcluded: boolean;
  /** null: not set unless given */
  default: number | boolean | null;
  description: string;
}

/** A name that works. */
export interface Entry<Name extends string = string> {
  name: Name;
  formula?: string;
  derivative?: string;
  description: string;
  settings: Setting[];
}

/** Every name that works, with its settings, ranges, defaults and formula. */
export interface Catalog {
  activations: Entry<Activation>[];
  losses: Entry<Loss>[];
  optimizers: Entry[];
  schedules: Entry[];
  initializers: Entry[];
  data: Entry[];
  features: Entry<Feature>[];
  precisions: Entry<Precision>[];
  experiment: Setting[];
  layer: Setting[];
  regularization: Setting[];
  stop: Setting[];
  edit: Setting[];
  /** the experiment in which nothing is left out */
  defaults: Experiment;
}
`;

const POINTS = `  /** Rows of numbers, all of one length. */
  inputs: readonly ArrayLike<number>[];
  /** As many rows, all of one length. */
  targets: readonly ArrayLike<number>[];
`;

/**
 * @param {Catalog} catalog
 * @returns {string} the text of experiment-types.d.ts
 */
export function makeTypes(catalog) {
  const { defaults } = catalog;
  return [
    '// Made from the catalog by make-types.mjs.\n',
    names('Activation', catalog.activations),
    names('Loss', catalog.losses),
    names('Feature', catalog.features),
    names('Precision', catalog.precisions),
    choices('Data', catalog.data, defaults.data.kind),
    choices('Initializer', catalog.initializers, defaults.initializer.kind),
    choices('Optimizer', catalog.optimizers, defaults.optimizer.kind),
    choices('Schedule', catalog.schedules, defaults.schedule.kind),
    `/** A dense layer. */
export interface Layer {
${fields(catalog.layer, ['units'])}  /** Default ${defaults.layers[0].activation}. */
  activation?: Activation;
}
`,
    group('Regularization', 'Penalties on the weights.', catalog.regularization),
    group('Stop', 'What ends a run before its epochs are over.', catalog.stop),
    group(
      'Edit',
      'What a hand changed on the way: the learning rate, or one parameter.',
      catalog.edit,
      ['epoch'],
    ),
    experiment(catalog),
    CATALOG_TYPES,
  ].join('\n');
}

/** @param {Catalog} catalog */
function experiment({ defaults, experiment: settings }) {
  return `/** Everything there is to know about a run. Fields left out have their defaults. */
export interface Experiment {
  /** Default ${defaults.data.kind}. */
  data?: Data;
  /** Of two-dimensional data. Left out: the inputs as they are. */
  features?: readonly Feature[];
  /** The hidden layers, then the output layer; 1 to 16. */
  layers?: readonly Layer[];
  /** Default ${defaults.loss}. */
  loss?: Loss;
  /** Default ${defaults.initializer.kind}. */
  initializer?: Initializer;
  /** Default ${defaults.optimizer.kind}. */
  optimizer?: Optimizer;
  /** Default ${defaults.schedule.kind}. */
  schedule?: Schedule;
  regularization?: Regularization;
  /** Default ${defaults.precision}. */
  precision?: Precision;
  stop?: Stop;
  edits?: readonly Edit[];
${fields(settings)}}
`;
}

/**
 * @param {string} type
 * @param {Entry[]} entries
 */
function names(type, entries) {
  const union = entries.map(({ name }) => `\n  | '${name}'`).join('') || ' never';
  return `export type ${type} =${union};\n`;
}

/**
 * A union of objects told apart by their kind.
 * @param {string} type
 * @param {Entry[]} entries
 * @param {string} usual the kind that may be left out
 */
function choices(type, entries, usual) {
  const interfaces = entries.map((entry) => {
    const { name, formula, description, settings } = entry;
    const about = comment('', formula ? `${description} ${formula}` : description);
    const kind = `  kind${name === usual ? '?' : ''}: '${name}';\n`;
    const rows = name === 'points' ? POINTS : '';
    return `${about}export interface ${typeOf(name, type)} {\n${kind}${rows}${fields(settings)}}\n`;
  });
  const union = entries.map(({ name }) => `\n  | ${typeOf(name, type)}`).join('');
  return `${interfaces.join('\n')}\nexport type ${type} =${union};\n`;
}

/**
 * @param {string} name such as `he_normal`
 * @param {string} type such as `Initializer`
 * @returns {string} such as `HeNormalInitializer`
 */
function typeOf(name, type) {
  return name.replace(/(?:^|_)(\w)/g, (_, letter) => letter.toUpperCase()) + type;
}

/**
 * @param {string} type
 * @param {string} about
 * @param {Setting[]} settings
 * @param {string[]} [required]
 */
function group(type, about, settings, required) {
  return `/** ${about} */\nexport interface ${type} {\n${fields(settings, required)}}\n`;
}

/**
 * @param {Setting[]} settings
 * @param {string[]} [required]
 */
function fields(settings, required = []) {
  const lines = settings.map((setting) => {
    const { name, type, description } = setting;
    const mark = required.includes(name) ? '' : '?';
    const range = rangeOf(setting);
    const about = [description, ...(range ? [sentence(range)] : []), ...defaultOf(setting)].join(
      ' ',
    );
    const tsType = type === 'boolean' ? 'boolean' : 'number';
    return `${comment('  ', about)}  ${name}${mark}: ${tsType};\n`;
  });
  return lines.join('');
}

/** @param {string} words */
function sentence(words) {
  return `${words[0].toUpperCase()}${words.slice(1)}.`;
}

/** @param {Setting} setting */
function defaultOf(setting) {
  return setting.default === null ? [] : [`Default ${setting.default}.`];
}

/**
 * @param {string} indent
 * @param {string} text
 */
function comment(indent, text) {
  return `${indent}/** ${text.replaceAll('*/', '*\\/')} */\n`;
}
