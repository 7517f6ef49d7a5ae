// The network's structure and its numbers, set in the playground: the same bits as the library's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exact } from '../state/format.js';
import { MOST_LAYERS } from '../state/structure.js';
import { edgeAt, layOut, pointOn, unitAt } from '../views/network-layout.js';
import { assertAccessible, SETTINGS } from './axe.mjs';
import { waitUntil } from './browser.mjs';
import {
  assertSameBits,
  backprop,
  inPlayground,
  makePlaygrounds,
  settled,
} from './playground-host.mjs';

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {import('../views/network.js').Spot} Spot */

const catalog = /** @type {import('../state/types.js').Catalog} */ (
  /** @type {unknown} */ (backprop.catalog())
);
const open = await makePlaygrounds();

const BASE = {
  data: { kind: 'moons', samples: 40, noise: 0.1, seed: 3 },
  layers: [
    { units: 3, activation: 'tanh' },
    { units: 2, activation: 'relu' },
    { units: 1, activation: 'sigmoid' },
  ],
  epochs: 200,
};
/** More units and layers than are drawn at any width. */
const LARGE = {
  ...BASE,
  layers: [12, 20, 8, 8, 8, 6, 5, 5, 5, 1].map((units) => ({ units, activation: 'tanh' })),
  initializer: { kind: 'xavier_normal', seed: 1 },
};

/** Numbers from 0 to below 1, the same ones each time: Lehmer's generator. */
function randomNumbers() {
  let state = 42;
  return () => {
    state = (48271 * state) % 2147483647;
    return state / 2147483647;
  };
}

/** Everything in the layers part that a click, a menu or a typed number can change, by name. */
const CHANGES = `
  const part = root.querySelector('.layers-part');
  const typed = [...part.querySelectorAll('input[type=text]')];
  const menus = [...part.querySelectorAll('select')];
  const clicked = [...part.querySelectorAll('button:enabled, input[type=checkbox]:enabled')];
  const ways = [...clicked, ...typed, ...menus];
`;

const RANDOM_CHANGES = process.env.BACKPROP_SWEEP === 'full' ? 200 : 60;

test('random changes of the structure give the library’s bits, and can be taken back', async () => {
  const { page, messages } = await open(BASE, { epoch: 10 });
  const next = randomNumbers();
  const first = await assertSameBits(page);
  const seen = new Set();
  for (let i = 0; i < RANDOM_CHANGES; i++) {
    const [way, pick] = [next(), next()];
    const what = await inPlayground(
      page,
      `${CHANGES}
      const one = ways[Math.floor(${way} * ways.length)];
      const name = one.ariaLabel || one.labels?.[0]?.textContent.trim() || one.textContent.trim();
      if (clicked.includes(one)) one.click();
      else {
        one.value = menus.includes(one)
          ? one.options[Math.floor(${pick} * one.options.length)].value
          : String(1 + Math.floor(${pick} * 6));
        one.dispatchEvent(new Event('change', { bubbles: true }));
      }
      return name;`,
    );
    seen.add(what.replace(/\s+/g, ' '));
    await assertSameBits(page, `${i}: ${what}`);
  }
  assert.ok(seen.size > 20, [...seen].join());
  const last = await assertSameBits(page);
  const press = (/** @type {number} */ index) =>
    inPlayground(page, `all('.toolbar button')[${index}].click()`);
  const can = (/** @type {number} */ index) =>
    inPlayground(page, `return !all('.toolbar button')[${index}].disabled`);
  for (const [index, end] of /** @type {const} */ ([
    [0, first],
    [1, last],
  ])) {
    while (await can(index)) {
      await press(index);
      await settled(page);
    }
    const there = await assertSameBits(page);
    assert.deepEqual([there.digest, there.experiment], [end.digest, end.experiment]);
  }
  assert.deepEqual(messages, []);
  await page.close();
});

