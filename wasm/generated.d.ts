/**
 * The package's experiment-types.d.ts is made from the catalog by make-types.mjs. In the repository,
 * where the program may not have been built yet, any object is an experiment.
 */
declare module '*/experiment-types.js' {
  export type Experiment = object;
  export type Catalog = import('./catalog-words.mjs').Catalog;
}
