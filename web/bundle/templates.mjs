// Takes out of templates the white space that only their source needs.

/** @typedef {{ type: string, start: number, end: number }} Node */

/** By the template's tag. @type {Record<string, (text: string) => string>} */
const shorten = { html: markup, svg: markup, css: stylesheet };

/**
 * Line breaks stay, for inside a <pre> they count; the indentation goes.
 * @param {string} text
 */
export function markup(text) {
  return text.replace(/\s*\n\s*/g, '\n');
}

/**
 * Strings stay as they are.
 * @param {string} text
 */
export function stylesheet(text) {
  return text.replace(
    /("[^"]*"|'[^']*')|\/\*[\s\S]*?\*\/|\s*([{},;]|:(?=\s))\s*|\s+/g,
    (found, string, mark) => string ?? mark ?? (found.startsWith('/*') ? '' : ' '),
  );
}

/** @type {import('vite').Plugin} */
export const shortTemplates = {
  name: 'backprop-short-templates',
  transform(code, id) {
    if (!/\b(?:html|svg|css)`/.test(code) || id.includes('/node_modules/')) return undefined;
    /** @type {{ start: number, end: number, text: string }[]} */
    const pieces = [];
    visit(this.parse(code), (node) => {
      if (node.type !== 'TaggedTemplateExpression') return;
      const { tag, quasi } = /** @type {any} */ (node);
      const change = shorten[tag.name];
      if (!change) return;
      for (const { start, end, value } of quasi.quasis)
        pieces.push({ start, end, text: change(value.raw) });
    });
    pieces.sort((a, b) => b.start - a.start);
    let short = code;
    for (const { start, end, text } of pieces)
      short = short.slice(0, start) + text + short.slice(end);
    return { code: short, map: null };
  },
};

/**
 * @param {unknown} node
 * @param {(node: Node) => void} act
 */
function visit(node, act) {
  if (typeof node !== 'object' || node === null) return;
  if ('type' in node) act(/** @type {Node} */ (node));
  for (const child of Object.values(node)) visit(child, act);
}
