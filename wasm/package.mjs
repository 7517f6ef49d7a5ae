// Makes the npm package: the modules of this folder, Emscripten's glue and program and the catalog
// beside them, the types, and what describes them.
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
  'error.js',
  'load.js',
  'read.js',
  'words.js',
  'backprop.d.ts',
];

/**
 * The catalog as JSON, as catalog.wasm writes it.
 * @param {string} wasmDir
 */
export async function catalogText(wasmDir) {
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
  return new TextDecoder().decode(text.subarray(0, text.indexOf(0)));
}

/**
 * The module of the catalog's text.
 * @param {string} wasmDir
 */
export async function catalogModule(wasmDir) {
  const json = await catalogText(wasmDir);
  return `export const catalogJson = '${json.replace(/[\\']/g, '\\$&')}';\n`;
}

/**
 * A catalog without its words: all that reading an experiment takes, and nothing that goes without
 * saying.
 * @param {Record<string, any>} catalog
 * @returns {Record<string, any>}
 */
export function namesOnly({ defaults, ...tables }) {
  const words = ['description', 'formula', 'derivative'];
  const isSaid = (/** @type {string} */ name, /** @type {any} */ value) =>
    value !== null &&
    !words.includes(name) &&
    !(name === 'type' && value === 'number') &&
    !(name === 'settings' && value.length === 0) &&
    !(name.endsWith('Excluded') && value === false);
  const text = JSON.stringify(tables, (name, value) => (isSaid(name, value) ? value : undefined));
  return { ...JSON.parse(text), defaults };
}

/**
 * @typedef {object} Places
 * @property {string} root the repository
 * @property {string} wasmDir holds backprop.js, backprop.wasm and catalog.wasm
 * @property {string} outDir
 * @property {(script: string) => string | Promise<string>} [minify] of each module
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
  await minifyModules(places);
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
export async function copyLibrary({ root, wasmDir, outDir }) {
  await mkdir(outDir, { recursive: true });
  for (const name of MODULES) {
    await copyFile(path.join(root, 'wasm', name), path.join(outDir, name));
  }
  await writeFile(path.join(outDir, 'catalog.js'), await catalogModule(wasmDir));
  for (const name of ['backprop.js', 'backprop.wasm']) {
    await copyFile(path.join(wasmDir, name), path.join(outDir, name));
  }
  await copyFile(path.join(root, 'wasm/package.json'), path.join(outDir, 'package.json'));
}

/**
 * Each by itself, once their comments have become types.
 * @param {Places} places
 */
async function minifyModules({ outDir, minify }) {
  if (!minify) return;
  for (const name of ['backprop.js', ...MODULES.filter((name) => name.endsWith('.js'))]) {
    const file = path.join(outDir, name);
    await writeFile(file, await minify(await readFile(file, 'utf8')));
  }
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
