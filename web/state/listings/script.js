// What the programs in JavaScript and C++ share: they have no operators for matrices, and say the step
// with functions.
import { ACTIVATIONS, LOSSES } from '../functions.js';
import { argumentsOf, inputOf } from '../step.js';
import { forwardOf, loopOf } from './epochs.js';
import {
  asFactor,
  baseRateText,
  isLong,
  isMoving,
  nameOf,
  outputSlope,
  penalized,
  rateText,
  rename,
  slopeArguments,
  stepLines,
  updateOf,
  used,
} from './notation.js';

/** @typedef {import('../step.js').Step} Step */
/** @typedef {import('../step.js').Line} StepLine */
/** @typedef {import('../listings.js').Code} Code */
/** @typedef {import('../listings.js').Dialect} Dialect */
/** @typedef {import('../listings.js').Frame} Frame */
/** @typedef {import('../listings.js').Start} Start */
/** @typedef {import('./epochs.js').Words} Words */
/** @typedef {import('./notation.js').Say} Say */

/**
 * What JavaScript and C++ say each in its own way.
 * @typedef {object} Grammar
 * @property {Pick<Words, 'base' | 'tab' | 'equals' | 'batchLoop'>} words
 * @property {string} type what declares a number
 * @property {string} constant what declares a number that stays
 * @property {string} array what declares an array of a step
 * @property {string} given what declares the data
 * @property {string} parameter what declares a parameter
 * @property {boolean} isGlobal whether an optimizer of its own declares the learning rate
 * @property {string} infinity
 * @property {string} size what follows an array: how many rows it has
 * @property {(rows: number[][]) => string} matrix
 * @property {(epoch: number, end: number) => string} loop over the epochs
 * @property {(functions: string[], optimizer: string[], calls: string) => string[]} head of a program, whose text may call helpers
 * @property {(loss: string, shown: string) => string[]} foot
 * @property {(text: string) => string} translate from the notation of functions.js
 * @property {(first: string, second: string, body: string) => string} lambda
 * @property {(name: string, args: string[], body: string) => string} define a function of numbers
 * @property {(name: string) => string} nameOwn what an activation is called
 * @property {(given: { kind: string, state: string[], lines: string[], result: string }) => string[]} optimize
 * @property {(lines: string[]) => string[]} lossOf the function of X and y with these lines
 */

/**
 * The lines of a step.
 * @param {Grammar} grammar
 * @returns {Record<StepLine['kind'], Say>}
 */
function byFunctions({ lambda, nameOwn }) {
  return {
    z: ({ layer: l }) => `add(dot(${inputOf(l)}, W${l}), b${l})`,
    a: ({ layer: l }, step) =>
      nameOf(step, l) === 'softmax' ? `softmax(z${l})` : `map(z${l}, ${nameOwn(nameOf(step, l))})`,
    loss: ({ layer: l }, { loss }) =>
      `total(zip(a${l}, y, ${lambda('a', 'y', LOSSES[loss].term)})) / n`,
    start: ({ layer: l }, { loss }) => `zip(a${l}, y, ${lambda('a', 'y', LOSSES[loss].slope)})`,
    slope: ({ layer: l }, step) => {
      const names = slopeArguments(step, l);
      return `${names[1] ? 'zip' : 'map'}(${names.join(', ')}, ${nameOf(step, l)}_derivative)`;
    },
    dz: ({ layer: l }, step) => `multiply(${outputSlope(step, l)}, d_a${l}_z${l})`,
    softmax: ({ layer: l }) => `softmax_backward(a${l}, d_loss_a${l})`,
    dW: ({ layer: l }) => `dot(transpose(${inputOf(l)}), d_z${l})`,
    db: ({ layer: l }) => `sum_rows(d_z${l})`,
    back: ({ layer: l }) => `dot(d_z${l + 1}, transpose(W${l + 1}))`,
    update: ({ name }, { experiment }) => {
      const p = name.slice(4);
      const sum = penalized(experiment, p, 'w', 'g');
      if (!isLong(experiment))
        return `zip(${p}, d_${p}, ${lambda('w', 'g', `w - learning_rate * ${asFactor(sum)}`)})`;
      const g = sum === 'g' ? `d_${p}` : `zip(${p}, d_${p}, ${lambda('w', 'g', sum)})`;
      return `${experiment.optimizer.kind}("${p}", ${p}, ${g})`;
    },
  };
}

/** The functions that a text calls, and those that they call. @param {Record<string, string>} all @param {string} text */
export function needed(all, text) {
  const names = new Set(Object.keys(all).filter((name) => text.includes(`${name}(`)));
  for (const name of ['add', 'multiply']) if (names.has(name)) names.add('zip');
  return Object.keys(all)
    .filter((name) => names.has(name))
    .sort((a, b) => Number(b === 'zip') - Number(a === 'zip'))
    .map((name) => all[name]);
}

