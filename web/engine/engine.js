// The engine: owns the sessions, moves them in slices, answers with snapshots. It runs in a worker,
// or in the page itself where a worker is refused; it never works longer than a slice at a time.
import { complete, isSame } from '../state/experiment.js';
import { BrokenRun } from './broken-run.js';
import { checkGradient } from './gradient-check.js';
import { describe, takeSnapshot } from './read-out.js';
import { Watcher } from './watch.js';

/** @typedef {import('./messages.js').ToEngine} ToEngine */
/** @typedef {import('./messages.js').FromEngine} FromEngine */
/** @typedef {import('../state/types.js').Looks} Looks */
/** @typedef {typeof import('./jobs.js').startJob} StartJob */

/** Milliseconds of work between two looks at the messages. */
const SLICE = 12;
/** Milliseconds of training ahead that a run gets unasked. */
const AHEAD_LIMIT = 8000;
/** Milliseconds between two messages about the history so far. */
const NEWS_EVERY = 120;
/** Epochs in a millisecond before anything was measured: one epoch to begin with. */
const FIRST_PACE = 1 / SLICE;
/** Milliseconds after the last aim within which more aims are to be expected. */
const CALM_AFTER = 250;
/** A run that is followed is trained ahead only where that takes no longer than this. */
const QUICK = 300;
/** Milliseconds between two slices of what nobody sees, while something plays. */
const UNSEEN_EVERY = 120;
/** Milliseconds between two signs of life. */
const ALIVE_EVERY = 500;

/** @typedef {{ aim: number, epoch: number, step?: number, looks: Looks, isPassing?: boolean, isUnseen?: boolean }} Aim */

/**
 * @typedef {object} EngineRun
 * @property {number} turn which experiment of its page's this is
 * @property {import('../../wasm/session.js').Session} session
 * @property {import('../state/types.js').Experiment} experiment complete
 * @property {import('../state/types.js').RunInfo} info
 * @property {BrokenRun} [broken] the one with a mistake beside it, when it is asked for
 * @property {Watcher} [watcher] once somebody watches
 * @property {Generator<void, import('../state/types.js').Watch>} [watching] of where it stands
 * @property {Aim | undefined} aim where to go
 * @property {Aim} [next] where to go then
 * @property {number} aimedAt when it was last said where to go
 * @property {number} epochs how long it is meant to be
 * @property {number} ahead as far as which epoch the history is wanted
 * @property {number} known as far as which epoch the history is known
 * @property {boolean} ended whether it ends at `known`
 * @property {number} pace epochs in a millisecond
 * @property {number} trained milliseconds of training
 * @property {number} shown when a picture was last made
 * @property {number} told when the history was last sent
 * @property {number} toldEpoch as far as which epoch
 */

export class Engine {
  /** @type {Map<number, EngineRun>} */
  #runs = new Map();
  /** @type {Map<number, Generator<void, unknown>>} */
  #jobs = new Map();
  #backprop;
  #post;
  #later;
  #startJob;
  #isScheduled = false;
  #isResting = false;
  #playedAt = Number.NEGATIVE_INFINITY;
  #unseenAt = Number.NEGATIVE_INFINITY;
  #lastSign = 0;

  /**
   * @param {import('../../wasm/classes.js').Classes} backprop
   * @param {(message: FromEngine) => void} post
   * @param {(slice: () => void) => void} later runs a slice after what has been received meanwhile
   * @param {StartJob} [startJob]
   */
  constructor(backprop, post, later, startJob) {
    this.#backprop = backprop;
    this.#post = post;
    this.#later = later;
    this.#startJob = startJob;
  }

  /** @param {ToEngine} message */
  receive(message) {
    if (message.type === 'open') this.#open(message);
    if (message.type === 'close') this.#close(message.run);
    if (message.type === 'job') this.#take(message);
    if (message.type === 'aim') this.#aim(message);
    if (message.type === 'ahead') this.#change(message.run, { ahead: message.epoch });
  }