test('layers come, go and change places; units from 1 to 1024; softmax for the output only', async () => {
  const { page } = await open(BASE);
  const click = async (/** @type {string} */ label) => {
    await inPlayground(
      page,
      `all('.layers-part button').find((b) => (b.ariaLabel ?? text(b)) === '${label}').click()`,
    );
    const { experiment } = await assertSameBits(page, label);
    return experiment.layers.map((/** @type {{ units: number }} */ { units }) => units);
  };
  assert.deepEqual(await click('Move hidden layer 1 down'), [2, 3, 1]);
  assert.deepEqual(await click('Move hidden layer 2 up'), [3, 2, 1]);
  assert.deepEqual(await click('One unit more in hidden layer 2'), [3, 3, 1]);
  assert.deepEqual(await click('One unit fewer in hidden layer 1'), [2, 3, 1]);
  assert.deepEqual(await click('Add a layer'), [2, 3, 3, 1]);
  assert.deepEqual(await click('Remove hidden layer 2'), [2, 3, 1]);
  assert.deepEqual(await click('Remove hidden layer 2'), [2, 1]);
  assert.deepEqual(await click('Remove hidden layer 1'), [1]);
  for (let layers = 2; layers <= MOST_LAYERS; layers++)
    assert.equal((await click('Add a layer')).length, layers);
  assert.ok(await inPlayground(page, `return root.querySelector('.add').disabled`));
  assert.throws(() => new backprop.Session({ layers: Array(MOST_LAYERS + 1).fill({ units: 1 }) }));
  await inPlayground(page, `demo.experiment = ${JSON.stringify(BASE)}`);
  await settled(page);
  await inPlayground(page, `enter('layers.0.units', '1025')`);
  assert.match(
    await inPlayground(page, `return text(root.querySelector('.layers-part .bad'))`),
    /^Units of hidden layer 1 must be a whole number, 1 to 1,024, not “1025”\.$/,
  );
  assert.equal((await assertSameBits(page)).experiment.layers[0].units, 3);
  await inPlayground(page, `enter('layers.0.units', '1024')`);
  assert.equal((await assertSameBits(page)).experiment.layers[0].units, 1024);
  const names = (/** @type {number} */ layer) =>
    inPlayground(page, `return [...field('layers.${layer}.activation').options].map(text)`);
  const all = catalog.activations.map(({ name }) => name);
  assert.deepEqual(await names(2), all);
  assert.deepEqual(
    await names(0),
    all.filter((name) => name !== 'softmax'),
  );
  await page.close();
});

test('the seed goes on and back, and reset keeps it', async () => {
  const { page } = await open(BASE, { epoch: 10 });
  const press = (/** @type {string} */ label) =>
    inPlayground(page, `root.querySelector('.layers-part [aria-label="${label}"]').click()`);
  for (const [label, seed] of /** @type {const} */ ([
    ['Next seed', 43],
    ['Next seed', 44],
    ['Previous seed', 43],
  ])) {
    await press(label);
    assert.equal((await assertSameBits(page, label)).experiment.initializer.seed, seed);
  }
  await inPlayground(page, `enter('initializer.seed', '4294967295')`);
  await settled(page);
  assert.ok(await inPlayground(page, `return all('.layers-part .seed button')[1].disabled`));
  await inPlayground(page, 'await demo.reset()');
  const { experiment, epoch } = await assertSameBits(page);
  assert.deepEqual([experiment.initializer.seed, epoch], [4294967295, 0]);
  await page.close();
});

test('features are for points of the plane, each with its map; the last one stays', async () => {
  const { page } = await open(BASE);
  const features = async () => (await assertSameBits(page)).experiment.features;
  const tick = (/** @type {string} */ name) =>
    inPlayground(page, `root.querySelector('[data-feature="${name}"]').click()`);
  await tick('sin_x2');
  assert.deepEqual(await features(), ['x1', 'x2', 'sin_x2']);
  await tick('x1');
  await tick('x1_x2');
  await settled(page);
  await tick('x2');
  assert.deepEqual((await features()).includes('sin_x2'), true);
  assert.equal(await inPlayground(page, `return all('.features canvas').length`), 7);
  await inPlayground(page, `demo.experiment = ${JSON.stringify({ features: ['x1'] })}`);
  await settled(page);
  assert.ok(await inPlayground(page, `return root.querySelector('[data-feature=x1]').disabled`));
  await inPlayground(page, `demo.experiment = { data: { kind: 'parity' } }`);
  await settled(page);
  assert.equal(await inPlayground(page, `return root.querySelector('.features')`), null);
  await page.close();
});

