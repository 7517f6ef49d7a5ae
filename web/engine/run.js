// A run as the page knows it: an experiment, the epoch that is shown, the history. Elements of one
// group share one.
import { complete, isSame } from '../state/experiment.js';
import { Player } from '../state/player.js';
import { Undo } from '../state/undo.js';

/** @typedef {import('../state/types.js').Looks} Looks */
/** @typedef {import('../state/types.js').Problem} Problem */
/** @typedef {import('./messages.js').FromEngine} FromEngine */
/** @typedef {Extract<FromEngine, { type: 'snapshot' }>} SnapshotMessage */

/**
 * What is shown: all parts belong to the same experiment.
 * @typedef {object} Scene
 * @property {import('../state/types.js').Experiment} experiment
 * @property {import('../state/types.js').RunInfo} info
 * @property {import('../state/types.js').Snapshot} snapshot
 * @property {import('../state/types.js').History} history
 * @property {import('../state/types.js').BrokenCurves} [curves] of a run with a mistake
 */

/** @typedef {{ id: number, epoch: number, step: number, isLong: boolean, isEnd?: boolean }} Aim */

/** Pictures that are being made at most while it plays, beside those that wait for their frame. */
const MOST_AIMS = 2;
/** Runs that are kept at most. */
const MOST_KEPT = 8;
/** Milliseconds along the whole axis: playing where no speed is chosen, and the sweep of a first look. */
const PLAY_TIME = 10000;
const SWEEP_TIME = 3000;
/** With reduced motion: milliseconds between two pictures, and the sweep's three stills. */
const STILL_EVERY = 500;
const SWEEP_STILL = 1500;

/**
 * Events: `change` (something to draw), `opened` (another experiment), `moved` (another epoch or step),
 * `refused` (with a Problem; the default run takes the place), `declined` (with a Problem: a change
 * of the reader's that cannot be; the run stays) and `failed` (with a Problem; there is no run).
 */
export class Run extends EventTarget {
  /** @type {Scene | undefined} */
  scene;
  /** @type {Record<string, unknown>} the experiment as it was given, without the defaults */
  given = {};
  /** whether an experiment has been given */
  isOpen = false;
  /** whether this is the default run in the place of one that was refused */
  isStandIn = false;
  /** whether no engine can be had */
  hasFailed = false;
  /** @type {import('../state/axis.js').Scale} */
  scale = 'linear';
  /** @type {number | undefined} epochs a second that playing takes; undefined: the whole axis in PLAY_TIME */
  speed;
  /** @type {import('../state/types.js').Question} what the gradient check shows */
  question = { parameter: 0, epsilon: 1, mistake: 'none' };
  /** @type {import('../state/types.js').KeptRun[]} runs to compare with */
  kept = [];

  #client;
  #id;
  /** @type {Partial<Scene>} what has been said of the experiment that is being opened */
  #coming = {};
  /** @type {Aim[]} where it shall go: to one epoch, or while it plays to the next ones */
  #aims = [];
  #lastAim = 0;
  /** epochs that the engine trains in a millisecond, as far as it has said so */
  #enginePace = Number.POSITIVE_INFINITY;
  /** the last aim whose answer is not shown any more */
  #stale = 0;
  /** pictures that wait for their frame @type {SnapshotMessage[]} */
  #early = [];
  /** @type {(() => void)[]} */
  #waiting = [];
  /** @type {Map<unknown, { looks: Looks, isSeen: boolean }>} */
  #viewers = new Map();
  #player = new Player(this.#film());
  #undo = new Undo();
  #turn = 0;
  /** @type {import('../state/undo.js').State & { turn: number, label: string, isStandIn: boolean } | undefined} where a change began that has not been answered yet */
  #before;

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

  get stepOfEpoch() {
    return this.scene?.snapshot.step ?? 0;
  }

  get stepsPerEpoch() {
    return this.scene?.info.stepsPerEpoch ?? 1;
  }

  /** The axis' end: as long as the run is meant to be, or as far as it has been taken. */
  get end() {
    if (!this.scene) return 1;
    const { experiment, history } = this.scene;
    return Math.max(experiment.epochs, history.epochs[history.epochs.length - 1]);
  }

  get canUndo() {
    return this.#undo.canUndo;
  }

  get canRedo() {
    return this.#undo.canRedo;
  }

