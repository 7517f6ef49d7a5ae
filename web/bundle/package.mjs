// The npm package: the library, the element beside it, and what describes them.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { buildScript } from './vite.mjs';

/**
 * @param {object} options
 * @param {string} options.root of the repository
 * @param {string} options.glue what Emscripten made
 * @param {Uint8Array} options.wasm
 * @param {string} options.engine the text of the engine's module
 * @param {(name: string, content: string | Uint8Array) => Promise<void>} options.write
 */
export async function makePackage({ root, glue, wasm, engine, write }) {
  const index = await buildScript({
    entry: path.join(root, 'wasm/index.js'),
    format: 'es',
    alias: { './backprop.js': glue },
  });
  const element = await buildScript({
    entry: path.join(root, 'web/embed/backprop-demo.js'),
    engine,
    format: 'es',
  });
  await write('lib/index.js', index);
  await write('lib/element.js', element);
  await write('lib/backprop.wasm', wasm);
  for (const [name, text] of await declarations(root)) await write(`lib/types/${name}`, text);
  const face = await readFile(path.join(root, 'web/element/public.d.ts'), 'utf8');
  await write('lib/types/element.d.ts', `${face}\n${ELEMENT_TYPES}`);
  await write('lib/package.json', `${JSON.stringify(await about(root), null, 2)}\n`);
  await write('lib/README.md', await readFile(path.join(root, 'web/bundle/package.md')));
  await write('lib/LICENSE', await readFile(path.join(root, 'LICENSE')));
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

/**
 * The types of the library, written by the compiler that checks them.
 * @param {string} root
 * @returns {Promise<[string, string][]>} names and texts
 */
async function declarations(root) {
  const outDir = await mkdtemp(path.join(tmpdir(), 'backprop-types-'));
  const wasm = path.join(root, 'wasm');
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  const options =
    '--ignoreConfig --allowJs --declaration --emitDeclarationOnly --skipLibCheck --target es2022 --module nodenext --types node';
  const args = [compiler, path.join(wasm, 'index.js'), '--outDir', outDir, '--rootDir', wasm];
  try {
    await promisify(execFile)(process.execPath, [...args, ...options.split(' ')], { cwd: root });
    const read = async (/** @type {string} */ folder) => {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.d.ts'));
      return Promise.all(
        names.map(async (name) => {
          const text = await readFile(path.join(folder, name), 'utf8');
          return /** @type {[string, string]} */ ([name, text]);
        }),
      );
    };
    return [...(await read(outDir)), ...(await read(wasm))];
  } finally {
    await rm(outDir, { recursive: true });
  }
}

/** @param {string} root */
async function about(root) {
  const { version, license, description, engines } = JSON.parse(
    await readFile(path.join(root, 'package.json'), 'utf8'),
  );
  return {
    name: 'backprop-wasm',
    version,
    description,
    license,
    type: 'module',
    engines,
    exports: {
      '.': { types: './types/index.d.ts', default: './index.js' },
      './element': { types: './types/element.d.ts', default: './element.js' },
      './backprop.wasm': './backprop.wasm',
      './package.json': './package.json',
    },
    types: './types/index.d.ts',
    sideEffects: ['./element.js'],
    files: ['*.js', 'backprop.wasm', 'types'],
  };
}
