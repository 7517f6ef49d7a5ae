// A multilayer perceptron in plain JavaScript: loops over samples, units and inputs, typed arrays,
// nothing allocated while training. The twin of native/naive.h.
import { lossOf } from './workload.mjs';

/** @typedef {import('./workload.mjs').Workload} Workload */

class Network {
  /** @param {Workload} w */
  constructor(w) {
    this.w = w;
    this.parameters = w.parameters.slice();
    this.gradient = new Float64Array(this.parameters.length);
    this.a = w.units.map((n) => new Float64Array(n));
    this.d = w.units.map((n) => new Float64Array(n));
    let at = 0;
    this.weightsAt = w.units.slice(1).map((n, l) => {
      const first = at;
      at += (w.units[l] + 1) * n;
      return first;
    });
  }

  /** @param {number} epochs */
  run(epochs) {
    const { samples, batch } = this.w;
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (let first = 0; first < samples; first += batch) this.step(first);
    }
  }

  loss() {
    return lossOf(this.w, (input) => {
      this.a[0].set(input);
      return this.forward();
    });
  }

  /** @param {number} first */
  step(first) {
    const { w, parameters, gradient } = this;
    gradient.fill(0);
    for (let s = first; s < first + w.batch; s++) {
      const x = this.a[0];
      for (let i = 0; i < x.length; i++) x[i] = w.inputs[s * x.length + i];
      this.forward();
      this.outputSlope(s);
      this.backward();
    }
    const rate = w.rate / w.batch;
    for (let i = 0; i < parameters.length; i++) parameters[i] -= rate * gradient[i];
  }

  /** From the inputs in a[0]. */
  forward() {
    const { units, hidden, output } = this.w;
    for (let l = 0; l + 1 < units.length; l++) {
      affine(this.parameters, this.weightsAt[l], this.a[l], this.a[l + 1]);
      activate(l + 2 === units.length ? output : hidden, this.a[l + 1]);
    }
    return this.a[units.length - 1];
  }

  /** @param {number} sample */
  outputSlope(sample) {
    const { targets, output } = this.w;
    const a = this.a[this.a.length - 1];
    const d = this.d[this.d.length - 1];
    for (let j = 0; j < a.length; j++) {
      const error = a[j] - targets[sample * a.length + j];
      d[j] = output === 'softmax' ? error : (2 / a.length) * error * slope(output, a[j]);
    }
  }

  backward() {
    const { units, hidden } = this.w;
    for (let l = units.length - 2; l >= 0; l--) {
      addGradient(this.gradient, this.weightsAt[l], this.a[l], this.d[l + 1]);
      if (l > 0) back(this.parameters, this.weightsAt[l], this.a[l], this.d, l, hidden);
    }
  }
}

/**
 * z = Wᵀx + b
 * @param {Float64Array} parameters
 * @param {number} at
 * @param {Float64Array} x
 * @param {Float64Array} z
 */
function affine(parameters, at, x, z) {
  const fanOut = z.length;
  const biasesAt = at + x.length * fanOut;
  for (let j = 0; j < fanOut; j++) z[j] = parameters[biasesAt + j];
  for (let i = 0; i < x.length; i++) {
    const input = x[i];
    const row = at + i * fanOut;
    for (let j = 0; j < fanOut; j++) z[j] += input * parameters[row + j];
  }
}

/**
 * @param {string} name
 * @param {Float64Array} a
 */
function activate(name, a) {
  if (name === 'sigmoid') for (let j = 0; j < a.length; j++) a[j] = 1 / (1 + Math.exp(-a[j]));
  else if (name === 'tanh') for (let j = 0; j < a.length; j++) a[j] = Math.tanh(a[j]);
  else {
    let largest = a[0];
    for (let j = 1; j < a.length; j++) largest = Math.max(largest, a[j]);
    let sum = 0;
    for (let j = 0; j < a.length; j++) {
      a[j] = Math.exp(a[j] - largest);
      sum += a[j];
    }
    for (let j = 0; j < a.length; j++) a[j] /= sum;
  }
}

/**
 * @param {string} name
 * @param {number} a
 */
const slope = (name, a) => (name === 'sigmoid' ? a * (1 - a) : 1 - a * a);

/**
 * dW += x dzᵀ, db += dz
 * @param {Float64Array} gradient
 * @param {number} at
 * @param {Float64Array} x
 * @param {Float64Array} dz
 */
function addGradient(gradient, at, x, dz) {
  const fanOut = dz.length;
  const biasesAt = at + x.length * fanOut;
  for (let j = 0; j < fanOut; j++) gradient[biasesAt + j] += dz[j];
  for (let i = 0; i < x.length; i++) {
    const input = x[i];
    const row = at + i * fanOut;
    for (let j = 0; j < fanOut; j++) gradient[row + j] += input * dz[j];
  }
}

/**
 * d[l] = (W d[l + 1]) ∘ f'
 * @param {Float64Array} parameters
 * @param {number} at
 * @param {Float64Array} a
 * @param {Float64Array[]} d
 * @param {number} l
 * @param {string} name
 */
function back(parameters, at, a, d, l, name) {
  const dz = d[l + 1];
  for (let i = 0; i < a.length; i++) {
    const row = at + i * dz.length;
    let sum = 0;
    for (let j = 0; j < dz.length; j++) sum += parameters[row + j] * dz[j];
    d[l][i] = sum * slope(name, a[i]);
  }
}

export async function open() {
  const create = async (/** @type {string} */ _name, /** @type {() => Promise<Workload>} */ read) =>
    new Network(await read());
  return { version: '', create };
}
