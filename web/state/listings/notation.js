// What the languages' programs share: the notation of functions.js, the names of a step's arrays, what
// the optimizer does, and the learning rate.
import { ACTIVATIONS, LOSSES } from '../functions.js';
import { OPTIMIZERS, rateAt } from '../optimizers.js';
import { argumentsOf } from '../step.js';

/** @typedef {import('../step.js').Step} Step */
/** @typedef {import('../step.js').Line} StepLine */
/** @typedef {import('../types.js').Experiment} Experiment */
/** @typedef {import('../listings.js').Code} Code */

/** How a language computes what a line of the step does. @typedef {(line: StepLine, step: Step) => string} Say */

/**
 * Puts a prefix before the functions that are not our own.
 * @param {string} text
 * @param {string} prefix
 * @param {RegExp} own
 */
export function prefixed(text, prefix, own = /\berf\(/) {
  return text.replace(/\b[a-z]\w*\(/g, (call) => (own.test(call) ? call : prefix + call));
}

/** @param {string} text @param {Record<string, string>} names */
export const rename = (text, names) =>
  text.replace(/\b[a-z]\w*\b(?!\()/g, (name) => (Object.hasOwn(names, name) ? names[name] : name));

/** @param {Step} step @param {number} l */
export const nameOf = (step, l) => step.layers[l - 1].activation;
/** The slope of the loss at a layer's output. @param {Step} step @param {number} l */
export const outputSlope = (step, l) => `d_${l === step.depth ? 'loss_' : ''}a${l}`;
/** @param {Step} step @param {number} l */
export const slopeArguments = (step, l) =>
  (argumentsOf(nameOf(step, l)).join() || 'z').split(',').map((v) => `${v}${l}`);
/** @param {string} text that becomes a factor */
export const asFactor = (text) => (text.includes(' ') ? `(${text})` : text);

/** @param {Experiment} experiment */
export function updateOf({ optimizer }) {
  return OPTIMIZERS[optimizer.kind].update?.(optimizer);
}

/** Whether the update is more than the one line w - rate * g. @param {Experiment} experiment */
export const isLong = (experiment) => (updateOf(experiment)?.lines.length ?? 0) > 0;

/**
 * The gradient and the penalty's.
 * @param {Experiment} experiment
 * @param {string} parameter
 * @param {string} w
 * @param {string} g
 */
export function penalized({ regularization }, parameter, w, g) {
  const { l1, l2 } = /** @type {{ l1?: number, l2?: number }} */ (regularization);
  if (parameter[0] === 'b') return g;
  return `${g}${l1 ? ` + ${l1} * sign(${w})` : ''}${l2 ? ` + ${l2} * ${w}` : ''}`;
}

/** The lines that can be said: L-BFGS' update cannot. @param {Step} step */
const sayable = ({ lines, experiment }) =>
  updateOf(experiment) ? lines : lines.filter(({ kind }) => kind !== 'update');

/** @param {number[][]} rows @param {'[]' | '{}'} brackets @param {string} indent of the line */
export function matrix(rows, brackets = '[]', indent = '') {
  const [open, close] = brackets;
  const texts = rows.map((row) => open + row.map(String).join(', ') + close);
  const line = open + texts.join(', ') + close;
  const [inner, end] = [`\n${indent}    `, `,\n${indent}`];
  return line.length < 76 ? line : open + inner + texts.join(`,${inner}`) + end + close;
}

/** The learning rate as an expression of the epoch. @param {Experiment} experiment @param {number} epoch */
export function rateText(experiment, epoch) {
  const { schedule, epochs } = experiment;
  const base = rateAt({ ...experiment, schedule: { kind: 'constant' } }, epoch);
  const {
    kind,
    gamma,
    stepSize = 1000,
    warmup = 100,
    minimum = 0,
  } = /** @type {Record<string, any>} */ (schedule);
  const wave = (/** @type {string} */ k, /** @type {number} */ n) =>
    `where(${k} < ${n}, ${minimum} + (${base} - ${minimum}) * (1 + cos(pi * ${k} / ${n})) / 2, ${minimum})`;
  if (kind === 'step') return `${base} * ${gamma ?? 0.1} ** floor(epoch / ${stepSize})`;
  if (kind === 'exponential') return `${base} * ${gamma ?? 0.999} ** epoch`;
  if (kind === 'cosine') return wave('epoch', epochs);
  if (kind === 'warmup_cosine')
    return `where(epoch < ${warmup}, ${base} * (epoch + 1) / ${warmup}, ${wave(`(epoch - ${warmup})`, epochs - warmup)})`;
  return String(base);
}

/** The activations of a network, each once. @param {Step} step */
export const used = ({ layers }) => [...new Set(layers.map(({ activation }) => activation))];

/** Whether any of the functions that the program defines calls one by this name. @param {Step} step @param {string} name */
export function calls({ layers, loss, experiment }, name) {
  const update = updateOf(experiment);
  const texts = [
    ...layers.flatMap(({ activation }) => Object.values(ACTIVATIONS[activation])),
    ...Object.values(LOSSES[loss]),
    ...(update ? [...update.lines, update.result] : []),
    rateText(experiment, 0),
    penalized(experiment, 'W', 'w', 'g'),
  ];
  return texts.some((text) => String(text).includes(`${name}(`));
}

/**
 * The lines of a step where each computes one array.
 * @param {Step} step
 * @param {Record<StepLine['kind'], Say>} say
 * @param {string} type what declares an array
 * @param {string} end of a line
 * @returns {Code[]}
 */
export function stepLines(step, say, type, end) {
  return sayable(step).flatMap((line, i, all) => {
    const isNew = line.kind !== 'loss' && line.kind !== 'update';
    const target = `${isNew ? type : ''}${line.name.replace('new_', '')}`;
    const code = {
      text: `${target} = ${say[line.kind](line, step)}${end}`,
      arrays: [line.name],
    };
    return i > 0 && all[i - 1].stop !== line.stop ? [{ text: '' }, code] : [code];
  });
}
