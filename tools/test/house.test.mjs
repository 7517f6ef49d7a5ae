// What holds for the repository as a whole.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { root } from '../run.mjs';

/** Made by commands and ignored by Git. */
const made = ['.git', 'node_modules', 'build', 'dist'];

const rootList = [
  '.ci',
  '.clang-format',
  '.editorconfig',
  '.github',
  '.gitignore',
  '.npmrc',
  'CHANGELOG.md',
  'CMakeLists.txt',
  'CMakePresets.json',
  'LICENSE',
  'README.md',
  'bench',
  'biome.json',
  'core',
  'docs',
  'package-lock.json',
  'package.json',
  'tools',
  'tsconfig.json',
  'wasm',
  'web',
];

/** @param {string} file */
const textOf = (file) => readFileSync(path.join(root, file), 'utf8');

/** Every file that is ours, relative to the repository. */
function ourFiles() {
  return readdirSync(root, { withFileTypes: true })
    .filter(({ name }) => !made.includes(name))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(entry.name) : [entry.name]));
}

/** @param {string} folder */
function filesUnder(folder) {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}

test('the root has what it should have, and nothing else', () => {
  const names = readdirSync(root).filter((name) => !made.includes(name));
  assert.deepEqual(
    names.filter((name) => !rootList.includes(name)),
    [],
  );
});

test('the lockfiles name no place to download from', () => {
  for (const folder of ['', 'bench/peers/', 'web/test/consumers/']) {
    assert.doesNotMatch(textOf(`${folder}package-lock.json`), /"resolved"/);
    assert.match(textOf(`${folder}.npmrc`), /^omit-lockfile-registry-resolved=true$/m);
  }
});

test('links between our pages lead somewhere', () => {
  for (const file of ourFiles().filter((name) => name.endsWith('.md'))) {
    for (const [, target] of textOf(file).matchAll(/\]\(([^)\s#]+)[^)]*\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const place = path.join(path.dirname(file), target);
      assert.ok(existsSync(path.join(root, place)), `${file} links to ${target}`);
    }
  }
});

test('nothing is left for later', () => {
  const words = new RegExp(`\\b(${'TO'}DO|${'FIX'}ME)\\b`); // in pieces, for this file is searched too
  const sources = ourFiles().filter((name) =>
    /\.(m?js|h|cpp|txt|md|json|yml|css|html)$/.test(name),
  );
  assert.deepEqual(
    sources.filter((file) => words.test(textOf(file))),
    [],
  );
});

test('workflows use actions by their full hash, with as few rights as can be', () => {
  for (const file of ourFiles().filter((name) => name.startsWith('.github/workflows/'))) {
    const text = textOf(file);
    for (const [line] of text.matchAll(/^.*\buses:.*$/gm)) {
      assert.match(line, /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, file);
    }
    assert.match(text, /^permissions:\n {2}contents: read\n/m, file);
  }
});

test('files are named as their language does', () => {
  for (const file of ourFiles()) {
    const name = path.basename(file);
    if (/\.(h|cpp)$/.test(name)) assert.match(name, /^[a-z0-9_]+\.(h|cpp)$/, file);
    if (/\.m?js$/.test(name) && !file.startsWith('bench/')) {
      assert.match(name, /^[a-z0-9-]+(\.[a-z0-9-]+)*\.m?js$/, file);
    }
  }
});

test("the commands of the README and the contributors' page exist", () => {
  const { scripts } = JSON.parse(textOf('package.json'));
  for (const file of ['README.md', '.github/CONTRIBUTING.md']) {
    for (const [, name] of textOf(file).matchAll(/\bnpm run ([\w:]+)/g)) {
      assert.ok(name in scripts, `${file} tells to run ${name}`);
    }
  }
});
