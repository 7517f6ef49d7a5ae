// One step, slowly: every number on screen is the library's, and the panes tell what it is made of.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { complete } from '../state/experiment.js';
import { exact, number, plain, signed } from '../state/format.js';
import { arraysOf, makeStep, refOf, refsOf, sumOf, valueAt } from '../state/step.js';
import { assertAccessible, forceColours, SETTINGS } from './axe.mjs';
import { dist, waitUntil } from './browser.mjs';
import { makeHost, run } from './host.mjs';

/** @typedef {import('puppeteer-core').Page} Page */

const { open, script } = await makeHost();
const { loadBackprop } = await import(pathToFileURL(path.join(dist, 'lib/index.js')).href);
const backprop = await loadBackprop();

const POST = {};
const THREE = {
  data: { kind: 'gaussians', samples: 6, classes: 3, seed: 2 },
  layers: [
    { units: 4, activation: 'tanh' },
    { units: 3, activation: 'softmax' },
  ],
  loss: 'cross_entropy',
};
const OTHER_SEED = { initializer: { kind: 'numpy_randn', seed: 7 } };

/**
 * @param {object} experiment
 * @param {number} epoch
 * @param {object} [options] width, scheme and the like
 */
async function openStep(experiment, epoch, options = {}) {
  const json = JSON.stringify(experiment);
  const opened = await open(
    `<body style="margin:0">${script}<main><h1>Host</h1><backprop-demo view="step" epoch="${epoch}" experiment='${json}'></backprop-demo></main>`,
    options,
  );
  await settled(opened.page);
  return opened;
}

/** @param {Page} page */
async function settled(page) {
  await run(page, 'await demo.ready');
  await page.waitForFunction(() =>
    document.querySelector('backprop-demo')?.shadowRoot?.querySelector('.step, .step-part .note'),
  );
  await run(page, 'await demo.updateComplete');
}

/**
 * Runs code in which `$` and `$$` look inside the figure, then waits for it.
 * @param {Page} page
 * @param {string} code
 */
const inside = (page, code) =>
  run(
    page,
    `const $ = (s) => demo.shadowRoot.querySelector(s);
     const $$ = (s) => [...demo.shadowRoot.querySelectorAll(s)];
     const cell = (ref) => $(\`td[data-ref="\${ref}"]\`);
     const result = await (async () => { ${code} })();
     await demo.updateComplete;
     return result;`,
  );

/** @param {Page} page @param {number} stop from 1 */
const slideTo = (page, stop) =>
  inside(
    page,
    `$('input[type=range]').value = ${stop}; $('input[type=range]').dispatchEvent(new Event('input'))`,
  );

/** The arrays that the library gives for an experiment at an epoch. @param {object} experiment @param {number} epoch */
function library(experiment, epoch) {
  const session = new backprop.Session(experiment);
  session.seek(epoch);
  const trace = session.trace();
  session.seek(epoch + 1);
  const arrays = arraysOf(trace, session.parameters());
  session.dispose();
  return arrays;
}

/** @param {import('../state/step.js').Arrays} arrays @param {import('../state/step.js').Ref} ref */
function expectedText(arrays, ref) {
  const value = valueAt(arrays, ref);
  if (ref.name === 'X' || ref.name === 'y') return plain(value);
  return ref.name === 'loss' ? number(value) : signed(value);
}

