// The same bits without SIMD. Built only for the long run of the tests.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { run } from '../../tools/run.mjs';
import { setUp } from '../../tools/setup.mjs';
import { golden, importLibrary, root, wasmDir } from './library.mjs';

const skip = process.env.BACKPROP_SWEEP !== 'full' && 'only in npm run test:all';
const folder = path.join(root, 'build/wasm-scalar');

async function buildScalar() {
  const { emscripten, cmake } = await setUp(['cmake', 'emscripten']);
  const log = 'wasm-scalar';
  const settings = [`-DCMAKE_TOOLCHAIN_FILE=${emscripten.toolchain}`, '-DBACKPROP_WASM_SIMD=OFF'];
  const configure = ['--preset', 'wasm', '-B', folder, '-G', cmake.generator, ...settings];
  await run('cmake', configure, { env: emscripten.env, log });
  const build = ['--build', folder, '--parallel', String(availableParallelism())];
  await run('cmake', build, { env: emscripten.env, log });
}

test('the digests of the committed scenarios, without SIMD', { skip }, async () => {
  await buildScalar();
  const usesSimd = (/** @type {string} */ place) =>
    readFileSync(path.join(place, 'backprop.wasm')).includes(Uint8Array.of(0xfd, 0xf2, 0x01));
  assert.ok(usesSimd(wasmDir) && !usesSimd(folder), 'f64x2.mul in the one program only');
  const { loadBackprop } = await importLibrary(folder);
  const backprop = await loadBackprop();
  const scenarios = JSON.parse(readFileSync(path.join(golden, 'digests.json'), 'utf8'));
  for (const { name, experiment, epochs, digest } of scenarios) {
    const session = new backprop.Session(experiment);
    session.train(epochs);
    assert.equal(session.digest(), digest, name);
    session.dispose();
  }
});
