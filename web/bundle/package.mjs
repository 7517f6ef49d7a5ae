// The npm package: the library as it packs itself, and the element beside it.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { minify as minifyModule } from 'terser';
import { minify } from 'vite';
import { makePackage as makeLibrary } from '../../wasm/package.mjs';
import { buildScript } from './vite.mjs';

/**
 * The library.
 * @param {object} options
 * @param {string} options.root of the repository
 * @param {string} options.wasmDir
 * @param {string} options.outDir
 */
export async function makePackage({ root, wasmDir, outDir }) {
  await makeLibrary({
    root,
    wasmDir,
    outDir: path.join(outDir, 'lib'),
    // It leaves the text in new URL('./backprop.wasm', …) a plain one, for bundlers to find.
    minify: async (script) => {
      const { code } = await minifyModule(script, { module: true, compress: { passes: 2 } });
      return /** @type {string} */ (code);
    },
  });
}

/**
 * What the element adds to it.
 * @param {object} options
 * @param {string} options.web
 * @param {import('./vite.mjs').Made} options.made
 * @param {(name: string, content: string) => Promise<void>} options.write
 */
export async function addElement({ web, made, write }) {
  const entry = path.join(web, 'embed/backprop-demo.js');
  const element = await buildScript({ entry, made, format: 'es' });
  await write('lib/element.js', (await minify('element.js', element)).code);
  for (const [from, to] of Object.entries(COPIES))
    await write(`lib/${to}`, await readFile(path.join(web, from), 'utf8'));
  const face = await readFile(path.join(web, 'element/public.d.ts'), 'utf8');
  await write('lib/element.d.ts', `${face}\n${ELEMENT_TYPES}`);
}

/** From web/ as they are. */
const COPIES = {
  'embed/server.js': 'element-server.js',
  'element/custom-elements.json': 'custom-elements.json',
};

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
