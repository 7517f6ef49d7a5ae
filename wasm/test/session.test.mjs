// What a session does: training, seeking, reading out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import vm from 'node:vm';
import { backprop, isNear, loadBackprop, open } from './library.mjs';

/** It takes some 20 MB. */
const wide = {
  layers: [{ units: 512 }, { units: 512 }, { units: 1 }],
  initializer: { kind: 'zeros' },
};

const rows = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

test('every field may be left out, all of them too', () => {
  const digests = [open(), open({}), open({ loss: undefined }), open(backprop.catalog().defaults)];
  assert.deepEqual(new Set(digests.map((session) => session.digest())).size, 1);
});

test('train says how many epochs ran', () => {
  const session = open();
  assert.equal(session.train(0), 0);
  assert.equal(session.train(3), 3);
  assert.equal(session.epoch, 3);
});

test('train ends at the stop condition', () => {
  const session = open({ stop: { loss: 0.25 } });
  const ran = session.train(10000);
  assert.ok(ran > 0 && ran < 10000);
  assert.ok(session.stopped && session.loss <= 0.25);
  assert.equal(session.train(10), 0);
});

test('a run that diverges stays at its last finite state', () => {
  const experiment = {
    layers: [
      { units: 2, activation: 'relu' },
      { units: 1, activation: 'identity' },
    ],
    optimizer: { learningRate: 1e6 },
  };
  const session = open(experiment);
  const ran = session.train(10000);
  assert.ok(ran < 10000 && session.diverged);
  assert.equal(session.epoch, ran);
  assert.ok(session.parameters().every(Number.isFinite) && Number.isFinite(session.loss));
  const digest = session.digest();
  session.seek(1e15);
  assert.equal(session.digest(), digest);
  session.seek(0);
  assert.equal(session.diverged, false);
});

test('seek goes back and forward to the very same bits', () => {
  const experiments = [
    {},
    { optimizer: { kind: 'adam', learningRate: 0.05 }, layers: [{ units: 3 }, { units: 1 }] },
    { batchSize: 2, shuffleSeed: 7, optimizer: { kind: 'sgd', momentum: 0.9 } },
    {
      edits: [
        { epoch: 40, learningRate: 0.5 },
        { epoch: 90, parameter: 3, value: 0.25 },
      ],
    },
  ];
  for (const experiment of experiments) {
    const session = open(experiment);
    for (const epoch of [0, 1, 700, 39, 40, 41, 5000, 90, 4999, 5001, 3]) {
      session.seek(epoch);
      const fresh = new backprop.Session(experiment);
      fresh.train(epoch);
      assert.equal(session.epoch, epoch);
      assert.equal(session.digest(), fresh.digest(), `${JSON.stringify(experiment)}, ${epoch}`);
      assert.equal(session.loss, fresh.loss);
      fresh.dispose();
    }
  }
});

test('the steps of an epoch are that epoch', () => {
  const experiment = { data: { kind: 'moons', samples: 50 }, batchSize: 8, epochs: 100 };
  const [stepped, whole] = [open(experiment), open(experiment)];
  stepped.train(3);
  assert.equal(stepped.stepsPerEpoch, 7);
  for (let step = 0; step < 7; step++) {
    assert.equal(stepped.stepOfEpoch, step);
    assert.equal(stepped.trainSteps(1), 1);
  }
  whole.train(4);
  assert.deepEqual([stepped.epoch, stepped.stepOfEpoch], [4, 0]);
  assert.equal(stepped.digest(), whole.digest());
  assert.equal(stepped.trainSteps(16), 16);
  assert.deepEqual([stepped.epoch, stepped.stepOfEpoch], [6, 2]);
  assert.notEqual(stepped.digest(), whole.digest());
  stepped.train(1);
  whole.seek(7);
  assert.equal(stepped.digest(), whole.digest());
  stepped.trainSteps(2);
  stepped.seek(7);
  assert.equal(stepped.digest(), whole.digest());
  assert.equal(open().stepsPerEpoch, 1);
});

test('reset goes back to the beginning, also after parameters were set', () => {
  const session = open();
  const digest = session.digest();
  session.train(10);
  session.setParameters(new Float64Array(9));
  session.train(10);
  session.reset();
  assert.equal(session.epoch, 0);
  assert.equal(session.digest(), digest);
});

