// One step of training, taken apart: which arrays it computes, line by line, at which stop; and of
// every number which others it was made of. The names are those of the engine's trace.
import { number, plain } from './format.js';
import { ACTIVATIONS, LOSSES } from './functions.js';
import { OPTIMIZERS } from './optimizers.js';

/** @typedef {import('./types.js').Experiment} Experiment */
/** @typedef {import('./types.js').TraceArray} TraceArray */

/**
 * One number of an array.
 * @typedef {object} Ref
 * @property {string} name
 * @property {number} row
 * @property {number} col
 */

/** Arithmetic with numbers put in: words, and the numbers. @typedef {(string | Ref)[]} Sum */

/**
 * What computes an array.
 * @typedef {object} Line
 * @property {string} name
 * @property {'z' | 'a' | 'loss' | 'start' | 'slope' | 'dz' | 'softmax' | 'dW' | 'db' | 'back' | 'update'} kind
 * @property {number} layer from 1
 * @property {number} stop from 0
 */

/**
 * @typedef {object} Stop
 * @property {string} title
 * @property {'forward' | 'backward' | 'update'} way
 * @property {string[]} arrays what is shown
 * @property {string[]} made what is computed here
 */

/**
 * @typedef {object} Step
 * @property {Line[]} lines
 * @property {Stop[]} stops
 * @property {number} depth layers
 * @property {import('./types.js').Layer[]} layers
 * @property {string} loss
 * @property {Experiment} experiment
 */

/** All rows of the training set are on screen where they are so few, else some at a time. */
export const MOST_ROWS = 8;
export const ROWS_AT_A_TIME = 5;

/**
 * What a layer is given.
 * @param {number} layer from 1
 */
export const inputOf = (layer) => (layer === 1 ? 'X' : `a${layer - 1}`);

/**
 * Whether an expression has a variable.
 * @param {string} text
 * @param {string} name
 */
export const has = (text, name) => new RegExp(`\\b${name}\\b`).test(text);

/**
 * @param {Experiment} experiment complete
 * @returns {Step}
 */
export function makeStep(experiment) {
  const { layers, loss } = experiment;
  const depth = layers.length;
  /** @type {Step} */
  const step = { lines: [], stops: [], depth, layers, loss, experiment };
  /** @type {Add} */
  const add = (stop, lines) => {
    const made = lines.map(([name]) => name).filter((name) => stop.arrays.includes(name));
    const at = step.stops.push({ ...stop, made }) - 1;
    for (const [name, kind, layer] of lines) step.lines.push({ name, kind, layer, stop: at });
  };
  addForward(add, layers);
  addOutput(add, layers, loss);
  for (let l = depth; l > 0; l--) addWeights(add, layers, l);
  const parameters = layers.flatMap((_, i) => [`W${i + 1}`, `b${i + 1}`]);
  const arrays = parameters.flatMap((p) => [p, `d_${p}`, `new_${p}`]);
  add(
    { title: 'Update', way: 'update', arrays },
    parameters.map((p) => [`new_${p}`, 'update', Number(p.slice(1))]),
  );
  return step;
}

/** Adds a stop with its lines: name, kind, layer. @typedef {(stop: Omit<Stop, 'made'>, lines: [string, Line['kind'], number][]) => void} Add */

/** @param {Add} add @param {import('./types.js').Layer[]} layers */
function addForward(add, layers) {
  const depth = layers.length;
  const each = layers.map((_, i) => i + 1);
  const arrays = ['X', ...each.flatMap((l) => [`W${l}`, `b${l}`, `z${l}`, `a${l}`])];
  add(
    { title: 'Forward', way: 'forward', arrays },
    each.flatMap((l) => [
      [`z${l}`, 'z', l],
      [`a${l}`, 'a', l],
    ]),
  );
  add({ title: 'Loss', way: 'forward', arrays: [`a${depth}`, 'y', 'loss'] }, [
    ['loss', 'loss', depth],
  ]);
}

/** From the loss to the last layer's sums. @param {Add} add @param {import('./types.js').Layer[]} layers @param {string} loss */
function addOutput(add, layers, loss) {
  const l = layers.length;
  const first = LOSSES[loss].isStraight ? `d_z${l}` : `d_loss_a${l}`;
  const arrays = [`a${l}`, 'y', first];
  add({ title: 'At the output', way: 'backward', arrays }, [[first, 'start', l]]);
  if (LOSSES[loss].isStraight) return;
  const through = throughActivation(layers, l, first);
  const title = `Through ${symbol(layers, l)}`;
  add({ title, way: 'backward', arrays: through.arrays }, through.lines);
}

