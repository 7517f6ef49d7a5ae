// The run as a program in NumPy, PyTorch, JavaScript or C++: each runs as it stands. The step's
// lines are the post's, layer by layer, and say which array they compute.
import { cpp } from './listings/cpp.js';
import { javascript } from './listings/javascript.js';
import { updateOf } from './listings/notation.js';
import { numpy } from './listings/numpy.js';
import { pytorch } from './listings/pytorch.js';
import { hasBatches } from './step.js';

/** @typedef {import('./step.js').Step} Step */
/** @typedef {'numpy' | 'pytorch' | 'javascript' | 'cpp'} Language */

/** @type {Record<Language, string>} */
export const LANGUAGES = {
  numpy: 'NumPy',
  pytorch: 'PyTorch',
  javascript: 'JavaScript',
  cpp: 'C++',
};

/**
 * A line of a program.
 * @typedef {object} Code
 * @property {string} text
 * @property {string[]} [arrays] what it computes, on a line of the step
 */

/**
 * Where a program begins, and what it trains on.
 * @typedef {object} Start
 * @property {number} epoch
 * @property {number} end the epoch that it trains to
 * @property {number[][]} X as the network is given it
 * @property {number[][]} y
 * @property {Record<string, number[][]>} parameters W1, b1, … at that epoch
 * @property {string} [loss] what is said of the loss that it prints
 */

/**
 * @typedef {object} Program
 * @property {Code[]} before
 * @property {Code[]} step the body of the loop, without its indentation
 * @property {Code[]} after
 * @property {string[]} notes what the run has and the program has not
 */

/**
 * How a language says it.
 * @typedef {object} Dialect
 * @property {string} indent of the step in its loop
 * @property {(step: Step) => Code[]} step the body of the loop, without its indentation
 * @property {(step: Step, start: Start, body: Code[]) => { before: string[], after: string[] }} frame
 */

/** @type {Record<Language, Dialect>} */
const DIALECTS = { numpy, pytorch, javascript, cpp };

/** What the run does and the program does not. @param {Step} step @param {Start} start @returns {string[]} */
function notesOf({ experiment }, { epoch, y }) {
  const { precision } = experiment;
  const update = updateOf(experiment);
  const hasMemory = update !== undefined && update.state.length > 0;
  return [
    ...(hasBatches(experiment, y.length)
      ? ['The run trains on mini-batches; the program takes the whole training set at every step.']
      : []),
    ...(hasMemory && epoch > 0
      ? [`The optimizer’s memory is empty where the program begins, at epoch ${epoch}.`]
      : []),
    ...(update
      ? []
      : ['L-BFGS goes on by a search of its own: the program ends with the gradient.']),
    ...(precision === 'f32' ? ['The run computes with 32 bits, the program with 64.'] : []),
  ];
}

/** @type {WeakMap<Step, Partial<Record<Language, Code[]>>>} */
const known = new WeakMap();

/**
 * The step's lines, the body of the program's loop.
 * @param {Step} step
 * @param {Language} language
 */
export function codeOf(step, language) {
  const all = known.get(step) ?? {};
  known.set(step, all);
  all[language] ??= DIALECTS[language].step(step);
  return all[language];
}

/**
 * @param {Step} step
 * @param {Start} start
 * @param {Language} language
 * @returns {Program}
 */
export function program(step, start, language) {
  const body = codeOf(step, language);
  const { before, after } = DIALECTS[language].frame(step, start, body);
  const lines = (/** @type {string[]} */ texts) => texts.map((text) => ({ text }));
  return {
    before: lines(before),
    step: body,
    after: lines(after),
    notes: notesOf(step, start),
  };
}

/** The whole program as a text. @param {Program} program @param {Language} language */
export function textOf({ before, step, after }, language) {
  const { indent } = DIALECTS[language];
  const inside = step.map(({ text }) => (text ? indent + text : ''));
  return [...before.map(({ text }) => text), ...inside, ...after.map(({ text }) => text), ''].join(
    '\n',
  );
}
