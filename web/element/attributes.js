// The element's attributes: how they are read, and the properties that mirror them.
import { LitElement } from 'lit';
import { parseEpoch, parseExperiment } from '../state/experiment.js';
import { VIEWS } from '../state/strings.js';

const isMirrored = { noAccessor: true };

export class AttributedElement extends LitElement {
  static properties = {
    view: isMirrored,
    experiment: isMirrored,
    epoch: isMirrored,
    theme: isMirrored,
    group: isMirrored,
    autoplay: isMirrored,
  };

  get view() {
    return this.getAttribute('view') ?? 'overview';
  }

  set view(names) {
    this.#write('view', names);
  }

  /** The experiment as it was given: an object, or JSON that describes one. */
  get experiment() {
    return this.readExperiment().experiment;
  }

  set experiment(value) {
    const isText = typeof value === 'string' || value === null || value === undefined;
    this.#write('experiment', isText ? value : JSON.stringify(value));
  }

  get epoch() {
    return this.readEpoch() ?? 0;
  }

  set epoch(value) {
    this.#write('epoch', value);
  }

  get theme() {
    return this.getAttribute('theme') ?? 'auto';
  }

  set theme(name) {
    this.#write('theme', name);
  }

  get group() {
    return this.getAttribute('group') ?? '';
  }

  set group(name) {
    this.#write('group', name);
  }

  get autoplay() {
    return this.hasAttribute('autoplay');
  }

  set autoplay(value) {
    this.toggleAttribute('autoplay', Boolean(value));
  }

  /** What the attribute says, or the default run and what is wrong with the attribute. */
  readExperiment() {
    const parsed = parseExperiment(this.getAttribute('experiment') ?? '{}');
    if ('experiment' in parsed) return { experiment: parsed.experiment, message: '' };
    return { experiment: {}, message: `experiment: ${parsed.message}` };
  }

  /** Undefined where the attribute is no epoch. */
  readEpoch() {
    return parseEpoch(this.getAttribute('epoch') ?? 0);
  }

  /** The views that there are, the overview if there is none; and the first name that is none. */
  readViews() {
    const names = this.view.split(/\s+/).filter(Boolean);
    const known = names.filter((name) => VIEWS.includes(name));
    return {
      known: known.length > 0 ? known : ['overview'],
      unknown: names.find((name) => !VIEWS.includes(name)),
    };
  }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  #write(name, value) {
    if (value === null || value === undefined) this.removeAttribute(name);
    else this.setAttribute(name, String(value));
  }
}
