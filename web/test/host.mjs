// Other people's pages, for the tests of the element: they load the built file from another origin.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { dist, openBrowser, openPage, serveFor } from './browser.mjs';

/**
 * A browser, and what opens pages in it, for a file of tests.
 * @param {string[]} [flags] of the browser
 */
export async function makeHost(flags) {
  const folder = mkdtempSync(path.join(tmpdir(), 'backprop-host-'));
  after(() => rmSync(folder, { recursive: true }));
  const browser = await openBrowser(flags);
  const embed = await serveFor({ root: path.join(dist, 'embed'), cors: true });
  const host = await serveFor({ root: folder });
  let pages = 0;

  /**
   * @param {string} body of the page; its errors are kept in `errors`
   * @param {Parameters<typeof openPage>[1]} [options]
   */
  async function open(body, options = {}) {
    const name = `${++pages}.html`;
    const errors = `<script>errors = []; addEventListener('backprop-error', (e) => errors.push(e.detail));</script>`;
    writeFileSync(
      path.join(folder, name),
      `<!doctype html><html lang="en"><title>Host</title><link rel="icon" href="data:,">${errors}${body}`,
    );
    const opened = await openPage(browser, options);
    await opened.page.goto(`${host.url}/${name}`);
    await opened.page.waitForFunction(() => customElements.get('backprop-demo'));
    return opened;
  }
  const script = `<script src="${embed.url}/backprop-demo.js"></script>`;
  return { open, script, origin: embed.url };
}

/**
 * Runs code in a page, where `demo` is its first element.
 * @param {import('puppeteer-core').Page} page
 * @param {string} code that ends by returning something
 * @returns {Promise<any>}
 */
export function run(page, code) {
  return page.evaluate(
    `(async () => { const demo = document.querySelector('backprop-demo'); ${code} })()`,
  );
}
