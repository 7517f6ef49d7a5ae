// The page: its address holds the run that the figures show, and its numbers are computed here.
import { defineBackpropDemo } from './element/define.js';
import { goWithin } from './element/go-within.js';
import { complete, isSame } from './state/experiment.js';
import { count } from './state/format.js';
import { LONGEST, readPermalink, TOO_LONG, writePermalink } from './state/permalink.js';
import { readRunFile, writeRunFile } from './state/run-file.js';

/** Browsers allow a page about three changes of its address in a second. */
const WRITE_AFTER = 350;

/** Pixels from sight at which "Take it away" comes, so that nobody sees it grow. */
const TAKE_NEAR = 1500;

const figure = /** @type {import('./element/backprop-demo.js').BackpropDemo} */ (
  document.querySelector('#run')
);
const message = /** @type {HTMLElement} */ (document.querySelector('#address-problem'));
const notice = /** @type {HTMLElement} */ (document.querySelector('#notice'));

/** The run that was last written down, or read: as a link, however long. */
let held = '';
/** What is trained in it. @type {Record<string, unknown>} */
let heldExperiment = {};
/** The first sweep is the page's own: it is not written down. */
let isFirst = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let writing;
/** Readings and writings take a moment; the last one counts. */
let turn = 0;
let isReading = false;

/**
 * The run of this entry of the history: its address, or where that names a place in the page or
 * holds no run, what was remembered with it.
 * @returns {string | undefined}
 */
function runOfEntry() {
  const { hash } = location;
  const isPlace = /^#[\w-]+$/.test(hash) && document.querySelector(hash) !== null;
  if (isPlace) return history.state?.run;
  return (hash === TOO_LONG && history.state?.run) || hash;
}

/** @param {string} run to show, as a link */
async function show(run) {
  const own = ++turn;
  isReading = true;
  const link = await readPermalink(run);
  const { experiment, epoch, problem } = link;
  if (own !== turn) return;
  [held, heldExperiment] = [run, experiment];
  message.hidden = problem === undefined;
  message.textContent = problem
    ? `The address of this page could not be read: ${problem}. The figures show the default run instead.`
    : '';
  figure.setAttribute('experiment', JSON.stringify(experiment));
  if (epoch !== undefined || problem) figure.setAttribute('epoch', String(epoch ?? 0));
  noteLength(run);
  goWithin(figure, link).then((wrong) => {
    if (own !== turn) return;
    isReading = false;
    if (wrong) [message.hidden, message.textContent] = [false, wrong];
  });
}

/** Writes down what the figure shows, when it has come to rest. */
function write() {
  clearTimeout(writing);
  writing = setTimeout(async () => {
    if (figure.playing || isReading) return;
    if (isFirst) {
      isFirst = false;
      return;
    }
    const own = ++turn;
    const { experiment, epoch, stepOfEpoch } = figure;
    const run = await writePermalink(experiment, epoch, stepOfEpoch);
    if (own !== turn || run === held) return;
    // Another run is a step that the back button takes back; another epoch of the same is not.
    const isSameRun = isSame(complete(heldExperiment), complete(experiment));
    [held, heldExperiment] = [run, experiment];
    const address = run.length <= LONGEST ? run : TOO_LONG;
    if (isSameRun) history.replaceState({ run }, '', address);
    else {
      message.hidden = true;
      history.pushState({ run }, '', address);
    }
    noteLength(run);
  }, WRITE_AFTER);
}

/**
 * Says so where a run has become too long for its address.
 * @param {string} run as a link
 */
function noteLength({ length }) {
  if (length > LONGEST)
    note(
      `A link to this run would be longer than ${count(LONGEST)} characters. A file can hold it.`,
      true,
    );
  else note('');
}

/**
 * A note at the foot of the window, until it is put away.
 * @param {string} text empty: none
 * @param {boolean} [canSave] whether it offers to save the run
 */
function note(text, canSave = false) {
  if (notice.dataset.text === text) return;
  notice.dataset.text = text;
  notice.replaceChildren();
  if (!text) return;
  const words = document.createElement('p');
  words.textContent = text;
  notice.append(words);
  if (canSave) notice.append(button('Save this run as a file', saveRun));
  notice.append(button('Close', () => notice.replaceChildren()));
}

/**
 * @param {string} name
 * @param {() => void} act
 */
function button(name, act) {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = name;
  element.addEventListener('click', act);
  return element;
}

async function saveRun() {
  const { download } = await import('./story/hand-over.js');
  download('backprop-run.json', 'application/json', writeRunFile(figure.experiment, figure.epoch));
}

/** @param {File} file that a run was saved as */
async function openRun(file) {
  const own = ++turn;
  const read = await readRunFile(file);
  if (own !== turn) return;
  isReading = false;
  if ('problem' in read) {
    note(`“${file.name}” is not a run: ${read.problem}. Nothing has changed.`);
    return;
  }
  message.hidden = true;
  isFirst = false;
  note('');
  figure.setAttribute('experiment', JSON.stringify(read.experiment));
  figure.setAttribute('epoch', String(read.epoch));
}

/** A link was followed, or the reader has gone back or forward. */
async function goTo() {
  const isNew = history.state === null;
  const run = runOfEntry();
  const isOther = run !== undefined && run !== held;
  if (isNew) history.replaceState({ run: run ?? held }, '');
  if (!isOther) return;
  await show(run);
  if (isNew) figure.scrollIntoView({ block: 'nearest' });
}

/** A file may be dropped anywhere, but where something else takes it. */
function takeDrops() {
  addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  });
  addEventListener('drop', (event) => {
    const file = event.dataTransfer?.files[0];
    if (!file || event.defaultPrevented) return;
    event.preventDefault();
    openRun(file);
  });
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
  const run = runOfEntry() ?? '';
  isFirst = run.length < 2;
  await show(run);
  figure.toggleAttribute('autoplay', isFirst);
  defineBackpropDemo();
  figure.addEventListener('backprop-change', write);
  addEventListener('popstate', goTo);
  takeDrops();
  figure.ready
    .then(() => import('./story/live.js'))
    .then(({ bringToLife }) => bringToLife(document));
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
    const { showTake } = await import('./story/take.js');
    showTake(box, { figure, saveRun, openRun });
  },
  TAKE_NEAR,
);
