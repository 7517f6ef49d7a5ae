// What the languages' programs share: the notation of functions.js, the names of a step's arrays, what
// the optimizer does, and the learning rate.
import { baseRateAt, editsOf } from '../edits.js';
import { ACTIVATIONS, LOSSES } from '../functions.js';
import { OPTIMIZERS, scheduleOf } from '../optimizers.js';
import { arrayWith, parameterArrays } from '../parameters.js';
import { argumentsOf } from '../step.js';

/** @typedef {import('../step.js').Step} Step */
/** @typedef {import('../step.js').Line} StepLine */
/** @typedef {import('../types.js').Experiment} Experiment */
/** @typedef {import('../listings.js').Code} Code */
/** @typedef {import('../listings.js').Start} Start */
/** The epochs of a program. @typedef {{ epoch: number, end: number }} Span */

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

/**
 * What a hand changes after a program has begun, in the order of the epochs.
 * @param {Experiment} experiment
 * @param {Span} span
 */
function laterEdits(experiment, { epoch, end }) {
  if (!updateOf(experiment)) return [];
  return editsOf(experiment)
    .filter((edit) => edit.epoch > epoch && edit.epoch < end)
    .toSorted((a, b) => a.epoch - b.epoch);
}

/**
 * Statements for the loop that change what a hand changes: the epoch, what, and its value.
 * @param {Step} step
 * @param {Start} start
 * @param {(array: string, row: number, column: number) => string} place of a parameter
 * @returns {{ epoch: number, text: string }[]}
 */
export function editTexts({ experiment }, start, place) {
  const names = start.X[0].map(String);
  const arrays = parameterArrays({ names, layers: experiment.layers });
  return laterEdits(experiment, start).map((edit) => {
    if ('learningRate' in edit)
      return { epoch: edit.epoch, text: `base_rate = ${edit.learningRate}` };
    const { name, at, cols } = arrayWith(arrays, edit.parameter);
    const index = edit.parameter - at;
    const target = place(name, Math.floor(index / cols), index % cols);
    return { epoch: edit.epoch, text: `${target} = ${edit.value}` };
  });
}

/**
 * What sets the learning rate that a hand changes; undefined where none does.
 * @param {Experiment} experiment
 * @param {Span} span
 */
export function baseRateText(experiment, span) {
  const isChanged = laterEdits(experiment, span).some((edit) => 'learningRate' in edit);
  return isChanged ? `base_rate = ${baseRateAt(experiment, span.epoch)}` : undefined;
}

/** Whether a learning rate is not one number. @param {string} rate */
export const isMoving = (rate) => /\b(epoch|base_rate)\b/.test(rate);

/**
 * The learning rate as an expression of the epoch.
 * @param {Experiment} experiment
 * @param {Span} span
 */
export function rateText(experiment, span) {
  const base = baseRateText(experiment, span) ? 'base_rate' : baseRateAt(experiment, span.epoch);
  const { epochs } = experiment;
  const { kind, gamma, stepSize, warmup, minimum } = scheduleOf(experiment.schedule);
  const wave = (/** @type {string} */ k, /** @type {number} */ n) =>
    n <= 0
      ? String(minimum)
      : `where(${k} < ${n}, ${minimum} + (${base} - ${minimum}) * (1 + cos(pi * ${k} / ${n})) / 2, ${minimum})`;
  if (kind === 'step') return `${base} * ${gamma} ** floor(epoch / ${stepSize})`;
  if (kind === 'exponential') return `${base} * ${gamma} ** epoch`;
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
    rateText(experiment, { epoch: 0, end: experiment.epochs }),
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
