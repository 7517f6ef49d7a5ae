// The run in C++.
import { has } from '../step.js';
import { matrix, prefixed, stepLines } from './notation.js';
import { byFunctions, needed, partsOf } from './script.js';

/** @typedef {import('../listings.js').Dialect} Dialect */
/** @typedef {import('../listings.js').Start} Start */
/** @typedef {import('./script.js').Grammar} Grammar */
/** @typedef {import('./script.js').Parts} Parts */

/** What C++ has no functions for. @type {Record<string, string>} */
const HELPERS = {
  dot: `Matrix dot(const Matrix& A, const Matrix& B) {
    Matrix C(A.size(), std::vector<double>(B[0].size()));
    for (size_t i = 0; i < A.size(); ++i)
        for (size_t j = 0; j < B[0].size(); ++j)
            for (size_t k = 0; k < B.size(); ++k) C[i][j] += A[i][k] * B[k][j];
    return C;
}`,
  transpose: `Matrix transpose(const Matrix& A) {
    Matrix T(A[0].size(), std::vector<double>(A.size()));
    for (size_t i = 0; i < A.size(); ++i)
        for (size_t j = 0; j < A[0].size(); ++j) T[j][i] = A[i][j];
    return T;
}`,
  map: `template <class F>
Matrix map(Matrix A, F f) {
    for (auto& row : A)
        for (double& a : row) a = f(a);
    return A;
}`,
  zip: `template <class F>
Matrix zip(Matrix A, const Matrix& B, F f) {
    for (size_t i = 0; i < A.size(); ++i)
        for (size_t j = 0; j < A[i].size(); ++j) A[i][j] = f(A[i][j], B[i % B.size()][j]);
    return A;
}`,
  add: `Matrix add(const Matrix& A, const Matrix& B) {
    return zip(A, B, [](double a, double b) { return a + b; });
}`,
  multiply: `Matrix multiply(const Matrix& A, const Matrix& B) {
    return zip(A, B, [](double a, double b) { return a * b; });
}`,
  total: `double total(const Matrix& A) {
    double sum = 0;
    for (const auto& row : A)
        for (double a : row) sum += a;
    return sum;
}`,
  sum_rows: `Matrix sum_rows(const Matrix& A) {
    Matrix sums(1, std::vector<double>(A[0].size()));
    for (const auto& row : A)
        for (size_t j = 0; j < row.size(); ++j) sums[0][j] += row[j];
    return sums;
}`,
  where: 'double where(bool condition, double a, double b) { return condition ? a : b; }',
  sign: 'double sign(double x) { return (x > 0) - (x < 0); }',
  softmax: `Matrix softmax(Matrix Z) {
    for (auto& row : Z) {
        const double most = *std::max_element(row.begin(), row.end());
        double sum = 0;
        for (double& z : row) sum += z = std::exp(z - most);
        for (double& z : row) z /= sum;
    }
    return Z;
}`,
  softmax_backward: `Matrix softmax_backward(const Matrix& A, Matrix D) {
    for (size_t i = 0; i < A.size(); ++i) {
        double mean = 0;
        for (size_t k = 0; k < A[i].size(); ++k) mean += A[i][k] * D[i][k];
        for (size_t k = 0; k < A[i].size(); ++k) D[i][k] = A[i][k] * (D[i][k] - mean);
    }
    return D;
}`,
};

/** @param {string} _ @param {string} base @param {string} exponent */
const power = (_, base, exponent) =>
  `std::pow(${[base, exponent].map((text) => text.replace(/^\((.*)\)$/, '$1')).join(', ')})`;

/** @param {string} text in the notation of functions.js */
const translate = (text) =>
  prefixed(text, 'std::', /\b(where|sign)\(/)
    .replace(/(\([^()]*\)|[\w.]+) \*\* (\([^()]*\)|[\w.:]+(?:\([^()]*\))?)/g, power)
    .replace(/\bpi\b/g, '3.141592653589793');

/** @type {Grammar} */
const GRAMMAR = {
  indent: '        ',
  equals: '==',
  type: 'double',
  translate,
  lambda: (first, second, body) =>
    `[&](double ${first}, double ${second}) { return ${translate(body)}; }`,
  define(name, args, body) {
    const typed = args.map((a) => (has(body, a) ? `double ${a}` : 'double')).join(', ');
    return `double ${name}(${typed}) { return ${translate(body)}; }`;
  },
  // C++ has a tanh of its own.
  nameOwn: (name) => (name === 'tanh' ? 'tanh_of' : name),
  optimize: ({ kind, state, lines, result }) => [
    `std::map<std::string, std::vector<double>> memory;
Matrix ${kind}(const std::string& name, Matrix P, const Matrix& G) {
    for (size_t i = 0; i < P.size(); ++i) {
        for (size_t j = 0; j < P[i].size(); ++j) {
            auto& own = memory[name + " " + std::to_string(i) + " " + std::to_string(j)];
            own.resize(${state.length});
            double p = P[i][j], g = G[i][j]${state.map((v, k) => `, ${v} = own[${k}]`).join('')};
            ${lines.join('\n            ')}
            own = {${state.join(', ')}};
            P[i][j] = ${result};
        }
    }
    return P;
}`,
  ],
};
const SAY = byFunctions(GRAMMAR);

/** @param {Parts} parts @param {Start} start */
function before(parts, { epoch, end, X, y, parameters }) {
  const { functions, optimizer, calls, rate, isMoved, isScheduled, count, inLoop, baseRate } =
    parts;
  const headers = ['algorithm', 'cmath', 'cstdio', 'map', 'string', 'vector'];
  const value = (/** @type {number[][]} */ rows) => matrix(rows, '{}', '    ');
  const isGlobal = optimizer.length > 0;
  const rates = isScheduled
    ? ['    double learning_rate = 0;'].filter(() => !isGlobal)
    : [`    ${isGlobal ? '' : 'const double '}${rate}`];
  return [
    ...headers.map((header) => `#include <${header}>`),
    '',
    'using Matrix = std::vector<std::vector<double>>;',
    '',
    ...(isGlobal ? ['double learning_rate = 0, t = 0;'] : []),
    ...needed(HELPERS, calls),
    ...functions,
    ...optimizer,
    '',
    'int main() {',
    `    const Matrix X = ${value(X)};`,
    `    const Matrix y = ${value(y)};`,
    `    const double n = ${count};`,
    ...Object.entries(parameters).map(([name, rows]) => `    Matrix ${name} = ${value(rows)};`),
    ...(baseRate ? [`    double ${baseRate};`] : []),
    ...(isMoved ? rates : []),
    '    double loss = 0;',
    `    for (int epoch = ${epoch}; epoch < ${end}; ++epoch) {`,
    ...inLoop,
  ];
}

/** @type {Dialect} */
export const cpp = {
  indent: GRAMMAR.indent,
  step: (step) => stepLines(step, SAY, 'Matrix ', ';'),
  frame(step, start, body) {
    const shown = start.loss === undefined ? '' : `  // ${start.loss}`;
    return {
      before: before(partsOf(step, start, body, GRAMMAR), start),
      after: ['    }', `    std::printf("%.17g\\n", loss);${shown}`, '}'],
    };
  },
};