test('edit keeps the run before the first edit that differs', () => {
  const session = open();
  session.train(1000);
  const edits = [{ epoch: 600, parameter: 3, value: 2 }];
  assert.equal(session.edit({ edits }), true);
  assert.equal(session.epoch, 599);
  session.train(401);
  const fresh = open({ edits });
  fresh.train(1000);
  assert.equal(session.digest(), fresh.digest());
  assert.deepEqual(session.history(), fresh.history());
  assert.equal(session.edit({ loss: 'huber' }), false);
  assert.throws(() => session.edit({ edits: [{ epoch: 1, parameter: 9, value: 0 }] }), {
    name: 'ExperimentError',
    path: 'edits[0].parameter',
  });
  assert.equal(session.digest(), fresh.digest());
});

test('setParameters begins a new origin', () => {
  const session = open();
  session.train(50);
  const parameters = Array.from({ length: 9 }, (_, i) => i / 10);
  session.setParameters(parameters);
  assert.deepEqual([...session.parameters()], parameters);
  assert.equal(session.epoch, 50);
  assert.deepEqual([...session.history().epochs], [50]);
  session.train(5);
  session.seek(20);
  assert.equal(session.epoch, 50);
  assert.deepEqual([...session.parameters()], parameters);
});

test('the history is bounded, in order, and has both ends', () => {
  const session = open();
  let last = 0;
  for (const epochs of [1, 511, 513, 100000, 7, 1234567]) {
    session.train(epochs);
    const { epochs: kept, losses, testLosses } = session.history();
    last += epochs;
    assert.equal(kept[0], 0);
    assert.equal(kept.at(-1), last);
    assert.equal(losses.at(-1), session.loss);
    assert.equal(testLosses, undefined);
    assert.equal(losses.length, kept.length);
    assert.ok(kept.every((epoch, i) => i === 0 || epoch > kept[i - 1]));
    assert.ok(kept.length <= 512 * (Math.ceil(Math.log2(last / 512 + 1)) + 2));
  }
});

test('a test set has losses and accuracies of its own', () => {
  const session = open({
    data: { kind: 'moons', samples: 60, testFraction: 0.25 },
    layers: [{ units: 4, activation: 'tanh' }, { units: 1 }],
  });
  session.train(20);
  const { inputColumns, targetColumns, inputs, targets, testInputs, testTargets } =
    session.dataset();
  assert.deepEqual([inputColumns, targetColumns], [2, 1]);
  assert.equal(inputs.length + testInputs.length, 120);
  assert.equal(targets.length + testTargets.length, 60);
  const { losses, testLosses } = session.history();
  assert.equal(testLosses?.length, losses.length);
  assert.equal(testLosses?.at(-1), session.testLoss);
  const share = (/** @type {Float64Array} */ x, /** @type {Float64Array} */ y) =>
    session.predict(x).filter((output, i) => output > 0.5 === y[i] > 0.5).length / y.length;
  assert.equal(session.accuracy, share(inputs, targets));
  assert.equal(session.testAccuracy, share(testInputs, testTargets));
});

test('without a test set its loss and accuracy are NaN', () => {
  assert.ok(Number.isNaN(open().testLoss) && Number.isNaN(open().testAccuracy));
  const { testInputs, testTargets } = open().dataset();
  assert.deepEqual([testInputs.length, testTargets.length], [0, 0]);
});

test('dataset is what it trains on', () => {
  const { inputs, targets } = open().dataset();
  assert.deepEqual([...inputs], rows.flat());
  assert.deepEqual([...targets], [0, 1, 1, 0]);
});

test('predict and activations take rows of any kind', () => {
  const session = open({ layers: [{ units: 3, activation: 'tanh' }, { units: 1 }] });
  session.train(100);
  const outputs = session.predict(rows);
  assert.ok(outputs instanceof Float64Array && outputs.length === 4);
  for (const same of [Float64Array.from(rows.flat()), rows.map((row) => Float32Array.from(row))]) {
    assert.deepEqual(session.predict(same), outputs);
  }
  const [hidden, last] = session.activations(rows);
  assert.deepEqual(last, outputs);
  assert.equal(hidden.length, 12);
  assert.deepEqual(session.predict([rows[2]])[0], outputs[2]);
  assert.deepEqual(session.predict([]), new Float64Array(0));
  assert.deepEqual(session.activations([]), [new Float64Array(0), new Float64Array(0)]);
  const many = Array.from({ length: 1000 }, (_, i) => rows[i % 4]);
  assert.ok(session.predict(many).every((output, i) => output === outputs[i % 4]));
});

