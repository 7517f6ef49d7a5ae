// The npm package.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { buildScript } from './vite.mjs';

/**
 * @param {object} options
 * @param {string} options.root of the repository
 * @param {Uint8Array} options.wasm
 * @param {string} options.engine the text of the engine's module
 * @param {(name: string, content: string | Uint8Array) => Promise<void>} options.write
 */
export async function makePackage({ root, wasm, engine, write }) {
  const index = await buildScript({ entry: path.join(root, 'wasm/index.js'), format: 'es' });
  const element = await buildScript({
    entry: path.join(root, 'web/embed/backprop-demo.js'),
    engine,
    format: 'es',
  });
  await write('lib/index.js', index);
  await write('lib/element.js', element);
  await write('lib/backprop.wasm', wasm);
  await write('lib/LICENSE', await readFile(path.join(root, 'LICENSE')).catch(() => ''));
}
