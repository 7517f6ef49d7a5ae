// Every word that the figure says.
import { count, number, plain } from './format.js';
import { outputRange, verdictOf } from './reading.js';

/** @typedef {import('./reading.js').Row} Row */
/** @typedef {import('./types.js').Problem} Problem */
/** @typedef {import('./types.js').RunInfo} RunInfo */
/** @typedef {import('./types.js').Snapshot} Snapshot */
/** @typedef {import('../engine/run.js').Scene} Scene */

/** Plain words, or a number that is set apart. @typedef {string | { number: string }} Part */

export const VIEWS = [
  'overview',
  'network',
  'predictions',
  'loss',
  'step',
  'gradient-check',
  'seeds',
  'landscape',
  'playground',
  'controls',
];

/** @type {Record<string, string>} */
const LOSS_NAMES = {
  mse: 'mean squared error',
  mae: 'mean absolute error',
  huber: 'Huber',
  binary_cross_entropy: 'binary cross-entropy',
  cross_entropy: 'cross-entropy',
  hinge: 'hinge',
};

/** @param {string} loss */
export function lossName(loss) {
  return LOSS_NAMES[loss] ?? loss;
}

const NUMBER_WORDS = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight'];

/** @param {number} n */
function inWords(n) {
  return NUMBER_WORDS[n] ?? count(n);
}

/**
 * The state in one or two sentences.
 * @param {Scene} scene
 * @param {Row[]} rows
 * @returns {Part[]}
 */
export function stateSentence(scene, rows) {
  return [...progress(scene), ...outcome(scene, rows)];
}

/**
 * @param {Scene} scene
 * @returns {Part[]}
 */
function progress({ experiment, info, snapshot }) {
  const { epoch, step, diverged } = snapshot;
  const loss = { number: number(snapshot.loss) };
  const rate = onlyRate(experiment, step > 0 ? epoch + 1 : epoch);
  const atRate = rate === undefined ? [] : [' at learning rate ', { number: plain(rate) }];
  const after = [...place(snapshot, info), ...atRate, ' the loss is ', loss];
  if (diverged) return ['The run diverges: after ', ...after, `, and ${whatFails(step, info)}.`];
  if (epoch === 0 && step === 0) return ['Before the first step the loss is ', loss, '.'];
  return ['After ', ...after, '.'];
}

/**
 * @param {number} step
 * @param {RunInfo} info
 */
function whatFails(step, { stepsPerEpoch }) {
  if (stepsPerEpoch === 1) return 'the next step is no longer a finite number';
  return `the ${step > 0 ? 'rest of the' : 'next'} epoch does not stay finite`;
}

/**
 * How far a run is: 12 epochs, or 12 epochs and step 3 of 20.
 * @param {Snapshot} snapshot
 * @param {RunInfo} info
 * @returns {Part[]}
 */
function place({ epoch, step }, { stepsPerEpoch }) {
  const epochs = [{ number: count(epoch) }, epoch === 1 ? ' epoch' : ' epochs'];
  if (step === 0) return epochs;
  const steps = ['step ', { number: count(step) }, ' of ', { number: count(stepsPerEpoch) }];
  return epoch === 0 ? steps : [...epochs, ' and ', ...steps];
}

/**
 * What follows an epoch's number where a run stands within it: “, step 3 of 20”.
 * @param {Snapshot} snapshot
 * @param {RunInfo} info
 */
export function withinEpoch({ step }, { stepsPerEpoch }) {
  return step > 0 ? `, step ${count(step)} of ${count(stepsPerEpoch)}` : '';
}

/**
 * The learning rate of all epochs so far, if it is given and was the same in all of them.
 * @param {import('./types.js').Experiment} experiment
 * @param {number} epoch
 */
function onlyRate({ optimizer, schedule, edits }, epoch) {
  const { kind } = /** @type {{ kind: string }} */ (schedule);
  const wasChanged = /** @type {import('./types.js').Edit[]} */ (edits).some(
    (edit) => edit.learningRate !== undefined && edit.epoch < epoch,
  );
  return kind === 'constant' && !wasChanged ? optimizer.learningRate : undefined;
}

/**
 * @param {Scene} scene
 * @param {Row[]} rows
 * @returns {Part[]}
 */
function outcome({ info }, rows) {
  const verdict = verdictOf(info);
  if (verdict === 'none') return [' ', ...largestError(rows)];
  const right = rows.filter((row) => row.isRight).length;
  const wrong = rows.filter((row) => !row.isRight);
  const what =
    verdict === 'side'
      ? ` on the right side of ${nameOf(outputRange(info).middle)}`
      : ' to the right class';
  const verb = verdict === 'side' ? ['falls', 'fall'] : ['goes', 'go'];
  if (rows.length > NUMBER_WORDS.length - 1)
    return [` ${count(right)} of ${count(rows.length)} rows ${verb[1]}${what}.`];
  if (wrong.length === 0) return [` All ${inWords(right).toLowerCase()} rows ${verb[1]}${what}.`];
  const head = ` ${inWords(right)} ${right === 1 ? `row ${verb[0]}` : `rows ${verb[1]}`}${what}`;
  if (verdict === 'largest' || wrong.length > 2) return [`${head}.`];
  return [`${head}; `, ...named(wrong), wrong.length === 1 ? ' does not.' : ' do not.'];
}

/**
 * @param {Row[]} rows two at most
 * @returns {Part[]}
 */
function named(rows) {
  return rows.flatMap((row, i) => [
    ...(i > 0 ? ['and '] : []),
    `(${row.inputs.map(plain).join(', ')}), at `,
    { number: number(row.outputs[0]) },
    ',',
    ...(i < rows.length - 1 ? [' '] : []),
  ]);
}

/**
 * @param {Row[]} rows
 * @returns {Part[]}
 */
function largestError(rows) {
  let worst = 0;
  let at = 0;
  for (const [i, { outputs, targets }] of rows.entries()) {
    for (const [k, output] of outputs.entries()) {
      const error = Math.abs(output - targets[k]);
      if (error > worst) [worst, at] = [error, i];
    }
  }
  return ['The largest error is ', { number: number(worst) }, `, in row ${count(at + 1)}.`];
}

/** @param {number} middle */
function nameOf(middle) {
  return middle === 0.5 ? 'one half' : middle === 0 ? 'zero' : plain(middle);
}

/** @param {Part[]} parts */
export function asText(parts) {
  return parts.map((part) => (typeof part === 'string' ? part : part.number)).join('');
}

/**
 * What the figure says of an experiment that was refused.
 * @param {Problem} problem
 */
export function refusal({ message }) {
  return `This experiment cannot be run: ${message}. The figure shows the default run instead.`;
}

/** @param {string} given */
export function badView(given) {
  return `There is no view "${given}" here. The views are ${VIEWS.slice(0, -1).join(', ')} and ${VIEWS[VIEWS.length - 1]}.`;
}

/** @param {string} given */
export function badEpoch(given) {
  return `The epoch must be a whole number from 0 up, not "${given}".`;
}

/**
 * @param {string} given
 * @param {number} steps of an epoch
 */
export function badStep(given, steps) {
  const [range, all] =
    steps === 1 ? ['0', 'one step'] : [`a whole number from 0 to ${steps - 1}`, `${steps} steps`];
  return `The step must be ${range}, not "${given}": an epoch of this run is ${all}.`;
}
