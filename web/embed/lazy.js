// The element's start: it defines `<backprop-demo>`, takes the room that the figure will need, and
// fetches the rest when the figure comes near the viewport. What is asked of it before is done then.
import { ATTRIBUTES, takeProperties, withAttributes } from '../element/attributes.js';
import { roomFor } from './room.js';

/** @typedef {import('../element/backprop-demo.js').BackpropDemo} BackpropDemo */
/** @typedef {import('../element/public.js').BackpropDemoElement} BackpropDemoElement */

/** Distance from the viewport at which the rest is fetched. */
const NEAR = '800px';
/** The name of the whole element inside this one. */
const WHOLE = 'backprop-demo-figure';
const COPIED = [...ATTRIBUTES, 'data-docs'];

// Next to this file. A module has no script of its own; there the name is relative to the module.
const own = /** @type {HTMLScriptElement | null} */ (document.currentScript)?.src;
const address = own ? new URL(FIGURE_FILE, own).href : FIGURE_FILE;

/** @type {Promise<string[]> | undefined} */
let fetching;

/**
 * Fetches and defines the whole element, once for the page; after a failure it may be tried again.
 * @returns the names of its parts
 */
function fetchWhole() {
  fetching ??= import(/* @vite-ignore */ address).then(
    ({ BackpropDemo }) => {
      customElements.define(WHOLE, BackpropDemo);
      return BackpropDemo.partNames;
    },
    (error) => {
      fetching = undefined;
      throw error;
    },
  );
  return fetching;
}

/** @implements {BackpropDemoElement} */
class LazyBackpropDemo extends withAttributes(HTMLElement) {
  static observedAttributes = COPIED;

  #shadow = this.attachShadow({ mode: 'open' });
  #style = new CSSStyleSheet();
  #width = 0;
  /** @type {BackpropDemo | undefined} */
  #figure;
  /** @type {() => void} */
  #arrive = () => {};
  /** Resolved when the figure is there, or cannot be had. @type {Promise<void>} */
  #arrival = new Promise((resolve) => {
    this.#arrive = resolve;
  });
  #resizes = new ResizeObserver(([{ contentRect }]) => this.#makeRoom(contentRect.width));
  #nearness = new IntersectionObserver(
    (entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) this.#fetch();
    },
    { rootMargin: NEAR },
  );
  #mirror = new MutationObserver((records) => {
    for (const { attributeName } of records)
      if (attributeName && this.#figure) copy(attributeName, this.#figure, this);
  });

  constructor() {
    super();
    this.#shadow.adoptedStyleSheets = [this.#style];
    this.#shadow.append(document.createElement('slot'));
    this.#makeRoom(0);
  }

  get experiment() {
    return this.#figure?.experiment ?? super.experiment;
  }

  set experiment(value) {
    super.experiment = value;
  }

  get epoch() {
    return this.#figure?.epoch ?? super.epoch;
  }

  set epoch(value) {
    super.epoch = value;
  }

  get stepOfEpoch() {
    return this.#figure?.stepOfEpoch ?? 0;
  }

  get loss() {
    return this.#figure?.loss ?? Number.NaN;
  }

  get diverged() {
    return this.#figure?.diverged ?? false;
  }

  get playing() {
    return this.#figure?.playing ?? false;
  }

  get ready() {
    return this.#figure?.ready ?? this.#arrival.then(() => this.#figure?.ready);
  }

  play() {
    return this.#command((figure) => figure.play());
  }

  pause() {
    return this.#command((figure) => figure.pause());
  }

  /** @param {number} [epochs] */
  step(epochs) {
    return this.#command((figure) => figure.step(epochs));
  }

  /**
   * @param {number} epoch
   * @param {number} [step]
   */
  seek(epoch, step) {
    return this.#command((figure) => figure.seek(epoch, step));
  }

  reset() {
    return this.#command((figure) => figure.reset());
  }

  connectedCallback() {
    takeProperties(this);
    this.#makeRoom(this.clientWidth); // before it is painted for the first time
    this.#resizes.observe(this);
    if (!this.#figure) this.#nearness.observe(this);
  }

  disconnectedCallback() {
    this.#resizes.disconnect();
    this.#nearness.disconnect();
  }

  /** @param {string} name */
  attributeChangedCallback(name) {
    if (name === 'view') this.#makeRoom(this.#width);
    if (this.#figure) copy(name, this, this.#figure);
  }

  /** @param {number} width */
  #makeRoom(width) {
    this.#width = width;
    const room = `${roomFor(this.view, width)}px`;
    this.#style.replaceSync(
      `:host { display: block; min-block-size: var(--backprop-reserve, ${room}) }
      :host([hidden]) { display: none }`,
    );
  }

  async #fetch() {
    this.#nearness.disconnect();
    try {
      this.#show(await fetchWhole());
    } catch (error) {
      const message = `The figure could not be loaded: ${error}.`;
      this.#shadow.replaceChildren(document.createElement('slot'), message);
      const detail = { message, path: 'view' };
      const options = { detail, bubbles: true, composed: true };
      this.dispatchEvent(new CustomEvent('backprop-error', options));
    }
    this.#arrive();
  }

  /**
   * The whole element takes this one's place; what is between the tags goes on inside it.
   * @param {string[]} partNames
   */
  #show(partNames) {
    const figure = /** @type {BackpropDemo} */ (document.createElement(WHOLE));
    for (const name of COPIED) copy(name, this, figure);
    figure.setAttribute('exportparts', partNames.join());
    figure.append(document.createElement('slot'));
    this.#figure = figure;
    this.#mirror.observe(figure, { attributeFilter: COPIED });
    this.#shadow.replaceChildren(figure);
  }

  /** @param {(figure: BackpropDemo) => Promise<void>} act */
  async #command(act) {
    await this.#arrival;
    if (this.#figure) await act(this.#figure);
  }
}

/**
 * @param {string} name of an attribute
 * @param {Element} from
 * @param {Element} to
 */
function copy(name, from, to) {
  const value = from.getAttribute(name);
  if (value === to.getAttribute(name)) return;
  if (value === null) to.removeAttribute(name);
  else to.setAttribute(name, value);
}

if (!customElements.get('backprop-demo')) customElements.define('backprop-demo', LazyBackpropDemo);
