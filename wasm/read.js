// How an experiment crosses into WebAssembly: it is read and checked here, by the catalog, and becomes
// a plan, which is numbers alone; decode.h says how they are laid out. Whatever JSON can say gets the
// answer of the core's own reader (core/src/experiment.cpp), to the letter. What JavaScript can hand
// over besides ends here as well: getters that throw, functions, dates, arrays of any length.
import { ExperimentError } from './error.js';
import { describe, isList, isObject, rangeOf, suggestion } from './words.js';

/** So many, and a session of them, fit into WebAssembly's memory. */
const MOST_VALUES = 2 ** 24;
/** No array that is read to its end is longer. */
const MOST_ROWS = 1e6;

/**
 * Where a value stands: a name, or a field or an element of such a place. It becomes text in a message
 * only, for there may be millions of them.
 * @typedef {string | [Path, string | number]} Path
 */

/**
 * How the value of a field is read; throws an ExperimentError. The experiment becomes objects and
 * arrays in the order of the plan, with names only for what is checked of them.
 * @typedef {(path: Path, value: unknown, field?: any) => any} Read
 */

/**
 * A field of an object: a setting of the catalog, or one with a way of its own to be read.
 * @typedef {object} Field
 * @property {string} name
 * @property {any} [default] none: NaN
 * @property {Read} [read]
 */
/** @typedef {Field & import('./words.js').Range & { type?: string }} Setting */
/** @typedef {{ name: string, settings?: Setting[] }} Entry */
/** @typedef {{ name: string, place: number }} Name of an entry, and its place in the catalog */
/** @typedef {{ kind: Name, count: number, [setting: string]: any }} Choice */
/** @typedef {{ units: number, activation: Name }} Layer */
/** @typedef {{ rows: number, columns: number, numbers: Float64Array }} Table row after row */

/**
 * @param {Record<string, any>} catalog with or without its words
 * @returns {(experiment: unknown) => Float64Array} its plan; throws an ExperimentError
 */
export function readerOf(catalog) {
  const read = objectOf('the experiment', fieldsOf(catalog));
  return (value) => {
    const experiment = read('', value);
    checkTogether(experiment);
    const { edits, ...setup } = experiment;
    return planOf({ edits, ...setup });
  };
}

/**
 * @param {Record<string, any>} catalog
 * @returns {Field[]} in the order of the plan
 */
function fieldsOf(catalog) {
  const { defaults, layer, edit } = catalog;
  const [batchSize, shuffle, shuffleSeed, epochs] = catalog.experiment;
  /** @type {(name: string, read: Read, usual?: any) => Field} */
  const field = (name, read, usual = read(name, defaults[name])) => ({
    name,
    read,
    default: usual,
  });
  const choice = (/** @type {string} */ name, /** @type {Entry[]} */ entries) =>
    field(name, choiceOf(entries, defaults[name].kind));
  const group = (/** @type {string} */ name) => field(name, objectOf(name, catalog[name]));
  const readActivation = nameOf(catalog.activations);
  const usual = readActivation('', defaults.layers[0].activation);
  const activation = field('activation', readActivation, usual);
  return [
    field('data', dataOf(choiceOf(catalog.data, defaults.data.kind))),
    field('features', featuresOf(catalog.features), []),
    field(
      'layers',
      arrayOf('1 to 16 layers', 1, 16, objectOf('a layer', [...layer, activation], 1)),
    ),
    field('loss', nameOf(catalog.losses)),
    choice('initializer', catalog.initializers),
    choice('optimizer', catalog.optimizers),
    choice('schedule', catalog.schedules),
    group('regularization'),
    batchSize,
    shuffle,
    shuffleSeed,
    field('precision', nameOf(catalog.precisions)),
    epochs,
    group('stop'),
    field('edits', arrayOf('at most 10000 edits', 0, 10000, editOf(objectOf('an edit', edit, 1)))),
  ];
}

/**
 * @param {string} whose
 * @param {Setting[]} fields
 * @param {number} [required] so many of them must be given
 * @returns {Read} all of them
 */
function objectOf(whose, fields, required) {
  return (path, value) => readFields(path, entriesOf(path, value), whose, fields, required);
}

/**
 * @param {Path} path
 * @param {[string, unknown][]} entries
 * @param {string} whose
 * @param {Setting[]} fields
 * @param {number} [required] so many of them must be given
 */
