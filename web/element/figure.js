// From a run's state to what is seen: which parts a view has, and what each is given.
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from 'lit/directives/repeat.js';
import { html, noChange, nothing } from 'lit/html.js';
import { fractionOf } from '../state/axis.js';
import { readRows } from '../state/reading.js';
import { asText, stateSentence, withinEpoch } from '../state/strings.js';
import { controlsView, sentenceView } from '../views/controls.js';
import { lossView } from '../views/loss.js';
import { networkView } from '../views/network.js';
import { predictionsView } from '../views/predictions.js';
import { rowsView } from '../views/rows.js';

/** @typedef {import('../engine/run.js').Scene} Scene */

/** Widths. @typedef {Record<'figure' | 'network' | 'map' | 'loss' | 'along' | 'curves' | 'seeds' | 'landscape', number>} Sizes */

/**
 * What is loaded later, as far as it is there.
 * @typedef {object} Late
 * @property {Record<string, LatePart>} parts
 * @property {import('./studies.js').Studies} [studies]
 * @property {Tools} [tools] of the network and the map
 * @property {Overlay} [overlay] what lies over the prediction
 * @property {import('../engine/datasets.js').Datasets} [datasets]
 * @property {import('../state/types.js').Catalog} [catalog]
 */

/** @typedef {(state: FigureState, scene: Scene) => ((frame: import('../views/curve.js').Frame) => unknown) | undefined} Overlay */

/**
 * What can be done with the network where it can be changed, the unit that is looked at, and what can
 * be done with the map.
 * @typedef {object} Tools
 * @property {(state: FigureState, scene: Scene) => import('../views/network.js').Tools} networkTools
 * @property {(state: FigureState, scene: Scene) => ReturnType<typeof import('../views/network.js').pictureOf>} unitInLarge
 * @property {(state: FigureState, scene: Scene) => import('../views/predictions.js').MapTools | undefined} mapTools
 */

/**
 * What a part shows; undefined: nothing.
 * @typedef {(state: FigureState & { studies: import('./studies.js').Studies }, scene: Scene) => unknown} LatePart
 */

/**
 * @typedef {object} FigureState
 * @property {string[]} views
 * @property {boolean} isDark
 * @property {string} problem a message for the reader; may be empty
 * @property {boolean} hasFailed whether there will be no run
 * @property {Scene | undefined} scene
 * @property {Record<string, unknown>} given the experiment as it was last changed; the scene may still be that before
 * @property {number} end of the axis of epochs
 * @property {import('../state/axis.js').Scale} scale
 * @property {boolean} playing
 * @property {number} [speed] epochs a second, if it is chosen
 * @property {import('../state/types.js').Question} [question] what the gradient check shows
 * @property {Uint32Array} table of colours
 * @property {string} ink colour of lines on a canvas
 * @property {Sizes} sizes
 * @property {Ui} ui
 * @property {string} spoken
 * @property {Late} late the parts that a first view does without
 * @property {string[]} whole parts that are drawn whole; of the others only the pictures are drawn anew
 * @property {number} drawnEpoch the one at which the loss was last drawn whole
 * @property {import('./turns.js').Turns['part']} part draws a part as far as it has pieces to draw
 * @property {import('./turns.js').Turns['draw']} inTurn draws a piece for the first time where no other has come in this update
 * @property {string} docs where the mathematics is, if it is beside the page
 * @property {import('../state/types.js').Catalog} catalog loaded with the parts of a playground, which alone look at it
 * @property {boolean} canUndo
 * @property {boolean} canRedo
 * @property {import('../state/types.js').KeptRun[]} kept runs to compare with
 * @property {boolean} canKeep
 * @property {Actions} actions
 */

/**
 * What the reader has set in this figure alone.
 * @typedef {object} Ui
 * @property {number} output which output is mapped
 * @property {boolean} isTableOpen
 * @property {string} [badEpsilon] what is wrong with the ε that was typed
 * @property {number} [hover] the epoch under the pointer
 * @property {import('../state/axis.js').Scale} [lossAxis] what was chosen, if anything
 * @property {boolean} [isByClass] whether the map shows classes
 * @property {boolean} [hidesTests] whether the map leaves the rows of the test set out
 * @property {number[]} [mapPoint] the point of the map or the curve that is asked for
 * @property {number[]} [askedPoint] the one that was typed
 * @property {import('../views/playground/watch.js').WatchUi} [watch]
 * @property {number} [seed] the seed under the pointer
 * @property {{ x: number, y: number }} [point] the point of the landscape under the pointer
 * @property {boolean} [isPlaneTableOpen]
 * @property {number} [target] the epoch that the scrubber has been moved to
 * @property {import('../views/step-frame.js').StepUi} [step]
 * @property {import('../views/network.js').Spot} [spot] what is pointed at in the network
 * @property {import('../views/network.js').Spot} [stop] the network's unit that the tab key stops at
 * @property {import('../views/playground/weight-field.js').Open} [open] the number of the network that is being set
 * @property {Record<string, import('../views/playground/fields.js').Bad>} [bad] what was typed and cannot be, by field
 * @property {import('../views/playground/points.js').PointsUi} [points] the own ones
 * @property {import('../views/playground/table-reader.js').ReadingUi} [reading] of a table that was pasted or opened
 * @property {import('../views/playground/fields.js').Fitted} [fitted] what else the last change has changed
 */

