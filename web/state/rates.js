// The learning rate along a run, as a line to draw.
import { editsOf } from './edits.js';
import { rateAt } from './optimizers.js';

/** Points of the line, beside those where it jumps. */
const POINTS = 160;
const MOST_JUMPS = 200;

/**
 * @param {import('./types.js').Experiment} experiment complete
 * @param {number} end the last epoch
 * @returns {{ epoch: number, rate: number }[]}
 */
export function rateLine(experiment, end) {
  const epochs = new Set(jumpsOf(experiment, end).flatMap((epoch) => [epoch - 1, epoch]));
  for (let i = 0; i <= POINTS; i++) epochs.add(Math.round((end * i) / POINTS));
  return [...epochs]
    .filter((epoch) => epoch >= 0 && epoch <= end)
    .sort((a, b) => a - b)
    .map((epoch) => ({ epoch, rate: rateAt(experiment, epoch) }));
}

/**
 * Where the rate changes at once: at edits, at a schedule's steps, at the end of a rise.
 * @param {import('./types.js').Experiment} experiment
 * @param {number} end
 */
function jumpsOf(experiment, end) {
  const {
    kind,
    stepSize = 1000,
    warmup = 100,
  } = /** @type {Record<string, any>} */ (experiment.schedule);
  const jumps = editsOf(experiment).map(({ epoch }) => epoch);
  if (kind === 'warmup_cosine') jumps.push(warmup);
  if (kind === 'step')
    for (let epoch = stepSize; epoch <= end && jumps.length < MOST_JUMPS; epoch += stepSize)
      jumps.push(epoch);
  return jumps;
}
