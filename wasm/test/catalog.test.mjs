// What is made from the catalog.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { rangeOf } from '../catalog-words.mjs';
import { makeCatalog } from '../make-catalog.mjs';
import { makeTypes } from '../make-types.mjs';
import { backprop, root } from './library.mjs';

/** @typedef {import('../catalog-words.mjs').Setting} Setting */
/** @typedef {import('../catalog-words.mjs').Entry} Entry */

const catalog = backprop.catalog();

test('docs/catalog.md is up to date', () => {
  const committed = readFileSync(path.join(root, 'docs/catalog.md'), 'utf8');
  assert.equal(committed, makeCatalog(catalog), 'make it again: npm run build -- catalog');
});

test('the page and the types name every name and setting', () => {
  /** @type {(Setting | Entry)[]} */
  const rows = Object.values(catalog)
    .filter((group) => Array.isArray(group))
    .flat();
  const all = [...rows, ...rows.flatMap((row) => ('settings' in row ? row.settings : []))];
  assert.ok(all.length > 150);
  const [page, types] = [makeCatalog(catalog), makeTypes(catalog)];
  for (const { name } of all) {
    assert.ok(page.includes(`\`${name}\``), `${name} on the page`);
    assert.match(types, new RegExp(`'${name}'|\\b${name}\\??:`), `${name} in the types`);
  }
});

test('ranges say which of their ends are allowed', () => {
  /** @type {Setting[]} */
  const settings = catalog.optimizers.flatMap((/** @type {Entry} */ entry) => entry.settings);
  const range = (/** @type {string} */ name) =>
    rangeOf(settings.find((setting) => setting.name === name) ?? assert.fail(name));
  assert.equal(range('learningRate'), '0 or more');
  assert.equal(range('dampening'), '0 to 1');
  assert.equal(range('beta1'), '0 or more and below 1');
  assert.equal(range('etaMinus'), 'above 0 and below 1');
  assert.equal(range('etaPlus'), 'above 1');
  assert.match(makeTypes(catalog), /\/\*\* Memory of the mean gradient\. 0 or more and below 1\. /);
});
