// Why a run has not learned: one sentence from its own numbers, or none. The rules, in their order:
//
// Silent: where the loss is below 0.01, where there is no hidden layer, and for anything but the mean
// squared error of one sigmoid output with targets 0 and 1.
// Plateau: the loss is at least 0.8 of what the best single answer for all rows costs, p(1 − p) for a
// share p of ones: 0.2 for XOR.
// Merged: rows i and j are one for the output when Σₖ |wₖ| |hₖ(i) − hₖ(j)| ≤ 0.2 over the units of the
// last hidden layer; a sigmoid's slope is at most 1/4, so their answers are at most 0.05 apart. Rows
// that are linked so make a group. The rule speaks of groups that hold both targets when their rows
// make at least 0.75 of the loss. A group of m among n rows, with a share p of ones, costs at least
// p(1 − p)m/n.
// Saturated: each row on the wrong side of 0.5 is answered where the output's slope a(1 − a) is below
// 0.01, so that hardly any of its error is passed back.
//
// Stuck is what ten times as many epochs do not help: the loss is then still at least 0.9 of what the
// groups cost (of what the plateau costs, of what it was).
// docs/mathematics.md, "Why a network is stuck"
import { count, number, plain } from './format.js';
import { SOLVED } from './outcome.js';

/** @typedef {import('./types.js').Standing} Standing */
/** @typedef {import('./types.js').Experiment} Experiment */
/** @typedef {import('./strings.js').Part} Part */

/**
 * @typedef {object} Why
 * @property {'plateau' | 'merged' | 'saturated'} rule
 * @property {number[]} rows that it speaks of
 * @property {number} floor the loss that it costs
 * @property {boolean | undefined} isStuck undefined where it has not been tried
 * @property {Part[]} parts the sentence
 */

/** @typedef {Omit<Why, 'isStuck'>} Reason */

const PLATEAU_SHARE = 0.8;
const MERGED = 0.2;
const MERGED_SHARE = 0.75;
const FLAT = 0.01;
const STILL = 0.9;
/** As many hidden values are listed. */
const MOST_VALUES = 3;

/**
 * @param {Standing} standing
 * @param {Experiment} experiment
 * @returns {Why | undefined}
 */
export function whyStuck(standing, experiment) {
  if (!isJudged(standing, experiment)) return undefined;
  const reason = plateau(standing) ?? merged(standing) ?? saturated(standing);
  if (!reason) return undefined;
  const { later } = standing;
  const isStuck = later && later.loss >= STILL * reason.floor;
  return { ...reason, isStuck, parts: [...reason.parts, ...afterwards(later, isStuck)] };
}

/**
 * @param {Standing} standing
 * @param {Experiment} experiment
 */
function isJudged({ info, loss }, experiment) {
  const { activation } = info.layers[info.layers.length - 1];
  return (
    loss >= SOLVED &&
    experiment.loss === 'mse' &&
    info.outputs === 1 &&
    activation === 'sigmoid' &&
    info.samples.targets.every(([target]) => target === 0 || target === 1)
  );
}

/**
 * What the best single answer to these rows costs, of the loss over all rows.
 * @param {number[]} rows
 * @param {number[][]} targets
 */
function cost(rows, targets) {
  const ones = rows.filter((row) => targets[row][0] === 1).length;
  return (ones * (rows.length - ones)) / rows.length / targets.length;
}

/**
 * @param {Standing} standing
 * @returns {Reason | undefined}
 */
function plateau({ info, outputs, loss, gradient, rate }) {
  const rows = info.samples.inputs.map((_, row) => row);
  const floor = cost(rows, info.samples.targets);
  if (floor === 0 || loss < PLATEAU_SHARE * floor) return undefined;
  const step =
    rate === undefined
      ? []
      : [
          '; a step of gradient descent at rate ',
          { number: plain(rate) },
          ' moves none by more than ',
          { number: number(rate * gradient) },
        ];
  const parts = [
    'All answers lie between ',
    { number: number(Math.min(...outputs)) },
    ' and ',
    { number: number(Math.max(...outputs)) },
    ', and the loss, ',
    { number: number(loss) },
    ', is little less than the ',
    { number: plain(floor) },
    ' that one answer for all rows costs: the gradient of no parameter is larger than ',
    { number: number(gradient) },
    ...step,
    '.',
  ];
  return { rule: 'plateau', rows, floor: PLATEAU_SHARE * floor, parts };
}

/**
 * @param {Standing} standing
 * @returns {Reason | undefined}
 */
