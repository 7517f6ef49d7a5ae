// The page's side of the engine. One engine serves every figure of the page: in a worker where the
// page may have one, else in the page itself. An engine that dies or falls silent is replaced, and
// every run is taken to where it was.

/** @typedef {import('./messages.js').ToEngine} ToEngine */
/** @typedef {import('./messages.js').FromEngine} FromEngine */
/** @typedef {import('./messages.js').Port} Port */

/**
 * Where the engine comes from.
 * @typedef {object} EngineSource
 * @property {() => typeof import('./entry.js')} script everything the engine is made of; it
 *   refers to nothing outside itself, so its text is also a worker's
 * @property {() => Promise<ArrayBuffer>} wasm the compiled program
 */

/** @typedef {() => typeof import('./jobs.js')} Jobs what an engine beside the runs can do; such a text too */

/**
 * What a run is to the client.
 * @typedef {object} Tenant
 * @property {(message: FromEngine) => void} receive
 * @property {() => void} restore says again to the engine all that it must know
 * @property {() => boolean} isWaiting whether an answer is due
 * @property {(message: string) => void} fail
 */

/** Milliseconds within which a worker must say hello … */
const HELLO_WITHIN = 500;
/** … in so many turns, so that those do not count in which the page itself was busy and could not hear it. */
const HELLO_TURNS = 5;
/** Milliseconds of silence after which an engine that owes an answer is given up. */
const PATIENCE = 4000;
/** So many engines may break down within so many milliseconds before the figure says so. */
const MOST_FAILURES = 3;
const FAILURES_WITHIN = 60000;

/** @type {EngineClient | undefined} */
let shared;
/** @type {WeakMap<EngineSource, Promise<ArrayBuffer>>} each program is fetched or unpacked once */
const programs = new WeakMap();

/** @param {EngineSource} source */
function programOf(source) {
  const program = programs.get(source) ?? source.wasm();
  programs.set(source, program);
  program.catch(() => programs.delete(source));
  return program;
}

/**
 * The page's engine; it ends when everybody has released it.
 * @param {EngineSource} source
 */
export function acquireEngine(source) {
  shared ??= new EngineClient(source, () => {
    shared = undefined;
  });
  return shared;
}

export class EngineClient {
  /** @type {Map<number, Tenant>} */
  #tenants = new Map();
  #source;
  #onEmpty;
  #jobs;
  #nextId = 1;
  /** @type {{ send: (message: ToEngine) => void, end: () => void } | undefined} */
  #engine;
  #mayHaveWorker = true;
  /** @type {number[]} when engines have broken down, lately */
  #failures = [];
  #lastHeard = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #watch;

  /**
   * @param {EngineSource} source
   * @param {() => void} onEmpty
   * @param {Jobs} [jobs]
   */
  constructor(source, onEmpty, jobs) {
    this.#source = source;
    this.#onEmpty = onEmpty;
    this.#jobs = jobs;
  }

  /**
   * @param {Tenant} tenant
   * @returns {number} the tenant's name in messages
   */
  enter(tenant) {
    const id = this.#nextId++;
    this.#tenants.set(id, tenant);
    this.start();
    return id;
  }

