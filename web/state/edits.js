// What a hand changes on the way: a learning rate or a parameter, from an epoch's step on. Edits are
// in the order of their epochs, at most one of a kind at an epoch.
import { rateAt } from './optimizers.js';

/** @typedef {import('./types.js').Experiment} Experiment */
/** @typedef {{ epoch: number, learningRate: number }} RateEdit */
/** @typedef {{ epoch: number, parameter: number, value: number }} ParameterEdit */
/** @typedef {RateEdit | ParameterEdit} Edit */

/**
 * @param {Experiment} experiment complete
 * @returns {Edit[]}
 */
export function editsOf(experiment) {
  return /** @type {Edit[]} */ (experiment.edits);
}

/**
 * The learning rate that holds at an epoch, before the schedule.
 * @param {Experiment} experiment complete
 * @param {number} epoch
 */
export function baseRateAt(experiment, epoch) {
  return rateAt({ ...experiment, schedule: { kind: 'constant' } }, epoch);
}

/**
 * Another learning rate from an epoch on, as far as the next edit of it; at the beginning it is the
 * optimizer's own.
 * @param {Experiment} experiment complete
 * @param {number} epoch
 * @param {number} rate
 * @returns {Experiment}
 */
export function withRate(experiment, epoch, rate) {
  const rest = without(experiment, (edit) => edit.epoch === epoch && 'learningRate' in edit);
  if (epoch === 0) return { ...rest, optimizer: { ...rest.optimizer, learningRate: rate } };
  return baseRateAt(rest, epoch) === rate ? rest : including(rest, { epoch, learningRate: rate });
}

/**
 * Another value of a parameter at an epoch.
 * @param {Experiment} experiment complete
 * @param {number} epoch
 * @param {number} parameter index in the flat parameters
 * @param {number} value
 * @returns {Experiment}
 */
export function withParameter(experiment, epoch, parameter, value) {
  const isSame = (/** @type {Edit} */ edit) =>
    edit.epoch === epoch && 'parameter' in edit && edit.parameter === parameter;
  return including(without(experiment, isSame), { epoch, parameter, value });
}

/**
 * @param {Experiment} experiment complete
 * @param {Edit} edit one of its own
 * @returns {Experiment}
 */
export function withoutEdit(experiment, edit) {
  return without(experiment, (other) => other === edit);
}

/**
 * @param {Experiment} experiment
 * @param {(edit: Edit) => boolean} goes
 */
function without(experiment, goes) {
  return { ...experiment, edits: editsOf(experiment).filter((edit) => !goes(edit)) };
}

/**
 * @param {Experiment} experiment
 * @param {Edit} edit
 */
function including(experiment, edit) {
  const edits = [...editsOf(experiment), edit].sort((a, b) => a.epoch - b.epoch);
  return { ...experiment, edits };
}
