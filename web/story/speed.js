// The speed line: the post's run by the WebAssembly and by plain JavaScript, in the reader's browser.
import { engineSource } from 'virtual:backprop-engine';
import { html, render } from 'lit';
import { poolOf } from '../engine/pool.js';
import { exact, number } from '../state/format.js';
import { place } from '../views/canvas.js';

/** @typedef {import('../engine/messages.js').RaceResult} RaceResult */

/**
 * Measures at once, and again whenever the reader asks for it.
 * @param {HTMLElement} box
 */
export function showSpeed(box) {
  box.replaceChildren();
  measure(box);
}

/**
 * @param {HTMLElement} box
 * @param {RaceResult} [last]
 */
async function measure(box, last) {
  const again = (/** @type {RaceResult | undefined} */ result) => () => measure(box, result);
  draw(box, last, undefined);
  const { signal } = new AbortController();
  const result = await poolOf(engineSource).run({ kind: 'race' }, signal);
  draw(box, result, again(result));
}

/**
 * @param {HTMLElement} box
 * @param {RaceResult | undefined} result
 * @param {(() => void) | undefined} again undefined while it is being measured
 */
function draw(box, result, again) {
  const button = html`<button type="button" aria-disabled=${!again} @click=${() => again?.()}>
    ${again ? 'Measure again' : 'Measuring…'}
  </button>`;
  render(html`${result ? figures(result) : html`<p role="status">Measuring…</p>`} ${button}`, box);
}

/** @param {RaceResult} result */
function figures({ epochs, ours, loop }) {
  const longest = Math.max(ours.milliseconds, loop.milliseconds);
  const rows = [
    { name: 'WebAssembly', kind: 'ours', ...ours },
    { name: 'plain JavaScript', kind: 'loop', ...loop },
  ];
  const nanoseconds = (/** @type {number} */ milliseconds) =>
    ((milliseconds * 1e6) / epochs).toPrecision(3);
  const ratio = loop.milliseconds / ours.milliseconds;
  return html`<table>
      <thead>
        <tr>
          <th scope="col">program</th>
          <th scope="col">ns an epoch</th>
          <th scope="col">loss</th>
          <th scope="col" class="bars"><span class="unseen">as a bar</span></th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ name, kind, milliseconds, loss }) => html`<tr class=${kind}>
            <th scope="row">${name}</th>
            <td>${nanoseconds(milliseconds)}</td>
            <td title=${exact(loss)}>${number(loss)}</td>
            <td class="bars">
              <span class="bar" ${place({ width: `${(100 * milliseconds) / longest}%` })}></span>
            </td>
          </tr>`,
        )}
      </tbody>
    </table>
    <p role="status">${sentence(ratio)}</p>`;
}

/** @param {number} ratio */
function sentence(ratio) {
  const times = (/** @type {number} */ factor) => `${factor.toPrecision(2)} times as fast as`;
  return ratio >= 1
    ? `Here and now the WebAssembly is ${times(ratio)} the plain loop.`
    : `Here and now the plain loop is ${times(1 / ratio)} the WebAssembly.`;
}
