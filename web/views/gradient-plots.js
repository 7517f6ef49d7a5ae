// The gradient check's two pictures: the loss along a parameter, and the relative error by ε.
import { guard } from 'lit/directives/guard.js';
import { live } from 'lit/directives/live.js';
import { html, nothing, svg } from 'lit/html.js';
import { ticks } from '../state/axis.js';
import { LEAST_POWER, roundingError, writeEpsilon } from '../state/epsilon.js';
import { number, plain } from '../state/format.js';
import { place } from './canvas.js';

/** @typedef {import('../state/types.js').GradientCheck} GradientCheck */
/** @typedef {(epsilon: number) => void} OnEpsilon */

const HEIGHT = 236;
const TOP = 12;
const BOTTOM = HEIGHT - 30;
/** The smallest relative error that has a place. */
const LEAST_ERROR = -16;
/** Of the slider's thumb. */
const THUMB = 22;

/**
 * The loss around the parameter, less the loss there; secant and tangent.
 * @param {GradientCheck} check
 * @param {number} width
 * @param {string} name of the parameter
 */
export function alongPlot(check, width, name) {
  const { reach, around, loss, minus, plus, epsilon, gradient } = check;
  const [left, right] = [66, width - 12];
  const rises = around.map((value) => value - loss);
  const seen = [...rises, minus - loss, plus - loss].filter(Number.isFinite);
  const low = Math.min(...seen);
  const high = Math.max(...seen);
  const margin = 0.12 * (high - low) || Number.EPSILON * Math.abs(loss) || 1;
  const x = (/** @type {number} */ d) => (left + right) / 2 + ((right - left) / 2) * (d / reach);
  const y = (/** @type {number} */ rise) =>
    BOTTOM - ((BOTTOM - TOP) * (rise - low + margin)) / (high - low + 2 * margin);
  const line = (/** @type {(d: number) => number} */ f) =>
    `M${x(-reach)} ${y(f(-reach))}L${x(reach)} ${y(f(reach))}`;
  const slope = (plus - minus) / (2 * epsilon);
  const last = around.length - 1;
  const path = rises.map(
    (r, i) => `${x(reach * ((2 * i) / last - 1)).toFixed(1)} ${y(r).toFixed(1)}`,
  );
  return html`<svg width=${width} height=${HEIGHT} role="img" aria-label=${`The loss along ${name}, from ${number(minus)} at minus ε over ${number(loss)} to ${number(plus)} at plus ε.`}>
    ${svg`<clipPath id="window"><rect x=${left} y="0" width=${Math.max(0, right - left)} height=${BOTTOM}></rect></clipPath>
    ${ticks(low - margin, high + margin, 4).map(
      (value) => svg`<path class="grid" d="M${left} ${y(value)}H${right}"></path>
        <text class="n end" x=${left - 8} y=${y(value) + 4}>${tickText(value)}</text>`,
    )}
    ${[-1, 0, 1].map(
      (i) => svg`<path class="tick" d="M${x(i * epsilon)} ${BOTTOM}v4"></path>
        <text class="n" x=${x(i * epsilon)} y=${BOTTOM + 20}>${['w − ε', 'w', 'w + ε'][i + 1]}</text>`,
    )}
    <path class="axis" d="M${left} ${BOTTOM}H${right}"></path>
    <g clip-path="url(#window)">
      <path class="curve" d=${`M${path.join('L')}`}></path>
      <path class="tangent" d=${line((d) => gradient * d)}></path>
      <path class="secant" d=${line((d) => (plus + minus) / 2 - loss + slope * d)}></path>
      <circle class="here" cx=${x(-epsilon)} cy=${y(minus - loss)} r="4.5"></circle>
      <circle class="here" cx=${x(epsilon)} cy=${y(plus - loss)} r="4.5"></circle>
    </g>`}
  </svg>`;
}

/**
 * The relative error for every ε, and the ε of now: its axis is the slider.
 * @param {GradientCheck} check
 * @param {number} width
 * @param {number} asked the ε that the slider has been moved to
 * @param {number} error at the ε of now
 * @param {OnEpsilon} onEpsilon
 */
