// Runs programs that the page makes, and gives what they print.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** @typedef {import('../state/listings.js').Language} Language */

const compiler = process.env.CXX ?? 'c++';

/** The first Python that has a module. @param {string} module */
const pythonWith = (module) =>
  ['python3', '/usr/bin/python3'].find(
    (name) => spawnSync(name, ['-c', `import ${module}`]).status === 0,
  );

/** Why a language's programs cannot be run; undefined where they can. @param {Language} language */
export function whyNot(language) {
  if (language === 'cpp' && spawnSync(compiler, ['--version']).error)
    return `There is no ${compiler} here.`;
  if (language === 'numpy' && !pythonWith('numpy')) return 'There is no NumPy here.';
  if (language === 'pytorch' && !pythonWith('torch')) return 'There is no PyTorch here.';
  return undefined;
}

/** Runs each of the programs that it is given in a namespace of its own, all in one process. */
const ALL = `
import contextlib, io, json, sys
outputs = []
for text in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(text, {})
    outputs.append(output.getvalue())
print(json.dumps(outputs))
`;

/** @param {string} module @param {string[]} texts @returns {string[]} */
function python(module, texts) {
  const options = /** @type {const} */ ({ encoding: 'utf8', input: JSON.stringify(texts) });
  return JSON.parse(execFileSync(pythonWith(module) ?? 'python3', ['-c', ALL], options));
}

/** Runs each program as a module of its own, all in one process. @param {string[]} texts @param {string} folder */
function javascript(texts, folder) {
  for (const [i, text] of texts.entries())
    writeFileSync(path.join(folder, `program${i}.mjs`), text);
  const calls = texts.map(
    (_, i) => `await import('./program${i}.mjs'); console.log('${SEPARATOR}');`,
  );
  writeFileSync(path.join(folder, 'all.mjs'), calls.join('\n'));
  const options = /** @type {const} */ ({ cwd: folder, encoding: 'utf8' });
  return apart(execFileSync(process.execPath, ['all.mjs'], options));
}

/** @param {string} text @param {string} folder */
function cpp(text, folder) {
  writeFileSync(path.join(folder, 'program.cpp'), text);
  const flags = ['-std=c++17', '-Wall', '-Wextra', '-Werror', '-o', 'program', 'program.cpp'];
  execFileSync(compiler, flags, { cwd: folder, encoding: 'utf8' });
  return execFileSync(path.join(folder, 'program'), { encoding: 'utf8' });
}

/** Several programs as one, each in a namespace, for a compiler takes long to read its headers. @param {string[]} texts */
function together(texts) {
  const lines = texts.map((text) => text.split('\n'));
  const isHeader = (/** @type {string} */ line) => line.startsWith('#include');
  const headers = new Set(['#include <cstdio>', ...lines.flat().filter(isHeader)]);
  const bodies = lines.map((all, i) => [
    `namespace program${i} {`,
    ...all.filter((line) => !isHeader(line)).map((line) => line.replace('int main', 'void run')),
    '}',
  ]);
  const calls = texts.map((_, i) => `program${i}::run(); std::puts("${SEPARATOR}");`);
  return [...headers, ...bodies.flat(), 'int main() {', ...calls, '}', ''].join('\n');
}
const SEPARATOR = '----';
const apart = (/** @type {string} */ output) => output.split(`${SEPARATOR}\n`).slice(0, -1);

/**
 * What each of the programs prints. Of those in C++ the first is compiled as it stands, the others
 * together.
 * @param {Language} language
 * @param {string[]} texts
 * @returns {string[]}
 */
export function runPrograms(language, texts) {
  if (language === 'numpy') return python('numpy', texts);
  if (language === 'pytorch') return python('torch', texts);
  const folder = mkdtempSync(path.join(tmpdir(), 'backprop-programs-'));
  try {
    if (language === 'javascript') return javascript(texts, folder);
    const [first, ...rest] = texts;
    return [cpp(first, folder), ...apart(cpp(together(rest), folder))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
