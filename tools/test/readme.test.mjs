// The README's examples run as they stand, and print what their comments say after an arrow.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { root, run } from '../run.mjs';
import { setUp } from '../setup.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'backprop-readme-'));
after(() => rmSync(folder, { recursive: true }));

/**
 * The fenced blocks of a language.
 * @param {string} language
 */
function blocks(language) {
  const text = readFileSync(path.join(root, 'README.md'), 'utf8');
  const found = [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))];
  assert.ok(found.length > 0, `the README has an example in ${language}`);
  return found.map(([, code]) => code);
}

/**
 * @param {string} code
 * @param {string} printed
 */
function assertPrints(code, printed) {
  const promised = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line]) => line.trim());
  assert.ok(promised.length > 0, 'the example says what it prints');
  assert.deepEqual(printed.trim().split('\n'), promised);
}

test('the JavaScript examples', async () => {
  mkdirSync(path.join(folder, 'node_modules'), { recursive: true });
  symlinkSync(path.join(root, 'dist/lib'), path.join(folder, 'node_modules/backprop-wasm'));
  for (const code of blocks('js')) {
    writeFileSync(path.join(folder, 'example.mjs'), code);
    assertPrints(code, await run(process.execPath, ['example.mjs'], { cwd: folder }));
  }
});

test('the C++ examples', async () => {
  const { compiler } = await setUp(['compiler']);
  const library = path.join(root, 'build/native/core/libbackprop_core.a');
  for (const code of blocks('cpp')) {
    writeFileSync(path.join(folder, 'example.cpp'), code);
    const include = `-I${path.join(root, 'core/include')}`;
    const args = ['-std=c++20', include, 'example.cpp', library, '-o', 'example'];
    await run(compiler, args, { cwd: folder });
    assertPrints(code, await run(path.join(folder, 'example'), [], { cwd: folder }));
  }
});

test('the experiment that the native program is shown with', async () => {
  const program = path.join(root, 'build/native/backprop_train');
  for (const experiment of blocks('json')) {
    writeFileSync(path.join(folder, 'experiment.json'), experiment);
    const { epoch, diverged } = JSON.parse(
      await run(program, ['experiment.json', '100'], { cwd: folder }),
    );
    assert.deepEqual({ epoch, diverged }, { epoch: 100, diverged: false });
  }
});
