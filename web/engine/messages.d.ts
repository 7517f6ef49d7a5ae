/** What the page and the engine say to each other. Everything in it can be cloned. */
import type { Experiment, History, Looks, Problem, RunInfo, Snapshot } from '../state/types.js';

export type ToEngine =
  /** the first message: the compiled program */
  | { type: 'load'; wasm: ArrayBuffer }
  | { type: 'open'; run: number; experiment: Record<string, unknown> }
  /** go to the epoch and say what is there; a newer aim takes the place of an older one */
  | { type: 'aim'; run: number; aim: number; epoch: number; looks: Looks }
  /** compute the history as far as the run is meant to go, whenever there is nothing else to do */
  | { type: 'ahead'; run: number; epoch: number }
  | { type: 'close'; run: number };

export type FromEngine =
  /** the script runs */
  | { type: 'hello' }
  /** the engine is at work on something long */
  | { type: 'alive' }
  /** the program cannot be started here, or has broken down */
  | { type: 'crashed'; message: string }
  | { type: 'opened'; run: number; info: RunInfo }
  | { type: 'refused'; run: number; problem: Problem }
  /** on the way to a far epoch, now and then; and at it */
  | { type: 'snapshot'; run: number; aim: number; isThere: boolean; snapshot: Snapshot }
  | { type: 'history'; run: number; history: History };

/** The little of a worker's global scope, or of a MessagePort, that the engine needs. */
export interface Port {
  postMessage(message: FromEngine): void;
  onmessage: ((event: { data: ToEngine }) => void) | null;
}

export type { Experiment, History, Looks, Problem, RunInfo, Snapshot };
