// From the studies to what is seen: seed atlas, table of shares, why the run is stuck, landscape.
import { html } from 'lit/html.js';
import { CELL_SEEDS, COUNTS, seedOf, withSeed } from '../engine/atlas.js';
import { isSame } from '../state/experiment.js';
import { parameterArrays, parameterName } from '../state/parameters.js';
import { sentenceView } from '../views/controls.js';
import { landscapeView } from '../views/landscape.js';
import { seedsView, sharesView } from '../views/seeds.js';

/** @typedef {import('./figure.js').FigureState & { studies: import('./studies.js').Studies }} FigureState */
/** @typedef {import('../engine/run.js').Scene} Scene */

/** Parameters that can be chosen as axes. */
const MOST_AXES = 100;

/**
 * @param {FigureState} state
 * @param {Scene} scene
 */
export function seedsPart({ studies, ui, sizes, table, actions }, { experiment, info }) {
  const { atlas, order, isTableOpen, tiles, rows } = studies;
  if (!atlas) return undefined;
  tiles.reach(atlas.outcomes.length);
  if (isTableOpen) rows.reach(atlas.outcomes.length);
  return seedsView({
    ...atlas,
    info,
    seed: seedOf(experiment),
    epochs: atlas.experiment.epochs,
    counts: COUNTS,
    order,
    pointed: ui.seed,
    isTableOpen,
    tiles: tiles.shown,
    rows: rows.shown,
    width: sizes.seeds,
    table,
    onCount: (count) => studies.useCount(count),
    onGoOn: () => studies.goOn(),
    onOrder: (name) => studies.useOrder(name),
    onPoint: (seed) => {
      if (seed !== ui.seed) actions.onSet({ seed });
    },
    onSeed: (seed) => actions.onExperiment(withSeed(experiment, seed)),
    onToggle: (isOpen) => studies.useTable(isOpen),
  });
}

/**
 * @param {FigureState} state
 * @param {Scene} scene
 */
export function sharesPart({ studies: { atlas }, actions }, { experiment }) {
  if (!atlas || atlas.table.length === 0) return undefined;
  const seed = seedOf(experiment);
  return sharesView({
    shares: atlas.table,
    judge: atlas.judge,
    seeds: CELL_SEEDS,
    epochs: atlas.experiment.epochs,
    isShown: (share) => isSame(withSeed(share.experiment, seed), experiment),
    onShare: (share) => actions.onExperiment(withSeed(share.experiment, seed)),
  });
}

/** @param {FigureState} state */
export function whyPart({ studies: { atlas } }) {
  if (!atlas?.why) return undefined;
  const { isStuck, parts } = atlas.why;
  const seed = seedOf(atlas.experiment);
  return html`<p class="label" part="label" id="why">
      ${isStuck ? `Why seed ${seed} is stuck` : `What holds seed ${seed} up`}
    </p>
    ${sentenceView(parts)}`;
}

/**
 * @param {FigureState} state
 * @param {Scene} scene
 */
export function landscapePart({ studies, ui, sizes, table, actions, inTurn }, { info, snapshot }) {
  const { landscape } = studies;
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
    onAxes: (axes) => studies.useAxes(axes),
    onPoint: (point) => actions.onSet({ point }),
    onScrub: actions.onScrub,
    onToggle: (isPlaneTableOpen) => actions.onSet({ isPlaneTableOpen }),
    inTurn,
  });
}
