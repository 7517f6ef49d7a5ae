// The parts that lie further down a page, with what they need: a file of its own where the site is
// split. Elsewhere it is inside.
import { noChange, nothing } from 'lit/html.js';
import { fitsSteps } from '../state/limits.js';
import { checkStyles, checkView } from '../views/gradient-check.js';
import { landscapeStyles } from '../views/landscape.js';
import { mistakesStyles, mistakesView } from '../views/mistakes.js';
import { seedsStyles } from '../views/seeds.js';
import { stepView, stepViewStyles } from '../views/step.js';
import { STEP_START } from '../views/step-frame.js';
import { landscapePart, seedsPart, sharesPart, whyPart } from './study-parts.js';

export { Studies } from './studies.js';

/** @typedef {import('../engine/run.js').Scene} Scene */
/** @typedef {import('./figure.js').LatePart} LatePart */

/** @type {Record<string, LatePart>} */
export const parts = {
  step: stepPart,
  check: checkPart,
  mistakes: mistakesPart,
  seeds: seedsPart,
  why: whyPart,
  shares: sharesPart,
  landscape: landscapePart,
};

export const partStyles = [
  checkStyles,
  mistakesStyles,
  seedsStyles,
  landscapeStyles,
  ...stepViewStyles,
];

/**
 * Out of sight nobody reads the trace out: then it stays as it is.
 * @type {LatePart}
 */
function stepPart({ sizes, ui, actions, docs, inTurn }, { info, experiment, snapshot }) {
  const own = ui.step ?? STEP_START;
  const onChange = (/** @type {Partial<typeof own>} */ change) =>
    actions.onSet({ step: { ...own, ...change } });
  if (fitsSteps(info) && !snapshot.trace) return noChange;
  const width = sizes.figure;
  return stepView({ info, experiment, snapshot, width, ui: own, onChange, docs, inTurn });
}

/** @type {LatePart} */
function checkPart({ sizes, ui, question, actions, inTurn }, { info, snapshot: { check } }) {
  const { onAsk, onEpsilon } = actions;
  const problem = ui.badEpsilon ?? '';
  return check && question
    ? checkView({ info, check, question, width: sizes.along, problem, onAsk, onEpsilon, inTurn })
    : nothing;
}

/** @type {LatePart} */
function mistakesPart({ sizes, question, actions, inTurn }, { snapshot, curves }) {
  const { onAsk } = actions;
  if (!snapshot.broken || !question) return nothing;
  const own = curves?.mistake === snapshot.broken.mistake ? curves : undefined;
  return mistakesView({
    broken: snapshot.broken,
    curves: own,
    asked: question.mistake,
    width: sizes.curves,
    onAsk,
    inTurn,
  });
}
