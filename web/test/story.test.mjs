// The article as it is built: its text, its numbers and its weight; no browser.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../../tools/run.mjs';
import { askJob } from '../bundle/luck-stills.mjs';
import { formula, numberedFormula } from '../bundle/math.mjs';
import { trainXor } from '../engine/xor-loop.js';
import { signed } from '../state/format.js';
import { luckNumbers } from '../story/luck.js';
import { storyNumbers } from '../story/numbers.js';

const site = path.join(root, 'dist/site');
const textOf = (/** @type {string} */ name) => readFileSync(path.join(site, name), 'utf8');
const article = textOf('index.html');
const pages = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.html'),
);

const { loadBackprop } = await import(pathToFileURL(path.join(root, 'dist/lib/index.js')).href);
/** @type {import('../../wasm/index.js').Backprop} */
const backprop = await loadBackprop();

/** @type {import('../story/numbers.js').Ask} */
async function ask(experiment, epoch, looks = {}) {
  const session = new backprop.Session(experiment);
  session.seek(epoch);
  const { inputs } = session.dataset();
  const snapshot = {
    epoch,
    step: 0,
    loss: session.loss,
    diverged: false,
    ended: false,
    predictions: session.predict(inputs),
    layers: [],
    ...(looks.trace ? { trace: session.trace() } : {}),
    ...(looks.hidden ? { hidden: session.activations(inputs)[0] } : {}),
    ...(looks.digest ? { digest: session.digest() } : {}),
  };
  session.dispose();
  return snapshot;
}

const numbers = { ...(await storyNumbers(ask)), ...(await luckNumbers(askJob(backprop))) };

test('every number in the text is the one that the library gives', () => {
  const shown = [...article.matchAll(/data-number="([^"]+)"[^>]*>([^<]*)</g)];
  assert.ok(shown.length > 150);
  for (const [, name, text] of shown)
    if (name !== 'native' && name !== 'scenarios') assert.equal(text, numbers[name]?.text, name);
  const written = article
    .replace(/<(script|style|svg|math|pre)\b[\s\S]*?<\/\1>|<[^>]*data-number[^>]*>[^<]*/g, '')
    .replace(/<backprop-demo[\s\S]*?<\/backprop-demo>/g, '')
    .replace(/<[^>]*>/g, ' ');
  // What is left are numbers that the text itself is about: a learning rate, the plateau.
  const typed = [...written.matchAll(/\d+\.\d+/g)].map(([number]) => number);
  assert.deepEqual(
    typed.filter((number) => !['0.1', '0.01', '0.25', '0.125'].includes(number)),
    [],
  );
});

test('another seed changes every number that depends on the run', async () => {
  const other = await storyNumbers(ask, { initializer: { kind: 'numpy_randn', seed: 7 } });
  // The data, the biases before the first step, and what follows from a sum of zero. "seed" is a
  // run with a seed of its own.
  const fixed = /^(X|y)\[|^b[12]\[|^z1\[0,|^a1\[0,|^d_a1_z1\[0,|^seed@/;
  const same = Object.keys(other).filter((name) => numbers[name].exact === other[name].exact);
  assert.deepEqual(
    same.filter((name) => !fixed.test(name)),
    [],
  );
});

test('the nine numbers after the step are those of another program', () => {
  const session = new backprop.Session({});
  const parameters = session.parameters();
  session.dispose();
  trainXor(parameters, 0.1, 1);
  const names = ['W1[0,0]', 'W1[0,1]', 'W1[1,0]', 'W1[1,1]', 'b1[0,0]', 'b1[0,1]'];
  for (const [i, name] of [...names, 'W2[0,0]', 'W2[1,0]', 'b2[0,0]'].entries())
    assert.equal(numbers[`new ${name}`].text, signed(parameters[i]), name);
});

test('no page has an inline style, and every formula is MathML', () => {
  assert.ok(pages.length >= 5, String(pages));
  for (const name of pages) {
    const html = textOf(name);
    assert.doesNotMatch(html, /\sstyle=/, name);
    assert.doesNotMatch(html, /<tex|\\frac|\\texttt|```/, name);
  }
  assert.ok((article.match(/<math/g) ?? []).length >= 25);
});

test('TeX that has no class for its style is refused', () => {
  assert.match(numberedFormula('z = x \\tag{7}'), /<span id="eq-7">\(7\)<\/span>/);
  assert.match(formula('\\texttt{d\\_W2}', false), /<mtext class="code">d_W2<\/mtext>/);
  assert.throws(() => formula('\\frac{1', false));
  assert.throws(() => formula('\\textcolor{red}{x}', false), /page\.css has no class/);
});

test('links lead somewhere: to sections, to pages, to numbered equations', () => {
  for (const name of pages) {
    for (const [, href] of textOf(name).matchAll(/\shref="([^"]+)"/g)) {
      if (/^(https?|data):|^#(experiment|epoch)=/.test(href)) continue;
      const [file, fragment] = href.split('#');
      const target = file ? path.join(path.dirname(name), file) : name;
      const content = textOf(target);
      if (fragment) assert.ok(content.includes(`id="${fragment}"`), `${name}: ${href}`);
    }
  }
});

test('the contents name every section, figures and tables are counted', () => {
  const sections = [...article.matchAll(/<section id="([\w-]+)"/g)].map(([, id]) => id);
  const entries = [...article.matchAll(/<li><a href="#([\w-]+)">/g)].map(([, id]) => id);
  assert.deepEqual(entries, sections);
  for (const kind of ['Figure', 'Table']) {
    const found = [...article.matchAll(new RegExp(`<b>${kind} (\\d+)\\.</b>`, 'g'))];
    assert.ok(found.length > 1);
    assert.deepEqual(
      found.map(([, number]) => Number(number)),
      found.map((_, i) => i + 1),
    );
  }
});