for (const [name, experiment, epochs] of /** @type {[string, object, number[]][]} */ ([
  ['the post', POST, [0, 6000, 9999]],
  ['2-4-3, tanh and softmax', THREE, [0, 6000, 9999]],
  ['another seed', OTHER_SEED, [0, 6000, 9999]],
])) {
  test(`${name}: every number on screen is the library's, at all stops and three epochs`, async () => {
    const { page, messages } = await openStep(experiment, epochs[0]);
    const step = makeStep(complete(/** @type {any} */ (experiment)));
    for (const epoch of epochs) {
      await run(page, `await demo.seek(${epoch})`);
      const arrays = library(experiment, epoch);
      for (const [i, stop] of step.stops.entries()) {
        await slideTo(page, i + 1);
        const seen = await inside(
          page,
          `return {
            cells: $$('.arrays td').map((td) => [td.dataset.ref, td.textContent, td.dataset.exact]),
            others: $$('button[data-ref], .result').map((e) => [e.dataset.ref, e.textContent.trim().split('\\n')[0].trim()]),
            drawn: $$('.step-network .n').map((e) => e.textContent.trim()),
          }`,
        );
        const expected = stop.arrays.flatMap((array) => {
          const { rows, cols } = arrays.get(array) ?? assert.fail(array);
          return Array.from({ length: rows * cols }, (_, k) =>
            [array, Math.floor(k / cols), k % cols].join(),
          );
        });
        const refs = seen.cells.map((/** @type {string[]} */ [ref]) =>
          Object.values(refOf(ref)).join(),
        );
        assert.deepEqual(refs.sort(), expected.sort(), `${epoch}, ${stop.title}: all numbers`);
        for (const [ref, text, all] of seen.cells) {
          assert.equal(text, expectedText(arrays, refOf(ref)), `${epoch}, ${stop.title}: ${ref}`);
          assert.equal(all, `${ref} = ${exact(valueAt(arrays, refOf(ref)))}`);
        }
        for (const [ref, text] of seen.others) {
          const value = expectedText(arrays, refOf(ref));
          const shown = text.replace(/^.* = /, '').replace(/[()]/g, '');
          assert.equal(Number(machine(shown)), Number(machine(value)), `${stop.title}: ${ref}`);
        }
        const known = new Set(
          [...arrays.values()].flatMap((a) =>
            Array.from(a.values, (_, k) =>
              expectedText(arrays, { name: a.name, row: Math.floor(k / a.cols), col: k % a.cols }),
            ),
          ),
        );
        for (const text of seen.drawn) assert.ok(known.has(text), `${stop.title}: drawn ${text}`);
      }
    }
    assert.deepEqual(messages, []);
    await page.close();
  });
}

/** @param {string} text */
const machine = (text) => text.replace('−', '-').replace('+', '');

test('another seed changes the numbers of every array that is computed', async () => {
  const seen = [];
  for (const experiment of [POST, OTHER_SEED]) {
    const { page } = await openStep(experiment, 100);
    await slideTo(page, 7);
    seen.push(await inside(page, `return $$('.arrays td').map((td) => td.textContent).slice(8)`));
    await page.close();
  }
  for (const [i, text] of seen[0].entries()) assert.notEqual(text, seen[1][i]);
});

test('a click on a number lights exactly what it was made of, in all three panes', async () => {
  const { page } = await openStep(POST, 6000);
  const step = makeStep(complete({}));
  const arrays = library(POST, 6000);
  for (const [stop, ref] of /** @type {[number, string][]} */ ([
    [5, 'd_W2[1, 0]'],
    [6, 'd_a1[2, 1]'],
    [6, 'd_z1[1, 0]'],
    [3, 'd_loss_a2[3, 0]'],
    [1, 'z1[2, 1]'],
    [8, 'new b1[0, 1]'],
    [2, 'loss'],
  ])) {
    await slideTo(page, stop);
    await inside(page, `cell('${ref}').click()`);
    const shown = { first: 0, count: 4, rate: 0.1 };
    const made = refsOf(sumOf(step, arrays, refOf(ref), shown)).map((r) => Object.values(r).join());
    const seen = await inside(
      page,
      `return {
        lit: $$('td.lit').map((td) => td.dataset.ref),
        chosen: $$('td.picked').map((td) => td.dataset.ref),
        code: $$('.code .line.current .lit').map((span) => span.textContent),
        line: $$('.code .line.current').map((line) => line.textContent),
        drawn: $$('.step-network .lit').length,
        spoken: $('.step [role=status]').textContent,
      }`,
    );
    assert.deepEqual(
      seen.lit.map((/** @type {string} */ r) => Object.values(refOf(r)).join()).sort(),
      [...new Set(made)].sort(),
      ref,
    );
    assert.deepEqual(seen.chosen, [ref]);
    const names = new Set(made.map((r) => r.split(',')[0]));
    assert.deepEqual(new Set(seen.code), names, ref);
    assert.equal(seen.line.length, 1);
    assert.ok(seen.line[0].startsWith(`${refOf(ref).name.replace('new_', '')} = `), seen.line[0]);
    assert.ok(seen.drawn > 0, ref);
    assert.match(seen.spoken, new RegExp(ref.replace(/[[\]]/g, '\\$&')));
  }
  await page.close();
});

test('a number that another stop made brings its ingredients along', async () => {
  const { page } = await openStep(POST, 0);
  await slideTo(page, 5);
  await inside(page, `cell('d_z2[1, 0]').click()`);
  const lit = await inside(page, `return $$('td.lit').map((td) => td.dataset.ref)`);
  assert.deepEqual(lit.sort(), ['d_a2_z2[1, 0]', 'd_loss_a2[1, 0]']);
  await page.close();
});

