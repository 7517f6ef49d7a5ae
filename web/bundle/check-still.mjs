// What the gradient check's figure shows without JavaScript: the nine gradients, and where each
// mistake is found, computed by the engine and by the teaching path.
import { BrokenRun } from '../engine/broken-run.js';
import { checkGradient } from '../engine/gradient-check.js';
import { describe } from '../engine/read-out.js';
import { complete } from '../state/experiment.js';
import { count, number, signed } from '../state/format.js';
import { MISTAKES } from '../state/mistakes.js';
import { parameterArrays, parameterName } from '../state/parameters.js';

/** @typedef {import('../../wasm/index.js').Backprop} Backprop */

const EPOCH = 10000;
const EPSILON = 1e-4;

/** @param {Backprop} backprop */
export function checkStill(backprop) {
  return `${scrolled('Gradients', '', gradients(backprop))}${scrolled('Seven mistakes', 'words across', mistakes(backprop))}`;
}

/**
 * @param {string} label
 * @param {string} classes
 * @param {string} content
 */
function scrolled(label, classes, content) {
  return `<div class="scroll ${classes}" tabindex="0" role="group" aria-label="${label}">${content}</div>`;
}

/** @param {Backprop} backprop */
function gradients(backprop) {
  const session = new backprop.Session({});
  session.train(EPOCH);
  const experiment = complete({});
  const info = describe(session, experiment);
  const check = checkGradient(session, info, experiment, { parameter: 0, epsilon: EPSILON });
  session.dispose();
  const arrays = parameterArrays(info);
  const rows = check.indices.map((i, k) =>
    row(parameterName(arrays, i), [
      signed(check.analytic[k]),
      signed(check.numeric[k]),
      number(Math.abs(check.analytic[k] - check.numeric[k])),
    ]),
  );
  const caption = `After ${count(EPOCH)} epochs, ε = ${EPSILON}`;
  return table(caption, ['w', 'backprop', 'two points', 'difference'], rows);
}

/** @param {Backprop} backprop */
function mistakes(backprop) {
  const rows = Object.entries(MISTAKES).map(([key, { name, text }]) => {
    const run = new BrokenRun(backprop, complete({}), key);
    const found = run.check(0).steps.find(({ isWrong }) => isWrong);
    while (!run.isDone) run.advance(100);
    const { truth, broken } = run.curves();
    run.dispose();
    const losses = [broken, truth].map(({ losses }) => number(losses[losses.length - 1]));
    const line = text.replace('N', '2');
    return row(name, [`<code>${line}</code>`, found?.array ?? 'nowhere', ...losses]);
  });
  const heads = ['mistake', 'the line', 'found at', 'loss', 'without it'];
  return table(`Seven mistakes, and the loss after ${count(EPOCH)} epochs`, heads, rows);
}

/**
 * @param {string} name
 * @param {string[]} cells
 */
function row(name, cells) {
  return `<tr><th scope="row">${name}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

/**
 * @param {string} caption
 * @param {string[]} heads
 * @param {string[]} rows
 */
function table(caption, heads, rows) {
  return `<table><caption>${caption}</caption><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}
