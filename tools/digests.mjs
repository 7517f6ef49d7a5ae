// The same bits from every compiler and processor: builds backprop_train by two compilers, in test:all
// with each set of flags and for 64-bit Arm, trains the committed scenarios and compares the digests. node tools/digests.mjs --update commits those of the native build in their place.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildNative, isConfigured } from './build.mjs';
import { attempt, command, parallel, root, run, Stop, say } from './run.mjs';
import { setUp, which } from './setup.mjs';

const compilers = ['g++', 'clang++'];

// The compiler's own flags alone, then the kernels that a build for everybody chooses between.
const builds = [
  { flags: '-O0', kernels: '' },
  { flags: '-O2', kernels: '' },
  { flags: '-O3', kernels: '' },
  { flags: '-O3 -march=native', kernels: '' },
  { flags: '-O3 -mavx2 -mfma', kernels: '' },
  { flags: '-O3', kernels: 'avx2' },
  { flags: '-O3', kernels: 'avx512' },
];

/** Those of npm test: nothing optimized, and all that this processor has, by the other compiler. */
const few = ['g++ -O0', 'clang++ -O3 -march=native'];

/**
 * @typedef {{ name: string, experiment: object, epochs: number, digest: string }} Scenario
 * @typedef {object} Variant
 * @property {string} name
 * @property {string} folder
 * @property {string} compiler
 * @property {Record<string, string>} settings for CMake
 * @property {string[]} runner what stands before the program: nothing, or an emulator
 */

const scenarioFile = path.join(root, 'core/test/golden/digests.json');

/** @returns {Scenario[]} */
function readScenarios() {
  return JSON.parse(readFileSync(scenarioFile, 'utf8'));
}

/**
 * @param {boolean} all the builds and scenarios, or a few: each build runs each scenario as a
 *   program
 * @returns {Promise<number>} how many digests were compared
 * @throws {Stop} naming every difference
 */
export async function checkDigests(all) {
  const { cmake } = await setUp(['compiler', 'cmake', 'json']);
  const scenarios = readScenarios().slice(0, all ? undefined : 50);
  const variants = [...(await nativeVariants(all)), ...(all ? await armVariants() : [])];
  const differences = await parallel(variants, availableParallelism(), async (variant) => {
    const program = await buildVariant(variant, cmake.generator);
    const found = [];
    for (const scenario of scenarios) {
      const digest = await digestBy(program, scenario, variant.runner);
      if (digest === scenario.digest) continue;
      found.push(`${scenario.name} by ${variant.name} is ${digest}, not ${scenario.digest}`);
    }
    return found;
  });
  const found = differences.flat();
  if (found.length > 0) throw new Stop('The digests differ.', found.join('\n'));
  return variants.length * scenarios.length;
}

/**
 * Those that this machine can build and run; the others are named.
 * @param {boolean} all
 */
async function nativeVariants(all) {
  /** @type {Variant[]} */
  const variants = [];
  for (const name of compilers) {
    const compiler = await findCompiler(name);
    if (!compiler) {
      say(`No digests by ${name}: it is not here.`);
      continue;
    }
    for (const { flags, kernels } of builds) {
      const settings = { CMAKE_CXX_FLAGS: flags, BACKPROP_INSTRUCTION_SETS: kernels };
      const variant = variantOf(`${name} ${flags} ${kernels}`.trim(), compiler, settings);
      if (!all && !few.includes(variant.name)) continue;
      const wanted = `${flags} -m${kernels}`.match(/(?<=-m)(avx2|avx512|fma)/g) ?? [];
      const lacking = wanted.filter((feature) => !processorHas(feature.replace('512', '512f')));
      if (lacking.length === 0) variants.push(variant);
      else say(`No digests by ${variant.name}: the processor lacks ${lacking.join(', ')}.`);
    }
  }
  return variants;
}

