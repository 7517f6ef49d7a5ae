// The tables of numbers in the article: which arrays they show, in which columns.

/** @typedef {import('../story/numbers.js').Numbers} Numbers */

/** The four rows of XOR: their inputs, and what is wanted of them. */
const ROWS = ['0 0', '0 1', '1 0', '1 1'];

/** The arrays of a table, and how many columns each has. @type {Record<string, [string, number][]>} */
const ROW_TABLES = {
  forward: [
    ['z1', 2],
    ['a1', 2],
    ['z2', 1],
    ['a2', 1],
  ],
  output: [
    ['error', 1],
    ['square', 1],
    ['d_loss_a2', 1],
    ['d_a2_z2', 1],
    ['d_z2', 1],
  ],
  hidden: [
    ['d_a1', 2],
    ['d_a1_z1', 2],
    ['d_z1', 2],
  ],
};

/** What an array is called where its name says too little. @type {Record<string, string>} */
const LABELS = { error: 'a2 − y', square: '(a2 − y)²' };

/** What a table is called where it has to be scrolled. @type {Record<string, string>} */
const NAMES = {
  forward: 'Forward, row by row',
  output: 'Loss and output, row by row',
  hidden: 'Hidden layer, row by row',
  update: 'The nine parameters',
};

/** @param {Numbers} numbers */
export function makeTables(numbers) {
  const cell = (/** @type {string} */ name) => numberCell(name, numbers);
  const tables = Object.entries(NAMES).map(([name, label]) => {
    const table = name === 'update' ? updateTable(cell) : rowTable(ROW_TABLES[name], cell);
    const scrolled = `<div class="scroll" tabindex="0" role="group" aria-label="${label}">${table}</div>`;
    return [`table-${name}`, scrolled];
  });
  return Object.fromEntries(tables);
}

/**
 * @param {string} name
 * @param {Numbers} numbers
 */
function numberCell(name, numbers) {
  return `<td data-number="${name}">${numbers[name].text}</td>`;
}

/**
 * A row of the table for each row of XOR.
 * @param {[string, number][]} arrays
 * @param {(name: string) => string} cell
 */
function rowTable(arrays, cell) {
  const isWide = arrays.some(([, columns]) => columns > 1);
  const heads = arrays.map(([name, columns]) => {
    const label = LABELS[name] ?? name;
    if (columns > 1) return `<th scope="colgroup" colspan="${columns}">${label}</th>`;
    return `<th scope="col"${isWide ? ' rowspan="2"' : ''}>${label}</th>`;
  });
  const units = arrays
    .filter(([, columns]) => columns > 1)
    .map(() => '<th scope="col">h1</th><th scope="col">h2</th>');
  const first = `<th scope="col"${isWide ? ' rowspan="2"' : ''}>x1 x2</th>`;
  const body = ROWS.map((row, i) => {
    const cells = arrays.flatMap(([name, columns]) =>
      Array.from({ length: columns }, (_, column) => cell(`${name}[${i},${column}]`)),
    );
    return `<tr><th scope="row">${row}</th>${cells.join('')}</tr>`;
  });
  const second = isWide ? `<tr>${units.join('')}</tr>` : '';
  return `<table><thead><tr>${first}${heads.join('')}</tr>${second}</thead><tbody>${body.join('')}</tbody></table>`;
}

/** The nine parameters, in the order of the flat block. */
const PARAMETERS = [
  ...['0,0', '0,1', '1,0', '1,1'].map((at) => ['W1', at]),
  ...['0,0', '0,1'].map((at) => ['b1', at]),
  ...['0,0', '1,0'].map((at) => ['W2', at]),
  ['b2', '0,0'],
];

/** @param {(name: string) => string} cell */
function updateTable(cell) {
  const rows = PARAMETERS.map(
    ([name, at]) =>
      `<tr><th scope="row">${name}[${name.startsWith('b') ? at.slice(2) : at}]</th>${cell(`${name}[${at}]`)}${cell(`d_${name}[${at}]`)}${cell(`new ${name}[${at}]`)}</tr>`,
  );
  return `<table><thead><tr><th scope="col">parameter</th><th scope="col">old</th><th scope="col">gradient</th><th scope="col">new</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}
