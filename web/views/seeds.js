// The seed atlas: each seed a tiny map of what it has learned; how many have ended in which way; and
// the share of seeds that learn, by hidden units and learning rate.
import { guard } from 'lit/directives/guard.js';
import { keyed } from 'lit/directives/keyed.js';
import { html, nothing } from 'lit/html.js';
import { count, exact, number, plain } from '../state/format.js';
import { isSolved, kindsOf, medianLoss } from '../state/outcome.js';
import { outputRange } from '../state/reading.js';
import { paint, place } from './canvas.js';
import { tableIndexer } from './colour.js';
import { css } from './css.js';

/** @typedef {import('../state/outcome.js').Outcome} Outcome */
/** @typedef {import('../state/outcome.js').Kind} Kind */
/** @typedef {import('../state/reading.js').Range} Range */
/** @typedef {'outcome' | 'seed'} Order */

/**
 * A cell of the table of shares.
 * @typedef {object} Share
 * @property {number} units
 * @property {number} rate
 * @property {import('../state/types.js').Experiment} experiment
 * @property {Outcome[]} outcomes
 */

/**
 * @typedef {object} SeedsData
 * @property {import('../state/types.js').RunInfo} info
 * @property {number} seed the run's own
 * @property {number} epochs of each run
 * @property {import('../state/outcome.js').Judge} judge
 * @property {Outcome[]} outcomes
 * @property {number} total of seeds
 * @property {number} count of seeds that were asked for
 * @property {number[]} counts that can be asked for
 * @property {number} milliseconds
 * @property {boolean} isHeld
 * @property {boolean} isTooLong
 * @property {Order} order
 * @property {number} tiles as many are on the page so far
 * @property {number} rows of the table, too
 * @property {number | undefined} pointed the seed under the pointer or the focus
 * @property {boolean} isTableOpen
 * @property {number} width
 * @property {Uint32Array} table of colours
 * @property {(count: number) => void} onCount
 * @property {(order: Order) => void} onOrder
 * @property {(seed: number | undefined) => void} onPoint
 * @property {(seed: number) => void} onSeed
 * @property {() => void} onGoOn
 * @property {(isOpen: boolean) => void} onToggle
 */

/** Pixels of a tile and of its place. */
const TILE = 24;
const PITCH = 26;
/** Pixels of the line above a group. */
const LABEL = 32;

/** @param {SeedsData} data */
export function seedsView(data) {
  const { outcomes, order, judge } = data;
  const kinds = kindsOf(outcomes, judge, number);
  const bySeed = outcomes.toSorted((a, b) => a.seed - b.seed);
  // While they are trained they stand in the order of the seeds, so that none changes its place.
  const isSorted = order === 'outcome' && (outcomes.length >= data.total || data.isHeld);
  const groups = isSorted ? kinds : [{ name: 'seeds', range: '', outcomes: bySeed }];
  return html`
    <div class="head">
      <p class="label" part="label" id="seeds">Seeds <span class="hint">pick one to load it</span></p>
      ${chooser(data)}
    </div>
    <p class="note progress">${progress(data)}</p>
    ${data.isHeld ? held(data) : nothing}
    ${data.isTooLong ? html`<p class="note">One such run takes too long here to be trained from many seeds.</p>` : nothing}
    <div
      class="seeds"
      @click=${(/** @type {Event} */ event) => act(event, data.onSeed)}
      @pointerover=${(/** @type {Event} */ event) => act(event, data.onPoint)}
      @focusin=${(/** @type {Event} */ event) => act(event, data.onPoint)}
      @pointerleave=${() => data.onPoint(undefined)}
      @keydown=${moveAmongTiles}
      ${place({ 'min-block-size': `${roomFor(data, kinds.length)}px` })}
    >
      ${keyed(
        isSorted,
        guard(
          [outcomes, isSorted, data.tiles, data.width, data.seed, data.table, data.info],
          () => [
            isSorted
              ? nothing
              : html`<p class="note kinds" ${place({ '--digits': `${count(data.total).length}ch` })}>${kinds.map(kindLabel)}</p>`,
            firstOf(groups, data.tiles).map((group) => groupOf(group, isSorted, data)),
          ],
        ),
      )}
    </div>
    <p class="note reading">${reading(data, kinds)}</p>
    ${listing(data, groups, kinds)}
  `;
}

/**
 * Pixels that the groups of all seeds take at most, so that nothing below moves while they are
 * trained and when they are sorted: each group may leave one line almost empty.
 * @param {SeedsData} data
 * @param {number} groups
 */