/**
 * 64-bit Arm under an emulator. On an Arm processor every build is one.
 * @returns {Promise<Variant[]>}
 */
async function armVariants() {
  if (process.arch === 'arm64') return [];
  try {
    const { compiler, emulator } = (await setUp(['arm'])).arm;
    const settings = {
      CMAKE_SYSTEM_NAME: 'Linux',
      CMAKE_SYSTEM_PROCESSOR: 'aarch64',
      CMAKE_CXX_FLAGS: '-O3',
      CMAKE_EXE_LINKER_FLAGS: '-static', // no need of Arm's own libraries while it runs
    };
    return [{ ...variantOf('aarch64-linux-gnu-g++ -O3', compiler, settings), runner: [emulator] }];
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    say(`No digests on 64-bit Arm. ${error.message}`);
    return [];
  }
}

/**
 * @param {string} name
 * @param {string} compiler
 * @param {Record<string, string>} settings
 * @returns {Variant}
 */
function variantOf(name, compiler, settings) {
  const folder = path.join(root, 'build/digests', name.replaceAll(' ', ''));
  return { name, folder, compiler, settings, runner: [] };
}

/**
 * The compiler by its plain name, or by one with a release at its end, as Emscripten's packages on
 * Debian bring it.
 * @param {string} name
 */
async function findCompiler(name) {
  const releases = Array.from({ length: 20 }, (_, index) => `${name}-${30 - index}`);
  const file = [name, ...releases].find((candidate) => which(candidate, process.env.PATH ?? ''));
  if (!file) return undefined;
  const { output } = await attempt(file, ['--version']);
  return name === 'clang++' || !output.includes('clang') ? file : undefined; // macOS's g++ is clang
}

/** @param {string} feature as Linux calls it */
function processorHas(feature) {
  if (process.arch !== 'x64') return false;
  if (!existsSync('/proc/cpuinfo')) return false;
  return new RegExp(`^flags\\b.*\\b${feature}\\b`, 'm').test(readFileSync('/proc/cpuinfo', 'utf8'));
}

/**
 * @param {Variant} variant
 * @param {string} generator
 * @returns {Promise<string>} the program
 */
async function buildVariant({ compiler, settings, folder }, generator) {
  const log = path.basename(folder);
  if (!isConfigured(folder)) {
    const all = {
      CMAKE_CXX_COMPILER: compiler,
      CMAKE_BUILD_TYPE: 'None',
      BACKPROP_TESTS: 'OFF',
      ...settings,
    };
    const defines = Object.entries(all).map(([name, value]) => `-D${name}=${value}`);
    await run('cmake', ['-S', root, '-B', folder, '-G', generator, ...defines], { log });
  }
  await run('cmake', ['--build', folder, '--target', 'backprop_train'], { log });
  return path.join(folder, 'backprop_train');
}

/**
 * @param {string} program
 * @param {Scenario} scenario
 * @param {string[]} [runner]
 * @returns {Promise<string>}
 */
async function digestBy(program, { name, experiment, epochs }, runner = []) {
  const file = path.join(path.dirname(program), `${name}.json`);
  writeFileSync(file, JSON.stringify(experiment));
  const [first, ...rest] = [...runner, program, file, String(epochs)];
  const { status, stdout, output } = await attempt(first, rest);
  if (status !== 0) throw new Stop(`${name} ended with ${status}.`, output);
  return JSON.parse(stdout).digest;
}

async function updateDigests() {
  await buildNative();
  const program = path.join(root, 'build/native/backprop_train');
  const scenarios = readScenarios();
  for (const scenario of scenarios) scenario.digest = await digestBy(program, scenario);
  const lines = scenarios.map((scenario) => JSON.stringify(scenario));
  writeFileSync(scenarioFile, `[${lines.join(',\n')}]\n`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await command(async () => {
    if (!process.argv.includes('--update')) throw new Stop('Run npm test -- digests, or --update.');
    await updateDigests();
  });
}
