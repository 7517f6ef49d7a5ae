// axe-core on a page, and whether anything is cut off.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * @param {import('puppeteer-core').Page} page
 * @param {string[]} [runOnly] tags of rules, or rules
 */
export async function assertAccessible(page, runOnly = RULES) {
  await page.evaluate(axe);
  const violations = await page.evaluate(async (runOnly) => {
    const result = await /** @type {any} */ (window).axe.run({
      runOnly,
      resultTypes: ['violations'], // what passes is not gathered, which takes longest
    });
    return result.violations.map((/** @type {any} */ { id, nodes }) => [
      id,
      nodes.map((/** @type {any} */ node) => node.html),
    ]);
  }, runOnly);
  assert.deepEqual(violations, []);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${overflow} px too wide`);
}

/** @type {[string, { width?: number, scheme?: 'light' | 'dark', isStill?: boolean, isForced?: boolean }][]} */
export const SETTINGS = [
  ['light', {}],
  ['dark, 768 px', { scheme: 'dark', width: 768 }],
  ['320 px', { width: 320 }],
  ['forced colours', { scheme: 'dark', isForced: true }],
  ['reduced motion', { isStill: true }],
];

/** @param {import('puppeteer-core').Page} page */
export async function forceColours(page) {
  const client = await page.createCDPSession();
  await client.send('Emulation.setEmulatedMedia', {
    features: [{ name: 'forced-colors', value: 'active' }],
  });
}