function roomFor({ total, width }, groups) {
  const lines = Math.ceil(total / Math.max(1, Math.floor(width / PITCH)));
  return (lines + groups - 1) * PITCH + groups * LABEL;
}

/** @param {SeedsData} data */
function progress({ outcomes, total, epochs, milliseconds, isHeld, isTooLong }) {
  const done = outcomes.length;
  const each = `${count(epochs)} epochs each`;
  if (done < total)
    return `${count(done)} of ${count(total)} trained, ${each}${isHeld || isTooLong ? '' : ' …'}`;
  return `${count(total)} trained in ${(milliseconds / 1000).toFixed(2)} s, ${each}`;
}

/** @param {SeedsData} data */
function chooser({ order, onOrder, count: chosen, counts, onCount }) {
  const option = (/** @type {Order} */ name) => html`<button
    type="button"
    aria-pressed=${order === name}
    @click=${() => onOrder(name)}
  >by ${name}</button>`;
  const asked = (/** @type {Event} */ event) =>
    onCount(Number(/** @type {HTMLSelectElement} */ (event.target).value));
  return html`<div class="choose">
    <label>how many <select @change=${asked}>
      ${counts.map((n) => html`<option value=${n} ?selected=${n === chosen}>${count(n)}</option>`)}
    </select></label>
    <div class="toggle" role="group" aria-label="Order of the seeds">${option('outcome')}${option('seed')}</div>
  </div>`;
}

/** @param {SeedsData} data */
function held({ onGoOn }) {
  return html`<p class="note">
    This takes long, and rests now. <button type="button" @click=${onGoOn}>Go on</button>
  </p>`;
}

/**
 * The first tiles, group by group; each group keeps its count.
 * @param {Kind[]} groups
 * @param {number} most
 */
function firstOf(groups, most) {
  let left = most;
  const parts = groups.map((group) => {
    const shown = group.outcomes.slice(0, left);
    left -= shown.length;
    return { ...group, shown };
  });
  return parts.filter(({ shown }) => shown.length > 0);
}

/** @param {Kind} kind */
function kindLabel({ name, range, outcomes }) {
  return html`<span class="kind"><b class="n">${count(outcomes.length)}</b> ${name}${range ? `, ${range}` : nothing}</span> `;
}

/**
 * A group's tiles: one canvas, and a button over each.
 * @param {Kind & { shown: Outcome[] }} group
 * @param {boolean} isLabelled
 * @param {SeedsData} data
 */
function groupOf(group, isLabelled, { info, seed, width, table }) {
  const { outcomes, shown } = group;
  const columns = Math.max(1, Math.min(outcomes.length, Math.floor(width / PITCH)));
  const rows = Math.ceil(outcomes.length / columns);
  const size = { width: `${columns * PITCH}px`, height: `${rows * PITCH}px` };
  return html`
    ${isLabelled ? html`<p class="note kinds">${kindLabel(group)}</p>` : nothing}
    <div class="tiles" role="group" aria-label=${group.name} ${place(size)}>
      <canvas aria-hidden="true" ${paint(drawTiles, outcomes, columns, outputRange(info), table)}></canvas>
      ${shown.map(
        (outcome) => html`<button
          type="button"
          class="tile"
          data-seed=${outcome.seed}
          tabindex=${outcome.seed === seed ? 0 : -1}
          aria-current=${outcome.seed === seed ? 'true' : nothing}
          aria-label="seed ${outcome.seed}, loss ${number(outcome.loss)}"
        ></button>`,
      )}
    </div>
  `;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Outcome[]} outcomes
 * @param {number} columns
 * @param {Range} range
 * @param {Uint32Array} table
 */
