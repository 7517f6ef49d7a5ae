// What all panes of a step share: the stop, the chosen number, what it was made of, and the rows of
// the training set that are on screen.
import { exact, number, plain, signed } from '../state/format.js';
import { rateAt } from '../state/optimizers.js';
import {
  arraysOf,
  isByRow,
  isSameRef,
  MOST_ROWS,
  mainOf,
  makeStep,
  ROWS_AT_A_TIME,
  refName,
  refsOf,
  sumOf,
  valueAt,
} from '../state/step.js';

/** @typedef {import('../state/step.js').Ref} Ref */

/**
 * What the reader has set.
 * @typedef {object} StepUi
 * @property {number} stop from 0
 * @property {Ref} [focus] the chosen number
 * @property {number} [row] of the training set, where one is looked at alone
 * @property {number} first row on screen, where they do not all fit
 * @property {import('../state/listings.js').Language} language
 * @property {'network' | 'code' | 'arrays'} pane on a phone
 * @property {boolean} isGuessing
 * @property {string[]} opened the numbers that have been guessed or shown
 * @property {string} answer to the last guess
 * @property {boolean} isProgramOpen
 */

/** @type {StepUi} */
export const STEP_START = {
  stop: 0,
  first: 0,
  language: 'numpy',
  pane: 'arrays',
  isGuessing: false,
  opened: [],
  answer: '',
  isProgramOpen: false,
};

/**
 * @typedef {object} StepData
 * @property {import('../state/types.js').RunInfo} info
 * @property {import('../state/types.js').Experiment} experiment
 * @property {import('../state/types.js').Snapshot} snapshot with the trace
 * @property {number} width
 * @property {StepUi} ui
 * @property {(change: Partial<StepUi>) => void} onChange
 * @property {string} docs where the mathematics is, if it is beside the figure
 * @property {import('../element/turns.js').Turns['draw']} inTurn
 */

/** @typedef {ReturnType<typeof frameOf>} Frame */

/** @type {WeakMap<object, import('../state/step.js').Step>} */
const steps = new WeakMap();

/** @param {StepData} data */
export function frameOf({ info, experiment, snapshot, ui, onChange }) {
  const step = steps.get(experiment) ?? makeStep(experiment);
  steps.set(experiment, step);
  const arrays = arraysOf(snapshot.trace ?? [], snapshot.next);
  const at = Math.min(ui.stop, step.stops.length - 1);
  const stop = step.stops[at];
  const isGuessed = ui.isGuessing && stop.way === 'backward';
  const usual = isGuessed ? { name: stop.made[0], row: 0, col: 0 } : mainOf(stop);
  const given = { name: stop.arrays[0], row: 0, col: 0 };
  const focus = [ui.focus, usual].find((ref) => ref !== undefined && exists(arrays, ref)) ?? given;
  const rows = info.rowCount;
  const first = rows > MOST_ROWS ? Math.min(ui.first, rows - 1) : 0;
  const all = { first, count: rows > MOST_ROWS ? Math.min(ROWS_AT_A_TIME, rows - first) : rows };
  const row = ui.row === undefined ? undefined : Math.min(ui.row, rows - 1);
  const shown = row === undefined ? all : { first: row, count: 1 };
  const rate = rateAt(experiment, snapshot.epoch);
  const sum = sumOf(step, arrays, focus, { ...shown, rate });
  const made = isGuessed ? stop.made : [];
  const opened = new Set(ui.opened);
  return {
    info,
    experiment,
    step,
    arrays,
    at,
    stop,
    focus,
    shown,
    row,
    rows,
    rate,
    sum,
    lit: new Set(refsOf(sum).map(refName)),
    /** The row that the network is drawn for. */
    drawn: row ?? (isByRow(focus.name) ? focus.row : shown.first),
    /** Whether a number is still to be guessed. @param {Ref} ref */
    isCovered: (ref) => made.includes(ref.name) && !opened.has(guessKey(ref, snapshot.epoch)),
    /** @param {Ref} ref */
    pick: (ref) => onChange({ focus: ref, answer: '' }),
    /** @param {Ref} ref */
    isFocus: (ref) => isSameRef(ref, focus),
  };
}

/** @param {Ref} ref @param {number} epoch */
export const guessKey = (ref, epoch) => `${epoch} ${refName(ref)}`;

/** @param {import('../state/step.js').Arrays} arrays @param {Ref} ref */
function exists(arrays, { name, row, col }) {
  const array = arrays.get(name);
  return array !== undefined && row < array.rows && col < array.cols;
}

const isGiven = (/** @type {Ref} */ { name }) => name === 'X' || name === 'y';

/** As it stands in an array. @param {Frame} frame @param {Ref} ref */
export function textAt(frame, ref) {
  if (frame.isCovered(ref)) return '?';
  const value = valueAt(frame.arrays, ref);
  if (isGiven(ref)) return plain(value);
  return ref.name === 'loss' ? number(value) : signed(value);
}

/** All digits, on hover. @param {Frame} frame @param {Ref} ref */
export const exactAt = (frame, ref) =>
  frame.isCovered(ref) ? 'to be guessed' : exact(valueAt(frame.arrays, ref));

/** The classes of a number. @param {Frame} frame @param {Ref} ref */
export function marks(frame, ref) {
  const lit = frame.lit.has(refName(ref)) ? ' lit' : '';
  const chosen = frame.isFocus(ref) ? ' picked' : '';
  return `${lit}${chosen}${frame.isCovered(ref) ? ' covered' : ''}`;
}
