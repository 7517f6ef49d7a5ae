// The run in C++.
import { has } from '../step.js';
import { matrix, prefixed } from './notation.js';
import { needed, scriptDialect } from './script.js';

/** @typedef {import('./script.js').Grammar} Grammar */

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
  shuffled: `using u64 = std::uint64_t;
u64 mix(u64 x) {  // SplitMix64
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}
u64 rotate(u64 x, int k) { return (x << k) | (x >> (64 - k)); }
std::vector<size_t> shuffled(size_t count, u64 seed, u64 epoch) {  // Fisher and Yates, by xoshiro256**
    u64 start = mix(seed) + epoch, product;
    std::array<u64, 4> state;
    for (u64& word : state) word = mix(start += 0x9e3779b97f4a7c15);
    std::vector<size_t> order(count);
    for (size_t i = 0; i < count; ++i) order[i] = i;
    for (size_t i = count - 1; i > 0; --i) {
        do {
            const auto [a, b, c, d] = state;
            product = (rotate(b * 5, 7) * 9 >> 32) * (i + 1);
            state = {a ^ b ^ d, a ^ b ^ c, a ^ c ^ (b << 17), rotate(b ^ d, 45)};
        } while (product % (1ull << 32) < (1ull << 32) % (i + 1));
        std::swap(order[i], order[product >> 32]);
    }
    return order;
}`,
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
    .replace(/\bpi\b/g, '3.141592653589793')
    .replace('(epoch + 1)', '(epoch + 1.0)'); // two whole numbers would be divided to a whole number

/** @type {Grammar} */
const GRAMMAR = {
  type: 'double',
  constant: 'const double',
  array: 'Matrix',
  given: 'const Matrix',
  parameter: 'Matrix',
  isGlobal: true,
  infinity: 'INFINITY',
  size: '.size()',
  matrix: (rows) => matrix(rows, '{}', '    '),
  loop: (epoch, end) => `for (int epoch = ${epoch}; epoch < ${end}; ++epoch) {`,
  head(functions, optimizer, calls) {
    const headers = ['algorithm', 'cmath', 'cstdio', 'map', 'string', 'vector'];
    if (calls.includes('shuffled(')) headers.push('array', 'cstdint');
    return [
      ...headers.sort().map((header) => `#include <${header}>`),
      '',
      'using Matrix = std::vector<std::vector<double>>;',
      '',
      ...(optimizer.length > 0 ? ['double learning_rate = 0, t = 0;'] : []),
      ...needed(HELPERS, calls),
      ...functions,
      ...optimizer,
      '',
      'int main() {',
    ];
  },
  foot: (loss, shown) => [`    std::printf("%.17g\\n", ${loss});${shown}`, '}'],
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
  lossOf: (lines) => [
    'const auto loss_of = [&](const Matrix& X, const Matrix& y) {',
    ...lines.map((line) => `    ${line}`),
    '};',
  ],
  words: {
    base: '    ',
    tab: '    ',
    equals: '==',
    batchLoop({ size, seed }) {
      const row = seed === undefined ? 'i' : 'order[i]';
      return [
        ...(seed === undefined
          ? []
          : [`const auto order = shuffled(inputs.size(), ${seed}, epoch);`]),
        `for (size_t first = 0; first < inputs.size(); first += ${size}) {`,
        '    Matrix X, y;',
        `    for (size_t i = first; i < std::min(first + ${size}, inputs.size()); ++i) {`,
        `        X.push_back(inputs[${row}]);`,
        `        y.push_back(targets[${row}]);`,
        '    }',
      ];
    },
  },
};

export const cpp = scriptDialect(GRAMMAR);
