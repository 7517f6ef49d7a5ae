// The article: its figure shows the run of its address, and what lies further down comes with the reader.
import { defineBackpropDemo } from './element/define.js';

/** Pixels from sight at which "Take it away" comes, so that nobody sees it grow. */
const TAKE_NEAR = 1500;

export async function start() {
  const hasAddress = location.hash.length > 1;
  if (!hasAddress) defineBackpropDemo(); // its figures begin while the page is still being read
  if (document.readyState === 'loading')
    await new Promise((resolve) =>
      document.addEventListener('DOMContentLoaded', resolve, { once: true }),
    );
  const figure = /** @type {import('./element/backprop-demo.js').BackpropDemo} */ (
    document.querySelector('#run')
  );
  const loadAddress = once(async () => {
    const { Address } = await import('./story/address.js');
    return new Address(figure);
  });
  if (hasAddress) {
    const hasRun = await (await loadAddress()).read();
    figure.toggleAttribute('autoplay', !hasRun);
    defineBackpropDemo();
  }
  whatIsNear(figure, loadAddress); // asks the figure, so it has to be one
  await figure.ready;
  (await loadAddress()).follow();
  const { bringToLife } = await import('./story/live.js');
  bringToLife(document);
}

/**
 * What comes with the reader.
 * @param {import('./element/backprop-demo.js').BackpropDemo} figure
 * @param {() => Promise<import('./story/address.js').Address>} loadAddress
 */
function whatIsNear(figure, loadAddress) {
  whenNear('#speed', async (box) => {
    const { showSpeed } = await import('./story/speed.js');
    showSpeed(box);
  });
  whenNear('#land', async () => {
    const { tellLuck } = await import('./story/live.js');
    tellLuck(document);
  });
  whenNear(
    '#take',
    async (box) => {
      const [{ showTake }, own] = await Promise.all([import('./story/take.js'), loadAddress()]);
      const openRun = (/** @type {File} */ file) => own.openRun(file);
      showTake(box, { figure, saveRun: () => own.saveRun(), openRun });
    },
    TAKE_NEAR,
  );
}

/**
 * @param {string} selector
 * @param {(box: HTMLElement) => void} act once, when the reader comes near
 * @param {number} [margin] pixels from sight
 */
function whenNear(selector, act, margin = 200) {
  const box = /** @type {HTMLElement} */ (document.querySelector(selector));
  const sight = new IntersectionObserver(
    ([{ isIntersecting }]) => {
      if (!isIntersecting) return;
      sight.disconnect();
      act(box);
    },
    { rootMargin: `${margin}px` },
  );
  sight.observe(box);
}

/**
 * @template T
 * @param {() => T} make
 * @returns {() => T} the same one every time
 */
function once(make) {
  /** @type {T | undefined} */
  let made;
  return () => {
    made ??= make();
    return made;
  };
}
