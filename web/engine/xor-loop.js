// The post's step as a plain JavaScript loop over samples, typed arrays for what it reads and
// writes.

const inputs = Float64Array.of(0, 0, 0, 1, 1, 0, 1, 1);
const targets = Float64Array.of(0, 1, 1, 0);
const gradient = new Float64Array(9);

/** @param {number} z */
const sigmoid = (z) => 1 / (1 + Math.exp(-z));

/**
 * One epoch, in place.
 * @param {Float64Array} p W1 (2 x 2, row-major), b1, W2, b2: 9 numbers
 * @param {number} rate
 */
function step(p, rate) {
  let loss = 0;
  gradient.fill(0);
  for (let s = 0; s < 4; s++) {
    const x1 = inputs[2 * s];
    const x2 = inputs[2 * s + 1];
    const a1 = sigmoid(x1 * p[0] + x2 * p[2] + p[4]);
    const a2 = sigmoid(x1 * p[1] + x2 * p[3] + p[5]);
    const output = sigmoid(a1 * p[6] + a2 * p[7] + p[8]);
    const error = output - targets[s];
    loss += (error * error) / 4;
    const dz = 0.5 * error * output * (1 - output);
    const dz1 = dz * p[6] * a1 * (1 - a1);
    const dz2 = dz * p[7] * a2 * (1 - a2);
    gradient[0] += x1 * dz1;
    gradient[1] += x1 * dz2;
    gradient[2] += x2 * dz1;
    gradient[3] += x2 * dz2;
    gradient[4] += dz1;
    gradient[5] += dz2;
    gradient[6] += a1 * dz;
    gradient[7] += a2 * dz;
    gradient[8] += dz;
  }
  for (let i = 0; i < 9; i++) p[i] -= rate * gradient[i];
  return loss;
}

/**
 * Trains in place.
 * @param {Float64Array} parameters W1 (2 x 2, row-major), b1, W2, b2: 9 numbers
 * @param {number} rate
 * @param {number} epochs
 * @returns {number} the loss before the last of the epochs
 */
export function trainXor(parameters, rate, epochs) {
  let loss = 0;
  for (let epoch = 0; epoch < epochs; epoch++) loss = step(parameters, rate);
  return loss;
}
