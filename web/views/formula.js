// Formulas: from the notation of state/functions.js, with `@` for the product of matrices, `.T` for
// the transpose and `sum_s(…)` for sums, to MathML in the notation of docs/mathematics.md.
import { mathml } from 'lit/html.js';

/** @typedef {{ op: string, of: Node[] }} Node */

const TOKEN = /\s*(\.T|\*\*|<=|[a-zA-Z_]\w*|\d+(?:\.\d+)?(?:e-?\d+)?|[-+*/@(),<>])/y;

/** How tightly an operator binds. @type {Record<string, number>} */
const BINDS = { '<': 1, '<=': 1, '>': 1, '+': 2, '-': 2, '*': 3, '@': 3, '/': 3, '**': 5, '.T': 6 };

/** @param {string} text @returns {Node} */
function parse(text) {
  /** @type {string[]} */
  const tokens = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) tokens.push(match[1]);
  let at = 0;
  /** @param {number} least @returns {Node} */
  const expression = (least) => {
    let left = prefix();
    while (BINDS[tokens[at]] > least) {
      const op = tokens[at++];
      left = { op, of: op === '.T' ? [left] : [left, expression(BINDS[op])] };
    }
    return left;
  };
  /** @returns {Node} */
  const prefix = () => {
    const token = tokens[at++];
    if (token === '-') return { op: 'minus', of: [expression(2)] };
    if (token === '(') {
      const inner = expression(0);
      at++;
      return inner;
    }
    if (tokens[at] !== '(') return { op: token, of: [] };
    /** @type {Node} */
    const call = { op: `${token}()`, of: [] };
    while (tokens[at++] !== ')') call.of.push(expression(0));
    return call;
  };
  return expression(0);
}

const GREEK = /** @type {Record<string, string>} */ ({
  eta: 'η',
  rate: 'η',
  mu: 'μ',
  pi: 'π',
  loss: 'L',
});

/** @param {string} name @param {unknown} [power] */
function symbol(name, power) {
  const raised = (/** @type {unknown} */ base) =>
    power ? mathml`<msup>${base}${power}</msup>` : base;
  if (/^d_/.test(name)) return raised(mathml`<mi class="n">${name}</mi>`);
  if (/^\d/.test(name)) return raised(mathml`<mn>${name.replace(/(\.\d{4})\d+/, '$1')}</mn>`);
  const [, letters, digit] = /** @type {RegExpExecArray} */ (/^([a-zA-Z]+)(\d*)$/.exec(name));
  const base = mathml`<mi>${letters === 'l' ? 'λ' : (GREEK[letters] ?? letters)}</mi>`;
  if (!digit) return raised(base);
  return power
    ? mathml`<msubsup>${base}<mn>${digit}</mn>${power}</msubsup>`
    : mathml`<msub>${base}<mn>${digit}</mn></msub>`;
}

/** Whether it is one number, not an array. @param {Node} node @returns {boolean} */
function isScalar({ op, of }) {
  return of.length > 0 && !op.endsWith('()')
    ? of.every(isScalar)
    : /^(\d.*|n|t|eta|rate|l\d|pi)$/.test(op);
}

/** @param {Node} a @param {Node} b */
const isSame = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** @param {Node} node @returns {boolean} */
const isTall = ({ op, of }) => /^(\/|where|sqrt)/.test(op) || of.some(isTall);

/** @param {unknown} inner @param {Node} node what it shows */
function bracketed(inner, node) {
  const grows = isTall(node) ? 'true' : 'false';
  return mathml`<mrow><mo stretchy=${grows}>(</mo>${inner}<mo stretchy=${grows}>)</mo></mrow>`;
}

/** @type {Record<string, (of: Node[]) => unknown>} */
const CALLS = {
  'exp()': ([x]) => mathml`<msup><mi>e</mi>${show(x)}</msup>`,
  'expm1()': ([x]) =>
    mathml`<mrow><mo>(</mo><msup><mi>e</mi>${show(x)}</msup><mo>−</mo><mn>1</mn><mo>)</mo></mrow>`,
  'log1p()': ([x]) =>
    mathml`<mrow><mi>log</mi><mo>(</mo><mn>1</mn><mo>+</mo>${show(x)}<mo>)</mo></mrow>`,
  'sqrt()': ([x]) => mathml`<msqrt>${show(x)}</msqrt>`,
  'abs()': ([x]) => mathml`<mrow><mo>|</mo>${show(x)}<mo>|</mo></mrow>`,
  'sum()': ([x]) => mathml`<mrow><mo>∑</mo>${show(x, 3)}</mrow>`,
  'where()': ([condition, yes, no]) =>
    mathml`<mrow><mo>{</mo><mtable class="cases">
      <mtr><mtd>${show(yes)}</mtd><mtd><mtext>where </mtext>${show(condition)}</mtd></mtr>
      <mtr><mtd>${show(no)}</mtd><mtd><mtext>else</mtext></mtd></mtr></mtable></mrow>`,
};
for (const index of ['s', 'k'])
  CALLS[`sum_${index}()`] = ([x]) =>
    mathml`<mrow><msub><mo>∑</mo><mi>${index}</mi></msub>${show(x, 3)}</mrow>`;

/**
 * @param {Node} node
 * @param {number} [outer] how tightly what stands around it binds
 * @returns {unknown}
 */
function show(node, outer = 0) {
  const { op, of } = node;
  if (of.length === 0) return symbol(op);
  if (op.endsWith('()'))
    return (
      CALLS[op]?.(of) ??
      mathml`<mrow><mi>${op.slice(0, -2)}</mi>${bracketed(show(of[0]), of[0])}</mrow>`
    );
  if (op === '/') return mathml`<mfrac>${show(of[0])}${show(of[1])}</mfrac>`;
  if (op === '.T') return raise(of[0], mathml`<mi>T</mi>`);
  if (op === '**') return raise(of[0], show(of[1]));
  if (op === '*' && isSame(of[0], of[1])) return raise(of[0], mathml`<mn>2</mn>`);
  const binds = op === 'minus' ? 2 : BINDS[op];
  const inner = mathml`<mrow>${operation(op, of, binds)}</mrow>`;
  return binds < outer ? bracketed(inner, node) : inner;
}

/** @param {Node} base @param {unknown} power */
const raise = (base, power) =>
  base.of.length === 0 ? symbol(base.op, power) : mathml`<msup>${show(base, 6)}${power}</msup>`;

/** @param {string} op @param {Node[]} of @param {number} binds */
function operation(op, of, binds) {
  if (op === 'minus') return mathml`<mo form="prefix">−</mo>${show(of[0], 3)}`;
  const sign =
    op === '@' || (op === '*' && isScalar(of[0]))
      ? mathml`<mspace width="0.17em"></mspace>`
      : mathml`<mo>${{ '*': '∘', '-': '−', '<=': '≤' }[op] ?? op}</mo>`;
  return mathml`${show(of[0], binds)}${sign}${show(of[1], op === '-' ? 3 : binds)}`;
}

/**
 * The formula of an array.
 * @param {string} target
 * @param {string} text
 * @param {string} [sign] between them
 */
export function formulaOf(target, text, sign = '=') {
  return mathml`<mrow>${symbol(target)}<mo>${sign}</mo>${show(parse(text))}</mrow>`;
}
