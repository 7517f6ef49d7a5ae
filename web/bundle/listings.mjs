// Listings that stand in the page without JavaScript, highlighted when it is built.
import { readFile } from 'node:fs/promises';
import { complete } from '../state/experiment.js';
import { program, textOf } from '../state/listings.js';
import { makeStep } from '../state/step.js';
import { tokens } from '../state/tokens.js';

/**
 * The post's program in NumPy, and the loop that the speed is measured against.
 * @param {import('../../wasm/index.js').Backprop} backprop
 * @returns {Promise<Record<string, string>>} HTML by the names that the page's text uses
 */
export async function listings(backprop) {
  const session = new backprop.Session({});
  const rows = (/** @type {string} */ wanted) => {
    const array = session.trace().find(({ name }) => name === wanted);
    if (!array) throw new Error(`There is no ${wanted}`);
    const { rows, cols, values } = array;
    return Array.from({ length: rows }, (_, i) => [...values.subarray(i * cols, (i + 1) * cols)]);
  };
  const names = ['W1', 'b1', 'W2', 'b2'];
  const parameters = Object.fromEntries(names.map((name) => [name, rows(name)]));
  const [end, X, y] = [complete({}).epochs, rows('X'), rows('y')];
  session.dispose();
  const step = makeStep(complete({}));
  const numpy = program(step, { epoch: 0, end, X, y, parameters }, 'numpy');
  const loop = await readFile(new URL('../engine/xor-loop.js', import.meta.url), 'utf8');
  return {
    numpy: listing('The whole run in NumPy', textOf(numpy)),
    'xor-loop': listing('The loop in JavaScript', loop),
  };
}

const escaped = (/** @type {string} */ text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * @param {string} label
 * @param {string} text
 */
function listing(label, text) {
  const marked = text
    .trim()
    .split('\n')
    .map((line) =>
      tokens(line)
        .map(({ kind, text }) =>
          kind ? `<span class="${kind}">${escaped(text)}</span>` : escaped(text),
        )
        .join(''),
    );
  return `<pre class="listing" tabindex="0" role="group" aria-label="${label}"><code>${marked.join('\n')}</code></pre>`;
}