test('the strip multiplies the factors of each row and adds the rows up', async () => {
  const { page } = await openStep(POST, 6000);
  const arrays = library(POST, 6000);
  for (const [stop, ref, factors] of /** @type {[number, string, number][]} */ ([
    [5, 'd_W2[0, 0]', 3],
    [7, 'd_W1[1, 0]', 5],
    [7, 'd_b1[0, 1]', 4],
  ])) {
    await slideTo(page, stop);
    await inside(page, `cell('${ref}').click()`);
    const cards = await inside(
      page,
      `return $$('.strip li:not(.total)').map((li) => ({
        factors: [...li.querySelectorAll('button')].map((b) => b.dataset.ref),
        product: li.querySelector('.product').textContent,
      }))`,
    );
    assert.equal(cards.length, 4);
    let sum = 0;
    for (const card of cards) {
      assert.equal(card.factors.length, factors);
      const product = card.factors.reduce(
        (/** @type {number} */ value, /** @type {string} */ r) => value * valueAt(arrays, refOf(r)),
        1,
      );
      assert.equal(card.product, `= ${signed(product)}`);
      sum += product;
    }
    const gradient = valueAt(arrays, refOf(ref));
    assert.ok(Math.abs(sum - gradient) < 1e-15, `${sum} is ${gradient}`);
  }
  await page.close();
});

test('buttons, arrow keys and the slider go from stop to stop; Enter chooses a number', async () => {
  const { page } = await openStep(POST, 0);
  const title = () =>
    inside(page, `return $('.stops [aria-current]').textContent.replace(/\\s+/g, ' ').trim()`);
  await inside(page, `$$('.bar-of-stops button')[1].focus()`);
  await page.keyboard.press('Enter');
  assert.match(await title(), /^2 Loss/);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert.match(await title(), /^4 Through σ/);
  await page.keyboard.press('ArrowLeft');
  assert.match(await title(), /^3 At the output/);
  await inside(page, `$('input[type=range]').focus()`);
  await page.keyboard.press('End');
  assert.match(await title(), /^8 Update/);
  await inside(page, `$$('.stops button')[4].click()`);
  assert.match(await title(), /^5 Output weights/);
  await inside(page, `cell('a1[0, 0]').focus()`);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  assert.match(await title(), /^5 Output weights/, 'in a table the arrows move in the table');
  assert.equal(await inside(page, `return $('td.picked').dataset.ref`), 'a1[1, 1]');
  await page.close();
});

test('every language has the current lines marked', async () => {
  const { page } = await openStep(POST, 0);
  await slideTo(page, 6);
  const seen = [];
  for (const i of [0, 1, 2, 3]) {
    await inside(page, `$$('.languages button')[${i}].click()`);
    seen.push(
      await inside(page, `return $$('.code .line.at-stop').map((line) => line.textContent)`),
    );
  }
  assert.deepEqual(seen, [
    ['d_a1 = np.dot(d_z2, W2.T)', 'd_a1_z1 = sigmoid_derivative(a1)', 'd_z1 = d_a1 * d_a1_z1'],
    ['loss.backward()', 'd_a1 = a1.grad', 'd_z1 = z1.grad'],
    [
      'const d_a1 = dot(d_z2, transpose(W2));',
      'const d_a1_z1 = map(a1, sigmoid_derivative);',
      'const d_z1 = multiply(d_a1, d_a1_z1);',
    ],
    [
      'Matrix d_a1 = dot(d_z2, transpose(W2));',
      'Matrix d_a1_z1 = map(a1, sigmoid_derivative);',
      'Matrix d_z1 = multiply(d_a1, d_a1_z1);',
    ],
  ]);
  await inside(page, `$('details.program summary').click()`);
  await waitUntil(() => inside(page, `return $('details.program pre') !== null`));
  const program = await inside(page, `return $('details.program pre').textContent`);
  assert.match(program, /int main\(\)/);
  await page.close();
});

