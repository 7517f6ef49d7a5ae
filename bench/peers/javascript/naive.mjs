// The plain C++ loops of native/naive.h as WebAssembly.

/** @param {import('./workload.mjs').Host} host */
export async function open({ readBytes }) {
  const { instance } = await WebAssembly.instantiate(await readBytes('build/peers/naive.wasm'), {
    wasi_snapshot_preview1: { proc_exit: () => {} },
  });
  const { memory, _initialize, room, create, run, loss } = /** @type {any} */ (instance.exports);
  _initialize();
  return {
    version: '',
    async create(
      /** @type {string} */ _name,
      /** @type {() => Promise<import('./workload.mjs').Workload>} */ read,
    ) {
      const { numbers } = await read();
      const place = room(numbers.length);
      new Float64Array(memory.buffer, place, numbers.length).set(numbers);
      create();
      return { run, loss };
    },
  };
}
