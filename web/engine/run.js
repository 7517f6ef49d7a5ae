// A run as the page knows it: an experiment, the epoch that is shown, the history. Elements of one
// group share one.
import { complete, isSame } from '../state/experiment.js';
import { Player } from '../state/player.js';

/** @typedef {import('../state/types.js').Looks} Looks */
/** @typedef {import('../state/types.js').Problem} Problem */
/** @typedef {import('./messages.js').FromEngine} FromEngine */

/**
 * What is shown: all parts belong to the same experiment.
 * @typedef {object} Scene
 * @property {import('../state/types.js').Experiment} experiment
 * @property {import('../state/types.js').RunInfo} info
 * @property {import('../state/types.js').Snapshot} snapshot
 * @property {import('../state/types.js').History} history
 * @property {import('../state/types.js').BrokenCurves} [curves] of a run with a mistake
 */

/** Milliseconds that playing takes along the whole axis, and the sweep of a first look. */
const PLAY_TIME = 10000;
const SWEEP_TIME = 3000;
/** With reduced motion: milliseconds between two pictures, and the sweep's three stills. */
const STILL_EVERY = 500;
const SWEEP_STILL = 1500;

/**
 * Events: `change` (something to draw), `opened` (another experiment), `moved` (another epoch), `refused` (with a Problem; the
 * default run takes the place) and `failed` (with a Problem; there is no run).
 */
export class Run extends EventTarget {
  /** @type {Scene | undefined} */
  scene;
  /** @type {Record<string, unknown>} the experiment as it was given, without the defaults */
  given = {};
  /** whether an experiment has been given */
  isOpen = false;
  /** whether no engine can be had */
  hasFailed = false;
  /** @type {import('../state/axis.js').Scale} */
  scale = 'linear';
  /** @type {import('../state/types.js').Question} what the gradient check shows */
  question = { parameter: 0, epsilon: 1, mistake: 'none' };

  #client;
  #id;
  /** @type {Partial<Scene>} what has been said of the experiment that is being opened */
  #coming = {};
  /** @type {{ id: number, epoch: number, isLong: boolean } | undefined} where it shall go */
  #aim;
  #aims = 0;
  /** @type {(() => void)[]} */
  #waiting = [];
  /** @type {Map<unknown, { looks: Looks, isSeen: boolean }>} */
  #viewers = new Map();
  #player = new Player(this.#film());

