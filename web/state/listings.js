// The run as a program in NumPy, PyTorch, JavaScript or C++: each runs as it stands. The step's
// lines are the post's, layer by layer, and say which array they compute.
import { ACTIVATIONS, LOSSES } from './functions.js';
import { OPTIMIZERS, rateAt } from './optimizers.js';
import { argumentsOf, has, hasBatches, inputOf } from './step.js';

/** @typedef {import('./step.js').Step} Step */
/** @typedef {import('./step.js').Line} StepLine */
/** @typedef {import('./types.js').Experiment} Experiment */
/** @typedef {'numpy' | 'pytorch' | 'javascript' | 'cpp'} Language */

/** @type {Record<Language, string>} */
export const LANGUAGES = {
  numpy: 'NumPy',
  pytorch: 'PyTorch',
  javascript: 'JavaScript',
  cpp: 'C++',
};

/**
 * A line of a program.
 * @typedef {object} Code
 * @property {string} text
 * @property {string[]} [arrays] what it computes, on a line of the step
 */

/**
 * Where a program begins, and what it trains on.
 * @typedef {object} Start
 * @property {number} epoch
 * @property {number} end the epoch that it trains to
 * @property {number[][]} X as the network is given it
 * @property {number[][]} y
 * @property {Record<string, number[][]>} parameters W1, b1, … at that epoch
 * @property {string} [loss] what is said of the loss that it prints
 */

/**
 * @typedef {object} Program
 * @property {Code[]} before
 * @property {Code[]} step the body of the loop, without its indentation
 * @property {Code[]} after
 * @property {string[]} notes what the run has and the program has not
 */

