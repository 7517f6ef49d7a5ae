// The npm package: the library as it packs itself, and the element beside it.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { minify } from 'vite';
import { makePackage as makeLibrary } from '../../wasm/package.mjs';
import { buildScript } from './vite.mjs';

/**
 * @param {object} options
 * @param {string} options.root of the repository
 * @param {string} options.wasmDir
 * @param {string} options.outDir
 * @param {string} options.engine the text of the engine's module
 * @param {(name: string, content: string) => Promise<void>} options.write
 */
export async function makePackage({ root, wasmDir, outDir, engine, write }) {
  await makeLibrary({
    root,
    wasmDir,
    outDir: path.join(outDir, 'lib'),
    minify: async (glue) => (await minify('backprop.js', glue)).code,
  });
  const entry = path.join(root, 'web/embed/backprop-demo.js');
  await write('lib/element.js', await buildScript({ entry, engine, format: 'es' }));
  const face = await readFile(path.join(root, 'web/element/public.d.ts'), 'utf8');
  await write('lib/element.d.ts', `${face}\n${ELEMENT_TYPES}`);
}

const ELEMENT_TYPES = `export declare const BackpropDemo: {
  new (): BackpropDemoElement & HTMLElement;
  prototype: BackpropDemoElement & HTMLElement;
};

declare global {
  interface HTMLElementTagNameMap {
    'backprop-demo': BackpropDemoElement & HTMLElement;
  }
}
`;
