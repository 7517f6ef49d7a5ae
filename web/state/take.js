// What can be taken away of a run: its program, its parameters, its tag.
import { editsOf } from './edits.js';
import { complete } from './experiment.js';
import { program, textOf } from './listings.js';
import { hasBatches, makeStep } from './step.js';

/** @typedef {import('./types.js').RunInfo} RunInfo */
/** @typedef {import('./types.js').Snapshot} Snapshot */
/** @typedef {import('./types.js').TraceArray} TraceArray */
/** @typedef {import('./listings.js').Language} Language */
/** @typedef {Record<string, unknown>} Given */

/** Numbers that a program may hold: data and first parameters; and that are read out at all. */
const MOST_NUMBERS = 20_000;
export const MOST_PARAMETERS = 200_000;
/** Changes by hand that a program may make. */
const MOST_EDITS = 1000;
/** Multiplications that a program's run may cost here; an epoch costs at least so many. */
const MOST_WORK = 4e9;
const LEAST_WORK = 100;
/** How far the first parameters are moved, to see which digits of the loss rounding decides. */
const NUDGE = 1e-13;
const MOST_NUDGED = 64;
const MOST_DIGITS = 10;
const ROUNDING = 4e-16;

/**
 * The experiment that a program is written of: a program computes in double precision.
 * @param {Given} given
 * @returns {Given}
 */
export function programExperiment({ precision, ...rest }) {
  return rest;
}

/**
 * Why no program can be written; empty where one can.
 * @param {Given} given
 * @param {RunInfo} info
 */
export function whyNoProgram(given, info) {
  const whole = complete(given);
  const { optimizer, loss } = whole;
  const edits = editsOf(whole).length;
  const { parameterCount, rowCount, names, outputs, samples } = info;
  const numbers = parameterCount + rowCount * (names.length + outputs);
  if (optimizer.kind === 'lbfgs')
    return 'L-BFGS cannot be written as a short program: each of its steps is a search of its own.';
  if (numbers > MOST_NUMBERS)
    return `A program would have to hold ${numbers} numbers, data and first parameters; ${MOST_NUMBERS} are the most.`;
  if (edits > MOST_EDITS)
    return `The run was changed by hand ${edits} times; a program can make ${MOST_EDITS} changes.`;
  const isShare = samples.targets.every((row) => row.reduce((a, b) => a + b) === 1);
  return loss === 'cross_entropy' && !isShare
    ? 'The program is for targets that add up to 1 in every row where the loss is cross-entropy; these do not.'
    : '';
}

/**
 * How many epochs a program trains: all, or as many as can be trained here.
 * @param {Given} given
 * @param {RunInfo} info
 */
export function endOf(given, { parameterCount, rowCount }) {
  const most = Math.floor(MOST_WORK / Math.max(LEAST_WORK, parameterCount * rowCount));
  return Math.min(complete(given).epochs, most + 1);
}

/**
 * How many epochs lie behind the loss that a program prints: all where it looks at the whole training
 * set after its mini-batches, else all but the last, whose step begins with the loss.
 * @param {Given} given
 * @param {RunInfo} info
 * @param {number} end
 */
export function lastEpoch(given, { rowCount }, end) {
  return hasBatches(complete(given), rowCount) ? end : end - 1;
}

/**
 * What a program trains and prints.
 * @typedef {object} Course
 * @property {number} end how many epochs it trains, if nothing stops it
 * @property {number} last the epoch whose loss it prints
 * @property {boolean} isStopped whether a stop condition ends it there
 * @property {boolean} isExact whether it ends there whatever the rounding
 * @property {string} loss that it prints, with the digits that do not depend on rounding
 */

/**
 * @param {Given} given
 * @param {RunInfo} info
 * @param {Snapshot} snapshot as far as the run goes
 * @param {Snapshot} other of the run that was nudged
 * @returns {Course}
 */
export function courseOf(given, info, { epoch, loss, ended, diverged }, other) {
  const isStopped = ended && !diverged;
  const whole = endOf(given, info);
  const left = whole - lastEpoch(given, info, whole);
  const end = isStopped ? whole : epoch + left;
  return {
    end,
    last: epoch,
    isStopped,
    isExact: other.epoch === epoch,
    loss: stableLoss(loss, other.loss),
  };
}

