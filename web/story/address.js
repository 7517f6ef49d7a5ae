// The run that the figures show is in the page's address: it is read from there, and written there.
import { goWithin } from '../element/go-within.js';
import { complete, isSame } from '../state/experiment.js';
import { count } from '../state/format.js';
import { LONGEST, readPermalink, TOO_LONG, writePermalink } from '../state/permalink.js';
import { readRunFile, writeRunFile } from '../state/run-file.js';
import { download } from './hand-over.js';

/** @typedef {import('../element/backprop-demo.js').BackpropDemo} BackpropDemo */

/** Browsers allow a page about three changes of its address in a second. */
const WRITE_AFTER = 350;

export class Address {
  #figure;
  #message = /** @type {HTMLElement} */ (document.querySelector('#address-problem'));
  #notice = /** @type {HTMLElement} */ (document.querySelector('#notice'));
  /** The run that was last written down, or read: as a link, however long. */
  #held = '';
  /** What is trained in it. @type {Record<string, unknown>} */
  #heldExperiment = {};
  /** The first sweep is the page's own: it is not written down. */
  #isFirst = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #writing;
  /** Readings and writings take a moment; the last one counts. */
  #turn = 0;
  #isReading = false;

  /** @param {BackpropDemo} figure */
  constructor(figure) {
    this.#figure = figure;
  }

  /** @returns {Promise<boolean>} whether there was a run to read */
  async read() {
    const run = runOfEntry() ?? '';
    await this.#show(run);
    return run.length > 1;
  }

  /** From now on what the figure shows is written down, and what the reader goes to is shown. */
  follow() {
    this.#isFirst = this.#figure.playing;
    this.#figure.addEventListener('backprop-change', () => this.#write());
    addEventListener('popstate', () => this.#goTo());
    this.#takeDrops();
  }

  saveRun() {
    const { experiment, epoch } = this.#figure;
    download('backprop-run.json', 'application/json', writeRunFile(experiment, epoch));
  }

  /** @param {File} file that a run was saved as */
  async openRun(file) {
    const own = ++this.#turn;
    const read = await readRunFile(file);
    if (own !== this.#turn) return;
    this.#isReading = false;
    if ('problem' in read) {
      this.#note(`“${file.name}” is not a run: ${read.problem}. Nothing has changed.`);
      return;
    }
    this.#message.hidden = true;
    this.#isFirst = false;
    this.#note('');
    this.#figure.setAttribute('experiment', JSON.stringify(read.experiment));
    this.#figure.setAttribute('epoch', String(read.epoch));
  }

  /** @param {string} run to show, as a link */
  async #show(run) {
    const own = ++this.#turn;
    this.#isReading = true;
    const link = await readPermalink(run);
    const { experiment, epoch, problem } = link;
    if (own !== this.#turn) return;
    [this.#held, this.#heldExperiment] = [run, experiment];
    this.#message.hidden = problem === undefined;
    this.#message.textContent = problem
      ? `The address of this page could not be read: ${problem}. The figures show the default run instead.`
      : '';
    this.#figure.setAttribute('experiment', JSON.stringify(experiment));
    if (epoch !== undefined || problem) this.#figure.setAttribute('epoch', String(epoch ?? 0));
    this.#noteLength(run);
    goWithin(this.#figure, link).then((wrong) => {
      if (own !== this.#turn) return;
      this.#isReading = false;
      if (wrong) [this.#message.hidden, this.#message.textContent] = [false, wrong];
    });
  }

  /** Writes down what the figure shows, when it has come to rest. */
  #write() {
    clearTimeout(this.#writing);
    this.#writing = setTimeout(async () => {
      if (this.#figure.playing || this.#isReading) return;
      if (this.#isFirst) {
        this.#isFirst = false;
        return;
      }
      const own = ++this.#turn;
      const { experiment, epoch, stepOfEpoch } = this.#figure;
      const run = await writePermalink(experiment, epoch, stepOfEpoch);
      if (own !== this.#turn || run === this.#held) return;
      // Another run is a step that the back button takes back; another epoch of the same is not.
      const isSameRun = isSame(complete(this.#heldExperiment), complete(experiment));
      [this.#held, this.#heldExperiment] = [run, experiment];
      const address = run.length <= LONGEST ? run : TOO_LONG;
      if (isSameRun) history.replaceState({ run }, '', address);
      else {
        this.#message.hidden = true;
        history.pushState({ run }, '', address);
      }
      this.#noteLength(run);
    }, WRITE_AFTER);
  }

  /**
   * Says so where a run has become too long for its address.
   * @param {string} run as a link
   */
  #noteLength({ length }) {
    if (length > LONGEST)
      this.#note(
        `A link to this run would be longer than ${count(LONGEST)} characters. A file can hold it.`,
        true,
      );
    else this.#note('');
  }

  /**
   * A note at the foot of the window, until it is put away.
   * @param {string} text empty: none
   * @param {boolean} [canSave] whether it offers to save the run
   */
  #note(text, canSave = false) {
    const notice = this.#notice;
    if (notice.dataset.text === text) return;
    notice.dataset.text = text;
    notice.replaceChildren();
    if (!text) return;
    const words = document.createElement('p');
    words.textContent = text;
    notice.append(words);
    if (canSave) notice.append(button('Save this run as a file', () => this.saveRun()));
    notice.append(button('Close', () => notice.replaceChildren()));
  }

  /** A link was followed, or the reader has gone back or forward. */
  async #goTo() {
    const isNew = history.state === null;
    const run = runOfEntry();
    const isOther = run !== undefined && run !== this.#held;
    if (isNew) history.replaceState({ run: run ?? this.#held }, '');
    if (!isOther) return;
    await this.#show(run);
    if (isNew) this.#figure.scrollIntoView({ block: 'nearest' });
  }

  /** A file may be dropped anywhere, but where something else takes it. */
  #takeDrops() {
    addEventListener('dragover', (event) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    });
    addEventListener('drop', (event) => {
      const file = event.dataTransfer?.files[0];
      if (!file || event.defaultPrevented) return;
      event.preventDefault();
      this.openRun(file);
    });
  }
}

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