function readFields(path, entries, whose, fields, required = 0) {
  const names = namesOf(fields);
  const object = Object.fromEntries(fields.map((field) => [field.name, field.default ?? NaN]));
  for (const [name, value] of entries) {
    const field = fields[names.indexOf(name)];
    if (!field) {
      const place = textOf([path, name]);
      const known = `${whose}, which has ${names.join(', ')}${suggestion(name, names)}`;
      throw new ExperimentError(`${describe(place)} is not a field of ${known}`, place);
    }
    object[name] = (field.read ?? readSetting)([path, name], value, field);
  }
  for (const field of fields.slice(0, required)) {
    demand(object[field.name] >= 0, [path, field.name], requirementOf(field), 'left out');
  }
  return object;
}

/**
 * @param {Path} path
 * @param {unknown} value
 * @param {Setting} setting
 * @returns {number | boolean}
 */
function readSetting(path, value, setting) {
  const { type, minimum, maximum, minimumExcluded, maximumExcluded } = setting;
  if (type === 'boolean') {
    if (typeof value === type) return Boolean(value);
    throw refusal(path, 'true or false', value);
  }
  const isOfType = type === 'integer' ? Number.isInteger(value) : Number.isFinite(value);
  if (!isOfType) throw refusal(path, requirementOf(setting), value);
  const x = Number(value);
  const isOutside =
    x < (minimum ?? x) ||
    x > (maximum ?? x) ||
    (minimumExcluded && x === minimum) ||
    (maximumExcluded && x === maximum);
  if (isOutside) throw refusal(path, rangeOf(setting), value);
  return x;
}

/** @param {Setting} setting */
function requirementOf(setting) {
  const range = rangeOf(setting);
  if (!range) return 'a finite number';
  return `a ${setting.type === 'integer' ? 'whole ' : ''}number, ${range}`;
}

/**
 * @param {Entry[]} entries
 * @returns {Read} a Name; the same object each time
 */
function nameOf(entries) {
  const names = namesOf(entries);
  const all = names.map((name, place) => ({ name, place }));
  const requirement = `one of ${names.join(', ')}`;
  return (path, value) => {
    const found = all.find(({ name }) => name === value);
    if (found) return found;
    throw refusal(
      path,
      requirement,
      value,
      typeof value === 'string' ? suggestion(value, names) : '',
    );
  };
}

/**
 * @param {Entry[]} entries
 * @param {string} usual
 * @returns {Read} a Choice
 */
function choiceOf(entries, usual) {
  const readKind = nameOf(entries);
  return (path, value) => {
    const fields = entriesOf(path, value);
    const [, given] = fields.find(([name]) => name === 'kind') ?? ['', usual];
    const kind = readKind([path, 'kind'], given);
    const { name, settings = [] } = entries[kind.place];
    const own = [{ name: 'kind', read: () => kind, default: kind }, ...settings];
    if (name === 'points') {
      own.push(...TABLES);
      // The rows come last: there may be many.
      const isTable = (/** @type {string} */ name) => Number(namesOf(TABLES).includes(name));
      fields.sort(([a], [b]) => isTable(a) - isTable(b));
    }
    return { kind, count: settings.length, ...readFields(path, fields, name, own) };
  };
}

/** What `points` have besides their settings. */
const TABLES = [
  { name: 'inputs', read: readTable },
  { name: 'targets', read: readTable },
];

/**
 * @param {Path} path
 * @param {unknown} value
 * @returns {Table}
 */
function readTable(path, value) {
  const rows = elementsOf(path, value, '1 to 1000000 rows', 1, MOST_ROWS);
  const table = { rows: rows.length, columns: 0, numbers: new Float64Array() };
  rows.forEach((value, r) => {
    /** @type {Path} */
    const place = [path, r];
    const row = elementsOf(place, value, '1 to 1024 numbers', 1, 1024);
    const wrong = row.findIndex((x) => !Number.isFinite(x));
    if (wrong >= 0) throw refusal([place, wrong], 'a finite number', row[wrong]);
    if (r === 0) {
      table.columns = row.length;
      table.numbers = new Float64Array(demandRoom(rows.length * row.length));
    }
    if (row.length !== table.columns) {
      throw complaint(place, `a row of ${table.columns} like the first`, `of ${row.length}`);
    }
    table.numbers.set(/** @type {number[]} */ (row), r * table.columns);
  });
  return table;
}

/** @type {Table} */
const NO_TABLE = { rows: 0, columns: 0, numbers: new Float64Array() };

/**
 * @param {Read} readChoice
 * @returns {Read} the Choice, and the tables of points
 */
