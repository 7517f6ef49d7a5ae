// The page's first script, before anything is laid out: it starts the engine's worker, and the prose
// waits for the first figure.
import { engineSource } from 'virtual:backprop-engine';
import { acquireEngine, EngineClient } from './engine/client.js';

/** Milliseconds that the prose waits at most. */
const PATIENCE = 1000;
/** Elements that are laid out at a time, and milliseconds from then to the next: the run is swept meanwhile. */
const AT_ONCE = 2;
const NEXT_AFTER = 40;

acquireEngine(engineSource).start();
// In the site the scripts that come later have the engine from here (bundle/vite.mjs).
Object.assign(globalThis, { backpropEngine: { engineSource, acquireEngine, EngineClient } });

const { classList } = document.documentElement;
const [visit] = performance.getEntriesByType('navigation');
if (location.hash || /** @type {PerformanceNavigationTiming} */ (visit).type !== 'navigate')
  classList.remove('early'); // the reader may begin anywhere
addEventListener('scroll', () => classList.replace('early', 'late'), { once: true });
const first = new Promise((resolve) => addEventListener('backprop-ready', resolve, { once: true }));
Promise.race([first, after(PATIENCE)]).then(layOut);

/** What has waited (page.css), a little at a time. */
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