  /** Starts the engine, which may be done ahead of the first tenant. */
  start() {
    if (this.#engine) return;
    const worker = this.#mayHaveWorker ? this.#startWorker() : undefined;
    this.#engine = worker ?? this.#startHere();
    this.#load(this.#engine);
  }

  /** @param {number} id */
  leave(id) {
    if (!this.#tenants.delete(id)) return;
    this.#engine?.send({ type: 'close', run: id });
    if (this.#tenants.size > 0) return;
    this.#end();
    this.#onEmpty();
  }

  /**
   * To an engine that has been given up goes nothing but another experiment, which is a new attempt.
   * @param {ToEngine} message
   */
  send(message) {
    if (this.#engine) this.#engine.send(message);
    else if (message.type === 'open') this.#restart();
    if (!this.#watch) this.#keepWatch(Date.now());
  }

  #restart() {
    this.#failures = [];
    this.#replace();
  }

  #end() {
    for (const run of this.#tenants.keys()) this.#engine?.send({ type: 'close', run });
    this.#engine?.end();
    this.#engine = undefined;
    clearTimeout(this.#watch);
    this.#watch = undefined;
  }

  /** @param {{ send: (message: ToEngine) => void }} engine */
  async #load(engine) {
    try {
      const wasm = await programOf(this.#source);
      if (engine === this.#engine) engine.send({ type: 'load', wasm });
    } catch (error) {
      if (engine === this.#engine) this.#giveUp(`its program could not be loaded (${error})`);
    }
  }

  #startWorker() {
    /** @type {Worker} */
    let worker;
    const jobs = this.#jobs ? `(${this.#jobs})().startJob` : '';
    const text = `(${this.#source.script})().serve(self,${jobs})`;
    const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    try {
      worker = new Worker(url);
    } catch {
      return undefined;
    } finally {
      setTimeout(() => URL.revokeObjectURL(url), HELLO_WITHIN);
    }
    /** @type {ReturnType<typeof setTimeout>} */
    let silence;
    const listen = (/** @type {number} */ turns) => {
      silence = setTimeout(() => {
        if (turns > 1) listen(turns - 1);
        else this.#doWithoutWorker();
      }, HELLO_WITHIN / HELLO_TURNS);
    };
    listen(HELLO_TURNS);
    worker.onmessage = ({ data }) => {
      clearTimeout(silence);
      worker.onerror = () => this.#breakDown('its worker has died');
      this.#hear(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#doWithoutWorker();
    };
    const end = () => {
      clearTimeout(silence);
      worker.onmessage = null;
      worker.onerror = null;
      worker.terminate();
    };
    return { send: (/** @type {ToEngine} */ message) => worker.postMessage(message), end };
  }

  /**
   * The same engine in the page: its slices are short enough for that.
   * @returns {{ send: (message: ToEngine) => void, end: () => void }}
   */
  #startHere() {
    let isOpen = true;
    /** @type {Port} */
    const port = {
      onmessage: null,
      postMessage: (message) =>
        queueMicrotask(() => {
          if (isOpen) this.#hear(message);
        }),
    };
    this.#source.script().serve(port, this.#jobs?.().startJob);
    return {
      send: (message) => port.onmessage?.({ data: message }),
      end: () => {
        isOpen = false;
      },
    };
  }

  /** A worker is refused here, or does not come to life. */
  #doWithoutWorker() {
    this.#mayHaveWorker = false;
    this.#replace();
  }

  #replace() {
    this.#end();
    if (this.#tenants.size === 0) return;
    this.start();
    this.#lastHeard = Date.now();
    for (const tenant of this.#tenants.values()) tenant.restore();
  }

  /** @param {FromEngine} message */
  #hear(message) {
    this.#lastHeard = Date.now();
    if (message.type === 'crashed') {
      this.#breakDown(message.message);
    } else if ('run' in message) {
      this.#tenants.get(message.run)?.receive(message);
    }
  }

  /** @param {string} reason */
  #breakDown(reason) {
    const now = Date.now();
    this.#failures = [...this.#failures.filter((time) => now - time < FAILURES_WITHIN), now];
    if (this.#failures.length < MOST_FAILURES) this.#replace();
    else this.#giveUp(reason);
  }

  /** @param {string} reason */
  #giveUp(reason) {
    this.#end();
    for (const tenant of this.#tenants.values()) tenant.fail(reason);
  }

  /** @param {number} since when the silence is counted from */
  #keepWatch(since) {
    this.#watch = setTimeout(() => {
      this.#watch = undefined;
      if (![...this.#tenants.values()].some((tenant) => tenant.isWaiting())) return;
      const heard = Math.max(since, this.#lastHeard);
      if (Date.now() - heard < PATIENCE * 2 ** this.#failures.length) this.#keepWatch(heard);
      else this.#breakDown('it does not answer');
    }, 1000);
  }
}