function dataOf(readChoice) {
  return (path, value) => {
    const { inputs = NO_TABLE, targets = NO_TABLE, ...choice } = readChoice(path, value);
    demand(inputs, [path, 'inputs'], 'an array of rows', 'left out');
    demand(targets, [path, 'targets'], 'an array of rows', 'left out');
    const asMany = `as many rows as data.inputs, ${inputs.rows}`;
    demand(targets.rows === inputs.rows, [path, 'targets'], asMany, targets.rows);
    return {
      ...choice,
      rows: inputs.rows,
      columns: { inputs: inputs.columns, targets: targets.columns },
      inputs: inputs.numbers,
      targets: targets.numbers,
    };
  };
}

/**
 * @param {Entry[]} entries
 * @returns {Read} some of their Names
 */
function featuresOf(entries) {
  const readName = nameOf(entries);
  const some = `an array of at least one of ${namesOf(entries).join(', ')}`;
  return (path, value) => {
    /** @type {Set<Name>} */
    const features = new Set();
    const read = arrayOf('names', 0, Infinity, (place, element) => {
      const feature = readName(place, element);
      demand(!features.has(feature), place, 'named once', `${describe(feature.name)} again`);
      features.add(feature);
    });
    read(path, value);
    demand(features.size, path, some, '[]');
    return [...features];
  };
}

/**
 * @param {Read} readFields
 * @returns {Read}
 */
function editOf(readFields) {
  return (path, value) => {
    const edit = readFields(path, value);
    const has = (/** @type {string} */ name) => !Number.isNaN(edit[name]);
    const isOfAKind = has('parameter') === has('value') && has('parameter') !== has('learningRate');
    const kinds = '{epoch, learningRate} or {epoch, parameter, value}';
    demand(isOfAKind, path, kinds, 'another mixture of fields');
    return has('value') ? edit : { ...edit, value: 0 };
  };
}

/**
 * @param {string} things
 * @param {number} least
 * @param {number} most
 * @param {Read} read
 * @returns {Read}
 */
function arrayOf(things, least, most, read) {
  return (path, value) =>
    elementsOf(path, value, things, least, most).map((element, i) => read([path, i], element));
}

/**
 * @param {Path} path
 * @param {unknown} value
 * @param {string} things
 * @param {number} least 0 or 1
 * @param {number} most
 */
function elementsOf(path, value, things, least, most) {
  const length = attempt(path, () => isList(value) && value.length);
  if (length === false || length < least || length > most) {
    throw refusal(path, `an array of ${things}`, length || value);
  }
  return attempt(path, () => copied(/** @type {ArrayLike<unknown>} */ (value), length));
}

/**
 * Each element is read once: it may be a getter. What is too long is refused before its end.
 * @param {ArrayLike<unknown>} list
 * @param {number} length
 */
function copied(list, length) {
  const elements = new Array(Math.min(length, MOST_ROWS));
  for (let i = 0; i < elements.length; i++) elements[i] = list[i];
  return elements;
}

/**
 * The object's own fields; one that is undefined counts as left out.
 * @param {Path} path
 * @param {unknown} value
 * @returns {[string, unknown][]}
 */
function entriesOf(path, value) {
  const names = attempt(path, () => isObject(value) && Object.keys(value));
  if (!names) throw refusal(path, 'an object', value);
  const object = /** @type {Record<string, unknown>} */ (value);
  return names
    .map(
      (name) =>
        /** @type {[string, unknown]} */ ([name, attempt([path, name], () => object[name])]),
    )
    .filter(([, given]) => given !== undefined);
}

/**
 * What no field can say alone: how the fields fit together.
 * @param {Record<string, any>} experiment
 */
function checkTogether({ data, features, layers, loss, initializer, optimizer, batchSize, edits }) {
  const last = layers.length - 1;
  const { units, activation } = layers[last];
  const output = `layers[${last}]`;
  const { inputs, targets } = shapeOf(data, activation.name);
  const ofData = `${targets}, the number of targets of ${data.kind.name}`;
  demand(units === targets, `${output}.units`, ofData, units);
  checkOutput(layers, loss.name, `${output}.activation`);
  if (loss.name === 'binary_cross_entropy') checkTargets(data);
  const alone = 'left out unless the data have 2 inputs';
  demand(!features.length || inputs === 2, 'features', alone, `given for ${inputs}`);
  const { minimum, maximum } = initializer;
  demand(!(minimum > maximum), 'initializer.maximum', `the minimum, ${minimum}, or more`, maximum);
  const isFull = batchSize === 0 || batchSize >= trainingCount(data);
  demand(isFull || optimizer.kind.name !== 'lbfgs', 'batchSize', '0 with lbfgs', batchSize);
  let fanIn = features.length || inputs;
  let parameters = 0;
  for (const { units } of layers) {
    parameters += (fanIn + 1) * units;
    fanIn = units;
  }
  for (const [i, { parameter }] of edits.entries()) {
    const isThere = !(parameter >= parameters);
    demand(isThere, `edits[${i}].parameter`, `0 to ${parameters - 1}`, parameter);
  }
}

