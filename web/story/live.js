// Computes the article's numbers in the reader's browser.
import { engineSource } from 'virtual:backprop-engine';
import { acquireEngine } from '../engine/client.js';
import { poolOf } from '../engine/pool.js';
import { Run } from '../engine/run.js';
import { luckNumbers } from './luck.js';
import { storyNumbers } from './numbers.js';

/**
 * Puts the numbers into every element with `data-number="name"`.
 * @param {Document} article
 */
export async function bringToLife(article) {
  const run = new Run(acquireEngine(engineSource));
  const numbers = await storyNumbers(async (experiment, epoch, looks = {}) => {
    run.watch(article, looks, false);
    await (run.given === experiment ? run.seek(epoch) : run.open(experiment, epoch));
    if (!run.scene) throw new Error('There is no engine');
    return run.scene.snapshot;
  });
  run.dispose();
  putIn(article, numbers);
  compareDigests(article);
}

/**
 * The numbers of the part about other seeds, from every core.
 * @param {Document} article
 */
export async function tellLuck(article) {
  const pool = poolOf(engineSource);
  const { signal } = new AbortController();
  putIn(article, await luckNumbers((job) => pool.run(job, signal)));
}

/**
 * @param {Document} article
 * @param {import('./numbers.js').Numbers} numbers
 */
function putIn(article, numbers) {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (
    article.querySelectorAll('[data-number]')
  )) {
    const shown = numbers[element.dataset.number ?? ''];
    if (!shown) continue;
    if (shown.text !== element.textContent) element.textContent = shown.text;
    if (shown.exact !== shown.text) element.title = shown.exact;
  }
}

/**
 * Says whose digest the table now has, and whether it is the native one.
 * @param {Document} article
 */
function compareDigests(article) {
  const [native, here] = ['native', 'digest'].map(
    (name) => article.querySelector(`[data-number="${name}"]`)?.textContent,
  );
  const [where, verdict] = ['where', 'verdict'].map((id) => article.getElementById(id));
  if (!where || !verdict) return;
  where.textContent = 'WebAssembly, in your browser just now';
  verdict.textContent =
    native === here
      ? 'The same 64 bits.'
      : 'They differ. That should not be possible: please report it, with your browser’s name.';
}
