// The page: its address holds the run that the figure shows, and its numbers are computed here.
import { defineBackpropDemo } from './element/define.js';
import { readPermalink, writePermalink } from './state/permalink.js';
import { bringToLife } from './story/live.js';

/** Browsers allow a page about three changes of its address in a second. */
const WRITE_AFTER = 350;

const figure = /** @type {import('./element/backprop-demo.js').BackpropDemo} */ (
  document.querySelector('#run')
);
const message = /** @type {HTMLElement} */ (document.querySelector('#address-problem'));

/** What this page has last written to, or read from, its address. */
let address = location.hash;
/** The first sweep is the page's own: it is not written down. */
let isFirst = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let writing;

/** Shows what the address says. */
function read() {
  address = location.hash;
  const isPlace = /^#[\w-]+$/.test(address) && document.querySelector(address) !== null;
  if (isPlace) return false;
  const { experiment, epoch, problem } = readPermalink(address);
  message.hidden = problem === undefined;
  message.textContent = problem
    ? `The address of this page could not be read: ${problem}. Figure 1 shows the default run instead.`
    : '';
  figure.setAttribute('experiment', JSON.stringify(experiment));
  if (epoch !== undefined || problem) figure.setAttribute('epoch', String(epoch ?? 0));
  return address.length > 1;
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
    if (hash === address) return;
    address = hash;
    history.replaceState(null, '', hash);
  }, WRITE_AFTER);
}

isFirst = !read();
figure.toggleAttribute('autoplay', isFirst);
defineBackpropDemo();
figure.addEventListener('backprop-change', write);
addEventListener('popstate', () => {
  if (location.hash === address) return;
  read();
  figure.scrollIntoView({ block: 'nearest' });
});
figure.ready.then(() => bringToLife(document));
