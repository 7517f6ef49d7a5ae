// view="gradient-check": what it shows beside the library's numbers, and every way to ask it.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { number, signed } from '../state/format.js';
import { LINES, MISTAKES } from '../state/mistakes.js';
import { assertAccessible, forceColours, SETTINGS } from './axe.mjs';
import { dist, waitUntil } from './browser.mjs';
import { makeHost, run } from './host.mjs';

/** @typedef {import('puppeteer-core').Page} Page */

const { loadBackprop } = await import(pathToFileURL(path.join(dist, 'lib/index.js')).href);
/** @type {import('../../wasm/index.js').Backprop} */
const backprop = await loadBackprop();
const { open, script } = await makeHost();

/**
 * A page with one figure, at rest.
 * @param {string} [attributes]
 * @param {Parameters<typeof open>[1]} [options]
 */
async function openCheck(attributes = '', options = {}) {
  const opened = await open(
    `<meta name="viewport" content="width=device-width"><style>body { margin: 16px }</style>
    <main><h1>Host</h1><backprop-demo view="gradient-check" ${attributes}></backprop-demo></main>${script}`,
    options,
  );
  await run(opened.page, 'await demo.ready; await demo.updateComplete;');
  await settled(opened.page, 'None');
  return opened;
}

/** What the figure says, by its parts. @param {Page} page */
function readCheck(page) {
  return run(
    page,
    `const root = demo.shadowRoot;
    const text = (node) => node.textContent.replace(/\\s+/g, ' ').trim();
    return {
      sentence: text(root.querySelector('.check-part .sentence')),
      caption: text(root.querySelector('.along figcaption')),
      note: text(root.querySelector('.gradients .note')),
      rows: [...root.querySelectorAll('.gradients tbody tr')].map((tr) => [...tr.cells].map(text)),
      chosen: root.querySelector('.gradients .chosen th')?.textContent.trim(),
      checked: root.querySelector('[name=parameter]:checked')?.closest('th').textContent.trim(),
      selected: root.querySelector('.asking select').selectedOptions[0].textContent,
      typed: root.querySelector('.asking input').value,
      problem: text(root.querySelector('#bad-epsilon')),
      slider: Number(root.querySelector('.by-epsilon .scrubber').value),
    };`,
  );
}

/** What is said of a mistake. @param {Page} page */
function readMistake(page) {
  return run(
    page,
    `const root = demo.shadowRoot;
    const text = (node) => node?.textContent.replace(/\\s+/g, ' ').trim();
    return {
      lines: [...root.querySelectorAll('.listing tbody tr')].map((tr) => [...tr.cells].map(text)),
      old: text(root.querySelector('.listing del')),
      fresh: text(root.querySelector('.listing ins')),
      sentence: text(root.querySelector('.outcome .sentence')),
      spoken: text(root.querySelector('.outcome [role=status]')),
      curves: root.querySelectorAll('.curves .curve').length,
      about: text(root.querySelector('#mistakes')),
    };`,
  );
}

/** Until the answer about ε has come. @param {Page} page @param {string} epsilon */
function answered(page, epsilon) {
  return waitUntil(async () => (await readCheck(page)).sentence.startsWith(`At ε = ${epsilon} `));
}

/** Until the curves are there. @param {Page} page @param {string} name */
function settled(page, name) {
  return waitUntil(async () => (await readMistake(page)).curves === 2, `curves of ${name}`);
}

/** Clicks the middle of what is in the figure. @param {Page} page @param {string} inner code for it */
async function middleOf(page, inner) {
  return run(
    page,
    `const box = demo.shadowRoot.${inner}; box.scrollIntoView({ block: 'center' });
    await new Promise(requestAnimationFrame);
    const { left, top, width, height } = box.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2, left, width };`,
  );
}

/**
 * @param {object} experiment
 * @param {number} epoch
 */
function sessionAt(experiment, epoch) {
  const session = new backprop.Session(experiment);
  session.seek(epoch);
  return session;
}

/**
 * @param {import('../../wasm/index.js').Session} session
 * @param {number} index
 * @param {number} epsilon
 */
