// The speed line: the post's run by the WebAssembly and by plain JavaScript, in the reader's browser.
import { engineSource } from 'virtual:backprop-engine';
import { html, render } from 'lit/html.js';
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
  const text = result
    ? sentence(result.loop.milliseconds / result.ours.milliseconds)
    : 'Measuring…';
  const button = html`<button type="button" aria-disabled=${!again} @click=${() => again?.()}>
    ${again ? 'Measure again' : 'Measuring…'}
  </button>`;
  render(html`${figures(result)}<p role="status">${text}</p>${button}`, box);
}

/** @param {RaceResult | undefined} result undefined: its place is kept */
function figures(result) {
  const rows = [
    { name: 'WebAssembly', kind: 'ours', ...result?.ours },
    { name: 'plain JavaScript', kind: 'loop', ...result?.loop },
  ];
  const longest = Math.max(...rows.map(({ milliseconds = 0 }) => milliseconds), 1e-6);
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
          ({ name, kind, milliseconds = 0, loss }) => html`<tr class=${kind}>
            <th scope="row">${name}</th>
            <td>${result ? ((milliseconds * 1e6) / result.epochs).toPrecision(3) : '…'}</td>
            <td title=${loss === undefined ? '' : exact(loss)}>${loss === undefined ? '…' : number(loss)}</td>
            <td class="bars">
              <span class="bar" ${place({ width: `${(100 * milliseconds) / longest}%` })}></span>
            </td>
          </tr>`,
        )}
      </tbody>
    </table>`;
}

/** @param {number} ratio */
function sentence(ratio) {
  const times = (/** @type {number} */ factor) => `${factor.toPrecision(2)} times as fast as`;
  return ratio >= 1
    ? `Here and now the WebAssembly is ${times(ratio)} the plain loop.`
    : `Here and now the plain loop is ${times(1 / ratio)} the WebAssembly.`;
}
