// The engine's script and program, and the script of its work beside the runs, as the modules
// `virtual:backprop-engine` and `virtual:backprop-jobs` that pages import.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { catalogText, namesOnly } from '../../wasm/package.mjs';
import { buildScript } from './vite.mjs';

/** @type {typeof import('7z-wasm').default} */
const sevenZip = createRequire(import.meta.url)('7z-wasm');

/**
 * What a script exports, from one function that refers to nothing outside itself, so that the same
 * text serves a worker and the page.
 * @param {Parameters<typeof buildScript>[0]} options
 */
async function functionText(options) {
  return `() => {${await buildScript({ ...options, name: 'exported' })}\nreturn exported;\n}`;
}

/**
 * The engine.
 * @param {string} root of the repository
 * @param {string} wasmDir what Emscripten made
 * @param {string} [entry]
 */
export async function engineText(root, wasmDir, entry = path.join(root, 'web/engine/entry.js')) {
  const names = namesOnly(JSON.parse(await catalogText(wasmDir)));
  return functionText({
    entry,
    made: { names: `export const catalog = ${JSON.stringify(names)};` },
    alias: { './backprop.js': path.join(wasmDir, 'backprop.js') },
  });
}

/**
 * The module of the work beside the runs.
 * @param {string} root of the repository
 */
export async function jobsModule(root) {
  const text = await functionText({ entry: path.join(root, 'web/engine/jobs.js') });
  return `export const jobs = ${text};`;
}

/**
 * The modules of what is one file: the program is inside, compressed, and nothing is there twice.
 * @param {string} root of the repository
 * @param {string} wasmDir what Emscripten made
 * @returns {Promise<Pick<import('./vite.mjs').Made, 'engine' | 'jobs' | 'shared'>>}
 */
export async function wholeEngine(root, wasmDir) {
  const entry = path.join(root, 'web/engine/whole.js');
  const script = await engineText(root, wasmDir, entry);
  const wasm = await tightGzip(await readFile(path.join(wasmDir, 'backprop.wasm')));
  const unpacked = `async () => {
    const bytes = Uint8Array.from(atob('${Buffer.from(wasm).toString('base64')}'), (c) => c.charCodeAt(0));
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Response(unpacked).arrayBuffer();
  }`;
  const files = (await readFile(entry, 'utf8')).match(/(?<=')\.\.\/state\/[\w-]+\.js(?=')/g) ?? [];
  const shared = files.map((file) => path.resolve(path.dirname(entry), file));
  const names = (await Promise.all(shared.map((file) => import(file)))).flatMap(Object.keys);
  const source = "import { engineSource } from 'virtual:backprop-engine';\n";
  return {
    engine: moduleOf(script, unpacked),
    jobs: `${source}export const jobs = engineSource.script;`,
    shared: { files: shared, text: `${source}export const { ${names} } = engineSource.script();` },
  };
}

/**
 * Packed as tightly as the format allows, which zlib does not try.
 * @param {Uint8Array} bytes
 */
async function tightGzip(bytes) {
  const archiver = await sevenZip({ print: () => {} });
  archiver.FS.writeFile('program', bytes);
  archiver.callMain('a -tgzip -mx=9 -mfb=258 -mpass=15 -mtm=off packed.gz program'.split(' '));
  return archiver.FS.readFile('packed.gz');
}

/**
 * The program as a file of its own, named by the bundler.
 * @param {string} script
 * @param {string} file
 */
export function linkedWasm(script, file) {
  const get = fetched('url');
  return `import url from ${JSON.stringify(`${file}?url`)};\n${moduleOf(script, get)}`;
}

/**
 * The program as the file that the page has loaded ahead.
 * @param {string} script
 */
export function loadedWasm(script) {
  return moduleOf(script, fetched("document.querySelector('link[as=fetch]').href"));
}

/**
 * The program as the file beside the module.
 * @param {string} script
 */
export function urlWasm(script) {
  return moduleOf(
    script,
    fetched("new URL(/* @vite-ignore */ './backprop.wasm', import.meta.url)"),
  );
}

/** @param {string} url an expression */
function fetched(url) {
  return `async () => {
    const answer = await fetch(${url});
    if (!answer.ok) throw new Error(\`\${answer.status} \${answer.url}\`);
    return answer.arrayBuffer();
  }`;
}

/**
 * @param {string} script
 * @param {string} wasm a function that resolves to the program's bytes
 */
function moduleOf(script, wasm) {
  return `export const engineSource = { wasm: ${wasm}, script: ${script} };`;
}
