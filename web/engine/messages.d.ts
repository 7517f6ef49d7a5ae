/** What the page and the engine say to each other. Everything in it can be cloned. */
import type {
  BrokenCurves,
  Experiment,
  History,
  Looks,
  Problem,
  RunInfo,
  Snapshot,
  Watch,
} from '../state/types.js';

export type ToEngine =
  /** the first message: the compiled program */
  | { type: 'load'; wasm: ArrayBuffer }
  /** another experiment; `turn` counts them, and what is said of it bears its turn */
  | { type: 'open'; run: number; turn: number; experiment: Record<string, unknown> }
  /**
   * go to the epoch, and to a step within it, and say what is there; a newer aim takes the place of an
   * older one. In passing, the one before is reached first, and the history is told only now and then.
   * What nobody sees waits while something plays
   */
  | {
      type: 'aim';
      run: number;
      aim: number;
      epoch: number;
      step?: number;
      looks: Looks;
      isPassing?: boolean;
      isUnseen?: boolean;
    }
  /** compute the history as far as the run is meant to go, whenever there is nothing else to do */
  | { type: 'ahead'; run: number; epoch: number }
  /** one piece of work beside the runs; `done` answers it, `close` ends it */
  | { type: 'job'; run: number; job: Job }
  | { type: 'close'; run: number };

export type FromEngine =
  /** the script runs */
  | { type: 'hello' }
  /** the engine is at work on something long */
  | { type: 'alive' }
  /** the program cannot be started here, or has broken down */
  | { type: 'crashed'; message: string }
  | { type: 'opened'; run: number; turn: number; info: RunInfo }
  /** the experiment cannot be; the one before it stays open */
  | { type: 'refused'; run: number; turn: number; problem: Problem }
  /** on the way to a far epoch, now and then; and at it */
  | {
      type: 'snapshot';
      run: number;
      turn: number;
      aim: number;
      isThere: boolean;
      /** epochs in a millisecond of training, so far; infinite before any */
      pace: number;
      snapshot: Snapshot;
    }
  | { type: 'history'; run: number; turn: number; history: History }
  /** when the run with a mistake has been trained */
  | { type: 'curves'; run: number; turn: number; curves: BrokenCurves }
  /** what is watched, where it was too dear for the snapshot */
  | { type: 'watch'; run: number; turn: number; watch: Watch }
  /** what a job has found; undefined where the engine refuses it */
  | { type: 'done'; run: number; result: unknown };

export type Job = SurveyJob | StandingJob | LandscapeJob | RaceJob | DatasetsJob;

/** The experiment under each of these seeds, to the end of its epochs. */
export interface SurveyJob {
  kind: 'survey';
  experiment: Record<string, unknown>;
  seeds: number[];
  hasMaps: boolean;
}

export interface Survey {
  /** by seed */
  losses: Float64Array;
  diverged: boolean[];
  /** by seed: the first output over the plane, `size` by `size` from the bottom, or for some rows */
  maps?: Float32Array[];
  size?: number;
}

export interface StandingJob {
  kind: 'standing';
  experiment: Record<string, unknown>;
}

export interface LandscapeJob {
  kind: 'landscape';
  experiment: Record<string, unknown>;
  /** two parameters; left out: the first two principal directions of the path */
  axes?: [number, number];
  /** whose parameters all but those two are */
  epoch: number;
}

/** The post's run against plain JavaScript. */
export interface RaceJob {
  kind: 'race';
}

export interface RaceResult {
  /** of a run */
  epochs: number;
  /** how many runs the medians are of, at least */
  rounds: number;
  /** milliseconds a run, and the loss at its end */
  ours: { milliseconds: number; loss: number };
  loop: { milliseconds: number; loss: number };
}

/** All rows of these experiments' data. */
export interface DatasetsJob {
  kind: 'datasets';
  experiments: Record<string, unknown>[];
}

/** The little of a worker's global scope, or of a MessagePort, that the engine needs. */
export interface Port {
  postMessage(message: FromEngine): void;
  onmessage: ((event: { data: ToEngine }) => void) | null;
}

export type { Experiment, History, Looks, Problem, RunInfo, Snapshot };