  get canKeep() {
    return this.scene !== undefined && this.kept.length < MOST_KEPT;
  }

  get playing() {
    return this.#player.isPlaying;
  }

  /** Whether it plays, or has played to its end and that picture is on its way. */
  get isMoving() {
    return this.playing || this.#aim?.isEnd === true;
  }

  get isAtRest() {
    return !this.playing && !this.#aim;
  }

  /**
   * Begins another experiment.
   * @param {Record<string, unknown>} experiment whose left-out fields are the defaults'
   * @param {number} epoch
   * @param {boolean} [isStandIn] whether it takes the place of one that could not be read
   * @returns {Promise<void>} resolved when it stands there
   */
  open(experiment, epoch, isStandIn = false) {
    this.#player.stop();
    if (this.scene && !isSame(experiment, this.given)) this.#undo.record(this.#here(), '');
    this.isOpen = true;
    this.hasFailed = false;
    this.#before = undefined;
    return this.#begin(experiment, epoch, isStandIn);
  }

  /**
   * A change of the reader's, at the beginning of the same epoch; a run that plays plays on, another network from the
   * beginning. One that cannot be is declined, and the run stays as it was.
   * @param {Record<string, unknown>} experiment
   * @param {string} [label] the kind of change: several of one kind in a row are undone at once
   */
  async change(experiment, label = '') {
    if (isSame(experiment, this.given)) return;
    const wasPlaying = this.playing;
    this.#player.stop();
    const goesOn = !wasPlaying || isSame(coreOf(experiment), coreOf(this.given));
    const { isStandIn } = this;
    this.#before ??= { ...this.#here(), turn: this.#turn, label, isStandIn };
    await this.#begin(experiment, goesOn ? this.#destination.epoch : 0);
    if (wasPlaying && isSame(this.given, experiment)) this.play();
  }

  undo() {
    return this.#return(this.#undo.back(this.#here()));
  }

  redo() {
    return this.#return(this.#undo.forth(this.#here()));
  }

