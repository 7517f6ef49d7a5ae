// The C++ library for others: installed and found, and built as a part of their program. Doxygen
// reads its headers without a warning.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { jobs } from '../build.mjs';
import { attempt, root, run, Stop } from '../run.mjs';
import { setUp } from '../setup.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'backprop-library-'));
after(() => rmSync(folder, { recursive: true }));
const prefix = path.join(folder, 'installed');
const include = path.join(root, 'core/include/backprop');
const skip = process.env.BACKPROP_SWEEP !== 'full' && 'only in npm run test:all';

/** The example in backprop.h, which is the manual's first page. */
const example = readFileSync(path.join(include, 'backprop.h'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('///     ') || line === '///')
  .map((line) => line.slice(8))
  .join('\n');

/**
 * Somebody's program: how it gets the library, and what CMake is told.
 * @param {string} name
 * @param {string} getting CMake's text before the program
 * @param {string[]} [settings]
 * @returns {Promise<string>} what the program prints
 */
async function program(name, getting, settings = []) {
  const place = path.join(folder, name);
  const made = path.join(place, 'build');
  mkdirSync(place);
  writeFileSync(path.join(place, 'main.cpp'), example);
  writeFileSync(
    path.join(place, 'CMakeLists.txt'),
    `cmake_minimum_required(VERSION 3.22)
project(somebody LANGUAGES CXX)
${getting}
add_executable(somebody main.cpp)
target_link_libraries(somebody PRIVATE backprop::core)
`,
  );
  const { compiler, cmake } = await setUp(['compiler', 'cmake']);
  const options = ['-G', cmake.generator, '-DCMAKE_BUILD_TYPE=Release', ...settings];
  const env = { CXX: compiler };
  await run('cmake', ['-S', place, '-B', made, ...options], { env });
  await run('cmake', ['--build', made, '--parallel', jobs()], { env });
  return run(path.join(made, 'somebody'), []);
}

/** @param {string} printed by the example */
function assertTrained(printed) {
  assert.match(printed, /^epoch 10000, loss 0\.0\d+\n$/);
}

test('cmake --install and find_package', async () => {
  await run('cmake', ['--install', path.join(root, 'build/native'), '--prefix', prefix]);
  const headers = readdirSync(path.join(prefix, 'include/backprop')).sort();
  assert.deepEqual(headers, readdirSync(include).sort());
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const settings = [`-DCMAKE_PREFIX_PATH=${prefix}`];
  assertTrained(await program('found', `find_package(backprop ${version} REQUIRED)`, settings));
  await assert.rejects(
    program('newer', 'find_package(backprop 99.0 REQUIRED)', settings),
    (/** @type {any} */ { output }) => /compatible with requested\s+version "99\.0"/.test(output),
  );
});

test('add_subdirectory', { skip }, async () => {
  assertTrained(await program('part', `add_subdirectory(${root} backprop)`));
});

test('FetchContent', { skip }, async () => {
  const getting = `include(FetchContent)
FetchContent_Declare(backprop SOURCE_DIR ${root})
FetchContent_MakeAvailable(backprop)`;
  assertTrained(await program('fetched', getting));
});

test('Doxygen makes the manual without a warning', { skip }, async (t) => {
  const found = await setUp(['doxygen']).catch((error) => {
    if (error instanceof Stop) return error;
    throw error;
  });
  if (found instanceof Stop) return t.skip(found.message);
  const { status, output } = await attempt(found.doxygen, ['docs/Doxyfile'], {
    env: { BACKPROP_MANUAL: path.join(folder, 'manual') },
  });
  assert.deepEqual({ status, output }, { status: 0, output: '' });
  const page = readFileSync(path.join(folder, 'manual/html/classbackprop_1_1Session.html'), 'utf8');
  assert.match(page, /Goes to the beginning of an epoch/);
});
