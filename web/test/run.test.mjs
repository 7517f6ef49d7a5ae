// A run as the page knows it, with an engine that answers when the test says so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Run } from '../engine/run.js';

/** @typedef {Extract<import('../engine/messages.js').ToEngine, { type: 'aim' }>} Aim */

/**
 * A run that stands at epoch 0, in a page whose frames and clock the test moves.
 * @param {import('node:test').TestContext} t
 */
function startRun(t) {
  let now = 0;
  /** @type {Map<number, () => void>} */
  const frames = new Map();
  let asked = 0;
  const page = {
    document: { hidden: false },
    matchMedia: () => ({ matches: false }),
    requestAnimationFrame: (/** @type {() => void} */ draw) => frames.set(++asked, draw) && asked,
    cancelAnimationFrame: (/** @type {number} */ id) => frames.delete(id),
  };
  t.mock.method(performance, 'now', () => now);
  Object.assign(globalThis, page);
  t.after(() => {
    for (const name of Object.keys(page)) Reflect.deleteProperty(globalThis, name);
  });
  /** @type {Aim[]} */
  const aims = [];
  /** @type {import('../engine/client.js').Tenant | undefined} */
  let tenant;
  const client = {
    enter: (/** @type {import('../engine/client.js').Tenant} */ one) => {
      tenant = one;
      return 1;
    },
    send: (/** @type {import('../engine/messages.js').ToEngine} */ message) => {
      if (message.type === 'aim') aims.push(message);
    },
  };
  const run = new Run(/** @type {any} */ (client));
  run.watch('somebody', {}, true);
  const hear = (/** @type {object} */ message) =>
    tenant?.receive(/** @type {any} */ ({ run: 1, turn: 1, ...message }));
  const answer = ({ aim, epoch } = aims[aims.length - 1], pace = Number.POSITIVE_INFINITY) =>
    hear({ type: 'snapshot', aim, isThere: true, pace, snapshot: { epoch, layers: [] } });
  const frame = () => {
    now += 10;
    const [[id, draw]] = frames;
    frames.delete(id);
    draw();
  };
  run.open({}, 0);
  hear({ type: 'opened', info: {} });
  hear({ type: 'history', history: { epochs: [0], losses: [1] } });
  answer();
  return { run, aims, answer, frame };
}

test('while it plays, the next picture is made while one is drawn, and no more than two are', (t) => {
  const { run, aims, answer, frame } = startRun(t);
  run.useSpeed(1000);
  run.play();
  for (let i = 0; i < 5; i++) frame();
  assert.deepEqual(
    aims.map(({ epoch, isPassing }) => [epoch, isPassing]),
    [
      [0, false],
      [10, true],
      [20, true],
    ],
  );
  answer(aims[1]);
  assert.equal(run.epoch, 0, 'one that comes waits for its frame');
  frame();
  assert.equal(run.epoch, 10);
  assert.equal(aims[3].epoch, 30);
  answer(aims[2]);
  answer(aims[3]);
  assert.equal(run.epoch, 10);
  frame();
  assert.equal(run.epoch, 20, 'and each has a frame of its own');
  frame();
  assert.equal(run.epoch, 30);
});

test('where training is slow, fewer epochs lie between two pictures', (t) => {
  const { run, aims, answer, frame } = startRun(t);
  run.useSpeed(10000);
  run.play();
  frame();
  assert.equal(aims[1].epoch, 100);
  answer(aims[1], 2);
  frame();
  assert.equal(aims[2].epoch, 110); // half of 10 ms, at two epochs in each
});

test('a run that is paused stays at the epoch that was seen, whatever is under way', async (t) => {
  const { run, aims, answer, frame } = startRun(t);
  run.useSpeed(1000);
  run.play();
  for (let i = 0; i < 2; i++) frame();
  answer(aims[1]);
  frame();
  /** @type {number[]} */
  const seen = [];
  run.addEventListener('moved', () => seen.push(run.epoch));
  const paused = run.pause();
  answer(aims[2]);
  answer(aims[3]);
  assert.equal(run.isAtRest, false);
  const { epoch, isPassing } = aims[4];
  assert.deepEqual([epoch, isPassing], [10, false]);
  answer();
  await paused;
  assert.deepEqual([run.epoch, run.isAtRest, seen], [10, true, []]);
});

test('a step while it plays begins at the epoch that is seen', (t) => {
  const { run, aims, answer, frame } = startRun(t);
  run.useSpeed(1000);
  run.play();
  for (let i = 0; i < 2; i++) frame();
  answer(aims[1]);
  frame();
  run.step(1);
  answer(aims[2]);
  assert.equal(run.epoch, 10);
  answer();
  assert.deepEqual([run.epoch, run.isAtRest], [11, true]);
});

test('it plays to its very end, and rests there', (t) => {
  const { run, aims, answer, frame } = startRun(t);
  run.useSpeed(600000);
  run.play();
  frame();
  frame();
  const { aim, epoch, isPassing } = aims[aims.length - 1];
  assert.deepEqual([epoch, isPassing, run.playing], [10000, false, false]);
  assert.equal(aim, aims[aims.length - 2].aim, 'the picture that was under way, but at rest');
  answer();
  assert.deepEqual([run.epoch, run.isAtRest], [10000, true]);
});