/**
 * What the reader can do.
 * @typedef {object} Actions
 * @property {() => void} onPlay
 * @property {() => void} onPause
 * @property {(speed: number | undefined) => void} onSpeed
 * @property {(epochs: number) => void} onStep
 * @property {() => void} onStepOnce
 * @property {() => void} onReset
 * @property {(epoch: number) => void} onScrub
 * @property {(epoch: number | undefined) => void} onHover
 * @property {(scale: import('../state/axis.js').Scale) => void} onScale
 * @property {(output: number) => void} onOutput
 * @property {(isOpen: boolean) => void} onToggle
 * @property {(change: Partial<Ui>) => void} onSet
 * @property {(experiment: Record<string, unknown>, label?: string) => void} onExperiment begins it for the group; several changes with one label in a row are undone at once
 * @property {() => void} onKeep
 * @property {(name: string) => void} onDrop a run that was kept
 * @property {() => void} onUndo
 * @property {() => void} onRedo
 * @property {(change: Partial<import('../state/types.js').Question>) => void} onAsk
 * @property {(text: string) => void} onEpsilon
 */

/** @type {Record<string, string[]>} */
const PARTS = {
  overview: ['network', 'predictions', 'loss', 'controls'],
  network: ['network'],
  predictions: ['predictions'],
  loss: ['loss'],
  step: ['step'],
  'gradient-check': ['check', 'mistakes'],
  seeds: ['seeds', 'shares', 'why'], // the last comes and goes
  landscape: ['landscape'],
  playground: [
    'controls',
    'toolbar',
    'data',
    'layers',
    'network',
    'predictions',
    'loss',
    'training',
    'watch',
  ],
  controls: ['controls'],
};

/** What a page's style sheet can name by ::part. */
export const PART_NAMES = [
  ...['figure', 'section', 'label', 'button', 'sentence', 'problem', 'rows'],
  ...new Set(Object.values(PARTS).flat()),
];

/** Where one part stands below the other, the scrubber comes near the network. */
const NARROW = 560;
const NARROW_ORDER = [
  'network',
  'loss',
  'check',
  'mistakes',
  'controls',
  'predictions',
  'step',
  'seeds',
  'shares',
  'why',
  'landscape',
];

/** … and in the playground the map comes near the points. */
const NARROW_PLAYGROUND = [
  'toolbar',
  'data',
  'predictions',
  'layers',
  'network',
  'loss',
  'controls',
  'training',
  'watch',
];

/** What moves at every frame while a run plays. */
const PICTURES = ['network', 'predictions'];
/** Pixels that the run must have gone on along its axis for the loss's marks to be moved in between. */
const MOVES = 6;

/** Parts that a first view does without, by the file that has them. */
const LATE = {
  studies: ['step', 'check', 'mistakes', 'seeds', 'why', 'shares', 'landscape'],
  playground: ['toolbar', 'data', 'layers', 'training', 'watch'],
};

/** @typedef {keyof typeof LATE} LateFile */

/** @param {string} name of a part */
function isLate(name) {
  return Object.values(LATE).some((names) => names.includes(name));
}

/**
 * The files of parts that these views need.
 * @param {string[]} views
 */
export function lateFilesOf(views) {
  const shown = partsOf(views);
  return /** @type {LateFile[]} */ (Object.keys(LATE)).filter((file) =>
    LATE[file].some((name) => shown.includes(name)),
  );
}

/**
 * The names of the parts that these views have.
 * @param {string[]} views
 */
export function partsOf(views) {
  return [...new Set(views.flatMap((view) => PARTS[view]))];
}

/**
 * What the engine must read out for these views.
 * @param {string[]} views
 * @param {Ui} ui
 * @param {{ figure: boolean, watch: boolean }} seen whether the figure is in sight, and its watch part
 * @returns {import('../state/types.js').Looks}
 */
