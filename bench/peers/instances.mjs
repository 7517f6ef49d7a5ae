// Something that answers lines: a process, or a worker in Chromium.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import puppeteer from 'puppeteer-core';
import { root, Stop } from '../../tools/run.mjs';
import { serve } from '../../tools/serve.mjs';

/**
 * @typedef {object} Reply
 * @property {string} version
 * @property {number} nanoseconds an epoch
 * @property {number} loss
 * @property {string} digest
 */

/** @typedef {{ ask: (line: string) => Promise<Reply>, close: () => void }} Instance */

/**
 * @param {string[]} command
 * @param {Record<string, string | undefined>} [env] added to the environment
 * @returns {Instance}
 */
export function openProcess([file, ...args], env = {}) {
  const child = spawn(file, args, { cwd: root, env: { ...process.env, ...env } });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    complaints += text;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise((resolve) => child.once('close', resolve).once('error', resolve));
  child.stdin.on('error', () => {});
  return {
    async ask(line) {
      child.stdin.write(`${line}\n`);
      const { value, done } = await lines.next();
      if (!done) return JSON.parse(value);
      throw new Stop(`ended with ${await ended} at "${line}"`, complaints);
    },
    close: () => child.kill(),
  };
}

/**
 * A Chromium with one page, whose workers are the instances.
 * @param {string} executablePath
 */
export async function openChromium(executablePath) {
  const site = await serve({ root });
  const browser = await puppeteer.launch({
    executablePath,
    args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run'],
    protocolTimeout: 600000,
  });
  const page = await browser.newPage();
  await page.goto(`${site.url}/package.json`);
  let count = 0;
  return {
    version: await browser.version(),
    /**
     * @param {string} peer
     * @param {string} variant
     * @returns {Instance}
     */
    open(peer, variant) {
      const id = count++;
      const query = new URLSearchParams({ peer, variant });
      const address = `${site.url}/bench/peers/javascript/worker.js?${query}`;
      return {
        ask: (line) => page.evaluate(askWorker, id, address, line),
        close: () => void page.evaluate(endWorker, id).catch(() => {}),
      };
    },
    async close() {
      await browser.close();
      await site.close();
    },
  };
}

/**
 * In the page: the answer of a worker, which is started when it is first asked.
 * @param {number} id
 * @param {string} address
 * @param {string} line
 * @returns {Promise<Reply>}
 */
function askWorker(id, address, line) {
  const scope = /** @type {{ workers?: Map<number, Worker> }} */ (/** @type {unknown} */ (window));
  scope.workers ??= new Map();
  const worker = scope.workers.get(id) ?? new Worker(address);
  scope.workers.set(id, worker);
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
    worker.onerror = ({ message }) => reject(new Error(message || 'the worker did not start'));
    worker.postMessage(line);
  });
}

/** @param {number} id */
function endWorker(id) {
  const scope = /** @type {{ workers?: Map<number, Worker> }} */ (/** @type {unknown} */ (window));
  scope.workers?.get(id)?.terminate();
  scope.workers?.delete(id);
}
