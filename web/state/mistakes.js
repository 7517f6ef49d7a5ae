// The post's program, line by line, and seven ways to get one line wrong.

/**
 * A line of the program.
 * @typedef {object} Line
 * @property {string} array what it computes; differences can check those that begin with d_
 * @property {string} text NumPy; N stands for the number of outputs
 */

/** @type {Line[]} */
export const LINES = [
  { array: 'W', text: 'W1, W2 = np.random.randn(2, 2), np.random.randn(2, N)' },
  { array: 'a1', text: 'a1 = sigmoid(np.dot(X, W1) + b1)' },
  { array: 'a2', text: 'a2 = sigmoid(np.dot(a1, W2) + b2)' },
  { array: 'd_loss_a2', text: 'd_loss_a2 = 2 * (a2 - y) / y.size' },
  { array: 'd_z2', text: 'd_z2 = d_loss_a2 * a2 * (1 - a2)' },
  { array: 'd_W2', text: 'd_W2 = np.dot(a1.T, d_z2)' },
  { array: 'd_b2', text: 'd_b2 = np.sum(d_z2, axis=0, keepdims=True)' },
  { array: 'd_a1', text: 'd_a1 = np.dot(d_z2, W2.T)' },
  { array: 'd_z1', text: 'd_z1 = d_a1 * a1 * (1 - a1)' },
  { array: 'd_W1', text: 'd_W1 = np.dot(X.T, d_z1)' },
  { array: 'd_b1', text: 'd_b1 = np.sum(d_z1, axis=0, keepdims=True)' },
  { array: 'W2', text: 'W2, b2 = W2 - rate * d_W2, b2 - rate * d_b2' },
  { array: 'W1', text: 'W1, b1 = W1 - rate * d_W1, b1 - rate * d_b1' },
];

/**
 * @typedef {object} Mistake
 * @property {string} name for the reader
 * @property {string} array that the changed line computes
 * @property {string} text of the changed line
 * @property {boolean} [isSquare] whether it is made where W2 is square
 * @property {string} why what the mistake does, whatever the numbers
 */

/** @type {Record<string, Mistake>} */
export const MISTAKES = {
  no_slope: {
    name: 'σ′ forgotten',
    array: 'd_z1',
    text: 'd_z1 = d_a1',
    why: 'Without the slope a hidden unit that is sure of itself is pushed as hard as one in doubt.',
  },
  not_transposed: {
    name: 'W2 not transposed',
    array: 'd_a1',
    text: 'd_a1 = np.dot(d_z2, W2)',
    isSquare: true,
    why: 'With one output NumPy stops at this line, for (4, 1) and (2, 1) do not fit. It goes unseen only where W2 is square, as here with a second output, which learns AND: a half adder.',
  },
  updated_weights: {
    name: 'W2 updated too early',
    array: 'd_a1',
    text: 'd_a1 = np.dot(d_z2, (W2 - rate * d_W2).T)',
    why: 'That is the update of W2 standing above this line. The error is as small as one step, and at a small rate the curve hides it.',
  },
  wrong_sign: {
    name: 'Wrong sign',
    array: 'd_loss_a2',
    text: 'd_loss_a2 = 2 * (y - a2) / y.size',
    why: 'Every step goes uphill.',
  },
  no_mean: {
    name: '1/n forgotten',
    array: 'd_loss_a2',
    text: 'd_loss_a2 = 2 * (a2 - y)',
    why: 'Every gradient is four times too large, as at four times the learning rate. It may even learn faster.',
  },
  zeros: {
    name: 'Zero initialization',
    array: 'W',
    text: 'W1, W2 = np.zeros((2, 2)), np.zeros((2, N))',
    isSquare: true,
    why: 'The gradient is right, so the check has nothing to find. But equal units get equal gradients.',
  },
  no_sum: {
    name: 'Bias gradient not summed',
    array: 'd_b2',
    text: 'd_b2 = d_z2',
    why: 'NumPy stretches b2 from (1, 1) to (4, 1) without a word: every row gets a bias of its own and is learned by heart.',
  },
};