test('each stop has its formula, the numbers put in, and the result', async () => {
  const { page } = await openStep(POST, 6000);
  const formulas = [];
  for (const stop of [1, 2, 3, 4, 5, 6, 7, 8]) {
    await slideTo(page, stop);
    formulas.push(
      await inside(
        page,
        `return { math: $('.formula:not(.other) math').textContent.replace(/\\s+/g, ''), numbers: $('.numbers').textContent.replace(/\\s+/g, ' ').trim(), result: $('.result').textContent }`,
      ),
    );
  }
  assert.deepEqual(formulas.slice(0, 5), [
    { math: 'a2=11+e−z2', numbers: '1 / (1 + exp(−(−0.5045)))', result: 'a2[0, 0] = +0.3765' },
    {
      math: 'L=1n∑(a2−y)2',
      numbers: '((0.3765 − 0)² + (0.4261 − 1)² + (0.6767 − 1)² + (0.4929 − 0)²) / 4',
      result: 'loss = 0.2046',
    },
    {
      math: 'd_loss_a2=2(a2−y)n',
      numbers: '2 · (0.3765 − 0) / 4',
      result: 'd_loss_a2[0, 0] = +0.1882',
    },
    { math: 'd_z2=d_loss_a2∘d_a2_z2', numbers: '0.1882 · 0.2347', result: 'd_z2[0, 0] = +0.04419' },
    {
      math: 'd_W2=a1Td_z2',
      numbers: '0.5421 · 0.04419 + 0.8929 · (−0.07017) + 0.8354 · (−0.03537) + 0.9728 · 0.06159',
      result: 'd_W2[0, 0] = −0.008330',
    },
  ]);
  await page.close();
});

test('one row alone: the arrays, the network and the strip show it', async () => {
  const { page } = await openStep(POST, 6000);
  await slideTo(page, 5);
  await inside(page, `$$('.rows-of-step button')[2].click()`);
  const seen = await inside(
    page,
    `return {
      cells: $$('.arrays td').map((td) => td.dataset.ref),
      cards: $$('.strip li').length,
      inputs: $$('.step-network .inside').slice(0, 2).map((t) => t.textContent),
      numbers: $('.numbers').textContent,
    }`,
  );
  assert.deepEqual(seen.cells, [
    'a1[2, 0]',
    'a1[2, 1]',
    'd_z2[2, 0]',
    'd_W2[0, 0]',
    'd_W2[1, 0]',
    'd_b2[0, 0]',
  ]);
  assert.deepEqual(seen.inputs, ['1', '0']);
  assert.equal(seen.cards, 3, 'the row, the others, the sum');
  assert.match(seen.numbers, /3 more rows/);
  await page.close();
});

test('guess first: the next numbers are covered until they are guessed', async () => {
  const { page } = await openStep(POST, 6000);
  await slideTo(page, 5);
  const covered = () => inside(page, `return $$('td.covered').map((td) => td.dataset.ref)`);
  assert.deepEqual(await covered(), [], 'off by default');
  await inside(page, `$('.guessing input').click()`);
  assert.deepEqual(await covered(), ['d_W2[0, 0]', 'd_W2[1, 0]', 'd_b2[0, 0]']);
  const text = await inside(
    page,
    `return $('.step').textContent + $$('[data-exact]').map((e) => e.dataset.exact)`,
  );
  assert.doesNotMatch(text, /0\.008330/, 'nowhere on screen');
  await inside(page, `$$('.guess button')[1].click()`);
  assert.match(
    await inside(page, `return $('.answer').textContent`),
    /^−\. Right: .* = −0\.008330\.$/,
  );
  assert.deepEqual(await covered(), ['d_W2[1, 0]', 'd_b2[0, 0]']);
  await inside(page, `cell('d_W2[1, 0]').click()`);
  const guess = (/** @type {string} */ value) =>
    inside(page, `$('.guess [name=value]').value = '${value}'; $('.guess').requestSubmit()`);
  await guess('much');
  assert.match(
    await inside(page, `return $('.answer').textContent`),
    /must be a number such as −0\.05, not “much”/,
  );
  assert.equal((await covered()).length, 2);
  await guess('0.008');
  assert.match(
    await inside(page, `return $('.answer').textContent`),
    /^0\.008\. Right, to a tenth: /,
  );
  await inside(page, `cell('d_b2[0, 0]').click()`);
  await inside(page, `$$('.guess button')[4].click()`);
  assert.deepEqual(await covered(), []);
  await slideTo(page, 1);
  assert.deepEqual(await covered(), [], 'forward numbers are not covered');
  await page.close();
});

test('on a phone the panes are tabs', async () => {
  const { page } = await openStep(POST, 6000, { width: 320 });
  const shown = () =>
    inside(
      page,
      `return [['.step-network', '.code', '.arrays'].filter((s) => $(s)), $('[role=tab][aria-selected=true]').textContent]`,
    );
  assert.deepEqual(await shown(), [['.arrays'], 'Arrays']);
  await inside(page, `$('#tab-arrays').focus()`);
  await page.keyboard.press('ArrowRight');
  assert.deepEqual(await shown(), [['.step-network'], 'Network']);
  await page.keyboard.press('ArrowRight');
  assert.deepEqual(await shown(), [['.code'], 'Code']);
  assert.equal(await inside(page, `return $('.where').textContent`), '1 of 8: Forward');
  await page.close();
});

