// The engine's script for what is one file: it does the work beside the runs too, and from it the page
// has the modules of state/ that both are made of, so that nothing is there twice.
export * from '../state/axis.js';
export * from '../state/experiment.js';
export * from '../state/features.js';
export * from '../state/limits.js';
export * from '../state/mistakes.js';
export * from '../state/parameters.js';
export { serve } from './entry.js';
export { startJob } from './jobs.js';
