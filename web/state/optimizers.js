// The catalog's optimizers in the notation of functions.js, a parameter p with its gradient g at a
// time: what each remembers, and how it moves p. `rate` is the learning rate, `t` the step from 1.
// Source: docs/mathematics.md (40)-(49), where PyTorch 1.13's definitions are written down.

/**
 * @typedef {object} Update
 * @property {string[]} state what is remembered of each parameter; it begins as 0
 * @property {string[]} lines `name = expression`
 * @property {string} result what p becomes
 */

/**
 * @typedef {object} Optimizer
 * @property {number} rate the default learning rate
 * @property {(settings: Record<string, any>) => Update} [update] none for L-BFGS
 * @property {string} [torch] its class in torch.optim
 * @property {number} equation in docs/mathematics.md
 */

const decayed = (/** @type {number} */ decay) => (decay ? [`g = g + ${decay} * p`] : []);
const mean = (/** @type {string} */ m, /** @type {number} */ share, /** @type {string} */ x) =>
  `${m} = ${share} * ${m} + (1 - ${share}) * ${x}`;

/** @param {Record<string, any>} settings @returns {Update} */
function sgd({ momentum = 0, dampening = 0, nesterov = false, weightDecay = 0 }) {
  const lines = decayed(weightDecay);
  if (!momentum) return { state: [], lines, result: 'p - rate * g' };
  const first = dampening ? `where(t < 2, g, ${momentum} * v + (1 - ${dampening}) * g)` : '';
  lines.push(`v = ${first || `${momentum} * v + g`}`);
  return {
    state: ['v'],
    lines,
    result: nesterov ? `p - rate * (g + ${momentum} * v)` : 'p - rate * v',
  };
}

/** @param {Record<string, any>} settings @returns {Update} */
function rmsprop({
  alpha = 0.99,
  epsilon = 1e-8,
  weightDecay = 0,
  momentum = 0,
  centered = false,
}) {
  const root = centered ? 'v - c * c' : 'v';
  const d = `g / (sqrt(${root}) + ${epsilon})`;
  const lines = [...decayed(weightDecay), mean('v', alpha, 'g ** 2')];
  if (centered) lines.push(mean('c', alpha, 'g'));
  if (momentum) lines.push(`m = ${momentum} * m + ${d}`);
  return {
    state: ['v', ...(centered ? ['c'] : []), ...(momentum ? ['m'] : [])],
    lines,
    result: momentum ? 'p - rate * m' : `p - rate * ${d}`,
  };
}

/**
 * @param {Record<string, any>} settings
 * @param {string[]} first what comes before the means
 * @returns {Update}
 */
function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, amsgrad = false }, first) {
  const root = `sqrt(${amsgrad ? 'u' : 'v'}) / sqrt(1 - ${beta2} ** t)`;
  const lines = [...first, mean('m', beta1, 'g'), mean('v', beta2, 'g ** 2')];
  if (amsgrad) lines.push('u = where(v > u, v, u)');
  return {
    state: ['m', 'v', ...(amsgrad ? ['u'] : [])],
    lines,
    result: `p - rate / (1 - ${beta1} ** t) * m / (${root} + ${epsilon})`,
  };
}

/** @param {Record<string, any>} settings @returns {Update} */
function nadam(settings) {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = settings;
  const { momentumDecay = 0.004 } = settings;
  const mu = (/** @type {string} */ t) => `${beta1} * (1 - 0.96 ** (${t}) / 2)`;
  return {
    state: ['m', 'v', 'q'],
    lines: [
      ...decayed(weightDecay),
      mean('m', beta1, 'g'),
      mean('v', beta2, 'g ** 2'),
      `mu = ${mu(`t * ${momentumDecay}`)}`,
      `next = ${mu(`t * ${momentumDecay} + ${momentumDecay}`)}`,
      'q = where(t < 2, 1, q) * mu',
      'd = (1 - mu) / (1 - q) * g + next / (1 - mu * q * next) * m',
    ],
    result: `p - rate * d / (sqrt(v / (1 - ${beta2} ** t)) + ${epsilon})`,
  };
}

/** @param {Record<string, any>} settings @returns {Update} */
function rprop(settings) {
  const { etaMinus = 0.5, etaPlus = 1.2 } = settings;
  const { stepSizeMinimum: low = 1e-6, stepSizeMaximum: high = 50 } = settings;
  return {
    state: ['d', 'h'],
    lines: [
      'd = where(t < 2, rate, d)',
      `d = where(g * h > 0, ${etaPlus} * d, where(g * h < 0, ${etaMinus} * d, d))`,
      `d = where(d < ${low}, ${low}, where(d > ${high}, ${high}, d))`,
      'h = where(g * h < 0, 0 * g, g)',
    ],
    result: 'p - sign(h) * d',
  };
}