test('a row that the catalog gains is in the menu, with its formula', async () => {
  const entry = { name: 'hat', formula: 'a = |z|', description: 'A new one.', settings: [] };
  const { page } = await open(BASE, { more: { activations: [entry], initializers: [entry] } });
  const found = await inPlayground(
    page,
    `return ['layers.0.activation', 'initializer'].map((id) => [...field(id).options].some((o) => o.value === 'hat'))`,
  );
  assert.deepEqual(found, [true, true]);
  await page.close();
});

/**
 * A point of the page on an edge, near its beginning, where few others are.
 * @param {Page} page
 * @param {number} index of the edge among those that are drawn
 * @param {number} [along] how far along it
 * @returns {Promise<[number, number]>}
 */
function pointOfEdge(page, index, along = 0.12) {
  return inPlayground(
    page,
    `root.querySelector('.network').scrollIntoView({ block: 'center' });
    const path = all('.edge')[${index}];
    const { x, y } = path.getPointAtLength(path.getTotalLength() * ${along});
    const box = root.querySelector('.network').getBoundingClientRect();
    return [box.left + x, box.top + y];`,
  );
}

/**
 * @param {Page} page
 * @param {Spot} unit
 * @returns {Promise<[number, number]>}
 */
function pointOfUnit(page, { layer, unit }) {
  return inPlayground(
    page,
    `root.querySelector('.network').scrollIntoView({ block: 'center' });
    const box = root.querySelector('.unit-button[data-layer="${layer}"][data-unit="${unit}"]').getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];`,
  );
}

/** @param {Page} page @param {string} value */
async function enterWeight(page, value) {
  await inPlayground(
    page,
    `await demo.updateComplete; const input = root.querySelector('.weight-input'); input.focus(); input.select();`,
  );
  await page.keyboard.type(value);
  await page.keyboard.press('Enter');
}

test('a weight and a bias are read by pointing and set by clicking; that is an edit of the run', async () => {
  const { page, messages } = await open(BASE, { epoch: 7 });
  const session = new backprop.Session(BASE);
  session.seek(7);
  const before = session.parameters();
  session.dispose();
  const read = () => inPlayground(page, `return text(root.querySelector('#network-card'))`);
  await page.mouse.move(...(await pointOfEdge(page, 4)));
  await waitUntil(async () => (await read()) !== '');
  assert.equal(await read(), `x2 to h1.2W1[1,1] ${exact(before[4])}`);
  await page.mouse.click(...(await pointOfEdge(page, 4)));
  await enterWeight(page, '-1.25');
  let { experiment } = await assertSameBits(page, 'a weight');
  assert.deepEqual(experiment.edits, [{ epoch: 7, parameter: 4, value: -1.25 }]);
  await page.mouse.click(...(await pointOfUnit(page, { layer: 2, unit: 1 })));
  await enterWeight(page, '0.5');
  ({ experiment } = await assertSameBits(page, 'a bias'));
  assert.deepEqual(experiment.edits[1], { epoch: 7, parameter: 16, value: 0.5 });
  await inPlayground(page, 'demo.step(20)');
  await settled(page);
  await assertSameBits(page, 'trained on');
  await enterWeight(page, '1e');
  assert.match(
    await inPlayground(page, `return text(root.querySelector('.weight .bad'))`),
    /^Bias b2\[1\] must be a number, not “1e”\.$/,
  );
  assert.equal((await assertSameBits(page)).experiment.edits.length, 2);
  await inPlayground(page, `all('.toolbar button')[0].click()`);
  assert.equal((await assertSameBits(page, 'undone')).experiment.edits.length, 1);
  await inPlayground(page, `all('.toolbar button')[1].click()`);
  assert.equal((await assertSameBits(page, 'redone')).experiment.edits.length, 2);
  assert.deepEqual(messages, []);
  await page.close();
});

