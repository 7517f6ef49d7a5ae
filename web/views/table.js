// Tables of numbers: one stop for the tab key, the arrows go from number to number.

const STEPS = /** @type {Record<string, [number, number]>} */ ({
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
});

/** @param {KeyboardEvent} event in a table whose numbers have a tabindex */
export function moveInTable(event) {
  const step = STEPS[event.key];
  const cell = /** @type {HTMLElement} */ (event.target);
  const row = cell.closest('tr');
  if (!step || !row || cell.tagName !== 'TD') return;
  event.preventDefault();
  const body = /** @type {HTMLElement} */ (row.parentElement);
  const target = cellsOf(body.children[[...body.children].indexOf(row) + step[0]])[
    cellsOf(row).indexOf(cell) + step[1]
  ];
  if (!target) return;
  cell.tabIndex = -1;
  target.tabIndex = 0;
  target.focus();
}

/**
 * @param {Element | undefined} row
 * @returns {HTMLElement[]}
 */
function cellsOf(row) {
  return row ? [...row.querySelectorAll(/** @type {'td'} */ ('td[tabindex]'))] : [];
}
