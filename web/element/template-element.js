// An element that draws a template into its shadow root, once for however much has changed.
import { render } from 'lit/html.js';

/** @type {Map<string, CSSStyleSheet>} by their text, for all elements */
const sheets = new Map();

/** @param {string} text */
function sheetOf(text) {
  const sheet = sheets.get(text) ?? new CSSStyleSheet();
  if (!sheets.has(text)) sheet.replaceSync(text);
  sheets.set(text, sheet);
  return sheet;
}

export class TemplateElement extends HTMLElement {
  renderRoot = this.attachShadow({ mode: 'open' });
  /** @type {import('lit/html.js').RootPart | undefined} */
  #content;
  /** @type {Promise<void> | undefined} until it is drawn */
  #drawing;

  connectedCallback() {
    this.#content?.setConnected(true);
    this.requestUpdate();
  }

  disconnectedCallback() {
    this.#content?.setConnected(false);
  }

  /** What is drawn. @returns {unknown} */
  render() {
    return undefined;
  }

  /** After it has been drawn. */
  updated() {}

  /** Until when the next drawing waits. @returns {Promise<void> | undefined} */
  whenToDraw() {
    return undefined;
  }

  requestUpdate() {
    this.#drawing ??= this.#draw();
  }

  async #draw() {
    await this.whenToDraw();
    this.#drawing = undefined;
    this.#content = render(this.render(), this.renderRoot);
    this.updated();
  }

  /** Resolved when there is nothing left to draw. */
  get updateComplete() {
    return this.getUpdateComplete();
  }

  async getUpdateComplete() {
    while (this.#drawing) await this.#drawing;
  }

  /** @param {string[]} texts the later ones count more */
  useStyles(texts) {
    this.renderRoot.adoptedStyleSheets = texts.map(sheetOf);
  }
}