  /**
   * In passing, the aim before is reached first.
   * @param {Extract<ToEngine, { type: 'aim' }>} message
   */
  #aim(message) {
    const now = performance.now();
    if (message.isPassing) this.#playedAt = now;
    const waits = message.isPassing && this.#runs.get(message.run)?.aim?.isPassing;
    const aims = waits ? { next: message } : { aim: message, next: undefined };
    this.#change(message.run, { ...aims, aimedAt: now });
  }

  /** @param {{ run: number, turn: number, experiment: Record<string, unknown> }} message */
  #open(message) {
    const { run, turn, experiment } = message;
    try {
      if (this.#edit(message)) return;
      const session = new this.#backprop.Session(experiment);
      this.#close(run);
      const whole = complete(experiment);
      const { epochs } = whole;
      const info = describe(session, whole);
      const about = { experiment: whole, info, epochs };
      const start = { aim: undefined, aimedAt: 0, ahead: 0, known: 0, ended: false, trained: 0 };
      const untold = { shown: 0, told: 0, toldEpoch: -1 };
      this.#runs.set(run, { turn, session, ...about, pace: FIRST_PACE, ...start, ...untold });
      this.#post({ type: 'opened', run, turn, info });
    } catch (error) {
      const { message, path, name } = /** @type {Error & { path?: string }} */ (error);
      if (name !== 'ExperimentError') throw error;
      this.#post({ type: 'refused', run, turn, problem: { message, path: path ?? '' } });
    }
  }

  /**
   * An experiment that differs from its run's in its edits alone goes on where these begin to differ.
   * @param {{ run: number, turn: number, experiment: Record<string, unknown> }} message
   * @returns {boolean} whether this is one
   */
  #edit({ run: id, turn, experiment }) {
    const run = this.#runs.get(id);
    const whole = complete(experiment);
    if (!run || !isSame({ ...whole, edits: [] }, { ...run.experiment, edits: [] })) return false;
    const { session, known } = run;
    session.seek(known);
    if (!session.edit(experiment)) return false;
    run.broken?.dispose();
    Object.assign(run, {
      turn,
      experiment: whole,
      broken: undefined,
      watcher: undefined,
      watching: undefined,
      aim: undefined,
      next: undefined,
      ahead: 0,
      known: session.epoch,
      ended: false,
      trained: (run.trained * session.epoch) / Math.max(1, known),
    });
    this.#post({ type: 'opened', run: id, turn, info: run.info });
    this.#tellHistory(id, run);
    return true;
  }

  /** @param {{ run: number, job: import('./messages.js').Job }} message */
  #take({ run, job }) {
    this.#close(run);
    if (this.#startJob) this.#jobs.set(run, this.#startJob(this.#backprop, job));
    this.#schedule();
  }

  /** @param {number} id */
  #close(id) {
    this.#jobs.get(id)?.return(undefined);
    this.#jobs.delete(id);
    this.#runs.get(id)?.session.dispose();
    this.#runs.get(id)?.broken?.dispose();
    this.#runs.delete(id);
  }

  /**
   * @param {number} id
   * @param {Partial<EngineRun>} change
   */
  #change(id, change) {
    const run = this.#runs.get(id);
    if (!run) return;
    Object.assign(run, change);
    this.#schedule();
  }

  #schedule() {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#later(() => {
      this.#isScheduled = false;
      this.#work();
    });
  }

  /** One slice: those that are waited for first, then one of the others, then a job. */
  #work() {
    const runs = [...this.#runs];
    const isTurn = this.#isTurnOfOthers();
    const aimed = runs.filter(([, run]) => run.aim && (isTurn || !run.aim.isUnseen));
    const broken = runs.find(([, run]) => run.broken?.isDone === false);
    const watched = runs.find(([, run]) => run.watching);
    const behind = runs.find(([, run]) => wantsMore(run) && !isFollowed(run));
    if (aimed.length > 0) for (const [id, run] of aimed) this.#approach(id, run);
    else if (watched) this.#goOnWatching(...watched);
    else if (broken) this.#trainBroken(...broken);
    else if (!isTurn) return this.#rest();
    else if (behind) this.#trainAhead(...behind);
    else if (this.#jobs.size > 0) this.#goOn(...[...this.#jobs][0]);
    else return this.#rest();
    this.#signLife();
    this.#schedule();
  }

  /** While something plays, what nobody sees gets a slice now and then: the cores are for drawing. */
  #isTurnOfOthers() {
    const now = performance.now();
    const isPlaying = now - this.#playedAt < CALM_AFTER;
    if (isPlaying && now - this.#unseenAt < UNSEEN_EVERY) return false;
    this.#unseenAt = now;
    return true;
  }

  /** What has been put off, while a run was followed, goes on after it. */
  #rest() {
    const isPutOff = (/** @type {EngineRun} */ run) => run.aim || wantsMore(run);
    if (this.#isResting || !(this.#jobs.size > 0 || [...this.#runs.values()].some(isPutOff)))
      return;
    this.#isResting = true;
    setTimeout(() => {
      this.#isResting = false;
      this.#schedule();
    }, CALM_AFTER);
  }

  #signLife() {
    const now = performance.now();
    if (now - this.#lastSign < ALIVE_EVERY) return;
    this.#lastSign = now;
    this.#post({ type: 'alive' });
  }

  /**
   * Takes a run nearer to where it shall go, and shows it: when it is there, and now and then on a
   * long way.
   * @param {number} id
   * @param {EngineRun} run
   */
  #approach(id, run) {
    const { aim, epoch, step, looks, isPassing } = /** @type {NonNullable<EngineRun['aim']>} */ (
      run.aim
    );
    const started = performance.now();
    run.watching = undefined;
    const isThere = advance(run, epoch, step);
    if (isThere && performance.now() - started > SLICE / 2) return; // it is shown in the next slice
    if (!isThere && performance.now() - (isPassing ? run.shown : run.told) < NEWS_EVERY) return;
    run.shown = performance.now();
    if (isThere) Object.assign(run, { aim: run.next, next: undefined });
    const isNews = run.known > run.toldEpoch && run.session.epoch === run.known;
    const canWait = isPassing && run.toldEpoch >= 0 && started - run.told < NEWS_EVERY;
    if (isNews && !canWait) this.#tellHistory(id, run);
    const ended = run.session.diverged || (run.ended && run.session.epoch >= run.known);
    const snapshot = takeSnapshot(run.session, run.info, looks, ended, isPassing);
    if (looks.check && looks.question) this.#check(run, looks.question, snapshot);
    if (looks.watch) this.#watch(run, snapshot, isPassing);
    const { turn, known, trained } = run;
    const pace = trained > 0 ? known / trained : Number.POSITIVE_INFINITY;
    this.#post({ type: 'snapshot', run: id, turn, aim, isThere, pace, snapshot });
  }

  /**
   * @param {EngineRun} run
   * @param {import('../state/types.js').Question} question
   * @param {import('../state/types.js').Snapshot} snapshot gets the answers
   */
  #check(run, question, snapshot) {
    const { session, info, experiment } = run;
    if (run.broken?.mistake !== question.mistake) {
      run.broken?.dispose();
      run.broken = new BrokenRun(this.#backprop, experiment, question.mistake);
    }
    snapshot.check = checkGradient(session, info, experiment, question);
    snapshot.broken = run.broken.check(snapshot.epoch);
  }

  /**
   * With the snapshot where there is time for it, else when there is nothing more urgent.
   * @param {EngineRun} run
   * @param {import('../state/types.js').Snapshot} snapshot
   * @param {boolean} [isPassing] whether it can wait
   */
  #watch(run, snapshot, isPassing) {
    const { session, info, experiment } = run;
    run.watcher ??= new Watcher(session, info, experiment);
    if (isPassing && run.watcher.age < NEWS_EVERY) return;
    if (run.watcher.isDue) snapshot.watch = run.watcher.read();
    else run.watching = run.watcher.pieces();
  }

  /**
   * @param {number} id
   * @param {EngineRun} run that stands where it is watched
   */
  #goOnWatching(id, run) {
    const end = performance.now() + SLICE;
    while (run.watching && performance.now() < end) {
      const { done, value } = run.watching.next();
      if (!done) continue;
      run.watching = undefined;
      this.#post({ type: 'watch', run: id, turn: run.turn, watch: value });
    }
  }

  /**
   * @param {number} id
   * @param {EngineRun} run
   */
  #trainBroken(id, { turn, broken }) {
    broken?.advance(SLICE);
    if (broken?.isDone) this.#post({ type: 'curves', run: id, turn, curves: broken.curves() });
  }

  /**
   * @param {number} id
   * @param {EngineRun} run
   */
  #trainAhead(id, run) {
    const isThere = advance(run, run.ahead);
    if (isThere || performance.now() - run.told >= NEWS_EVERY) this.#tellHistory(id, run);
  }

  /**
   * @param {number} id
   * @param {Generator<void, unknown>} job
   */
  #goOn(id, job) {
    const end = performance.now() + SLICE / 2;
    try {
      while (performance.now() < end) {
        const { done, value } = job.next();
        if (!done) continue;
        this.#jobs.delete(id);
        this.#post({ type: 'done', run: id, result: value });
        return;
      }
    } catch (error) {
      this.#jobs.delete(id);
      if (/** @type {Error} */ (error).name !== 'ExperimentError') throw error;
      this.#post({ type: 'done', run: id, result: undefined });
    }
  }

  /**
   * Sends the history; the session stands at its end.
   * @param {number} id
   * @param {EngineRun} run
   */
  #tellHistory(id, run) {
    run.told = performance.now();
    run.toldEpoch = run.known;
    const complete = run.ended || run.known >= run.epochs;
    const history = { ...run.session.history(), complete, milliseconds: run.trained };
    this.#post({ type: 'history', run: id, turn: run.turn, history });
  }
}