function slopeOf(session, index, epsilon) {
  const p = session.parameters();
  const [low, high] = [-epsilon, epsilon].map(
    (d) => session.lossAt([p.map((w, i) => (i === index ? w + d : w))])[0],
  );
  return (high - low) / (2 * epsilon);
}

test('the numbers on the screen are the library’s', async () => {
  const { page, messages } = await openCheck('epoch="6000"');
  const session = sessionAt({}, 6000);
  const gradient = session.gradient();
  for (const epsilon of ['1', '0.0001', '1e-9']) {
    await type(page, epsilon);
    await answered(page, epsilon);
    const { rows, note, sentence, caption } = await readCheck(page);
    assert.equal(rows.length, 9);
    const slopes = rows.map((/** @type {string[]} */ _, /** @type {number} */ i) =>
      slopeOf(session, i, Number(epsilon)),
    );
    for (const [i, [, analytic, numeric, difference]] of rows.entries()) {
      assert.equal(analytic, signed(gradient[i]));
      assert.equal(numeric, signed(slopes[i]));
      assert.equal(difference, number(Math.abs(gradient[i] - slopes[i])));
    }
    const largest = Math.max(...gradient.map(Math.abs), ...slopes.map(Math.abs));
    const apart = Math.max(
      ...slopes.map((/** @type {number} */ slope, /** @type {number} */ i) =>
        Math.abs(slope - gradient[i]),
      ),
    );
    assert.ok(note.includes(`largest gradient: ${number(apart / largest)};`), note);
    assert.ok(note.includes(number(session.gradientCheck().maxRelativeError)), note);
    assert.ok(caption.endsWith(number(session.loss)));
    assert.ok(sentence.includes(`a slope of ${signed(slopes[0])}`), sentence);
    assert.ok(sentence.includes(`says ${signed(gradient[0])}`), sentence);
    assert.match(sentence, epsilon === '1e-9' ? /from rounding\.$/ : /bend of the curve\.$/);
  }
  session.dispose();
  assert.deepEqual(messages, []);
  await page.close();
});