/** A layer's gradients, and back to the layer before it. @param {Add} add @param {import('./types.js').Layer[]} layers @param {number} l */
function addWeights(add, layers, l) {
  const isDeep = layers.length > 2;
  const title = l === layers.length ? 'Output weights' : `Hidden weights${isDeep ? ` ${l}` : ''}`;
  add({ title, way: 'backward', arrays: [inputOf(l), `d_z${l}`, `d_W${l}`, `d_b${l}`] }, [
    [`d_W${l}`, 'dW', l],
    [`d_b${l}`, 'db', l],
  ]);
  if (l === 1) return;
  const through = throughActivation(layers, l - 1, `d_a${l - 1}`);
  const arrays = [`d_z${l}`, `W${l}`, ...through.arrays];
  add({ title: `To hidden layer${isDeep ? ` ${l - 1}` : ''}`, way: 'backward', arrays }, [
    [`d_a${l - 1}`, 'back', l - 1],
    ...through.lines,
  ]);
}

/**
 * @param {import('./types.js').Layer[]} layers
 * @param {number} l
 */
function symbol(layers, l) {
  const { activation } = layers[l - 1];
  return activation === 'sigmoid' ? 'σ' : activation;
}

/**
 * From d_a to d_z of a layer.
 * @param {import('./types.js').Layer[]} layers
 * @param {number} l
 * @param {string} da
 * @returns {{ arrays: string[], lines: [string, Line['kind'], number][] }}
 */
function throughActivation(layers, l, da) {
  const { activation } = layers[l - 1];
  if (activation === 'softmax')
    return { arrays: [da, `a${l}`, `d_z${l}`], lines: [[`d_z${l}`, 'softmax', l]] };
  const slope = `d_a${l}_z${l}`;
  return {
    arrays: [...argumentsOf(activation).map((v) => `${v}${l}`), da, slope, `d_z${l}`],
    lines: [
      [slope, 'slope', l],
      [`d_z${l}`, 'dz', l],
    ],
  };
}

/**
 * What the derivative of an activation is written with.
 * @param {string} activation
 */
export function argumentsOf(activation) {
  return ['z', 'a'].filter((name) => has(ACTIVATIONS[activation].df, name));
}

/**
 * Whether a step moves each parameter along its own gradient, and that is all.
 * @param {Experiment} experiment
 * @param {number} rows of the training set
 */
export function isPlain(experiment, rows) {
  const { kind, momentum = 0, weightDecay = 0 } = /** @type {any} */ (experiment.optimizer);
  return kind === 'sgd' && !momentum && !weightDecay && !hasBatches(experiment, rows);
}

/**
 * Whether an epoch is several steps.
 * @param {Experiment} experiment
 * @param {number} rows
 */
export function hasBatches({ batchSize }, rows) {
  return Number(batchSize) > 0 && Number(batchSize) < rows;
}

/** @param {string} line `name = expression` @returns {[string, string]} */
function cut(line) {
  const at = line.indexOf(' = ');
  return [line.slice(0, at), line.slice(at + 3)];
}

/**
 * The formulas of a line, what they give and how, in the notation of views/formula.js; and the
 * number of the equation in docs/mathematics.md.
 * @param {Step} step
 * @param {Line} line
 * @param {number} rows of the training set
 * @returns {{ texts: [string, string][], equation: number }}
 */
