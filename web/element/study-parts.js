// From the studies to what is seen: seed atlas, table of shares, why the run is stuck, landscape.
import { html } from 'lit';
import { CELL_SEEDS, COUNTS, seedOf, withSeed } from '../engine/atlas.js';
import { difference, isSame } from '../state/experiment.js';
import { parameterArrays, parameterName } from '../state/parameters.js';
import { sentenceView } from '../views/controls.js';
import { landscapeView } from '../views/landscape.js';
import { seedsView, sharesView } from '../views/seeds.js';

/** @typedef {import('./figure.js').FigureState} FigureState */
/** @typedef {import('../engine/run.js').Scene} Scene */

/** Parameters that can be chosen as axes. */
const MOST_AXES = 100;

/**
 * @param {FigureState} state
 * @param {Scene} scene
 */
export function seedsPart({ atlas, ui, sizes, table, actions }, { experiment, info }) {
  if (!atlas) return undefined;
  const { onStudy } = actions;
  return seedsView({
    ...atlas,
    info,
    seed: seedOf(experiment),
    epochs: atlas.experiment.epochs,
    counts: COUNTS,
    order: ui.order ?? 'outcome',
    pointed: ui.seed,
    isTableOpen: ui.isSeedTableOpen ?? false,
    width: sizes.seeds,
    table,
    onCount: (count) => onStudy((studies) => studies.useCount(count)),
    onGoOn: () => onStudy((studies) => studies.goOn()),
    onOrder: (order) => actions.onSet({ order }),
    onPoint: (seed) => {
      if (seed !== ui.seed) actions.onSet({ seed });
    },
    onSeed: (seed) => actions.onExperiment(difference(withSeed(experiment, seed))),
    onToggle: (isSeedTableOpen) => actions.onSet({ isSeedTableOpen }),
  });
}

/**
 * @param {FigureState} state
 * @param {Scene} scene
 */
export function sharesPart({ atlas, actions }, { experiment }) {
  if (!atlas || atlas.table.length === 0) return undefined;
  const seed = seedOf(experiment);
  return sharesView({
    shares: atlas.table,
    judge: atlas.judge,
    seeds: CELL_SEEDS,
    epochs: atlas.experiment.epochs,
    isShown: (share) => isSame(withSeed(share.experiment, seed), experiment),
    onShare: (share) => actions.onExperiment(difference(withSeed(share.experiment, seed))),
  });
}

/** @param {FigureState} state */
export function whyPart({ atlas }) {
  if (!atlas?.why) return undefined;
  const { isStuck, parts } = atlas.why;
  const seed = seedOf(atlas.experiment);
  return html`<p class="label" id="why">
      ${isStuck ? `Why seed ${seed} is stuck` : `What holds seed ${seed} up`}
    </p>
    ${sentenceView(parts)}`;
}

/**
 * @param {FigureState} state
 * @param {Scene} scene
 */
export function landscapePart({ landscape, ui, sizes, table, actions }, { info, snapshot }) {
  if (!landscape) return undefined;
  const arrays = parameterArrays(info);
  const count = Math.min(MOST_AXES, info.parameterCount);
  return landscapeView({
    landscape: landscape.landscape,
    isRefused: landscape.isRefused,
    axes: landscape.axes,
    base: landscape.epoch,
    names: Array.from({ length: count }, (_, i) => parameterName(arrays, i)),
    epoch: snapshot.epoch,
    loss: snapshot.loss,
    pointed: ui.point,
    isTableOpen: ui.isPlaneTableOpen ?? false,
    width: sizes.landscape,
    table,
    onAxes: (axes) => actions.onStudy((studies) => studies.useAxes(axes)),
    onPoint: (point) => actions.onSet({ point }),
    onScrub: actions.onScrub,
    onToggle: (isPlaneTableOpen) => actions.onSet({ isPlaneTableOpen }),
  });
}
