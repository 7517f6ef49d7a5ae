// The run in JavaScript.
import { matrix, prefixed } from './notation.js';
import { needed, scriptDialect } from './script.js';

/** @typedef {import('./script.js').Grammar} Grammar */

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
  shuffled: `const u64 = (x) => BigInt.asUintN(64, x);
const mix = (x) => {  // SplitMix64
  x = u64((x ^ (x >> 30n)) * 0xbf58476d1ce4e5b9n);
  x = u64((x ^ (x >> 27n)) * 0x94d049bb133111ebn);
  return x ^ (x >> 31n);
};
const rotate = (x, k) => u64((x << k) | (x >> (64n - k)));
const shuffled = (count, seed, epoch) => {  // Fisher and Yates, by xoshiro256**
  const start = mix(BigInt(seed)) + BigInt(epoch);
  let [a, b, c, d] = [1n, 2n, 3n, 4n].map((k) => mix(u64(start + k * 0x9e3779b97f4a7c15n)));
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; --i) {
    const choices = BigInt(i + 1);
    let product;
    do {
      product = (u64(rotate(u64(b * 5n), 7n) * 9n) >> 32n) * choices;
      [a, b, c, d] = [a ^ b ^ d, a ^ b ^ c, a ^ c ^ u64(b << 17n), rotate(b ^ d, 45n)];
    } while (product % 2n ** 32n < 2n ** 32n % choices);
    const j = Number(product >> 32n);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
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
  type: 'let',
  constant: 'const',
  array: 'const',
  given: 'const',
  parameter: 'let',
  isGlobal: false,
  infinity: 'Infinity',
  size: '.length',
  matrix,
  loop: (epoch, end) => `for (let epoch = ${epoch}; epoch < ${end}; epoch++) {`,
  head: (functions, optimizer, calls) => [
    ...needed(HELPERS, calls),
    ...functions,
    ...(optimizer.length > 0 ? ['let t = 0;', ...optimizer] : []),
    '',
  ],
  foot: (loss, shown) => [`console.log(${loss});${shown}`],
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
  lossOf: (lines) => ['const loss_of = (X, y) => {', ...lines.map((line) => `  ${line}`), '};'],
  words: {
    base: '',
    tab: '  ',
    equals: '===',
    batchLoop({ size, seed }) {
      const loop = `for (let first = 0; first < inputs.length; first += ${size}) {`;
      const part = `slice(first, first + ${size})`;
      if (seed === undefined)
        return [loop, `  const X = inputs.${part};`, `  const y = targets.${part};`];
      return [
        `const order = shuffled(inputs.length, ${seed}, epoch);`,
        loop,
        `  const batch = order.${part};`,
        '  const X = batch.map((i) => inputs[i]);',
        '  const y = batch.map((i) => targets[i]);',
      ];
    },
  },
};

export const javascript = scriptDialect(GRAMMAR);
