// What the programs in NumPy and PyTorch share: how they begin, their loop, and an optimizer of their
// own.
import { editsOf } from '../edits.js';
import { forwardOf, loopOf } from './epochs.js';
import {
  baseRateText,
  isLong,
  isMoving,
  matrix,
  prefixed,
  rateText,
  rename,
  updateOf,
} from './notation.js';

/** @typedef {import('../step.js').Step} Step */
/** @typedef {import('../listings.js').Code} Code */
/** @typedef {import('../listings.js').Frame} Frame */
/** @typedef {import('../listings.js').Start} Start */
/** @typedef {import('./epochs.js').Loop} Loop */
/** @typedef {import('./epochs.js').Words} Words */

/**
 * What NumPy and PyTorch say each in its own way.
 * @typedef {object} Manner
 * @property {(text: string) => string} given numbers that are given
 * @property {(text: string) => string} parameter a parameter that is given
 * @property {(text: string) => string} drawn a parameter that NumPy draws
 * @property {(needsNumpy: boolean) => string[]} imports
 * @property {string[]} functions
 * @property {(text: string) => string} rate the learning rate as a number
 * @property {string[]} settings lines after the learning rate
 * @property {string[]} withRate lines of the loop after a learning rate of its own
 * @property {string} values of an array, which can be set
 * @property {string} loss as a number
 * @property {string} evaluated what is said of a function without gradients
 * @property {boolean} needsLoss whether the step of a mini-batch goes by its loss
 */

/** The order of an epoch's rows, as the engine shuffles them. */
const SHUFFLED = `\
def mix(x):  # SplitMix64
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9 % 2**64
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb % 2**64
    return x ^ (x >> 31)

def rotate(x, k):
    return (x << k | x >> (64 - k)) % 2**64

def shuffled(count, seed, epoch):  # Fisher and Yates, by xoshiro256**
    start = mix(seed) + epoch
    a, b, c, d = [mix((start + k * 0x9e3779b97f4a7c15) % 2**64) for k in [1, 2, 3, 4]]
    order = list(range(count))
    for i in range(count - 1, 0, -1):
        while True:
            product = (rotate(b * 5 % 2**64, 7) * 9 % 2**64 >> 32) * (i + 1)
            a, b, c, d = a ^ b ^ d, a ^ b ^ c, a ^ c ^ (b << 17) % 2**64, rotate(b ^ d, 45)
            if product % 2**32 >= 2**32 % (i + 1): break
        j = product >> 32
        order[i], order[j] = order[j], order[i]
    return order
`;

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

/** Data and first parameters. @param {Step} step @param {Start} start @param {Loop} loop @param {Manner} manner */
function numbers(step, start, { data }, { given, parameter, drawn }) {
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
    `${data[0]} = ${given(matrix(X))}`,
    `${data[1]} = ${given(matrix(y))}`,
    '',
    ...(draws ? [`np.random.seed(${seed})`] : []),
    ...values,
    '',
  ];
}

/** @param {Manner} manner @returns {Words} */
const wordsOf = ({ values, loss, needsLoss }) => ({
  base: '',
  tab: '    ',
  equals: '==',
  or: ' or ',
  end: '',
  close: [],
  when: (condition, statement) => `if ${condition}: ${statement}`,
  place: (name, row, column) => `${name}${values}[${row}, ${column}]`,
  loss,
  evaluated: 'loss',
  patience: [`since = 0 if ${loss} < lowest else since + 1`, `lowest = min(lowest, ${loss})`],
  batchLoop({ size, seed }) {
    const loop = `for first in range(0, len(inputs), ${size}):`;
    const part = `[first:first + ${size}]`;
    if (seed === undefined) return [loop, `    X, y = inputs${part}, targets${part}`];
    return [
      `order = shuffled(len(inputs), ${seed}, epoch)`,
      loop,
      `    batch = order${part}`,
      '    X, y = inputs[batch], targets[batch]',
    ];
  },
  needsLoss,
});

/** What mini-batches need before the loop. @param {Loop} loop @param {Code[]} body @param {Manner} manner */
function batchFunctions({ batches }, body, { evaluated }) {
  if (!batches) return [];
  const lines = forwardOf(body).map((line) => `    ${line}`);
  const order = batches.seed === undefined ? [] : [SHUFFLED];
  return [`${evaluated}def loss_of(X, y):`, ...lines, '', ...order];
}

/** @param {Step} step @param {Start} start @param {Code[]} body @param {Manner} manner @returns {Frame} */
export function pythonFrame(step, start, body, manner) {
  const { epoch, end } = start;
  const rate = `learning_rate = ${manner.rate(numpyText(rateText(step.experiment, start)))}`;
  const baseRate = baseRateText(step.experiment, start);
  const shown = start.loss === undefined ? '' : `  # ${start.loss}`;
  const everyEpoch = isMoving(rate) ? [rate, ...manner.withRate] : [];
  const counts = /\bt\b/.test(manner.functions.join());
  const loop = loopOf(step, start, body, wordsOf(manner), everyEpoch, counts);
  return {
    before: [
      ...manner.imports(isDrawn(step, start) || rate.includes('np.')),
      '',
      ...numbers(step, start, loop, manner),
      ...manner.functions,
      ...batchFunctions(loop, body, manner),
      ...(rate.includes('epoch') ? [`epoch = ${epoch}`] : []),
      ...(baseRate ? [baseRate] : []),
      rate,
      ...manner.settings,
      ...(loop.isPatient ? ["lowest, since = float('inf'), 0"] : []),
      ...(counts ? ['t = 0'] : []),
      `for epoch in range(${epoch ? `${epoch}, ${end}` : end}):`,
      ...loop.inLoop,
    ],
    step: loop.step,
    after: [...loop.close, '', `print(${loop.result})${shown}`],
    indent: loop.indent,
  };
}