/** Activations and their derivatives. @param {Step} step @param {Grammar} grammar */
function functionsOf(step, { define, nameOwn }) {
  return used(step)
    .filter((name) => name !== 'softmax')
    .flatMap((name) => {
      const isUsed = step.lines.some((l) => l.kind === 'slope' && nameOf(step, l.layer) === name);
      const args = argumentsOf(name);
      const { f, df } = ACTIVATIONS[name];
      return [
        define(nameOwn(name), ['z'], f),
        ...(isUsed ? [define(`${name}_derivative`, args[0] ? args : ['z'], df)] : []),
      ];
    });
}

/** The optimizer, a parameter at a time. @param {Step} step @param {Grammar} grammar */
function optimizerOf({ experiment }, { translate, type, optimize }) {
  const update = updateOf(experiment);
  if (!update || !isLong(experiment)) return [];
  const say = (/** @type {string} */ text) => translate(rename(text, { rate: 'learning_rate' }));
  const { state, result } = update;
  const known = new Set(['p', 'g', ...state]);
  const lines = update.lines.map((line) => {
    const name = line.split(' ')[0];
    const declared = known.has(name) ? '' : `${type} `;
    known.add(name);
    return `${declared}${say(line)};`;
  });
  return optimize({ kind: experiment.optimizer.kind, state, lines, result: say(result) });
}

/** @param {Grammar} grammar @returns {Dialect} */
export function scriptDialect(grammar) {
  const say = byFunctions(grammar);
  return {
    step: (step) => stepLines(step, say, `${grammar.array} `, ';'),
    frame: (step, start, body) => frameOf(step, start, body, grammar),
  };
}

/** @param {Step} step @param {Start} start @param {Code[]} body @param {Grammar} grammar @returns {Frame} */
function frameOf(step, start, body, grammar) {
  const { words, given, parameter, matrix, type, infinity } = grammar;
  const { epoch, end, X, y, parameters, loss: shown } = start;
  const functions = functionsOf(step, grammar);
  const optimizer = optimizerOf(step, grammar);
  const rate = `learning_rate = ${grammar.translate(rateText(step.experiment, start))};`;
  const everyEpoch = updateOf(step.experiment) && isMoving(rate) ? [rate] : [];
  const baseRate = baseRateText(step.experiment, start);
  const n = countOf(step, start, grammar);
  const isCounted = /\bt\b/.test(optimizer.join());
  const loop = loopOf(step, start, body, wordsOf(grammar, n.ofBatch), everyEpoch, isCounted);
  const { data, isPatient } = loop;
  const calls = [...functions, ...optimizer, ...body.map(({ text }) => text), ...loop.inLoop, rate];
  const main = [
    `${given} ${data[0]} = ${matrix(X)};`,
    `${given} ${data[1]} = ${matrix(y)};`,
    ...(loop.batches ? [] : [n.ofAll]),
    ...Object.entries(parameters).map(([name, rows]) => `${parameter} ${name} = ${matrix(rows)};`),
    ...(baseRate ? [`${type} ${baseRate};`] : []),
    ...ratesOf(step, rate, everyEpoch.length > 0, grammar),
    ...(loop.batches ? grammar.lossOf([n.ofBatch, ...forwardOf(body)]) : [`${type} loss = 0;`]),
    ...(isPatient ? [`${type} lowest = ${infinity}, since = 0;`] : []),
    grammar.loop(epoch, end),
  ];
  return {
    before: [
      ...grammar.head(functions, optimizer, calls.join('\n')),
      ...main.map((line) => words.base + line),
      ...loop.inLoop,
    ],
    step: loop.step,
    after: [
      ...loop.close,
      ...grammar.foot(loop.result, shown === undefined ? '' : `  // ${shown}`),
    ],
    indent: loop.indent,
  };
}

/** What declares the learning rate. @param {Step} step @param {string} rate @param {boolean} isScheduled @param {Grammar} grammar */
function ratesOf({ experiment }, rate, isScheduled, { type, constant, isGlobal }) {
  if (!updateOf(experiment)) return [];
  const isDeclared = isGlobal && isLong(experiment);
  if (isScheduled) return isDeclared ? [] : [`${type} learning_rate = 0;`];
  return [isDeclared ? rate : `${constant} ${rate}`];
}

/** What declares how many numbers are averaged. @param {Step} step @param {Start} start @param {Grammar} grammar */
function countOf({ loss }, { y }, { constant, size }) {
  const isByRow = loss === 'cross_entropy' || y[0].length === 1;
  return {
    ofAll: `${constant} n = ${isByRow ? y.length : y.length * y[0].length};`,
    ofBatch: `${constant} n = y${size}${isByRow ? '' : ` * y[0]${size}`};`,
  };
}

/** @param {Grammar} grammar @param {string} count what declares n @returns {Words} */
const wordsOf = ({ words, constant, translate }, count) => ({
  ...words,
  or: ' || ',
  end: ';',
  close: ['}'],
  when: (condition, statement) => `if (${condition}) ${statement};`,
  place: (name, row, column) => `${name}[${row}][${column}]`,
  loss: 'loss',
  evaluated: `${constant} loss`,
  patience: [
    'since = loss < lowest ? 0 : since + 1;',
    `lowest = ${translate('min(lowest, loss)')};`,
  ],
  batchLoop: (batches) => [...words.batchLoop(batches), words.tab + count],
});
