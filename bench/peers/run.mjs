// npm run bench:peers [-- --rounds=N --only=TEXT]: the same work on the peers and on us, side by
// side, and the tables of docs/performance.md. README.md says how it works.
import { cpSync, existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { buildPreset, buildSite } from '../../tools/build.mjs';
import { command, root, run, Stop, say, step } from '../../tools/run.mjs';
import { setUp, thisMachine } from '../../tools/setup.mjs';
import { openChromium, openProcess } from './instances.mjs';
import { checkEpochs, lossOf, writeWorkloads } from './references.mjs';
import { Report } from './report.mjs';
import { idOf, rows } from './rows.mjs';

/** @typedef {import('./rows.mjs').Row} Row */
/** @typedef {import('./instances.mjs').Instance} Instance */

/**
 * A peer at one of its works.
 * @typedef {object} Measurement
 * @property {Row} row
 * @property {string} column
 * @property {string} workload
 * @property {Instance} instance
 * @property {number} epochs of a run
 * @property {number} runs at a time
 * @property {number[]} times nanoseconds an epoch, round by round
 */

const here = 'bench/peers';
const made = 'build/peers';
const folder = path.join(root, made, 'workloads');

/** What a run should last, and all runs of a measurement, in nanoseconds. */
const [runDuration, duration] = [5e6, 4e7];
/** Milliseconds that a browser has for its own start before anything is measured in it. */
const REST = 2000;

const tolerances = /** @type {Record<string, number>} */ ({
  f64: 1e-9,
  f32: 1e-3,
  functions: 1e-12,
});

// -- Set-up ---------------------------------------------------------------------------------------

/** @param {string} file */
const timeOf = (file) => statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/**
 * @param {string} target
 * @param {string[]} sources
 * @param {() => Promise<unknown>} build
 */
async function make(target, sources, build) {
  if (timeOf(target) <= Math.max(...sources.map(timeOf))) await step(`Building ${target}`, build);
}

const library = 'build/bench/core/libbackprop_core.a';
const headers = [`${here}/native/protocol.h`, `${here}/native/naive.h`, 'bench/workloads.h'];

/**
 * @param {string} compiler
 * @param {Row} row
 * @returns {Promise<string>} the program
 */
async function buildProgram(compiler, { program = '', flags = [], variant = '' }) {
  const source = `${here}/native/${program}.cpp`;
  const suffix = flags.includes('-ffast-math') ? '-fast-math' : variant === 'SLEEF' ? '-sleef' : '';
  const target = `${made}/${program}${suffix}`;
  const common = ['-std=c++20', '-O3', '-march=native', '-Icore/include', source, '-o', target];
  const needsCore = program === 'backprop' || program === 'unrolled';
  const own = needsCore ? ['-Icore/src', '-ffp-contract=off', library] : [];
  await make(target, [source, library, ...headers], () =>
    run(compiler, [...common, ...own, ...flags], { log: `peers-${program}` }),
  );
  return target;
}

async function buildWebAssembly() {
  const { emscripten } = await setUp(['emscripten']);
  const flags = ['-std=c++20', '-O3', '-msimd128', '-ffp-contract=off', '-fno-exceptions'];
  const linking = ['-sSTANDALONE_WASM', '--no-entry', '-sINITIAL_MEMORY=67108864'];
  for (const [source, name] of [
    ['naive_wasm', 'naive'],
    ['elementary', 'elementary'],
  ]) {
    const file = `${here}/native/${source}.cpp`;
    const target = `${made}/${name}.wasm`;
    const sources = [file, 'core/src/elementary.h', 'core/src/lanes.h', ...headers];
    const args = [...flags, ...linking, '-Icore/include', '-Icore/src', file, '-o', target];
    await make(target, sources, () =>
      run('em++', args, { env: emscripten.env, log: `peers-${name}-wasm` }),
    );
  }
}

/** The npm packages, in build/peers, so that the sources stay clean. */
async function installPackages() {
  const target = path.join(root, made);
  mkdirSync(target, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
    cpSync(path.join(root, here, name), path.join(target, name), { preserveTimestamps: true });
  }
  await setUp(['modules'], { ...thisMachine(), root: target });
}

/**
 * How to start a row; what it needs is set up and built.
 * @param {Row} row
 * @param {{ compiler: string, chromium?: Awaited<ReturnType<typeof openChromium>> }} tools
 * @returns {Promise<() => Instance>}
 */
async function prepare(row, { compiler, chromium }) {
  const found = await setUp(row.needs ?? []);
  const variant = row.variant ?? row.precision;
  if (row.program) {
    const file = path.join(root, await buildProgram(compiler, row));
    return () => openProcess([file, folder, variant]);
  }
  if (row.python) {
    const file = path.join(root, here, 'python', `${row.python}.py`);
    return () => openProcess([found.torch ?? found.numpy, file, folder, variant], atItsBest);
  }
  const script = row.script ?? '';
  if (row.host === 'Node') {
    const file = path.join(root, here, 'javascript/node.mjs');
    return () => openProcess([process.execPath, file, folder, script, variant]);
  }
  if (!chromium) throw new Stop('There is no Chromium.');
  return () => chromium.open(script, variant);
}

/**
 * One thread; OpenBLAS chooses its kernels for this processor; arrays are not given back to the
 * system after each operation, which would cost more than the operation.
 */
const atItsBest = {
  OPENBLAS_NUM_THREADS: '1',
  OMP_NUM_THREADS: '1',
  OPENBLAS_CORETYPE: undefined,
  MALLOC_MMAP_THRESHOLD_: '1073741824',
  MALLOC_TRIM_THRESHOLD_: '1073741824',
};

// -- Measuring ------------------------------------------------------------------------------------

/** @type {Record<string, number>} */
const fixedEpochs = { 'W4-10000': 10000 };

/** @param {Measurement} measurement */
const request = ({ workload, epochs, runs }) => `${workload} ${epochs} ${runs}`;

/**
 * The first answer is compared with our own loss; then it is found out how many epochs make a run
 * (10,000 at most: the post's run is no longer) and how many runs a measurement.
 * @param {Measurement} measurement
 * @param {number} expected
 * @returns {Promise<{ difference: number, digest: string }>} relative; NaN: nothing to compare
 */
async function check(measurement, expected) {
  const { workload, instance } = measurement;
  const first = await instance.ask(`${workload} ${checkEpochs(workload)} 1`);
  let { nanoseconds } = first;
  for (let tries = 0; tries < 3; tries++) {
    nanoseconds = Math.max(nanoseconds, 20); // a browser's clock may not have moved
    const epochs = Math.max(1, Math.round(runDuration / nanoseconds));
    measurement.epochs = fixedEpochs[workload] ?? Math.min(epochs, 10000);
    measurement.runs = Math.max(1, Math.round(duration / nanoseconds / measurement.epochs));
    ({ nanoseconds } = await instance.ask(request(measurement)));
  }
  return { difference: Math.abs(first.loss / expected - 1), digest: first.digest };
}

/**
 * The first 10,000 epochs of the post's run after loading, in nanoseconds an epoch.
 * @param {Row} row
 * @param {() => Instance} open
 * @param {string} browserFile
 */
async function coldTime(row, open, browserFile) {
  // A browser of its own, because workers of one page share what the first of them compiled; it comes to
  // rest first, for until then it needs both cores of a small machine.
  const browser = row.host === 'Chromium' ? await openChromium(browserFile) : undefined;
  if (browser) await new Promise((resolve) => setTimeout(resolve, REST));
  const instance = browser?.open(row.script ?? '', row.variant ?? '') ?? open();
  await instance.ask('version');
  const { nanoseconds } = await instance.ask('W1 10000 1');
  instance.close();
  await browser?.close();
  return nanoseconds;
}

await command(async () => {
  const option = (/** @type {string} */ name) =>
    process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  const rounds = Number(option('rounds') ?? 11);
  const only = option('only') ?? '';

  const tools = await setUp(['compiler', 'cmake', 'benchmark']);
  await buildPreset('bench', 'Building the core for this machine', tools);
  await buildSite();
  await installPackages();
  await buildWebAssembly();
  const { loadBackprop } = await import(path.join(root, 'dist/lib/index.js'));
  const backprop = await loadBackprop();
  writeWorkloads(backprop, folder);
  const { chromium: browserFile } = await setUp(['chromium']);
  const chromium = await openChromium(browserFile);
  const report = new Report(chromium.version, rounds);

  /** @type {Measurement[]} */
  const measurements = [];
  /** @type {{ row: Row, open: () => Instance }[]} */
  const cold = [];
  try {
    for (const row of rows.filter((one) => idOf(one).includes(only))) {
      const id = idOf(row);
      if (
        row.name.startsWith('Backprop') &&
        row.precision !== 'functions' &&
        !knows(backprop, row.precision)
      ) {
        report.skip(row, `the engine has no precision "${row.precision}"`);
        continue;
      }
      try {
        const open = await prepare(row, { compiler: tools.compiler, chromium });
        for (const [column, workload] of Object.entries(row.works)) {
          const measurement = {
            row,
            column,
            workload,
            instance: open(),
            epochs: 1,
            runs: 1,
            times: [],
          };
          if (column === Object.keys(row.works)[0]) {
            report.version(row, (await measurement.instance.ask('version')).version);
          }
          const { difference, digest } = await check(measurement, lossOf(backprop, workload));
          const tolerance = row.tolerance ?? tolerances[row.precision];
          report.agreement(row, column, difference, tolerance, digest);
          measurements.push(measurement);
        }
        if (row.variant?.endsWith('-recorded')) cold.push({ row, open });
        say(`${id}: ready`);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        const output = error instanceof Stop ? error.output.trim().split('\n').slice(-3) : [];
        report.skip(row, [error.message, ...output].join(' '));
      }
    }
    const inTurn = measurements.toSorted((a, b) =>
      a.column < b.column ? -1 : +(a.column > b.column),
    );
    for (let round = 0; round < rounds; round++) {
      await step(`Round ${round + 1} of ${rounds}`, async () => {
        for (const measurement of inTurn) {
          const { nanoseconds } = await measurement.instance.ask(request(measurement));
          measurement.times.push(nanoseconds);
        }
        if (round >= 5) return;
        for (const { row, open } of cold) {
          report.cold(idOf(row), await coldTime(row, open, browserFile));
        }
      });
    }
  } finally {
    for (const { instance } of measurements) instance.close();
    await chromium.close();
  }
  for (const { row, column, times } of measurements) report.times(row, column, times);
  const text = report.text();
  console.log(text);
  if (only === '' && existsSync(path.join(root, 'docs/performance.md'))) report.write(text);
});

/**
 * @param {any} backprop
 * @param {string} precision
 */
function knows(backprop, precision) {
  try {
    new backprop.Session({ precision }).dispose();
    return true;
  } catch {
    return false;
  }
}
