// The page: its figure shows the run of its address, and what lies further down comes with the reader.
import { defineBackpropDemo } from './element/define.js';

/** Pixels from sight at which "Take it away" comes, so that nobody sees it grow. */
const TAKE_NEAR = 1500;

const figure = /** @type {import('./element/backprop-demo.js').BackpropDemo} */ (
  document.querySelector('#run')
);
/** @type {Promise<import('./story/address.js').Address> | undefined} */
let address;

function loadAddress() {
  address ??= import('./story/address.js').then(({ Address }) => new Address(figure));
  return address;
}

/**
 * @param {HTMLElement | null} box
 * @param {(box: HTMLElement) => void} act once, when the reader comes near
 * @param {number} [margin] pixels from sight
 */
function whenNear(box, act, margin = 200) {
  if (!box) return;
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

async function start() {
  const hasRun = location.hash.length > 1 && (await (await loadAddress()).read());
  figure.toggleAttribute('autoplay', !hasRun);
  defineBackpropDemo();
  await figure.ready;
  (await loadAddress()).follow();
  const { bringToLife } = await import('./story/live.js');
  bringToLife(document);
}

start();
whenNear(document.querySelector('#speed'), async (box) => {
  const { showSpeed } = await import('./story/speed.js');
  showSpeed(box);
});
whenNear(document.querySelector('#land'), async () => {
  const { tellLuck } = await import('./story/live.js');
  tellLuck(document);
});
whenNear(
  document.querySelector('#take'),
  async (box) => {
    const [{ showTake }, own] = await Promise.all([import('./story/take.js'), loadAddress()]);
    const openRun = (/** @type {File} */ file) => own.openRun(file);
    showTake(box, { figure, saveRun: () => own.saveRun(), openRun });
  },
  TAKE_NEAR,
);
