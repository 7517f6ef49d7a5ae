// The page's first script, before anything is laid out: it starts the engine's worker, and the prose
// waits for the first figure.
import { engineSource } from 'virtual:backprop-engine';
import { acquireEngine, EngineClient } from './engine/client.js';

/** Milliseconds that the prose waits at most. */
const PATIENCE = 1000;
/** Milliseconds at least from one element's layout to the next, and how long it waits for quiet. */
const NEXT_AFTER = 40;
const QUIET_WITHIN = 500;

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

/** What has waited (page.css), a little at a time: first the section of the first figure, which is swept. */
async function layOut() {
  for (const element of document.querySelectorAll('section, section > *, figcaption')) {
    const isFirst = element.closest('#the-run');
    if (!isFirst) classList.replace('early', 'late');
    await after(NEXT_AFTER);
    if (!isFirst) await quiet();
    element.classList.add('on-time');
  }
}

/** Until the browser has nothing else to do; Safari cannot say so. */
function quiet() {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis)
      requestIdleCallback(resolve, { timeout: QUIET_WITHIN });
    else resolve(undefined);
  });
}

/** @param {number} milliseconds */
function after(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