/**
 * Which output activations and losses go together.
 * @param {Layer[]} layers
 * @param {string} loss
 * @param {string} path
 */
function checkOutput(layers, loss, path) {
  const names = layers.map(({ activation }) => activation.name);
  const output = String(names.pop());
  const hidden = names.indexOf('softmax');
  const any = 'any but softmax, which is for the output layer only';
  demand(hidden < 0, `layers[${hidden}].activation`, any, describe('softmax'));
  const own = { binary_cross_entropy: 'sigmoid', cross_entropy: 'softmax' }[loss] ?? output;
  demand(output === own, path, `${own} with ${loss}`, describe(output));
}

/** @param {Record<string, any>} data */
function checkTargets({ targets, columns }) {
  const wrong = targets.findIndex((/** @type {number} */ y) => y < 0 || y > 1);
  const path = `data.targets[${Math.floor(wrong / columns.targets)}][${wrong % columns.targets}]`;
  demand(wrong < 0, path, '0 to 1 with binary_cross_entropy', targets[wrong]);
}

/**
 * @param {Record<string, any>} data
 * @param {string} activation of the output
 */
function shapeOf({ kind, bits = 2, classes = 2, rows, columns }, activation) {
  if (rows) return columns;
  const isRegression = /^(sine|plane)$/.test(kind.name);
  const isOneHot = !isRegression && (classes > 2 || activation === 'softmax');
  return { inputs: kind.name === 'sine' ? 1 : bits, targets: isOneHot ? classes : 1 };
}

/**
 * How many samples are not for testing: at least one.
 * @param {Record<string, any>} data
 */
function trainingCount({ bits, rows, samples = rows || 2 ** bits, testFraction }) {
  return Math.max(1, samples - Math.floor(testFraction * samples + 0.5));
}

/** @param {unknown} experiment that has been read */
function planOf(experiment) {
  /** @type {ArrayLike<number>[]} */
  const parts = [];
  let size = 0;
  const add = (/** @type {any} */ value) => {
    if (typeof value === 'string') return;
    if (Array.isArray(value)) add(value.length);
    const isTable = value instanceof Float64Array;
    if (typeof value === 'object' && !isTable) return Object.values(value).forEach(add);
    const part = isTable ? value : [value];
    parts.push(part);
    size += part.length;
  };
  add(experiment);
  const plan = new Float64Array(demandRoom(size));
  for (const part of parts.reverse()) {
    size -= part.length;
    plan.set(part, size);
  }
  return plan;
}

/** @param {number} values */
function demandRoom(values) {
  demand(values <= MOST_VALUES, '', `at most ${MOST_VALUES} values`, values);
  return values;
}

/** @param {{ name: string }[]} list */
function namesOf(list) {
  return list.map(({ name }) => name);
}

/**
 * @param {unknown} holds
 * @param {Path} path
 * @param {string} requirement
 * @param {string | number} given in words
 */
function demand(holds, path, requirement, given) {
  if (!holds) throw complaint(path, requirement, given);
}

/**
 * @param {Path} path
 * @param {string} requirement
 * @param {unknown} value
 * @param {string} [more]
 */
function refusal(path, requirement, value, more = '') {
  return complaint(path, requirement, attempt(path, () => describe(value)) + more);
}

/**
 * @param {Path} path
 * @param {string} requirement
 * @param {string | number} given in words
 */
function complaint(path, requirement, given) {
  return errorAt(path, `must be ${requirement}, not ${given}`);
}

/**
 * @template T
 * @param {Path} path
 * @param {() => T} look runs code of the caller's: a getter, a proxy
 * @returns {T}
 */
function attempt(path, look) {
  try {
    return look();
  } catch (cause) {
    throw errorAt(path, 'cannot be read', { cause });
  }
}

/**
 * @param {Path} path
 * @param {string} fault
 * @param {ErrorOptions} [options]
 */
function errorAt(path, fault, options) {
  const place = textOf(path);
  return new ExperimentError(`${place || 'the experiment'} ${fault}`, place, options);
}

/**
 * @param {Path} path
 * @returns {string} such as `layers[0].units`
 */
function textOf(path) {
  if (typeof path === 'string') return path;
  const [parent, key] = path;
  const place = textOf(parent);
  if (typeof key === 'number') return `${place}[${key}]`;
  return place ? `${place}.${key}` : key;
}
