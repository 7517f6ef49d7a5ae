// W1, the post's run, in Node: ns an epoch of our WebAssembly beside plain JavaScript. The programs
// take turns, so that a noisy machine disturbs all of them alike; a figure is the median of its
// rounds. --benchmark_format=json prints what Google Benchmark would.
import { trainXor as trainByHand } from './limit/xor_limit.mjs';
import { trainXor as trainByLoop } from './limit/xor_naive.mjs';

const epochs = 10000;
const rounds = 41;

const built = new URL('../dist/lib/index.js', import.meta.url);
const { loadBackprop } = await import(built.href);
const backprop = await loadBackprop();
const session = new backprop.Session({});
const start = session.parameters();
const parameters = Float64Array.from(start);

/** @param {typeof trainByHand} train */
const fromTheStart = (train) => () => {
  parameters.set(start);
  train(parameters, 0.1, epochs);
};

const trainSession = () => {
  session.reset();
  session.train(epochs);
};

/** @type {{ name: string, run: () => void, times: number[] }[]} */
const programs = [
  { name: 'W1 in Node/session', run: trainSession, times: [] },
  { name: 'W1 in Node/JavaScript unrolled by hand', run: fromTheStart(trainByHand), times: [] },
  { name: 'W1 in Node/JavaScript plain loop', run: fromTheStart(trainByLoop), times: [] },
];

for (let round = -2; round < rounds; round++) {
  for (const { run, times } of programs) {
    const before = process.hrtime.bigint();
    run();
    if (round >= 0) times.push(Number(process.hrtime.bigint() - before) / epochs);
  }
}

const benchmarks = programs.map(({ name, times }) => {
  const median = times.sort((a, b) => a - b)[Math.floor(rounds / 2)];
  return { name, run_type: 'iteration', real_time: median, cpu_time: median, time_unit: 'ns' };
});
if (process.argv.includes('--benchmark_format=json')) {
  const context = { date: new Date().toISOString(), executable: 'node', version: process.version };
  console.log(JSON.stringify({ context, benchmarks }, null, 2));
} else {
  console.log(`${'ns an epoch'.padStart(54)}  times the session's`);
  for (const { name, real_time } of benchmarks) {
    const ratio = real_time / benchmarks[0].real_time;
    console.log(
      `${name.padEnd(42)}${real_time.toFixed(1).padStart(12)}${ratio.toFixed(2).padStart(21)}`,
    );
  }
  console.log(`Digest of the session after ${epochs} epochs: ${session.digest()}`);
}
session.dispose();