test('in a large network too, each number that is shown is its own parameter', async () => {
  const { page } = await open(LARGE, { epoch: 2 });
  const units = [2, ...LARGE.layers.map((layer) => layer.units)];
  const at = (/** @type {number} */ layer) =>
    units.slice(1, layer).reduce((sum, count, k) => sum + (units[k] + 1) * count, 0);
  await inPlayground(page, `root.querySelector('.parameters').open = true`);
  await waitUntil(() => inPlayground(page, `return all('.parameters td[tabindex]').length > 0`));
  const session = new backprop.Session(LARGE);
  session.seek(2);
  const parameters = session.parameters();
  session.dispose();
  const rows = await inPlayground(
    page,
    `return all('.parameters tbody tr').map((row) => [text(row.cells[0]), row.cells[3].dataset.exact])`,
  );
  for (const [name, value] of rows) {
    const [, kind, layer, a, b] = /^(W|b)(\d+)\[(\d+)(?:,(\d+))?\]$/.exec(name) ?? [];
    const [from, to] = [Number(a), Number(b ?? a)];
    const rest = kind === 'W' ? from : units[Number(layer) - 1];
    const index = at(Number(layer)) + rest * units[Number(layer)] + to;
    assert.equal(value, exact(parameters[index]), name);
  }
  for (const [layer, unit, from, value] of [
    [2, 11, 11, 0.25],
    [3, 7, 5, -2],
  ]) {
    await page.mouse.click(...(await pointOfUnit(page, { layer, unit })));
    await inPlayground(
      page,
      `await demo.updateComplete;
      const menu = root.querySelector('.weight select');
      menu.value = '${from}';
      menu.dispatchEvent(new Event('change', { bubbles: true }));`,
    );
    await enterWeight(page, String(value));
    const { experiment } = await assertSameBits(page, `W${layer}[${from},${unit}]`);
    const parameter = at(layer) + from * units[layer] + unit;
    assert.deepEqual(experiment.edits.at(-1), { epoch: 2, parameter, value });
    await page.keyboard.press('Escape');
  }
  await page.close();
});

test('while it trains, the open field follows, keeps what is typed, and the run plays on', async () => {
  const { page } = await open({ ...BASE, epochs: 4000 });
  await page.mouse.click(...(await pointOfUnit(page, { layer: 1, unit: 0 })));
  await inPlayground(page, 'await demo.play()');
  const value = () => inPlayground(page, `return root.querySelector('.weight-input').value`);
  const first = await value();
  await waitUntil(async () => (await value()) !== first, 'the field follows');
  await inPlayground(page, `root.querySelector('.weight-input').focus()`);
  await page.keyboard.type('-0.7');
  const about = `Number(/ epoch ([\\d,]+)/.exec(text(root.querySelector('#weight-about')))[1].replace(',', ''))`;
  const epoch = await inPlayground(page, `return ${about}`);
  await waitUntil(() => inPlayground(page, `return ${about} > ${epoch + 20}`));
  assert.equal(await value(), '-0.7');
  await page.keyboard.press('Enter');
  await waitUntil(() => inPlayground(page, `return demo.experiment.edits?.length === 1`));
  const [edit] = await inPlayground(page, `return demo.experiment.edits`);
  assert.deepEqual([edit.parameter, edit.value], [6, -0.7]);
  await waitUntil(
    () => inPlayground(page, `return demo.playing && demo.epoch > ${edit.epoch + 20}`),
    'it plays on',
  );
  assert.ok(edit.epoch > epoch);
  await inPlayground(page, 'await demo.pause()');
  await assertSameBits(page);
  await page.close();
});

