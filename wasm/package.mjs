// Makes the npm package: the modules of this folder as they are, Emscripten's glue and program and the
// catalog beside them, the types, and what describes them.
//
// The element is put beside them by whoever bundles the page: element.js, which defines
// <backprop-demo> when it is imported and finds backprop.wasm in its own folder, and element.d.ts.
// package.json exports both as backprop-wasm/element.
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { makeTypes } from './make-types.mjs';

const MODULES = [
  'index.js',
  'classes.js',
  'session.js',
  'ensemble.js',
  'check.js',
  'encode.js',
  'error.js',
  'load.js',
  'words.js',
  'backprop.d.ts',
];

/**
 * The module of the catalog's text, as catalog.wasm writes it.
 * @param {string} wasmDir
 */
export async function catalogModule(wasmDir) {
  const module = await WebAssembly.compile(await readFile(path.join(wasmDir, 'catalog.wasm')));
  // What it imports would end it; it calls none of that.
  /** @type {Record<string, Record<string, () => void>>} */
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = () => {};
  }
  const { exports } = await WebAssembly.instantiate(module, imports);
  const { memory, _initialize, catalogJson } = /** @type {any} */ (exports);
  _initialize();
  const text = new Uint8Array(memory.buffer, catalogJson());
  const json = new TextDecoder().decode(text.subarray(0, text.indexOf(0)));
  return `export const catalogJson = '${json.replace(/[\\']/g, '\\$&')}';\n`;
}

/**
 * @typedef {object} Places
 * @property {string} root the repository
 * @property {string} wasmDir holds backprop.js, backprop.wasm and catalog.wasm
 * @property {string} outDir
 * @property {(script: string) => string | Promise<string>} [minify] of the glue
 */

/**
 * Makes the folder anew; it must not be in a node_modules, where the compiler reads no JavaScript.
 * @param {Places} places
 */
export async function makePackage(places) {
  const { root, outDir } = places;
  await rm(outDir, { recursive: true, force: true });
  await copyLibrary(places);
  await writeTypes(root, outDir);
  const about = {
    ...JSON.parse(await readFile(path.join(root, 'wasm/package.json'), 'utf8')),
    ...(await shared(root)),
  };
  await writeFile(path.join(outDir, 'package.json'), `${JSON.stringify(about, null, 2)}\n`);
  await copyFile(path.join(root, 'wasm/README.md'), path.join(outDir, 'README.md'));
  await copyFile(path.join(root, 'LICENSE'), path.join(outDir, 'LICENSE'));
}

/**
 * What runs, and nothing else.
 * @param {Places} places
 */
export async function copyLibrary({ root, wasmDir, outDir, minify = (script) => script }) {
  await mkdir(outDir, { recursive: true });
  for (const name of MODULES) {
    await copyFile(path.join(root, 'wasm', name), path.join(outDir, name));
  }
  await writeFile(path.join(outDir, 'catalog.js'), await catalogModule(wasmDir));
  const glue = await readFile(path.join(wasmDir, 'backprop.js'), 'utf8');
  await writeFile(path.join(outDir, 'backprop.js'), await minify(glue));
  await copyFile(path.join(wasmDir, 'backprop.wasm'), path.join(outDir, 'backprop.wasm'));
  await copyFile(path.join(root, 'wasm/package.json'), path.join(outDir, 'package.json'));
}

/**
 * The experiment's by the catalog, all others by the compiler that checks them.
 * @param {string} root
 * @param {string} outDir
 */
async function writeTypes(root, outDir) {
  const index = path.join(outDir, 'index.js');
  const { loadBackprop } = await import(pathToFileURL(index).href);
  const backprop = await loadBackprop();
  await writeFile(path.join(outDir, 'experiment-types.d.ts'), makeTypes(backprop.catalog()));
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  const options =
    '--ignoreConfig --allowJs --checkJs --strict --declaration --emitDeclarationOnly --target es2022 --lib es2023,dom --module nodenext';
  const types = ['--typeRoots', path.join(root, 'node_modules/@types'), '--types', 'node'];
  const args = [compiler, index, ...options.split(' '), ...types];
  await promisify(execFile)(process.execPath, args).catch(({ message, stdout }) => {
    throw new Error(stdout || message);
  });
}

/**
 * @param {string} root
 * @returns {Promise<object>} what the package has in common with the repository
 */
async function shared(root) {
  const { version, license, engines } = JSON.parse(
    await readFile(path.join(root, 'package.json'), 'utf8'),
  );
  return { version, license, engines };
}