/** @param {Page} page @param {string} text */
async function type(page, text) {
  await run(page, "demo.shadowRoot.querySelector('.asking input').select()");
  const { x, y } = await middleOf(page, "querySelector('.asking input')");
  await page.mouse.click(x, y, { count: 3 });
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

test('a bad ε gets one clear sentence, and the last good one stays', async () => {
  const { page } = await openCheck();
  for (const bad of ['abc', '7', '-1', '1e-20']) {
    await type(page, bad);
    await waitUntil(async () => (await readCheck(page)).problem !== '');
    const { problem, sentence, typed } = await readCheck(page);
    assert.equal(problem, `ε must be a number from 1e-15 to 1, not “${bad}”.`);
    assert.match(sentence, /^At ε = 1 /);
    assert.equal(typed, bad);
  }
  await type(page, '1e-5');
  await answered(page, '1e-5');
  assert.equal((await readCheck(page)).problem, '');
  await page.close();
});

test('ε by the slider’s keys and by dragging over the errors', async () => {
  const { page } = await openCheck();
  await run(page, "demo.shadowRoot.querySelector('.by-epsilon .scrubber').focus()");
  await page.keyboard.press('Home');
  await answered(page, '1e-15');
  await page.keyboard.press('ArrowRight');
  await answered(page, '1.1e-15');
  await page.keyboard.press('End');
  await answered(page, '1');
  const { x, y, left, width } = await middleOf(page, "querySelector('.by-epsilon svg')");
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (const part of [0.4, 0.3, 0.2]) await page.mouse.move(left + part * width, y);
  await page.mouse.up();
  await waitUntil(async () => Number((await readCheck(page)).typed) < 1e-11);
  const { typed, slider } = await readCheck(page);
  assert.ok(Math.abs(slider - Math.log10(Number(typed))) < 0.05);
  await answered(page, typed);
  await page.close();
});

test('a weight by mouse, by keys and from the list', async () => {
  const { page } = await openCheck('epoch="100"');
  const isChosen = (/** @type {string} */ name) =>
    waitUntil(async () => {
      const { chosen, checked, selected, sentence } = await readCheck(page);
      return (
        [chosen, checked, selected].every((one) => one === name) &&
        sentence.includes(`sides of ${name} gives`)
      );
    }, `${name} is chosen`);
  await isChosen('W1[0, 0]');
  const { x, y } = await middleOf(page, "querySelectorAll('.gradients tbody tr')[6].cells[2]");
  await page.mouse.click(x, y);
  await isChosen('W2[0, 0]');
  await run(page, "demo.shadowRoot.querySelector('[name=parameter]:checked').focus()");
  await page.keyboard.press('ArrowDown');
  await isChosen('W2[1, 0]');
  await run(page, "demo.shadowRoot.querySelector('.asking select').focus()");
  await page.keyboard.type('b2');
  await isChosen('b2[0, 0]');
  const exactly = await run(
    page,
    "const cell = demo.shadowRoot.querySelector('.gradients td'); cell.focus(); return cell.dataset.exact;",
  );
  const session = sessionAt({}, 100);
  assert.equal(exactly, String(session.gradient()[0]).replaceAll('-', '−'));
  session.dispose();
  await page.close();
});

test('by touch: a weight, a mistake, and ε', async () => {
  const { page } = await openCheck('', { width: 320, hasTouch: true });
  const row = await middleOf(page, "querySelectorAll('.gradients tbody tr')[1].cells[1]");
  await page.touchscreen.tap(row.x, row.y);
  await waitUntil(async () => (await readCheck(page)).chosen === 'W1[0, 1]');
  const mistake = await middleOf(page, "querySelectorAll('[name=mistake]')[4].parentElement");
  await page.touchscreen.tap(mistake.x, mistake.y);
  await waitUntil(async () => (await readMistake(page)).fresh !== undefined);
  assert.equal((await readMistake(page)).fresh, MISTAKES.wrong_sign.text);
  const plot = await middleOf(page, "querySelector('.by-epsilon svg')");
  const touch = await page.touchscreen.touchStart(plot.x, plot.y);
  await touch.move(plot.x - 40, plot.y);
  await touch.end();
  await waitUntil(async () => (await readCheck(page)).slider < -8);
  await page.close();
});

test('each mistake: one changed line, found at its array, its curve and its symptom', async () => {
  const { page, messages } = await openCheck('epoch="3000"');
  const none = await readMistake(page);
  assert.equal(none.old, undefined);
  assert.equal(none.spoken, '');
  assert.equal(none.lines.length, LINES.length);
  assert.equal(
    none.lines.filter((/** @type {string[]} */ [, , verdict]) => verdict === '✓ agrees').length,
    8,
  );
  assert.match(none.sentence, /^Every array of the engine’s backward pass agrees/);
  assert.match(none.sentence, /ends at the engine’s loss: 0\.1387 after 10,000 epochs\.$/);
  await run(page, "demo.shadowRoot.querySelector('[name=mistake]').focus()");
  for (const [key, { array, text, isSquare }] of Object.entries(MISTAKES)) {
    await page.keyboard.press('ArrowRight');
    const fresh = text.replace('N', isSquare ? '2' : '1');
    await waitUntil(async () => (await readMistake(page)).fresh === fresh, key);
    await settled(page, key);
    const { lines, old, sentence, spoken, about } = await readMistake(page);
    assert.ok(spoken.startsWith(sentence.slice(0, 40)), spoken);
    assert.equal(lines.length, LINES.length + 1);
    assert.equal(
      old,
      LINES.find((line) => line.array === array)?.text.replace('N', isSquare ? '2' : '1'),
    );
    assert.match(
      about,
      isSquare ? /half adder by 2-2-2/ : /XOR by 2-2-1, seed 42, rate 0\.1, at epoch 3,000/,
    );
    const wrong = lines.filter((/** @type {string[]} */ [, , verdict]) => verdict === '✗ wrong');
    const changed = lines.findIndex((/** @type {string[]} */ [line]) => line.startsWith('+'));
    assert.equal(lines[changed - 1][0], `− ${old}`);
    if (key === 'zeros') {
      assert.equal(wrong.length, 0);
      assert.match(
        sentence,
        /^Every array agrees .* Both hidden units still say the same .*to the last bit\.$/,
      );
    } else {
      assert.deepEqual(wrong, [lines[changed]]);
      for (const [, , verdict] of lines.slice(0, changed))
        assert.ok(['', '✓ agrees'].includes(verdict));
      assert.ok(
        sentence.startsWith(`The check first fails at ${array}, which the changed line computes`),
      );
      assert.match(sentence, /After 10,000 epochs the loss is [\d.e−]+ instead of [\d.]+\.$/);
    }
  }
  assert.deepEqual(messages, []);
  await page.close();
});

test('any network at any epoch: the table is an excerpt where there are too many', async () => {
  const experiment = {
    data: { kind: 'spiral' },
    layers: [{ units: 64, activation: 'relu' }, { units: 32, activation: 'tanh' }, { units: 1 }],
    loss: 'binary_cross_entropy',
    optimizer: { kind: 'adam' },
  };
  const { page } = await openCheck(`experiment='${JSON.stringify(experiment)}' epoch="20"`);
  const { rows, note } = await readCheck(page);
  const session = sessionAt(experiment, 20);
  assert.ok(rows.length < 100);
  assert.match(note, new RegExp(`^${rows.length} of 2,305 parameters\\. Largest`));
  assert.deepEqual(
    ['W1', 'b1', 'W2', 'b2', 'W3', 'b3'].filter(
      (array) => !rows.some((/** @type {string[]} */ [name]) => name.startsWith(array)),
    ),
    [],
  );
  assert.equal(rows[0][1], signed(session.gradient()[0]));
  session.dispose();
  await run(page, 'await demo.seek(0)');
  const start = sessionAt(experiment, 0);
  assert.equal((await readCheck(page)).rows[0][1], signed(start.gradient()[0]));
  start.dispose();
  await page.close();
});

test('a figure that joins a group while its run is opened is answered, too', async () => {
  const { page } = await open(
    `<backprop-demo group="g" epoch="500"></backprop-demo><backprop-demo view="gradient-check" group="g"></backprop-demo>${script}`,
  );
  await waitUntil(() =>
    run(
      page,
      "return document.querySelectorAll('backprop-demo')[1].shadowRoot.querySelector('.gradients') !== null",
    ),
  );
  await page.close();
});

test('the figures of a group ask together, at the epoch that all show', async () => {
  const { page } = await open(
    `<backprop-demo view="gradient-check" group="g"></backprop-demo><backprop-demo view="loss" group="g"></backprop-demo>${script}`,
  );
  await run(
    page,
    'await demo.ready; await document.querySelectorAll("backprop-demo")[1].seek(9000); await demo.updateComplete;',
  );
  const session = sessionAt({}, 9000);
  const { rows, caption } = await readCheck(page);
  assert.ok(caption.endsWith(number(session.loss)));
  assert.equal(rows[8][1], signed(session.gradient()[8]));
  session.dispose();
  await page.close();
});

for (const [name, options] of SETTINGS) {
  test(`${name}: axe finds nothing, and nothing is cut off`, async () => {
    const { page } = await openCheck('epoch="6000"', options);
    if (options.isForced) await forceColours(page);
    await run(page, "demo.shadowRoot.querySelectorAll('[name=mistake]')[2].click()");
    await waitUntil(async () => (await readMistake(page)).fresh === MISTAKES.not_transposed.text);
    await settled(page, 'not_transposed');
    await type(page, 'x');
    await waitUntil(async () => (await readCheck(page)).problem !== '');
    await assertAccessible(page);
    await page.close();
  });
}

test('forced colours: the lines are there, and tell themselves apart by their dashes', async () => {
  const { page } = await openCheck();
  await forceColours(page);
  const lines = await run(
    page,
    `return ['.tangent', '.secant', '.curves .astray', '.along .curve'].map((name) => {
      const { stroke, strokeDasharray } = getComputedStyle(demo.shadowRoot.querySelector(name));
      return [stroke.startsWith('rgb'), strokeDasharray === 'none'];
    });`,
  );
  assert.deepEqual(lines, [
    [true, true],
    [true, false],
    [true, false],
    [true, true],
  ]);
  await page.close();
});
