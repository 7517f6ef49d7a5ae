// Made by the bundler.

/** The engine's script as one function, and where its program comes from. */
declare module 'virtual:backprop-engine' {
  export const engineSource: import('./client.js').EngineSource;
}

/** Made by the bundler too: the script of the work beside the runs. */
declare module 'virtual:backprop-jobs' {
  export const jobs: import('./client.js').Jobs;
}

/** The package's catalog without its words: what the engine reads experiments by. */
declare module 'virtual:backprop-names' {
  export const catalog: Parameters<typeof import('../../wasm/read.js').readerOf>[0];
}

/** The text of the package's catalog. */
declare module 'virtual:backprop-catalog' {
  export const catalogJson: string;
}
