// The engine by itself, as it runs in a worker and in the page: messages in, messages out.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../../tools/run.mjs';
import { Engine } from '../engine/engine.js';
import { complete } from '../state/experiment.js';

/** @typedef {import('../engine/messages.js').FromEngine} FromEngine */
/** @typedef {Extract<FromEngine, { type: 'snapshot' }>} SnapshotMessage */

const library = pathToFileURL(path.join(root, 'dist/lib/index.js')).href;
const { loadBackprop } = await import(library);
const backprop = await loadBackprop();

/** An engine and what it has said; it notes how long it works at a time, and counts its sessions. */
function startEngine() {
  /** @type {FromEngine[]} */
  const said = [];
  const work = { longest: 0 };
  let made = 0;
  class Session extends backprop.Session {
    constructor(/** @type {object} */ experiment) {
      super(experiment);
      made++;
    }
  }
  const engine = new Engine(
    { ...backprop, Session },
    (message) => said.push(message),
    (slice) =>
      setTimeout(() => {
        const start = performance.now();
        slice();
        work.longest = Math.max(work.longest, performance.now() - start);
      }, 0),
  );
  return { engine, said, work, sessions: () => made };
}

/**
 * @param {FromEngine[]} said
 * @param {(message: FromEngine) => boolean} isIt
 * @returns {Promise<any>}
 */
