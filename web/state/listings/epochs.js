// The loop over a program's epochs: the mini-batches, what a hand changes, and what may end the run
// early.
import { has, hasBatches } from '../step.js';
import { editTexts } from './notation.js';

/** @typedef {import('../step.js').Step} Step */
/** @typedef {import('../listings.js').Code} Code */
/** @typedef {import('../listings.js').Start} Start */

/**
 * How an epoch is cut into mini-batches.
 * @typedef {object} Batches
 * @property {number} size rows of each; the last has what is left
 * @property {number} [seed] of the shuffle; none where the rows keep their order
 */

/**
 * How a language says it.
 * @typedef {object} Words
 * @property {string} base the indent of the loop
 * @property {string} tab
 * @property {string} equals compares numbers
 * @property {string} or
 * @property {string} end of a statement
 * @property {string[]} close what closes a loop
 * @property {(condition: string, statement: string) => string} when
 * @property {(array: string, row: number, column: number) => string} place of a parameter
 * @property {string} loss as a number
 * @property {string} evaluated declares it for the whole training set
 * @property {string[]} patience counts the epochs since the lowest loss
 * @property {(batches: Batches) => string[]} batchLoop opens the loop over the mini-batches
 * @property {boolean} [needsLoss] whether the step of a mini-batch goes by its loss
 */

/**
 * @typedef {object} Loop
 * @property {Batches} [batches] none where an epoch is one step
 * @property {boolean} isPatient
 * @property {[inputs: string, targets: string]} data the names of the training set
 * @property {string[]} inLoop lines before the step
 * @property {Code[]} step
 * @property {string} indent of the step
 * @property {string[]} close from the loop's end on
 * @property {string} result the loss that is printed
 */

const WHOLE = 'loss_of(inputs, targets)';

/** @param {Step} step @param {Start} start @returns {Batches | undefined} */
function batchesOf({ experiment }, { y }) {
  const { batchSize, shuffle, shuffleSeed } = /** @type {Record<string, any>} */ (experiment);
  if (!hasBatches(experiment, y.length)) return undefined;
  return { size: batchSize, seed: shuffle ? shuffleSeed : undefined };
}

/** Where a step gives its loss. @param {Code[]} body */
const lossAt = (body) => body.findIndex(({ arrays = [] }) => arrays.includes('loss'));

/** The forward pass of a step, as the body of a function. @param {Code[]} body */
export function forwardOf(body) {
  const lines = body.slice(0, lossAt(body) + 1).filter(({ text }) => text);
  const isUsed = (/** @type {Code} */ { arrays = [] }, /** @type {number} */ i) =>
    arrays[0] === 'loss' || lines.slice(i + 1).some(({ text }) => has(text, arrays[0]));
  return lines.filter(isUsed).map(({ text }) => text.replace(/^loss =/, 'return'));
}

/** What ends a run, after its loss. @param {Step} step @param {Words} words */
function stopLines({ experiment }, { loss, or, patience: counting, when }) {
  const { loss: enough, patience } = /** @type {Record<string, number>} */ (experiment.stop);
  const conditions = [
    ...(enough === undefined ? [] : [`${loss} <= ${enough}`]),
    ...(patience === undefined ? [] : [`since >= ${patience}`]),
  ];
  return [
    ...(patience === undefined ? [] : counting),
    ...(conditions.length > 0 ? [when(conditions.join(or), 'break')] : []),
  ];
}

/** The step of the program, as in an epoch of one step or of several. @param {Code[]} body @param {string[]} stops @param {boolean} isBatch @param {Words} words */
function stepOf(body, stops, isBatch, { needsLoss }) {
  const at = lossAt(body);
  if (!isBatch) return body.toSpliced(at + 1, 0, ...stops.map((text) => ({ text })));
  return needsLoss ? body : body.toSpliced(at - 1, 2);
}

/**
 * What is set at epoch 5 of mini-batches is set at the end of 4, so that the loss at the end of all
 * shows it.
 * @param {Step} step
 * @param {Start} start
 * @param {Words} words
 */
function editsAfter(step, start, { equals, place, when }) {
  const { end } = start;
  return editTexts(step, { ...start, end: end + 1 }, place)
    .filter(({ epoch, text }) => epoch < end || !text.startsWith('base_rate'))
    .map(({ epoch, text }) => when(`epoch + 1 ${equals} ${epoch}`, text));
}

/**
 * @param {Step} step
 * @param {Start} start
 * @param {Code[]} body
 * @param {Words} words
 * @param {string[]} rate what sets the learning rate of an epoch
 * @param {boolean} counts whether the steps are counted
 * @returns {Loop}
 */
export function loopOf(step, start, body, words, rate, counts) {
  const { base, tab, equals, end, close, place, when } = words;
  const batches = batchesOf(step, start);
  const stops = stopLines(step, words);
  const inside = (/** @type {string[]} */ lines) => lines.map((line) => base + tab + line);
  const indent = base + tab + (batches ? tab : '');
  const count = counts ? [`${indent}t += 1${end}`] : [];
  const shared = {
    batches,
    isPatient: has(stops.join(), 'since'),
    step: stepOf(body, stops, batches !== undefined, words),
    indent,
  };
  const outer = close.map((line) => base + line);
  if (batches) {
    const looks = stops.length > 0 ? [`${words.evaluated} = ${WHOLE}${end}`, ...stops] : [];
    return {
      ...shared,
      data: ['inputs', 'targets'],
      inLoop: [...inside([...rate, ...looks, ...words.batchLoop(batches)]), ...count],
      close: [...inside([...close, ...editsAfter(step, start, words)]), ...outer],
      result: words.loss.replace('loss', WHOLE),
    };
  }
  const edits = editTexts(step, start, place).map(({ epoch, text }) =>
    when(`epoch ${equals} ${epoch}`, text),
  );
  return {
    ...shared,
    data: ['X', 'y'],
    inLoop: [...inside([...edits, ...rate]), ...count],
    close: outer,
    result: words.loss,
  };
}
