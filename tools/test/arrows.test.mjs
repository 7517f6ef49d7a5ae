// DESIGN's arrows: web → wasm → core/include; core/test and bench alone see core/src; the core knows
// only the standard library, the tools only Node, and no view knows the engine.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { root } from '../run.mjs';

/**
 * @param {string} folder relative to the repository
 * @param {RegExp} pattern of the names
 * @returns {string[]} relative paths
 */
function filesIn(folder, pattern) {
  if (!existsSync(path.join(root, folder))) return [];
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes('node_modules'));
}

/** @param {string} file */
const textOf = (file) => readFileSync(path.join(root, file), 'utf8');

/**
 * What a C++ file includes: a path in the repository, or the name as it stands.
 * @param {string} file
 */
function includesOf(file) {
  const pattern = /^\s*#\s*include\s*([<"])([^>"]+)[>"]/gm;
  return [...textOf(file).matchAll(pattern)].map(([, quote, name]) => {
    const own = [path.dirname(file), 'core/src', 'core/test'];
    const places = ['core/include', ...(quote === '"' ? own : [])];
    const place = places.find((folder) => existsSync(path.join(root, folder, name)));
    return place ? path.join(place, name) : name;
  });
}

/**
 * What a JavaScript file imports: a path in the repository, or the name of a module.
 * @param {string} file
 */
function importsOf(file) {
  const pattern = /\bfrom\s*(['"])([^'"\n]+)\1|\bimport\s*\(?\s*(['"])([^'"\n]+)\3/g;
  const names = [...textOf(file).matchAll(pattern)].map(([, , from, , bare]) => from ?? bare);
  return names.map((name) =>
    name.startsWith('.') ? path.join(path.dirname(file), name.replace(/\?.*$/, '')) : name,
  );
}

const isStandardHeader = (/** @type {string} */ name) => /^[a-z_0-9]+$/.test(name);
const isNode = (/** @type {string} */ name) =>
  name.startsWith('node:') || builtinModules.includes(name);
const isInside = (/** @type {string} */ file, /** @type {string[]} */ ...rooms) =>
  rooms.some((room) => file === room || file.startsWith(`${room}/`));

/**
 * @param {string[]} files
 * @param {(file: string) => string[]} usesOf
 * @param {(use: string, file: string) => boolean} mayUse
 */
function assertArrows(files, usesOf, mayUse) {
  const wrong = files.flatMap((file) =>
    usesOf(file)
      .filter((use) => !mayUse(use, file))
      .map((use) => `${file} uses ${use}`),
  );
  assert.deepEqual(wrong, []);
}

test('the core knows the standard library and itself', () => {
  assertArrows(
    filesIn('core/include', /\.h$/),
    includesOf,
    (use) => isStandardHeader(use) || isInside(use, 'core/include'),
  );
  assertArrows(
    filesIn('core/src', /\.(h|cpp)$/),
    includesOf,
    (use) => isStandardHeader(use) || isInside(use, 'core/include', 'core/src'),
  );
});

test('only the core, its tests and the benchmarks see core/src', () => {
  const cpp = /\.(h|cpp)$/;
  const files = [...filesIn('core/examples', cpp), ...filesIn('wasm', cpp), ...filesIn('web', cpp)];
  assertArrows(files, includesOf, (use) => !isInside(use, 'core/src', 'core/test'));
});

test('the bindings know Emscripten and the public headers', () => {
  assertArrows(
    filesIn('wasm', /\.(h|cpp)$/),
    includesOf,
    (use) =>
      isStandardHeader(use) ||
      use.startsWith('emscripten/') ||
      isInside(use, 'core/include', 'wasm'),
  );
});

const script = /\.(m?js|d\.ts)$/;
const isTest = (/** @type {string} */ file) => file.includes('/test/');
const isBuild = (/** @type {string} */ file) => /^web\/(bundle|vite)/.test(file);

test('the package knows itself and Node', () => {
  const own = 'backprop-wasm'; // in examples in its comments
  const files = filesIn('wasm', script).filter((file) => !isTest(file));
  assertArrows(files, importsOf, (use) => use === own || isNode(use) || isInside(use, 'wasm'));
});

test('the page knows the package, and nothing behind it', () => {
  const files = filesIn('web', script).filter((file) => !isTest(file) && !isBuild(file));
  assertArrows(files, importsOf, (use) =>
    path.isAbsolute(use) || isNode(use)
      ? false
      : !isInside(use, 'core', 'tools', 'bench', 'build', 'dist'),
  );
});

test('views draw plain data: none imports the engine or the package', () => {
  assertArrows(
    filesIn('web/views', script),
    importsOf,
    (use) => !isInside(use, 'web/engine', 'wasm'),
  );
});

test("the tools need nothing but Node's own modules and each other", () => {
  const files = filesIn('tools', script).filter((file) => !isTest(file));
  assertArrows(files, importsOf, (use) => isNode(use) || isInside(use, 'tools'));
});
