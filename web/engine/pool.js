// Engines for work beside the runs, at most four; one core is left to the page. They start when there
// is work, and end when there has been none for a while.
import { jobs } from 'virtual:backprop-jobs';
import { EngineClient } from './client.js';

/** @typedef {import('./messages.js').Job} Job */

/**
 * @typedef {object} Task
 * @property {Job} job
 * @property {AbortSignal} signal
 * @property {(result: any) => void} resolve
 */

/**
 * @typedef {object} Hand
 * @property {EngineClient} client
 * @property {number} id
 * @property {Task} [task]
 */

const MOST_HANDS = 4;
/** Milliseconds without work after which the engines end. */
const REST_AFTER = 3000;

/** @type {Pool | undefined} */
let shared;

/**
 * The page's pool.
 * @param {import('./client.js').EngineSource} source
 */
export function poolOf(source) {
  shared ??= new Pool(source);
  return shared;
}

export class Pool {
  #source;
  /** @type {Task[]} */
  #tasks = [];
  /** @type {Hand[]} */
  #hands = [];
  #isHiring = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;

  /** @param {import('./client.js').EngineSource} source */
  constructor(source) {
    this.#source = source;
  }

  get size() {
    return Math.max(1, Math.min(MOST_HANDS, (navigator.hardwareConcurrency || 1) - 1));
  }

  /**
   * @param {Job} job
   * @param {AbortSignal} signal a job that is given up never resolves
   * @param {boolean} [isUrgent] whether it goes before what waits
   * @returns {Promise<any>} what it has found; undefined where no engine can do it
   */
  run(job, signal, isUrgent = false) {
    return new Promise((resolve) => {
      if (signal.aborted) return;
      const task = { job, signal, resolve };
      if (isUrgent) this.#tasks.unshift(task);
      else this.#tasks.push(task);
      signal.addEventListener('abort', () => this.#giveUp(task), { once: true });
      this.#deal();
    });
  }

  #deal() {
    clearTimeout(this.#rest);
    for (; this.#tasks.length > 0; ) {
      const hand = this.#hands.find(({ task }) => !task) ?? this.#hire();
      if (!hand) return;
      hand.task = this.#tasks.shift();
      this.#start(hand);
    }
    if (this.#hands.every(({ task }) => !task))
      this.#rest = setTimeout(() => this.#dismiss(), REST_AFTER);
  }

  /**
   * One in a task, for a worker takes its time to start.
   * @returns {Hand | undefined} undefined where there are enough, or none may be hired yet
   */
  #hire() {
    if (this.#isHiring || this.#hands.length >= this.size) return undefined;
    this.#isHiring = true;
    setTimeout(() => {
      this.#isHiring = false;
      this.#deal();
    });
    const client = new EngineClient(this.#source, () => {}, jobs);
    const hand = { client, id: 0 };
    this.#seat(hand);
    this.#hands.push(hand);
    return hand;
  }

  /**
   * Under a name that no earlier answer bears.
   * @param {Hand} hand
   */
  #seat(hand) {
    const { id, client } = hand;
    hand.id = client.enter({
      receive: (message) => {
        if (message.type === 'done') this.#finish(hand, message.result);
      },
      restore: () => this.#start(hand),
      isWaiting: () => hand.task !== undefined,
      fail: () => {
        this.#hands = this.#hands.filter((other) => other !== hand);
        this.#finish(hand, undefined);
      },
    });
    if (id) client.leave(id);
  }

  /** @param {Hand} hand */
  #start({ client, id, task }) {
    if (task) client.send({ type: 'job', run: id, job: task.job });
  }

  /**
   * @param {Hand} hand
   * @param {unknown} result
   */
  #finish(hand, result) {
    const { task } = hand;
    hand.task = undefined;
    task?.resolve(result);
    this.#deal();
  }

  /** @param {Task} task */
  #giveUp(task) {
    this.#tasks = this.#tasks.filter((other) => other !== task);
    const hand = this.#hands.find((other) => other.task === task);
    if (!hand) return;
    hand.task = undefined;
    this.#seat(hand);
    this.#deal();
  }

  #dismiss() {
    for (const { client, id } of this.#hands.splice(0)) client.leave(id);
  }
}