export function formulaOf(step, { name, kind, layer: l }, rows) {
  const activation = step.layers[l - 1].activation;
  const { f, df, equation } = ACTIVATIONS[activation];
  const loss = LOSSES[step.loss];
  const { l1, l2 } = /** @type {{ l1?: number, l2?: number }} */ (step.experiment.regularization);
  const put = (/** @type {string} */ text) =>
    text.replace(/\b[zay]\b/g, (v) => (v === 'y' ? v : `${v}${l}`));
  const p = name.slice(4);
  const penalty =
    p[0] === 'W' ? `${l1 ? ` + l1 * sign(${p})` : ''}${l2 ? ` + l2 * ${p}` : ''}` : '';
  const plain = penalty ? `(d_${p}${penalty})` : `d_${p}`;
  /** @type {Record<Line['kind'], [string, number]>} */
  const formulas = {
    z: [`${inputOf(l)} @ W${l} + b${l}`, 1],
    a: [activation === 'softmax' ? `exp(z${l}) / sum_k(exp(z${l}))` : put(f), equation],
    loss: [`1 / n * sum(${put(loss.term)})`, loss.equation],
    start: [put(loss.slope), loss.equation],
    slope: [put(df), equation],
    dz: [`${l === step.depth ? 'd_loss_a' : 'd_a'}${l} * d_a${l}_z${l}`, 3],
    softmax: [`a${l} * (d_loss_a${l} - sum_k(a${l} * d_loss_a${l}))`, 28],
    dW: [`${inputOf(l)}.T @ d_z${l}`, 4],
    db: [`sum_s(d_z${l})`, 5],
    back: [`d_z${l + 1} @ W${l + 1}.T`, 6],
    update: isPlain(step.experiment, rows)
      ? [`${p} - eta * ${plain}`, 41]
      : ['', OPTIMIZERS[step.experiment.optimizer.kind].equation],
  };
  const [text, number] = formulas[kind];
  if (text) return { texts: [[name.replace('new_', ''), text]], equation: number };
  const { optimizer } = step.experiment;
  const update = OPTIMIZERS[optimizer.kind].update?.(optimizer);
  const lines = update ? [...update.lines, `p = ${update.result}`] : [];
  return { texts: lines.map((each) => cut(each)), equation: number };
}

/**
 * The arrays of a step at one epoch.
 * @typedef {Map<string, TraceArray>} Arrays
 */

/**
 * @param {TraceArray[]} trace
 * @param {Float64Array} [next] the parameters after the step
 * @returns {Arrays}
 */
export function arraysOf(trace, next) {
  const arrays = new Map(trace.map((array) => [array.name, array]));
  let at = 0;
  for (let l = 1; next && arrays.has(`W${l}`); l++)
    for (const p of [`W${l}`, `b${l}`]) {
      const { rows, cols } = /** @type {TraceArray} */ (arrays.get(p));
      const values = next.subarray(at, at + rows * cols);
      at += rows * cols;
      arrays.set(`new_${p}`, { name: `new_${p}`, rows, cols, values });
    }
  return arrays;
}

/**
 * @param {Arrays} arrays
 * @param {Ref} ref
 */
export function valueAt(arrays, { name, row, col }) {
  const array = arrays.get(name);
  return array ? array.values[row * array.cols + col] : Number.NaN;
}

/**
 * The number that a stop is about, until the reader chooses another.
 * @param {Stop} stop
 * @returns {Ref}
 */
export function mainOf({ made }) {
  const name = made.find((array) => /^(d_W|new_)/.test(array)) ?? made[made.length - 1];
  return { name, row: 0, col: 0 };
}

/** Whether an array has a row for each row of the training set. @param {string} name */
export const isByRow = (name) => /^(X|y|[za]\d|d_(loss_)?[za].*)$/.test(name);

/** @param {Ref} a @param {Ref | undefined} b */
export const isSameRef = (a, b) => a.name === b?.name && a.row === b.row && a.col === b.col;

/** As it is written beside the arrays: d_W2[0, 1]. @param {Ref} ref */
export const refName = ({ name, row, col }) =>
  name === 'loss' ? name : `${name.replace('new_', 'new ')}[${row}, ${col}]`;

/** What `refName` has written. @param {string} text @returns {Ref} */
export function refOf(text) {
  const [, name, row, col] = /^(.+)\[(\d+), (\d+)\]$/.exec(text) ?? ['', text, '0', '0'];
  return { name: name.replace('new ', 'new_'), row: Number(row), col: Number(col) };
}

/** Conditions that expressions are written with, and their opposites. */
const CONDITIONS = {
  'z > 0': { holds: (/** @type {any} */ v) => v.z > 0, not: 'z ≤ 0' },
  'abs(a - y) <= 1': {
    holds: (/** @type {any} */ v) => Math.abs(v.a - v.y) <= 1,
    not: '|a - y| > 1',
  },
  'a * y < 1': { holds: (/** @type {any} */ v) => v.a * v.y < 1, not: 'a * y ≥ 1' },
};

/**
 * An expression with its variables replaced; of `where` the branch that holds, and, if it is to be
 * explained, why.
 * @param {string} text
 * @param {Record<string, string | Ref>} names
 * @param {(ref: Ref) => number} value
 * @returns {Sum}
 */
