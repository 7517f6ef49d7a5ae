// What the programs in NumPy and PyTorch share: how they begin, their loop, and an optimizer of their
// own.
import { editsOf } from '../edits.js';
import {
  baseRateText,
  editTexts,
  isLong,
  isMoving,
  matrix,
  prefixed,
  rateText,
  rename,
  updateOf,
} from './notation.js';

/** @typedef {import('../step.js').Step} Step */
/** @typedef {import('../listings.js').Start} Start */

/**
 * What NumPy and PyTorch say each in its own way.
 * @typedef {object} Manner
 * @property {(text: string) => string} given numbers that are given
 * @property {(text: string) => string} parameter a parameter that is given
 * @property {(text: string) => string} drawn a parameter that NumPy draws
 * @property {(needsNumpy: boolean) => string[]} imports
 * @property {string[]} functions
 * @property {boolean} isOwn whether the optimizer is among the functions
 * @property {string[]} settings lines after the learning rate
 * @property {string[]} withRate lines of the loop after a learning rate of its own
 * @property {string} values of an array, which can be set
 * @property {string} loss as a number
 */

/** @param {string} text in the notation of functions.js */
export const numpyText = (text) => prefixed(text, 'np.').replace(/\bpi\b/g, 'np.pi');

/** @param {Step} step @param {(text: string) => string} translate */
export function optimizer({ experiment }, translate) {
  const update = updateOf(experiment);
  if (!update || !isLong(experiment)) return [];
  const say = (/** @type {string} */ text) => translate(rename(text, { rate: 'learning_rate' }));
  return [
    'memory = {}',
    '',
    `def ${experiment.optimizer.kind}(name, p, g):`,
    ...update.state.map((v) => `    ${v} = memory.get((name, '${v}'), 0 * p)`),
    ...update.lines.map((line) => `    ${say(line)}`),
    ...update.state.map((v) => `    memory[name, '${v}'] = ${v}`),
    `    return ${say(update.result)}`,
    '',
  ];
}

/** Whether the parameters are NumPy's first draw. @param {Step} step @param {Start} start */
function isDrawn({ experiment }, { epoch }) {
  const isSet = editsOf(experiment).some((edit) => edit.epoch === 0 && 'parameter' in edit);
  return epoch === 0 && experiment.initializer.kind === 'numpy_randn' && !isSet;
}

/** Data and first parameters. @param {Step} step @param {Start} start @param {Manner} manner */
function numbers(step, start, { given, parameter, drawn }) {
  const { seed = 42 } = step.experiment.initializer;
  const { X, y, parameters } = start;
  const draws = isDrawn(step, start);
  const values = Object.entries(parameters).map(([name, rows]) => {
    const shape = `${rows.length}, ${rows[0].length}`;
    if (!draws) return `${name} = ${parameter(matrix(rows))}`;
    const text = name[0] === 'W' ? `np.random.randn(${shape})` : `np.zeros((${shape}))`;
    return `${name} = ${drawn(text)}`;
  });
  return [
    `X = ${given(matrix(X))}`,
    `y = ${given(matrix(y))}`,
    '',
    ...(draws ? [`np.random.seed(${seed})`] : []),
    ...values,
    '',
  ];
}

/** @param {Step} step @param {Start} start @param {Manner} manner */
export function pythonFrame(step, start, manner) {
  const { epoch, end } = start;
  const rate = `learning_rate = ${numpyText(rateText(step.experiment, start))}`;
  const baseRate = baseRateText(step.experiment, start);
  const edits = editTexts(step, start, (name, row, column) => {
    return `${name}${manner.values}[${row}, ${column}]`;
  });
  const shown = start.loss === undefined ? '' : `  # ${start.loss}`;
  return {
    before: [
      ...manner.imports(isDrawn(step, start) || rate.includes('np.')),
      '',
      ...numbers(step, start, manner),
      ...manner.functions,
      ...(rate.includes('epoch') ? [`epoch = ${epoch}`] : []),
      ...(baseRate ? [baseRate] : []),
      rate,
      ...manner.settings,
      `for epoch in range(${epoch ? `${epoch}, ${end}` : end}):`,
      ...edits.map((edit) => `    if epoch == ${edit.epoch}: ${edit.text}`),
      ...(isMoving(rate) ? [`    ${rate}`, ...manner.withRate] : []),
      ...(manner.isOwn ? [`    t = epoch - ${epoch} + 1`] : []),
    ],
    after: ['', `print(${manner.loss})${shown}`],
  };
}
