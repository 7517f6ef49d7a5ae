// Our own engine as WebAssembly: the package in dist/lib. The variant is as in native/backprop.cpp.
import { ofSamples, ofWidth, post, small, wide } from '../../workloads.mjs';

/** @param {string} name */
function experimentOf(name) {
  const [kind, size] = name.split('-');
  if (kind === 'W2') return small();
  if (kind === 'W3') return wide();
  if (kind === 'samples') return ofSamples(Number(size));
  if (kind === 'width') return ofWidth(Number(size));
  return post(); // W1, W4
}

/** @param {import('./workload.mjs').Host} host */
export async function open({ variant, readBytes }) {
  const file = new URL('../../../dist/lib/index.js', import.meta.url).href;
  const { loadBackprop } = await import(file);
  const wasmBinary = await readBytes('dist/lib/backprop.wasm');
  const backprop = await loadBackprop({ wasmBinary });
  /** @type {Map<string, { session: any, epochs: number }>} */
  const kept = new Map(); // sessions, and the epochs whose losses they know
  const create = (/** @type {string} */ name) => {
    const experiment = { ...experimentOf(name), precision: variant.slice(0, 3) };
    if (name.startsWith('W4')) {
      const seeds = Array.from({ length: 1000 }, (_, seed) => seed);
      const ensemble = new backprop.Ensemble(experiment, seeds);
      return {
        run: (/** @type {number} */ epochs) => ensemble.train(epochs),
        loss: () => ensemble.losses()[42], // of seed 42
        dispose: () => ensemble.dispose(),
      };
    }
    if (variant.endsWith('-recorded')) {
      const session = new backprop.Session(experiment);
      return { ...reading(session), dispose: () => session.dispose() };
    }
    const one = kept.get(name) ?? { session: new backprop.Session(experiment), epochs: 0 };
    kept.set(name, one);
    const { session } = one;
    return {
      ...reading(session),
      prepare(/** @type {number} */ epochs) {
        session.seek(0);
        if (epochs > one.epochs) session.train(epochs);
        one.epochs = Math.max(one.epochs, epochs);
        session.seek(0);
      },
    };
  };
  return { version: 'Backprop', create };
}

/** @param {any} session */
const reading = (session) => ({
  run: (/** @type {number} */ epochs) => session.train(epochs),
  loss: () => session.loss,
  digest: () => session.digest(),
});
