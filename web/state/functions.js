// The catalog's functions as expressions in a notation that JavaScript, Python and C++ share nearly
// word for word: code in four languages, formulas and the numbers put in are all made of these.
// `where(c, a, b)` is a where c holds, else b.

const SIGMOID = '1 / (1 + exp(-z))';
const SOFTPLUS = 'log1p(exp(z))';
const SELU = { lambda: '1.0507009873554805', alpha: '1.7580993408473766' };

/**
 * An activation a = f(z); its derivative by z, written with a where that is shorter.
 * @typedef {object} Activation
 * @property {string} f
 * @property {string} df
 * @property {string} torch what PyTorch calls it
 * @property {number} equation in docs/mathematics.md
 */

/** @type {Record<string, Activation>} */
export const ACTIVATIONS = {
  identity: { f: 'z', df: '1', torch: '', equation: 14 },
  sigmoid: { f: SIGMOID, df: 'a * (1 - a)', torch: 'torch.sigmoid', equation: 15 },
  tanh: { f: 'tanh(z)', df: '1 - a * a', torch: 'torch.tanh', equation: 16 },
  relu: { f: 'where(z > 0, z, 0)', df: 'where(z > 0, 1, 0)', torch: 'torch.relu', equation: 17 },
  leaky_relu: {
    f: 'where(z > 0, z, 0.01 * z)',
    df: 'where(z > 0, 1, 0.01)',
    torch: 'F.leaky_relu',
    equation: 18,
  },
  elu: {
    f: 'where(z > 0, z, expm1(z))',
    df: 'where(z > 0, 1, a + 1)',
    torch: 'F.elu',
    equation: 19,
  },
  selu: {
    f: `where(z > 0, ${SELU.lambda} * z, ${SELU.alpha} * expm1(z))`,
    df: `where(z > 0, ${SELU.lambda}, a + ${SELU.alpha})`,
    torch: 'F.selu',
    equation: 20,
  },
  softplus: {
    f: 'where(z > 0, z, 0) + log1p(exp(-abs(z)))',
    df: SIGMOID,
    torch: 'F.softplus',
    equation: 21,
  },
  softsign: {
    f: 'z / (1 + abs(z))',
    df: '1 / ((1 + abs(z)) * (1 + abs(z)))',
    torch: 'F.softsign',
    equation: 22,
  },
  silu: {
    f: 'z / (1 + exp(-z))',
    df: '(1 + z - a) / (1 + exp(-z))',
    torch: 'F.silu',
    equation: 23,
  },
  gelu: {
    f: 'z * (1 + erf(z / sqrt(2))) / 2',
    df: '(1 + erf(z / sqrt(2))) / 2 + z * exp(-z * z / 2) / sqrt(2 * pi)',
    torch: 'F.gelu',
    equation: 24,
  },
  mish: {
    f: `z * tanh(${SOFTPLUS})`,
    df: `tanh(${SOFTPLUS}) + z * (1 - tanh(${SOFTPLUS}) * tanh(${SOFTPLUS})) / (1 + exp(-z))`,
    torch: 'F.mish',
    equation: 25,
  },
  sine: { f: 'sin(z)', df: 'cos(z)', torch: 'torch.sin', equation: 26 },
  softmax: { f: '', df: '', torch: 'torch.softmax', equation: 27 },
};

/**
 * A loss: the term of an element (`n` of them), and its slope by the output; by the last layer's z
 * where the loss goes straight there.
 * @typedef {object} Loss
 * @property {string} term
 * @property {string} slope
 * @property {string} torch what PyTorch calls it
 * @property {boolean} [isStraight]
 * @property {number} equation in docs/mathematics.md
 */

/** @type {Record<string, Loss>} */
export const LOSSES = {
  mse: { term: '(a - y) ** 2', slope: '2 * (a - y) / n', torch: 'F.mse_loss', equation: 30 },
  mae: { term: 'abs(a - y)', slope: 'sign(a - y) / n', torch: 'F.l1_loss', equation: 31 },
  huber: {
    term: 'where(abs(a - y) <= 1, (a - y) ** 2 / 2, abs(a - y) - 0.5)',
    slope: 'where(abs(a - y) <= 1, a - y, sign(a - y)) / n',
    torch: 'F.huber_loss',
    equation: 32,
  },
  hinge: {
    term: 'where(a * y < 1, 1 - a * y, 0)',
    slope: 'where(a * y < 1, -y, 0) / n',
    torch: '',
    equation: 33,
  },
  binary_cross_entropy: {
    term: '-y * log(a) - (1 - y) * log(1 - a)',
    slope: '(a - y) / n',
    torch: 'F.binary_cross_entropy_with_logits',
    isStraight: true,
    equation: 35,
  },
  cross_entropy: {
    term: '-y * log(a)',
    slope: '(a - y) / n',
    torch: 'F.cross_entropy',
    isStraight: true,
    equation: 38,
  },
};
