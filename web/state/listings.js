// The run as a program in NumPy, PyTorch, JavaScript or C++: each runs as it stands. The step's
// lines are the post's, layer by layer, and say which array they compute.
import { cpp } from './listings/cpp.js';
import { javascript } from './listings/javascript.js';
import { updateOf } from './listings/notation.js';
import { numpy } from './listings/numpy.js';
import { pytorch } from './listings/pytorch.js';

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
 * @property {string} indent of the step
 * @property {string[]} notes what the run has and the program has not
 */

/**
 * The step in its program.
 * @typedef {object} Frame
 * @property {string[]} before
 * @property {Code[]} step
 * @property {string[]} after
 * @property {string} indent of the step
 */

/**
 * How a language says it.
 * @typedef {object} Dialect
 * @property {(step: Step) => Code[]} step the body of the loop, without its indentation
 * @property {(step: Step, start: Start, body: Code[]) => Frame} frame
 */

/** @type {Record<Language, Dialect>} */
const DIALECTS = { numpy, pytorch, javascript, cpp };

/** What the run does and the program does not. @param {Step} step @param {Start} start @returns {string[]} */
function notesOf({ experiment }, { epoch }) {
  const { precision } = experiment;
  const update = updateOf(experiment);
  const hasMemory = update !== undefined && update.state.length > 0;
  return [
    ...(hasMemory && epoch > 0
      ? [`The optimizer’s memory is empty where the program begins, at epoch ${epoch}.`]
      : []),
    ...('patience' in /** @type {object} */ (experiment.stop) && epoch > 0
      ? [`Its patience counts from where the program begins, at epoch ${epoch}.`]
      : []),
    ...(update
      ? []
      : ['L-BFGS goes on by a search of its own: the program ends with the gradient.']),
    ...(precision === 'f32'
      ? [
          'The run computes in single precision, the program in double: their losses differ in the later digits.',
        ]
      : []),
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
  const { before, after, ...inLoop } = DIALECTS[language].frame(step, start, body);
  const lines = (/** @type {string[]} */ texts) => texts.map((text) => ({ text }));
  return {
    before: lines(before),
    ...inLoop,
    after: lines(after),
    notes: notesOf(step, start),
  };
}

/** The whole program as a text. @param {Program} program */
export function textOf({ before, step, after, indent }) {
  const inside = step.map(({ text }) => (text ? indent + text : ''));
  return [...before.map(({ text }) => text), ...inside, ...after.map(({ text }) => text), ''].join(
    '\n',
  );
}