test('predict takes raw inputs where there are features', () => {
  const session = open({ features: ['x1_x2', 'sin_x1', 'x1'] });
  assert.equal(session.predict(rows).length, 4);
  assert.equal(session.parameters().length, 3 * 2 + 2 + 3);
});

test('lossAt is the loss at other parameters', () => {
  const session = open();
  const here = session.parameters();
  session.train(100);
  const there = session.parameters();
  const losses = session.lossAt(Float64Array.of(...here, ...there));
  assert.equal(losses[1], session.loss);
  session.seek(0);
  assert.equal(losses[0], session.loss);
  assert.deepEqual(session.lossAt([here, [...there]]), losses);
  assert.equal(session.lossAt([]).length, 0);
});

test('the digest is that of the parameters', () => {
  const session = open();
  session.train(17);
  let hash = 0xcbf29ce484222325n;
  for (const byte of new Uint8Array(session.parameters().buffer)) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  assert.equal(session.digest(), hash.toString(16).padStart(16, '0'));
});

test('the catalog lists what works, and its copies are free to change', () => {
  const catalog = backprop.catalog();
  assert.ok(catalog.activations.some((/** @type {any} */ entry) => entry.name === 'sigmoid'));
  catalog.activations.length = 0;
  assert.ok(backprop.catalog().activations.length > 0);
  for (const { name } of backprop.catalog().optimizers) {
    const session = open({ optimizer: { kind: name } });
    assert.equal(session.train(3), 3, name);
  }
});

test('arrays outlive the growth of memory, and the sessions after it', () => {
  const first = open();
  const parameters = first.parameters();
  const outputs = first.predict(rows);
  const trace = first.trace();
  const before = structuredClone({ parameters, outputs, trace });
  const sessions = Array.from({ length: 20 }, () => new backprop.Session(wide));
  for (const session of sessions) session.train(1);
  assert.deepEqual({ parameters, outputs, trace }, before);
  assert.deepEqual(first.parameters(), before.parameters);
  for (const session of sessions) session.dispose();
  first.train(10);
  assert.equal(first.epoch, 10);
});

test('a thousand sessions come and go in the same memory', () => {
  for (let i = 0; i < 1000; i++) {
    new backprop.Session(wide).dispose();
  }
});

test('sessions that nobody disposes of are freed all the same', async () => {
  setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc');
  for (let i = 0; i < 300; i++) {
    new backprop.Session(wide);
    if (i % 20 > 0) continue;
    collect();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
});

test('a session that was disposed of says so; disposing of it again is fine', () => {
  const session = new backprop.Session();
  session.dispose();
  session.dispose();
  const uses = [
    () => session.train(1),
    () => session.loss,
    () => session.predict(rows),
    () => session.trace(),
    () => session.setParameters(new Float64Array(9)),
  ];
  for (const use of uses) assert.throws(use, { message: 'This session has been disposed of.' });
});

test('losses agree with those computed from predictions', () => {
  const session = open({ data: { kind: 'parity' }, layers: [{ units: 5 }, { units: 1 }] });
  session.train(50);
  const { inputs, targets } = session.dataset();
  const errors = session.predict(inputs).map((output, i) => (output - targets[i]) ** 2);
  assert.ok(isNear(session.loss, errors.reduce((sum, error) => sum + error) / targets.length));
});

test('what does not fit into memory is refused in one sentence', async () => {
  const { Session } = await loadBackprop();
  const layers = Array.from({ length: 15 }, () => ({ units: 1024 }));
  const huge = {
    layers: [...layers, { units: 1 }],
    initializer: { kind: 'zeros' },
    optimizer: { kind: 'adam' },
  };
  const message = 'There is not enough memory for this session.';
  assert.throws(() => [1, 2, 3, 4].map(() => new Session(huge)), { name: 'RangeError', message });
});
