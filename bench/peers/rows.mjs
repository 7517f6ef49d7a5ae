// Who is measured: a row of the table each.

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {'native' | 'Node' | 'Chromium'} host
 * @property {string} precision
 * @property {Record<string, string>} works what it does, column by column: the name of the workload
 * @property {('eigen' | 'dlib' | 'fann' | 'sleef' | 'numpy' | 'torch')[]} [needs] what set-up finds
 * @property {string} [program] native/PROGRAM.cpp, built with these flags
 * @property {string[]} [flags]
 * @property {string} [python] python/PYTHON.py
 * @property {string} [script] javascript/SCRIPT.mjs
 * @property {string} [variant] the peer's second argument; otherwise the precision
 * @property {number} [tolerance] of the loss, relative; by the precision unless given
 * @property {string} [note] what differs from the workload
 */

export const samples = [4, 16, 64, 256, 1024, 4096, 16384, 100000];
export const widths = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

const three = { W1: 'W1', W2: 'W2', W3: 'W3' };
const two = { W1: 'W1', W2: 'W2' };
const functions = { exp: 'exp', tanh: 'tanh', sigmoid: 'sigmoid' };
const growth = Object.fromEntries(
  [...samples.map((n) => `samples-${n}`), ...widths.map((w) => `width-${w}`)].map((n) => [n, n]),
);
const online = 'a step a sample, for it knows no batches';
const squares = 'W3: ten tanh outputs and the mean squared error, for it has no softmax';

/** @type {Row[]} */
const ours = /** @type {Row['host'][]} */ (['native', 'Node', 'Chromium']).flatMap((host) =>
  ['f64', 'f32'].map((precision) => ({
    name: 'Backprop',
    host,
    precision,
    works: {
      ...three,
      W4: 'W4',
      ...(precision === 'f64' ? growth : {}),
      ...(host === 'Chromium' && precision === 'f64' ? { 'W4, whole': 'W4-10000' } : {}),
    },
    ...(host === 'native' ? { program: 'backprop' } : { script: 'backprop' }),
  })),
);

/** Also with the losses that a session keeps: those of the first 1,024 epochs, then ever fewer. */
const recorded = ours
  .filter(({ precision }) => precision === 'f64')
  .map((row) => ({ ...row, name: 'Backprop, losses kept', works: three, variant: 'f64-recorded' }));

/** @type {Row[]} */
const native = [
  { name: 'C++, unrolled by hand', precision: 'f64', works: { W1: 'W1' }, program: 'unrolled' },
  { name: 'C++, plain loops', precision: 'f64', works: three, program: 'naive' },
  {
    name: 'the same, -ffast-math',
    precision: 'f64',
    works: three,
    program: 'naive',
    flags: ['-ffast-math'],
  },
  ...['f64', 'f32'].map((precision) => ({
    name: 'Eigen',
    precision,
    works: three,
    program: 'eigen',
    flags: ['-I/usr/include/eigen3', '-I/opt/homebrew/include/eigen3'],
    needs: /** @type {const} */ (['eigen']),
  })),
  {
    name: 'FANN',
    precision: 'f64',
    works: { ...two, W3: 'W3-squares' },
    program: 'fann',
    flags: ['-ldoublefann', '-lm'],
    needs: ['fann'],
    note: `${squares}; it keeps its rate in single precision and cuts small slopes off`,
    tolerance: 1e-4,
  },
  {
    name: 'dlib',
    precision: 'f32',
    works: three,
    program: 'dlib',
    flags: ['-ldlib'],
    needs: ['dlib'],
  },
  ...['f64', 'f32'].flatMap((precision) => [
    { name: 'NumPy', precision, works: three, python: 'peer_numpy', needs: ['numpy'] },
    { name: 'PyTorch', precision, works: three, python: 'peer_torch', needs: ['numpy', 'torch'] },
  ]),
  ...['ours', 'SLEEF', 'C library'].map((variant) => ({
    name: variant === 'ours' ? 'Backprop, four lanes' : variant,
    precision: 'functions',
    works: functions,
    program: 'elementary',
    flags: ['-ffp-contract=off', '-DBACKPROP_ISA=bench', '-Icore/src'].concat(
      variant === 'SLEEF' ? ['-DHAS_SLEEF', '-lsleef'] : [],
    ),
    variant,
    needs: variant === 'SLEEF' ? ['sleef'] : [],
  })),
].map((row) => /** @type {Row} */ ({ ...row, host: 'native' }));

/** @type {Row[]} */
const inNode = [
  {
    name: 'brain.js',
    precision: 'f32',
    works: { W1: 'W1-online', W2: 'W2-online', W3: 'W3-squares-online' },
    script: 'brain',
    note: `${online}; ${squares}`,
  },
  {
    name: 'synaptic',
    precision: 'f64',
    works: { W1: 'W1-entropy-online', W2: 'W2-entropy-online' },
    script: 'synaptic',
    note: `${online}; a sigmoid output and cross-entropy; it reads weights that it has just changed`,
    tolerance: 0.01,
  },
  { name: 'ConvNetJS', precision: 'f64', works: three, script: 'convnet' },
].map((row) => /** @type {Row} */ ({ ...row, host: 'Node' }));

/** @type {Row[]} */
const inBoth = /** @type {Row['host'][]} */ (['Node', 'Chromium']).flatMap((host) =>
  [
    { name: 'C++, plain loops, as WebAssembly', precision: 'f64', works: three, script: 'naive' },
    {
      name: 'JavaScript, unrolled by hand',
      precision: 'f64',
      works: { W1: 'W1' },
      script: 'unrolled',
    },
    { name: 'JavaScript, typed arrays', precision: 'f64', works: three, script: 'typed-arrays' },
    {
      name: "TensorFlow Playground's network",
      precision: 'f64',
      works: two,
      script: 'playground',
    },
    ...['cpu', 'wasm'].map((variant) => ({
      name: `TensorFlow.js, ${variant}`,
      precision: 'f32',
      works: three,
      script: 'tensorflow',
      variant,
    })),
    ...['ours', 'musl'].map((variant) => ({
      name: variant === 'ours' ? 'Backprop, four lanes' : 'musl',
      precision: 'functions',
      works: functions,
      script: 'elementary',
      variant,
    })),
  ].map((row) => /** @type {Row} */ ({ ...row, host })),
);

export const rows = [...ours, ...recorded, ...native, ...inBoth, ...inNode];

/** @param {{ host: string, name: string, precision: string }} row */
export const idOf = ({ host, name, precision }) => `${host}: ${name} ${precision}`;
