// Makes templates small: takes out the white space that only their source needs, and puts them side by
// side, where compression finds what they have in common.

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

/** What stands between two strings of a template. */
const HOLE = '$' + '{0}';

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
    return { code: edited(code, pieces), map: null };
  },
};

/**
 * Each template's strings become a constant in the beginning, style rules first, and the template a
 * call with them: to a tag, which sees the same strings at each call, that is the same. It is for what
 * is one large file; in small ones the calls weigh more than is won.
 * @type {import('vite').Plugin}
 */
export const gatheredTemplates = {
  name: 'backprop-gathered-templates',
  renderChunk(code, _chunk, { format }) {
    /** @type {any[]} */
    const found = [];
    /** @type {any[]} */
    const functions = [];
    visit(this.parse(code), (/** @type {any} */ node) => {
      if (node.type === 'TaggedTemplateExpression' && node.tag.type === 'Identifier')
        found.push(node);
      if (node.type === 'FunctionExpression') functions.push(node);
    });
    // What is no module is all in one function.
    const start = format === 'iife' ? functions[0].body.start + 1 : 0;
    if (found.length === 0) return undefined;
    /** @type {{ start: number, end: number, text: string }[]} */
    const edits = [];
    /** @type {string[]} */
    const styles = [];
    /** @type {string[]} */
    const others = [];
    for (const [i, { tag, quasi, end }] of found.entries()) {
      const name = `template_${i}`;
      const { quasis, expressions } = quasi;
      const strings = quasis.map((/** @type {Node} */ part) => code.slice(part.start, part.end));
      const texts = strings.join(HOLE);
      const constant = `const ${name} = stringsOf\`${texts}\`;`;
      (tag.name.startsWith('css') ? styles : others).push(constant);
      let from = tag.end;
      let before = `(${name}`;
      for (const expression of expressions) {
        edits.push({ start: from, end: expression.start, text: `${before}, (` });
        from = expression.end;
        before = ')';
      }
      edits.push({ start: from, end, text: `${before})` });
    }
    const constants = [...styles, ...others].join('\n');
    const first = `\nconst stringsOf = (strings) => strings;\n${constants}\n`;
    return { code: edited(code, [...edits, { start, end: start, text: first }]), map: null };
  },
};

/**
 * @param {string} code
 * @param {{ start: number, end: number, text: string }[]} edits that do not overlap
 */
function edited(code, edits) {
  let result = '';
  let done = 0;
  for (const { start, end, text } of edits.sort((a, b) => a.start - b.start)) {
    result += code.slice(done, start) + text;
    done = end;
  }
  return result + code.slice(done);
}

/**
 * @param {unknown} node
 * @param {(node: Node) => void} act
 */
function visit(node, act) {
  if (typeof node !== 'object' || node === null) return;
  if ('type' in node) act(/** @type {Node} */ (node));
  for (const child of Object.values(node)) visit(child, act);
}
