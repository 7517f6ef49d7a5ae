// While a run plays, its parts are drawn whole in turns.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Words } from '../element/words.js';

const PARTS = ['network', 'predictions', 'loss', 'controls', 'watch', 'training'];

/**
 * With a clock that the test moves.
 * @param {import('node:test').TestContext} t
 */
function startWords(t) {
  let now = 1000;
  t.mock.method(performance, 'now', () => now);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let rests = 0;
  const words = new Words(() => rests++);
  return {
    pass: (/** @type {number} */ milliseconds) => {
      now += milliseconds;
      t.mock.timers.tick(milliseconds);
    },
    next: (/** @type {boolean} */ isGlimpse) => words.next(PARTS, isGlimpse),
    get rests() {
      return rests;
    },
  };
}

test('at rest everything is drawn', (t) => {
  const { next, pass } = startWords(t);
  assert.deepEqual(next(false), PARTS);
  pass(1);
  assert.deepEqual(next(false), PARTS);
});

test('at 60 pictures a second each part is drawn whole every 90 to 120 ms, two with a picture at most', (t) => {
  const { next, pass } = startWords(t);
  next(false);
  /** @type {Map<string, number>} */
  const drawn = new Map(PARTS.map((name) => [name, 0]));
  for (let time = 15; time < 1500; time += 15) {
    pass(15);
    const whole = next(true);
    assert.ok(whole.length <= 2, String(whole));
    for (const name of whole) {
      const since = time - /** @type {number} */ (drawn.get(name));
      assert.ok(since >= 90 && since <= (drawn.get(name) === 0 ? 180 : 120), `${name}: ${since}`);
      drawn.set(name, time);
    }
  }
  for (const time of drawn.values()) assert.ok(time > 1350);
});

test('at ten pictures a second half of them are drawn whole with each, the first ones first', (t) => {
  const { next, pass } = startWords(t);
  next(false);
  for (let i = 0; i < 3; i++) {
    pass(100);
    assert.deepEqual(next(true), PARTS.slice(0, 3));
    pass(100);
    assert.deepEqual(next(true), PARTS.slice(3));
  }
});

test('what is left after the last picture is drawn a little later, once', (t) => {
  const words = startWords(t);
  words.next(false);
  words.pass(16);
  assert.deepEqual(words.next(true), []);
  words.pass(80);
  assert.equal(words.rests, 0);
  words.pass(10);
  assert.equal(words.rests, 1);
  assert.deepEqual(words.next(true), PARTS.slice(0, 3));
});