function merged(standing) {
  const { info, outputs, loss } = standing;
  const { targets } = info.samples;
  const groups = groupsOf(standing).filter((rows) => cost(rows, targets) > 0);
  const rows = groups.flat();
  const error = rows.reduce((sum, row) => sum + (outputs[row] - targets[row][0]) ** 2, 0);
  if (rows.length === 0 || error / targets.length < MERGED_SHARE * loss) return undefined;
  const floor = groups.reduce((sum, group) => sum + cost(group, targets), 0);
  const parts = groups.flatMap((group, i) => [i > 0 ? ' ' : '', ...mergedGroup(standing, group)]);
  return { rule: 'merged', rows, floor, parts };
}

/**
 * Rows that the output unit cannot tell apart, link by link.
 * @param {Standing} standing
 */
function groupsOf({ hidden, outputs, weights }) {
  const units = weights.length - 1;
  const isLinked = (/** @type {number} */ i, /** @type {number} */ j) => {
    let sum = 0;
    for (let k = 0; k < units; k++)
      sum += Math.abs(weights[k] * (hidden[i * units + k] - hidden[j * units + k]));
    return sum <= MERGED;
  };
  /** @type {number[][]} */
  let groups = [];
  for (let row = 0; row < outputs.length; row++) {
    const linked = groups.filter((group) => group.some((other) => isLinked(row, other)));
    groups = [...groups.filter((group) => !linked.includes(group)), [...linked.flat(), row]];
  }
  return groups.map((group) => group.sort((a, b) => a - b));
}

/**
 * @param {Standing} standing
 * @param {number[]} group
 * @returns {Part[]}
 */
function mergedGroup({ info, hidden, outputs, weights }, group) {
  const { inputs, targets } = info.samples;
  const units = weights.length - 1;
  const valuesOf = (/** @type {number} */ row) =>
    `(${Array.from(hidden.subarray(row * units, (row + 1) * units), number).join(', ')})`;
  const list = (/** @type {(row: number) => string} */ write) => listed(group.map(write));
  const values = units > MOST_VALUES ? [] : [', ', ...list(valuesOf), ','];
  const ones = group.filter((row) => targets[row][0] === 1).length;
  return [
    'Rows ',
    ...listed(group.map((row) => `(${inputs[row].map(plain).join(', ')})`)).map(textOf),
    ' reach the output through nearly the same hidden values',
    ...values,
    ' and so get nearly the same answer, ',
    ...list((row) => number(outputs[row])),
    ', where ',
    ...list((row) => plain(targets[row][0])),
    ' are asked for; the best single answer, ',
    { number: number(ones / group.length) },
    ', costs a loss of ',
    { number: plain(cost(group, targets)) },
    '.',
  ];
}

/** @param {Part} part @returns {string} */
function textOf(part) {
  return typeof part === 'string' ? part : part.number;
}

/**
 * a, b and c
 * @param {string[]} texts
 * @returns {Part[]}
 */
function listed(texts) {
  return texts.flatMap((text, i) => [
    ...(i === 0 ? [] : [i < texts.length - 1 ? ', ' : ' and ']),
    { number: text },
  ]);
}

/**
 * @param {Standing} standing
 * @returns {Reason | undefined}
 */
function saturated({ info, outputs, loss }) {
  const { inputs, targets } = info.samples;
  const wrong = inputs.flatMap((_, i) => (Math.abs(outputs[i] - targets[i][0]) > 0.5 ? [i] : []));
  const slope = (/** @type {number} */ row) => outputs[row] * (1 - outputs[row]);
  if (wrong.length === 0 || wrong.some((row) => slope(row) >= FLAT)) return undefined;
  const steepest = wrong.reduce((most, row) => Math.max(most, slope(row)), 0);
  const parts = [
    wrong.length === 1 ? 'Row ' : 'Rows ',
    ...listed(wrong.map((row) => `(${inputs[row].map(plain).join(', ')})`)).map(textOf),
    ', answered with ',
    ...listed(wrong.map((row) => number(outputs[row]))),
    ' where ',
    ...listed(wrong.map((row) => plain(targets[row][0]))),
    wrong.length === 1 ? ' is' : ' are',
    ' asked for, stand where the output unit is saturated: its slope there is at most ',
    { number: number(steepest) },
    ', so hardly any of the error is passed back.',
  ];
  return { rule: 'saturated', rows: wrong, floor: loss, parts };
}

/**
 * @param {Standing['later']} later
 * @param {boolean | undefined} isStuck
 * @returns {Part[]}
 */
function afterwards(later, isStuck) {
  if (!later) return [];
  const loss = { number: number(later.loss) };
  const when = [' After ', { number: count(later.epoch) }, ' epochs '];
  if (isStuck) return [...when, 'the loss is still ', loss, '.'];
  return [
    ' That does not last: after ',
    { number: count(later.epoch) },
    ' epochs the loss is ',
    loss,
    '.',
  ];
}
