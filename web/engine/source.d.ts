/** Made by the bundler: the engine's script as one function, and where its program comes from. */
declare module 'virtual:backprop-engine' {
  export const engineSource: import('./client.js').EngineSource;
}
