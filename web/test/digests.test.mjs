// The same bits in a browser: the package, as it is shipped, trains the committed scenarios.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { root } from '../../tools/run.mjs';
import { dist, openBrowser, openPage, serveFor } from './browser.mjs';

/** @typedef {{ name: string, experiment: object, epochs: number, digest: string }} Scenario */

test('the digests of the committed scenarios', async () => {
  const golden = readFileSync(path.join(root, 'core/test/golden/digests.json'), 'utf8');
  /** @type {Scenario[]} */
  const scenarios = JSON.parse(golden);
  assert.ok(scenarios.length >= 300);
  const site = await serveFor({ root: path.join(dist, 'lib') });
  const { page } = await openPage(await openBrowser());
  await page.goto(`${site.url}/package.json`);
  const digests = await page.evaluate(
    async (address, scenarios) => {
      const { loadBackprop } = await import(address);
      const backprop = await loadBackprop();
      return scenarios.map(({ experiment, epochs }) => {
        const session = new backprop.Session(experiment);
        session.train(epochs);
        const digest = session.digest();
        session.dispose();
        return digest;
      });
    },
    `${site.url}/index.js`,
    scenarios,
  );
  const found = scenarios.map(({ name }, i) => `${name} ${digests[i]}`);
  assert.deepEqual(
    found,
    scenarios.map(({ name, digest }) => `${name} ${digest}`),
  );
});
