// Where we must stand: ratios of one run. `of` ÷ `to` is at least, or at most, so much.

/**
 * @typedef {object} Goal
 * @property {string} host
 * @property {string} work
 * @property {string} text
 * @property {[row: string, column: string]} of
 * @property {[row: string, column: string]} to
 * @property {number} [least]
 * @property {number} [most]
 */

/**
 * @param {string} host
 * @param {string} column
 * @param {string} text
 * @param {string} peer
 * @param {number} least how many times faster than the peer
 * @param {string} [precision] ours
 * @param {string} [peerColumn]
 * @returns {Goal}
 */
function faster(host, column, text, peer, least, precision = 'f64', peerColumn = column) {
  const to = /** @type {[string, string]} */ ([`${host}: Backprop ${precision}`, column]);
  return { host, work: column, text: `${text}: ${least}x`, of: [peer, peerColumn], to, least };
}

/**
 * @param {string} host
 * @param {string} column
 * @param {string} text
 * @param {[string, string]} of
 * @param {[string, string]} to
 * @param {number} most
 * @returns {Goal}
 */
const atMost = (host, column, text, of, to, most) => ({
  host,
  work: column,
  text: `${text}: ${most}x`,
  of,
  to,
  most,
});

/** @type {Goal[]} */
const native = [
  atMost(
    'native',
    'W1',
    'at most the loop unrolled by hand',
    ['native: Backprop f64', 'W1'],
    ['native: C++, unrolled by hand f64', 'W1'],
    1.3,
  ),
  faster('native', 'W1', 'faster than plain C++', 'native: C++, plain loops f64', 2),
  faster('native', 'W1', 'faster than NumPy', 'native: NumPy f64', 200),
  faster('native', 'W1', 'faster than PyTorch', 'native: PyTorch f64', 800),
  faster('native', 'W2', 'faster than Eigen f64', 'native: Eigen f64', 2.5),
  faster('native', 'W2', 'not slower than Eigen f32', 'native: Eigen f32', 1),
  faster('native', 'W2', 'faster than PyTorch', 'native: PyTorch f64', 100),
  faster('native', 'W3', 'faster than Eigen f64', 'native: Eigen f64', 1.5),
  faster('native', 'W3', 'faster than PyTorch f64', 'native: PyTorch f64', 2),
  faster('native', 'W3', 'f32 not slower than NumPy f32', 'native: NumPy f32', 1, 'f32'),
  ...['exp', 'tanh', 'sigmoid'].map((name) =>
    atMost(
      'native',
      name,
      'at most SLEEF at four lanes',
      ['native: Backprop, four lanes functions', name],
      ['native: SLEEF functions', name],
      1.5,
    ),
  ),
];

/** @param {string} host */
const inWebAssembly = (host) => [
  faster(
    host,
    'W1',
    'faster than JavaScript by hand',
    `${host}: JavaScript, unrolled by hand f64`,
    3,
  ),
  faster(host, 'W1', 'faster than Playground', `${host}: TensorFlow Playground's network f64`, 10),
  atMost(
    host,
    'W1',
    'at most native',
    [`${host}: Backprop f64`, 'W1'],
    ['native: Backprop f64', 'W1'],
    1.4,
  ),
  faster(host, 'W2', 'faster than typed arrays', `${host}: JavaScript, typed arrays f64`, 4),
  faster(host, 'W2', 'faster than Playground', `${host}: TensorFlow Playground's network f64`, 12),
  faster(host, 'W3', 'faster than typed arrays', `${host}: JavaScript, typed arrays f64`, 12),
  faster(host, 'W3', 'faster than TensorFlow.js wasm', `${host}: TensorFlow.js, wasm f32`, 5),
  faster(
    host,
    'W3',
    'f32 faster than TensorFlow.js wasm',
    `${host}: TensorFlow.js, wasm f32`,
    10,
    'f32',
  ),
  ...['exp', 'tanh', 'sigmoid'].map((name) => ({
    ...faster(host, name, 'faster than musl', `${host}: musl functions`, 3),
    to: /** @type {[string, string]} */ ([`${host}: Backprop, four lanes functions`, name]),
  })),
];

export const goals = [
  ...native,
  ...['Node', 'Chromium'].flatMap(inWebAssembly),
  ...['native', 'Node', 'Chromium'].flatMap((host) => [
    atMost(
      host,
      'W4',
      'an epoch and member at most our own W1',
      [`${host}: Backprop f64`, 'W4'],
      [`${host}: Backprop f64`, 'W1'],
      0.6,
    ),
    faster(host, 'W4', 'faster than NumPy, seed by seed', 'native: NumPy f64', 400, 'f64', 'W1'),
  ]),
];
