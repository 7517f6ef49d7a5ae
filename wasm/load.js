// Where the compiled program comes from: one that is handed over, a place that is named, or the file
// beside this one.

/**
 * @typedef {object} LoadOptions
 * @property {ArrayBuffer | ArrayBufferView | WebAssembly.Module} [wasmBinary] backprop.wasm itself,
 *   or compiled
 * @property {string | URL} [wasmUrl] where backprop.wasm is
 */

/**
 * @param {LoadOptions} options
 * @returns {Promise<WebAssembly.Module>}
 */
export async function loadModule({ wasmBinary, wasmUrl }) {
  if (isModule(wasmBinary)) return wasmBinary;
  return WebAssembly.compile(await bytesFrom(wasmBinary, wasmUrl));
}

/**
 * @param {LoadOptions['wasmBinary']} value
 * @returns {value is WebAssembly.Module}
 */
function isModule(value) {
  return Object.prototype.toString.call(value) === '[object WebAssembly.Module]';
}

/**
 * @param {Exclude<LoadOptions['wasmBinary'], WebAssembly.Module>} wasmBinary
 * @param {LoadOptions['wasmUrl']} wasmUrl
 * @returns {Promise<BufferSource>}
 */
async function bytesFrom(wasmBinary, wasmUrl) {
  if (wasmBinary !== undefined) return bufferOf(wasmBinary);
  const url = String(wasmUrl ?? new URL('./backprop.wasm', import.meta.url));
  // Not an import: bundlers for browsers would stumble over it.
  const files = globalThis.process?.getBuiltinModule?.('node:fs/promises');
  if (files && !/^(https?|data|blob):/.test(url)) {
    return files.readFile(url.startsWith('file:') ? new URL(url) : url);
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} could not be loaded: status ${response.status}`);
  return response.arrayBuffer();
}

/**
 * @param {ArrayBuffer | ArrayBufferView} value
 * @returns {BufferSource}
 */
function bufferOf(value) {
  if (ArrayBuffer.isView(value)) {
    const buffer = /** @type {ArrayBuffer} */ (value.buffer);
    return new Uint8Array(buffer, value.byteOffset, value.byteLength);
  }
  if (Object.prototype.toString.call(value) === '[object ArrayBuffer]') return value;
  throw new TypeError('wasmBinary must be an ArrayBuffer, a view of one or a WebAssembly.Module');
}
