// The seed atlas' numbers, why a run is stuck, and the landscape, in Node: jobs, rules and planes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../../tools/run.mjs';
import { Atlas, seedOf } from '../engine/atlas.js';
import { Engine } from '../engine/engine.js';
import { startJob } from '../engine/jobs.js';
import { complete } from '../state/experiment.js';
import { isSolved, judgeOf, kindsOf, medianLoss, xorKind } from '../state/outcome.js';
import { principalPlane } from '../state/principal.js';
import { asText } from '../state/strings.js';
import { whyStuck } from '../state/why.js';

/** @typedef {import('../engine/messages.js').Job} Job */
/** @typedef {import('../state/types.js').Standing} Standing */
/** @typedef {import('../state/types.js').Landscape} Landscape */

const library = pathToFileURL(path.join(root, 'dist/lib/index.js')).href;
const { loadBackprop } = await import(library);
const backprop = await loadBackprop();
const golden = JSON.parse(readFileSync(path.join(root, 'web/test/golden/seeds.json'), 'utf8'));
const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);
/** Each is trained ten times as long as the others, so npm test has fewer of them. */
const EXPLAINED = process.env.BACKPROP_SWEEP === 'full' ? SEEDS : SEEDS.slice(0, 80);

/**
 * @param {number} units
 * @param {number} rate
 * @param {number} [seed]
 */
function xor(units, rate, seed = 42) {
  return complete({
    layers: [{ units }, { units: 1 }],
    optimizer: { kind: 'sgd', learningRate: rate },
    initializer: { kind: 'numpy_randn', seed },
  });
}

/**
 * Does a job at once.
 * @param {Job} job
 * @returns {any}
 */
