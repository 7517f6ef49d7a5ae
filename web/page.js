// The page's first file is a small one: the engine's worker starts while the rest is on its way.
import { engineSource } from 'virtual:backprop-engine';
import { acquireEngine } from './engine/client.js';

acquireEngine(engineSource).start();
const [visit] = performance.getEntriesByType('navigation');
if (location.hash || /** @type {PerformanceNavigationTiming} */ (visit).type !== 'navigate')
  document.documentElement.classList.remove('early'); // the reader may begin anywhere
import('./article.js').then(({ start }) => start());
