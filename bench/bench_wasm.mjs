// Our WebAssembly in Node: W1 beside plain JavaScript, W2 and W3 (see workloads.h), and W4 under a
// thousand seeds. The programs take turns, so that a noisy machine disturbs all of them alike; a
// figure is the median of its rounds. --benchmark_format=json prints what Google Benchmark would.

import { trainXor as trainByLoop } from '../web/engine/xor-loop.js';
import { trainXor as trainByHand } from './limit/xor_limit.mjs';
import { post, small, wide } from './workloads.mjs';

const rounds = 21;

const built = new URL('../dist/lib/index.js', import.meta.url);
const { loadBackprop } = await import(built.href);
const backprop = await loadBackprop();

/** @typedef {{ name: string, steps: number, run: () => void, label: () => string, times: number[] }} Program */

/**
 * @param {string} name
 * @param {object} experiment
 * @param {number} epochs
 * @returns {Program}
 */
function session(name, experiment, epochs) {
  const one = new backprop.Session(experiment);
  const run = () => {
    one.seek(0); // whose losses are known after the first round
    one.train(epochs);
  };
  return { name, steps: epochs, run, label: () => one.digest(), times: [] };
}

/**
 * @param {string} name
 * @param {typeof trainByHand} train
 * @returns {Program}
 */
function loop(name, train) {
  const epochs = 10000;
  const one = new backprop.Session(post());
  const start = one.parameters();
  const parameters = Float64Array.from(start);
  const run = () => {
    parameters.set(start);
    train(parameters, 0.1, epochs);
  };
  const label = () => {
    one.setParameters(parameters);
    return one.digest();
  };
  return { name, steps: epochs, run, label, times: [] };
}

/** @returns {Program} */
function atlas() {
  const [members, epochs] = [1000, 100];
  const seeds = Array.from({ length: members }, (_, seed) => seed);
  const ensemble = new backprop.Ensemble(post(), seeds);
  const one = new backprop.Session(post());
  const label = () => {
    one.setParameters(ensemble.parameters(members - 1));
    return one.digest();
  };
  const run = () => ensemble.train(epochs);
  return { name: 'W4 in Node/ensemble', steps: members * epochs, run, label, times: [] };
}

const programs = [
  session('W1 in Node/session', post(), 10000),
  loop('W1 in Node/JavaScript unrolled by hand', trainByHand),
  loop('W1 in Node/JavaScript plain loop', trainByLoop),
  session('W2 in Node/session', small(), 100),
  session('W3 in Node/session', wide(), 10),
  atlas(),
];

for (let round = -2; round < rounds; round++) {
  for (const { run, steps, times } of programs) {
    const before = process.hrtime.bigint();
    run();
    if (round >= 0) times.push(Number(process.hrtime.bigint() - before) / steps);
  }
}

const benchmarks = programs.map(({ name, times, label }) => {
  const median = times.sort((a, b) => a - b)[Math.floor(rounds / 2)];
  const figures = { real_time: median, cpu_time: median, time_unit: 'ns' };
  return { name, run_type: 'iteration', ...figures, label: label() };
});
if (process.argv.includes('--benchmark_format=json')) {
  const context = { date: new Date().toISOString(), executable: 'node', version: process.version };
  console.log(JSON.stringify({ context, benchmarks }, null, 2));
} else {
  console.log('ns an epoch (W4: and member)'.padStart(56));
  for (const { name, real_time, label } of benchmarks) {
    console.log(`${name.padEnd(42)}${real_time.toFixed(1).padStart(14)}  ${label}`);
  }
}
