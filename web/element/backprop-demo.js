// The custom element. Its attributes are its state, a run of the engine does the work, the views draw.

import { engineSource } from 'virtual:backprop-engine';
import { parseEpsilon } from '../state/epsilon.js';
import { difference, isSame, parseEpoch } from '../state/experiment.js';
import { badEpoch, badStep, badView, refusal, VIEWS } from '../state/strings.js';
import { Announcer } from './announcer.js';
import { ATTRIBUTES, takeProperties, withAttributes } from './attributes.js';
import { Deferred } from './deferred.js';
import {
  figureTemplate,
  lateFilesOf,
  looksOf,
  PART_NAMES,
  partsOf,
  spokenState,
} from './figure.js';
import { inOrder } from './in-order.js';
import { isDark, onPreference, Palette } from './palette.js';
import { leaseRun } from './runs.js';
import { soon } from './soon.js';
import { printStyles, styles } from './styles.js';
import { TemplateElement } from './template-element.js';
import { Turns } from './turns.js';
import { askedBy } from './undo-keys.js';
import { Words } from './words.js';

/** @typedef {import('../state/types.js').Problem} Problem */
/** @typedef {import('../engine/run.js').Run} Run */
/** @typedef {import('./figure.js').Ui} Ui */

/** @typedef {import('./public.js').BackpropDemoElement} BackpropDemoElement */

/** What is out of sight is drawn, for whoever reads it there, when nothing has changed for so many milliseconds. */
const UNSEEN_AFTER = 300;

/** Pixels from sight at which the parts further down are loaded. */
const NEAR = 800;

/**
 * What is drawn as wide as there is room; as long as it is not drawn, its place is as wide.
 * @type {(keyof import('./figure.js').Sizes)[]}
 */
const BOXES = ['network', 'map', 'loss', 'along', 'curves', 'seeds', 'landscape'];

const boxOf = (/** @type {string} */ name) => `.${name}, div.${name}-part`;
const EVERY_BOX = BOXES.map(boxOf).join();

/**
 * @type {Record<import('./figure.js').LateFile, () => Promise<{
 *   parts: Record<string, import('./figure.js').LatePart>,
 *   partStyles: string[],
 *   Studies?: typeof import('./studies.js').Studies,
 *   Datasets?: typeof import('../engine/datasets.js').Datasets,
 *   catalog?: import('../state/types.js').Catalog,
 *   overlay?: import('./figure.js').Overlay,
 *   tools?: import('./figure.js').Tools,
 * }>>}
 */
const LATE_FILES = {
  studies: () => import('./late-parts.js'),
  playground: () => import('./playground-parts.js'),
};

/** Each is written down once, however many elements mirror it. @type {WeakMap<object, string>} */
const texts = new WeakMap();

/** @param {Record<string, unknown>} experiment */
function textOf(experiment) {
  const text = texts.get(experiment) ?? JSON.stringify(experiment);
  texts.set(experiment, text);
  return text;
}

/** @implements {BackpropDemoElement} */
export class BackpropDemo extends withAttributes(TemplateElement) {
  static observedAttributes = ATTRIBUTES;
  /** For `exportparts` of an element that has this one inside. */
  static partNames = PART_NAMES;