/** From the notation of functions.js. @type {Record<Language, (text: string) => string>} */
const translate = {
  numpy: (text) => prefixed(text, 'np.').replace(/\bpi\b/g, 'np.pi'),
  pytorch: (text) => prefixed(text, 'torch.'),
  javascript: (text) => prefixed(text, 'Math.', /\b(where|erf)\(/).replace(/\bpi\b/g, 'Math.PI'),
  cpp: (text) =>
    prefixed(text, 'std::', /\b(where|sign)\(/)
      .replace(/(\([^()]*\)|[\w.]+) \*\* (\([^()]*\)|[\w.:]+(?:\([^()]*\))?)/g, power)
      .replace(/\bpi\b/g, '3.141592653589793'),
};

/** @param {string} _ @param {string} base @param {string} exponent */
const power = (_, base, exponent) =>
  `std::pow(${[base, exponent].map((text) => text.replace(/^\((.*)\)$/, '$1')).join(', ')})`;

/**
 * Puts a prefix before the functions that are not our own.
 * @param {string} text
 * @param {string} prefix
 * @param {RegExp} own
 */
function prefixed(text, prefix, own = /\berf\(/) {
  return text.replace(/\b[a-z]\w*\(/g, (call) => (own.test(call) ? call : prefix + call));
}

/** @param {string} text @param {Record<string, string>} names */
const rename = (text, names) =>
  text.replace(/\b[a-z]\w*\b(?!\()/g, (name) => (Object.hasOwn(names, name) ? names[name] : name));

/** @param {Step} step @param {number} l */
const nameOf = (step, l) => step.layers[l - 1].activation;
/** The slope of the loss at a layer's output. @param {Step} step @param {number} l */
const outputSlope = (step, l) => `d_${l === step.depth ? 'loss_' : ''}a${l}`;
/** @param {Step} step @param {number} l */
const slopeArguments = (step, l) =>
  (argumentsOf(nameOf(step, l)).join() || 'z').split(',').map((v) => `${v}${l}`);
/** @param {string} text that becomes a factor */
const asFactor = (text) => (text.includes(' ') ? `(${text})` : text);

/** @param {Experiment} experiment */
function updateOf({ optimizer }) {
  return OPTIMIZERS[optimizer.kind].update?.(optimizer);
}

/** Whether the update is the one line w - rate * g. @param {Experiment} experiment */
const isOneLine = (experiment) => updateOf(experiment)?.lines.length === 0;

/**
 * The gradient and the penalty's.
 * @param {Experiment} experiment
 * @param {string} parameter
 * @param {string} w
 * @param {string} g
 */
function penalized({ regularization }, parameter, w, g) {
  const { l1, l2 } = /** @type {{ l1?: number, l2?: number }} */ (regularization);
  if (parameter[0] === 'b') return g;
  return `${g}${l1 ? ` + ${l1} * sign(${w})` : ''}${l2 ? ` + ${l2} * ${w}` : ''}`;
}

/** How a language computes what a line of the step does. @typedef {(line: StepLine, step: Step) => string} Say */

/** @type {Record<StepLine['kind'], Say>} */
const NUMPY = {
  z: ({ layer: l }) => `np.dot(${inputOf(l)}, W${l}) + b${l}`,
  a: ({ layer: l }, step) => `${nameOf(step, l)}(z${l})`,
  loss: ({ layer: l }, { loss }) => {
    const term = translate.numpy(rename(LOSSES[loss].term, { a: `a${l}` }));
    return loss === 'cross_entropy' ? `np.sum(${term}) / len(y)` : `np.mean(${term})`;
  },
  start: ({ layer: l }, { loss }) => {
    const n = loss === 'cross_entropy' ? 'len(y)' : 'y.size';
    return rename(translate.numpy(LOSSES[loss].slope), { a: `a${l}`, n });
  },
  slope: ({ layer: l }, step) =>
    `${nameOf(step, l)}_derivative(${slopeArguments(step, l).join(', ')})`,
  dz: ({ layer: l }, step) => `${outputSlope(step, l)} * d_a${l}_z${l}`,
  softmax: ({ layer: l }) =>
    `a${l} * (d_loss_a${l} - np.sum(a${l} * d_loss_a${l}, axis=1, keepdims=True))`,
  dW: ({ layer: l }) => `np.dot(${inputOf(l)}.T, d_z${l})`,
  db: ({ layer: l }) => `np.sum(d_z${l}, axis=0, keepdims=True)`,
  back: ({ layer: l }) => `np.dot(d_z${l + 1}, W${l + 1}.T)`,
  update: ({ name }, { experiment }) => {
    const p = name.slice(4);
    const g = translate.numpy(penalized(experiment, p, p, `d_${p}`));
    return isOneLine(experiment)
      ? `${p} - learning_rate * ${asFactor(g)}`
      : `${experiment.optimizer.kind}('${p}', ${p}, ${g})`;
  },
};

/** C++ has a tanh of its own. @param {'javascript' | 'cpp'} language @param {string} name */
const ownName = (language, name) => (language === 'cpp' && name === 'tanh' ? 'tanh_of' : name);

/**
 * JavaScript and C++ have no operators for matrices, and say it with functions.
 * @param {'javascript' | 'cpp'} language
 * @returns {Record<StepLine['kind'], Say>}
 */
function byFunctions(language) {
  const own = (/** @type {string} */ name) => ownName(language, name);
  const lambda = (/** @type {string} */ first, /** @type {string} */ second, body = '') =>
    language === 'cpp'
      ? `[&](double ${first}, double ${second}) { return ${translate.cpp(body)}; }`
      : `(${first}, ${second}) => ${translate.javascript(body)}`;
  return {
    z: ({ layer: l }) => `add(dot(${inputOf(l)}, W${l}), b${l})`,
    a: ({ layer: l }, step) =>
      nameOf(step, l) === 'softmax' ? `softmax(z${l})` : `map(z${l}, ${own(nameOf(step, l))})`,
    loss: ({ layer: l }, { loss }) =>
      `total(zip(a${l}, y, ${lambda('a', 'y', LOSSES[loss].term)})) / n`,
    start: ({ layer: l }, { loss }) => `zip(a${l}, y, ${lambda('a', 'y', LOSSES[loss].slope)})`,
    slope: ({ layer: l }, step) => {
      const names = slopeArguments(step, l);
      return `${names[1] ? 'zip' : 'map'}(${names.join(', ')}, ${nameOf(step, l)}_derivative)`;
    },
    dz: ({ layer: l }, step) => `multiply(${outputSlope(step, l)}, d_a${l}_z${l})`,
    softmax: ({ layer: l }) => `softmax_backward(a${l}, d_loss_a${l})`,
    dW: ({ layer: l }) => `dot(transpose(${inputOf(l)}), d_z${l})`,
    db: ({ layer: l }) => `sum_rows(d_z${l})`,
    back: ({ layer: l }) => `dot(d_z${l + 1}, transpose(W${l + 1}))`,
    update: ({ name }, { experiment }) => {
      const p = name.slice(4);
      const sum = penalized(experiment, p, 'w', 'g');
      if (isOneLine(experiment))
        return `zip(${p}, d_${p}, ${lambda('w', 'g', `w - learning_rate * ${asFactor(sum)}`)})`;
      const g = sum === 'g' ? `d_${p}` : `zip(${p}, d_${p}, ${lambda('w', 'g', sum)})`;
      return `${experiment.optimizer.kind}("${p}", ${p}, ${g})`;
    },
  };
}

/** @type {Record<Exclude<Language, 'pytorch'>, Record<StepLine['kind'], Say>>} */
const SAY = { numpy: NUMPY, javascript: byFunctions('javascript'), cpp: byFunctions('cpp') };

/** The lines that can be said: L-BFGS' update cannot. @param {Step} step */
const sayable = ({ lines, experiment }) =>
  updateOf(experiment) ? lines : lines.filter(({ kind }) => kind !== 'update');

/**
 * @param {Step} step
 * @param {Exclude<Language, 'pytorch'>} language
 * @returns {Code[]}
 */
function stepLines(step, language) {
  const type = { numpy: '', javascript: 'const ', cpp: 'Matrix ' }[language];
  const end = language === 'numpy' ? '' : ';';
  return sayable(step).flatMap((line, i, all) => {
    const isNew = line.kind !== 'loss' && line.kind !== 'update';
    const target = `${isNew ? type : ''}${line.name.replace('new_', '')}`;
    const text = `${target} = ${SAY[language][line.kind](line, step)}${end}`;
    const code = { text, arrays: [line.name] };
    return i > 0 && all[i - 1].stop !== line.stop ? [{ text: '' }, code] : [code];
  });
}

/** @param {Step} step @returns {Code[]} */
function torchLines(step) {
  const { loss, depth, lines, experiment } = step;
  const { torch } = LOSSES[loss];
  const last = torch.endsWith('entropy') || torch.endsWith('logits') ? `z${depth}` : `a${depth}`;
  const lossText = torch ? `${torch}(${last}, y)` : `torch.relu(1 - a${depth} * y).mean()`;
  const forward = lines.filter(({ kind }) => 'za'.includes(kind));
  const backward = lines.filter(({ name, kind }) => name[0] === 'd' && kind !== 'slope');
  const grads = backward.filter(({ name }) => /^d_(loss_)?[za]/.test(name));
  const source = (/** @type {string} */ name) => name.replace(/^d_(loss_)?/, '');
  const slopes = lines.filter(({ name }) => name[0] === 'd').map(({ name }) => name);
  const updates = lines.filter(({ kind }) => kind === 'update').map(({ name }) => name);
  const weights = updates.map((name) => name.slice(4));
  const { torch: optimizer } = OPTIMIZERS[experiment.optimizer.kind];
  const penalties = weights.flatMap((p) => {
    const g = penalized(experiment, p, `${p}.detach()`, `d_${p}`).replaceAll(
      'sign(',
      'torch.sign(',
    );
    return g === `d_${p}` ? [] : [{ text: `${p}.grad = ${g}`, arrays: [`new_${p}`] }];
  });
  const own = weights.map((p) => ({
    text: `${p} = ${experiment.optimizer.kind}('${p}', ${p}.detach(), ${p}.grad).requires_grad_()`,
    arrays: [`new_${p}`],
  }));
  return [
    ...forward.map(({ name, kind, layer: l }) => ({
      text: `${name} = ${kind === 'z' ? `${inputOf(l)} @ W${l} + b${l}` : torchActivation(step, l)}`,
      arrays: [name],
    })),
    { text: '' },
    { text: `loss = ${lossText}`, arrays: ['loss'] },
    { text: '' },
    { text: `for tensor in [${grads.map(({ name }) => source(name)).join(', ')}]:` },
    { text: '    tensor.retain_grad()' },
    ...(optimizer ? [{ text: 'optimizer.zero_grad()' }] : []),
    { text: 'loss.backward()', arrays: slopes },
    ...backward.map(({ name }) => ({ text: `${name} = ${source(name)}.grad`, arrays: [name] })),
    ...(updateOf(experiment) ? [{ text: '' }, ...penalties] : []),
    ...(optimizer ? [{ text: 'optimizer.step()', arrays: updates }] : []),
    ...(!optimizer && updateOf(experiment) ? own : []),
  ];
}

/** @param {Step} step @param {number} l */
function torchActivation(step, l) {
  const name = nameOf(step, l);
  const { torch } = ACTIVATIONS[name];
  return torch ? `${torch}(z${l}${name === 'softmax' ? ', dim=1' : ''})` : `z${l} * 1`;
}

/** What the settings are called in torch.optim. @type {Record<string, string>} */
const TORCH_SETTINGS = {
  momentum: 'momentum',
  dampening: 'dampening',
  nesterov: 'nesterov',
  weightDecay: 'weight_decay',
  learningRateDecay: 'lr_decay',
  epsilon: 'eps',
  rho: 'rho',
  alpha: 'alpha',
  centered: 'centered',
  amsgrad: 'amsgrad',
  momentumDecay: 'momentum_decay',
};

/** @param {Step} step */
function torchOptimizer({ experiment, depth }) {
  const { kind, ...settings } = experiment.optimizer;
  const o = /** @type {Record<string, any>} */ (settings);
  const named = Object.entries(o).flatMap(([name, value]) => {
    const text = value === true ? 'True' : value === false ? 'False' : value;
    return TORCH_SETTINGS[name] ? [`${TORCH_SETTINGS[name]}=${text}`] : [];
  });
  if ('beta1' in o || 'beta2' in o) named.push(`betas=(${o.beta1 ?? 0.9}, ${o.beta2 ?? 0.999})`);
  if (kind === 'rprop') {
    named.push(`etas=(${o.etaMinus ?? 0.5}, ${o.etaPlus ?? 1.2})`);
    named.push(`step_sizes=(${o.stepSizeMinimum ?? 1e-6}, ${o.stepSizeMaximum ?? 50})`);
  }
  const all = Array.from({ length: depth }, (_, i) => `W${i + 1}, b${i + 1}`).join(', ');
  const args = [`[${all}]`, 'lr=learning_rate', ...named].join(', ');
  return `optimizer = torch.optim.${OPTIMIZERS[kind].torch}(${args})`;
}

/** @param {number[][]} rows @param {'[]' | '{}'} brackets @param {string} indent of the line */
function matrix(rows, brackets = '[]', indent = '') {
  const [open, close] = brackets;
  const texts = rows.map((row) => open + row.map(String).join(', ') + close);
  const line = open + texts.join(', ') + close;
  const [inner, end] = [`\n${indent}    `, `,\n${indent}`];
  return line.length < 76 ? line : open + inner + texts.join(`,${inner}`) + end + close;
}

/** The learning rate as an expression of the epoch. @param {Experiment} experiment @param {number} epoch */
function rateText(experiment, epoch) {
  const { schedule, epochs } = experiment;
  const base = rateAt({ ...experiment, schedule: { kind: 'constant' } }, epoch);
  const {
    kind,
    gamma,
    stepSize = 1000,
    warmup = 100,
    minimum = 0,
  } = /** @type {Record<string, any>} */ (schedule);
  const wave = (/** @type {string} */ k, /** @type {number} */ n) =>
    `where(${k} < ${n}, ${minimum} + (${base} - ${minimum}) * (1 + cos(pi * ${k} / ${n})) / 2, ${minimum})`;
  if (kind === 'step') return `${base} * ${gamma ?? 0.1} ** floor(epoch / ${stepSize})`;
  if (kind === 'exponential') return `${base} * ${gamma ?? 0.999} ** epoch`;
  if (kind === 'cosine') return wave('epoch', epochs);
  if (kind === 'warmup_cosine')
    return `where(epoch < ${warmup}, ${base} * (epoch + 1) / ${warmup}, ${wave(`(epoch - ${warmup})`, epochs - warmup)})`;
  return String(base);
}

/** The activations of a network, each once. @param {Step} step */
const used = ({ layers }) => [...new Set(layers.map(({ activation }) => activation))];

/** Whether any of the functions that the program defines calls one by this name. @param {Step} step @param {string} name */
function calls({ layers, loss, experiment }, name) {
  const update = updateOf(experiment);
  const texts = [
    ...layers.flatMap(({ activation }) => Object.values(ACTIVATIONS[activation])),
    ...Object.values(LOSSES[loss]),
    ...(update ? [...update.lines, update.result] : []),
    rateText(experiment, 0),
    penalized(experiment, 'W', 'w', 'g'),
  ];
  return texts.some((text) => String(text).includes(`${name}(`));
}

/** Functions of a number in Python. @param {Step} step @returns {string[]} */
function numpyFunctions(step) {
  const erf = calls(step, 'erf') ? ['erf = np.vectorize(math.erf)', ''] : [];
  const functions = used(step).flatMap((name) => {
    const { f, df } = ACTIVATIONS[name];
    if (name === 'softmax')
      return [
        'def softmax(z):',
        '    e = np.exp(z - np.max(z, axis=1, keepdims=True))',
        '    return e / np.sum(e, axis=1, keepdims=True)',
        '',
      ];
    const names = argumentsOf(name).join(', ') || 'z';
    const slope = names === 'z' && df === '1' ? 'np.ones_like(z)' : translate.numpy(df);
    const derivative = [`def ${name}_derivative(${names}):`, `    return ${slope}`, ''];
    const isUsed = step.lines.some((l) => l.kind === 'slope' && nameOf(step, l.layer) === name);
    return [
      `def ${name}(z):`,
      `    return ${translate.numpy(f)}`,
      '',
      ...(isUsed ? derivative : []),
    ];
  });
  return [...erf, ...functions];
}

/** The optimizer in Python. @param {Step} step @param {'numpy' | 'pytorch'} language */
function pythonOptimizer({ experiment }, language) {
  const update = updateOf(experiment);
  if (!update || isOneLine(experiment)) return [];
  const say = (/** @type {string} */ text) =>
    translate[language](rename(text, { rate: 'learning_rate' }));
  return [
    'memory = {}',
    '',
    `def ${experiment.optimizer.kind}(name, p, g):`,
    ...update.state.map((v) => `    ${v} = memory.get((name, '${v}'), 0 * p)`),
    ...update.lines.map((line) => `    ${say(line)}`),
    ...update.state.map((v) => `    memory[name, '${v}'] = ${v}`),
    `    return ${say(update.result)}`,
    '',
  ];
}

/** What a program in Python begins with. @param {Step} step @param {Start} start @param {'numpy' | 'pytorch'} language */
function pythonStart(step, { epoch, X, y, parameters }, language) {
  const { experiment } = step;
  const { kind, seed = 42 } = experiment.initializer;
  const isDrawn =
    epoch === 0 && kind === 'numpy_randn' && !(/** @type {any[]} */ (experiment.edits).length);
  const isTorch = language === 'pytorch';
  const array = (/** @type {string} */ text) =>
    isTorch ? `torch.tensor(${text}, requires_grad=True)` : text;
  const given = (/** @type {number[][]} */ rows) =>
    isTorch
      ? `torch.tensor(${matrix(rows)}, dtype=torch.float64)`
      : `np.array(${matrix(rows)}, dtype=float)`;
  const lines = [`X = ${given(X)}`, `y = ${given(y)}`, ''];
  if (isDrawn) lines.push(`np.random.seed(${seed})`);
  for (const [name, rows] of Object.entries(parameters)) {
    const shape = `${rows.length}, ${rows[0].length}`;
    if (!isDrawn)
      lines.push(`${name} = ${isTorch ? `${given(rows)}.requires_grad_()` : given(rows)}`);
    else if (name[0] === 'W') lines.push(`${name} = ${array(`np.random.randn(${shape})`)}`);
    else lines.push(`${name} = ${array(`np.zeros((${shape}))`)}`);
  }
  return { lines: [...lines, ''], isDrawn };
}

/** @param {Step} step @param {Start} start @param {'numpy' | 'pytorch'} language @returns {Omit<Program, 'notes'>} */
function python(step, start, language) {
  const isTorch = language === 'pytorch';
  const { lines, isDrawn } = pythonStart(step, start, language);
  const { experiment } = step;
  const isLong = updateOf(experiment) !== undefined && !isOneLine(experiment);
  const hasOwn = isLong && (!isTorch || !OPTIMIZERS[experiment.optimizer.kind].torch);
  const isScheduled = /\bepoch\b/.test(rateText(experiment, start.epoch));
  const rate = `learning_rate = ${translate.numpy(rateText(experiment, start.epoch))}`;
  const needsNumpy = !isTorch || isDrawn || rate.includes('np.');
  const range = start.epoch ? `${start.epoch}, ${start.end}` : start.end;
  const before = [
    ...(!isTorch && calls(step, 'erf') ? ['import math'] : []),
    ...(needsNumpy ? ['import numpy as np'] : []),
    ...(isTorch ? ['import torch', 'import torch.nn.functional as F'] : []),
    '',
    ...lines,
    ...(isTorch ? [] : numpyFunctions(step)),
    ...(hasOwn ? pythonOptimizer(step, language) : []),
    ...(isScheduled ? [`epoch = ${start.epoch}`] : []),
    rate,
    ...(isTorch && !hasOwn && updateOf(experiment) ? [torchOptimizer(step)] : []),
    `for epoch in range(${range}):`,
    ...(isScheduled ? [`    ${rate}`] : []),
    ...(isScheduled && isTorch && !hasOwn
      ? ["    optimizer.param_groups[0]['lr'] = learning_rate"]
      : []),
    ...(hasOwn ? [`    t = epoch - ${start.epoch} + 1`] : []),
  ];
  const shown = start.loss === undefined ? '' : `  # ${start.loss}`;
  return {
    before: before.map((text) => ({ text })),
    step: codeOf(step, language),
    after: [{ text: '' }, { text: `print(loss${isTorch ? '.item()' : ''})${shown}` }],
  };
}

/** What JavaScript has no functions for. @type {Record<string, string>} */
const SCRIPT = {
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

/** What C++ has no functions for. @type {Record<string, string>} */
const CPP = {
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

/** The functions that a text calls, and those that they call. @param {Record<string, string>} all @param {string} text */
function needed(all, text) {
  const names = new Set(Object.keys(all).filter((name) => text.includes(`${name}(`)));
  for (const name of ['add', 'multiply']) if (names.has(name)) names.add('zip');
  return Object.keys(all)
    .filter((name) => names.has(name))
    .sort((a, b) => Number(b === 'zip') - Number(a === 'zip'))
    .map((name) => all[name]);
}

/** Activations and their derivatives. @param {Step} step @param {'javascript' | 'cpp'} language */
function scriptFunctions(step, language) {
  const define = (
    /** @type {string} */ name,
    /** @type {string[]} */ args,
    /** @type {string} */ body,
  ) =>
    language === 'cpp'
      ? `double ${name}(${args.map((a) => (has(body, a) ? `double ${a}` : 'double')).join(', ')}) { return ${translate.cpp(body)}; }`
      : `const ${name} = (${args.join(', ')}) => ${translate.javascript(body)};`;
  return used(step)
    .filter((name) => name !== 'softmax')
    .flatMap((name) => {
      const isUsed = step.lines.some((l) => l.kind === 'slope' && nameOf(step, l.layer) === name);
      const args = argumentsOf(name);
      const { f, df } = ACTIVATIONS[name];
      return [
        define(ownName(language, name), ['z'], f),
        ...(isUsed ? [define(`${name}_derivative`, args[0] ? args : ['z'], df)] : []),
      ];
    });
}

/** The optimizer, a parameter at a time. @param {Step} step @param {'javascript' | 'cpp'} language */
function scriptOptimizer({ experiment }, language) {
  const update = updateOf(experiment);
  if (!update || isOneLine(experiment)) return [];
  const say = (/** @type {string} */ text) =>
    translate[language](rename(text, { rate: 'learning_rate' }));
  const known = new Set(['p', 'g', ...update.state]);
  const type = language === 'cpp' ? 'double' : 'let';
  const lines = update.lines.map((line) => {
    const name = line.split(' ')[0];
    const declared = known.has(name) ? '' : `${type} `;
    known.add(name);
    return `${declared}${say(line)};`;
  });
  const { kind } = experiment.optimizer;
  const { state } = update;
  if (language === 'javascript')
    return [
      'const memory = {};',
      `const ${kind} = (name, P, G) =>
  P.map((row, i) =>
    row.map((p, j) => {
      let g = G[i][j];
      let { ${state.map((v) => `${v} = 0`).join(', ')} } = memory[[name, i, j]] ?? {};
      ${lines.join('\n      ')}
      memory[[name, i, j]] = { ${state.join(', ')} };
      return ${say(update.result)};
    }),
  );`,
    ];
  return [
    `std::map<std::string, std::vector<double>> memory;
Matrix ${kind}(const std::string& name, Matrix P, const Matrix& G) {
    for (size_t i = 0; i < P.size(); ++i) {
        for (size_t j = 0; j < P[i].size(); ++j) {
            auto& own = memory[name + " " + std::to_string(i) + " " + std::to_string(j)];
            own.resize(${state.length});
            double p = P[i][j], g = G[i][j]${state.map((v, k) => `, ${v} = own[${k}]`).join('')};
            ${lines.join('\n            ')}
            own = {${state.join(', ')}};
            P[i][j] = ${say(update.result)};
        }
    }
    return P;
}`,
  ];
}

/**
 * What a program in JavaScript or C++ is put together from.
 * @typedef {object} Parts
 * @property {string[]} functions activations and their derivatives
 * @property {string[]} optimizer
 * @property {string} calls all that may call a helper
 * @property {string} rate sets the learning rate
 * @property {boolean} isMoved whether there is a learning rate
 * @property {boolean} isScheduled whether each epoch has its own
 * @property {number} count n
 * @property {string[]} inLoop lines before the step
 */

/** @param {Step} step @param {Start} start @param {'javascript' | 'cpp'} language @returns {Parts} */
function partsOf(step, start, language) {
  const { experiment } = step;
  const functions = scriptFunctions(step, language);
  const optimizer = scriptOptimizer(step, language);
  const text = rateText(experiment, start.epoch);
  const isMoved = updateOf(experiment) !== undefined;
  const isScheduled = isMoved && /\bepoch\b/.test(text);
  const rate = `learning_rate = ${translate[language](text)};`;
  const body = codeOf(step, language).map((line) => line.text);
  const { length } = start.y;
  return {
    functions,
    optimizer,
    calls: [...functions, ...optimizer, ...body, rate].join('\n'),
    rate,
    isMoved,
    isScheduled,
    count: step.loss === 'cross_entropy' ? length : length * start.y[0].length,
    inLoop: [
      ...(isScheduled ? [rate] : []),
      ...(/\bt\b/.test(optimizer.join()) ? [`t = epoch - ${start.epoch} + 1;`] : []),
    ].map((line) => INDENT[language] + line),
  };
}

/** @param {Parts} parts @param {Start} start */
function cppStart(parts, { epoch, end, X, y, parameters }) {
  const { functions, optimizer, calls, rate, isMoved, isScheduled, count, inLoop } = parts;
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
    ...needed(CPP, calls),
    ...functions,
    ...optimizer,
    '',
    'int main() {',
    `    const Matrix X = ${value(X)};`,
    `    const Matrix y = ${value(y)};`,
    `    const double n = ${count};`,
    ...Object.entries(parameters).map(([name, rows]) => `    Matrix ${name} = ${value(rows)};`),
    ...(isMoved ? rates : []),
    '    double loss = 0;',
    `    for (int epoch = ${epoch}; epoch < ${end}; ++epoch) {`,
    ...inLoop,
  ];
}

/** @param {Parts} parts @param {Start} start */
function javascriptStart(parts, { epoch, end, X, y, parameters }) {
  const { functions, optimizer, calls, rate, isMoved, isScheduled, count, inLoop } = parts;
  const rates = isScheduled ? 'let learning_rate = 0;' : `const ${rate}`;
  return [
    ...needed(SCRIPT, calls),
    ...functions,
    ...(optimizer.length > 0 ? ['let t = 0;', ...optimizer] : []),
    '',
    `const X = ${matrix(X)};`,
    `const y = ${matrix(y)};`,
    `const n = ${count};`,
    ...Object.entries(parameters).map(([name, rows]) => `let ${name} = ${matrix(rows)};`),
    ...(isMoved ? [rates] : []),
    'let loss = 0;',
    `for (let epoch = ${epoch}; epoch < ${end}; epoch++) {`,
    ...inLoop,
  ];
}

/** @param {Step} step @param {Start} start @param {'javascript' | 'cpp'} language @returns {Omit<Program, 'notes'>} */
function script(step, start, language) {
  const isCpp = language === 'cpp';
  const before = (isCpp ? cppStart : javascriptStart)(partsOf(step, start, language), start);
  const shown = start.loss === undefined ? '' : `  // ${start.loss}`;
  const after = isCpp
    ? ['    }', `    std::printf("%.17g\\n", loss);${shown}`, '}']
    : ['}', `console.log(loss);${shown}`];
  return {
    before: before.map((text) => ({ text })),
    step: codeOf(step, language),
    after: after.map((text) => ({ text })),
  };
}

/** What the run does and the program does not. @param {Step} step @param {Start} start @returns {string[]} */
function notesOf({ experiment }, { epoch, y }) {
  const { precision } = experiment;
  const edits = /** @type {object[]} */ (experiment.edits);
  const update = updateOf(experiment);
  const hasMemory = update !== undefined && update.state.length > 0;
  return [
    ...(hasBatches(experiment, y.length)
      ? ['The run trains on mini-batches; the program takes the whole training set at every step.']
      : []),
    ...(edits.length > 0 ? ['What a hand changed on the way is not in the program.'] : []),
    ...(hasMemory && epoch > 0
      ? [`The optimizer’s memory is empty where the program begins, at epoch ${epoch}.`]
      : []),
    ...(update
      ? []
      : ['L-BFGS goes on by a search of its own: the program ends with the gradient.']),
    ...(precision === 'f32' ? ['The run computes with 32 bits, the program with 64.'] : []),
  ];
}

/** Where the step stands in the loop. @type {Record<Language, string>} */
const INDENT = { numpy: '    ', pytorch: '    ', javascript: '  ', cpp: '        ' };

/** @type {WeakMap<Step, Partial<Record<Language, Code[]>>>} */
const known = new WeakMap();

/**
 * The step's lines, the body of the program's loop.
 * @param {Step} step
 * @param {Language} language
 */
export function codeOf(step, language) {
  const all = known.get(step) ?? {};
  known.set(step, all);
  all[language] ??= language === 'pytorch' ? torchLines(step) : stepLines(step, language);
  return all[language];
}

/**
 * @param {Step} step
 * @param {Start} start
 * @param {Language} language
 * @returns {Program}
 */
export function program(step, start, language) {
  const make = language === 'numpy' || language === 'pytorch' ? python : script;
  return { ...make(step, start, /** @type {never} */ (language)), notes: notesOf(step, start) };
}

/** The whole program as a text. @param {Program} program @param {Language} language */
export function textOf({ before, step, after }, language) {
  const inside = step.map(({ text }) => (text ? INDENT[language] + text : ''));
  return [...before.map(({ text }) => text), ...inside, ...after.map(({ text }) => text), ''].join(
    '\n',
  );
}
