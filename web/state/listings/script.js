// What the programs in JavaScript and C++ share: they have no operators for matrices, and say the step
// with functions.
import { ACTIVATIONS, LOSSES } from '../functions.js';
import { argumentsOf, inputOf } from '../step.js';
import {
  asFactor,
  baseRateText,
  editTexts,
  isLong,
  isMoving,
  nameOf,
  outputSlope,
  penalized,
  rateText,
  rename,
  slopeArguments,
  updateOf,
  used,
} from './notation.js';

/** @typedef {import('../step.js').Step} Step */
/** @typedef {import('../step.js').Line} StepLine */
/** @typedef {import('../listings.js').Code} Code */
/** @typedef {import('../listings.js').Start} Start */
/** @typedef {import('./notation.js').Say} Say */

/**
 * What JavaScript and C++ say each in its own way.
 * @typedef {object} Grammar
 * @property {string} indent of the step in its loop
 * @property {string} equals compares numbers
 * @property {string} type what declares a number
 * @property {(text: string) => string} translate from the notation of functions.js
 * @property {(first: string, second: string, body: string) => string} lambda
 * @property {(name: string, args: string[], body: string) => string} define a function of numbers
 * @property {(name: string) => string} nameOwn what an activation is called
 * @property {(given: { kind: string, state: string[], lines: string[], result: string }) => string[]} optimize
 */

/**
 * JavaScript and C++ have no operators for matrices, and say it with functions.
 * @param {Grammar} grammar
 * @returns {Record<StepLine['kind'], Say>}
 */
export function byFunctions({ lambda, nameOwn }) {
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

/**
 * What a program in JavaScript or C++ is put together from.
 * @typedef {object} Parts
 * @property {string[]} functions activations and their derivatives
 * @property {string[]} optimizer
 * @property {string} calls all that may call a helper
 * @property {string} rate sets the learning rate
 * @property {string | undefined} baseRate sets what a hand changes of it
 * @property {boolean} isMoved whether there is a learning rate
 * @property {boolean} isScheduled whether each epoch has its own
 * @property {number} count n
 * @property {string[]} inLoop lines before the step
 */

/** @param {Step} step @param {Start} start @param {Code[]} body @param {Grammar} grammar @returns {Parts} */
export function partsOf(step, start, body, grammar) {
  const { experiment } = step;
  const { epoch, y } = start;
  const functions = functionsOf(step, grammar);
  const optimizer = optimizerOf(step, grammar);
  const text = rateText(experiment, start);
  const edits = editTexts(step, start, (name, row, column) => `${name}[${row}][${column}]`);
  const isMoved = updateOf(experiment) !== undefined;
  const isScheduled = isMoved && isMoving(text);
  const rate = `learning_rate = ${grammar.translate(text)};`;
  return {
    functions,
    optimizer,
    calls: [...functions, ...optimizer, ...body.map((line) => line.text), rate].join('\n'),
    rate,
    baseRate: baseRateText(experiment, start),
    isMoved,
    isScheduled,
    count: step.loss === 'cross_entropy' ? y.length : y.length * y[0].length,
    inLoop: [
      ...edits.map((edit) => `if (epoch ${grammar.equals} ${edit.epoch}) ${edit.text};`),
      ...(isScheduled ? [rate] : []),
      ...(/\bt\b/.test(optimizer.join()) ? [`t = epoch - ${epoch} + 1;`] : []),
    ].map((line) => grammar.indent + line),
  };
}
