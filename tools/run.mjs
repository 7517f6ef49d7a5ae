// Running other programs and talking to whoever typed the command. Results go to standard output,
// everything about how the work goes to standard error.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = path.resolve(fileURLToPath(import.meta.url), '../..');

/** A reason to end the command that is told in one sentence, without a stack trace. */
export class Stop extends Error {
  /**
   * @param {string} message one sentence, or a few
   * @param {string} output what the failing program printed; shown before the message
   */
  constructor(message, output = '') {
    super(message);
    this.output = output;
  }
}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** @param {number} milliseconds */
export function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/**
 * Does the work under a title; a terminal sees the seconds pass.
 * @template T
 * @param {string} title what is being done, without a full stop
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const started = performance.now();
  const elapsed = () => duration(performance.now() - started);
  if (!process.stderr.isTTY) {
    say(`${title}…`);
    const result = await work();
    say(`  done in ${elapsed()}`);
    return result;
  }
  const draw = () => process.stderr.write(`\r${title}… ${elapsed()}\x1b[K`);
  draw();
  const timer = setInterval(draw, 500);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    draw();
    process.stderr.write('\n');
  }
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();

/**
 * Runs a program to its end and returns what it printed.
 * @param {string} file
 * @param {string[]} args
 * @param {object} [options]
 * @param {string} [options.log] the output is also kept in build/log/<log>.log
 * @param {string} [options.cwd]
 * @param {Record<string, string | undefined>} [options.env] added to the environment
 * @param {boolean} [options.terminal] leave the program on this terminal, so that sudo may ask there
 * @returns {Promise<string>} standard output and standard error, in the order of arrival
 * @throws {Stop} when it cannot be started or its exit status is not 0
 */
export async function run(file, args, { log, cwd = root, env = {}, terminal = false } = {}) {
  const { status, output } = await attempt(file, args, { cwd, env, terminal });
  const logFile = log && path.join('build', 'log', `${log}.log`);
  if (logFile) {
    mkdirSync(path.join(root, 'build', 'log'), { recursive: true });
    writeFileSync(path.join(root, logFile), output);
  }
  if (status !== 0) {
    const where = logFile ? `; its output is in ${logFile}` : '';
    throw new Stop(`${path.basename(file)} ended with ${status}${where}.`, output);
  }
  return output;
}

/**
 * Runs a program to its end, however it ends.
 * @param {string} file
 * @param {string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {Record<string, string | undefined>} [options.env] added to the environment
 * @param {boolean} [options.terminal]
 * @param {string} [options.input] given to the program on its standard input
 * @param {boolean} [options.show] pass its output on as it comes
 * @returns {Promise<{ status: number | string, output: string, stdout: string }>} the exit status, or
 *   why there is none
 */
export function attempt(
  file,
  args,
  { cwd = root, env = {}, terminal = false, input, show = false } = {},
) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env },
      detached: !terminal,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    children.add(child);
    let output = '';
    let stdout = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      output += text;
      stdout += text;
      if (show) process.stdout.write(text);
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      output += text;
      if (show) process.stderr.write(text);
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
    child.on('error', (error) => {
      children.delete(child);
      resolve({ status: error.message, output, stdout });
    });
    child.on('close', (code, signal) => {
      children.delete(child);
      if (ending && children.size === 0) process.exit(ending);
      resolve({ status: code ?? signal ?? 'unknown', output, stdout });
    });
  });
}

/** @param {NodeJS.Signals} signal */
function stopChildren(signal) {
  for (const child of children) {
    try {
      if (child.pid) process.kill(-child.pid, signal);
    } catch {
      child.kill(signal); // it leads no group of its own, or has just ended
    }
  }
}

/** The exit status once the programs under way have ended; 0: nobody has interrupted them. */
let ending = 0;

/** @type {(signal: NodeJS.Signals) => void} */
let onInterrupt = (signal) => {
  const isSecond = ending !== 0;
  ending = signal === 'SIGINT' ? 130 : 143;
  stopChildren(signal);
  if (isSecond || children.size === 0) process.exit(ending);
};

/** Resolves when somebody presses Ctrl-C or asks the process to end. */
export function untilInterrupted() {
  return new Promise((resolve) => {
    onInterrupt = resolve;
  });
}

/**
 * The frame around every command: checks the machine, passes signals on, turns a Stop into its
 * sentence and exit status 1.
 * @param {() => Promise<void>} main
 */
export async function command(main) {
  process.on('SIGINT', (signal) => onInterrupt(signal));
  process.on('SIGTERM', (signal) => onInterrupt(signal));
  if (process.env.npm_lifecycle_event) endWithParent();
  try {
    requireNode(process.versions.node);
    await main();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    if (error.output) say(bothEnds(error.output.trimEnd(), 100));
    say(error.message);
    process.exitCode = 1;
  }
}

/** npm asked to end takes its shell with it, and the shell does not tell us. */
function endWithParent() {
  const parent = process.ppid;
  const look = () => {
    if (process.ppid !== parent) onInterrupt('SIGTERM');
  };
  setInterval(look, 300).unref();
}

/** @param {string} version */
export function requireNode(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Stop(`Backprop's tools need Node 20.19 or newer; this is ${version}.`);
  }
}

/**
 * The first and the last lines, which say what went wrong and how it ended.
 * @param {string} text
 * @param {number} count at each end
 */
export function bothEnds(text, count) {
  const lines = text.split('\n');
  const left = lines.length - 2 * count;
  if (left <= 0) return text;
  return [...lines.slice(0, count), `(${left} more lines)`, ...lines.slice(-count)].join('\n');
}

/**
 * Does the jobs, at most so many at a time.
 * @template T, R
 * @param {T[]} items
 * @param {number} limit
 * @param {(item: T) => Promise<R>} job
 * @returns {Promise<R[]>} in the order of the items
 */
export async function parallel(items, limit, job) {
  /** @type {R[]} */
  const results = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await job(items[index]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
