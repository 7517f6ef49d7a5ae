// How runs have ended: the kinds there are, which kind a run is, and how many of each.

/** @typedef {import('./types.js').Experiment} Experiment */
/** @typedef {import('./types.js').RunInfo} RunInfo */
/** @typedef {import('./types.js').UnitMap} UnitMap */

/**
 * @typedef {object} Outcome
 * @property {number} seed
 * @property {number} loss at the end; of the last finite state where it has diverged
 * @property {boolean} diverged
 * @property {UnitMap} [map]
 */

/**
 * Runs of one kind.
 * @typedef {object} Kind
 * @property {string} name
 * @property {string} range of the loss, in words
 * @property {Outcome[]} outcomes the lowest loss first
 */

/**
 * How runs are told apart: by XOR's own landmarks, or into quarters.
 * @typedef {'xor' | 'quarters'} Judge
 */

export const SOLVED = 0.01;
const TRAP = 0.125;
const TRAP_WIDTH = 0.01;
const PLATEAU = 0.2;

/**
 * XOR's landmarks are those of the mean squared error with one output from 0 to 1.
 * @param {Experiment} experiment
 * @param {RunInfo} info
 * @returns {Judge}
 */
export function judgeOf({ data, loss, layers }, { outputs }) {
  const isXor = data.kind === 'xor' || data.kind === 'xnor';
  const { activation } = layers[layers.length - 1];
  return isXor && loss === 'mse' && outputs === 1 && activation === 'sigmoid' ? 'xor' : 'quarters';
}

/** @param {Outcome} outcome */
export function isSolved({ loss, diverged }) {
  return loss < SOLVED && !diverged;
}

/**
 * Which of XOR's kinds a loss is.
 * @param {number} loss
 */
export function xorKind(loss) {
  if (loss < SOLVED) return 'solved';
  if (Math.abs(loss - TRAP) <= TRAP_WIDTH) return 'trapped';
  return loss > PLATEAU ? 'plateau' : 'the rest';
}

const XOR_KINDS = [
  ['solved', 'loss below 0.01'],
  ['the rest', 'any other loss'],
  ['trapped', 'loss 0.125 ± 0.01'],
  ['plateau', 'loss above 0.2'],
];
const QUARTERS = ['lowest quarter', 'second quarter', 'third quarter', 'highest quarter'];

/**
 * The kinds, each with its runs; those that diverged make one of their own.
 * @param {Outcome[]} outcomes
 * @param {Judge} judge
 * @param {(loss: number) => string} write
 * @returns {Kind[]}
 */
export function kindsOf(outcomes, judge, write) {
  const sorted = [...outcomes].sort((a, b) => a.loss - b.loss || a.seed - b.seed);
  const finite = sorted.filter(({ diverged }) => !diverged);
  const diverged = sorted.filter((outcome) => outcome.diverged);
  const kinds = judge === 'xor' ? xorKinds(finite) : quarters(finite, write);
  if (diverged.length > 0)
    kinds.push({ name: 'diverged', range: 'no longer finite', outcomes: diverged });
  return kinds;
}

/**
 * @param {Outcome[]} sorted
 * @returns {Kind[]}
 */
function xorKinds(sorted) {
  return XOR_KINDS.map(([name, range]) => ({
    name,
    range,
    outcomes: sorted.filter(({ loss }) => xorKind(loss) === name),
  }));
}

/**
 * @param {Outcome[]} sorted
 * @param {(loss: number) => string} write
 * @returns {Kind[]}
 */
function quarters(sorted, write) {
  return QUARTERS.map((name, i) => {
    const at = (/** @type {number} */ quarter) => Math.round((quarter * sorted.length) / 4);
    const outcomes = sorted.slice(at(i), at(i + 1));
    const [first, last] = [outcomes[0], outcomes[outcomes.length - 1]];
    return {
      name,
      range: first ? `loss ${write(first.loss)} to ${write(last.loss)}` : '',
      outcomes,
    };
  });
}

/**
 * The middle loss; of an even number the upper of the two.
 * @param {Outcome[]} outcomes at least one
 */
export function medianLoss(outcomes) {
  const losses = outcomes.map(({ loss }) => loss).sort((a, b) => a - b);
  return losses[losses.length >> 1];
}
