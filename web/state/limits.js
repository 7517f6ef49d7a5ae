// How large a run may be to be shown number by number.

/** @typedef {import('./types.js').RunInfo} RunInfo */

const MOST_LAYERS = 4;
const MOST_UNITS = 8;
const MOST_SAMPLES = 1000;

/** @param {RunInfo} info */
const widest = ({ names, layers }) => Math.max(names.length, ...layers.map(({ units }) => units));

/** @param {RunInfo} info */
export function fitsSteps(info) {
  const isNarrow = widest(info) <= MOST_UNITS && info.outputs <= MOST_UNITS;
  return isNarrow && info.layers.length <= MOST_LAYERS && info.rowCount <= MOST_SAMPLES;
}

/**
 * Why there is no step to show; empty where there is.
 * @param {RunInfo} info
 * @param {string} loss
 */
export function whyNoSteps(info, loss) {
  const { layers, rowCount, samples } = info;
  if (!fitsSteps(info))
    return `Step by step is for up to ${MOST_LAYERS} layers, ${MOST_UNITS} units or inputs and ${MOST_SAMPLES} rows; here are ${layers.length} layers, up to ${widest(info)} units or inputs and ${rowCount} rows.`;
  const isShare = samples.targets.every((row) => row.reduce((a, b) => a + b) === 1);
  return loss === 'cross_entropy' && !isShare
    ? 'Step by step is for targets that add up to 1 in every row where the loss is cross-entropy; these do not.'
    : '';
}
