// node bench/profile.mjs: in which functions W1, W2 and W3 spend their time, natively (by perf) and
// in WebAssembly in Node (by V8's profiler); the table of docs/performance.md. Run it after npm run
// bench:peers, whose programs it uses.
import { copyFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { Session as Inspector } from 'node:inspector/promises';
import path from 'node:path';
import { jobs } from '../tools/build.mjs';
import { attempt, command, root, run, Stop, say, step } from '../tools/run.mjs';
import { setUp, which } from '../tools/setup.mjs';
import { post, small, wide } from './workloads.mjs';

const folder = path.join(root, 'build/profile');
const [begin, end] = ['<!-- bench/profile.mjs writes from here -->', '<!-- to here -->'];

/** Half a second to two each. */
const workloads = /** @type {const} */ ([
  ['W1', post(), 10_000_000],
  ['W2', small(), 40_000],
  ['W3', wide(), 80],
]);

/** @typedef {Map<string, number>} Shares function to its share of the time */

/**
 * `void backprop::avx2::(anonymous namespace)::activateBy<backprop::avx2::Tanh>(…)::{lambda…` is
 * activateBy<Tanh>.
 * @param {string} symbol
 */
function nameOf(symbol) {
  const plain = symbol
    .replaceAll('(anonymous namespace)::', '')
    .replace(/std::(__2::)?/g, '')
    .replace(/backprop::(\w+::)?(?=\w)/g, '');
  return plain
    .split('(')[0]
    .replace(/^(void|bool|double\*?|auto) /, '')
    .replace(/, \d+ul|, \dul/g, '');
}

/**
 * @param {Iterable<[string, number]>} parts symbols and their time
 * @returns {Shares}
 */
function sharesOf(parts) {
  /** @type {Shares} */
  const shares = new Map();
  let total = 0;
  for (const [symbol, time] of parts) {
    const name = nameOf(symbol);
    shares.set(name, (shares.get(name) ?? 0) + time);
    total += time;
  }
  for (const [name, time] of shares) shares.set(name, time / total);
  return shares;
}

/**
 * @param {string} name
 * @param {number} epochs
 */
async function native(name, epochs) {
  const data = path.join(folder, 'perf.data');
  const program = path.join(root, 'build/peers/backprop');
  const record = ['record', '-q', '-e', 'cpu-clock', '-F', '5000', '-o', data, program];
  const input = `${name} ${epochs} 1\n`;
  const { status, output } = await attempt('perf', [...record, 'unused', 'f64'], { input });
  if (status !== 0) throw new Stop('perf could not measure.', output);
  const columns = ['--stdio', '--no-children', '-F', 'overhead,dso,symbol'];
  const { stdout } = await attempt('perf', ['report', '-q', '-i', data, ...columns]);
  const lines = stdout.matchAll(/^\s*([\d.]+)%\s+backprop\s+\[\.\] (.*)$/gm);
  return sharesOf([...lines].map(([, share, symbol]) => [symbol, Number(share)]));
}

/** The package, with the names of its functions in the WebAssembly. */
async function buildWithNames() {
  const { emscripten } = await setUp(['emscripten', 'cmake']);
  const settings = [
    `-DCMAKE_TOOLCHAIN_FILE=${emscripten.toolchain}`,
    '-DCMAKE_EXE_LINKER_FLAGS=--profiling-funcs',
  ];
  const { env } = emscripten;
  const build = path.join(folder, 'wasm');
  await run('cmake', ['--preset', 'wasm', '-B', build, ...settings], { env, log: 'profile' });
  await run('cmake', ['--build', build, '--parallel', jobs()], { env, log: 'profile' });
  cpSync(path.join(root, 'dist/lib'), path.join(folder, 'lib'), { recursive: true });
  for (const file of ['backprop.js', 'backprop.wasm']) {
    copyFileSync(path.join(build, file), path.join(folder, 'lib', file));
  }
  const { loadBackprop } = await import(path.join(folder, 'lib/index.js'));
  return loadBackprop();
}

/**
 * @param {any} backprop
 * @param {object} experiment
 * @param {number} epochs
 */
async function inWebAssembly(backprop, experiment, epochs) {
  const session = new backprop.Session(experiment);
  const calls = 20; // V8 changes to its optimized code between calls
  const train = () => {
    for (let i = 0; i < calls; i++) session.train(epochs / calls);
  };
  train();
  const inspector = new Inspector();
  inspector.connect();
  await inspector.post('Profiler.enable');
  await inspector.post('Profiler.setSamplingInterval', { interval: 200 });
  await inspector.post('Profiler.start');
  train();
  const { profile } = await inspector.post('Profiler.stop');
  inspector.disconnect();
  session.dispose();
  const { nodes, samples = [], timeDeltas = [] } = profile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  /** @type {[string, number][]} */
  const parts = [];
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    if (frame?.url.startsWith('wasm://')) parts.push([frame.functionName, timeDeltas[index]]);
  }
  return sharesOf(parts);
}

/** @param {number} [share] */
const percent = (share = 0) => `${(100 * share).toFixed(0)} %`.padStart(8);

/**
 * The functions that take 2 % or more somewhere.
 * @param {Shares} inNative
 * @param {Shares} inNode
 */
function table(inNative, inNode) {
  const most = (/** @type {string} */ name) =>
    Math.max(inNative.get(name) ?? 0, inNode.get(name) ?? 0);
  const names = [...new Set([...inNative.keys(), ...inNode.keys()])].filter(
    (name) => most(name) >= 0.02,
  );
  const lines = names
    .sort((a, b) => most(b) - most(a))
    .map(
      (name) =>
        `| ${`\`${name}\``.padEnd(48)} | ${percent(inNative.get(name))} | ${percent(inNode.get(name))} |`,
    );
  const head = `| ${'function'.padEnd(48)} |   native |     Node |`;
  return [head, `| ${'-'.repeat(48)} | -------- | -------- |`, ...lines].join('\n');
}

await command(async () => {
  if (!which('perf', process.env.PATH ?? '')) {
    throw new Stop("This needs Linux's perf; on Debian it is in the package linux-perf.");
  }
  const backprop = await step('Building the WebAssembly with names', buildWithNames);
  const texts = [];
  for (const [name, experiment, epochs] of workloads) {
    const inNative = await native(name, epochs);
    const inNode = await inWebAssembly(backprop, experiment, epochs / 2);
    texts.push(`${name}:\n\n${table(inNative, inNode)}`);
    say(`${name}: measured`);
  }
  const date = new Date().toISOString().slice(0, 10);
  const text = `Measured on ${date}; functions with 2 % or more.\n\n${texts.join('\n\n')}`;
  console.log(text);
  const file = path.join(root, 'docs/performance.md');
  const [before, rest] = readFileSync(file, 'utf8').split(begin);
  writeFileSync(
    file,
    `${before}${begin}\n\n${text}\n\n${end}${rest.slice(rest.indexOf(end) + end.length)}`,
  );
});
