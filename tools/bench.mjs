// npm run bench [-- Google Benchmark's arguments]: builds for this machine and measures, natively and
// in WebAssembly. With --benchmark_format=json standard output is one JSON document;
// --compare=FILE measures again and compares with such a document.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { buildPreset, buildSite } from './build.mjs';
import { attempt, command, root, Stop } from './run.mjs';
import { setUp } from './setup.mjs';

/** @param {string} folder */
function programs(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /^bench_\w+$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** @typedef {{ name: string, cpu_time: number, time_unit: string, label?: string }} Benchmark */

/**
 * @param {string} file
 * @returns {Benchmark[]}
 */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).benchmarks;
  } catch (error) {
    throw new Stop(`${file} is not a saved run: ${/** @type {Error} */ (error).message}.`);
  }
}

/**
 * A line a benchmark that both runs have: the time of the processor then and now.
 * @param {Benchmark[]} before
 * @param {Benchmark[]} now
 */
function compare(before, now) {
  console.log(`${''.padEnd(48)}${'before'.padStart(15)}${'now'.padStart(15)}   now / before`);
  for (const { name, cpu_time, time_unit, label } of now) {
    const old = before.find((one) => one.name === name && one.time_unit === time_unit);
    if (!old) continue;
    const [then, today] = [old.cpu_time, cpu_time].map((time) =>
      `${time.toPrecision(4)} ${time_unit}`.padStart(15),
    );
    const ratio = (cpu_time / old.cpu_time).toFixed(2).padStart(15);
    const note = old.label === label ? '' : `   ${old.label} is now ${label}`;
    console.log(`${name.padEnd(48)}${then}${today}${ratio}${note}`);
  }
}

await command(async () => {
  const option = '--compare=';
  const given = process.argv.slice(2);
  const saved = given.find((arg) => arg.startsWith(option))?.slice(option.length);
  const before = saved === undefined ? undefined : read(saved);
  const args = given.filter((arg) => !arg.startsWith(option));
  if (before && !args.includes('--benchmark_format=json')) args.push('--benchmark_format=json');
  const tools = await setUp(['compiler', 'cmake', 'benchmark']);
  await buildPreset('bench', 'Building the benchmarks for this machine', tools);
  const commands = programs(path.join(root, 'build/bench')).map((file) => [file]);
  const inNode = path.join(root, 'bench/bench_wasm.mjs');
  if (existsSync(inNode)) {
    await buildSite();
    commands.push([process.execPath, inNode]);
  }
  if (commands.length === 0) throw new Stop('There is no benchmark in build/bench.');

  const isJson = args.includes('--benchmark_format=json');
  const documents = [];
  for (const [file, ...before] of commands) {
    if (!isJson) console.log(`\n${path.basename(before[0] ?? file)}`);
    const { status, output, stdout } = await attempt(file, [...before, ...args], { show: !isJson });
    if (status !== 0) throw new Stop(`${path.basename(before[0] ?? file)} failed.`, output);
    if (isJson) documents.push(JSON.parse(stdout));
  }
  if (!isJson) return;
  const benchmarks = documents.flatMap((document) => document.benchmarks);
  if (before) compare(before, benchmarks);
  else {
    console.log(JSON.stringify({ context: documents[0].context, benchmarks }, null, 2));
  }
});
