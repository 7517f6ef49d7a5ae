// The page's first file is a small one: the engine's worker starts while the rest is on its way.
import { engineSource } from 'virtual:backprop-engine';
import { acquireEngine } from './engine/client.js';

/** Milliseconds that the prose waits for the first figure. */
const PATIENCE = 1000;
/** Elements that are laid out at a time, and milliseconds from then to the next: the run is swept meanwhile. */
const AT_ONCE = 2;
const NEXT_AFTER = 40;

acquireEngine(engineSource).start();

const { classList } = document.documentElement;
const [visit] = performance.getEntriesByType('navigation');
if (location.hash || /** @type {PerformanceNavigationTiming} */ (visit).type !== 'navigate')
  classList.remove('early'); // the reader may begin anywhere
addEventListener('scroll', () => classList.replace('early', 'late'), { once: true });

const first = import('./article.js').then(({ start }) => start());
Promise.race([first, after(PATIENCE)]).finally(layOut);

/** What has waited for the first figure (page.css), a little at a time. */
async function layOut() {
  const elements = document.querySelectorAll('section, section > *, figcaption');
  for (const [i, element] of elements.entries()) {
    if (i % AT_ONCE === 0) await after(NEXT_AFTER);
    element.classList.add('on-time');
  }
}

/** @param {number} milliseconds */
function after(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
