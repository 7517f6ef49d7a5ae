// The geometry and colours of the views: no browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inputMap, inputNames } from '../state/features.js';
import { divergingTable, tableIndexer } from '../views/colour.js';
import { contourPath } from '../views/contour.js';
import { curvePath, nearestPoint, plotOf } from '../views/loss-geometry.js';
import { edgeWidth, labelPlaces, layOut } from '../views/network-layout.js';
import { LIGHT, networkStill } from '../views/still.js';

const anyRun = fc
  .record({
    inputs: fc.integer({ min: 1, max: 40 }),
    units: fc.array(fc.integer({ min: 1, max: 1024 }), { minLength: 1, maxLength: 16 }),
  })
  .map(({ inputs, units }) => ({
    inputs,
    names: inputNames(undefined, inputs),
    outputs: units[units.length - 1],
    layers: units.map((count) => ({ units: count, activation: 'sigmoid' })),
    rowCount: 1,
    samples: { inputs: [Array(inputs).fill(0)], targets: [[0]] },
    parameterCount: 1,
    stepsPerEpoch: 1,
  }));

test('any network fits into any width, and nothing overlaps', () => {
  fc.assert(
    fc.property(anyRun, fc.integer({ min: 200, max: 1200 }), (info, width) => {
      const { columns, size, height, missing } = layOut(info, width);
      assert.equal(columns.length + missing, info.layers.length + 1);
      for (const [i, { units, x, rest, layer }] of columns.entries()) {
        const all = layer === 0 ? info.inputs : info.layers[layer - 1].units;
        assert.equal(units.length + rest, all);
        assert.ok(x - size / 2 >= 0 && x + size / 2 <= width);
        assert.ok(i === 0 || x - columns[i - 1].x > size, 'columns stand apart');
        for (const [k, unit] of units.entries()) {
          assert.ok(unit.y - size / 2 >= 0 && unit.y + size / 2 <= height);
          assert.ok(k === 0 || unit.y - units[k - 1].y >= size, 'units stand apart');
        }
      }
    }),
  );
});

test("the post's network has a number on every edge, on a phone too", () => {
  const info = {
    inputs: 2,
    names: ['x1', 'x2'],
    outputs: 1,
    layers: [
      { units: 2, activation: 'sigmoid' },
      { units: 1, activation: 'sigmoid' },
    ],
    rowCount: 4,
    samples: { inputs: [[0, 0]], targets: [[0]] },
    parameterCount: 9,
    stepsPerEpoch: 1,
  };
  for (const width of [288, 340, 460, 700]) {
    const { columns, size } = layOut(info, width);
    for (const i of [0, 1]) {
      const pairs = columns[i].units.flatMap((from) =>
        columns[i + 1].units.map((to) => ({ from, to })),
      );
      const places = labelPlaces(pairs, size);
      assert.equal(places?.length, pairs.length, `${width} px, column ${i}`);
    }
  }
});

test('edges grow with their weight and never vanish', () => {
  assert.ok(edgeWidth(0.001, 48) > 0.5);
  assert.ok(edgeWidth(1, 48) < edgeWidth(-2, 48));
  assert.ok(edgeWidth(1e9, 48) <= 10);
  assert.ok(edgeWidth(Number.NaN, 48) > 0);
});

test('the colour table goes from one hue through the neutral to the other', () => {
  const parse = (/** @type {string} */ hex) => [...Buffer.from(hex, 'hex')];
  const table = divergingTable(
    { positive: '2166ac', neutral: 'f5f2ec', negative: 'b35806' },
    parse,
  );
  const bytes = new Uint8Array(table.buffer);
  const colour = (/** @type {number} */ i) => [...bytes.subarray(4 * i, 4 * i + 3)];
  const isNear = (/** @type {number[]} */ a, /** @type {number[]} */ b) =>
    a.every((value, k) => Math.abs(value - b[k]) <= 2);
  assert.ok(isNear(colour(0), parse('b35806')), String(colour(0)));
  assert.ok(isNear(colour(255), parse('2166ac')), String(colour(255)));
  assert.ok(isNear(colour(127), parse('f5f2ec')), String(colour(127)));
  const range = { low: -1, middle: 0, high: 3 };
  assert.deepEqual([-9, -1, 3, 9].map(tableIndexer(range)), [0, 0, 255, 255]);
  assert.ok([127, 128].includes(tableIndexer(range)(Number.NaN)));
});

