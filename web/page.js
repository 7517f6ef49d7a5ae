// The page: its address holds the run that the figures show, and its numbers are computed here.
import { defineBackpropDemo } from './element/define.js';
import { complete, isSame } from './state/experiment.js';
import { readPermalink, writePermalink } from './state/permalink.js';

/** Browsers allow a page about three changes of its address in a second. */
const WRITE_AFTER = 350;

const figure = /** @type {import('./element/backprop-demo.js').BackpropDemo} */ (
  document.querySelector('#run')
);
const message = /** @type {HTMLElement} */ (document.querySelector('#address-problem'));

/** The run that was last written down, or read: as an address. */
let held = '';
/** The first sweep is the page's own: it is not written down. */
let isFirst = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let writing;

/**
 * The run of this entry of the history: its address, or where that names a place in the page, what
 * was remembered with it.
 * @returns {string | undefined}
 */
function runOfEntry() {
  const { hash } = location;
  const isPlace = /^#[\w-]+$/.test(hash) && document.querySelector(hash) !== null;
  return isPlace ? history.state?.run : hash;
}

/** @param {string} hash the run to show */
function show(hash) {
  held = hash;
  const { experiment, epoch, problem } = readPermalink(hash);
  message.hidden = problem === undefined;
  message.textContent = problem
    ? `The address of this page could not be read: ${problem}. The figures show the default run instead.`
    : '';
  figure.setAttribute('experiment', JSON.stringify(experiment));
  if (epoch !== undefined || problem) figure.setAttribute('epoch', String(epoch ?? 0));
}

/** Writes down what the figure shows, when it has come to rest. */
function write() {
  clearTimeout(writing);
  writing = setTimeout(() => {
    if (figure.playing) return;
    if (isFirst) {
      isFirst = false;
      return;
    }
    const hash = writePermalink(figure.experiment, figure.epoch);
    if (hash === held) return;
    const before = readPermalink(held).experiment;
    held = hash;
    // Another run is a step that the back button takes back; another epoch of the same is not.
    if (isSame(complete(before), complete(figure.experiment)))
      history.replaceState({ run: hash }, '', hash);
    else history.pushState({ run: hash }, '', hash);
  }, WRITE_AFTER);
}

/** A link was followed, or the reader has gone back or forward. */
function goTo() {
  const isNew = history.state === null;
  const run = runOfEntry();
  if (run !== undefined && run !== held) {
    show(run);
    if (isNew) figure.scrollIntoView({ block: 'nearest' });
  }
  if (isNew) history.replaceState({ run: held }, '');
}

/**
 * @param {HTMLElement | null} box
 * @param {(box: HTMLElement) => void} act once, when the reader comes near
 */
function whenNear(box, act) {
  if (!box) return;
  const sight = new IntersectionObserver(
    ([{ isIntersecting }]) => {
      if (!isIntersecting) return;
      sight.disconnect();
      act(box);
    },
    { rootMargin: '200px' },
  );
  sight.observe(box);
}

const start = runOfEntry() ?? '';
isFirst = start.length < 2;
show(start);
figure.toggleAttribute('autoplay', isFirst);
defineBackpropDemo();
figure.addEventListener('backprop-change', write);
addEventListener('popstate', goTo);
whenNear(document.querySelector('#speed'), async (box) => {
  const { showSpeed } = await import('./story/speed.js');
  showSpeed(box);
});
whenNear(document.querySelector('#land'), async () => {
  const { tellLuck } = await import('./story/live.js');
  tellLuck(document);
});
figure.ready.then(() => import('./story/live.js')).then(({ bringToLife }) => bringToLife(document));
