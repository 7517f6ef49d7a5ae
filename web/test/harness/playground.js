// For the tests of the playground: the element, the run of a group with its digest, and the catalog.
import { engineSource } from 'virtual:backprop-engine';
import { defineBackpropDemo } from '../../element/define.js';
import { catalog } from '../../element/playground-parts.js';
import { leaseRun } from '../../element/runs.js';

defineBackpropDemo();

/** @param {string} group */
export function watchRun(group) {
  const { run } = leaseRun(engineSource, group);
  run.watch('the test', { digest: true }, true);
  return run;
}

/** @param {Record<string, object[]>} more rows for its tables */
export function extendCatalog(more) {
  /** @type {Record<string, any>} */
  const tables = catalog;
  for (const [name, rows] of Object.entries(more)) tables[name].push(...rows);
}
