// Guess first: a covered number, a sign or a value for it, and the answer with the arithmetic.
import { html } from 'lit/html.js';
import { number, plain, signed } from '../state/format.js';
import { refName, refsOf, valueAt, written } from '../state/step.js';
import { css } from './css.js';
import { guessKey } from './step-frame.js';

/** @typedef {import('./step-frame.js').Frame} Frame */
/** @typedef {import('./step-frame.js').StepData} StepData */
/** @typedef {import('../state/step.js').Ref} Ref */

/** How far off a value may be and still be right. */
const TOLERANCE = 0.1;

/**
 * @param {Frame} frame whose chosen number is covered
 * @param {StepData} data
 */
export function guessView(frame, { ui, snapshot, onChange }) {
  const { focus, sum, stop, arrays } = frame;
  const open = (/** @type {Ref[]} */ refs) => [
    ...ui.opened,
    ...refs.map((ref) => guessKey(ref, snapshot.epoch)),
  ];
  const answer = (/** @type {string} */ text) =>
    onChange({ answer: text, focus, opened: open([focus, ...refsOf(sum)]) });
  const all = () => onChange({ opened: open(stop.made.flatMap((name) => refsIn(arrays, name))) });
  const submitted = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    const field = /** @type {HTMLInputElement} */ (form.elements.namedItem('value'));
    const said = Number(field.value.trim().replace('−', '-').replace(',', '.'));
    const isNumber = field.value.trim() !== '' && Number.isFinite(said);
    if (isNumber) answer(judgeValue(frame, said));
    else
      onChange({
        answer: `The value must be a number such as −0.05, not “${field.value}”.`,
      });
  };
  return html`<form class="guess" @submit=${submitted}>
    <span>What will <b class="n">${refName(focus)}</b> be?</span>
    ${['+', '−'].map(
      (sign) =>
        html`<button type="button" @click=${() => answer(judgeSign(frame, sign))}>${sign}<span class="unseen">: ${sign === '+' ? 'positive' : 'negative'}</span></button>`,
    )}
    <label>or its value <input name="value" inputmode="text" autocomplete="off" /></label>
    <button type="submit">Check</button>
    <button type="button" @click=${() => answer('')}>Show it</button>
    <button type="button" @click=${all}>Show all</button>
  </form>`;
}

/** All numbers of an array. @param {import('../state/step.js').Arrays} arrays @param {string} name @returns {Ref[]} */
function refsIn(arrays, name) {
  const { values, cols } = arrays.get(name) ?? { values: [], cols: 1 };
  return Array.from(values, (_, i) => ({ name, row: Math.floor(i / cols), col: i % cols }));
}

/** @param {Frame} frame */
function arithmetic({ sum, arrays, focus }) {
  const text = written(sum, arrays, (_, number) => number).join('');
  return `${text} = ${signed(valueAt(arrays, focus))}`;
}

/**
 * @param {Frame} frame
 * @param {string} sign
 */
function judgeSign(frame, sign) {
  const value = valueAt(frame.arrays, frame.focus);
  const real = value > 0 ? '+' : value < 0 ? '−' : '0';
  const verdict = real === sign ? 'Right' : real === '0' ? 'Neither, it is zero' : 'No';
  return `${sign}. ${verdict}: ${arithmetic(frame)}.`;
}

/**
 * @param {Frame} frame
 * @param {number} said
 */
function judgeValue(frame, said) {
  const value = valueAt(frame.arrays, frame.focus);
  const off = Math.abs(said - value);
  const isRight = off <= TOLERANCE * Math.abs(value) || number(said) === number(value);
  const verdict = isRight
    ? 'Right, to a tenth'
    : Math.sign(said) === Math.sign(value)
      ? 'The sign is right, the size is not'
      : 'No';
  return `${plain(said)}. ${verdict}: ${arithmetic(frame)}.`;
}

export const guessStyles = css`
  .guess {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .guess button {
    padding: 3px 12px;
  }
  .guess input {
    inline-size: 90px;
    padding: 3px 6px;
    border: 1px solid var(--line);
    border-radius: 6px;
    font: inherit;
    background: var(--paper);
    color: var(--ink);
  }
`;
