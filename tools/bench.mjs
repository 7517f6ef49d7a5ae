// npm run bench [-- Google Benchmark's arguments]: builds for this machine and measures, natively and
// in WebAssembly. With --benchmark_format=json standard output is one JSON document.
import { existsSync, readdirSync } from 'node:fs';
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

await command(async () => {
  const args = process.argv.slice(2);
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
  if (isJson) {
    const benchmarks = documents.flatMap((document) => document.benchmarks);
    console.log(JSON.stringify({ context: documents[0].context, benchmarks }, null, 2));
  }
});