test('what does not fit, and what the step leaves out, is said', async () => {
  const said = async (/** @type {object} */ experiment, stop = 1) => {
    const { page } = await openStep(experiment, 3);
    if (stop > 1) await slideTo(page, stop);
    const notes = await inside(
      page,
      `return $$('.step-part .note, .step > .note').map((n) => n.textContent).join(' ')`,
    );
    await page.close();
    return notes;
  };
  const wide = { layers: [{ units: 9 }, { units: 1 }] };
  assert.match(await said(wide), /for up to 4 layers, 8 units or inputs and 1000 rows; here are 2/);
  const batches = { data: { kind: 'circle', samples: 20 }, batchSize: 8 };
  assert.match(
    await said(batches),
    /mini-batches of 8\. The step here is one on the whole training set/,
  );
  assert.match(await said({ optimizer: { kind: 'adam' } }, 8), /goes by what it remembers/);
  const diverging = {
    optimizer: { kind: 'sgd', learningRate: 1e300 },
    layers: [{ units: 1, activation: 'identity' }],
  };
  assert.match(await said(diverging, 6), /The run ends here/);
});

test('long training sets: some rows at a time, sums over all of them', async () => {
  const experiment = { data: { kind: 'circle', samples: 50 } };
  const { page } = await openStep(experiment, 10);
  const arrays = library(experiment, 10);
  await slideTo(page, 5);
  await inside(
    page,
    `const f = $('.rows-of-step input'); f.value = '23'; f.dispatchEvent(new Event('change'))`,
  );
  assert.equal(
    await inside(page, `return cell('d_z2[23, 0]').textContent`),
    expectedText(arrays, refOf('d_z2[23, 0]')),
  );
  await inside(page, `$('.rows-of-step button').click()`);
  assert.deepEqual(
    await inside(
      page,
      `return $$('.arrays td').map((td) => td.dataset.ref).filter((r) => r.startsWith('d_z2'))`,
    ),
    [20, 21, 22, 23, 24].map((row) => `d_z2[${row}, 0]`),
  );
  assert.match(await inside(page, `return $('.strip').textContent`), /45 more rows/);
  await page.close();
});

test('it moves with the run, and the engine reads the step out only while it is seen', async () => {
  const { page } = await open(
    `<script>aims = []; const post = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function (m) { if (m.type === 'aim') aims.push(m.looks); post.call(this, m); };</script>
     ${script}<main><h1>Host</h1><backprop-demo view="loss controls" group="g"></backprop-demo>
     <div id="space"></div><backprop-demo id="step" view="step" group="g"></backprop-demo></main>`,
  );
  await page.addStyleTag({ content: '#space { height: 4000px }' });
  await run(page, 'await demo.ready; scrollTo(0, 0)');
  await waitUntil(async () => {
    await run(page, 'aims.length = 0; await demo.step(1)');
    return !(await run(page, 'return aims.at(-1).step'));
  }, 'out of sight nothing is read out');
  await run(page, `document.querySelector('#step').scrollIntoView()`);
  await waitUntil(() => run(page, 'return aims.at(-1).step === true'), 'in sight it is');
  await run(page, 'await demo.seek(5000)');
  const loss = library(POST, 5000).get('loss')?.values[0] ?? 0;
  await waitUntil(async () => {
    const text = await run(
      page,
      `const { shadowRoot } = document.querySelector('#step');
       shadowRoot.querySelectorAll('.stops button')[1].click();
       await document.querySelector('#step').updateComplete;
       return shadowRoot.querySelector('.label').textContent + shadowRoot.querySelector('.result').textContent`,
    );
    return text === `One step · epoch 5,000loss = ${number(loss)}`;
  });
  await page.close();
});

for (const [name, options] of SETTINGS) {
  test(`${name}: axe finds nothing, and nothing is cut off`, async () => {
    const { page, messages } = await openStep(POST, 6000, options);
    if (options.isForced) await forceColours(page);
    for (const stop of [1, 5, 8]) {
      await slideTo(page, stop);
      await assertAccessible(page);
    }
    await inside(page, `$('.guessing input').click()`);
    await slideTo(page, 5);
    await assertAccessible(page);
    assert.deepEqual(messages, []);
    await page.close();
  });
}