test('a unit that is pointed at or has the focus is shown in large, with its name', async () => {
  const { page } = await open(BASE, { epoch: 5 });
  const label = () => inPlayground(page, `return text(root.querySelector('#predictions'))`);
  const corner = () =>
    inPlayground(
      page,
      `const map = root.querySelector('.map canvas'); return [map.width, ...map.getContext('2d').getImageData(0, 0, 1, 1).data]`,
    );
  const output = await corner();
  assert.equal(await label(), 'Prediction a3');
  await page.mouse.move(...(await pointOfUnit(page, { layer: 1, unit: 2 })));
  await waitUntil(async () => (await label()) === 'Output of h1.3');
  const own = await inPlayground(
    page,
    `const map = all('canvas.unit')[4]; return [map.width, ...map.getContext('2d').getImageData(0, 0, 1, 1).data]`,
  );
  assert.deepEqual(await corner(), own);
  await page.mouse.move(2, 2);
  await waitUntil(async () => (await label()) === 'Prediction a3');
  assert.deepEqual(await corner(), output);
  await page.close();
});

test('by keys alone: to a unit, its number, a row of the table, and a layer that moves', async () => {
  const { page } = await open(BASE, { epoch: 5 });
  const active = () =>
    inPlayground(
      page,
      `const a = root.activeElement; return a?.ariaLabel ?? (a?.dataset?.exact ? 'cell' : text(a))`,
    );
  const tabTo = async (/** @type {string} */ selector) => {
    for (let i = 0; i < 120; i++) {
      if (await inPlayground(page, `return Boolean(root.activeElement?.matches('${selector}'))`))
        return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`${selector} cannot be reached`);
  };
  await tabTo('.layers-list .down');
  await page.keyboard.press('Enter');
  const moved = await assertSameBits(page);
  assert.deepEqual(
    moved.experiment.layers.map((/** @type {{ units: number }} */ { units }) => units),
    [2, 3, 1],
  );
  assert.equal(await active(), 'Move hidden layer 2 up');
  await tabTo('.unit-button');
  assert.equal(await active(), 'input x1');
  for (const [key, name] of [
    ['ArrowRight', 'h1.1, relu'],
    ['ArrowDown', 'h1.2, relu'],
    ['ArrowDown', 'h1.2, relu'],
    ['ArrowRight', 'h2.2, tanh'],
    ['ArrowRight', 'a3, sigmoid'],
    ['ArrowLeft', 'h2.2, tanh'],
    ['ArrowUp', 'h2.1, tanh'],
  ]) {
    await page.keyboard.press(/** @type {import('puppeteer-core').KeyInput} */ (key));
    assert.equal(await active(), name);
  }
  await waitUntil(
    async () =>
      (await inPlayground(page, `return text(root.querySelector('#predictions'))`)) ===
      'Output of h2.1',
  );
  await page.keyboard.press('Enter');
  await waitUntil(async () => (await active()) === 'Bias b2[0]');
  await page.keyboard.type('0.75');
  await page.keyboard.press('Enter');
  const set = await assertSameBits(page);
  assert.deepEqual(set.experiment.edits, [{ epoch: 5, parameter: 12, value: 0.75 }]);
  await page.keyboard.press('Escape');
  await waitUntil(async () => (await active()) === 'h2.1, tanh');
  assert.equal(await inPlayground(page, `return root.querySelector('.weight')`), null);
  await tabTo('.parameters summary');
  await page.keyboard.press('Enter');
  await waitUntil(() => inPlayground(page, `return all('.parameters td[tabindex]').length > 0`));
  await tabTo('.parameters td');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await waitUntil(async () => (await active()) === 'Weight W1[0,1]');
  await page.keyboard.type('3');
  await page.keyboard.press('Enter');
  const row = await assertSameBits(page);
  assert.deepEqual(row.experiment.edits[1], { epoch: 5, parameter: 1, value: 3 });
  await waitUntil(async () => (await active()) === 'cell');
  await page.close();
});

