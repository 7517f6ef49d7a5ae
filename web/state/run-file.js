// A run as a file: JSON of {experiment, epoch}.
import { difference, parseEpoch, parseExperiment } from './experiment.js';
import { MOST_TEXT, shorten } from './permalink.js';

/**
 * @param {Record<string, unknown>} experiment
 * @param {number} epoch
 */
export function writeRunFile(experiment, epoch) {
  return `${JSON.stringify({ experiment: difference(experiment), epoch }, null, 2)}\n`;
}

/**
 * @param {{ size: number, text: () => Promise<string> }} file
 * @returns {Promise<{ experiment: Record<string, unknown>, epoch: number } | { problem: string }>}
 */
export async function readRunFile(file) {
  if (file.size > MOST_TEXT)
    return { problem: `it must have at most ${MOST_TEXT} bytes, and has ${file.size}` };
  let text;
  try {
    text = await file.text();
  } catch {
    return { problem: 'it cannot be read' };
  }
  const run = parseExperiment(text);
  if ('message' in run) return { problem: run.message };
  const { experiment, epoch = 0, ...others } = run.experiment;
  const [other] = Object.keys(others);
  if (other !== undefined) return { problem: `${shorten(other)} is neither experiment nor epoch` };
  if (typeof experiment !== 'object' || experiment === null || Array.isArray(experiment))
    return { problem: 'experiment must be an object' };
  const at = Number.isInteger(epoch) ? parseEpoch(epoch) : undefined;
  if (at === undefined)
    return { problem: `epoch must be a whole number from 0 up, not ${shorten(String(epoch))}` };
  return { experiment: /** @type {Record<string, unknown>} */ (experiment), epoch: at };
}
