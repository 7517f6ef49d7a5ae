// npm run build [-- native | wasm | catalog | heights]: makes what is not there or not up to date, and
// nothing else.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { command, root, run, Stop, step } from './run.mjs';
import { setUp } from './setup.mjs';

const inRoot = (/** @type {string[]} */ ...parts) => path.join(root, ...parts);

/** Library, tests and backprop_train for this machine, in build/native. */
export async function buildNative() {
  const tools = await setUp(['compiler', 'cmake', 'googletest', 'json']);
  await buildPreset('native', 'Building the library, its tests and backprop_train', tools);
}

/**
 * Configures (the first time) and builds a CMake preset.
 * @param {string} preset
 * @param {string} title
 * @param {{ compiler: string, cmake: { generator: string } }} tools
 * @param {string[]} [settings] for CMake, the first time
 */
export async function buildPreset(preset, title, tools, settings = []) {
  const env = { CXX: tools.compiler };
  await step(title, async () => {
    if (!isConfigured(inRoot('build', preset))) {
      const args = ['--preset', preset, '-G', tools.cmake.generator, ...settings];
      await run('cmake', args, { env, log: `${preset}-configure` });
    }
    await run('cmake', ['--build', '--preset', preset, '--parallel', jobs()], {
      env,
      log: `${preset}-build`,
    });
  });
}

/** How many compilers run at a time. */
export function jobs() {
  return String(availableParallelism());
}

/**
 * CMake writes its cache first and the build files last, so a configuration that failed has only
 * the former.
 * @param {string} folder
 */
export function isConfigured(folder) {
  return ['Makefile', 'build.ninja'].some((name) => existsSync(path.join(folder, name)));
}

/** build/wasm/backprop.js, backprop.wasm and catalog.wasm. */
export async function buildWasm() {
  const { emscripten, cmake } = await setUp(['cmake', 'emscripten']);
  const folder = inRoot('build/wasm');
  forgetOtherToolchain(folder, emscripten.toolchain);
  await step('Building the WebAssembly', async () => {
    if (!isConfigured(folder)) {
      const args = ['--preset', 'wasm', '-G', cmake.generator];
      await run('cmake', [...args, `-DCMAKE_TOOLCHAIN_FILE=${emscripten.toolchain}`], {
        env: emscripten.env,
        log: 'wasm-configure',
      });
    }
    await run('cmake', ['--build', '--preset', 'wasm', '--parallel', jobs()], {
      env: emscripten.env,
      log: 'wasm-build',
    });
  });
}

/**
 * CMake cannot change the toolchain of a configured folder: when Emscripten has moved, begin anew.
 * @param {string} folder
 * @param {string} toolchain
 */
function forgetOtherToolchain(folder, toolchain) {
  const cache = path.join(folder, 'CMakeCache.txt');
  if (!existsSync(cache)) return;
  const used = /^CMAKE_TOOLCHAIN_FILE:\w+=(.*)$/m.exec(readFileSync(cache, 'utf8'))?.[1];
  if (used !== toolchain) rmSync(folder, { recursive: true });
}

/** Everything in dist/. */
export async function buildSite() {
  await setUp(['modules']);
  await buildWasm();
  const stampFile = inRoot('build/site.stamp');
  const stamp = stampOf([
    'package.json',
    'package-lock.json',
    'LICENSE',
    'docs',
    'wasm',
    'web',
    'build/wasm/backprop.js',
    'build/wasm/backprop.wasm',
    'build/wasm/catalog.wasm',
  ]);
  const outputs = [
    'site/index.html',
    'backprop.html',
    'embed/backprop-demo.js',
    'embed/lazy/backprop-demo.js',
    'lib/package.json',
  ];
  const isWhole = outputs.every((file) => existsSync(inRoot('dist', file)));
  if (isWhole && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;

  rmSync(stampFile, { force: true });
  await step('Building the page, the element and the package', async () => {
    const { bundle } = await import(pathToFileURL(inRoot('web/bundle.mjs')).href);
    await bundle({ root, wasmDir: inRoot('build/wasm'), outDir: inRoot('dist') });
  });
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
}

/**
 * A fingerprint of the files: it changes when one is edited, added or taken away.
 * @param {string[]} places files and folders in the repository
 */
function stampOf(places) {
  const hash = createHash('sha256');
  for (const place of places) for (const line of linesOf(place)) hash.update(line);
  return hash.digest('hex');
}

/**
 * @param {string} place
 * @returns {Generator<string>} a line a file: its name, size and time
 */
function* linesOf(place) {
  const stat = statSync(inRoot(place), { throwIfNoEntry: false });
  if (stat?.isDirectory()) {
    for (const name of readdirSync(inRoot(place)).sort()) yield* linesOf(`${place}/${name}`);
  } else {
    yield `${place} ${stat?.size} ${stat?.mtimeMs}\n`;
  }
}

/** docs/catalog.md. */
async function buildCatalog() {
  await buildSite();
  const load = (/** @type {string[]} */ ...place) => import(pathToFileURL(inRoot(...place)).href);
  const { loadBackprop } = await load('dist/lib/index.js');
  const { makeCatalog } = await load('wasm/make-catalog.mjs');
  writeFileSync(inRoot('docs/catalog.md'), makeCatalog((await loadBackprop()).catalog()));
}

/** web/embed/heights.js, from the built element. */
async function buildHeights() {
  const { chromium } = await setUp(['modules', 'chromium']);
  await buildSite();
  await step('Measuring how high every view is (about 2 minutes)', async () => {
    const { writeHeights } = await import(pathToFileURL(inRoot('web/bundle/heights.mjs')).href);
    await writeHeights({ root, chromium });
    await run(inRoot('node_modules/.bin/biome'), [
      'check',
      '--write',
      inRoot('web/embed/heights.js'),
    ]);
  });
}

/** @type {Record<string, () => Promise<void>>} */
const targets = {
  native: buildNative,
  wasm: buildWasm,
  site: buildSite,
  catalog: buildCatalog,
  heights: buildHeights,
};

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await command(async () => {
    const name = process.argv[2] ?? 'site';
    const build = targets[name];
    if (!build)
      throw new Stop(`There is no "${name}" to build: only ${Object.keys(targets).join(', ')}.`);
    await build();
  });
}
