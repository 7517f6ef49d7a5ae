// The program built in other ways gives the same bits. Built only for the long run of the tests.
import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { run } from '../../tools/run.mjs';
import { setUp } from '../../tools/setup.mjs';
import { golden, importLibrary, root, wasmDir } from './library.mjs';

/** @typedef {import('../index.js').Backprop} Backprop */
/** @typedef {{ name: string, experiment: object, epochs: number, digest: string }} Scenario */

/** Parameters at most: the gradient check takes two losses for each. */
const MOST_CHECKED = 20000;
const skip = process.env.BACKPROP_SWEEP !== 'full' && 'only in npm run test:all';

/**
 * @param {string} name
 * @param {Record<string, string>} settings for CMake
 * @returns {Promise<string>} the folder of the program
 */
async function build(name, settings) {
  const { emscripten, cmake } = await setUp(['cmake', 'emscripten']);
  const folder = path.join(root, 'build', name);
  const all = { CMAKE_TOOLCHAIN_FILE: emscripten.toolchain, ...settings };
  const defines = Object.entries(all).map(([key, value]) => `-D${key}=${value}`);
  const configure = ['--preset', 'wasm', '-B', folder, '-G', cmake.generator, ...defines];
  await run('cmake', configure, { env: emscripten.env, log: name });
  const jobs = String(availableParallelism());
  const parts = ['--build', folder, '--target', 'backprop', '--parallel', jobs];
  await run('cmake', parts, { env: emscripten.env, log: name });
  cpSync(path.join(wasmDir, 'catalog.wasm'), path.join(folder, 'catalog.wasm'));
  return folder;
}

/** @param {string} file */
const goldenOf = (file) => JSON.parse(readFileSync(path.join(golden, file), 'utf8'));

/** @param {Backprop} backprop */
function assertDigests(backprop) {
  for (const { name, experiment, epochs, digest } of /** @type {Scenario[]} */ (
    goldenOf('digests.json')
  )) {
    const session = new backprop.Session(experiment);
    session.train(epochs);
    assert.equal(session.digest(), digest, name);
    session.dispose();
  }
}

test('without SIMD', { skip }, async () => {
  const folder = await build('wasm-scalar', { BACKPROP_WASM_SIMD: 'OFF' });
  const usesSimd = (/** @type {string} */ place) =>
    readFileSync(path.join(place, 'backprop.wasm')).includes(Uint8Array.of(0xfd, 0xf2, 0x01));
  assert.ok(usesSimd(wasmDir) && !usesSimd(folder), 'f64x2.mul in the one program only');
  const { loadBackprop } = await importLibrary(folder);
  assertDigests(await loadBackprop());
});

/** Whatever AddressSanitizer or UndefinedBehaviorSanitizer finds ends the program. */
test('with sanitizers, which find nothing', { skip }, async () => {
  const folder = await build('wasm-sanitized', {
    CMAKE_CXX_FLAGS: '-fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all',
    CMAKE_EXE_LINKER_FLAGS: '-sINITIAL_MEMORY=268435456', // for the sanitizer's own
  });
  const { loadBackprop, ExperimentError } = await importLibrary(folder);
  const backprop = await loadBackprop();
  assertDigests(backprop);
  for (const { experiment } of goldenOf('bad_experiments.json')) {
    assert.throws(() => new backprop.Session(experiment), ExperimentError);
  }
  for (const { experiment } of /** @type {Scenario[]} */ (goldenOf('digests.json')).slice(0, 60)) {
    const session = new backprop.Session(experiment);
    if (session.parameters().length > MOST_CHECKED) {
      session.dispose();
      continue;
    }
    readEverything(session);
    const ensemble = new backprop.Ensemble(experiment, [1, 2, 3, 4, 5]);
    ensemble.train(20);
    const { losses, parameters } = {
      losses: ensemble.losses(),
      parameters: ensemble.parameters(4),
    };
    assert.ok(losses.length === 5 && parameters.length > 0);
    ensemble.dispose();
  }
});

/** @param {import('../session.js').Session} session */
function readEverything(session) {
  session.train(20);
  session.seek(7);
  const { inputs } = session.dataset();
  const { losses } = session.history();
  assert.ok(inputs.length > 0 && losses.length > 0);
  session.gradientCheck();
  session.trace();
  session.lossAt(session.parameters());
  session.setParameters(session.gradient());
  session.reset();
  session.dispose();
}