/**
 * The same run with its first parameters moved a little.
 * @param {Given} given
 * @param {Snapshot} first with its trace
 * @returns {Given}
 */
export function nudged(given, first) {
  const parameters = Object.values(parametersOf(first)).flat(2);
  const nudges = parameters
    .slice(0, MOST_NUDGED)
    .map((value, parameter) => ({ epoch: 0, parameter, value: value * (1 + NUDGE) }));
  return { ...given, edits: [...editsOf(complete(given)), ...nudges] };
}

/**
 * A loss with the digits that do not depend on rounding.
 * @param {number} loss
 * @param {number} other of the run that was nudged
 */
export function stableLoss(loss, other) {
  if (loss === other) return loss.toPrecision(MOST_DIGITS);
  // Rounding moves an output by about one unit in its last place, and a square by twice its root.
  const off = Math.abs(loss - other) / Math.abs(loss) + ROUNDING / Math.sqrt(Math.abs(loss));
  const digits = Math.floor(-Math.log10(off)) - 1;
  return loss.toPrecision(Math.min(MOST_DIGITS, Math.max(1, digits || 1)));
}

/** @param {TraceArray} array */
const rowsOf = ({ rows, cols, values }) =>
  Array.from({ length: rows }, (_, i) => Array.from(values.subarray(i * cols, (i + 1) * cols)));

/**
 * W1, b1, W2, … of a snapshot.
 * @param {Snapshot} snapshot with its trace
 * @returns {Record<string, number[][]>}
 */
export function parametersOf({ trace = [] }) {
  const own = trace.filter(({ name }) => /^[Wb]\d+$/.test(name));
  return Object.fromEntries(own.map((array) => [array.name, rowsOf(array)]));
}

/**
 * @param {Given} given
 * @param {Snapshot} first with its trace
 * @param {Course} course
 * @param {Language} language
 * @returns {{ text: string, notes: string[] }}
 */
export function programText(given, first, { end, loss }, language) {
  const array = (/** @type {string} */ wanted) => {
    const found = first.trace?.find(({ name }) => name === wanted);
    return found ? rowsOf(found) : [];
  };
  const [X, y, parameters] = [array('X'), array('y'), parametersOf(first)];
  const start = { epoch: 0, end, X, y, parameters, loss: `expected: ${loss}` };
  const made = program(makeStep(complete(given)), start, language);
  return { text: textOf(made), notes: [...made.notes, ...notesOf(given, end)] };
}

/**
 * @param {Given} given
 * @param {number} end
 */
function notesOf(given, end) {
  const { precision, epochs } = complete(given);
  return [
    ...(precision === 'f32' ? ['The loss below is the program’s own, not this run’s.'] : []),
    ...(end < epochs
      ? [
          `The program ends after ${end} epochs, not ${epochs}: what comes then is not finite, or took too long to compute here.`,
        ]
      : []),
  ];
}

/**
 * @param {Given} experiment
 * @param {Snapshot} snapshot with its trace
 */
export function parametersJson(experiment, snapshot) {
  const { epoch, loss } = snapshot;
  return `${JSON.stringify({ experiment, epoch, loss, parameters: parametersOf(snapshot) }, null, 1)}\n`;
}

/** @param {Snapshot} snapshot with its trace */
export function parametersCsv(snapshot) {
  const lines = Object.entries(parametersOf(snapshot)).flatMap(([name, rows]) =>
    rows.flatMap((row, i) => row.map((value, k) => `${name},${i},${k},${value}`)),
  );
  return `${['name,row,column,value', ...lines].join('\n')}\n`;
}

/**
 * The tag for another page.
 * @param {{ view: string, experiment: Given, epoch: number }} given
 */
export function tagOf({ view, experiment, epoch }) {
  const json = JSON.stringify(experiment).replaceAll('&', '&amp;').replaceAll("'", '&#39;');
  const run = json === '{}' ? '' : ` experiment='${json}'`;
  return `<backprop-demo view="${view}"${run} epoch="${epoch}"></backprop-demo>`;
}
