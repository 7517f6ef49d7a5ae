// The step as code: its lines with the current ones marked, and the whole program below.
import { guard } from 'lit/directives/guard.js';
import { html, nothing } from 'lit/html.js';
import { codeOf, LANGUAGES, program, textOf } from '../state/listings.js';
import { tokens } from '../state/tokens.js';
import { css } from './css.js';

/** @typedef {import('./step-frame.js').Frame} Frame */
/** @typedef {import('./step-frame.js').StepUi} StepUi */
/** @typedef {import('../state/listings.js').Language} Language */

/**
 * @param {Frame} frame
 * @param {StepUi} ui
 * @param {import('../state/types.js').Snapshot} snapshot
 * @param {(change: Partial<StepUi>) => void} onChange
 */
export function codeView(frame, { language, isProgramOpen }, snapshot, onChange) {
  const names = /** @type {[Language, string][]} */ (Object.entries(LANGUAGES));
  const toggled = (/** @type {Event} */ event) =>
    onChange({ isProgramOpen: /** @type {HTMLDetailsElement} */ (event.currentTarget).open });
  return html`
    <div class="toggle languages" role="group" aria-label="Language">
      ${names.map(
        ([key, name]) => html`<button type="button" aria-pressed=${key === language}
          @click=${() => onChange({ language: key })}>${name}</button>`,
      )}
    </div>
    <pre class="code" tabindex="0" role="group" aria-label="The step in ${LANGUAGES[language]}"><code>${codeOf(frame.step, language).map((line) => lineView(frame, line))}</code></pre>
    <details class="program" ?open=${isProgramOpen} @toggle=${toggled}>
      <summary>The whole program, from epoch ${snapshot.epoch} on</summary>
      ${isProgramOpen ? guard([snapshot, language], () => whole(program(frame.step, startOf(frame, snapshot), language), language)) : nothing}
    </details>
  `;
}

/**
 * @param {import('../state/listings.js').Program} made
 * @param {Language} language
 */
function whole(made, language) {
  return html`${made.notes.map((note) => html`<p class="note">${note}</p>`)}
    <pre class="code" tabindex="0" role="group" aria-label="The program in ${LANGUAGES[language]}"><code>${textOf(
      made,
    )
      .split('\n')
      .map((text) => html`<span class="line">${plainTokens(text)}</span>`)}</code></pre>`;
}

/** @param {string} text */
const plainTokens = (text) =>
  tokens(text).map(({ kind, text }) => (kind ? html`<span class=${kind}>${text}</span>` : text));

/**
 * @param {Frame} frame
 * @param {import('../state/types.js').Snapshot} snapshot
 * @returns {import('../state/listings.js').Start}
 */
function startOf({ arrays, experiment }, { epoch }) {
  const rows = (/** @type {string} */ name) => {
    const { cols, rows, values } = arrays.get(name) ?? { cols: 0, rows: 0, values: [] };
    return Array.from({ length: rows }, (_, i) =>
      Array.from(values.slice(i * cols, (i + 1) * cols)),
    );
  };
  const names = experiment.layers.flatMap((_, i) => [`W${i + 1}`, `b${i + 1}`]);
  return {
    epoch,
    end: Math.max(experiment.epochs, epoch + 1),
    X: rows('X'),
    y: rows('y'),
    parameters: Object.fromEntries(names.map((name) => [name, rows(name)])),
  };
}

/**
 * @param {Frame} frame
 * @param {import('../state/listings.js').Code} line
 */
function lineView({ stop, focus, sum }, { text, arrays = [] }) {
  const isHere = arrays.some((name) => stop.made.includes(name));
  const isNow = arrays.includes(focus.name);
  const used = new Set(sum.flatMap((part) => (typeof part === 'string' ? [] : [part.name])));
  const own = focus.name.replace('new_', '');
  const mark = (/** @type {{ kind: string, text: string }} */ { kind, text }) => {
    const lit = isNow && used.has(text) ? 'lit' : '';
    const chosen = isNow && !lit && text === own ? 'picked' : '';
    const classes = `${kind} ${lit}${chosen}`.trim();
    return classes ? html`<span class=${classes}>${text}</span>` : text;
  };
  const classes = `line${isHere ? ` at-stop ${stop.way}` : ''}${isNow ? ' current' : ''}`;
  return html`<span class=${classes} aria-current=${isNow ? 'step' : nothing}>${tokens(text).map(mark)}</span>`;
}

export const codeStyles = css`
  .languages {
    display: flex;
    flex-wrap: wrap;
    gap: 2px;
    margin-block-end: 8px;
  }
  @container (inline-size < 560px) {
    .languages button {
      padding-inline: 7px;
    }
  }
  .code {
    margin: 0;
    overflow-x: auto;
    font: 12.5px / 20px var(--mono);
    tab-size: 4;
  }
  .code code {
    display: inline-block;
    min-inline-size: 100%;
    font: inherit;
  }
  .line {
    display: block;
    min-block-size: 12px;
    padding-inline: 10px;
    border-inline-start: 3px solid transparent;
    white-space: pre;
    color: var(--quiet);
  }
  .line.at-stop {
    color: var(--ink);
    border-color: var(--way);
    background: color-mix(in srgb, var(--way) 7%, transparent);
  }
  .line.current {
    background: color-mix(in srgb, var(--way) 15%, transparent);
  }
  .line.current:not(.at-stop) {
    color: var(--ink);
    background: var(--rule);
  }
  .line .lit {
    border-radius: 3px;
    color: var(--ink);
  }
  .line .picked {
    font-weight: 700;
    color: var(--ink);
  }
  .keyword {
    font-weight: 600;
  }
  .comment {
    font-style: italic;
  }
  .program {
    margin-block-start: 10px;
  }
  .program .code {
    max-block-size: 420px;
    margin-block-start: 8px;
    overflow: auto;
  }
  .program .line {
    color: var(--ink);
  }
  @media (forced-colors: active) {
    .line.current {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
    .line.current span {
      color: HighlightText;
      background: none;
    }
  }
`;
