// "Take it away": the run as a link, a tag, a program, its parameters and a picture.
import { html, nothing, render } from 'lit/html.js';
import { complete, difference, isSame } from '../state/experiment.js';
import { count } from '../state/format.js';
import { LANGUAGES } from '../state/listings.js';
import { LONGEST, writePermalink } from '../state/permalink.js';
import { unitName } from '../state/reading.js';
import { VIEWS } from '../state/strings.js';
import {
  MOST_PARAMETERS,
  parametersCsv,
  parametersJson,
  programText,
  tagOf,
} from '../state/take.js';
import { tokens } from '../state/tokens.js';
import { copy, download } from './hand-over.js';
import { dataUri, PICTURES, pngFrom, svgPicture } from './pictures.js';
import { TakeRun } from './take-run.js';

/** @typedef {import('../element/backprop-demo.js').BackpropDemo} BackpropDemo */
/** @typedef {import('../state/listings.js').Language} Language */
/** @typedef {import('./take-run.js').Made} Made */

/**
 * @typedef {object} Actions
 * @property {BackpropDemo} figure the page's run
 * @property {() => void} saveRun
 * @property {(file: File) => void} openRun
 */

/** Milliseconds of rest after which a run is looked at anew, and lines of a program that are shown. */
const REST = 500;
const MOST_LINES = 300;
const NO_MAP = 'There is no map of this run: its rows have not two numbers, or it is too large.';

/** @type {Record<Language, [name: string, type: string]>} */
const FILES = {
  numpy: ['backprop_run.py', 'text/x-python'],
  pytorch: ['backprop_run_torch.py', 'text/x-python'],
  javascript: ['backprop-run.mjs', 'text/javascript'],
  cpp: ['backprop-run.cpp', 'text/plain'],
};

/**
 * @param {HTMLElement} box
 * @param {Actions} actions
 */
export function showTake(box, actions) {
  box.replaceChildren();
  new Take(box, actions);
}

class Take {
  #box;
  #actions;
  #run = new TakeRun();
  #experiment = /** @type {Record<string, unknown>} */ ({});
  #epoch = 0;
  #step = 0;
  #link = '';
  #isLong = false;
  #view = 'overview';
  #isPreviewOpen = false;
  /** @type {Language} */
  #language = 'numpy';
  /** @type {Made | undefined} */
  #made;
  /** What was last done, where, and the text that the clipboard refused. */
  #said = { where: '', words: '', text: '' };
  #picture = PICTURES[0].key;
  #output = 0;
  #isPictureOpen = false;
  /** @type {string | undefined} the picture that is shown; undefined where there is none */
  #shown = '';
  #isDark = matchMedia('(prefers-color-scheme: dark)').matches;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waiting;

  /**
   * @param {HTMLElement} box
   * @param {Actions} actions
   */
  constructor(box, actions) {
    this.#box = box;
    this.#actions = actions;
    actions.figure.addEventListener('backprop-change', () => this.#look());
    this.#draw();
    actions.figure.ready.then(() => this.#look());
  }

  #look() {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => {
      if (!this.#actions.figure.playing) this.#read();
    }, REST);
  }

  async #read() {
    const { figure } = this.#actions;
    const experiment = difference(figure.experiment);
    const isNew = !this.#made || !isSame(experiment, this.#experiment);
    [this.#experiment, this.#epoch, this.#step] = [experiment, figure.epoch, figure.stepOfEpoch];
    const run = await writePermalink(experiment, this.#epoch, this.#step);
    this.#isLong = run.length > LONGEST;
    this.#link = this.#isLong ? '' : new URL(run, location.href).href;
    if (isNew) this.#made = undefined; // it belongs to the run before
    this.#draw();
    if (isNew) {
      const made = await this.#run.prepare(experiment);
      if (experiment !== this.#experiment) return;
      this.#made = made;
    }
    this.#showPicture();
  }

  #draw() {
    render(
      [
        this.#linkBlock(),
        this.#tagBlock(),
        this.#programBlock(),
        this.#numbers(),
        this.#pictures(),
      ],
      this.#box,
    );
  }

  /**
   * @param {string} where
   * @param {string} words
   * @param {string} [text] that could not be copied
   */
  #say(where, words, text = '') {
    this.#said = { where, words, text };
    this.#draw();
    const field = this.#box.querySelector('textarea');
    field?.focus();
    field?.select();
  }