test('by touch, at 320 px: an edge, a unit in large, and nothing left open', async () => {
  const { page } = await open(BASE, { epoch: 5, width: 320, hasTouch: true });
  await page.touchscreen.tap(...(await pointOfEdge(page, 1, 0.3)));
  await enterWeight(page, '2');
  const { experiment } = await assertSameBits(page);
  assert.deepEqual(experiment.edits, [{ epoch: 5, parameter: 1, value: 2 }]);
  await inPlayground(page, `root.querySelector('.weight .close').click()`);
  await page.touchscreen.tap(...(await pointOfUnit(page, { layer: 1, unit: 0 })));
  await waitUntil(() =>
    inPlayground(page, `return root.querySelector('.weight canvas')?.width === 40`),
  );
  await inPlayground(page, `root.querySelector('.weight .close').click()`);
  await waitUntil(() => inPlayground(page, `return root.querySelector('.weight') === null`));
  await page.touchscreen.tap(...(await pointOfUnit(page, { layer: 0, unit: 1 })));
  await waitUntil(() =>
    inPlayground(page, `return text(root.querySelector('#network-card')) === 'input x2'`),
  );
  await page.close();
});

test('a large network is drawn at any width, nothing over another; what has no room is said', async () => {
  for (const width of [320, 768, 1280]) {
    const { page, messages } = await open(LARGE, { width });
    const { boxes, room, note } = await inPlayground(
      page,
      `const box = (node) => { const { left, right, top, bottom } = node.getBoundingClientRect(); return { left, right, top, bottom }; };
      return { boxes: all('canvas.unit').map(box), room: box(root.querySelector('.network')), note: text(root.querySelector('.network-part > .note')) }`,
    );
    assert.ok(boxes.length > 30, `${width} px: ${boxes.length} units`);
    for (const [i, a] of boxes.entries()) {
      assert.ok(a.left >= room.left && a.right <= room.right && a.bottom <= room.bottom);
      for (const b of boxes.slice(0, i))
        assert.ok(
          a.left >= b.right || b.left >= a.right || a.top >= b.bottom || b.top >= a.bottom,
          `${width} px, unit ${i}`,
        );
    }
    assert.match(note, /^There is no room to draw .*the units that are counted with a \+\.$/);
    assert.deepEqual(messages, []);
    await page.close();
  }
});

test('every edge and unit is found under the pointer', () => {
  const layers = [8, 8, 8, 1].map((units) => ({ units, activation: 'tanh' }));
  const info = /** @type {import('../state/types.js').RunInfo} */ (
    /** @type {unknown} */ ({ names: ['x1', 'x2'], layers })
  );
  const layout = layOut(info, 520);
  assert.equal(layOut(info, 520), layout, 'the same object');
  for (const column of layout.columns)
    for (const unit of column.units) assert.equal(unitAt(layout, unit.x, unit.y, 2), unit);
  for (const edge of layout.bundles.flatMap((bundle) => bundle?.edges ?? [])) {
    const found = [0.04, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.96].map((t) => {
      const { x, y } = pointOn(edge.curve, t);
      return edgeAt(layout, x, y, 6);
    });
    assert.ok(found.every(Boolean), 'something is near');
    assert.ok(found.includes(edge), `${edge.from.name} to ${edge.to.name}`);
  }
  assert.equal(edgeAt(layout, -40, -40, 6), undefined);
});

for (const [name, options] of SETTINGS) {
  test(`axe finds nothing in the layers and an open field: ${name}`, async () => {
    for (const experiment of [BASE, LARGE]) {
      const { page, messages } = await open(experiment, options);
      await page.mouse.click(...(await pointOfUnit(page, { layer: 1, unit: 1 })));
      await inPlayground(
        page,
        `await demo.updateComplete; root.querySelector('.layers-part details').open = true; root.querySelector('.parameters').open = true;`,
      );
      await page.mouse.move(...(await pointOfUnit(page, { layer: 1, unit: 0 })));
      await settled(page);
      await assertAccessible(page);
      assert.deepEqual(messages, []);
      await page.close();
    }
  });
}
