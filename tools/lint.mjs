// npm run lint: Biome, the types, and clang-format. npm run format (--fix) writes what can be
// written.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { attempt, command, root, run, say } from './run.mjs';
import { setUp, which } from './setup.mjs';

/** The release whose output is the style: others break some lines elsewhere. */
const clangFormatRelease = 14;

/**
 * @param {{ fix?: boolean }} [options]
 * @returns {Promise<number>} how many checks were made
 * @throws {import('./run.mjs').Stop} with what is wrong
 */
export async function lint({ fix = false } = {}) {
  await setUp(['modules']);
  const biome = ['check', ...(fix ? ['--write'] : []), '--error-on-warnings'];
  await run(inModules('@biomejs/biome/bin/biome'), biome, { log: 'biome' });
  await run(inModules('typescript/bin/tsc'), ['--noEmit'], { log: 'tsc' });
  return (await formatCpp(fix)) ? 3 : 2;
}

/** @param {string} program */
function inModules(program) {
  return path.join(root, 'node_modules', program);
}

/**
 * @param {boolean} fix
 * @returns {Promise<boolean>} whether there is a clang-format to ask
 */
async function formatCpp(fix) {
  const program = await findClangFormat();
  if (!program) {
    say(`The format of the C++ is not checked: there is no clang-format ${clangFormatRelease}.`);
    return false;
  }
  const files = ['core', 'wasm', 'bench'].flatMap((room) => [...cppFiles(path.join(root, room))]);
  await run(program, [...(fix ? ['-i'] : ['--dry-run', '-Werror']), ...files], {
    log: 'clang-format',
  });
  return true;
}

async function findClangFormat() {
  for (const name of [`clang-format-${clangFormatRelease}`, 'clang-format']) {
    const program = which(name, process.env.PATH ?? '');
    if (!program) continue;
    const { output } = await attempt(program, ['--version']);
    if (output.includes(`version ${clangFormatRelease}.`)) return program;
  }
  return undefined;
}

/**
 * @param {string} folder
 * @returns {Generator<string>}
 */
function* cppFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* cppFiles(file);
    else if (/\.(h|cpp)$/.test(entry.name)) yield file;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await command(async () => {
    await lint({ fix: process.argv.includes('--fix') });
  });
}