  /**
   * @param {string} where
   * @param {string} what
   * @param {string} text
   */
  async #copy(where, what, text) {
    if (await copy(text)) this.#say(where, `${what} has been copied.`);
    else
      this.#say(
        where,
        'The browser refused the clipboard. The text is selected below: copy it by Ctrl+C, or ⌘C.',
        text,
      );
  }

  /** @param {string} where */
  #status(where) {
    const { words, text } = this.#said.where === where ? this.#said : { words: '', text: '' };
    return html`<p class="said" role="status">${words}</p>
      ${text ? html`<textarea readonly rows="3" aria-label="The text to copy" .value=${text}></textarea>` : nothing}`;
  }

  #linkBlock() {
    const { saveRun, openRun } = this.#actions;
    const chosen = (/** @type {Event} */ event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      if (input.files?.[0]) openRun(input.files[0]);
      input.value = '';
    };
    const isLong = this.#isLong;
    return html`<h3>A link, or a file</h3>
      <p class="small">
        ${
          isLong
            ? `This run is too long for a link of ${count(LONGEST)} characters. A file can hold it.`
            : 'The link holds the whole run and the epoch at which it stands. A file does the same, at any length; drop it on this page, or open it here.'
        }
        ${this.#step > 0 ? 'The run stands within an epoch: the link says so; a file and all that follows are of the epoch’s beginning.' : ''}
      </p>
      <div class="tools">
        <button type="button" ?hidden=${isLong} @click=${() => this.#copy('link', 'The link', this.#link)}>Copy the link</button>
        <button type="button" @click=${saveRun}>Save this run as a file</button>
        <label class="file">Open a run <input type="file" accept=".json,application/json" @change=${chosen} /></label>
      </div>
      ${this.#status('link')}`;
  }

  #tagBlock() {
    const tag = tagOf({ view: this.#view, experiment: this.#experiment, epoch: this.#epoch });
    const isFile = location.protocol === 'file:';
    const script = isFile
      ? 'embed/backprop-demo.js'
      : new URL('embed/backprop-demo.js', location.href).href;
    const whole = `<script src="${script}"></script>\n${tag}`;
    const set = (/** @type {Event} */ event) => {
      this.#view = /** @type {HTMLSelectElement} */ (event.target).value;
      this.#draw();
    };
    const toggled = (/** @type {Event} */ event) => {
      this.#isPreviewOpen = /** @type {HTMLDetailsElement} */ (event.currentTarget).open;
      this.#draw();
    };
    return html`<h3>A figure for your page</h3>
      <p class="small">
        ${isFile ? 'Put the folder embed beside your page. ' : ''}Two lines of HTML; the tag takes the
        width that it is given.
      </p>
      <div class="tools">
        <label>View <select @change=${set}>${VIEWS.map((view) => html`<option ?selected=${view === this.#view}>${view}</option>`)}</select></label>
        <button type="button" @click=${() => this.#copy('tag', 'The tag', whole)}>Copy the tag</button>
      </div>
      ${this.#status('tag')} ${listing('The tag', whole.slice(0, 5000))}
      <details ?open=${this.#isPreviewOpen} @toggle=${toggled}>
        <summary>Preview of the figure</summary>
        ${this.#isPreviewOpen ? preview(tag) : nothing}
      </details>`;
  }

  #programBlock() {
    return html`<h3>A program</h3>
      <p class="small">It trains the run from its beginning, with nothing of this page, and prints its loss.</p>
      <div class="tools" role="group" aria-label="Language">
        ${Object.entries(LANGUAGES).map(
          ([key, name]) => html`<button type="button" aria-pressed=${key === this.#language}
            @click=${() => {
              this.#language = /** @type {Language} */ (key);
              this.#draw();
            }}>${name}</button>`,
        )}
      </div>
      <div class="program">${this.#program()}</div>`;
  }

  /** What the program does, as far as its loss. */
  #outcome() {
    const { epochs, batchSize } = complete(this.#experiment);
    const guess = { end: epochs, last: batchSize ? epochs : epochs - 1 };
    const { end, last, isStopped, isExact } = { ...guess, ...this.#made?.course };
    if (isStopped)
      return `A stop condition ends it at ${isExact ? '' : 'about '}epoch ${count(last)} of ${count(end)}, and it prints the loss there`;
    return last === end
      ? `It trains ${count(end)} epochs in mini-batches, and prints the loss of the whole training set after them`
      : `It trains ${count(end)} epochs and prints the loss of the last forward pass, at epoch ${count(last)}`;
  }

  /** While the run is trained everything has its place already, so that nothing moves. */
  #program() {
    const { problem, first, course } = this.#made ?? {};
    if (problem) return html`<p class="small" id="program-problem">${problem}</p>`;
    const { text, notes } =
      first && course
        ? programText(this.#experiment, first, course, this.#language)
        : { text: '', notes: [] };
    const lines = text.split('\n');
    const [name, type] = FILES[this.#language];
    return html`${notes.length > 0 ? html`<p class="small">${notes.join(' ')}</p>` : nothing}
      <p class="small">
        ${this.#outcome()}: <data id=${course ? 'program-loss' : nothing}>${course?.loss ?? '…'}</data>.
        Digits beyond these depend on rounding.
        ${lines.length > MOST_LINES ? `The first ${MOST_LINES} of ${count(lines.length)} lines are shown.` : ''}
      </p>
      <div class="tools">
        <button type="button" ?disabled=${!first} @click=${() => this.#copy('program', 'The program', text)}>Copy the program</button>
        <button type="button" ?disabled=${!first} @click=${() => download(name, type, text)}>Save ${name}</button>
      </div>
      ${this.#status('program')}
      ${listing(`The program in ${LANGUAGES[this.#language]}`, lines.slice(0, MOST_LINES).join('\n'))}`;
  }

  #numbers() {
    const take = async (/** @type {'json' | 'csv'} */ kind) => {
      const { snapshot, info } = await this.#run.read(this.#experiment, this.#epoch, {
        trace: true,
      });
      if (!snapshot.trace || info.parameterCount > MOST_PARAMETERS) {
        this.#say(
          'numbers',
          `There are more than ${count(MOST_PARAMETERS)} parameters: too many for a file made here.`,
        );
        return;
      }
      if (kind === 'json')
        download(
          'backprop-parameters.json',
          'application/json',
          parametersJson(this.#experiment, snapshot),
        );
      else download('backprop-parameters.csv', 'text/csv', parametersCsv(snapshot));
      this.#say('numbers', `The parameters at epoch ${count(snapshot.epoch)} have been saved.`);
    };
    return html`<h3>Its parameters</h3>
      <p class="small">All weights and biases at epoch ${count(this.#epoch)}, to their last digit.</p>
      <div class="tools">
        <button type="button" @click=${() => take('json')}>Save as JSON</button>
        <button type="button" @click=${() => take('csv')}>Save as CSV</button>
      </div>
      ${this.#status('numbers')}`;
  }

  /** Which output the map is of, where there are several. */
  #outputs() {
    const info = this.#made?.info;
    if (!info || info.outputs < 2) return nothing;
    return html`<label>Output <select @change=${(/** @type {Event} */ event) => {
      this.#output = Number(/** @type {HTMLSelectElement} */ (event.target).value);
      this.#showPicture();
    }}>${Array.from(
      { length: info.outputs },
      (_, i) =>
        html`<option value=${i} ?selected=${i === this.#output}>${unitName(info, info.layers.length, i)}</option>`,
    )}</select></label>`;
  }

  /** The picture that is chosen; undefined where there is none. */
  async #svg() {
    const picture = PICTURES.find(({ key }) => key === this.#picture) ?? PICTURES[0];
    const [experiment, epoch] = [this.#experiment, this.#epoch];
    const output = Math.min(this.#output, (this.#made?.info.outputs ?? 1) - 1);
    const scene =
      picture.key === 'loss'
        ? await this.#run.readWhole(experiment, epoch)
        : await this.#run.read(experiment, epoch, { units: true, output });
    return svgPicture(picture, scene, this.#isDark);
  }

  async #showPicture() {
    this.#draw();
    if (!this.#isPictureOpen) return;
    this.#shown = await this.#svg();
    this.#draw();
  }

  #pictures() {
    const take = async (/** @type {'svg' | 'png'} */ kind) => {
      const name = `backprop-${this.#picture}.${kind}`;
      const svg = await this.#svg();
      if (!svg) {
        this.#say('picture', NO_MAP);
        return;
      }
      if (kind === 'svg') download(name, 'image/svg+xml', svg);
      else download(name, 'image/png', await pngFrom(svg));
      this.#say('picture', `${name} has been saved.`);
    };
    const toggled = (/** @type {Event} */ event) => {
      this.#isPictureOpen = /** @type {HTMLDetailsElement} */ (event.currentTarget).open;
      this.#showPicture();
    };
    const about = `The picture at epoch ${count(this.#epoch)}`;
    return html`<h3>A picture</h3>
      <p class="small">As it stands at epoch ${count(this.#epoch)}. An SVG stays sharp at every size; a PNG goes anywhere.</p>
      <div class="tools">
        <label>Picture <select @change=${(/** @type {Event} */ event) => {
          this.#picture = /** @type {HTMLSelectElement} */ (event.target).value;
          this.#showPicture();
        }}>${PICTURES.map(({ key, name }) => html`<option value=${key}>${name}</option>`)}</select></label>
        ${this.#picture === 'map' ? this.#outputs() : nothing}
        <label>Colours <select @change=${(/** @type {Event} */ event) => {
          this.#isDark = /** @type {HTMLSelectElement} */ (event.target).value === 'dark';
          this.#showPicture();
        }}>${['light', 'dark'].map(
          (scheme) =>
            html`<option ?selected=${this.#isDark === (scheme === 'dark')}>${scheme}</option>`,
        )}</select></label>
        <button type="button" @click=${() => take('svg')}>Save as SVG</button>
        <button type="button" @click=${() => take('png')}>Save as PNG</button>
      </div>
      ${this.#status('picture')}
      <details ?open=${this.#isPictureOpen} @toggle=${toggled}>
        <summary>Preview of the picture</summary>
        ${this.#shown === undefined ? html`<p class="small">${NO_MAP}</p>` : shown(this.#shown, about)}
      </details>`;
  }
}

/**
 * @param {string} svg empty while it is made
 * @param {string} about
 */
function shown(svg, about) {
  return svg ? html`<img class="picture" src=${dataUri(svg)} alt=${about} />` : nothing;
}

/**
 * The very tag, with a run of its own.
 * @param {string} tag
 */
function preview(tag) {
  return html`<div class="preview" .innerHTML=${tag}></div>`;
}

/**
 * @param {string} label
 * @param {string} text
 */
function listing(label, text) {
  const mark = (/** @type {{ kind: string, text: string }} */ { kind, text }) =>
    kind ? html`<span class=${kind}>${text}</span>` : text;
  const lines = text.split('\n').map((line) => [...tokens(line).map(mark), '\n']);
  return html`<pre class="listing" tabindex="0" role="group" aria-label=${label}><code>${lines}</code></pre>`;
}