function fill(text, names, value, isExplained = true) {
  const where =
    /where\(((?:[^,()]|\([^)]*\))+), ((?:[^,()]|\([^)]*\))+), ((?:[^,()]|\([^)]*\))+)\)/.exec(text);
  if (where) {
    const [whole, condition, yes, no] = where;
    const numbers = Object.fromEntries(
      Object.entries(names).map(([k, v]) => [k, typeof v === 'string' ? Number(v) : value(v)]),
    );
    const { holds, not } = CONDITIONS[/** @type {'z > 0'} */ (condition)];
    const isTrue = holds(numbers);
    const chosen = isTrue ? yes : no;
    const isPart = text !== whole && chosen.includes(' ');
    const branch = text.replace(whole, isPart ? `(${chosen})` : chosen);
    if (!isExplained) return fill(branch, names, value);
    return [
      ...fill(branch, names, value),
      ', since ',
      ...fill(
        isTrue ? condition.replace('<=', '≤').replace(/abs\((.*?)\)/, '|$1|') : not,
        names,
        value,
      ),
    ];
  }
  return text.split(/\b([zayn])\b/).map((part, i) =>
    i % 2 === 0 || names[part] === undefined
      ? part
          .replaceAll(' * ', ' · ')
          .replaceAll('-', '−')
          .replaceAll(' ** 2', '²')
          .replaceAll('sqrt(2)', '√2')
          .replaceAll('pi', 'π')
          .replace(/\d\.\d{6,}/g, (v) => number(Number(v)))
      : names[part],
  );
}

/**
 * Terms with their signs between them.
 * @param {Sum[]} terms
 * @returns {Sum}
 */
function added(terms) {
  return terms
    .filter((term) => term.length > 0)
    .flatMap(([head, ...rest], i) => {
      if (i === 0) return [head, ...rest];
      const isMinus = typeof head === 'string' && head.startsWith('−');
      return isMinus ? [` − ${head.slice(1)}`, ...rest] : [' + ', head, ...rest];
    });
}

/**
 * What a number was made of.
 * @param {Step} step
 * @param {Arrays} arrays
 * @param {Ref} ref of an array that the step computes
 * @param {{ first: number, count: number, rate: number }} shown the rows of the training set that
 *   are on screen, of longer sums; and the learning rate
 * @returns {Sum} empty where it is a given
 */
export function sumOf(step, arrays, ref, { first, count, rate }) {
  const line = step.lines.find(({ name }) => name === ref.name);
  if (!line) return [];
  const { row, col } = ref;
  const { kind, layer: l } = line;
  const value = (/** @type {Ref} */ r) => valueAt(arrays, r);
  const at = (/** @type {string} */ name, r = row, c = col) => ({ name, row: r, col: c });
  const size = (/** @type {string} */ name) => arrays.get(name) ?? { rows: 0, cols: 0 };
  const own = { z: at(`z${l}`), a: at(`a${l}`), y: at('y') };
  const rows = size('X').rows;
  const outputs = size('y').cols;
  const n = String(step.loss === 'cross_entropy' ? rows : rows * outputs);
  const activation = step.layers[l - 1].activation;
  /** @param {(i: number) => Sum} term @param {number} terms @param {number} [from] */
  const sum = (term, terms, from = 0) =>
    added(Array.from({ length: terms }, (_, i) => term(from + i)));
  /** Over the training set: what is on screen, and how much is not. @param {(i: number) => Sum} term */
  const overRows = (term) => [
    ...sum(term, count, first),
    ...(count < rows ? [` + … (${plain(rows - count)} more rows)`] : []),
  ];
  /** @type {Record<Line['kind'], () => Sum>} */
  const sums = {
    z: () => [
      ...sum((i) => [at(inputOf(l), row, i), ' · ', at(`W${l}`, i)], size(`W${l}`).rows),
      ' + ',
      at(`b${l}`, 0),
    ],
    a: () => {
      if (activation !== 'softmax') return fill(ACTIVATIONS[activation].f, own, value);
      const terms = sum((k) => ['exp(', at(`z${l}`, row, k), ')'], size(`z${l}`).cols);
      return ['exp(', own.z, ') / (', ...terms, ')'];
    },
    loss: () => {
      const isShare = step.loss === 'cross_entropy';
      const term = (/** @type {number} */ r, /** @type {number} */ c) =>
        isShare && value(at('y', r, c)) === 0
          ? []
          : fill(LOSSES[step.loss].term, { a: at(`a${l}`, r, c), y: at('y', r, c) }, value, false);
      return ['(', ...overRows((r) => sum((c) => term(r, c), outputs)), `) / ${n}`];
    },
    start: () => fill(LOSSES[step.loss].slope, { ...own, n }, value),
    slope: () => fill(ACTIVATIONS[activation].df, own, value),
    dz: () => [at(`${l === step.depth ? 'd_loss_a' : 'd_a'}${l}`), ' · ', at(`d_a${l}_z${l}`)],
    softmax: () => {
      const d = `d_loss_a${l}`;
      const terms = sum((k) => [at(`a${l}`, row, k), ' · ', at(d, row, k)], outputs);
      return [own.a, ' · (', at(d), ' − (', ...terms, '))'];
    },
    dW: () => overRows((r) => [at(inputOf(l), r, row), ' · ', at(`d_z${l}`, r)]),
    db: () => overRows((r) => [at(`d_z${l}`, r)]),
    back: () =>
      sum(
        (u) => [at(`d_z${l + 1}`, row, u), ' · ', at(`W${l + 1}`, col, u)],
        size(`z${l + 1}`).cols,
      ),
    update: () => updateOf(step, ref, rate, rows),
  };
  return sums[kind]();
}

