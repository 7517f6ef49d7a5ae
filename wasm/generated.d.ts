/**
 * The package's catalog.js is made by catalog.wasm, and its experiment-types.d.ts from that by
 * make-types.mjs. In the repository, where they may not have been built yet, any object is an
 * experiment.
 */
declare module '*/catalog.js' {
  export const catalogJson: string;
}
declare module '*/experiment-types.js' {
  export type Experiment = object;
  export type Catalog = import('./catalog-words.mjs').Catalog;
}
