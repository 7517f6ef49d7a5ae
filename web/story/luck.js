// The numbers of the part about other seeds: shares of those that learn, and the plane of the path.
import { count } from '../state/format.js';
import { SOLVED, xorKind } from '../state/outcome.js';

/** @typedef {import('../engine/messages.js').Job} Job */
/** @typedef {import('./numbers.js').Numbers} Numbers */
/** @typedef {import('./numbers.js').Shown} Shown */

/** Hidden units and learning rates that the text speaks of. @type {[number, number][]} */
const SETTINGS = [
  [2, 0.1],
  [2, 1],
  [3, 1],
  [4, 1],
  [8, 1],
];
export const LUCK_SEEDS = 200;

/**
 * @param {number} units
 * @param {number} rate
 */
export function xorWith(units, rate) {
  return {
    layers: [
      { units, activation: 'sigmoid' },
      { units: 1, activation: 'sigmoid' },
    ],
    optimizer: { kind: 'sgd', learningRate: rate },
  };
}

/**
 * @param {(job: Job) => Promise<any>} ask has the engine do a job
 * @returns {Promise<Numbers>}
 */
export async function luckNumbers(ask) {
  const seeds = Array.from({ length: LUCK_SEEDS }, (_, seed) => seed);
  /** @type {Numbers} */
  const numbers = {};
  const surveys = SETTINGS.map(async ([units, rate]) => {
    const experiment = xorWith(units, rate);
    const { losses } = await ask({ kind: 'survey', experiment, seeds, hasMaps: false });
    /** @type {number[]} */
    const all = [...losses];
    const name = `${units}@${rate}`;
    numbers[`solved ${name}`] = share(all.filter((loss) => loss < SOLVED).length);
    numbers[`trapped ${name}`] = share(all.filter((loss) => xorKind(loss) === 'trapped').length);
  });
  const { shares } = await ask({ kind: 'landscape', experiment: {}, epoch: 0 });
  const kept = 100 * (shares[0] + shares[1]);
  numbers['in the plane'] = { text: `${kept.toFixed(1)} %`, exact: `${kept} %` };
  await Promise.all(surveys);
  return numbers;
}

/**
 * @param {number} some of the seeds
 * @returns {Shown}
 */
function share(some) {
  const exact = `${count(some)} of ${LUCK_SEEDS}`;
  return { text: `${(100 * some) / LUCK_SEEDS} %`, exact };
}
