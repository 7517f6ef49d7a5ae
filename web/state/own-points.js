// The reader's own rows: what their targets are, and the same rows with one thing changed.
import { noOf, rowsOf } from './problem.js';
import { MOST_CLASSES } from './table.js';

/** @typedef {import('./types.js').Experiment} Experiment */
/** @typedef {Experiment['data'] & { inputs: number[][], targets: number[][] }} Points */

/**
 * What a row's target is: one of some classes, or values. Two classes are one column, more of them a
 * column each.
 * @typedef {object} Form
 * @property {number} classes 0: values
 * @property {number} no what stands for no; 1 stands for yes
 * @property {number} columns of the targets
 */

/** Outputs that tell classes apart. */
const TELLING = ['sigmoid', 'tanh', 'softmax'];

/**
 * @param {Experiment['data']} data
 * @returns {Points}
 */
export function pointsOf(data) {
  return { ...data, inputs: rowsOf(data.inputs), targets: rowsOf(data.targets) };
}

/**
 * @param {Experiment} experiment whose data are own points
 * @returns {Form}
 */
export function formOf({ data, layers, loss }) {
  const targets = rowsOf(data.targets);
  const columns = targets[0]?.length ?? 1;
  const no = noOf(targets);
  const { activation } = layers[layers.length - 1];
  const isTold = columns > 2 || activation === 'softmax';
  const isClasses = columns > 1 ? isTold : TELLING.includes(activation) || loss === 'hinge';
  const isSigned = activation === 'tanh' || loss === 'hinge';
  if (no === undefined || !isClasses) return { classes: 0, no: 0, columns };
  return { classes: Math.max(2, columns), no: isSigned ? -1 : no, columns };
}

/**
 * Which class a row is.
 * @param {number[]} target
 */
export function classIn(target) {
  return target.length === 1 ? Number(target[0] === 1) : target.indexOf(1);
}

/**
 * The target of a class.
 * @param {Form} form
 * @param {number} index of the class
 */
export function targetOf({ no, columns }, index) {
  if (columns === 1) return [index === 1 ? 1 : no];
  return Array.from({ length: columns }, (_, k) => (k === index ? 1 : no));
}

/**
 * What a class is called.
 * @param {Form} form
 * @param {number} index
 */
export function className({ no, columns }, index) {
  if (columns > 1) return String(index + 1);
  return index === 1 ? '1' : String(no).replace('-', '−');
}

/**
 * @param {Points} points
 * @param {number[]} input
 * @param {number[]} target
 * @returns {Points}
 */
export function withRow(points, input, target) {
  const { inputs, targets } = points;
  return { ...points, inputs: [...inputs, input], targets: [...targets, target] };
}

/**
 * @param {Points} points
 * @param {number} row
 * @param {number[]} [input] left out: as it is
 * @param {number[]} [target]
 * @returns {Points}
 */
export function withRowChanged(points, row, input, target) {
  const { inputs, targets } = points;
  return {
    ...points,
    inputs: input ? inputs.with(row, input) : inputs,
    targets: target ? targets.with(row, target) : targets,
  };
}

/**
 * @param {Points} points of at least two rows
 * @param {number} row
 * @returns {Points}
 */
export function withoutRow(points, row) {
  return {
    ...points,
    inputs: points.inputs.toSpliced(row, 1),
    targets: points.targets.toSpliced(row, 1),
  };
}

/**
 * With so many columns: further ones are 0.
 * @param {Points} points
 * @param {number} count of inputs
 * @returns {Points}
 */
export function withInputs(points, count) {
  return { ...points, inputs: points.inputs.map((row) => resized(row, count)) };
}

/**
 * @param {Points} points
 * @param {number} count of targets, which are values
 * @returns {Points}
 */
export function withTargets(points, count) {
  return { ...points, targets: points.targets.map((row) => resized(row, count)) };
}

/**
 * @param {number[]} row
 * @param {number} count
 */
function resized(row, count) {
  return Array.from({ length: count }, (_, k) => row[k] ?? 0);
}

/**
 * With so many classes: rows of one that is gone are of the last.
 * @param {Points} points
 * @param {Form} form of classes
 * @param {number} count 2 to 10
 * @returns {Points}
 */
export function withClasses(points, { no }, count) {
  const form = { classes: count, no, columns: count === 2 ? 1 : count };
  return {
    ...points,
    targets: points.targets.map((row) => targetOf(form, Math.min(classIn(row), count - 1))),
  };
}

/**
 * The targets as values, and an output for them.
 * @param {Experiment} experiment
 * @param {Form} form of classes
 * @returns {Experiment}
 */
export function asValues(experiment, { columns }) {
  const points = pointsOf(experiment.data);
  const targets = columns === 1 ? points.targets : points.targets.map((row) => [classIn(row) + 1]);
  return {
    ...experiment,
    data: { ...points, targets },
    layers: experiment.layers.with(-1, { units: 1, activation: 'identity' }),
    loss: 'mse',
  };
}

/**
 * The targets as classes, and an output for them: of whole numbers each is a class, of other values
 * those above the middle are one; of several columns the largest tells the class.
 * @param {Experiment} experiment
 * @param {Form} form of values
 * @returns {Experiment}
 */
export function asClasses(experiment, { columns }) {
  const points = pointsOf(experiment.data);
  const indices = columns === 1 ? classesOf(points.targets) : points.targets.map(largest);
  const count = columns > 1 ? columns : Math.max(...indices) + 1;
  const form = { classes: count, no: 0, columns: count <= 2 ? 1 : count };
  const activation = count > 2 ? 'softmax' : 'sigmoid';
  return {
    ...experiment,
    data: { ...points, targets: indices.map((index) => targetOf(form, index)) },
    layers: experiment.layers.with(-1, { units: form.columns, activation }),
    loss: count > 2 ? 'cross_entropy' : 'mse',
  };
}

/** @param {number[][]} targets of one column */
function classesOf(targets) {
  const values = [...new Set(targets.map(([value]) => value))].sort((a, b) => a - b);
  if (values.length <= MOST_CLASSES && values.every(Number.isInteger))
    return targets.map(([value]) => values.indexOf(value));
  const middle = (values[0] + values[values.length - 1]) / 2;
  return targets.map(([value]) => Number(value > middle));
}

/** @param {number[]} row */
function largest(row) {
  return row.indexOf(Math.max(...row));
}
