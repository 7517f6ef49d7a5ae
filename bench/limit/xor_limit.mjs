// The post's step (2-2-1 sigmoids, XOR, full batch, SGD) in plain JavaScript, unrolled by hand for
// exactly this network: four samples, nine scalars, Math.exp, nothing allocated.

/**
 * Trains in place.
 * @param {Float64Array} parameters W1 (2 x 2, row-major), b1, W2, b2: 9 numbers
 * @param {number} rate
 * @param {number} epochs
 * @returns {number} the loss before the last of the epochs
 */
export function trainXor(parameters, rate, epochs) {
  const exp = Math.exp;
  let [w11, w12, w21, w22, b1, b2, v1, v2, c] = parameters;
  let loss = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    // Sample k: hidden units hk and gk, output ok, error ek, slopes dk of the output and pk, qk of
    // the hidden units.
    const h0 = 1 / (1 + exp(-b1));
    const g0 = 1 / (1 + exp(-b2));
    const h1 = 1 / (1 + exp(-(w21 + b1)));
    const g1 = 1 / (1 + exp(-(w22 + b2)));
    const h2 = 1 / (1 + exp(-(w11 + b1)));
    const g2 = 1 / (1 + exp(-(w12 + b2)));
    const h3 = 1 / (1 + exp(-(w11 + w21 + b1)));
    const g3 = 1 / (1 + exp(-(w12 + w22 + b2)));
    const o0 = 1 / (1 + exp(-(h0 * v1 + g0 * v2 + c)));
    const o1 = 1 / (1 + exp(-(h1 * v1 + g1 * v2 + c)));
    const o2 = 1 / (1 + exp(-(h2 * v1 + g2 * v2 + c)));
    const o3 = 1 / (1 + exp(-(h3 * v1 + g3 * v2 + c)));
    const e0 = o0;
    const e1 = o1 - 1;
    const e2 = o2 - 1;
    const e3 = o3;
    loss = (e0 * e0 + e1 * e1 + (e2 * e2 + e3 * e3)) / 4;
    const d0 = 0.5 * e0 * (o0 * (1 - o0));
    const d1 = 0.5 * e1 * (o1 * (1 - o1));
    const d2 = 0.5 * e2 * (o2 * (1 - o2));
    const d3 = 0.5 * e3 * (o3 * (1 - o3));
    const p0 = d0 * v1 * (h0 * (1 - h0));
    const p1 = d1 * v1 * (h1 * (1 - h1));
    const p2 = d2 * v1 * (h2 * (1 - h2));
    const p3 = d3 * v1 * (h3 * (1 - h3));
    const q0 = d0 * v2 * (g0 * (1 - g0));
    const q1 = d1 * v2 * (g1 * (1 - g1));
    const q2 = d2 * v2 * (g2 * (1 - g2));
    const q3 = d3 * v2 * (g3 * (1 - g3));
    w11 -= rate * (p2 + p3);
    w12 -= rate * (q2 + q3);
    w21 -= rate * (p1 + p3);
    w22 -= rate * (q1 + q3);
    b1 -= rate * (p0 + p1 + (p2 + p3));
    b2 -= rate * (q0 + q1 + (q2 + q3));
    v1 -= rate * (h0 * d0 + h1 * d1 + (h2 * d2 + h3 * d3));
    v2 -= rate * (g0 * d0 + g1 * d1 + (g2 * d2 + g3 * d3));
    c -= rate * (d0 + d1 + (d2 + d3));
  }
  parameters.set([w11, w12, w21, w22, b1, b2, v1, v2, c]);
  return loss;
}
