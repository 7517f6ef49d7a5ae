// What others made that is inside dist/, with their licences: the packages that the bundler took in,
// at the versions of the lockfile, and what Emscripten links into every program.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Under the MIT licence, which is ours too. */
const LINKED = [
  { name: 'Emscripten', copyright: 'Copyright (c) 2010-2014 Emscripten authors' },
  { name: 'musl', copyright: 'Copyright (c) 2005-2020 Rich Felker, et al.' },
];

/**
 * The names of the packages that these modules belong to.
 * @param {Iterable<string>} modules files
 */
export function packagesOf(modules) {
  const pattern = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//;
  const names = [...modules].map((file) => pattern.exec(file)?.[1]).filter((name) => name);
  return /** @type {string[]} */ ([...new Set(names)].sort());
}

/**
 * @param {string} root of the repository
 * @param {string[]} packages
 * @returns {Promise<string>}
 */
export async function makeNotices(root, packages) {
  const lock = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8'));
  const bundled = await Promise.all(
    packages.map(async (name) => {
      const { version, license } = lock.packages[`node_modules/${name}`];
      return notice(`${name} ${version}, ${license}`, await licenceOf(root, name));
    }),
  );
  const mit = await readFile(path.join(root, 'LICENSE'), 'utf8');
  const linked = LINKED.map(({ name, copyright }) =>
    notice(`${name}, MIT`, mit.replace(/^Copyright .*$/m, copyright)),
  );
  return ['Backprop contains parts of these.\n', ...bundled, ...linked].join('\n');
}

/**
 * @param {string} title
 * @param {string} text
 */
function notice(title, text) {
  return `${'-'.repeat(80)}\n${title}\n\n${text.trim()}\n`;
}

/**
 * @param {string} root of the repository
 * @param {string} name of a package
 */
async function licenceOf(root, name) {
  const folder = path.join(root, 'node_modules', name);
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} is bundled and has no licence beside it.`);
  return readFile(path.join(folder, file), 'utf8');
}
