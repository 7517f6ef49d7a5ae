// Made by the bundler.

/** The engine's script as one function, and where its program comes from. */
declare module 'virtual:backprop-engine' {
  export const engineSource: import('./client.js').EngineSource;
}

/** The text of the package's catalog. */
declare module 'virtual:backprop-catalog' {
  export const catalogJson: string;
}
