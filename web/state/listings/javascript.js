// The run in JavaScript.
import { matrix, prefixed, stepLines } from './notation.js';
import { byFunctions, needed, partsOf } from './script.js';

/** @typedef {import('../listings.js').Dialect} Dialect */
/** @typedef {import('../listings.js').Start} Start */
/** @typedef {import('./script.js').Grammar} Grammar */
/** @typedef {import('./script.js').Parts} Parts */

/** What JavaScript has no functions for. @type {Record<string, string>} */
const HELPERS = {
  dot: 'const dot = (A, B) =>\n  A.map((row) => B[0].map((_, j) => row.reduce((sum, a, k) => sum + a * B[k][j], 0)));',
  transpose: 'const transpose = (A) => A[0].map((_, j) => A.map((row) => row[j]));',
  map: 'const map = (A, f) => A.map((row) => row.map((a) => f(a)));',
  zip: 'const zip = (A, B, f) => A.map((row, i) => row.map((a, j) => f(a, B[i % B.length][j])));',
  add: 'const add = (A, B) => zip(A, B, (a, b) => a + b);',
  multiply: 'const multiply = (A, B) => zip(A, B, (a, b) => a * b);',
  total: 'const total = (A) => A.flat().reduce((sum, a) => sum + a, 0);',
  sum_rows:
    'const sum_rows = (A) => [A[0].map((_, j) => A.reduce((sum, row) => sum + row[j], 0))];',
  where: 'const where = (condition, a, b) => (condition ? a : b);',
  erf: `const erf = (x) => {
  if (Math.abs(x) > 6) return Math.sign(x);
  let [term, sum] = [x, x];
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    term *= (2 * x * x) / (2 * k + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
};`,
  softmax: `const softmax = (Z) =>
  Z.map((row) => {
    const e = row.map((z) => Math.exp(z - Math.max(...row)));
    return e.map((v) => v / e.reduce((a, b) => a + b));
  });`,
  softmax_backward: `const softmax_backward = (A, D) =>
  A.map((row, i) => {
    const mean = row.reduce((sum, a, k) => sum + a * D[i][k], 0);
    return row.map((a, k) => a * (D[i][k] - mean));
  });`,
};

/** @param {string} text in the notation of functions.js */
const translate = (text) =>
  prefixed(text, 'Math.', /\b(where|erf)\(/).replace(/\bpi\b/g, 'Math.PI');

/** @type {Grammar} */
const GRAMMAR = {
  indent: '  ',
  equals: '===',
  type: 'let',
  translate,
  lambda: (first, second, body) => `(${first}, ${second}) => ${translate(body)}`,
  define: (name, args, body) => `const ${name} = (${args.join(', ')}) => ${translate(body)};`,
  nameOwn: (name) => name,
  optimize: ({ kind, state, lines, result }) => [
    'const memory = {};',
    `const ${kind} = (name, P, G) =>
  P.map((row, i) =>
    row.map((p, j) => {
      let g = G[i][j];
      let { ${state.map((v) => `${v} = 0`).join(', ')} } = memory[[name, i, j]] ?? {};
      ${lines.join('\n      ')}
      memory[[name, i, j]] = { ${state.join(', ')} };
      return ${result};
    }),
  );`,
  ],
};
const SAY = byFunctions(GRAMMAR);

/** @param {Parts} parts @param {Start} start */
function before(parts, { epoch, end, X, y, parameters }) {
  const { functions, optimizer, calls, rate, isMoved, isScheduled, count, inLoop, baseRate } =
    parts;
  const rates = isScheduled ? 'let learning_rate = 0;' : `const ${rate}`;
  return [
    ...needed(HELPERS, calls),
    ...functions,
    ...(optimizer.length > 0 ? ['let t = 0;', ...optimizer] : []),
    '',
    `const X = ${matrix(X)};`,
    `const y = ${matrix(y)};`,
    `const n = ${count};`,
    ...Object.entries(parameters).map(([name, rows]) => `let ${name} = ${matrix(rows)};`),
    ...(baseRate ? [`let ${baseRate};`] : []),
    ...(isMoved ? [rates] : []),
    'let loss = 0;',
    `for (let epoch = ${epoch}; epoch < ${end}; epoch++) {`,
    ...inLoop,
  ];
}

/** @type {Dialect} */
export const javascript = {
  indent: GRAMMAR.indent,
  step: (step) => stepLines(step, SAY, 'const ', ';'),
  frame(step, start, body) {
    const shown = start.loss === undefined ? '' : `  // ${start.loss}`;
    return {
      before: before(partsOf(step, start, body, GRAMMAR), start),
      after: ['}', `console.log(loss);${shown}`],
    };
  },
};
