// Runs are lent to elements; those of one group share one, and the last to leave ends it.
import { acquireEngine } from '../engine/client.js';
import { Run } from '../engine/run.js';

/**
 * @typedef {object} Lease
 * @property {Run} run
 * @property {() => void} end
 */

/** @type {Map<string, { run: Run, users: number }>} */
const groups = new Map();

/**
 * @param {import('../engine/client.js').EngineSource} source
 * @param {string} group empty: a run of its own
 * @returns {Lease}
 */
export function leaseRun(source, group) {
  if (!group) {
    const run = new Run(acquireEngine(source));
    return { run, end: () => run.dispose() };
  }
  const shared = groups.get(group) ?? { run: new Run(acquireEngine(source)), users: 0 };
  shared.users++;
  groups.set(group, shared);
  const end = () => {
    shared.users--;
    if (shared.users > 0) return;
    groups.delete(group);
    shared.run.dispose();
  };
  return { run: shared.run, end };
}