  /** @param {import('../state/undo.js').State | undefined} state */
  async #return(state) {
    if (!state) return;
    this.#player.stop();
    this.#before = undefined;
    await this.#begin(state.given, state.epoch, false, state.step);
  }

  #here() {
    const { epoch, step } = this.#destination;
    return { given: this.given, epoch, step };
  }

  get #aim() {
    return this.#aims[this.#aims.length - 1];
  }

  /** Where it stands, or is on its way to. */
  get #destination() {
    return this.#aim ?? this.#position;
  }

  get #position() {
    return { epoch: this.epoch, step: this.stepOfEpoch };
  }

  /**
   * @param {Record<string, unknown>} experiment
   * @param {number} epoch
   * @param {boolean} [isStandIn]
   * @param {number} [step]
   */
  #begin(experiment, epoch, isStandIn = false, step = 0) {
    this.given = experiment;
    this.isStandIn = isStandIn;
    this.#coming = {};
    this.#turn++;
    this.#sendOpen();
    return this.#goTo(epoch, step);
  }

  /**
   * Stops playing and goes to an epoch.
   * @param {number} epoch
   * @param {number} [step] within it
   * @returns {Promise<void>} resolved when it stands there, or where a later command has sent it
   */
  seek(epoch, step = 0) {
    if (this.playing) this.#halt();
    return this.#goTo(epoch, step);
  }

  /** @param {number} epochs */
  step(epochs) {
    return this.seek(Math.max(0, this.#start.epoch + epochs));
  }

  /** One step of the optimizer, within this epoch or to its end. */
  stepOnce() {
    const { epoch, step } = this.#start;
    return step + 1 < this.stepsPerEpoch ? this.seek(epoch, step + 1) : this.seek(epoch + 1);
  }

  /** Where a step begins: what is seen of a run that plays. */
  get #start() {
    return this.playing ? this.#position : this.#destination;
  }

  /** @returns {Promise<void>} resolved when it stands still */
  pause() {
    const isMoving = this.playing || this.#aim?.isLong;
    if (isMoving) this.#halt();
    this.#changed();
    if (isMoving) return this.#goTo(this.epoch, this.stepOfEpoch);
    return this.#aim ? this.#arrival() : Promise.resolve();
  }

  /** What is still under way is not shown any more. */
  #halt() {
    this.#player.stop();
    this.#stale = this.#lastAim;
  }

  /**
   * Plays on from here, or from the beginning when this is the end.
   * @returns {Promise<void>} resolved when it moves
   */
  play() {
    if (this.playing) return Promise.resolve();
    const isOver = this.scene?.snapshot.ended || this.epoch >= this.end;
    return this.#roll(isOver ? 0 : this.epoch, this.#pace, STILL_EVERY);
  }

  get #pace() {
    return this.speed === undefined ? { duration: PLAY_TIME } : { speed: this.speed };
  }

  /** @param {number | undefined} speed epochs a second; a run that plays goes on at it */
  useSpeed(speed) {
    this.speed = speed;
    if (this.playing) this.#startPlayer(this.#destination.epoch, this.#pace, STILL_EVERY);
    this.#changed();
  }

  /**
   * From here to the end, fast.
   * @returns {Promise<void>} resolved when it moves
   */
  sweep() {
    return this.#roll(this.epoch, { duration: SWEEP_TIME }, SWEEP_STILL);
  }

  /**
   * @param {number} epoch to begin at
   * @param {import('../state/player.js').Pace} pace
   * @param {number} still with reduced motion: milliseconds between two pictures
   */
  async #roll(epoch, pace, still) {
    this.#startPlayer(epoch, pace, still);
    this.#changed();
    await (epoch === this.epoch ? this.#arrival() : this.#goTo(epoch));
  }

  /**
   * @param {number} epoch
   * @param {import('../state/player.js').Pace} pace
   * @param {number} still
   */
  #startPlayer(epoch, pace, still) {
    this.#player.start(epoch, pace, prefersStillness() ? still : undefined);
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

  /** Keeps this run as far as it is known, under the first letter that is free. */
  keep() {
    if (!this.scene || !this.canKeep) return;
    const { experiment, history } = this.scene;
    const names = Array.from({ length: MOST_KEPT }, (_, i) => String.fromCharCode(65 + i));
    const taken = new Set(this.kept.map(({ name }) => name));
    const name = /** @type {string} */ (names.find((letter) => !taken.has(letter)));
    this.kept = [...this.kept, { name, given: this.given, experiment, history }];
    this.#changed();
  }

  /** @param {string} name of a kept run */
  drop(name) {
    this.kept = this.kept.filter((run) => run.name !== name);
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
    else if (this.scene) this.#aimAt(this.epoch, this.stepOfEpoch);
  }

  #isSeen() {
    return !document.hidden && [...this.#viewers.values()].some(({ isSeen }) => isSeen);
  }

  /** While it plays, only what is seen; what is out of sight is worked out when it rests. */
  #looks() {
    const viewers = [...this.#viewers.values()].filter(({ isSeen }) => isSeen || !this.playing);
    /** @type {Looks} */
    const looks = Object.assign({}, ...viewers.map(({ looks }) => looks));
    return looks.check ? { ...looks, question: this.question } : looks;
  }

  /** @returns {import('../state/player.js').Film} */
  #film() {
    const run = this;
    return {
      get epoch() {
        return run.#destination.epoch;
      },
      get end() {
        return run.end;
      },
      get scale() {
        return run.scale;
      },
      isSeen: () => this.#isSeen(),
      isBusy: () => this.#aims.length - this.#early.length >= MOST_AIMS || !this.scene,
      pace: () => this.#enginePace,
      turn: () => {
        const next = this.#early.shift();
        if (next?.turn === this.#turn) this.#show(next);
      },
      show: (epoch) => this.#aimAt(epoch, 0, this.#aims),
      finish: () => {
        if (this.#aim) this.#aim.isEnd = true;
        this.#lookAgain();
        this.#changed();
      },
    };
  }

  /**
   * @param {number} epoch
   * @param {number} [step]
   */
  #goTo(epoch, step) {
    this.#aimAt(epoch, step);
    return this.#arrival();
  }

  #arrival() {
    return /** @type {Promise<void>} */ (new Promise((resolve) => this.#waiting.push(resolve)));
  }

  #arrived() {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /**
   * @param {number} epoch
   * @param {number} [step] within it
   * @param {Aim[]} [before] what is to be shown before
   */
  #aimAt(epoch, step = 0, before = []) {
    this.#aims = [...before, { id: ++this.#lastAim, epoch, step, isLong: false }];
    this.#sendAim();
  }

  #sendAim() {
    if (!this.#aim) return;
    const { id: aim, epoch, step } = this.#aim;
    const run = this.#id;
    const looks = this.#looks();
    const [isPassing, isUnseen] = [this.playing, !this.#isSeen()];
    this.#client.send({ type: 'aim', run, aim, epoch, step, looks, isPassing, isUnseen });
  }

  /** The history to its end, as long as somebody sees it. */
  #lookAhead() {
    if (!this.scene) return;
    const epoch = this.#isSeen() ? this.scene.experiment.epochs : 0;
    this.#client.send({ type: 'ahead', run: this.#id, epoch });
  }

  #sendOpen() {
    const { given: experiment } = this;
    this.#client.send({ type: 'open', run: this.#id, turn: this.#turn, experiment });
  }

  /** Another engine has taken over: it must know what the last one knew. */
  #restore() {
    this.#sendOpen();
    if (!this.#aim) this.#aimAt(this.epoch, this.stepOfEpoch);
    else this.#sendAim();
    this.#lookAhead();
  }

  /** @param {FromEngine} message */
  #receive(message) {
    if ('turn' in message && message.turn !== this.#turn) return; // of an experiment that is gone
    if (message.type === 'opened') this.#coming.info = message.info;
    if (message.type === 'refused') this.#refuse(message.problem);
    if (message.type === 'history') this.#addHistory(message.history);
    if (message.type === 'snapshot') this.#showInTime(message);
    if (message.type === 'curves') this.#addCurves(message.curves);
    if (message.type === 'watch') this.#addWatch(message.watch);
  }

  /** @param {Problem} problem */
  #refuse(problem) {
    if (this.#before) {
      const { given, epoch, step, turn, isStandIn } = this.#before;
      this.#before = undefined;
      this.given = given;
      this.#turn = turn;
      this.isStandIn = isStandIn;
      this.#tell('declined', problem);
      this.#aimAt(epoch, step);
      return;
    }
    this.#tell('refused', problem);
    this.#begin({}, this.#aim?.epoch ?? 0, true);
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

  /** @param {import('../state/types.js').Watch} watch */
  #addWatch(watch) {
    if (this.scene?.snapshot.epoch !== watch.epoch) return;
    this.scene = { ...this.scene, snapshot: { ...this.scene.snapshot, watch } };
    this.#changed();
  }

  /**
   * While it plays, a picture a frame: each waits for its own.
   * @param {SnapshotMessage} message
   */
  #showInTime(message) {
    if (this.playing) this.#early.push(message);
    else {
      this.#early = [];
      this.#show(message);
    }
  }

  /** @param {SnapshotMessage} message */
  #show({ aim, isThere, pace, snapshot }) {
    this.#enginePace = pace;
    if (aim <= this.#stale) return;
    const { info, history } = this.#coming;
    const isNew = info && history;
    const before = this.scene?.snapshot;
    if (isNew) this.scene = { experiment: complete(this.given), info, history, snapshot };
    else if (this.scene)
      this.scene = { ...this.scene, snapshot: { ...lasting(this.scene.snapshot), ...snapshot } };
    this.#coming = {};
    if (isNew) {
      if (this.#before) this.#undo.record(this.#before, this.#before.label);
      this.#before = undefined;
      this.#lookAhead();
    }
    if (isThere) this.#aims = this.#aims.filter(({ id }) => id > aim);
    else if (this.#aim) this.#aim.isLong = true;
    if (snapshot.ended && this.playing) {
      this.#player.stop();
      this.#lookAgain();
    }
    this.#changed();
    if (isNew) this.dispatchEvent(new Event('opened'));
    if (isNew || snapshot.epoch !== before?.epoch || snapshot.step !== before.step)
      this.dispatchEvent(new Event('moved'));
    if (!this.#aim || this.playing) this.#arrived();
  }

  /** @param {Problem} problem */
  #fail(problem) {
    this.#player.stop();
    this.#aims = [];
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

/**
 * What stays to be seen until it is read out anew.
 * @param {import('../state/types.js').Snapshot} snapshot
 */
function lasting({ watch, check, broken }) {
  return { watch, check, broken };
}

/**
 * What a run has been from its beginning: all but what was changed on the way, and where it ends.
 * @param {Record<string, unknown>} given
 */
function coreOf(given) {
  const { edits, epochs, stop, ...core } = complete(given);
  return core;
}

function prefersStillness() {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