  /** @param {import('./client.js').EngineClient} client */
  constructor(client) {
    super();
    this.#client = client;
    this.#id = client.enter({
      receive: (message) => this.#receive(message),
      restore: () => this.#restore(),
      isWaiting: () => this.#aim !== undefined,
      fail: (reason) => this.#fail({ message: `The engine has stopped: ${reason}.`, path: '' }),
    });
  }

  get epoch() {
    return this.scene?.snapshot.epoch ?? 0;
  }

  /** The axis' end: as long as the run is meant to be, or as far as it has been taken. */
  get end() {
    if (!this.scene) return 1;
    const { experiment, history } = this.scene;
    return Math.max(experiment.epochs, history.epochs[history.epochs.length - 1]);
  }

  get playing() {
    return this.#player.isPlaying;
  }

  get isAtRest() {
    return !this.playing && !this.#aim;
  }

  /**
   * Begins another experiment.
   * @param {Record<string, unknown>} experiment whose left-out fields are the defaults'
   * @param {number} epoch
   * @returns {Promise<void>} resolved when it stands there
   */
  open(experiment, epoch) {
    this.#player.stop();
    this.isOpen = true;
    this.hasFailed = false;
    return this.#begin(experiment, epoch);
  }

  /**
   * @param {Record<string, unknown>} experiment
   * @param {number} epoch
   */
  #begin(experiment, epoch) {
    this.given = experiment;
    this.#coming = {};
    this.#client.send({ type: 'open', run: this.#id, experiment });
    return this.#goTo(epoch);
  }

  /**
   * Stops playing and goes to an epoch.
   * @param {number} epoch
   * @returns {Promise<void>} resolved when it stands there, or where a later command has sent it
   */
  seek(epoch) {
    this.#player.stop();
    return this.#goTo(epoch);
  }

  /** @param {number} epochs */
  step(epochs) {
    return this.seek(Math.max(0, (this.#aim?.epoch ?? this.epoch) + epochs));
  }

  /** @returns {Promise<void>} resolved when it stands still */
  pause() {
    const wasPlaying = this.playing;
    this.#player.stop();
    this.#changed();
    if (wasPlaying || this.#aim?.isLong) return this.#goTo(this.epoch);
    return this.#aim ? this.#arrival() : Promise.resolve();
  }

  /**
   * Plays on from here, or from the beginning when this is the end.
   * @returns {Promise<void>} resolved when it moves
   */
  play() {
    if (this.playing) return Promise.resolve();
    const isOver = this.scene?.snapshot.ended || this.epoch >= this.end;
    return this.#roll(isOver ? 0 : this.epoch, PLAY_TIME, STILL_EVERY);
  }

  /**
   * From here to the end, fast.
   * @returns {Promise<void>} resolved when it moves
   */
  sweep() {
    return this.#roll(this.epoch, SWEEP_TIME, SWEEP_STILL);
  }

  /**
   * @param {number} epoch to begin at
   * @param {number} duration of the whole axis, in milliseconds
   * @param {number} still with reduced motion: milliseconds between two pictures
   */
  async #roll(epoch, duration, still) {
    this.#player.start(epoch, duration, prefersStillness() ? still : undefined);
    this.#changed();
    await (epoch === this.epoch ? this.#arrival() : this.#goTo(epoch));
  }

  /**
   * Says who looks, and at what; while nobody sees it, nothing moves.
   * @param {unknown} viewer
   * @param {Looks} looks
   * @param {boolean} isSeen
   */
  watch(viewer, looks, isSeen) {
    const before = JSON.stringify(this.#looks());
    this.#viewers.set(viewer, { looks, isSeen });
    this.#lookAhead();
    if (JSON.stringify(this.#looks()) !== before) this.#lookAgain();
  }

  /** @param {unknown} viewer */
  unwatch(viewer) {
    this.#viewers.delete(viewer);
  }

  /** @param {import('../state/axis.js').Scale} scale */
  useScale(scale) {
    this.scale = scale;
    this.#changed();
  }

  /** @param {Partial<import('../state/types.js').Question>} change */
  ask(change) {
    const question = { ...this.question, ...change };
    if (isSame(question, this.question)) return;
    this.question = question;
    this.#lookAgain();
    this.#changed();
  }

  dispose() {
    this.#player.stop();
    this.#client.leave(this.#id);
    this.#arrived();
  }

  /** Something else is asked of the same epoch. */
  #lookAgain() {
    if (this.#aim) this.#sendAim();
    else if (this.scene) this.#aimAt(this.epoch);
  }

  #isSeen() {
    return !document.hidden && [...this.#viewers.values()].some(({ isSeen }) => isSeen);
  }

  #looks() {
    /** @type {Looks} */
    const looks = Object.assign({}, ...[...this.#viewers.values()].map(({ looks }) => looks));
    return looks.check ? { ...looks, question: this.question } : looks;
  }

  /** @returns {import('../state/player.js').Film} */
  #film() {
    const run = this;
    return {
      get epoch() {
        return run.epoch;
      },
      get end() {
        return run.end;
      },
      get scale() {
        return run.scale;
      },
      isSeen: () => this.#isSeen(),
      isBusy: () => this.#aim !== undefined || !this.scene,
      show: (epoch) => this.#aimAt(epoch),
      finish: () => this.#changed(),
    };
  }

  /** @param {number} epoch */
  #goTo(epoch) {
    this.#aimAt(epoch);
    return this.#arrival();
  }

  #arrival() {
    return /** @type {Promise<void>} */ (new Promise((resolve) => this.#waiting.push(resolve)));
  }

  #arrived() {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** @param {number} epoch */
  #aimAt(epoch) {
    this.#aim = { id: ++this.#aims, epoch, isLong: false };
    this.#sendAim();
  }

  #sendAim() {
    if (!this.#aim) return;
    const { id: aim, epoch } = this.#aim;
    this.#client.send({ type: 'aim', run: this.#id, aim, epoch, looks: this.#looks() });
  }

  /** The history to its end, as long as somebody sees it. */
  #lookAhead() {
    if (!this.scene) return;
    const epoch = this.#isSeen() ? this.scene.experiment.epochs : 0;
    this.#client.send({ type: 'ahead', run: this.#id, epoch });
  }

  /** Another engine has taken over: it must know what the last one knew. */
  #restore() {
    this.#client.send({ type: 'open', run: this.#id, experiment: this.given });
    if (!this.#aim) this.#aimAt(this.epoch);
    else this.#sendAim();
    this.#lookAhead();
  }

  /** @param {FromEngine} message */
  #receive(message) {
    if (message.type === 'opened') this.#coming.info = message.info;
    if (message.type === 'refused') this.#refuse(message.problem);
    if (message.type === 'history') this.#addHistory(message.history);
    if (message.type === 'snapshot') this.#show(message);
    if (message.type === 'curves') this.#addCurves(message.curves);
  }

  /** @param {Problem} problem */
  #refuse(problem) {
    this.#tell('refused', problem);
    this.#begin({}, this.#aim?.epoch ?? 0);
  }

  /** @param {import('./messages.js').History} history */
  #addHistory(history) {
    if (this.#coming.info) this.#coming.history = history;
    else if (this.scene) this.scene = { ...this.scene, history };
    this.#changed();
  }

  /** @param {import('../state/types.js').BrokenCurves} curves */
  #addCurves(curves) {
    if (this.scene) this.scene = { ...this.scene, curves };
    this.#changed();
  }

  /** @param {Extract<FromEngine, { type: 'snapshot' }>} message */
  #show({ aim, isThere, snapshot }) {
    const { info, history } = this.#coming;
    const isNew = info && history;
    const before = this.scene?.snapshot.epoch;
    if (isNew) this.scene = { experiment: complete(this.given), info, history, snapshot };
    else if (this.scene) this.scene = { ...this.scene, snapshot };
    this.#coming = {};
    if (isNew) this.#lookAhead();
    if (isThere && aim === this.#aim?.id) this.#aim = undefined;
    else if (this.#aim && !isThere) this.#aim.isLong = true;
    if (snapshot.ended) this.#player.stop();
    this.#changed();
    if (isNew) this.dispatchEvent(new Event('opened'));
    if (isNew || snapshot.epoch !== before) this.dispatchEvent(new Event('moved'));
    if (!this.#aim) this.#arrived();
  }

  /** @param {Problem} problem */
  #fail(problem) {
    this.#player.stop();
    this.#aim = undefined;
    this.hasFailed = true;
    this.#tell('failed', problem);
    this.#arrived();
  }

  /**
   * @param {string} event
   * @param {Problem} problem
   */
  #tell(event, problem) {
    this.dispatchEvent(new CustomEvent(event, { detail: problem }));
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

function prefersStillness() {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