/** @param {EngineRun} run */
function wantsMore(run) {
  return !run.ended && run.known < run.ahead && run.trained < AHEAD_LIMIT;
}

/**
 * Whether a run plays or is dragged, so that its session had better stay where it is: to go far ahead
 * and back for every picture takes longer than the picture.
 * @param {EngineRun} run
 */
function isFollowed({ aimedAt, ahead, known, pace }) {
  return performance.now() - aimedAt < CALM_AFTER && (ahead - known) / pace > QUICK;
}

/**
 * Takes a session nearer to an epoch, and to a step within it: at once where it has been before, else
 * by a slice.
 * @param {EngineRun} run
 * @param {number} epoch
 * @param {number} [step] 0 where the epoch has no such step
 * @returns {boolean} whether it is there, or as near as this run comes
 */
function advance(run, epoch, step = 0) {
  const { session } = run;
  const within = step < session.stepsPerEpoch ? step : 0;
  const familiar = run.ended ? epoch : Math.min(epoch, run.known);
  if (session.epoch !== familiar || session.stepOfEpoch > within) session.seek(familiar);
  if (epoch > session.epoch && !run.ended) train(run, epoch - session.epoch);
  if (session.epoch === epoch) session.trainSteps(within - session.stepOfEpoch);
  return run.ended || session.epoch === epoch;
}

/**
 * Trains for a slice at most.
 * @param {EngineRun} run whose session stands at the end of what is known
 * @param {number} epochs
 */
function train(run, epochs) {
  const { session } = run;
  const end = performance.now() + SLICE;
  for (let left = epochs; left > 0; ) {
    const start = performance.now();
    if (start >= end) break;
    const chunk = Math.min(left, Math.max(1, Math.floor(run.pace * (end - start))));
    const ran = session.train(chunk);
    const spent = performance.now() - start;
    run.trained += spent;
    run.pace = Math.min(run.pace * 8, ran / Math.max(spent, 0.1)) || run.pace;
    left -= ran;
    if (ran < chunk) {
      run.ended = true;
      break;
    }
  }
  run.known = Math.max(run.known, session.epoch);
}
