// exp, tanh and sigmoid in WebAssembly: ours or musl's (the variant), native/elementary.cpp.

/** @param {import('./workload.mjs').Host} host */
export async function open({ variant, readBytes }) {
  const { instance } = await WebAssembly.instantiate(
    await readBytes('build/peers/elementary.wasm'),
    {
      wasi_snapshot_preview1: { proc_exit: () => {} },
    },
  );
  const { _initialize, create, run, loss } = /** @type {any} */ (instance.exports);
  _initialize();
  return {
    version: '',
    create(/** @type {string} */ name) {
      create(variant === 'ours' ? 1 : 0, ['exp', 'tanh', 'sigmoid'].indexOf(name));
      return { run, loss };
    },
  };
}
