// The numbers of the article. The build asks the engine for them, and so does the page, anew.
import { number, signed } from '../state/format.js';

/** @typedef {import('../state/types.js').Snapshot} Snapshot */
/** @typedef {import('../state/types.js').Looks} Looks */
/** @typedef {(experiment: Record<string, unknown>, epoch: number, looks?: Looks) => Promise<Snapshot>} Ask */

/** The post's rows, in its order. */
const ROWS = ['00', '01', '10', '11'];
/** The epochs whose losses the table gives. */
export const LOSS_EPOCHS = [0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 9999];

/** @type {Record<string, Record<string, unknown>>} other experiments that the article points to */
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
 * @returns {Promise<Record<string, string>>} by the names that the page's text uses
 */
export async function storyNumbers(ask) {
  /** @type {Record<string, string>} */
  const numbers = {};
  for (const epoch of LOSS_EPOCHS) numbers[`loss@${epoch}`] = number((await ask({}, epoch)).loss);
  Object.assign(numbers, await finished(ask));
  numbers['loss@100000'] = number((await ask({}, 100000)).loss);
  for (const [name, experiment] of Object.entries(OTHERS))
    numbers[`${name}@10000`] = number((await ask(experiment, 10000)).loss);
  return numbers;
}

/**
 * The run after 10,000 epochs.
 * @param {Ask} ask
 */
async function finished(ask) {
  const { loss, predictions, hidden, digest } = await ask({}, 10000, {
    hidden: true,
    digest: true,
  });
  const values = hidden ?? new Float64Array(8);
  /** @type {Record<string, string>} */
  const numbers = { 'loss@10000': number(loss), digest: digest ?? '' };
  for (const [i, row] of ROWS.entries()) {
    numbers[`a2(${row})`] = number(predictions[i]);
    numbers[`error(${row})`] = signed(predictions[i] - [0, 1, 1, 0][i]);
    numbers[`h1(${row})`] = number(values[2 * i]);
    numbers[`h2(${row})`] = number(values[2 * i + 1]);
  }
  const apart = [0, 1].map((unit) => Math.abs(values[2 + unit] - values[6 + unit]));
  numbers.apart = number(Math.max(...apart));
  numbers.slope = number(values[3] * (1 - values[3]));
  return numbers;
}
