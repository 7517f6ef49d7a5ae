// TensorFlow.js, single precision. The variant is its backend, cpu or wasm.

/** @typedef {import('./workload.mjs').Workload} Workload */

/** @param {import('./workload.mjs').Host} host */
export async function open({ variant, load, locate }) {
  const isNode = typeof process === 'object';
  const scope = await load(`@tensorflow/tfjs/dist/${isNode ? 'tf.node.js' : 'tf.min.js'}`);
  const tf = isNode ? scope : scope.tf;
  if (variant === 'wasm') {
    const file = `tf-backend-wasm${isNode ? '' : '.min'}.js`;
    const backend = await load(`@tensorflow/tfjs-backend-wasm/dist/${file}`);
    const setWasmPaths = isNode ? backend.setWasmPaths : tf.wasm.setWasmPaths;
    setWasmPaths(`${locate('@tensorflow/tfjs-backend-wasm/dist')}/`);
  }
  await tf.setBackend(variant);
  await tf.ready();
  const create = async (/** @type {string} */ _name, /** @type {() => Promise<Workload>} */ read) =>
    new Network(tf, await read());
  return { version: `TensorFlow.js ${tf.version_core}`, create };
}

class Network {
  /**
   * @param {any} tf
   * @param {Workload} w
   */
  constructor(tf, w) {
    this.tf = tf;
    this.w = w;
    let at = 0;
    const take = (/** @type {number[]} */ shape) => {
      const size = shape.reduce((a, b) => a * b);
      at += size;
      return tf.variable(tf.tensor(Float32Array.from(w.parameters.subarray(at - size, at)), shape));
    };
    this.layers = w.units.slice(1).map((fanOut, l) => ({
      weights: take([w.units[l], fanOut]),
      biases: take([fanOut]),
    }));
    this.variables = this.layers.flatMap(({ weights, biases }) => [weights, biases]);
    const outputs = w.units[w.units.length - 1];
    this.x = tf.tensor2d(Float32Array.from(w.inputs), [w.samples, w.units[0]]);
    this.y = tf.tensor2d(Float32Array.from(w.targets), [w.samples, outputs]);
    this.batches = Array.from({ length: w.samples / w.batch }, (_, b) => ({
      x: tf.slice(this.x, [b * w.batch, 0], [w.batch, -1]),
      y: tf.slice(this.y, [b * w.batch, 0], [w.batch, -1]),
    }));
    this.optimizer = tf.train.sgd(w.rate);
  }

  /**
   * @param {any} x
   * @param {any} y
   */
  lossOf(x, y) {
    const { tf, w, layers } = this;
    let a = x;
    for (const [l, { weights, biases }] of layers.entries()) {
      a = tf.add(tf.matMul(a, weights), biases);
      const name = l + 1 === layers.length ? w.output : w.hidden;
      if (name === 'softmax') return tf.losses.softmaxCrossEntropy(y, a);
      a = name === 'tanh' ? tf.tanh(a) : tf.sigmoid(a);
    }
    return tf.losses.meanSquaredError(y, a);
  }

  /** @param {number} epochs */
  run(epochs) {
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (const { x, y } of this.batches) {
        this.optimizer.minimize(() => this.lossOf(x, y), false, this.variables);
      }
    }
    this.layers[0].weights.dataSync(); // whatever is under way is over
  }

  loss() {
    return this.tf.tidy(() => this.lossOf(this.x, this.y).dataSync()[0]);
  }

  dispose() {
    this.optimizer.dispose();
    for (const { x, y } of this.batches) this.tf.dispose([x, y]);
    this.tf.dispose([...this.variables, this.x, this.y]);
  }
}