async function hear(said, isIt) {
  for (let i = 0; i < 2000; i++) {
    const found = said.find(isIt);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('The engine did not say it');
}

/** @param {number} aim */
const arrived = (aim) => (/** @type {FromEngine} */ message) =>
  message.type === 'snapshot' && message.aim === aim && message.isThere;

test('a run is opened, computed ahead, and shown at any epoch', async () => {
  const { engine, said } = startEngine();
  engine.receive({ type: 'open', run: 1, turn: 1, experiment: {} });
  engine.receive({ type: 'aim', run: 1, aim: 1, epoch: 0, looks: {} });
  await hear(said, arrived(1));
  engine.receive({ type: 'ahead', run: 1, epoch: 10000 });
  const { history } = await hear(said, (m) => m.type === 'history' && m.history.complete);
  assert.equal(history.epochs[0], 0);
  assert.equal(history.epochs[history.epochs.length - 1], 10000);
  const looks = { units: true, output: 0, hidden: true, digest: true };
  engine.receive({ type: 'aim', run: 1, aim: 2, epoch: 5000, looks });
  const { snapshot } = /** @type {SnapshotMessage} */ (await hear(said, arrived(2)));
  const session = new backprop.Session({});
  session.train(5000);
  assert.equal(snapshot.epoch, 5000);
  assert.equal(snapshot.loss, session.loss);
  assert.equal(snapshot.digest, session.digest());
  assert.deepEqual(
    snapshot.predictions,
    session.predict([0, 0, 0, 1, 1, 0, 1, 1].map(Number).reduce(rowsOfTwo, [])),
  );
  assert.deepEqual(
    snapshot.layers.flatMap(({ weights, biases }) => [...weights, ...biases]),
    [...session.parameters()],
  );
  assert.equal(snapshot.layers[0].maps?.length, 2);
  assert.equal(snapshot.output?.values.length, 96 * 96);
  engine.receive({ type: 'close', run: 1 });
});

/** @param {number[][]} rows @param {number} value @param {number} i */
function rowsOfTwo(rows, value, i) {
  if (i % 2 === 0) rows.push([]);
  rows[rows.length - 1].push(value);
  return rows;
}

test('a run is shown within an epoch, and goes on from there', async () => {
  const experiment = { data: { kind: 'moons', samples: 50 }, batchSize: 8, epochs: 40 };
  const { engine, said } = startEngine();
  engine.receive({ type: 'open', run: 1, turn: 1, experiment });
  const looks = { digest: true, step: true };
  let aim = 0;
  for (const [epoch, step] of [
    [0, 1],
    [0, 2],
    [0, 0],
    [12, 6],
    [12, 3],
    [13, 0],
    [5, 5],
  ]) {
    engine.receive({ type: 'aim', run: 1, aim: ++aim, epoch, step, looks });
    const { snapshot } = /** @type {SnapshotMessage} */ (await hear(said, arrived(aim)));
    const session = new backprop.Session(experiment);
    session.train(epoch);
    const trace = session.trace();
    session.trainSteps(step);
    assert.deepEqual([snapshot.epoch, snapshot.step], [epoch, step]);
    assert.equal(snapshot.digest, session.digest());
    assert.equal(snapshot.loss, session.loss);
    assert.deepEqual(snapshot.trace, trace, 'the step that is taken apart begins with the epoch');
    session.seek(epoch + 1);
    assert.deepEqual(snapshot.next, session.parameters());
    session.dispose();
  }
  engine.receive({ type: 'ahead', run: 1, epoch: 40 });
  const { history } = await hear(said, (m) => m.type === 'history' && m.history.complete);
  assert.deepEqual([...history.epochs.slice(-2)], [39, 40]);
  engine.receive({ type: 'aim', run: 1, aim: ++aim, epoch: 7, step: 7, looks });
  const { snapshot } = /** @type {SnapshotMessage} */ (await hear(said, arrived(aim)));
  assert.equal(snapshot.step, 0, 'there is no eighth step');
  engine.receive({ type: 'close', run: 1 });
});

test('a run that diverges within an epoch is shown at its last finite step', async () => {
  const experiment = {
    layers: [
      { units: 3, activation: 'relu' },
      { units: 1, activation: 'identity' },
    ],
    initializer: { kind: 'numpy_randn', seed: 1 },
    optimizer: { kind: 'sgd', learningRate: 1e30 },
    batchSize: 1,
  };
  const session = new backprop.Session(experiment);
  session.trainSteps(1000);
  const { epoch, stepOfEpoch } = session;
  assert.ok(session.diverged && stepOfEpoch === 2);
  for (const isAhead of [false, true]) {
    const { engine, said } = startEngine();
    engine.receive({ type: 'open', run: 1, turn: 1, experiment });
    engine.receive({ type: 'aim', run: 1, aim: 1, epoch: isAhead ? 100 : epoch, looks: {} });
    await hear(said, arrived(1));
    engine.receive({ type: 'aim', run: 1, aim: 2, epoch, step: 3, looks: { digest: true } });
    const { snapshot } = /** @type {SnapshotMessage} */ (await hear(said, arrived(2)));
    assert.equal(snapshot.step, stepOfEpoch);
    assert.equal(snapshot.digest, session.digest());
    assert.ok(snapshot.diverged && snapshot.ended);
  }
  session.dispose();
});

test('a map has its lowest row first', async () => {
  const { engine, said } = startEngine();
  engine.receive({ type: 'open', run: 1, turn: 1, experiment: {} });
  engine.receive({ type: 'aim', run: 1, aim: 1, epoch: 100, looks: { output: 0 } });
  const { snapshot } = /** @type {SnapshotMessage} */ (await hear(said, arrived(1)));
  const session = new backprop.Session({});
  session.train(100);
  const low = -0.25 + 1.5 / 192;
  const [corner, right, above] = session.predict([
    [low, low],
    [1.25 - 1.5 / 192, low],
    [low, low + 1.5 / 96],
  ]);
  const { values } = /** @type {NonNullable<typeof snapshot.output>} */ (snapshot.output);
  for (const [i, value] of /** @type {const} */ ([
    [0, corner],
    [95, right],
    [96, above],
  ]))
    assert.ok(Math.abs(values[i] - value) < 1e-6);
});

test('in passing a dear map is coarser, at rest it is fine again', async () => {
  const { engine, said } = startEngine();
  const layers = [8, 8, 8, 1].map((units) => ({ units, activation: 'tanh' }));
  engine.receive({ type: 'open', run: 1, turn: 1, experiment: { layers } });
  const sizes = [];
  for (const [aim, isPassing] of /** @type {const} */ ([
    [1, true],
    [2, false],
  ])) {
    engine.receive({ type: 'aim', run: 1, aim, epoch: aim, looks: { output: 0 }, isPassing });
    const { snapshot } = await hear(said, arrived(aim));
    sizes.push(snapshot.output.size);
  }
  assert.deepEqual(sizes, [48, 96]);
});

test('other edits on the way are gone on from, not begun anew', async () => {
  const { engine, said, sessions } = startEngine();
  engine.receive({ type: 'open', run: 1, turn: 1, experiment: {} });
  engine.receive({ type: 'aim', run: 1, aim: 1, epoch: 9000, looks: {} });
  await hear(said, arrived(1));
  let turn = 1;
  for (const [edits, epoch] of /** @type {[object[], number][]} */ ([
    [[{ epoch: 9000, learningRate: 0.5 }], 9000],
    [[{ epoch: 9000, parameter: 2, value: -1 }], 9000],
    [[{ epoch: 9500, learningRate: 1 }], 8000],
    [[], 9600],
    [[{ epoch: 0, parameter: 0, value: 3 }], 4],
  ])) {
    turn++;
    engine.receive({ type: 'open', run: 1, turn, experiment: { edits } });
    engine.receive({ type: 'aim', run: 1, aim: turn, epoch, looks: { digest: true } });
    const { snapshot } = await hear(said, arrived(turn));
    const session = new backprop.Session({ edits });
    session.seek(epoch);
    assert.equal(snapshot.digest, session.digest());
    const { epochs, losses } = (await hear(said, (m) => m.type === 'history' && m.turn === turn))
      .history;
    session.seek(epochs[epochs.length - 1]);
    assert.deepEqual([epochs, losses], [session.history().epochs, session.history().losses]);
    session.dispose();
  }
  assert.equal(sessions(), 1);
  const bad = { edits: [{ epoch: 1, parameter: 9, value: 0 }] };
  engine.receive({ type: 'open', run: 1, turn: 99, experiment: bad });
  const { problem } = await hear(said, (m) => m.type === 'refused');
  assert.equal(problem.path, 'edits[0].parameter');
  engine.receive({ type: 'open', run: 1, turn: 100, experiment: { loss: 'huber' } });
  await hear(said, (m) => m.type === 'opened' && m.turn === 100);
  assert.equal(sessions(), 2);
});

test('a newer aim takes the place of an older one', async () => {
  const { engine, said } = startEngine();
  engine.receive({ type: 'open', run: 1, turn: 1, experiment: { epochs: 1e9 } });
  engine.receive({ type: 'aim', run: 1, aim: 1, epoch: 9e8, looks: {} });
  const onItsWay = await hear(said, (m) => m.type === 'snapshot' && !m.isThere);
  assert.ok(onItsWay.snapshot.epoch > 0);
  engine.receive({ type: 'aim', run: 1, aim: 2, epoch: 3, looks: {} });
  const { snapshot } = await hear(said, arrived(2));
  assert.equal(snapshot.epoch, 3);
  assert.ok(!said.some(arrived(1)));
  engine.receive({ type: 'close', run: 1 });
});

test('a bad experiment is refused, and the next one runs', async () => {
  const { engine, said } = startEngine();
  engine.receive({ type: 'open', run: 1, turn: 1, experiment: { layers: [{ units: 0 }] } });
  const { problem } = await hear(said, (m) => m.type === 'refused');
  assert.equal(problem.path, 'layers[0].units');
  engine.receive({ type: 'open', run: 1, turn: 1, experiment: {} });
  engine.receive({ type: 'aim', run: 1, aim: 1, epoch: 1, looks: {} });
  await hear(said, arrived(1));
});

test('a run that diverges ends, and can be gone back in', async () => {
  const { engine, said } = startEngine();
  const layers = [{ units: 1, activation: 'identity' }];
  const optimizer = { kind: 'sgd', learningRate: 50 };
  engine.receive({ type: 'open', run: 1, turn: 1, experiment: { layers, optimizer } });
  engine.receive({ type: 'aim', run: 1, aim: 1, epoch: 9000, looks: {} });
  const end = (await hear(said, arrived(1))).snapshot;
  assert.ok(end.ended && end.diverged && end.epoch < 9000);
  engine.receive({ type: 'aim', run: 1, aim: 2, epoch: 2, looks: {} });
  const early = (await hear(said, arrived(2))).snapshot;
  assert.deepEqual([early.epoch, early.ended, early.diverged], [2, false, false]);
  engine.receive({ type: 'aim', run: 1, aim: 3, epoch: 1e9, looks: {} });
  assert.equal((await hear(said, arrived(3))).snapshot.epoch, end.epoch);
});

test('in passing, the history is told now and then; where a run comes to rest, at once', async () => {
  const { engine, said } = startEngine();
  engine.receive({ type: 'open', run: 1, turn: 1, experiment: {} });
  const go = (/** @type {number} */ aim, /** @type {boolean} */ isPassing) => {
    engine.receive({ type: 'aim', run: 1, aim, epoch: 10 * aim, looks: {}, isPassing });
    return hear(said, arrived(aim));
  };
  const told = () => said.flatMap((message) => (message.type === 'history' ? [message] : []));
  await go(1, true);
  assert.equal(told().length, 1, 'the first picture has its history');
  const start = performance.now();
  for (let aim = 2; aim <= 40; aim++) await go(aim, true);
  const most = 2 + (performance.now() - start) / 120;
  assert.ok(told().length <= most, `${told().length} times, not ${most}`);
  await go(41, false);
  const { epochs } = told()[told().length - 1].history;
  assert.equal(epochs[epochs.length - 1], 410);
});

test('in passing, one aim after the other is reached; an aim at rest takes the place of all', async () => {
  const { engine, said } = startEngine();
  engine.receive({ type: 'open', run: 1, turn: 1, experiment: {} });
  const go = (/** @type {number} */ aim, /** @type {boolean} */ isPassing) =>
    engine.receive({ type: 'aim', run: 1, aim, epoch: 10 * aim, looks: {}, isPassing });
  const shown = () =>
    said.flatMap((m) => (m.type === 'snapshot' ? [[m.aim, m.snapshot.epoch]] : []));
  go(1, true);
  go(2, true);
  await hear(said, arrived(2));
  assert.deepEqual(shown(), [
    [1, 10],
    [2, 20],
  ]);
  go(3, true);
  go(4, true);
  go(5, false);
  await hear(said, arrived(5));
  go(6, true);
  await hear(said, arrived(6));
  assert.deepEqual(
    shown().map(([aim]) => aim),
    [1, 2, 5, 6],
  );
});

test('while something plays, what nobody sees gets a turn now and then', async (t) => {
  let now = 1000;
  t.mock.method(performance, 'now', () => now);
  const { engine, said } = startEngine();
  for (const run of [1, 2]) engine.receive({ type: 'open', run, turn: 1, experiment: {} });
  const go = (/** @type {number} */ aim) => {
    const [epoch, looks] = [10 * aim, {}];
    engine.receive({ type: 'aim', run: 1, aim, epoch, looks, isUnseen: true });
    engine.receive({ type: 'aim', run: 2, aim, epoch, looks, isPassing: true });
    return hear(said, (m) => m.type === 'snapshot' && m.run === 2 && m.aim === aim);
  };
  const unseen = () => said.flatMap((m) => (m.type === 'snapshot' && m.run === 1 ? [m.aim] : []));
  await go(1);
  for (let aim = 2; aim <= 9; aim++) await go(aim);
  assert.deepEqual(unseen(), [1], 'the clock stands still: there was one turn');
  now += 200;
  await go(10);
  assert.deepEqual(unseen(), [1, 10]);
  await go(11);
  now += 1000;
  engine.receive({ type: 'aim', run: 1, aim: 12, epoch: 5, looks: {}, isUnseen: true });
  await hear(said, (m) => m.type === 'snapshot' && m.run === 1 && m.aim === 12);
});

/** The longest that a fresh engine works at a time on its way through an experiment, in ms. */
async function longestSlice(/** @type {Record<string, unknown>} */ experiment) {
  const { engine, said, work } = startEngine();
  engine.receive({ type: 'open', run: 1, turn: 1, experiment });
  engine.receive({ type: 'ahead', run: 1, epoch: 3000 });
  for (const [aim, epoch] of [
    [1, 3000],
    [2, 1500],
    [3, 2999],
  ]) {
    engine.receive({ type: 'aim', run: 1, aim, epoch, looks: { units: true, output: 0 } });
    await hear(said, arrived(aim));
  }
  engine.receive({ type: 'close', run: 1 });
  return work.longest;
}

test('it works in slices below 50 ms, whatever is looked at', async () => {
  const layers = [24, 24, 24, 1].map((units) => ({ units, activation: 'tanh' }));
  for (const experiment of [{}, { layers, epochs: 3000 }]) {
    // A busy machine interrupts a slice, but not in every one of several attempts.
    let least = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < 5 && !(least < 50); attempt++) {
      least = Math.min(least, await longestSlice(experiment));
    }
    assert.ok(least < 50, `${least} ms`);
  }
});

test("the page's defaults are the engine's", async () => {
  const { defaults, initializers, optimizers } = backprop.catalog();
  const setting = (
    /** @type {any[]} */ entries,
    /** @type {string} */ kind,
    /** @type {string} */ name,
  ) =>
    entries
      .find((entry) => entry.name === kind)
      .settings.find((/** @type {{ name: string }} */ one) => one.name === name).default;
  assert.deepEqual(complete({}), {
    ...defaults,
    initializer: { kind: 'numpy_randn', seed: setting(initializers, 'numpy_randn', 'seed') },
    optimizer: { kind: 'sgd', learningRate: setting(optimizers, 'sgd', 'learningRate') },
  });
});
