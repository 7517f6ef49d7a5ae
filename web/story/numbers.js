// The numbers of the article. The build asks the engine for them, and so does the page, anew.
import { exact, number, signed } from '../state/format.js';

/** @typedef {import('../state/types.js').Snapshot} Snapshot */
/** @typedef {import('../state/types.js').Looks} Looks */
/** @typedef {Record<string, unknown>} Given */
/** @typedef {(experiment: Given, epoch: number, looks?: Looks) => Promise<Snapshot>} Ask */

/** As it is read, and all of it. @typedef {{ text: string, exact: string }} Shown */
/** @typedef {Record<string, Shown>} Numbers by the names that the page's text uses */

/** The post's rows, in its order, and what XOR wants of them. */
const ROWS = ['00', '01', '10', '11'];
const TARGETS = [0, 1, 1, 0];
/** The epochs whose losses the text and the still give. */
export const LOSS_EPOCHS = [0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 9999];

/** Where W2 begins in the flat parameters: after W1 [2, 2] and b1 [2]. */
const FIRST_OF_W2 = 6;

/** @type {Record<string, Given>} other experiments that the article points to */
export const OTHERS = {
  seed: {
    initializer: { kind: 'numpy_randn', seed: 1 },
    optimizer: { kind: 'sgd', learningRate: 1 },
  },
  wider: {
    layers: [
      { units: 4, activation: 'sigmoid' },
      { units: 1, activation: 'sigmoid' },
    ],
    optimizer: { kind: 'sgd', learningRate: 1 },
  },
  tanh: {
    layers: [
      { units: 4, activation: 'tanh' },
      { units: 1, activation: 'sigmoid' },
    ],
  },
};

/**
 * @param {Ask} ask takes a run to an epoch
 * @param {Given} [post] the run of which the article tells: 2-2-1 on XOR
 * @returns {Promise<Numbers>}
 */
export async function storyNumbers(ask, post = {}) {
  /** @type {Numbers} */
  const numbers = {};
  for (const epoch of LOSS_EPOCHS)
    numbers[`loss@${epoch}`] = plainly((await ask(post, epoch)).loss);
  Object.assign(numbers, await firstStep(ask, post), await finished(ask, post));
  Object.assign(numbers, await bothSides(ask, post));
  numbers['loss@100000'] = plainly((await ask(post, 100000)).loss);
  for (const [name, experiment] of Object.entries(OTHERS))
    numbers[`${name}@10000`] = plainly((await ask({ ...post, ...experiment }, 10000)).loss);
  return numbers;
}

/** @param {number} value */
const plainly = (value) => ({ text: number(value), exact: exact(value) });
/** @param {number} value */
const withSign = (value) => ({ text: signed(value), exact: exact(value) });

/** Arrays that are never negative go without a sign. */
const UNSIGNED = new Set(['X', 'y', 'a1', 'a2', 'd_a2_z2', 'd_a1_z1']);

/**
 * Every array of the step from epoch 0 to epoch 1, as `name[row,column]`; the parameters after it, as
 * `new name[row,column]`; and the loss there.
 * @param {Ask} ask
 * @param {Given} post
 */
async function firstStep(ask, post) {
  /** @type {Numbers} */
  const numbers = {};
  const { trace = [] } = await ask(post, 0, { trace: true });
  const after = await ask(post, 1, { trace: true });
  for (const array of trace) addArray(numbers, '', array);
  for (const array of after.trace ?? [])
    if (/^[Wb]\d$/.test(array.name)) addArray(numbers, 'new ', array);
  numbers['loss@1'] = plainly(after.loss);
  const outputs = trace.find(({ name }) => name === 'a2')?.values ?? [];
  for (const [i, output] of outputs.entries()) {
    const error = output - TARGETS[i];
    numbers[`error[${i},0]`] = withSign(error);
    numbers[`square[${i},0]`] = plainly(error * error);
  }
  return numbers;
}

/**
 * @param {Numbers} numbers
 * @param {string} prefix
 * @param {import('../state/types.js').TraceArray} array
 */
function addArray(numbers, prefix, { name, rows, cols, values }) {
  const show = UNSIGNED.has(name) ? plainly : withSign;
  for (let row = 0; row < rows; row++)
    for (let col = 0; col < cols; col++)
      numbers[`${prefix}${name}[${row},${col}]`] = show(values[row * cols + col]);
}

/**
 * The first step's gradient by W2[0,0], beside the losses on both sides of it.
 * @param {Ask} ask
 * @param {Given} post
 */
async function bothSides(ask, post) {
  const { trace = [] } = await ask(post, 0, { trace: true });
  const at = (/** @type {string} */ name) => trace.find((array) => array.name === name)?.values[0];
  const [weight = 0, gradient = 0] = [at('W2'), at('d_W2')];
  const lossAt = async (/** @type {number} */ distance) => {
    const edits = [{ epoch: 0, parameter: FIRST_OF_W2, value: weight + distance }];
    return (await ask({ ...post, edits }, 0)).loss;
  };
  const slopeBy = async (/** @type {number} */ distance) =>
    ((await lossAt(distance)) - (await lossAt(-distance))) / (2 * distance);
  const errorOf = (/** @type {number} */ slope) =>
    Math.abs(slope - gradient) / Math.max(Math.abs(slope), Math.abs(gradient));
  const slope = await slopeBy(0.1);
  return {
    'loss above': plainly(await lossAt(0.1)),
    'loss below': plainly(await lossAt(-0.1)),
    quotient: withSign(slope),
    'quotient error': plainly(errorOf(slope)),
    'quotient error by 10': plainly(errorOf(await slopeBy(0.01))),
  };
}

/**
 * The run after 10,000 epochs.
 * @param {Ask} ask
 * @param {Given} post
 */
async function finished(ask, post) {
  const { loss, predictions, hidden, digest } = await ask(post, 10000, {
    hidden: true,
    digest: true,
  });
  const values = hidden ?? new Float64Array(8);
  /** @type {Numbers} */
  const numbers = { 'loss@10000': plainly(loss) };
  numbers.digest = { text: digest ?? '', exact: digest ?? '' };
  for (const [i, row] of ROWS.entries()) {
    numbers[`a2(${row})`] = plainly(predictions[i]);
    numbers[`h1(${row})`] = plainly(values[2 * i]);
    numbers[`h2(${row})`] = plainly(values[2 * i + 1]);
  }
  const apart = [0, 1].map((unit) => Math.abs(values[2 + unit] - values[6 + unit]));
  numbers.apart = plainly(Math.max(...apart));
  numbers.slope = plainly(values[3] * (1 - values[3]));
  return numbers;
}