test('a contour lies where the map passes the level', () => {
  const values = Float32Array.from({ length: 100 }, (_, i) => i % 10);
  const points = [...contourPath({ size: 10, values }, 4.5, 100).matchAll(/[ML]([\d.]+) /g)];
  assert.ok(points.length >= 18);
  for (const [, x] of points) assert.equal(Number(x), 50);
  assert.equal(contourPath({ size: 10, values }, 99, 100), '');
});

const aHistory = fc
  .array(fc.oneof(fc.double({ min: 0, max: 10, noNaN: true }), fc.constantFrom(1e-12, 1e12)), {
    minLength: 1,
    maxLength: 3000,
  })
  .map((losses) => ({
    epochs: Float64Array.from(losses, (_, i) => i * 3),
    losses: Float64Array.from(losses),
    complete: true,
    milliseconds: 1,
  }));

test('any history is drawn inside its plot', () => {
  fc.assert(
    fc.property(
      aHistory,
      fc.constantFrom(/** @type {const} */ ('linear'), /** @type {const} */ ('log')),
      (history, scale) => {
        const end = Math.max(1, history.epochs[history.epochs.length - 1]);
        const plot = plotOf({ history, end, scale, width: 600, height: 200, marks: [0.125] });
        const path = curvePath(history, plot);
        for (const [, x, y] of path.matchAll(/([\d.e-]+) ([\d.e-]+)/g)) {
          assert.ok(Number(x) >= plot.left - 0.1 && Number(x) <= plot.right + 0.1, x);
          assert.ok(Number(y) >= plot.top - 0.1 && Number(y) <= plot.bottom + 0.1, y);
        }
        assert.ok(path.length < 600 * 4 * 14, 'a few points a pixel');
        assert.ok(plot.ticks.length >= 1);
      },
    ),
    { numRuns: 50 },
  );
});

test('a plot that has not been measured, or has hardly any width, has none below zero', () => {
  const history = { epochs: new Float64Array([0, 1]), losses: new Float64Array([0.25, 0.2]) };
  const whole = { ...history, complete: true, milliseconds: 1 };
  for (const width of [0, 1, 40, 71, 72, 73]) {
    const { left, right } = plotOf({
      history: whole,
      end: 1,
      scale: 'linear',
      width,
      height: 190,
      marks: [],
    });
    assert.ok(right >= left, String(width));
  }
});

test('the nearest recorded epoch is found', () => {
  const history = {
    epochs: Float64Array.of(0, 10, 20),
    losses: Float64Array.of(1, 2, 3),
    complete: true,
    milliseconds: 1,
  };
  assert.deepEqual(
    [0, 4, 6, 19, 99].map((epoch) => nearestPoint(history, epoch).epoch),
    [0, 0, 10, 20, 20],
  );
});

test('features have names and maps', () => {
  const names = inputNames(['x1', 'x2_squared', 'sin_x1'], 2);
  assert.deepEqual(names, ['x1', 'x2²', 'sin x1']);
  const plane = {
    x: /** @type {[number, number]} */ ([0, 24]),
    y: /** @type {[number, number]} */ ([0, 48]),
  };
  const maps = names.map((name) => inputMap(name, plane));
  const [column, row] = [3, 5];
  const at = row * 24 + column;
  assert.deepEqual(
    maps.map(({ values }) => values[at]),
    [3.5, 11 * 11, Math.fround(Math.sin(3.5))],
  );
});

test('in a picture of a network, units have their maps; without one they are circles', () => {
  const [info] = fc.sample(anyRun, { numRuns: 1, seed: 1 });
  const shape = [3, 2, 1];
  const layers = shape.slice(1).map((units, i) => ({
    weights: Array(shape[i] * units).fill(0.5),
    biases: Array(units).fill(0),
    fanOut: units,
  }));
  const run = {
    ...info,
    inputs: 3,
    names: ['a', 'b', 'c'],
    outputs: 1,
    layers: shape.slice(1).map((units) => ({ units, activation: 'sigmoid' })),
  };
  const draw = (/** @type {import('../views/still.js').Picture | undefined} */ picture) =>
    networkStill({ info: run, layers, inks: LIGHT, picture }).body;
  const countOf = (/** @type {string} */ body, /** @type {RegExp} */ part) =>
    [...body.matchAll(part)].length;
  const size = layOut(run, 460).size;
  const circle = new RegExp(`rx="${size / 2}"`, 'g');
  const some = draw(({ layer }) => (layer === 0 ? undefined : 'data:,'));
  assert.deepEqual([countOf(some, circle), countOf(some, /<image /g)], [3, 3]);
  const none = draw(undefined);
  assert.deepEqual([countOf(none, circle), countOf(none, /rx="5"/g)], [0, 6]);
});