/**
 * @param {Step} step
 * @param {Ref} ref
 * @param {number} rate
 * @param {number} rows of the training set
 * @returns {Sum}
 */
function updateOf({ experiment }, ref, rate, rows) {
  const old = { ...ref, name: ref.name.slice(4) };
  const slope = { ...ref, name: `d_${old.name}` };
  if (!isPlain(experiment, rows)) return ['from ', old, ' with ', slope];
  const { l1, l2 } = /** @type {{ l1?: number, l2?: number }} */ (experiment.regularization);
  if (old.name[0] === 'b' || !(l1 || l2)) return [old, ` − ${plain(rate)} · `, slope];
  const lasso = l1 ? [` + ${plain(l1)} · sign(`, old, ')'] : [];
  const ridge = l2 ? [` + ${plain(l2)} · `, old] : [];
  return [old, ` − ${plain(rate)} · (`, slope, ...lasso, ...ridge, ')'];
}

/** The numbers of a sum. @param {Sum} sum @returns {Ref[]} */
export const refsOf = (sum) => sum.filter((part) => typeof part !== 'string');

/**
 * Arithmetic as it is read: a negative number in brackets where it follows a sign.
 * @param {Sum} sum
 * @param {Arrays} arrays
 * @param {(ref: Ref, text: string) => T} make
 * @returns {(string | T)[]}
 * @template T
 */
export function written(sum, arrays, make) {
  return sum.map((part, i) => {
    if (typeof part === 'string') return part;
    const value = valueAt(arrays, part);
    const text = /^(X|y)$/.test(part.name) ? plain(value) : number(value);
    const before = sum[i - 1];
    const isAfterSign = typeof before === 'string' && /[·+−/] ?$/.test(before);
    const isRaised = /^²/.test(String(sum[i + 1] ?? ''));
    return make(part, value < 0 && (isAfterSign || isRaised) ? `(${text})` : text);
  });
}

/** One factor of the way from the loss to a weight. @typedef {{ ref: Ref, what: string }} Factor */

/**
 * The factors from the loss to a weight or bias, for one row of the training set: as far as there
 * is one way only, beyond that the sum over all ways.
 * @param {Step} step
 * @param {Arrays} arrays
 * @param {Ref} parameter of W or b
 * @param {number} row of the training set
 * @returns {Factor[]}
 */
export function factorsOf(step, arrays, parameter, row) {
  const layer = Number(parameter.name.slice(1));
  const at = (/** @type {string} */ name, /** @type {number} */ col) => ({ name, row, col });
  /** @param {number} l @param {number} u @returns {Factor[]} */
  const toSum = (l, u) => {
    const slope = { ref: at(`d_a${l}_z${l}`, u), what: 'slope' };
    if (!arrays.has(slope.ref.name)) return [{ ref: at(`d_z${l}`, u), what: 'error' }];
    if (l === step.depth) return [{ ref: at(`d_loss_a${l}`, u), what: 'error' }, slope];
    if (step.layers[l].units > 1) return [{ ref: at(`d_a${l}`, u), what: 'all ways' }, slope];
    const weight = { ref: { name: `W${l + 1}`, row: u, col: 0 }, what: 'weight' };
    return [...toSum(l + 1, 0), weight, slope];
  };
  const factors = toSum(layer, parameter.col);
  if (parameter.name[0] === 'b') return factors;
  return [...factors, { ref: at(inputOf(layer), parameter.row), what: 'input' }];
}