export function looksOf(views, { output, isByClass, mapPoint }, seen) {
  const parts = partsOf(views);
  return {
    ...(parts.includes('network') ? { units: true } : {}),
    ...(parts.includes('predictions') ? { output } : {}),
    ...(parts.includes('predictions') && isByClass ? { classes: true } : {}),
    ...(parts.includes('predictions') && mapPoint ? { point: mapPoint } : {}),
    ...(parts.includes('check') ? { check: true } : {}),
    ...(parts.includes('step') && seen.figure ? { step: true } : {}),
    ...(parts.includes('watch') && seen.watch ? { watch: true } : {}),
  };
}

/** @param {FigureState} state */
export function figureTemplate(state) {
  const shown = partsOf(state.views);
  const classes = {
    figure: true,
    dark: state.isDark,
    waiting: !state.scene,
    networked: shown.includes('network'),
    mapped: shown.includes('predictions'),
    playground: shown.includes('toolbar'),
    several: (state.scene?.info.outputs ?? 1) > 1,
  };
  return html`<div class=${classMap(classes)} part="figure">
    ${state.problem ? html`<p class="problem" part="problem" role="alert">${state.problem}</p>` : nothing}
    ${state.hasFailed ? html`<slot></slot>` : parts(state)}
  </div>`;
}

/** @param {FigureState} state */
function parts(state) {
  const { scene, views } = state;
  const shown = partsOf(views);
  const isPlayground = views.includes('playground'); // it comes at once, so that nothing moves
  if (!scene || (isPlayground && !state.late.parts.data))
    return shown.map((name) => html`<div class="part ${name}-part"></div>`);
  /** @type {Record<string, () => unknown>} */
  const makers = {
    toolbar: () => latePart('toolbar', state, scene),
    data: () => latePart('data', state, scene),
    layers: () => latePart('layers', state, scene),
    network: () => section('network', networkView(networkData(state, scene))),
    predictions: () => [
      section('predictions', predictionsView(predictionsData(state, scene))),
      shown.includes('data')
        ? nothing
        : section(
            'rows',
            isGlimpse(state, 'predictions')
              ? noChange
              : state.inTurn('rows', () => rowsView({ info: scene.info, rows: rowsOf(scene) })),
          ),
    ],
    loss: () => section('loss', lossView(lossData(state, scene))),
    step: () => latePart('step', state, scene),
    check: () => latePart('check', state, scene),
    mistakes: () => latePart('mistakes', state, scene),
    training: () => latePart('training', state, scene),
    controls: () => controls(state, scene),
    watch: () => latePart('watch', state, scene),
    seeds: () => latePart('seeds', state, scene),
    shares: () => latePart('shares', state, scene),
    why: () => latePart('why', state, scene),
    landscape: () => latePart('landscape', state, scene),
  };
  const isNarrow = state.sizes.figure < NARROW;
  const rest = isNarrow ? NARROW_ORDER : Object.keys(makers);
  const first = isNarrow ? NARROW_PLAYGROUND : PARTS.playground; // as it is laid out
  const order = isPlayground ? [...new Set([...first, ...rest])] : rest;
  const names = order.filter((name) => shown.includes(name));
  return repeat(
    names,
    (name) => name,
    (name) => {
      if (isGlimpse(state, name) && !movesIn(name, state, scene)) return noChange;
      const make = makers[name];
      return state.part(name, isLate(name) ? make : () => state.inTurn(name, make));
    },
  );
}

/**
 * Whether only the pictures of a part are drawn anew.
 * @param {FigureState} state
 * @param {string} name
 */
function isGlimpse({ whole }, name) {
  return !whole.includes(name);
}

/**
 * @param {string} name of a part
 * @param {FigureState} state
 * @param {Scene} scene
 */
function movesIn(name, { end, scale, sizes, drawnEpoch }, { snapshot }) {
  if (name !== 'loss') return PICTURES.includes(name);
  const [from, to] = [drawnEpoch, snapshot.epoch].map((epoch) => fractionOf(epoch, end, scale));
  return Math.abs(to - from) * sizes.loss >= MOVES;
}

/**
 * A group, not a region: many figures may stand in a page, and regions must have names of their own.
 * @param {string} name
 * @param {unknown} content
 */
function section(name, content) {
  return html`<section class="part ${name}-part" part="section ${name}" role="group" aria-labelledby=${name}>${content}</section>`;
}

/**
 * @param {string} name
 * @param {FigureState} state
 * @param {Scene} scene
 */
function latePart(name, state, scene) {
  const { parts, studies } = state.late;
  if (!parts[name]) return html`<div class="part ${name}-part" part="section ${name}"></div>`;
  const whole = { ...state, studies: /** @type {import('./studies.js').Studies} */ (studies) };
  const content = state.inTurn(`${name} part`, () => parts[name](whole, scene));
  return content === undefined ? nothing : section(name, content);
}