  /** @type {import('./runs.js').Lease | undefined} */
  #lease;
  #ready = new Deferred();
  /** when its first picture may be drawn: once it is near, or its turn has come */
  #start = new Deferred();
  /** @type {Map<string, string>} what is wrong, by the attribute or the part that is to blame */
  #problems = new Map();
  /** @type {Ui} */
  #ui = { output: 0, isTableOpen: false };
  /** @type {import('./figure.js').Sizes} */
  #sizes = {
    figure: 900,
    network: 460,
    map: 286,
    loss: 720,
    along: 340,
    curves: 400,
    seeds: 720,
    landscape: 720,
  };
  #palette = new Palette(() => this.requestUpdate());
  #turns = new Turns();
  #words = new Words(() => this.requestUpdate());
  /** the epoch at which the loss was last drawn whole */
  #drawnEpoch = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} draws what is out of sight */
  #unseen;
  /** whether there is more to draw than pieces to come */
  #hasChanged = true;
  /** @type {Promise<unknown> | undefined} until the next piece is drawn */
  #growth;
  #announcer = new Announcer(() => this.requestUpdate());
  /** @type {import('./figure.js').Late} */
  #late = { parts: {} };
  /** @type {Map<import('./figure.js').LateFile, Promise<void>>} */
  #loading = new Map();
  /** @type {string[]} */
  #lateStyles = [];
  #isVisible = true;
  #isWatched = false;
  #isReflecting = false;
  /** the experiment that was last mirrored: a long one is not read again @type {{ text: string, meaning: Record<string, unknown> }} */
  #written = { text: '{}', meaning: {} };
  #hasPlayed = false;
  /** @type {number | undefined} */
  #scrub;
  /** @type {AbortController | undefined} */
  #connection;
  /** @type {ResizeObserver | undefined} */
  #resizes;
  /** @type {IntersectionObserver | undefined} of the part that is watched */
  #watch;
  /** @type {Element | undefined} that part */
  #watched;
  /** @type {WeakMap<Element, keyof import('./figure.js').Sizes>} boxes whose width is known and watched */
  #measured = new WeakMap();

  get epoch() {
    return this.#lease?.run.scene ? this.#lease.run.epoch : super.epoch;
  }

  set epoch(value) {
    super.epoch = value;
  }

  /** How many steps of the epoch have been taken. */
  get stepOfEpoch() {
    return this.#lease?.run.stepOfEpoch ?? 0;
  }

  get loss() {
    return this.#lease?.run.scene?.snapshot.loss ?? Number.NaN;
  }

  get diverged() {
    return this.#lease?.run.scene?.snapshot.diverged ?? false;
  }

  get playing() {
    return this.#lease?.run.isMoving ?? false;
  }

  get ready() {
    return this.#ready.promise;
  }

  play() {
    return this.#command((run) => run.play());
  }

  pause() {
    return this.#command((run) => run.pause());
  }

  /** @param {number} [epochs] to go on, or back when it is negative */
  async step(epochs = 1) {
    if (!Number.isSafeInteger(epochs))
      throw new RangeError(`step takes a whole number of epochs, not ${epochs}`);
    return this.#command((run) => run.step(epochs));
  }

  /**
   * @param {number} epoch
   * @param {number} [step] within it, below the steps of an epoch
   */
  async seek(epoch, step = 0) {
    const target = parseEpoch(epoch);
    if (target === undefined) throw new RangeError(badEpoch(String(epoch)));
    if (step !== 0) await this.ready; // it is known then how many there are
    return this.#command(async (run) => {
      const within = parseEpoch(step) ?? Number.POSITIVE_INFINITY;
      const { stepsPerEpoch } = run;
      if (within >= stepsPerEpoch) throw new RangeError(badStep(String(step), stepsPerEpoch));
      await run.seek(target, within);
    });
  }

  reset() {
    return this.#command((run) => run.seek(0));
  }

  constructor() {
    super();
    this.useStyles([...styles, printStyles]);
  }

  connectedCallback() {
    super.connectedCallback();
    takeProperties(this);
    if (!this.#lease) this.#join();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    queueMicrotask(() => {
      if (!this.isConnected) this.#leave();
    });
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} value
   */
  attributeChangedCallback(name, before, value) {
    if (!this.#lease || this.#isReflecting) return;
    if (name === 'experiment' && value !== before) this.#open(this.#lease.run);
    if (name === 'epoch') this.#seekAttribute(this.#lease.run);
    if (name === 'group' && value !== before) {
      this.#leave();
      this.#join();
    }
    if (name === 'view') {
      this.#turns.hasDrawn = true; // in other places, at least
      this.#checkView();
      this.#look();
      if (this.#isNear()) this.#loadLate();
    }
    this.requestUpdate();
  }

  requestUpdate() {
    this.#hasChanged = true;
    super.requestUpdate();
  }

  render() {
    const run = this.#lease?.run;
    this.#turns.isAll = !this.#hasChanged;
    this.#hasChanged = false;
    const parts = new Set(['controls', ...partsOf(this.#views)]); // a button that was pressed comes first
    const whole = this.#words.next([...parts], this.#isGlimpse);
    if (whole.includes('loss')) this.#drawnEpoch = this.epoch;
    return figureTemplate({
      views: this.#views,
      isDark: isDark(this.theme),
      problem: [...this.#problems.values()][0] ?? '',
      hasFailed: run?.hasFailed ?? false,
      scene: run?.scene,
      given: run?.given ?? {},
      end: run?.end ?? 1,
      scale: run?.scale ?? 'linear',
      playing: this.playing,
      speed: run?.speed,
      question: run?.question,
      table: this.#palette.table,
      ink: this.#palette.ink,
      sizes: this.#sizes,
      ui: this.#ui,
      spoken: this.#announcer.text,
      late: this.#late,
      whole,
      drawnEpoch: this.#drawnEpoch,
      part: this.#turns.part,
      inTurn: this.#turns.draw,
      docs: this.dataset.docs ?? '',
      catalog: /** @type {import('../state/types.js').Catalog} */ (this.#late.catalog),
      canUndo: run?.canUndo ?? false,
      canRedo: run?.canRedo ?? false,
      kept: run?.kept ?? [],
      canKeep: run?.canKeep ?? false,
      actions: this.#actions,
    });
  }

  /** Whether pictures are enough for some parts; all pieces must have been drawn for that. */
  get #isGlimpse() {
    return this.playing && !this.#growth;
  }

  whenToDraw() {
    return this.#start.isSettled ? undefined : this.#start.promise;
  }

  updated() {
    if (!this.playing || this.#turns.hasDrawn) this.#watchBoxes();
    if (this.#turns.areMore) this.#goOn();
    else this.#turns.next();
    if (!this.playing) this.#followPalette();
  }

  /** Asks for the width of what has been drawn for the first time. */
  #watchBoxes() {
    this.#turns.hasDrawn = false;
    for (const box of this.renderRoot.querySelectorAll(EVERY_BOX)) {
      if (this.#measured.has(box)) continue;
      const name = BOXES.find((name) => box.matches(boxOf(name)));
      if (name) this.#measured.set(box, name);
      this.#resizes?.observe(box);
      // Before it is painted for the first time, but in a task of its own: the page is laid out for it.
      if (this.#isVisible) soon(() => this.#measure(box, box.clientWidth), true);
    }
    const part = this.renderRoot.querySelector('section.watch-part');
    if (part && part !== this.#watched) {
      this.#watched = part;
      this.#watch?.observe(part);
    }
  }

  /** With the pieces that are drawn a moment later. */
  async getUpdateComplete() {
    await super.getUpdateComplete();
    while (this.#growth) {
      await this.#growth;
      await super.getUpdateComplete();
    }
  }

  /** Draws what there is now, beginning with the first piece. */
  #come() {
    this.#hasChanged = true;
    this.#goOn();
  }

  /** Draws the next piece, if there is one. */
  #goOn() {
    this.#growth ??= soon(() => {
      this.#growth = undefined;
      this.#turns.next();
      super.requestUpdate();
    }, this.#isVisible);
  }

  #followPalette() {
    const figure = () =>
      this.isConnected && this.#isLaidOut() ? this.renderRoot.querySelector('.figure') : null;
    this.#palette.follow(figure, isDark(this.theme));
  }

  /** The views that there are; the overview if there is none. */
  get #views() {
    const known = namesIn(this.view).filter((name) => VIEWS.includes(name));
    return known.length > 0 ? known : ['overview'];
  }

  #actions = {
    onPlay: () => this.play(),
    onPause: () => this.pause(),
    onSpeed: (/** @type {number | undefined} */ speed) => this.#lease?.run.useSpeed(speed),
    onStep: (/** @type {number} */ epochs) => this.step(epochs),
    onStepOnce: () => this.#command((run) => run.stepOnce()),
    onReset: () => this.reset(),
    onScrub: (/** @type {number} */ epoch) => this.#scrubTo(epoch),
    onHover: (/** @type {number | undefined} */ hover) => this.#set({ hover }),
    onOutput: (/** @type {number} */ output) => {
      this.#set({ output });
      this.#look();
    },
    onToggle: (/** @type {boolean} */ isTableOpen) => this.#set({ isTableOpen }),
    onSet: (/** @type {Partial<Ui>} */ change) => this.#set(change),
    onKeep: () => this.#lease?.run.keep(),
    onDrop: (/** @type {string} */ name) => this.#lease?.run.drop(name),
    onExperiment: (
      /** @type {Record<string, unknown>} */ experiment,
      /** @type {string | undefined} */ label,
    ) => this.#command((run) => run.change(difference(experiment), label)),
    onUndo: () => this.#command((run) => run.undo()),
    onRedo: () => this.#command((run) => run.redo()),
    onScale: (/** @type {import('../state/axis.js').Scale} */ scale) =>
      this.#lease?.run.useScale(scale),
    onAsk: (/** @type {Partial<import('../state/types.js').Question>} */ change) =>
      this.#lease?.run.ask(change),
    onEpsilon: (/** @type {string} */ text) => {
      const { epsilon, problem } = parseEpsilon(text);
      this.#set({ badEpsilon: problem });
      if (epsilon) this.#lease?.run.ask({ epsilon });
    },
  };

  /**
   * @param {KeyboardEvent} event
   * @param {Run} run
   */
  #pressed(event, run) {
    const asked = askedBy(event);
    if (!asked || !(asked === 'undo' ? run.canUndo : run.canRedo)) return;
    event.preventDefault();
    this.#command(() => run[asked]());
  }

  /** Takes part in a run: its group's, or one of its own. */
  #join() {
    this.#lease = leaseRun(engineSource, this.group);
    this.#connection = new AbortController();
    const { run } = this.#lease;
    this.#listen(run, this.#connection.signal);
    this.#observe(this.#connection.signal);
    this.#checkView();
    this.#look();
    // In a task of its own: the engine's worker starts meanwhile, and the page is laid out once for all.
    setTimeout(() => {
      if (this.#isNear()) this.#start.resolve();
    });
    if (!run.isOpen || this.hasAttribute('experiment')) this.#open(run);
    else if (run.scene) {
      this.#reflectExperiment(run.given);
      this.#answer();
    }
  }

  #leave() {
    if (!this.#lease) return;
    const { run, end } = this.#lease;
    if (run.scene) this.#reflect(run.epoch);
    this.#lease = undefined;
    this.#connection?.abort();
    this.#announcer.stop();
    if (this.#scrub !== undefined) cancelAnimationFrame(this.#scrub);
    this.#scrub = undefined;
    run.unwatch(this);
    this.#late.studies?.end();
    end();
  }

  /**
   * @param {Run} run
   * @param {AbortSignal} signal
   */
  #listen(run, signal) {
    const on = (/** @type {string} */ name, /** @type {(problem: Problem) => void} */ act) =>
      run.addEventListener(name, (event) => act(/** @type {CustomEvent} */ (event).detail), {
        signal,
      });
    this.addEventListener('keydown', (event) => this.#pressed(event, run), { signal });
    on('change', () => this.#changed(run));
    on('moved', () => this.#fire('change', { epoch: run.epoch, loss: this.loss }));
    on('opened', () => {
      this.#problems.delete('change');
      if (!run.isStandIn) this.#problems.delete('experiment');
      this.#reflectExperiment(run.given);
      this.#answer();
    });
    on('refused', (problem) => {
      if (this.hasAttribute('experiment')) this.#report('experiment', problem, refusal(problem));
    });
    on('declined', (problem) => this.#report('change', problem));
    on('failed', (problem) => {
      this.#report('engine', problem);
      this.#answer();
    });
  }

  /** @param {AbortSignal} signal */
  #observe(signal) {
    const sight = new IntersectionObserver(([entry]) => {
      this.#isVisible = entry.isIntersecting;
      this.#look();
      if (this.#isVisible) this.requestUpdate();
    });
    const resizes = new ResizeObserver((entries) => {
      for (const { target, contentRect } of entries) this.#measure(target, contentRect.width);
    });
    this.#watch = new IntersectionObserver((entries) => {
      this.#isWatched = entries[entries.length - 1].isIntersecting;
      this.#look();
    });
    const nearness = new IntersectionObserver(
      ([entry]) => {
        if (!entry.isIntersecting) return;
        this.#start.resolve();
        this.#loadLate();
      },
      { rootMargin: `${NEAR}px` },
    );
    sight.observe(this);
    nearness.observe(this);
    resizes.observe(this);
    this.#resizes = resizes;
    this.#measured = new WeakMap([[this, 'figure']]);
    this.#watched = undefined;
    onPreference(() => this.requestUpdate(), signal);
    this.addEventListener(
      'contentvisibilityautostatechange',
      (event) => {
        const { skipped } = /** @type {ContentVisibilityAutoStateChangeEvent} */ (event);
        if (!skipped && !this.#palette.isRead) this.#followPalette();
      },
      { signal },
    );
    signal.addEventListener('abort', () => {
      sight.disconnect();
      nearness.disconnect();
      this.#watch?.disconnect();
      resizes.disconnect();
    });
  }

  /**
   * @param {Element} box
   * @param {number} width
   */
  #measure(box, width) {
    const name = this.#measured.get(box);
    if (!name || width === 0 || this.#sizes[name] === Math.floor(width)) return;
    this.#sizes = { ...this.#sizes, [name]: Math.floor(width) };
    this.requestUpdate();
  }

  /** @param {Run} run */
  #open(run) {
    const { experiment, message } = this.readExperiment();
    this.#problems.delete('experiment');
    this.#problems.delete('engine');
    if (this.#ready.isSettled) this.#ready = new Deferred();
    if (message) {
      const problem = { message, path: 'experiment' };
      this.#report('experiment', problem, refusal(problem));
    }
    run.open(experiment, this.readEpoch() ?? 0, message !== '');
    this.#checkEpoch();
  }

  /** @param {Run} run */
  #seekAttribute(run) {
    const epoch = this.readEpoch();
    this.#checkEpoch();
    if (epoch !== undefined) run.seek(epoch);
  }

  #checkEpoch() {
    const given = this.getAttribute('epoch');
    const isBad = given !== null && this.readEpoch() === undefined;
    this.#judge('epoch', isBad ? badEpoch(given) : '');
  }

  #checkView() {
    const unknown = namesIn(this.view).find((name) => !VIEWS.includes(name));
    this.#judge('view', unknown === undefined ? '' : badView(unknown));
  }

  /**
   * Reports what is wrong with an attribute, or that nothing is any more.
   * @param {string} path
   * @param {string} message
   */
  #judge(path, message) {
    if (message) this.#report(path, { message, path });
    else this.#problems.delete(path);
  }

  #look() {
    const seen = { figure: this.#isVisible, watch: this.#isVisible && this.#isWatched };
    const looks = looksOf(this.#views, this.#ui, seen);
    this.#lease?.run.watch(this, looks, this.#isVisible);
    this.#follow();
  }

  #follow() {
    if (!this.#lease) return;
    this.#late.studies?.follow(this.#lease.run, this.#views, this.#isVisible);
  }

  /** Whether it is laid out; Safari before 17.4 cannot say that it is not. */
  #isLaidOut() {
    return this.checkVisibility?.({ contentVisibilityAuto: true }) !== false;
  }

  /** Whether it is in sight, or may soon be. */
  #isNear() {
    if (!this.#isLaidOut()) return false;
    const { top, bottom } = this.getBoundingClientRect();
    return top < innerHeight + NEAR && bottom > -NEAR;
  }

  /** Loads the parts that lie further down a page, where a view has such. */
  #loadLate() {
    const files = lateFilesOf(this.#views);
    for (const file of files)
      if (!this.#loading.has(file)) this.#loading.set(file, this.#addLate(file));
    return Promise.all(files.map((file) => this.#loading.get(file)));
  }

  /** @param {import('./figure.js').LateFile} file */
  async #addLate(file) {
    try {
      const { parts, partStyles, Studies, Datasets, catalog, overlay, tools } =
        await LATE_FILES[file]();
      this.#lateStyles = [...this.#lateStyles, ...partStyles];
      this.useStyles([...styles, ...this.#lateStyles, printStyles]);
      this.#late = { ...this.#late, parts: { ...this.#late.parts, ...parts } };
      const onChange = () => this.requestUpdate();
      if (Studies) this.#late.studies = new Studies(engineSource, onChange);
      if (Datasets) this.#late.datasets = new Datasets(engineSource, onChange);
      if (catalog) this.#late.catalog = catalog;
      if (overlay) this.#late.overlay = overlay;
      if (tools) this.#late.tools = tools;
      this.#follow();
      this.requestUpdate();
    } catch (error) {
      this.#loading.delete(file);
      this.#report('view', { message: `This view could not be loaded: ${error}.`, path: 'view' });
    }
  }

  #answer() {
    const isNear = this.#isNear();
    inOrder(isNear, () => this.#begin(isNear));
  }

  /**
   * The element answers from now on.
   * @param {boolean} isNear
   */
  async #begin(isNear) {
    if (isNear) await this.#loadLate();
    this.#start.resolve();
    this.#come();
    await this.updateComplete;
    if (!this.#lease || this.#ready.isSettled) return;
    this.#ready.resolve();
    this.#fire('ready');
    if (!this.autoplay || this.#hasPlayed) return;
    this.#hasPlayed = true;
    this.#lease.run.sweep();
  }

  /** @param {Run} run */
  #changed(run) {
    clearTimeout(this.#unseen);
    if (!this.#isVisible) this.#unseen = setTimeout(() => this.requestUpdate(), UNSEEN_AFTER);
    else if (this.#ready.isSettled) this.requestUpdate();
    else this.#come();
    if (!run.scene) return;
    this.#follow();
    const { scene } = run;
    if (this.#isVisible) this.#announcer.say(() => spokenState(scene));
    if (run.isAtRest) this.#reflect(run.epoch);
  }

  /** @param {number} epoch */
  #reflect(epoch) {
    if (this.readEpoch() !== epoch) this.#mirror('epoch', String(epoch));
  }

  /**
   * Another element of the group, or the reader, may have begun it; one that was refused stays as it
   * was given while the default run takes its place.
   * @param {Record<string, unknown>} experiment
   */
  #reflectExperiment(experiment) {
    if (this.#problems.has('experiment')) return;
    const { text, meaning } = this.#written;
    const before = this.getAttribute('experiment') === text ? meaning : this.experiment;
    if (isSame(before, experiment)) return;
    this.#written = { text: textOf(experiment), meaning: experiment };
    this.#mirror('experiment', this.#written.text);
  }

  /**
   * Writes an attribute down without acting on it.
   * @param {string} name
   * @param {string} value
   */
  #mirror(name, value) {
    this.#isReflecting = true;
    this.setAttribute(name, value);
    this.#isReflecting = false;
  }

  /**
   * @param {string} culprit
   * @param {Problem} problem
   * @param {string} [text] for the reader
   */
  #report(culprit, { message, path }, text = message) {
    this.#problems.set(culprit, text);
    this.requestUpdate();
    queueMicrotask(() => this.#fire('error', { message, path }));
  }

  /**
   * @param {string} name
   * @param {unknown} [detail]
   */
  #fire(name, detail) {
    this.dispatchEvent(
      new CustomEvent(`backprop-${name}`, { detail, bubbles: true, composed: true }),
    );
  }

  /** @param {(run: Run) => Promise<void>} action */
  async #command(action) {
    if (!this.#lease) await this.ready;
    if (!this.#lease) return;
    await action(this.#lease.run);
    this.requestUpdate();
    await this.updateComplete;
  }

  /** @param {Partial<Ui>} change */
  #set(change) {
    this.#ui = { ...this.#ui, ...change };
    if ('isByClass' in change || 'mapPoint' in change) this.#look();
    this.requestUpdate();
  }

  /**
   * At most once a frame; the scrubber itself follows at once.
   * @param {number} epoch
   */
  #scrubTo(epoch) {
    this.#set({ target: epoch });
    this.#scrub ??= requestAnimationFrame(async () => {
      this.#scrub = undefined;
      const { target } = this.#ui;
      if (target === undefined) return;
      await this.#lease?.run.seek(target);
      if (this.#ui.target === target) this.#set({ target: undefined });
    });
  }
}

/** @param {string} view */
function namesIn(view) {
  return view.split(/\s+/).filter(Boolean);
}
