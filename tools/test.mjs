// npm test [-- --all] [lint native wasm tools page digests sanitizers]: the stages that are named, or
// all of them; the sanitizers take minutes, so that they come with --all (npm run test:all) or by name.
// A line a stage; the first that fails ends it.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { buildNative, buildPreset, buildSite, jobs } from './build.mjs';
import { checkDigests } from './digests.mjs';
import { lint } from './lint.mjs';
import { attempt, bothEnds, command, duration, root, Stop, say } from './run.mjs';
import { setUp } from './setup.mjs';

const everything = /** @type {const} */ ([
  'modules',
  'compiler',
  'cmake',
  'googletest',
  'json',
  'emscripten',
  'chromium',
]);

/** @typedef {{ passed: number, failed: number, output: string }} Result */

/** In the order of a full run. @type {Record<string, () => Promise<Result>>} */
const stages = {
  lint: async () => passed(await lint()),
  native: async () => {
    await buildNative();
    return ctest('native');
  },
  wasm: async () => {
    await buildNative();
    await buildSite();
    return nodeTests('wasm/test');
  },
  tools: async () => {
    await buildNative();
    await buildSite();
    return nodeTests('tools/test');
  },
  page: async () => {
    const { chromium } = await setUp(['modules', 'chromium']);
    await buildSite();
    return nodeTests('web/test', { CHROME_PATH: chromium });
  },
  digests: async () => passed(await checkDigests(process.env.BACKPROP_SWEEP === 'full')),
  sanitizers: async () => {
    const tools = await setUp(['compiler', 'cmake', 'googletest', 'json']);
    if (!(await hasSanitizers(tools.compiler))) {
      say(`No sanitizers: ${tools.compiler} cannot link them here.`);
      return passed(0);
    }
    await buildPreset('asan', 'Building the tests with sanitizers', tools);
    return ctest('asan');
  },
};

/**
 * @param {number} count
 * @returns {Result}
 */
function passed(count) {
  return { passed: count, failed: 0, output: '' };
}

/**
 * @param {string} preset
 * @returns {Promise<Result>}
 */
async function ctest(preset) {
  const args = ['--preset', preset, '--parallel', jobs(), '--no-tests=error', '--timeout', '300'];
  const { status, output } = await attempt('ctest', args);
  const counts = /(\d+) tests? failed out of (\d+)/.exec(output);
  if (!counts) throw new Stop(`ctest failed (${status}).`, output);
  const failed = Number(counts[1]);
  return { passed: Number(counts[2]) - failed, failed, output };
}

/**
 * @param {string} folder
 * @param {Record<string, string>} [env]
 * @returns {Promise<Result>}
 */
async function nodeTests(folder, env = {}) {
  const files = [...testFiles(path.join(root, folder))];
  if (files.length === 0) throw new Stop(`There are no tests in ${folder}.`);
  const minutes = process.env.BACKPROP_SWEEP === 'full' ? 30 : 5;
  // Two files at a time: most of a page's test is waiting.
  const options = ['--test-concurrency=2', `--test-timeout=${minutes * 60000}`];
  const args = ['--test', '--test-reporter=spec', ...options, ...files];
  const plain = { ...env, FORCE_COLOR: '0' };
  const { status, output } = await attempt(process.execPath, args, { env: plain });
  const count = (/** @type {string} */ what) =>
    Number(new RegExp(`^\\S* ?${what} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const failed = count('fail') + count('cancelled');
  if (status !== 0 && failed === 0) throw new Stop(`node --test failed (${status}).`, output);
  if (process.env.BACKPROP_SWEEP === 'full') {
    for (const [, what] of output.matchAll(/^\s*﹣ (.* # .*)$/gm)) say(`Skipped: ${what}`);
  }
  for (const [, line] of output.matchAll(/^ℹ (.* kB .*)$/gm)) say(line); // weights
  return { passed: count('pass'), failed, output };
}

/**
 * @param {string} folder
 * @returns {Generator<string>}
 */
function* testFiles(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* testFiles(file);
    else if (/\.test\.m?js$/.test(entry.name)) yield file;
  }
}

/** @param {string} compiler */
async function hasSanitizers(compiler) {
  const args = ['-fsanitize=address,undefined', '-x', 'c++', '-', '-o', '/dev/null'];
  return (await attempt(compiler, args, { input: 'int main() {}\n' })).status === 0;
}

/**
 * @param {string} name
 * @returns {Promise<Result>} of a stage that could not even run: one failure
 */
async function runStage(name) {
  try {
    return await stages[name]();
  } catch (error) {
    const output = error instanceof Stop ? `${error.output}\n${error.message}` : String(error);
    return { passed: 0, failed: 1, output };
  }
}

await command(async () => {
  const args = process.argv.slice(2);
  if (args.includes('--all')) process.env.BACKPROP_SWEEP = 'full';
  const names = args.filter((arg) => arg !== '--all');
  const usual = Object.keys(stages).filter(
    (name) => args.includes('--all') || name !== 'sanitizers',
  );
  const unknown = names.find((name) => !(name in stages));
  if (unknown)
    throw new Stop(`There is no stage "${unknown}": only ${Object.keys(stages).join(', ')}.`);

  if (names.length === 0) await setUp(everything); // what is to be installed comes first
  const started = performance.now();
  const total = { passed: 0, failed: 0 };
  for (const name of names.length > 0 ? names : usual) {
    const stageStarted = performance.now();
    const result = await runStage(name);
    total.passed += result.passed;
    total.failed += result.failed;
    if (result.failed > 0) console.log(bothEnds(result.output.trim(), 150));
    const time = duration(performance.now() - stageStarted);
    const verdict = result.failed > 0 ? `${result.failed} FAILED` : `${result.passed} passed`;
    console.log(`${name.padEnd(12)}${time.padStart(10)}   ${verdict}`);
    if (result.failed > 0) break;
  }
  const time = duration(performance.now() - started);
  console.log(`${total.passed} passed, ${total.failed} failed in ${time}`);
  if (total.failed > 0) process.exitCode = 1;
});
