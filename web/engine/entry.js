// Where the engine's own script begins: it is bundled into one function that runs in a worker as
// text, or in the page as it is.
import { catalog } from 'virtual:backprop-names';
import { loadClasses } from '../../wasm/classes.js';
import { Engine } from './engine.js';

/**
 * Answers the messages of one port until its other side is gone.
 * @param {import('./messages.js').Port} port
 * @param {import('./engine.js').StartJob} [startJob] for an engine that works beside the runs
 */
export function serve(port, startJob) {
  /** @type {import('./messages.js').ToEngine[]} */
  const waiting = [];
  /** @type {Engine | undefined} */
  let engine;

  const attempt = (/** @type {() => void} */ action) => {
    try {
      action();
    } catch (error) {
      port.postMessage({ type: 'crashed', message: String(error) });
    }
  };
  // A timer waits for 4 ms when it is set by a timer; a message does not. Nothing of it stays open.
  const later = (/** @type {() => void} */ action) => {
    const { port1: inlet, port2: outlet } = new MessageChannel();
    outlet.onmessage = () => {
      outlet.close();
      attempt(action);
    };
    inlet.postMessage(undefined);
  };
  const start = async (/** @type {ArrayBuffer} */ wasmBinary) => {
    const backprop = await loadClasses(catalog, await WebAssembly.compile(wasmBinary));
    const ready = new Engine(backprop, (message) => port.postMessage(message), later, startJob);
    for (const message of waiting) attempt(() => ready.receive(message));
    engine = ready;
  };

  port.onmessage = ({ data }) => {
    if (data.type === 'load')
      start(data.wasm).catch((error) =>
        port.postMessage({ type: 'crashed', message: String(error) }),
      );
    else if (engine) attempt(() => engine?.receive(data));
    else waiting.push(data);
  };
  port.postMessage({ type: 'hello' });
}
