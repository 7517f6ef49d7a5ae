// Computes the article's numbers in the reader's browser.
import { engineSource } from 'virtual:backprop-engine';
import { acquireEngine } from '../engine/client.js';
import { Run } from '../engine/run.js';
import { storyNumbers } from './numbers.js';

/**
 * Puts the numbers into every `<data data-number="name">`.
 * @param {ParentNode} article
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
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (
    article.querySelectorAll('data[data-number]')
  )) {
    const text = numbers[element.dataset.number ?? ''];
    if (text && text !== element.textContent) element.textContent = text;
  }
}
