// The run in NumPy: the post's program.
import { ACTIVATIONS, LOSSES } from '../functions.js';
import { argumentsOf, inputOf } from '../step.js';
import {
  asFactor,
  calls,
  isLong,
  nameOf,
  outputSlope,
  penalized,
  rename,
  slopeArguments,
  stepLines,
  used,
} from './notation.js';
import { numpyText, optimizer, pythonFrame } from './python.js';

/** @typedef {import('../step.js').Step} Step */
/** @typedef {import('../listings.js').Dialect} Dialect */
/** @typedef {import('./notation.js').Say} Say */
/** @typedef {import('../step.js').Line} StepLine */

/** @type {Record<StepLine['kind'], Say>} */
const SAY = {
  z: ({ layer: l }) => `np.dot(${inputOf(l)}, W${l}) + b${l}`,
  a: ({ layer: l }, step) => `${nameOf(step, l)}(z${l})`,
  loss: ({ layer: l }, { loss }) => {
    const term = numpyText(rename(LOSSES[loss].term, { a: `a${l}` }));
    return loss === 'cross_entropy' ? `np.sum(${term}) / len(y)` : `np.mean(${term})`;
  },
  start: ({ layer: l }, { loss }) => {
    const n = loss === 'cross_entropy' ? 'len(y)' : 'y.size';
    return rename(numpyText(LOSSES[loss].slope), { a: `a${l}`, n });
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
    const g = numpyText(penalized(experiment, p, p, `d_${p}`));
    return isLong(experiment)
      ? `${experiment.optimizer.kind}('${p}', ${p}, ${g})`
      : `${p} - learning_rate * ${asFactor(g)}`;
  },
};

/** The activations and their derivatives. @param {Step} step @returns {string[]} */
function functions(step) {
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
    const slope = names === 'z' && df === '1' ? 'np.ones_like(z)' : numpyText(df);
    const derivative = [`def ${name}_derivative(${names}):`, `    return ${slope}`, ''];
    const isUsed = step.lines.some((l) => l.kind === 'slope' && nameOf(step, l.layer) === name);
    return [`def ${name}(z):`, `    return ${numpyText(f)}`, '', ...(isUsed ? derivative : [])];
  });
  return [...erf, ...functions];
}

/** @type {Dialect} */
export const numpy = {
  step: (step) => stepLines(step, SAY, '', ''),
  frame(step, start, body) {
    const given = (/** @type {string} */ text) => `np.array(${text}, dtype=float)`;
    return pythonFrame(step, start, body, {
      given,
      parameter: given,
      drawn: (text) => text,
      imports: () => [...(calls(step, 'erf') ? ['import math'] : []), 'import numpy as np'],
      functions: [...functions(step), ...optimizer(step, numpyText)],
      rate: (text) => text,
      settings: [],
      withRate: [],
      values: '',
      loss: 'loss',
      evaluated: '',
      needsLoss: false,
    });
  },
};
