// For the tests of the playground: the element, and the run of a group with its digest.
import { engineSource } from 'virtual:backprop-engine';
import { defineBackpropDemo } from '../../element/define.js';
import { leaseRun } from '../../element/runs.js';

defineBackpropDemo();

/** @param {string} group */
export function watchRun(group) {
  const { run } = leaseRun(engineSource, group);
  run.watch('the test', { digest: true }, true);
  return run;
}
