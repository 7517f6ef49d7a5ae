// The run in PyTorch: autograd finds the gradients, torch.optim makes the update where it has it.
import { ACTIVATIONS, LOSSES } from '../functions.js';
import { OPTIMIZERS } from '../optimizers.js';
import { inputOf } from '../step.js';
import { isLong, nameOf, penalized, prefixed, updateOf } from './notation.js';
import { optimizer, pythonFrame } from './python.js';

/** @typedef {import('../step.js').Step} Step */
/** @typedef {import('../listings.js').Code} Code */
/** @typedef {import('../listings.js').Dialect} Dialect */

/** @param {string} text in the notation of functions.js */
const translate = (text) => prefixed(text, 'torch.');

/** @param {Step} step @returns {Code[]} */
function torchLines(step) {
  const { loss, depth, lines, experiment } = step;
  const { torch } = LOSSES[loss];
  const last = torch.endsWith('entropy') || torch.endsWith('logits') ? `z${depth}` : `a${depth}`;
  const lossText = torch ? `${torch}(${last}, y)` : `torch.relu(1 - a${depth} * y).mean()`;
  const forward = lines.filter(({ kind }) => 'za'.includes(kind));
  const backward = lines.filter(({ name, kind }) => name[0] === 'd' && kind !== 'slope');
  const grads = backward.filter(({ name }) => /^d_(loss_)?[za]/.test(name));
  const source = (/** @type {string} */ name) => name.replace(/^d_(loss_)?/, '');
  const slopes = lines.filter(({ name }) => name[0] === 'd').map(({ name }) => name);
  const updates = lines.filter(({ kind }) => kind === 'update').map(({ name }) => name);
  const weights = updates.map((name) => name.slice(4));
  const { torch: optimizer } = OPTIMIZERS[experiment.optimizer.kind];
  const penalties = weights.flatMap((p) => {
    const g = penalized(experiment, p, `${p}.detach()`, `d_${p}`).replaceAll(
      'sign(',
      'torch.sign(',
    );
    return g === `d_${p}` ? [] : [{ text: `${p}.grad = ${g}`, arrays: [`new_${p}`] }];
  });
  const own = weights.map((p) => ({
    text: `${p} = ${experiment.optimizer.kind}('${p}', ${p}.detach(), ${p}.grad).requires_grad_()`,
    arrays: [`new_${p}`],
  }));
  return [
    ...forward.map(({ name, kind, layer: l }) => ({
      text: `${name} = ${kind === 'z' ? `${inputOf(l)} @ W${l} + b${l}` : torchActivation(step, l)}`,
      arrays: [name],
    })),
    { text: '' },
    { text: `loss = ${lossText}`, arrays: ['loss'] },
    { text: '' },
    { text: `for tensor in [${grads.map(({ name }) => source(name)).join(', ')}]:` },
    { text: '    tensor.retain_grad()' },
    ...(optimizer ? [{ text: 'optimizer.zero_grad()' }] : []),
    { text: 'loss.backward()', arrays: slopes },
    ...backward.map(({ name }) => ({ text: `${name} = ${source(name)}.grad`, arrays: [name] })),
    ...(updateOf(experiment) ? [{ text: '' }, ...penalties] : []),
    ...(optimizer ? [{ text: 'optimizer.step()', arrays: updates }] : []),
    ...(!optimizer && updateOf(experiment) ? own : []),
  ];
}

/** @param {Step} step @param {number} l */
function torchActivation(step, l) {
  const name = nameOf(step, l);
  const { torch } = ACTIVATIONS[name];
  return torch ? `${torch}(z${l}${name === 'softmax' ? ', dim=1' : ''})` : `z${l} * 1`;
}

/** What the settings are called in torch.optim. @type {Record<string, string>} */
const TORCH_SETTINGS = {
  momentum: 'momentum',
  dampening: 'dampening',
  nesterov: 'nesterov',
  weightDecay: 'weight_decay',
  learningRateDecay: 'lr_decay',
  epsilon: 'eps',
  rho: 'rho',
  alpha: 'alpha',
  centered: 'centered',
  amsgrad: 'amsgrad',
  momentumDecay: 'momentum_decay',
};

/** @param {Step} step */
function torchOptimizer({ experiment, depth }) {
  const { kind, ...settings } = experiment.optimizer;
  const o = /** @type {Record<string, any>} */ (settings);
  const named = Object.entries(o).flatMap(([name, value]) => {
    const text = value === true ? 'True' : value === false ? 'False' : value;
    return TORCH_SETTINGS[name] ? [`${TORCH_SETTINGS[name]}=${text}`] : [];
  });
  if ('beta1' in o || 'beta2' in o) named.push(`betas=(${o.beta1 ?? 0.9}, ${o.beta2 ?? 0.999})`);
  if (kind === 'rprop') {
    named.push(`etas=(${o.etaMinus ?? 0.5}, ${o.etaPlus ?? 1.2})`);
    named.push(`step_sizes=(${o.stepSizeMinimum ?? 1e-6}, ${o.stepSizeMaximum ?? 50})`);
  }
  const all = Array.from({ length: depth }, (_, i) => `W${i + 1}, b${i + 1}`).join(', ');
  const args = [`[${all}]`, 'lr=learning_rate', ...named].join(', ');
  return `optimizer = torch.optim.${OPTIMIZERS[kind].torch}(${args})`;
}

/** @type {Dialect} */
export const pytorch = {
  step: torchLines,
  frame(step, start, body) {
    const { experiment } = step;
    const given = (/** @type {string} */ text) => `torch.tensor(${text}, dtype=torch.float64)`;
    const isOwn = isLong(experiment) && !OPTIMIZERS[experiment.optimizer.kind].torch;
    const hasTorch = !isOwn && updateOf(experiment) !== undefined;
    return pythonFrame(step, start, body, {
      given,
      parameter: (text) => `${given(text)}.requires_grad_()`,
      drawn: (text) => `torch.tensor(${text}, requires_grad=True)`,
      imports: (needsNumpy) => [
        ...(needsNumpy ? ['import numpy as np'] : []),
        'import torch',
        'import torch.nn.functional as F',
      ],
      functions: isOwn ? optimizer(step, translate) : [],
      rate: (text) => (text.includes('np.where') ? `float(${text})` : text),
      settings: hasTorch ? [torchOptimizer(step)] : [],
      withRate: hasTorch ? ["optimizer.param_groups[0]['lr'] = learning_rate"] : [],
      values: '.data',
      loss: 'loss.item()',
      evaluated: '@torch.no_grad()\n',
      needsLoss: true,
    });
  },
};