function doJob(job) {
  const work = startJob(backprop, job);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/**
 * The seeds 0 to 199 as the atlas has them.
 * @param {number} units
 * @param {number} rate
 */
function survey(units, rate) {
  const { losses, diverged } = doJob({
    kind: 'survey',
    experiment: xor(units, rate),
    seeds: SEEDS,
    hasMaps: false,
  });
  return SEEDS.map((seed) => ({ seed, loss: losses[seed], diverged: diverged[seed] }));
}

test("the shares are the post's", () => {
  const shares = /** @type {const} */ ([
    [2, 0.1, 20],
    [2, 1, 74],
    [3, 1, 97.5],
    [4, 1, 100],
    [8, 1, 100],
  ]);
  for (const [units, rate, percent] of shares) {
    const solved = survey(units, rate).filter(isSolved).length;
    assert.equal(solved / 2, percent, `${units} units at rate ${rate}`);
  }
  const trapped = survey(2, 1).filter(({ loss }) => xorKind(loss) === 'trapped');
  assert.equal(trapped.length / 2, 24.5);
});

test('each seed has, to the bit, the loss of a session with that seed', () => {
  const outcomes = survey(2, 1);
  for (const seed of [0, 1, 42, 158, 199]) {
    const session = new backprop.Session(xor(2, 1, seed));
    session.train(10000);
    assert.equal(outcomes[seed].loss, session.loss);
    session.dispose();
  }
});

test("a dozen seeds have NumPy's losses", () => {
  for (const { units, rate, losses } of golden.figures) {
    const outcomes = survey(units, rate);
    for (const [seed, expected] of Object.entries(losses)) {
      const { loss } = outcomes[Number(seed)];
      assert.ok(
        Math.abs(loss - expected) <= 1e-9 * expected,
        `seed ${seed}, ${units} units, rate ${rate}: ${loss} instead of ${expected}`,
      );
    }
  }
});

test("a seed's map is what its session answers over the plane", () => {
  const seeds = [3, 42];
  const { maps, size } = doJob({ kind: 'survey', experiment: xor(2, 0.1), seeds, hasMaps: true });
  assert.equal(size, 24);
  const low = -0.25 + 1.5 / 48;
  const points = [
    [low, low],
    [1.25 - 1.5 / 48, low],
    [low, low + 1.5 / 24],
  ];
  for (const [i, seed] of seeds.entries()) {
    const session = new backprop.Session(xor(2, 0.1, seed));
    session.train(10000);
    const [corner, right, above] = session.predict(points);
    session.dispose();
    assert.equal(maps[i].length, 576);
    assert.deepEqual(
      [maps[i][0], maps[i][23], maps[i][24]],
      [corner, right, above].map(Math.fround),
    );
  }
});

test('where the data have no plane, a seed shows its first rows', () => {
  const experiment = { data: { kind: 'parity', bits: 3 }, epochs: 10 };
  const { maps, size } = doJob({ kind: 'survey', experiment, seeds: [1, 2, 3], hasMaps: true });
  assert.deepEqual([maps.length, maps[0].length, size], [3, 8, 3]);
});

test('the kinds hold every seed once, those of the post by its landmarks', () => {
  const outcomes = survey(2, 0.1);
  const { info } = standingOf(xor(2, 0.1));
  assert.equal(judgeOf(xor(2, 0.1), info), 'xor');
  const kinds = kindsOf(outcomes, 'xor', String);
  assert.deepEqual(
    kinds.map(({ name, outcomes: { length } }) => [name, length]),
    [
      ['solved', 40],
      ['the rest', 109],
      ['trapped', 38],
      ['plateau', 13],
    ],
  );
  const all = kinds.flatMap((kind) => kind.outcomes.map(({ seed }) => seed));
  assert.deepEqual(
    all.sort((a, b) => a - b),
    SEEDS,
  );
});

test('other runs are told apart by quarters of the loss, and those that diverged by themselves', () => {
  const moons = complete({ data: { kind: 'moons' } });
  assert.equal(judgeOf(moons, standingOf(moons, false).info), 'quarters');
  const outcomes = [5, 1, 4, 2, 3, 9].map((loss, seed) => ({ seed, loss, diverged: loss === 9 }));
  const kinds = kindsOf(outcomes, 'quarters', String);
  assert.deepEqual(
    kinds.map(({ name, range, outcomes: runs }) => [name, range, runs.map(({ loss }) => loss)]),
    [
      ['lowest quarter', 'loss 1 to 1', [1]],
      ['second quarter', 'loss 2 to 3', [2, 3]],
      ['third quarter', 'loss 4 to 4', [4]],
      ['highest quarter', 'loss 5 to 5', [5]],
      ['diverged', 'no longer finite', [9]],
    ],
  );
  assert.equal(medianLoss(outcomes), 4);
});

/**
 * @param {import('../state/types.js').Experiment} experiment
 * @param {boolean} [isWhole] else of its first epoch
 * @returns {Standing}
 */
function standingOf(experiment, isWhole = true) {
  const epochs = isWhole ? experiment.epochs : 1;
  return doJob({
    kind: 'standing',
    experiment: {
      ...experiment,
      epochs,
      data: isWhole ? experiment.data : { ...experiment.data, samples: 20 },
    },
  });
}

/**
 * What becomes of a run when it goes on to ten times its epochs, by the library alone.
 * @param {import('../state/types.js').Experiment} experiment
 */
function fate(experiment) {
  const rows = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  const session = new backprop.Session(experiment);
  session.train(10000);
  const { loss } = session;
  session.train(90000);
  const later = { loss: session.loss, outputs: session.predict(rows) };
  session.dispose();
  return { loss, later };
}

for (const rate of [0.1, 1]) {
  test(`why, at rate ${rate}: right on the seeds 0 to ${EXPLAINED.length - 1}`, () => {
    const targets = [0, 1, 1, 0];
    for (const seed of EXPLAINED) {
      const experiment = xor(2, rate, seed);
      const why = whyStuck(standingOf(experiment), experiment);
      const { loss, later } = fate(experiment);
      const where = `seed ${seed}`;
      if (loss < 0.01) {
        assert.equal(why, undefined, where);
        continue;
      }
      assert.equal(why?.rule === 'plateau', loss > 0.2, where);
      if (why?.rule === 'plateau') continue;
      const isLost = later.loss >= 0.01;
      assert.equal(why?.isStuck ?? false, isLost, where);
      if (!why || !isLost) continue;
      // Ten times as many epochs leave exactly the rows that it names at the mean of their targets.
      const mean = why.rows.reduce((sum, row) => sum + targets[row], 0) / why.rows.length;
      const atMean = targets.flatMap((_, row) =>
        Math.abs(later.outputs[row] - mean) < 0.02 ? [row] : [],
      );
      assert.deepEqual(why.rows, atMean, where);
      const floor = (why.rows.length * mean * (1 - mean)) / 4;
      assert.ok(Math.abs(why.floor - floor) < 1e-12 && Math.abs(later.loss - floor) < 0.002, where);
    }
  });
}

test('why seed 42 is stuck, in its own numbers', () => {
  const experiment = xor(2, 0.1);
  const standing = standingOf(experiment);
  const why = whyStuck(standing, experiment);
  assert.deepEqual(
    [why?.rule, why?.rows, why?.floor, why?.isStuck],
    ['merged', [1, 3], 0.125, true],
  );
  const session = new backprop.Session(experiment);
  session.train(10000);
  const hidden = session.activations([
    [0, 1],
    [1, 1],
  ])[0];
  session.dispose();
  const sentence = asText(why?.parts ?? []);
  assert.match(
    sentence,
    /^Rows \(0, 1\) and \(1, 1\) reach the output through nearly the same hidden values/,
  );
  for (const value of hidden) assert.ok(sentence.includes(value.toPrecision(4)), sentence);
  assert.match(sentence, /0\.4808 and 0\.5080, where 1 and 0 are asked for/);
  assert.match(sentence, /After 100,000 epochs the loss is still 0\.1254\.$/);
});

test('a row that is answered far out on the flat of the sigmoid is called saturated', () => {
  const experiment = xor(2, 0.1);
  const standing = standingOf(experiment);
  const outputs = Float64Array.of(0.001, 0.999, 0.995, 0.996);
  const hidden = Float64Array.of(0, 0, 0, 1, 1, 0, 1, 1);
  const later = { epoch: 100000, loss: 0.248 };
  const why = whyStuck({ ...standing, loss: 0.19, outputs, hidden, later }, experiment);
  assert.deepEqual([why?.rule, why?.rows, why?.isStuck], ['saturated', [3], true]);
  assert.match(
    asText(why?.parts ?? []),
    /^Row \(1, 1\), answered with 0\.9960 where 0 is asked for/,
  );
});

test('why says nothing where its rules do not hold', () => {
  const { loss: _, ...others } = xor(2, 0.1);
  const mae = { ...others, loss: 'mae' };
  assert.equal(whyStuck(standingOf(mae), mae), undefined);
  const alone = complete({ layers: [{ units: 1 }] });
  assert.equal(doJob({ kind: 'standing', experiment: alone }), undefined);
  const many = complete({ data: { kind: 'moons', samples: 100 }, epochs: 1 });
  assert.equal(doJob({ kind: 'standing', experiment: many }), undefined);
});

test('the principal plane of a known cloud', () => {
  const [u, v] = [
    [0.6, 0.8, 0],
    [-0.8, 0.6, 0],
  ];
  const centre = [1, -2, 7];
  const points = /** @type {const} */ ([
    [-3, 0],
    [3, 0],
    [0, -1],
    [0, 1],
  ]);
  const rows = points.map(([s, t]) => Float64Array.from(centre, (c, i) => c + s * u[i] + t * v[i]));
  const plane = principalPlane(rows);
  assert.ok(plane);
  const close = (/** @type {ArrayLike<number>} */ a, /** @type {ArrayLike<number>} */ b) => {
    assert.equal(a.length, b.length);
    for (let i = 0; i < a.length; i++) assert.ok(Math.abs(a[i] - b[i]) < 1e-6, `${a} and ${b}`);
  };
  close(plane.origin, centre);
  close(plane.directions[0].map(Math.abs), u);
  close(plane.directions[1].map(Math.abs), v.map(Math.abs));
  close(plane.shares ?? [], [0.9, 0.1]);
  close(plane.x.map(Math.abs), [3, 3, 0, 0]);
  close(plane.y.map(Math.abs), [0, 0, 1, 1]);
  assert.ok(plane.x[3] >= plane.x[0] - 1e-9, 'the way is from left to right');
  const line = [0, 1, 2].map((t) => Float64Array.of(t, 2 * t, 0));
  assert.equal(principalPlane(line), undefined);
});

/** @param {Partial<import('../engine/messages.js').LandscapeJob>} [job] @returns {Landscape} */
function landscapeOf(job) {
  return doJob({ kind: 'landscape', experiment: {}, epoch: 0, ...job });
}

test('the landscape lies around the path, and is the same every time', () => {
  const { x, y, size, losses, path: way, shares } = landscapeOf();
  assert.deepEqual(landscapeOf().losses, losses);
  assert.equal(losses.length, size * size);
  assert.equal(way.epochs[0], 0);
  assert.equal(way.epochs.at(-1), 10000);
  assert.ok(
    shares && shares[0] > shares[1] && shares[0] + shares[1] > 0.99 && shares[0] + shares[1] <= 1,
  );
  assert.ok(Math.abs(x[1] - x[0] - (y[1] - y[0])) < 1e-9, 'a square');
  for (const [i, epoch] of way.epochs.entries()) {
    assert.ok(way.x[i] > x[0] && way.x[i] < x[1] && way.y[i] > y[0] && way.y[i] < y[1]);
    if (epoch !== 5000 && epoch !== 10000) continue;
    const session = new backprop.Session({});
    session.train(epoch);
    assert.equal(way.losses[i], session.loss);
    session.dispose();
  }
});

test('along two weights the landscape passes through the epoch that is shown', () => {
  const { x, y, size, losses, path: way } = landscapeOf({ axes: [0, 6], epoch: 3000 });
  const session = new backprop.Session({});
  session.train(3000);
  const at = (/** @type {number} */ i) => {
    const p = session.parameters();
    p[0] = x[0] + ((x[1] - x[0]) * ((i % size) + 0.5)) / size;
    p[6] = y[0] + ((y[1] - y[0]) * (Math.floor(i / size) + 0.5)) / size;
    return session.lossAt([p])[0];
  };
  for (const i of [0, size - 1, size * size - 1, 1234])
    assert.ok(Math.abs(losses[i] - at(i)) < 1e-12);
  const p = session.parameters();
  const here = way.epochs.indexOf(3000);
  assert.deepEqual([way.x[here], way.y[here]], [p[0], p[6]]);
  session.dispose();
});

test('too many parameters have no landscape', () => {
  const layers = [{ units: 100 }, { units: 100 }, { units: 1 }];
  assert.equal(landscapeOf({ experiment: { layers, epochs: 1 } }), undefined);
  assert.equal(landscapeOf({ axes: [3, 3] }), undefined);
});

/**
 * An atlas whose batches take so many milliseconds each, by a clock of its own.
 * @param {import('node:test').TestContext} t
 * @param {number} milliseconds
 */
function slowAtlas(t, milliseconds) {
  let clock = 0;
  const jobs = /** @type {any[]} */ ([]);
  t.mock.method(performance, 'now', () => clock);
  const run = async (/** @type {any} */ job) => {
    jobs.push(job);
    clock += milliseconds;
    if (job.kind === 'standing') return undefined;
    return { losses: Float64Array.from(job.seeds, Number), diverged: job.seeds.map(() => false) };
  };
  const pool = /** @type {any} */ ({ size: 2, run });
  const experiment = xor(2, 1);
  const info = { parameterCount: 9, rowCount: 4, outputs: 1 };
  const scene = /** @type {any} */ ({ experiment, info });
  return { atlas: new Atlas(pool, () => {}), scene, jobs };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

test('the atlas begins nothing out of sight, and rests after 20 seconds until it is asked', async (t) => {
  const { atlas, scene, jobs } = slowAtlas(t, 6000);
  atlas.follow(scene, false);
  await settled();
  assert.equal(jobs.length, 0);
  atlas.follow(scene, true);
  await settled();
  assert.ok(atlas.state?.isHeld);
  const before = atlas.state.outcomes.length;
  assert.ok(before > 0 && jobs.length < 10, `${jobs.length} batches`);
  for (let i = 0; i < 20 && atlas.state.isHeld; i++) {
    atlas.goOn();
    await settled();
  }
  assert.equal(atlas.state.outcomes.length, 200);
  assert.ok(atlas.state.table.flat().every(({ outcomes }) => outcomes.length === 200));
});

test('a job that takes too long is given up, and the atlas says so', async (t) => {
  let clock = 0;
  const now = t.mock.method(performance, 'now', () => (clock += 1000));
  const experiment = complete({ epochs: 1e9 });
  const seeds = [1, 2];
  assert.equal(doJob({ kind: 'survey', experiment, seeds, hasMaps: true }), undefined);
  assert.equal(doJob({ kind: 'standing', experiment }), undefined);
  assert.equal(landscapeOf({ experiment }), undefined);
  now.mock.restore();
  const pool = /** @type {any} */ ({ size: 2, run: async () => undefined });
  const atlas = new Atlas(pool, () => {});
  const info = { parameterCount: 9, rowCount: 4, outputs: 1 };
  atlas.follow(/** @type {any} */ ({ experiment, info }), true);
  await settled();
  assert.ok(atlas.state?.isTooLong);
});

test('another seed of the same experiment is not trained again, another experiment is', async (t) => {
  const { atlas, scene, jobs } = slowAtlas(t, 1);
  const surveys = () => jobs.filter(({ kind }) => kind === 'survey').length;
  atlas.follow(scene, true);
  await settled();
  const all = surveys();
  assert.ok(all > 10);
  atlas.follow({ ...scene, experiment: xor(2, 1, 7) }, true);
  await settled();
  assert.equal(surveys(), all);
  assert.equal(jobs.filter(({ kind }) => kind === 'standing').length, 2);
  atlas.follow({ ...scene, experiment: xor(2, 10, 7) }, true);
  await settled();
  assert.equal(surveys(), 2 * all);
  assert.equal(atlas.state?.outcomes.length, 200);
  atlas.useCount(50);
  await settled();
  assert.deepEqual(
    atlas.state.outcomes.map(({ seed }) => seed).sort((a, b) => a - b),
    Array.from({ length: 50 }, (_, seed) => seed),
  );
  assert.equal(seedOf(complete({ initializer: { kind: 'he_normal' } })), 42);
});

test('the engine does jobs in slices, ends those that are closed, and answers one it refuses', async () => {
  /** @type {any[]} */
  const said = [];
  let slices = 0;
  const engine = new Engine(
    backprop,
    (message) => said.push(message),
    (slice) => {
      slices++;
      setTimeout(slice, 0);
    },
    startJob,
  );
  const ask = (/** @type {number} */ run, /** @type {any} */ experiment) =>
    engine.receive({
      type: 'job',
      run,
      job: { kind: 'survey', experiment, seeds: SEEDS, hasMaps: true },
    });
  ask(1, xor(2, 1));
  ask(2, xor(3, 1));
  ask(3, { layers: [{ units: 0 }] });
  engine.receive({ type: 'close', run: 2 });
  while (said.filter(({ type }) => type === 'done').length < 2)
    await new Promise((resolve) => setTimeout(resolve, 5));
  const done = said.filter(({ type }) => type === 'done');
  assert.deepEqual(
    done.map(({ run }) => run),
    [1, 3],
  );
  assert.equal(done[0].result.losses.length, 200);
  assert.equal(done[1].result, undefined);
  assert.ok(slices > 5, `${slices} slices for two million epochs`);
});
