// Formulas: TeX in the sources of the pages becomes MathML, whose inline styles become classes.
import temml from 'temml';

/** What Temml says in inline styles, and the classes of page.css that say the same. */
const CLASSES = new Map([
  ['display:block math;', ''],
  ['padding-left:0em;padding-right:0em;', 'tight'],
  ['padding-left:1em;padding-right:0em;', 'spaced'],
]);

/** Monospace letters and digits of Unicode's mathematical block, which few fonts have. */
const MONOSPACE = /[\u{1D670}-\u{1D6A3}\u{1D7F6}-\u{1D7FF}]/gu;

/**
 * @param {string} tex without \tag
 * @param {boolean} isDisplay
 * @returns {string} MathML
 * @throws where the TeX is not understood
 */
export function formula(tex, isDisplay) {
  const mathml = temml.renderToString(tex.trim(), { displayMode: isDisplay, throwOnError: true });
  return mathml
    .replace(/<mtext>([^<]*)<\/mtext>/gu, (whole, text) =>
      MONOSPACE.test(text) ? `<mtext class="code">${plainLetters(text)}</mtext>` : whole,
    )
    .replace(/<(\w+)((?: [^<>]*)?) style="([^"]*)"/g, (_, tag, rest, style) =>
      withClass(tag, rest, style),
    );
}

/**
 * @param {string} tex with `\tag{n}` where it has numbers
 * @returns {string} a display with its numbers beside it; it can be linked to as `eq-n`
 */
export function numberedFormula(tex) {
  const numbers = [...tex.matchAll(/\\tag\{(\d+)\}/g)].map(([, number]) => number);
  const parts = partsOf(tex.replace(/\\tag\{\d+\}/g, ''));
  const mathml = parts.map((part) => formula(part, true)).join('');
  const marks = numbers.map((number) => `<span id="eq-${number}">(${number})</span>`).join(' ');
  return `<div class="equation"><div class="formula">${mathml}</div>${marks && `<span class="number">${marks}</span>`}</div>`;
}

/**
 * The formulas that stand side by side in a display, where there is room.
 * @param {string} tex
 */
function partsOf(tex) {
  const parts = tex.split(/\\q?quad(?![a-z])/);
  const isWhole = (/** @type {string} */ part) =>
    part.split('{').length === part.split('}').length && !part.includes('\\begin');
  return parts.every(isWhole) ? parts : [tex];
}

/** @param {string} text */
function plainLetters(text) {
  return text.replace(MONOSPACE, (letter) => {
    const code = letter.codePointAt(0) ?? 0;
    if (code >= 0x1d7f6) return String(code - 0x1d7f6);
    const at = code - 0x1d670;
    return String.fromCharCode(at < 26 ? 65 + at : 97 + at - 26);
  });
}

/**
 * @param {string} tag
 * @param {string} rest its other attributes
 * @param {string} style
 */
function withClass(tag, rest, style) {
  const name = CLASSES.get(style);
  if (name === undefined) throw new Error(`page.css has no class for style="${style}"`);
  if (!name) return `<${tag}${rest}`;
  return rest.includes('class="')
    ? `<${tag}${rest.replace('class="', `class="${name} `)}`
    : `<${tag}${rest} class="${name}"`;
}
