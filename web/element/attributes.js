// The element's attributes: how they are read, and the properties that mirror them.
import { parseEpoch, parseExperiment } from '../state/experiment.js';

export const ATTRIBUTES = ['view', 'experiment', 'epoch', 'theme', 'group', 'autoplay'];

/**
 * An element with these attributes and their properties.
 * @template {new (...given: any[]) => HTMLElement} T
 * @param {T} Base
 */
export function withAttributes(Base) {
  return class extends Base {
    get view() {
      return this.getAttribute('view') ?? 'overview';
    }

    set view(names) {
      write(this, 'view', names);
    }

    /** The experiment as it was given: an object, or JSON that describes one. */
    get experiment() {
      return this.readExperiment().experiment;
    }

    set experiment(value) {
      const isText = typeof value === 'string' || value === null || value === undefined;
      write(this, 'experiment', isText ? value : JSON.stringify(value));
    }

    get epoch() {
      return this.readEpoch() ?? 0;
    }

    set epoch(value) {
      write(this, 'epoch', value);
    }

    get theme() {
      return this.getAttribute('theme') ?? 'auto';
    }

    set theme(name) {
      write(this, 'theme', name);
    }

    get group() {
      return this.getAttribute('group') ?? '';
    }

    set group(name) {
      write(this, 'group', name);
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
  };
}

/**
 * What was set on the tag before it had a meaning.
 * @param {HTMLElement} element
 */
export function takeProperties(element) {
  for (const name of ATTRIBUTES) {
    if (!Object.hasOwn(element, name)) continue;
    const value = Reflect.get(element, name);
    Reflect.deleteProperty(element, name);
    Reflect.set(element, name, value);
  }
}

/**
 * @param {Element} element
 * @param {string} name of an attribute
 * @param {unknown} value
 */
function write(element, name, value) {
  if (value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, String(value));
}
