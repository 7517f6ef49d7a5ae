// Playgrounds in pages of their own, for the tests of their parts.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../../tools/run.mjs';
import { catalogModule } from '../../wasm/package.mjs';
import { wholeEngine } from '../bundle/engine.mjs';
import { buildScript } from '../bundle/vite.mjs';
import { forceColours } from './axe.mjs';
import { dist, openBrowser, openPage, serveFor, waitUntil } from './browser.mjs';

/** @typedef {import('puppeteer-core').Page} Page */

const { loadBackprop } = await import(pathToFileURL(path.join(dist, 'lib/index.js')).href);
/** @type {import('../../wasm/index.js').Backprop} */
export const backprop = await loadBackprop();

/** For code in the page: its playground, and the run in it. */
const HELPERS = `
  const demo = document.querySelector('backprop-demo');
  const { run } = window;
  const root = demo.shadowRoot;
  const all = (selector) => [...root.querySelectorAll(selector)];
  const field = (id) => root.getElementById('field-' + id);
  const text = (node) => node?.textContent.replace(/\\s+/g, ' ').trim() ?? '';
  const enter = (id, value) => {
    const input = field(id);
    input.value = value;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  };
`;

/** @param {Page} page @param {string} code that ends by returning something @returns {Promise<any>} */
export function inPlayground(page, code) {
  return page.evaluate(`(async () => { ${HELPERS} ${code} })()`);
}

/** @param {Page} page */
export function settled(page) {
  return waitUntil(() =>
    inPlayground(page, 'await demo.updateComplete; return run.isAtRest && run.scene !== undefined'),
  );
}

/**
 * What runs in the page, beside the library's run of the experiment that the element says it has.
 * @param {Page} page
 * @param {string} [what]
 * @returns {Promise<{ experiment: any, epoch: number, digest: string }>}
 */
export async function assertSameBits(page, what = '') {
  await settled(page);
  const [experiment, epoch, step, digest, problem] = await inPlayground(
    page,
    `return [demo.experiment, demo.epoch, demo.stepOfEpoch, run.scene.snapshot.digest, text(root.querySelector('.problem'))]`,
  );
  assert.equal(problem, '', what);
  const session = new backprop.Session(experiment);
  session.seek(epoch);
  session.trainSteps(step);
  assert.deepEqual([session.epoch, session.stepOfEpoch], [epoch, step], what);
  assert.equal(digest, session.digest(), `${what} ${JSON.stringify(experiment)} at ${epoch}`);
  session.dispose();
  return { experiment, epoch, digest };
}

/** A browser, and what opens playgrounds in it, for a file of tests. */
export async function makePlaygrounds() {
  const folder = mkdtempSync(path.join(tmpdir(), 'backprop-playground-'));
  after(() => rmSync(folder, { recursive: true }));
  const build = path.join(root, 'build/wasm');
  const script = await buildScript({
    entry: path.join(root, 'web/test/harness/playground.js'),
    made: { ...(await wholeEngine(root, build)), catalog: await catalogModule(build) },
    name: 'harness',
  });
  writeFileSync(path.join(folder, 'harness.js'), script);
  const browser = await openBrowser();
  const host = await serveFor({ root: folder });
  let pages = 0;

  /**
   * @param {object} [experiment]
   * @param {Parameters<typeof openPage>[1] & {
   *   epoch?: number, isForced?: boolean, view?: string, more?: Record<string, object[]>
   * }} [options] more: rows for tables of the catalog
   */
  return async function open(experiment = {}, options = {}) {
    const { epoch = 0, view = 'playground', more = {} } = options;
    const name = `${++pages}.html`;
    const given = JSON.stringify(experiment).replaceAll("'", '&#39;');
    writeFileSync(
      path.join(folder, name),
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title>
      <meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
      <style>body { margin: 16px }</style><script src="harness.js"></script>
      <script>run = harness.watchRun('g'); harness.extendCatalog(${JSON.stringify(more)})</script><main><h1>Host</h1><h2>Playground</h2>
      <backprop-demo group="g" view="${view}" experiment='${given}' epoch="${epoch}"></backprop-demo></main>`,
    );
    const opened = await openPage(browser, options);
    if (options.isForced) await forceColours(opened.page);
    await opened.page.goto(`${host.url}/${name}`);
    await inPlayground(opened.page, 'await demo.ready');
    await settled(opened.page);
    return opened;
  };
}