/** @type {Record<string, Optimizer>} */
export const OPTIMIZERS = {
  sgd: { rate: 0.1, update: sgd, torch: 'SGD', equation: 41 },
  adagrad: {
    rate: 0.01,
    torch: 'Adagrad',
    equation: 42,
    update: ({ learningRateDecay = 0, epsilon = 1e-10, weightDecay = 0 }) => ({
      state: ['v'],
      lines: [...decayed(weightDecay), 'v = v + g ** 2'],
      result: `p - rate / (1 + (t - 1) * ${learningRateDecay}) * g / (sqrt(v) + ${epsilon})`,
    }),
  },
  adadelta: {
    rate: 1,
    torch: 'Adadelta',
    equation: 43,
    update: ({ rho = 0.9, epsilon = 1e-6, weightDecay = 0 }) => ({
      state: ['v', 'u'],
      lines: [
        ...decayed(weightDecay),
        mean('v', rho, 'g ** 2'),
        `d = sqrt(u + ${epsilon}) / sqrt(v + ${epsilon}) * g`,
        mean('u', rho, 'd ** 2'),
      ],
      result: 'p - rate * d',
    }),
  },
  rmsprop: { rate: 0.01, update: rmsprop, torch: 'RMSprop', equation: 44 },
  adam: {
    rate: 0.001,
    torch: 'Adam',
    equation: 45,
    update: (settings) => adam(settings, decayed(settings.weightDecay ?? 0)),
  },
  adamw: {
    rate: 0.001,
    torch: 'AdamW',
    equation: 46,
    update: (settings) => adam(settings, [`p = p * (1 - rate * ${settings.weightDecay ?? 0.01})`]),
  },
  nadam: { rate: 0.002, update: nadam, torch: 'NAdam', equation: 47 },
  rprop: { rate: 0.01, update: rprop, torch: 'Rprop', equation: 48 },
  lion: {
    rate: 0.0001,
    equation: 49,
    update: ({ beta1 = 0.9, beta2 = 0.99, weightDecay = 0 }) => ({
      state: ['m'],
      lines: [
        `c = sign(${beta1} * m + (1 - ${beta1}) * g)${weightDecay ? ` + ${weightDecay} * p` : ''}`,
        mean('m', beta2, 'g'),
      ],
      result: 'p - rate * c',
    }),
  },
  lbfgs: { rate: 1, equation: 50 },
};

/**
 * A schedule with its settings' defaults.
 * @param {unknown} given
 * @returns {{ kind: string, gamma: number, stepSize: number, warmup: number, minimum: number }}
 */
export function scheduleOf(given) {
  const schedule = /** @type {Record<string, any>} */ (given);
  const gamma = schedule.kind === 'step' ? 0.1 : 0.999;
  return { kind: schedule.kind, gamma, stepSize: 1000, warmup: 100, minimum: 0, ...schedule };
}

/**
 * The learning rate of an epoch's step, by the schedule and the edits.
 * Source: docs/mathematics.md (55)-(60).
 * @param {import('./types.js').Experiment} experiment complete
 * @param {number} epoch
 */
export function rateAt({ optimizer, schedule, edits, epochs }, epoch) {
  let rate = optimizer.learningRate ?? OPTIMIZERS[optimizer.kind].rate;
  let since = 0;
  for (const edit of /** @type {{ epoch: number, learningRate?: number }[]} */ (edits)) {
    if (edit.learningRate === undefined || edit.epoch > epoch || edit.epoch < since) continue;
    since = edit.epoch;
    rate = edit.learningRate;
  }
  const { kind, gamma, stepSize, warmup, minimum } = scheduleOf(schedule);
  const wave = (/** @type {number} */ k, /** @type {number} */ n) =>
    minimum + (rate - minimum) * (k < n ? (1 + Math.cos((Math.PI * k) / n)) / 2 : 0);
  if (kind === 'step') return rate * gamma ** Math.floor(epoch / stepSize);
  if (kind === 'exponential') return rate * gamma ** epoch;
  if (kind === 'cosine') return wave(epoch, epochs);
  if (kind !== 'warmup_cosine') return rate;
  return epoch < warmup ? (rate * (epoch + 1)) / warmup : wave(epoch - warmup, epochs - warmup);
}
