// What ails a run, in words. Every rule stands here; where none applies there is nothing to say.
import { baseRateAt } from './edits.js';
import { count, number, plain } from './format.js';

/** @typedef {import('../element/figure.js').Scene} Scene */
/** @typedef {import('./types.js').Watch} Watch */
/** @typedef {import('./strings.js').Part} Part */

/**
 * @typedef {object} Finding
 * @property {'diverged' | 'dead' | 'saturated' | 'unmoved' | 'overfitting'} kind
 * @property {Part[]} parts
 * @property {number} [epoch] one worth going to
 */

/** A layer is spoken of when this share of its units is dead, or saturated. */
const SHARE = 0.5;
/** A run is solved when every row is right, or its loss is this share of what it was at first. */
const SOLVED = 0.1;
/** A loss has not moved when it stayed within this share of itself over the latter half of the run. */
const STILL = 0.01;
/** Epochs before which nothing is said of that. */
const EARLY = 100;
/** The test loss has risen when it is above its lowest by this share. */
const RISE = 0.05;

/**
 * @param {Scene} scene
 * @returns {Finding[]}
 */
export function healthOf(scene) {
  if (scene.snapshot.diverged) return [diverged(scene)];
  return [dead, saturated, unmoved, overfitting].flatMap((rule) => rule(scene));
}

/**
 * @param {Scene} scene
 * @returns {Finding}
 */
function diverged({ experiment, snapshot: { epoch } }) {
  const rate = experiment.optimizer.learningRate && baseRateAt(experiment, epoch);
  const advice = rate
    ? ['. Its learning rate is ', { number: plain(rate) }, ': try ', { number: plain(rate / 10) }]
    : ['. Try smaller initial weights, or another optimizer'];
  const parts = ['The run diverged: the step after epoch ', { number: count(epoch) }];
  return { kind: 'diverged', parts: [...parts, ' is not finite', ...advice, '.'] };
}

/**
 * Relu units that are above 0 on no training row, in a layer where they are at least half.
 * @param {Scene} scene
 * @returns {Finding[]}
 */
function dead({ info, snapshot: { watch } }) {
  return layersWith(
    info,
    watch?.units.map((layer) => layer.dead),
  ).map(({ layer, n, units }) => ({
    kind: 'dead',
    parts: [
      ...(n === units ? [`Layer ${layer} is dead: all `] : [`In layer ${layer}, `]),
      { number: count(n) },
      ...(n === units
        ? [' of its relu units are at 0 on every row, so that no gradient passes through']
        : [' of ', { number: count(units) }, ' relu units are dead: at 0 on every row']),
      '. Try another seed, a smaller learning rate, or leaky_relu.',
    ],
  }));
}

/**
 * Units near an end of their range on nearly every row, in a layer where they are at least half, as
 * long as the run is not solved.
 * @param {Scene} scene
 * @returns {Finding[]}
 */
function saturated(scene) {
  const { info, snapshot } = scene;
  if (isSolved(scene)) return [];
  const units = snapshot.watch?.units.map((layer) => layer.saturated);
  return layersWith(info, units).map(({ layer, n, units, activation }) => ({
    kind: 'saturated',
    parts: [
      `Layer ${layer} is saturated: `,
      { number: count(n) },
      ' of ',
      { number: count(units) },
      ` ${activation} units are near an end of their range on nearly every row, where little gradient passes. Try smaller initial weights or inputs, or a smaller learning rate.`,
    ],
  }));
}

/**
 * @param {Scene['info']} info
 * @param {number[][]} [units] by hidden layer: those that are meant
 */
function layersWith({ layers }, units = []) {
  return units
    .map(({ length: n }, k) => ({ layer: k + 1, n, ...layers[k] }))
    .filter(({ n, units: all }) => n > 0 && n >= SHARE * all);
}

/**
 * @param {Scene} scene
 * @returns {boolean}
 */
function isSolved({ snapshot: { loss, watch }, history: { losses } }) {
  return watch?.accuracy === 1 || loss <= SOLVED * losses[0];
}

/**
 * @param {Scene} scene
 * @returns {Finding[]}
 */
function unmoved(scene) {
  const { epoch, loss } = scene.snapshot;
  if (epoch < EARLY || isSolved(scene)) return [];
  const { epochs, losses } = scene.history;
  const first = epochs.findIndex((e) => e >= epoch / 2);
  let [low, high] = [loss, loss];
  for (let i = first; i < epochs.length && epochs[i] <= epoch; i++) {
    low = Math.min(low, losses[i]);
    high = Math.max(high, losses[i]);
  }
  if (!(high - low <= STILL * Math.abs(loss))) return [];
  return [
    {
      kind: 'unmoved',
      parts: [
        'The loss has hardly moved since epoch ',
        { number: count(epochs[first]) },
        ': from ',
        { number: number(losses[first]) },
        ' to ',
        { number: number(loss) },
        '. It is on a plateau, or as low as this network gets: try a larger learning rate, another seed, or more units.',
      ],
    },
  ];
}

/**
 * @param {Scene} scene
 * @returns {Finding[]}
 */
function overfitting({ snapshot: { epoch, loss, testLoss }, history }) {
  const { epochs, losses, testLosses } = history;
  if (!testLosses || testLoss === undefined) return [];
  let best = 0;
  for (let i = 0; i < epochs.length && epochs[i] <= epoch; i++)
    if (testLosses[i] < testLosses[best]) best = i;
  const hasRisen = testLoss > testLosses[best] * (1 + RISE);
  if (epochs[best] >= epoch || !hasRisen || loss >= losses[best]) return [];
  return [
    {
      kind: 'overfitting',
      epoch: epochs[best],
      parts: [
        'The run over-fits: since epoch ',
        { number: count(epochs[best]) },
        ' the test loss has risen from ',
        { number: number(testLosses[best]) },
        ' to ',
        { number: number(testLoss) },
        ' while the training loss fell. Try to stop there, a penalty (L2), fewer units, or more rows.',
      ],
    },
  ];
}
