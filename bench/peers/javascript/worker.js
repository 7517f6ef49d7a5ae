// A JavaScript peer in a browser's worker: its address says PEER and VARIANT; each message is a line
// of the protocol. The server's root is the repository. A classic worker, for the libraries that
// are classic scripts.
const { searchParams } = new URL(location.href);
const folder = '/build/peers/workloads';

/** @param {string} file */
const fetchBytes = async (file) => (await fetch(`/${file}`)).arrayBuffer();

const ready = (async () => {
  const { answer, parse } = await import('./workload.mjs');
  const { open } = await import(`./${searchParams.get('peer')}.mjs`);
  const peer = await open({
    variant: searchParams.get('variant'),
    readBytes: fetchBytes,
    load: async (/** @type {string} */ file) => {
      /** @type {any} */ (self).importScripts(`/build/peers/node_modules/${file}`);
      return self;
    },
    locate: (/** @type {string} */ file) => `/build/peers/node_modules/${file}`,
  });
  const start = () => {
    const before = performance.now();
    return () => (performance.now() - before) * 1e6;
  };
  /** @param {string} name */
  const read = async (name) =>
    parse(name, new Float64Array(await fetchBytes(`${folder}/${name}.bin`.slice(1))));
  return (/** @type {string} */ line) => answer(peer, read, line, start);
})();

addEventListener('message', async (/** @type {MessageEvent} */ { data }) => {
  try {
    postMessage(await (await ready)(data));
  } catch (error) {
    postMessage({ error: String(error) });
  }
});
