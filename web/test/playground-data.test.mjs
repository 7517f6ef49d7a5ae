// The data of the playground: sets of the catalog, own points by pointer and keys, rows from
// elsewhere.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
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

const catalog = /** @type {import('../state/types.js').Catalog} */ (
  /** @type {unknown} */ (backprop.catalog())
);
const open = await makePlaygrounds();
const folder = mkdtempSync(path.join(tmpdir(), 'backprop-tables-'));
after(() => rmSync(folder, { recursive: true }));

/** Four points of two classes. */
const OWN = {
  data: {
    kind: 'points',
    inputs: [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
    targets: [[0], [1], [1], [0]],
  },
  epochs: 50,
};

/** @param {Page} page @returns {Promise<any>} the data that the element says it has */
const dataOf = async (page) => {
  await settled(page);
  return inPlayground(page, `return demo.experiment.data ?? { kind: 'xor' }`);
};

/** @param {Page} page @param {string} name of a button, or its label */
const press = (page, name) =>
  inPlayground(
    page,
    `all('button').find((b) => text(b) === '${name}' || b.ariaLabel === '${name}').click()`,
  );

/** @param {Page} page @param {() => Promise<boolean>} isTrue */
const comesTo = (page, isTrue) =>
  waitUntil(async () => {
    await settled(page);
    return isTrue();
  });

/**
 * Where values are on the screen.
 * @param {Page} page
 * @param {number} x
 * @param {number} y
 */
async function spot(page, x, y) {
  await settled(page);
  return inPlayground(
    page,
    `const { plane, line } = run.scene.info;
     const editor = root.querySelector('.points-editor');
     editor.scrollIntoView({ block: 'center' });
     const box = editor.getBoundingClientRect();
     const [low, high] = plane?.x ?? line;
     const [bottom, top] = plane?.y ?? [0, 1];
     return [box.left + box.width * (${x} - low) / (high - low),
       box.bottom - box.height * (${y} - bottom) / (top - bottom)];`,
  );
}

test('every set of the catalog can be chosen by its picture, and gives the library’s bits', async () => {
  const { page, messages } = await open({ epochs: 20 });
  const names = await inPlayground(page, `return all('.set').map(text)`);
  const known = catalog.data.map(({ name }) => name).filter((name) => name !== 'points');
  assert.deepEqual([...names].sort(), [...known].sort());
  await waitUntil(() => inPlayground(page, `return all('.set .picture path').length > 20`));
  for (const name of known) {
    assert.ok(
      await inPlayground(
        page,
        `return all('.set').find((set) => text(set) === '${name}').querySelector('path.high').getAttribute('d').length > 10`,
      ),
      name,
    );
    await inPlayground(page, `root.querySelector('.set input[value="${name}"]').click()`);
    await comesTo(page, async () => (await dataOf(page)).kind === name);
    await assertSameBits(page, name);
    const entry = catalog.data.find((one) => one.name === name);
    for (const setting of entry?.settings ?? [])
      assert.ok(await inPlayground(page, `return !!field('data.${name}.${setting.name}')`));
  }
  assert.deepEqual(messages, []);
  await page.close();
});

test('a set that the catalog gains is there to be chosen', async () => {
  const moons = catalog.data.find(({ name }) => name === 'moons');
  const { page } = await open({ epochs: 20 }, { more: { data: [{ ...moons, name: 'rings' }] } });
  const names = await inPlayground(page, `return all('.set').map(text)`);
  assert.ok(names.includes('rings'));
  await page.close();
});

test('samples, noise, seed, classes and test share; what is bad is said and changes nothing', async () => {
  const { page } = await open({ data: { kind: 'gaussians' }, epochs: 20 });
  await inPlayground(page, `enter('data.gaussians.samples', '60')`);
  await comesTo(page, async () => (await dataOf(page)).samples === 60);
  await inPlayground(page, `enter('data.gaussians.noise', '0.3')`);
  await inPlayground(page, `enter('data.gaussians.testFraction', '0.25')`);
  await press(page, 'Next seed of the data');
  await press(page, 'Next seed of the data');
  await press(page, 'Previous seed of the data');
  await inPlayground(page, `enter('data.gaussians.classes', '3')`);
  await comesTo(page, async () => (await dataOf(page)).classes === 3);
  const { experiment } = await assertSameBits(page);
  assert.deepEqual(experiment.data, {
    kind: 'gaussians',
    samples: 60,
    noise: 0.3,
    testFraction: 0.25,
    seed: 1,
    classes: 3,
  });
  assert.deepEqual(experiment.layers.at(-1), { units: 3, activation: 'softmax' });
  assert.equal(experiment.loss, 'cross_entropy');
  assert.match(
    await inPlayground(page, `return text(root.querySelector('.data-part .fitted'))`),
    /The output is softmax now.*The output layer has 3 units, one for each class\./,
  );
  const marks = await inPlayground(
    page,
    `return all('.map .mark').filter((m) => /class-\\d/.test(m.getAttribute('class')) && !/test/.test(m.getAttribute('class'))).map((m) => [getComputedStyle(m).fill, m.getAttribute('d').replace(/[^A-Za-z]/g, '').slice(0, 4)].join())`,
  );
  assert.equal(new Set(marks).size, 3, 'each class has a colour and a mark of its own');
  await inPlayground(page, `enter('data.gaussians.classes', '11')`);
  assert.match(
    await inPlayground(page, `return text(root.querySelector('.data-part .bad'))`),
    /^Classes must be a whole number, 2 to 10, not “11”\.$/,
  );
  assert.equal((await dataOf(page)).classes, 3);
  await page.close();
});

test('the present points become own ones: the same run, which can be undone', async () => {
  const { page } = await open(
    { data: { kind: 'moons', samples: 30, testFraction: 0.3 }, epochs: 50 },
    { epoch: 20 },
  );
  const before = await assertSameBits(page);
  await press(page, 'Edit these points');
  await comesTo(page, async () => (await dataOf(page)).kind === 'points');
  const own = await assertSameBits(page);
  assert.equal(own.digest, before.digest, 'the same rows are kept for testing');
  assert.equal(own.experiment.data.inputs.length, 30);
  await press(page, 'Undo');
  await comesTo(page, async () => (await dataOf(page)).kind === 'moons');
  assert.equal((await assertSameBits(page)).digest, before.digest);
  await page.close();
});

test('points by mouse: added with the chosen class, chosen, moved, removed', async () => {
  const { page } = await open(OWN);
  await inPlayground(page, `root.querySelector('input[name="point-class"][value="0"]').click()`);
  const [x, y] = await spot(page, 0.5, 0.5);
  await page.mouse.click(x, y);
  await comesTo(page, async () => (await dataOf(page)).inputs.length === 5);
  let data = await dataOf(page);
  assert.ok(Math.abs(data.inputs[4][0] - 0.5) < 0.02 && Math.abs(data.inputs[4][1] - 0.5) < 0.02);
  assert.deepEqual(data.targets[4], [0]);
  const from = await spot(page, data.inputs[4][0], data.inputs[4][1]);
  const to = await spot(page, 0.25, 0.75);
  await page.mouse.move(from[0], from[1]);
  await page.mouse.down();
  await page.mouse.move(to[0], to[1], { steps: 4 });
  await page.mouse.up();
  await comesTo(page, async () => Math.abs((await dataOf(page)).inputs[4][0] - 0.25) < 0.02);
  data = await dataOf(page);
  assert.ok(Math.abs(data.inputs[4][1] - 0.75) < 0.02);
  assert.equal(data.inputs.length, 5);
  await inPlayground(page, `root.querySelector('.points-editor .take').click()`);
  await comesTo(page, async () => (await dataOf(page)).inputs.length === 4);
  assert.deepEqual((await dataOf(page)).inputs, OWN.data.inputs);
  await assertSameBits(page);
  for (let i = 0; i < 3; i++) await press(page, 'Undo');
  await comesTo(page, async () => (await dataOf(page)).inputs.length === 4);
  await page.close();
});

test('points by touch, at 320 px', async () => {
  const { page } = await open(OWN, { width: 320, hasTouch: true });
  const [x, y] = await spot(page, 0.5, 0.5);
  await page.touchscreen.tap(x, y);
  await comesTo(page, async () => (await dataOf(page)).inputs.length === 5);
  assert.deepEqual((await dataOf(page)).targets[4], [1]);
  const [added] = (await dataOf(page)).inputs.slice(4);
  const from = await spot(page, added[0], added[1]);
  const to = await spot(page, 0.25, 0.25);
  await page.touchscreen.touchStart(from[0], from[1]);
  await page.touchscreen.touchMove(to[0], to[1]);
  await page.touchscreen.touchEnd();
  await comesTo(page, async () => Math.abs((await dataOf(page)).inputs[4][0] - 0.25) < 0.03);
  await page.close();
});

test('points by keys alone', async () => {
  const { page } = await open(OWN);
  await inPlayground(page, `root.querySelector('.points-editor').focus()`);
  const keys = async (/** @type {string[]} */ ...names) => {
    for (const name of names) await page.keyboard.press(/** @type {any} */ (name));
  };
  const said = () =>
    inPlayground(page, `return text(root.querySelector('.points-editor [role="status"]'))`);
  await keys('0', 'ArrowRight');
  assert.match(await said(), /empty; Enter adds class 0$/);
  await keys('Enter');
  await comesTo(page, async () => (await dataOf(page)).inputs.length === 5);
  const { inputs, targets } = await dataOf(page);
  assert.deepEqual(targets[4], [0]);
  assert.match(await said(), /row 5, class 0$/);
  await keys('Enter', 'ArrowUp');
  await comesTo(page, async () => (await dataOf(page)).inputs[4][1] > inputs[4][1]);
  await keys('Enter', 'PageDown');
  assert.match(await said(), /^0, 0: row 1, class 0$/);
  await keys('PageUp', 'Delete');
  await comesTo(page, async () => (await dataOf(page)).inputs.length === 4);
  assert.deepEqual((await dataOf(page)).inputs, OWN.data.inputs);
  await keys('Tab');
  assert.ok(await inPlayground(page, `return !root.activeElement?.matches('.points-editor')`));
  await page.close();
});

test('the table: cells, rows, inputs, classes and values', async () => {
  const { page } = await open(OWN);
  const type = (/** @type {string} */ name, /** @type {string} */ value) =>
    inPlayground(
      page,
      `const cell = root.querySelector('[aria-label="${name}"]'); cell.value = '${value}';
       cell.dispatchEvent(new Event('change', { bubbles: true }))`,
    );
  await type('x1 of row 2', '0.25');
  await comesTo(page, async () => (await dataOf(page)).inputs[1][0] === 0.25);
  await type('x1 of row 3', 'abc');
  assert.match(
    await inPlayground(page, `return text(root.querySelector('.data-part .bad'))`),
    /^x1 of row 3 must be a number, not “abc”\.$/,
  );
  assert.deepEqual((await dataOf(page)).inputs[2], [1, 0]);
  await type('class of row 1', '1');
  await comesTo(page, async () => (await dataOf(page)).targets[0][0] === 1);
  await press(page, 'Add a row');
  await comesTo(page, async () => (await dataOf(page)).inputs.length === 5);
  await press(page, 'Remove row 5');
  await comesTo(page, async () => (await dataOf(page)).inputs.length === 4);
  await inPlayground(page, `enter('points.classes', '3')`);
  await comesTo(page, async () => (await dataOf(page)).targets[0].length === 3);
  await type('class of row 2', '2');
  await comesTo(page, async () => (await dataOf(page)).targets[1][2] === 1);
  await assertSameBits(page);
  await inPlayground(page, `all('input[name="target-form"]')[1].click()`);
  await comesTo(page, async () => (await dataOf(page)).targets[0].length === 1);
  const { experiment } = await assertSameBits(page);
  assert.deepEqual(experiment.data.targets, [[2], [3], [2], [1]]);
  assert.equal(experiment.layers.at(-1).activation, 'identity');
  await type('y of row 1', '-1.5');
  await comesTo(page, async () => (await dataOf(page)).targets[0][0] === -1.5);
  await inPlayground(page, `enter('points.targets', '2')`);
  await comesTo(page, async () => (await dataOf(page)).targets[0].length === 2);
  await inPlayground(page, `enter('points.inputs', '3')`);
  await comesTo(page, async () => (await dataOf(page)).inputs[0].length === 3);
  await assertSameBits(page);
  await page.close();
});

/** @param {Page} page @param {string} text */
async function paste(page, text) {
  await inPlayground(
    page,
    `root.querySelector('.reader').open = true;
     const area = root.getElementById('table-text');
     const clipboardData = new DataTransfer();
     clipboardData.setData('text/plain', ${JSON.stringify(text)});
     const event = new ClipboardEvent('paste', { clipboardData, cancelable: true, bubbles: true });
     if (!area.dispatchEvent(event)) return;
     area.value = ${JSON.stringify(text)};
     area.dispatchEvent(new Event('input', { bubbles: true }));`,
  );
  await waitUntil(() =>
    inPlayground(
      page,
      `return !!root.querySelector('.reader .bad') || all('.reader button').length > 0`,
    ),
  );
}

test('rows from text: numbers and labels, and messages that leave the data as they were', async () => {
  const { page, messages } = await open(OWN);
  await paste(page, 'x1,x2,kind\n0,0,a\n1,1,b\n0.5,0.25,<img src=x onerror=alert(1)>\n');
  await press(page, 'Use these rows');
  await comesTo(page, async () => (await dataOf(page)).inputs.length === 3);
  const { experiment } = await assertSameBits(page);
  assert.deepEqual(experiment.data.inputs[2], [0.5, 0.25]);
  assert.deepEqual(experiment.data.targets, [
    [0, 1, 0],
    [0, 0, 1],
    [1, 0, 0],
  ]);
  assert.match(
    await inPlayground(page, `return text(root.querySelector('.reader [role="status"]'))`),
    /^3 rows were taken\. As classes: <img src=x onerror=alert… is 1, a is 2, b is 3\.$/,
  );
  assert.equal(await inPlayground(page, `return all('img').length`), 0);
  for (const [text, message] of [
    [
      'x1,x2,y\n0,0,1\n0,oops,1',
      'Line 3, column 2 (x2): an input must be a finite number, not “oops”.',
    ],
    ['1,2\n1', 'Line 2 has 1 column, and line 1 has 2; all rows must have as many.'],
    ['[[1,2],[3,]]', 'Line 1, column 11: this is not valid JSON.'],
    ['alert(1)', 'Line 1 has 1 column; a table has 1 to 10,000 rows of 2 to 16 columns.'],
  ]) {
    await paste(page, text);
    if (!(await inPlayground(page, `return !!root.querySelector('.reader .bad')`)))
      await press(page, 'Use these rows');
    assert.equal(
      await inPlayground(page, `return text(root.querySelector('.reader .bad'))`),
      message,
    );
    assert.deepEqual(await dataOf(page), experiment.data);
  }
  assert.deepEqual(messages, []);
  await page.close();
});

test('a file, and which of its columns are targets', async () => {
  const { page } = await open({ epochs: 20 });
  const file = path.join(folder, 'table.json');
  writeFileSync(
    file,
    JSON.stringify([
      { a: 1, b: 2, c: 0.5 },
      { a: 2, b: 4, c: 0.25 },
    ]),
  );
  await inPlayground(page, `root.querySelector('.reader').open = true`);
  const input = await page.evaluateHandle(
    () =>
      /** @type {HTMLInputElement} */ (
        document
          .querySelector('backprop-demo')
          ?.shadowRoot?.querySelector('.reader input[type="file"]')
      ),
  );
  await input.uploadFile(file);
  await waitUntil(() => inPlayground(page, `return all('.reader button').length > 0`));
  assert.deepEqual(
    await inPlayground(
      page,
      `return all('.reader input[type="checkbox"]').map((box) => box.checked)`,
    ),
    [false, false, true],
  );
  await inPlayground(page, `all('.reader input[type="checkbox"]')[0].click()`);
  await press(page, 'Use these rows');
  await comesTo(page, async () => (await dataOf(page)).kind === 'points');
  const { experiment } = await assertSameBits(page);
  assert.deepEqual(experiment.data.inputs, [[2], [4]]);
  assert.deepEqual(experiment.data.targets, [
    [1, 0.5],
    [2, 0.25],
  ]);
  assert.deepEqual(experiment.layers.at(-1), { units: 2, activation: 'identity' });
  await page.close();
});

test('10,000 rows of 16 columns are taken and trained', async (t) => {
  const { page } = await open({ epochs: 2 });
  const text = Array.from({ length: 10000 }, (_, i) =>
    Array.from({ length: 16 }, (_, k) => ((i * (k + 3)) % 97) / 97).join(),
  ).join('\n');
  await inPlayground(
    page,
    `window.tasks = [];
     new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((e) => e.duration)))
       .observe({ type: 'longtask' });`,
  );
  await paste(page, text);
  const reading = await inPlayground(page, 'return window.tasks.splice(0)');
  await press(page, 'Use these rows');
  await comesTo(page, async () => (await dataOf(page)).inputs?.length === 10000);
  const taking = await inPlayground(page, 'return window.tasks');
  const { experiment } = await assertSameBits(page);
  assert.equal(experiment.data.inputs[0].length, 15);
  assert.match(
    await inPlayground(page, `return text(root.querySelector('.pages'))`),
    /1 to 10 of 10,000/,
  );
  t.diagnostic(`main-thread tasks over 50 ms, in ms: reading ${reading}; taking ${taking}`);
  await page.close();
});

test('one input is drawn as a curve, in every view, and its points can be edited', async () => {
  for (const view of ['predictions', 'overview', 'playground']) {
    const experiment = {
      data: { kind: 'sine', samples: 40 },
      layers: [
        { units: 4, activation: 'tanh' },
        { units: 1, activation: 'identity' },
      ],
      epochs: 200,
    };
    const { page } = await open(experiment, { view, epoch: 100 });
    const [path, targets] = await inPlayground(
      page,
      `return ['.one-input .line', '.one-input .targets'].map((s) => root.querySelector(s).getAttribute('d'))`,
    );
    assert.equal(targets.split('M').length - 1, 40);
    const shapes = await inPlayground(
      page,
      `return all('.unit').map((unit) => [unit.localName, getComputedStyle(unit).borderRadius])`,
    );
    const units = view === 'predictions' ? 0 : 6; // circles: there is no plane to draw over
    assert.deepEqual(shapes, Array(units).fill(['span', '50%']));
    const ends = await inPlayground(page, 'return run.scene.info.line');
    const session = new backprop.Session(experiment);
    session.train(100);
    const heights = path
      .slice(1)
      .split('L')
      .map((/** @type {string} */ p) => Number(p.split(' ')[1]));
    const outputs = [
      ...session.predict(
        heights.map((/** @type {number} */ _, /** @type {number} */ i) => [
          ends[0] + ((ends[1] - ends[0]) * i) / (heights.length - 1),
        ]),
      ),
    ];
    session.dispose();
    const scale = (heights.at(-1) - heights[0]) / (outputs[outputs.length - 1] - outputs[0]);
    for (const [i, height] of heights.entries())
      assert.ok(
        Math.abs(height - heights[0] - scale * (outputs[i] - outputs[0])) < 0.05,
        `${view} ${i}`,
      );
    if (view === 'playground') {
      await press(page, 'Edit these points');
      await comesTo(page, async () => (await dataOf(page)).kind === 'points');
      const [x, y] = await spot(page, 0.9, 0.9);
      await page.mouse.click(x, y);
      await comesTo(page, async () => (await dataOf(page)).inputs.length === 41);
      await assertSameBits(page);
    }
    await page.close();
  }
});

for (const [name, options] of SETTINGS)
  test(`accessible, and nothing is cut off: ${name}`, async () => {
    const { page } = await open(OWN, options);
    await inPlayground(page, `root.querySelector('.reader').open = true`);
    await paste(page, 'x1,x2,y\n0,0,1\n0,1,0');
    const [x, y] = await spot(page, 1, 0);
    await page.mouse.click(x, y);
    await waitUntil(() => inPlayground(page, `return all('.chosen, .take').length === 2`));
    await assertAccessible(page);
    await page.close();
  });
