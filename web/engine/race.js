// The post's run by the WebAssembly and by plain JavaScript, in turns, so that whatever else the
// machine does disturbs both alike.
import { trainXor } from './xor-loop.js';

/** @typedef {import('./messages.js').RaceResult} RaceResult */

const EPOCHS = 10000;
const RATE = 0.1;
/** Milliseconds of a turn: long enough for a clock that steps by one, short enough for a page. */
const TURN = 12;
/** Rounds that are not counted, while the browser makes up its mind about the code; and those that are. */
const WARM_UP = 3;
const ROUNDS = 15;

/**
 * @typedef {object} Runner
 * @property {() => number} run trains from the start, and returns the loss it comes to
 * @property {number} repeats runs in a turn
 * @property {number[]} times milliseconds a run
 * @property {number} loss
 */

/**
 * @param {import('../../wasm/classes.js').Classes} backprop
 * @returns {Generator<void, RaceResult>}
 */
export function* race(backprop) {
  const session = new backprop.Session({});
  try {
    const start = session.parameters();
    const parameters = start.slice();
    const ours = runner(() => {
      session.reset();
      session.train(EPOCHS);
      return session.loss;
    });
    const loop = runner(() => {
      parameters.set(start);
      trainXor(parameters, RATE, EPOCHS);
      return 0;
    });
    for (let round = -WARM_UP; round < ROUNDS; round++) {
      for (const one of [ours, loop]) {
        takeTurn(one, round >= 0);
        yield;
      }
    }
    const [loss] = session.lossAt(parameters);
    return {
      epochs: EPOCHS,
      rounds: ROUNDS,
      ours: figures(ours),
      loop: { ...figures(loop), loss },
    };
  } finally {
    session.dispose();
  }
}

/**
 * @param {() => number} run
 * @returns {Runner}
 */
function runner(run) {
  return { run, repeats: 1, times: [], loss: 0 };
}

/**
 * @param {Runner} runner
 * @param {boolean} isCounted else the number of repeats is fitted
 */
function takeTurn(runner, isCounted) {
  const start = performance.now();
  for (let i = 0; i < runner.repeats; i++) runner.loss = runner.run();
  const spent = performance.now() - start;
  if (isCounted) runner.times.push(spent / runner.repeats);
  else runner.repeats = Math.max(1, Math.round((runner.repeats * TURN) / Math.max(spent, 1)));
}

/** @param {Runner} runner */
function figures({ times, loss }) {
  const sorted = [...times].sort((a, b) => a - b);
  return { milliseconds: sorted[Math.floor(sorted.length / 2)], loss };
}