function drawTiles(canvas, outcomes, columns, range, table) {
  const width = columns * PITCH;
  canvas.width = width;
  canvas.height = Math.ceil(outcomes.length / columns) * PITCH;
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(width, canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  const index = tableIndexer(range);
  for (const [i, { map }] of outcomes.entries()) {
    if (!map) continue;
    const { size, values } = map;
    const height = Math.ceil(values.length / size);
    const corner = Math.floor(i / columns) * PITCH * width + (i % columns) * PITCH + width + 1;
    for (let y = 0; y < TILE; y++) {
      const from = (height - 1 - Math.floor((y * height) / TILE)) * size;
      for (let x = 0; x < TILE; x++) {
        const value = values[from + Math.floor((x * size) / TILE)];
        if (value !== undefined) pixels[corner + y * width + x] = table[index(value)];
      }
    }
  }
  context.putImageData(image, 0, 0);
}

/**
 * On the seed whose tile it is.
 * @param {Event} event
 * @param {(seed: number) => void} action
 */
function act(event, action) {
  const { seed } = /** @type {HTMLElement} */ (event.target).dataset;
  if (seed !== undefined) action(Number(seed));
}

/** @param {KeyboardEvent} event one stop for the tab key, the arrows go from tile to tile */
function moveAmongTiles(event) {
  const tile = /** @type {HTMLElement} */ (event.target);
  if (tile.dataset.seed === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  const field = /** @type {HTMLElement} */ (event.currentTarget);
  const tiles = /** @type {HTMLElement[]} */ ([...field.querySelectorAll('.tile')]);
  const at = tiles.indexOf(tile);
  const target = /** @type {Record<string, () => HTMLElement | undefined>} */ ({
    ArrowRight: () => tiles[at + 1],
    ArrowLeft: () => tiles[at - 1],
    ArrowDown: () => nextLine(tiles.slice(at), tile),
    ArrowUp: () => nextLine(tiles.slice(0, at).reverse(), tile),
    Home: () => tiles[0],
    End: () => tiles[tiles.length - 1],
  })[event.key];
  if (!target) return;
  event.preventDefault();
  const next = target();
  if (!next) return;
  for (const other of tiles) if (other.tabIndex === 0) other.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

/**
 * The tile in the nearest line that is nearest across.
 * @param {HTMLElement[]} tiles nearest first
 * @param {HTMLElement} tile
 */
function nextLine(tiles, tile) {
  const { top, left } = tile.getBoundingClientRect();
  const places = tiles.map((other) => ({ other, box: other.getBoundingClientRect() }));
  const line = places.find(({ box }) => box.top !== top)?.box.top;
  const inLine = places.filter(({ box }) => box.top === line);
  const distance = (/** @type {DOMRect} */ box) => Math.abs(box.left - left);
  return inLine.sort((a, b) => distance(a.box) - distance(b.box))[0]?.other;
}

/**
 * What is pointed at, or the run's own seed.
 * @param {SeedsData} data
 * @param {Kind[]} kinds
 */
function reading({ pointed, seed, outcomes }, kinds) {
  const shown = pointed ?? seed;
  const outcome = outcomes.find((one) => one.seed === shown);
  const frame = shown === seed ? ', framed' : '';
  if (!outcome) return `Seed ${shown}${frame}: not yet trained`;
  const kind = kinds.find((one) => one.outcomes.includes(outcome));
  return html`Seed ${shown}${frame}: loss <b class="n">${number(outcome.loss)}</b>, ${kind?.name}`;
}

/**
 * The same in words and numbers; made when it is opened.
 * @param {SeedsData} data
 * @param {Kind[]} groups in the order of the tiles
 * @param {Kind[]} kinds
 */
function listing({ isTableOpen, onToggle, outcomes, order, rows }, groups, kinds) {
  const toggled = (/** @type {Event} */ event) =>
    onToggle(/** @type {HTMLDetailsElement} */ (event.target).open);
  return html`<details class="parameters" ?open=${isTableOpen} @toggle=${toggled}>
    <summary>The seeds as a table</summary>
    ${isTableOpen ? guard([outcomes, order, rows], () => table(firstOf(groups, rows), kinds)) : nothing}
  </details>`;
}

/**
 * @param {(Kind & { shown: Outcome[] })[]} groups
 * @param {Kind[]} kinds
 */
function table(groups, kinds) {
  const names = new Map(kinds.flatMap((kind) => kind.outcomes.map((one) => [one, kind.name])));
  return html`<div class="scroll" tabindex="0" role="region" aria-label="The seeds as a table">
    <table>
      <thead>
        <tr><th scope="col">seed</th><th scope="col" class="r">loss</th><th scope="col" class="r">outcome</th></tr>
      </thead>
      <tbody>
        ${groups.flatMap((group) =>
          group.shown.map(
            (outcome) => html`<tr>
              <th scope="row" class="n">${outcome.seed}</th>
              <td class="n r" title=${exact(outcome.loss)}>${number(outcome.loss)}</td>
              <td class="r">${names.get(outcome)}</td>
            </tr>`,
          ),
        )}
      </tbody>
    </table>
  </div>`;
}

/**
 * @typedef {object} SharesData
 * @property {Share[][]} shares rows of hidden units, columns of rates
 * @property {import('../state/outcome.js').Judge} judge
 * @property {number} seeds in each cell
 * @property {number} epochs
 * @property {(share: Share) => boolean} isShown whether the run is of that kind
 * @property {(share: Share) => void} onShare
 */

/** @param {SharesData} data */
export function sharesView(data) {
  const { shares, judge, seeds, epochs } = data;
  const what = judge === 'xor' ? 'solved, a loss below 0.01,' : 'the middle loss';
  return html`
    <p class="label" part="label" id="shares">Hidden units and learning rate
      <span class="hint">${what} of the seeds 0 to ${seeds - 1} after ${count(epochs)} epochs; pick a cell to load it</span>
    </p>
    <div class="scroll-x">
      <table aria-labelledby="shares" class="shares">
        <thead>
          <tr>
            <th scope="col">hidden units</th>
            ${shares[0].map(({ rate }) => html`<th scope="col" class="r">rate ${plain(rate)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${shares.map(
            (row) => html`<tr>
              <th scope="row" class="n">${row[0].units}</th>
              ${row.map((share) => html`<td class="r">${shareCell(share, data)}</td>`)}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  `;
}

/**
 * @param {Share} share
 * @param {SharesData} data
 */
function shareCell(share, { judge, seeds, isShown, onShare }) {
  const { outcomes } = share;
  return html`<button
    type="button"
    aria-current=${isShown(share) ? 'true' : nothing}
    @click=${() => onShare(share)}
  >${
    outcomes.length < seeds
      ? html`<span class="range">${outcomes.length > 0 ? `${outcomes.length} trained` : '…'}</span>`
      : judge === 'xor'
        ? solvedShare(outcomes)
        : html`<b class="n">${number(medianLoss(outcomes))}</b>`
  }<span class="unseen">; load ${share.units} hidden units at rate ${plain(share.rate)}</span></button>`;
}

/** @param {Outcome[]} outcomes */
function solvedShare(outcomes) {
  const solved = outcomes.filter(isSolved).length;
  return html`<b class="n">${plain((100 * solved) / outcomes.length)} %</b>
    <span class="range">${solved} of ${outcomes.length}</span>`;
}

export const seedsStyles = css`
  .choose {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    font-size: 13px;
    color: var(--quiet);
  }
  .kinds {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 20px;
    margin: 10px 0 2px;
  }
  .kinds b,
  .reading b {
    color: var(--ink);
  }
  .kinds b {
    display: inline-block;
    min-inline-size: var(--digits, 0);
    text-align: end;
  }
  .range {
    color: var(--quiet);
  }
  .seeds {
    min-block-size: ${TILE}px;
  }
  .tiles {
    position: relative;
    display: flex;
    flex-wrap: wrap;
    align-content: start;
  }
  .tiles canvas {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    image-rendering: pixelated;
  }
  .tile,
  .tile:hover,
  .tile:active {
    position: relative;
    box-sizing: border-box;
    inline-size: ${PITCH}px;
    block-size: ${PITCH}px;
    padding: 0;
    border: 1px solid transparent;
    border-radius: 3px;
    background: none;
  }
  .tile:hover {
    border-color: var(--quiet);
  }
  .tile[aria-current] {
    border: 2px solid var(--ink);
    box-shadow:
      inset 0 0 0 1px var(--paper),
      0 0 0 1px var(--paper);
    z-index: 1;
  }
  .tile:focus-visible {
    z-index: 2;
  }
  .scroll + .scroll-x {
    margin-block-start: 12px;
  }
  .scroll table {
    max-inline-size: 340px;
  }
  .shares {
    table-layout: fixed;
    max-inline-size: 640px;
  }
  .shares td {
    padding: 2px 0 2px 6px;
  }
  .shares button {
    inline-size: 100%;
    padding: 5px 8px;
    border-color: transparent;
    text-align: end;
  }
  .shares button:hover {
    border-color: var(--line);
  }
  .shares button[aria-current] {
    border-color: var(--ink);
  }
  .scroll-x {
    overflow-x: auto;
  }
  .shares .range {
    display: inline-block;
    min-inline-size: 5.2em;
    font-size: 12px;
  }
  @container (inline-size < 480px) {
    .shares button {
      min-block-size: 54px;
    }
    .shares .range {
      display: block;
      min-inline-size: 0;
      white-space: nowrap;
    }
    .shares td {
      padding-inline-start: 2px;
    }
    .shares button {
      padding-inline: 2px;
    }
  }
`;