/**
 * @param {FigureState} state
 * @param {Scene} scene
 */
function networkData(state, scene) {
  const { views, table, sizes, ui, actions, late, inTurn } = state;
  const { info, snapshot } = scene;
  return {
    info,
    snapshot,
    table,
    inTurn,
    width: sizes.network,
    isTableOpen: ui.isTableOpen,
    onToggle: actions.onToggle,
    isGlimpse: isGlimpse(state, 'network'),
    tools: partsOf(views).includes('layers') ? late.tools?.networkTools(state, scene) : undefined,
  };
}

/**
 * @param {FigureState} state
 * @param {Scene} scene
 */
function predictionsData(state, scene) {
  const { views, table, ink, sizes, ui, actions, late, inTurn } = state;
  const { info, snapshot } = scene;
  const { overlay: over } = late;
  const overlay = over && inTurn('overlay', () => over(state, scene));
  const unit = late.tools?.unitInLarge(state, scene);
  const tools = partsOf(views).includes('watch')
    ? inTurn('map tools', () => late.tools?.mapTools(state, scene))
    : undefined;
  const { onOutput } = actions;
  const output = snapshot.output?.index ?? ui.output;
  return {
    info,
    snapshot,
    table,
    ink,
    width: sizes.map,
    output,
    onOutput,
    isGlimpse: isGlimpse(state, 'predictions'),
    overlay,
    unit,
    tools,
    get rows() {
      return rowsOf(scene); // which take their time, and are seldom looked at
    },
  };
}

/**
 * Losses can be compared, and their axis chosen, where there is something to watch.
 * @param {FigureState} state
 * @param {Scene} scene
 */
function lossData(state, { experiment, info, history, snapshot }) {
  const { views, end, scale, sizes, ui, actions } = state;
  const isWatched = partsOf(views).includes('watch');
  const { onScrub, onHover, onScale, onSet } = actions;
  return {
    loss: experiment.loss,
    epoch: snapshot.epoch,
    at: snapshot.epoch + snapshot.step / info.stepsPerEpoch,
    within: withinEpoch(snapshot, info),
    value: snapshot.loss,
    test: snapshot.testLoss,
    end,
    history,
    kept: isWatched ? comparable(state.kept, experiment.loss) : NONE,
    scale,
    lossAxis: ui.lossAxis,
    width: sizes.loss,
    height: sizes.loss < 520 ? 220 : 190,
    reference: referenceOf(experiment, sizes.loss < 520 ? '0.125' : STUCK),
    isGlimpse: isGlimpse(state, 'loss'),
    hover: ui.hover,
    target: ui.target ?? snapshot.epoch,
    onScrub,
    onHover,
    onScale,
    onLossAxis: isWatched
      ? (/** @type {import('../state/axis.js').Scale} */ lossAxis) => onSet({ lossAxis })
      : undefined,
  };
}

/** @type {import('../state/types.js').KeptRun[]} */
const NONE = [];

/**
 * Those of the same loss function; the same list as long as that is all.
 * @param {import('../state/types.js').KeptRun[]} kept
 * @param {string} loss
 */
function comparable(kept, loss) {
  const alike = kept.filter(({ experiment }) => experiment.loss === loss);
  return alike.length === kept.length ? kept : alike;
}

const STUCK = '0.125: two rows stuck at one half';

/**
 * XOR's own landmark: two rows right, two at one half.
 * @param {import('../state/types.js').Experiment} experiment
 * @param {string} text
 */
function referenceOf({ data, loss, layers }, text) {
  const isPosts = data.kind === 'xor' && loss === 'mse';
  return isPosts && layers[layers.length - 1].activation === 'sigmoid'
    ? { value: 0.125, text }
    : undefined;
}

/**
 * @param {FigureState} state
 * @param {Scene} scene
 */
function controls({ views, playing, speed, spoken, actions }, scene) {
  const hasSpeed = views.includes('playground') || views.includes('controls');
  return html`<section class="part controls-part" part="section controls" role="group" aria-label="Training and state">
    ${controlsView({ playing, hasSpeed, stepsPerEpoch: scene.info.stepsPerEpoch, speed, ...actions })} ${sentenceView(stateSentence(scene, rowsOf(scene)))}
    <p class="unseen" role="status">${spoken}</p>
  </section>`;
}

/** @param {Scene} scene */
function rowsOf({ info, snapshot }) {
  return readRows(info, snapshot);
}

/** @param {Scene} scene */
export function spokenState(scene) {
  return asText(stateSentence(scene, rowsOf(scene)));
}
