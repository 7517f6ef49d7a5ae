// The package under test, made once for each test file, and what the tests share.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { copyLibrary } from '../package.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const wasmDir = path.join(root, 'build/wasm');
export const golden = path.join(root, 'core/test/golden');

/** A folder that is gone after the tests. */
export function temporaryFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'backprop-wasm-'));
  after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/**
 * @param {string} [from] another folder of Emscripten's files
 * @returns {Promise<typeof import('../index.js')>}
 */
export async function importLibrary(from = wasmDir) {
  const outDir = temporaryFolder();
  await copyLibrary({ root, wasmDir: from, outDir });
  return import(pathToFileURL(path.join(outDir, 'index.js')).href);
}

export const { loadBackprop, ExperimentError } = await importLibrary();
export const backprop = await loadBackprop();

/**
 * @param {object} [experiment]
 * @returns {import('../session.js').Session} disposed of after the tests
 */
export function open(experiment) {
  const session = new backprop.Session(experiment);
  after(() => session.dispose());
  return session;
}

/**
 * @param {number} a
 * @param {number} b
 * @returns {boolean} whether they agree to so much, of the larger
 */
export function isNear(a, b, tolerance = 1e-12) {
  return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}