export function errorPlot(check, width, asked, error, onEpsilon) {
  const { epsilon, epsilons, errors } = check;
  const [left, right] = [56, width - 16];
  const x = (/** @type {number} */ e) => right - ((right - left) * Math.log10(e)) / LEAST_POWER;
  const y = (/** @type {number} */ e) =>
    TOP + ((BOTTOM - TOP) * Math.max(LEAST_ERROR, Math.min(0, Math.log10(e)))) / LEAST_ERROR;
  const path = Array.from(errors, (e, i) => `${x(epsilons[i]).toFixed(1)} ${y(e).toFixed(1)}`);
  const at = (/** @type {PointerEvent} */ event) => {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    onEpsilon(ofPower((LEAST_POWER * (right - event.clientX + box.left)) / (right - left)));
  };
  const isHeld = (/** @type {PointerEvent} */ { currentTarget, pointerId }) =>
    /** @type {Element} */ (currentTarget).hasPointerCapture(pointerId);
  const press = (/** @type {PointerEvent} */ event) => {
    if (event.button !== 0) return;
    /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
    at(event);
  };
  const still = () => svg`
    ${[0, -4, -8, -12, -16].map(
      (power) => svg`<path class="grid" d="M${left} ${y(10 ** power)}H${right}"></path>
        <text class="n end" x=${left - 8} y=${y(10 ** power) + 4}>${power ? `1e−${-power}` : '1'}</text>`,
    )}
    ${[-15, -12, -9, -6, -3, 0].map(
      (power) => svg`<path class="tick" d="M${x(10 ** power)} ${BOTTOM}v4"></path>
        <text class="n" x=${x(10 ** power)} y=${BOTTOM + 24}>${power ? `1e−${-power}` : '1'}</text>`,
    )}
    <path class="axis" d="M${left} ${BOTTOM}H${right}"></path>
    <path class="reference" d="M${[1e-15, 1].map((e) => `${x(e)} ${y(roundingError(check, e))}`).join('L')}"></path>
    ${path.length > 0 ? svg`<path class="curve" d=${`M${path.join('L')}`}></path>` : nothing}
    <rect class="surface" x=${left} y="0" width=${Math.max(0, right - left)} height=${BOTTOM}></rect>`;
  return html`<svg width=${width} height=${HEIGHT} role="img" aria-label=${errorSummary(check)}
      @pointerdown=${press}
      @pointermove=${(/** @type {PointerEvent} */ event) => isHeld(event) && at(event)}>
      ${guard([errors, width], still)}
      ${svg`<path class="now" d="M${x(epsilon)} ${TOP - 8}V${BOTTOM}"></path>
        <circle class="here" cx=${x(epsilon)} cy=${y(error)} r="5"></circle>`}
    </svg>
    <input class="scrubber" type="range" min=${LEAST_POWER} max="0" step="0.05"
      aria-label="Size of ε"
      aria-valuetext=${`ε = ${writeEpsilon(epsilon)}, relative error ${number(error)}`}
      .value=${live(String(Math.round(20 * Math.log10(asked)) / 20))}
      @input=${(/** @type {InputEvent} */ event) =>
        onEpsilon(ofPower(Number(/** @type {HTMLInputElement} */ (event.target).value)))}
      ${place({ left: `${left - THUMB / 2}px`, width: `${right - left + THUMB}px` })} />`;
}

/** @param {number} value */
function tickText(value) {
  const isSmall = value !== 0 && Math.abs(value) < 1e-3;
  return isSmall ? value.toExponential().replaceAll('-', '−') : plain(value);
}

/**
 * Ten to a power in the range, to two digits.
 * @param {number} power
 */
function ofPower(power) {
  return Number((10 ** Math.min(0, Math.max(LEAST_POWER, power))).toPrecision(2));
}

/** @param {GradientCheck} check */
function errorSummary({ epsilons, errors }) {
  if (errors.length === 0) return 'The relative error at this ε.';
  const least = errors.indexOf(Math.min(...errors));
  return `The relative error by ε: least, ${number(errors[least])}, near ε = ${writeEpsilon(ofPower(Math.log10(epsilons[least])))}; larger above, where the curve bends, and below, where rounding shows.`;
}
