// The figure's frame: colours, type, and how its parts stand together at any width.
import { classStyles } from '../views/classes.js';
import { controlsStyles } from '../views/controls.js';
import { css } from '../views/css.js';
import { curveStyles } from '../views/curve.js';
import { lossStyles } from '../views/loss.js';
import { networkStyles } from '../views/network.js';
import { predictionsStyles } from '../views/predictions.js';
import { rowsStyles } from '../views/rows.js';
import { scrubberStyles } from '../views/scrubber.js';

const frameStyles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  :host([hidden]) {
    display: none;
  }
  .figure {
    --paper: var(--backprop-paper, #fcfbf8);
    --ink: var(--backprop-ink, #1c2127);
    --quiet: var(--backprop-quiet, #59636e);
    --rule: var(--backprop-rule, #dcdfe3);
    --line: var(--backprop-line, #8b949e);
    --faint: var(--backprop-faint, #b4bac1);
    --positive: var(--backprop-positive, #2166ac);
    --negative: var(--backprop-negative, #b35806);
    --neutral: var(--backprop-neutral, #f5f2ec);
    --backward: var(--backprop-backward, #a21caf);
    --focus: var(--backprop-focus, #2166ac);
    --prose: var(--backprop-font-prose, Charter, 'Sitka Text', Cambria, Georgia, serif);
    --ui: var(--backprop-font-ui, system-ui, sans-serif);
    --mono: var(--backprop-font-mono, ui-monospace, Menlo, Consolas, monospace);
    --positive-text: var(--positive);
    --negative-text: var(--negative);
    color-scheme: light;
    background: var(--paper);
    color: var(--ink);
    font-family: var(--ui);
    font-size: 14px;
    line-height: 20px;
    text-align: start;
    font-variant-numeric: tabular-nums;
  }
  .figure.dark {
    --paper: var(--backprop-paper, #15181c);
    --ink: var(--backprop-ink, #e7e9ec);
    --quiet: var(--backprop-quiet, #9aa4af);
    --rule: var(--backprop-rule, #2b3138);
    --line: var(--backprop-line, #6b757f);
    --faint: var(--backprop-faint, #4a525b);
    --positive: var(--backprop-positive, #74b3e0);
    --negative: var(--backprop-negative, #f0a35e);
    --neutral: var(--backprop-neutral, #22272d);
    --backward: var(--backprop-backward, #e879f9);
    --focus: var(--backprop-focus, #74b3e0);
    color-scheme: dark;
  }
  @media (forced-colors: active) {
    .figure,
    .figure.dark {
      --paper: Canvas;
      --ink: CanvasText;
      --quiet: CanvasText;
      --rule: GrayText;
      --line: ButtonBorder;
      --faint: GrayText;
      --positive-text: CanvasText;
      --negative-text: CanvasText;
      --backward: LinkText;
      --focus: Highlight;
      color-scheme: light dark;
    }
  }
  .figure {
    display: grid;
    gap: 24px 40px;
  }
  .part {
    min-inline-size: 0;
  }
  .n {
    font-family: var(--mono);
    font-size: 0.93em;
    font-size: round(up, 0.92em, 1px); /* few sizes, for each takes its time to set up */
  }
  .label {
    margin: 0 0 10px;
    font: 600 12px / 20px var(--ui);
    letter-spacing: 0.06em;
    text-transform: uppercase;
    color: var(--quiet);
  }
  .own-case {
    text-transform: none;
    letter-spacing: 0;
    font-weight: 400;
  }
  .note {
    margin: 6px 0 0;
    font-size: 13px;
    color: var(--quiet);
  }
  .problem {
    margin: 0;
    padding: 10px 14px;
    border-inline-start: 3px solid var(--negative);
    background: color-mix(in srgb, var(--negative) 9%, transparent);
  }
  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  :is(button, select, summary, td, input, .scroll, .listing):focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }
  @container (inline-size >= 560px) {
    .figure.mapped {
      grid-template-columns: minmax(0, 1fr) minmax(240px, 0.8fr);
    }
    .loss-part,
    .controls-part,
    .problem,
    .check-part,
    .seeds-part,
    .why-part,
    .shares-part,
    .landscape-part,
    .mistakes-part,
    .networked .rows-part {
      grid-column: 1 / -1;
    }
  }
  @container (inline-size >= 900px) {
    .figure.mapped.networked {
      grid-template-columns: minmax(0, 1fr) 286px 280px;
    }
    .figure.mapped.networked.several {
      grid-template-columns: minmax(0, 1fr) 286px 340px;
    }
    .networked .rows-part {
      grid-column: auto;
    }
  }
`;

/** After the views' own rules. */
export const printStyles = css`
  @media print {
    .figure {
      --paper: var(--backprop-paper, #fff);
    }
    .part {
      break-inside: avoid;
    }
    .controls,
    .choose,
    .toggle,
    .hint {
      display: none;
    }
  }
`;

/** All but print's. */
export const styles = [
  frameStyles,
  networkStyles,
  predictionsStyles,
  classStyles,
  curveStyles,
  rowsStyles,
  lossStyles,
  scrubberStyles,
  controlsStyles,
];
