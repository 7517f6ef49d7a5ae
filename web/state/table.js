// A table that somebody pasted or opened: CSV or JSON, numbers and labels. Reading is in steps, so
// that a long table does not stop the page; what is wrong is said with its line and column.
//
// CSV is read by the few lines below and not by a library, because a message must name the line in
// the file; the small libraries count rows, which are not lines where a quoted cell has line breaks.
import { count } from './format.js';

export const MOST_ROWS = 10000;
export const MOST_COLUMNS = 16;
export const MOST_CLASSES = 10;
/** Characters; what is longer cannot be a table of so many rows and columns. */
export const MOST_TEXT = 16e6;
/** Cells between two pauses. */
const CELLS_A_STEP = 4000;

/**
 * @typedef {object} Table
 * @property {string[]} names of the columns
 * @property {(number | string)[][]} cells row by row
 * @property {boolean[]} targets which columns are targets, as far as can be told
 * @property {(row: number, column: number) => string} place of a cell, for a message
 */

/** Why there is no table. @typedef {{ problem: string }} Refusal */

/** @typedef {Table | Refusal} Reading */

const TARGET_NAME = /^(y|output|target|class|label)[ _]?\d*$/i;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * @param {string} text
 * @returns {Generator<void, Reading>}
 */
export function* readTable(text) {
  const trimmed = text.replace(/^\uFEFF/, '');
  if (trimmed.length > MOST_TEXT)
    return refuse(`This has ${count(trimmed.length)} characters; ${LIMITS}.`);
  if (trimmed.trim() === '') return refuse(`There is nothing in it; ${LIMITS}.`);
  return yield* /^\s*[[{]/.test(trimmed) ? readJson(trimmed) : readCsv(trimmed);
}

const LIMITS = `a table has 1 to ${count(MOST_ROWS)} rows of 2 to ${MOST_COLUMNS} columns`;

/** @param {string} problem */
function refuse(problem) {
  return { problem };
}

/**
 * @param {string} text
 * @returns {Generator<void, Reading>}
 */
function* readCsv(text) {
  const separator = separatorOf(text);
  /** @type {string[][]} */
  const rows = [];
  /** @type {number[]} */
  const lines = [];
  let done = 0;
  for (const { cells, line, isOpen } of records(text, separator)) {
    if (isOpen) return refuse(`Line ${count(line)}: a quotation mark is not closed.`);
    if (cells.length === 1 && cells[0].trim() === '') continue;
    const problem = lengthProblem(
      cells.length,
      `Line ${count(line)}`,
      rows[0]?.length,
      `line ${lines[0]}`,
    );
    if (problem) return refuse(problem);
    rows.push(cells);
    lines.push(line);
    if (rows.length > MOST_ROWS + 1) break;
    done += cells.length;
    if (done % CELLS_A_STEP < cells.length) yield;
  }
  const hasHeader = rows[0].every(
    (cell) => typeof contentOf(cell, separator) === 'string' && cell.trim() !== '',
  );
  const names = hasHeader ? rows[0].map((cell) => cell.trim()) : undefined;
  if (hasHeader) {
    rows.shift();
    lines.shift();
  }
  if (rows.length === 0) return refuse(`There is no row below the names; ${LIMITS}.`);
  if (rows.length > MOST_ROWS)
    return refuse(`Line ${count(lines[MOST_ROWS])} is row ${count(MOST_ROWS + 1)}; ${LIMITS}.`);
  /** @type {(number | string)[][]} */
  const cells = [];
  for (const row of rows) {
    cells.push(row.map((cell) => contentOf(cell, separator)));
    if ((cells.length * row.length) % CELLS_A_STEP < row.length) yield;
  }
  return tableOf(cells, names, undefined, (row) => `Line ${count(lines[row])}`);
}

/**
 * What parts the cells: the first of these signs that is in the first line; else blanks.
 * @param {string} text
 */
function separatorOf(text) {
  const head = text.slice(0, 10000).replace(/"(?:[^"]|"")*"/g, 'x');
  const first = /\S.*/.exec(head)?.[0] ?? '';
  return ['\t', ';', ','].find((sign) => first.includes(sign)) ?? ' ';
}

/**
 * @param {string} text
 * @param {string} separator
 * @returns {Generator<{ cells: string[], line: number, isOpen: boolean }>} with the line where it begins
 */
function* records(text, separator) {
  if (separator === ' ') {
    for (const [i, line] of text.split(/\r\n|\r|\n/).entries())
      yield { cells: line.trim().split(/\s+/), line: i + 1, isOpen: false };
    return;
  }
  const cell = new RegExp(`[ ]*"((?:[^"]|"")*)(?:"[ ]*|$)|([^${separator}\\r\\n]*)`, 'y');
  const end = new RegExp(`${separator}|\\r\\n|\\r|\\n|$`, 'y');
  /** @type {string[]} */
  let cells = [];
  let line = 1;
  let at = 0;
  for (let begin = 1; at <= text.length; ) {
    cell.lastIndex = at;
    const [whole, quoted, bare] = /** @type {RegExpExecArray} */ (cell.exec(text));
    at += whole.length;
    end.lastIndex = at;
    const stop = end.exec(text)?.[0];
    const isOpen =
      stop === undefined ||
      (quoted !== undefined && !/"[ ]*$/.test(whole.slice(whole.indexOf('"') + 1)));
    cells.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (quoted !== undefined) line += quoted.split(/\r\n|\r|\n/).length - 1;
    if (isOpen) {
      yield { cells, line: begin, isOpen };
      return;
    }
    at += stop.length;
    if (stop === separator) continue;
    yield { cells, line: begin, isOpen };
    if (stop === '') return;
    line++;
    begin = line;
    cells = [];
  }
}

/**
 * A number, or the text as it is. Where commas do not part cells they may be decimal ones.
 * @param {string} cell
 * @param {string} separator
 */
function contentOf(cell, separator) {
  const text = cell.trim();
  const plain = separator === ',' ? text : text.replace(',', '.');
  const digits = plain.replace('\u2212', '-');
  return NUMBER.test(digits) && Number.isFinite(Number(digits)) ? Number(digits) : text;
}

/**
 * @param {number} length
 * @param {string} where
 * @param {number | undefined} first the first row's length
 * @param {string} firstWhere
 */
function lengthProblem(length, where, first, firstWhere) {
  const columns = `${count(length)} ${length === 1 ? 'column' : 'columns'}`;
  if (first === undefined && (length < 2 || length > MOST_COLUMNS))
    return `${where} has ${columns}; ${LIMITS}.`;
  return first !== undefined && length !== first
    ? `${where} has ${columns}, and ${firstWhere} has ${first}; all rows must have as many.`
    : '';
}

/**
 * @param {string} text
 * @returns {Generator<void, Reading>}
 */
function* readJson(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse(syntaxProblem(text));
  }
  yield;
  const table = value?.data?.inputs ? value.data : value;
  if (Array.isArray(table?.inputs) && Array.isArray(table?.targets)) return yield* readPairs(table);
  if (!Array.isArray(table) || table.length === 0)
    return refuse(
      'JSON must be an array of rows, each an array or an object, or {"inputs": […], "targets": […]}.',
    );
  return yield* Array.isArray(table[0]) ? readArrays(table) : readObjects(table);
}

/** @param {string} text that is not JSON */
function syntaxProblem(text) {
  const before = text.slice(0, errorIn(text)).split('\n');
  const [line, column] = [before.length, before[before.length - 1].length + 1];
  return `Line ${count(line)}, column ${count(column)}: this is not valid JSON.`;
}

const TOKEN =
  /\s*([[\]{},:]|"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|/y;

/**
 * Where a text ceases to be JSON: browsers say that in different words, or not at all.
 * @param {string} text
 */
function errorIn(text) {
  /** @type {string[]} */
  const open = [];
  let wanted = 'value';
  for (let at = 0; at < text.length; ) {
    TOKEN.lastIndex = at;
    const [whole, token] = /** @type {RegExpExecArray} */ (TOKEN.exec(text));
    const start =
      token === undefined
        ? at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0)
        : at + whole.length - token.length;
    const next = token === undefined ? undefined : follow(token, wanted, open);
    if (!next) return start;
    wanted = next;
    at += whole.length;
  }
  return text.length;
}

/**
 * @param {string} token
 * @param {string} wanted what must come: a value, a key, a colon, what follows a value, or the end
 * @param {string[]} open brackets; those that are closed are taken away
 * @returns {string | undefined} what must come next; undefined where the token may not stand here
 */
function follow(token, wanted, open) {
  const closes = wanted === 'more' || wanted === 'first' || wanted === 'first key';
  if (closes && (token === ']' || token === '}')) {
    if (open.pop() !== (token === ']' ? '[' : '{')) return undefined;
    return open.length > 0 ? 'more' : 'end';
  }
  if (wanted === 'more') {
    if (token !== ',') return undefined;
    return open[open.length - 1] === '{' ? 'key' : 'value';
  }
  if (wanted === 'colon') return token === ':' ? 'value' : undefined;
  if (wanted === 'key' || wanted === 'first key')
    return token.startsWith('"') ? 'colon' : undefined;
  if (wanted === 'end' || /^[\]},:]/.test(token)) return undefined;
  if (token !== '[' && token !== '{') return open.length > 0 ? 'more' : 'end';
  open.push(token);
  return token === '[' ? 'first' : 'first key';
}

/**
 * @param {{ inputs: unknown[], targets: unknown[] }} pairs
 * @returns {Generator<void, Reading>}
 */
function* readPairs({ inputs, targets }) {
  if (inputs.length !== targets.length)
    return refuse(
      `There are ${count(inputs.length)} rows of inputs and ${count(targets.length)} of targets; there must be as many.`,
    );
  const rows = inputs.map((row, i) =>
    [row, targets[i]].flatMap((part) => (Array.isArray(part) ? part : [part])),
  );
  const width = Array.isArray(inputs[0]) ? inputs[0].length : 1;
  const isTarget = (/** @type {unknown} */ _, /** @type {number} */ k) => k >= width;
  return yield* readArrays(rows, undefined, (rows[0] ?? []).map(isTarget));
}

/**
 * @param {unknown[]} objects
 * @returns {Generator<void, Reading>}
 */
function* readObjects(objects) {
  const names = Object.keys(objects[0] ?? {});
  /** @type {unknown[][]} */
  const rows = [];
  for (const [i, object] of objects.entries()) {
    if (typeof object !== 'object' || object === null || Array.isArray(object))
      return refuse(
        `Row ${count(i + 1)} must be an object like the first, not ${described(object)}.`,
      );
    const missing = names.find((name) => !Object.hasOwn(object, name));
    if (missing !== undefined)
      return refuse(`Row ${count(i + 1)} has no “${shorten(missing)}”, and the first row has.`);
    const extra = Object.keys(object).find((name) => !names.includes(name));
    if (extra !== undefined)
      return refuse(`Row ${count(i + 1)} has “${shorten(extra)}”, and the first row has not.`);
    rows.push(names.map((name) => /** @type {Record<string, unknown>} */ (object)[name]));
    if ((rows.length * names.length) % CELLS_A_STEP < names.length) yield;
  }
  return yield* readArrays(rows, names);
}

/**
 * @param {unknown[]} rows
 * @param {string[]} [names]
 * @param {boolean[]} [targets]
 * @returns {Generator<void, Reading>}
 */
function* readArrays(rows, names, targets) {
  if (rows.length > MOST_ROWS) return refuse(`There are ${count(rows.length)} rows; ${LIMITS}.`);
  /** @type {(number | string)[][]} */
  const cells = [];
  for (const [i, row] of rows.entries()) {
    const where = `Row ${count(i + 1)}`;
    if (!Array.isArray(row))
      return refuse(`${where} must be an array like the first, not ${described(row)}.`);
    const problem = lengthProblem(row.length, where, cells[0]?.length, 'row 1');
    if (problem) return refuse(problem);
    const bad = row.findIndex((cell) => typeof cell !== 'string' && !Number.isFinite(cell));
    if (bad >= 0)
      return refuse(
        `${where}, column ${bad + 1}: a number or a label is needed, not ${described(row[bad])}.`,
      );
    cells.push(row);
    if ((cells.length * row.length) % CELLS_A_STEP < row.length) yield;
  }
  return tableOf(cells, names, targets, (row) => `Row ${count(row + 1)}`);
}

/** @param {unknown} value */
function described(value) {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? `“${shorten(value)}”` : String(value);
}

/** @param {string} text */
export function shorten(text) {
  return text.length > 24 ? `${text.slice(0, 24)}…` : text;
}

/**
 * @param {(number | string)[][]} cells
 * @param {string[] | undefined} names
 * @param {boolean[] | undefined} targets
 * @param {(row: number) => string} where
 * @returns {Table}
 */
function tableOf(cells, names, targets, where) {
  const { length } = cells[0];
  const isTarget = targets ?? (names ?? []).map((name) => TARGET_NAME.test(name));
  const isTold = isTarget.includes(true) && isTarget.includes(false);
  const last = Array.from({ length }, (_, k) => k === length - 1);
  return {
    names: names ?? Array.from({ length }, (_, k) => `column ${k + 1}`),
    cells,
    targets: isTold ? isTarget : last,
    place: (row, column) =>
      `${where(row)}, column ${column + 1}${names ? ` (${shorten(names[column])})` : ''}`,
  };
}

/**
 * Whether one column of targets may be read as classes, and as values.
 * @param {Table} table
 * @param {boolean[]} isTarget by column
 */
export function targetForms({ cells }, isTarget) {
  const column = isTarget.indexOf(true);
  if (isTarget.filter(Boolean).length !== 1) return { classes: false, values: true };
  const seen = new Set();
  let hasText = false;
  let isWhole = true;
  for (const row of cells) {
    const value = row[column];
    if (typeof value === 'string') hasText = true;
    else if (!Number.isInteger(value)) isWhole = false;
    if (seen.size <= MOST_CLASSES) seen.add(value);
  }
  const isFew = seen.size >= 2 && seen.size <= MOST_CLASSES;
  return { classes: hasText || (isFew && isWhole), values: !hasText };
}

/**
 * The rows as an experiment has them.
 * @param {Table} table
 * @param {boolean[]} isTarget by column
 * @param {boolean} isClasses whether the one column of targets names classes
 * @returns {{ inputs: number[][], targets: number[][], note: string } | Refusal}
 */
export function rowsFrom(table, isTarget, isClasses) {
  if (!isTarget.includes(true) || !isTarget.includes(false))
    return refuse('At least one column must be a target, and at least one an input.');
  const { cells } = table;
  const [inputColumns, targetColumns] = [false, true].map((wanted) =>
    isTarget.flatMap((is, k) => (is === wanted ? [k] : [])),
  );
  const numeric = isClasses ? inputColumns : [...inputColumns, ...targetColumns];
  for (const [i, row] of cells.entries()) {
    const bad = numeric.find((k) => typeof row[k] !== 'number');
    if (bad === undefined) continue;
    const role = isTarget[bad] ? 'a target that is a value' : 'an input';
    const given = row[bad] === '' ? 'nothing' : `“${shorten(String(row[bad]))}”`;
    return refuse(`${table.place(i, bad)}: ${role} must be a finite number, not ${given}.`);
  }
  const pick = (/** @type {number[]} */ columns) =>
    cells.map((row) => columns.map((k) => /** @type {number} */ (row[k])));
  const inputs = pick(inputColumns);
  if (!isClasses) return { inputs, targets: pick(targetColumns), note: '' };
  const classes = classesIn(table, targetColumns[0]);
  return 'problem' in classes ? classes : { inputs, ...classes };
}

/**
 * Labels as targets: 0 and 1 for two of them, a column each for more.
 * @param {Table} table
 * @param {number} column
 */
function classesIn({ cells, names }, column) {
  const labels = [...new Set(cells.map((row) => row[column]))].sort(inOrder);
  if (labels.length < 2 || labels.length > MOST_CLASSES)
    return refuse(
      `The target, ${shorten(names[column])}, has ${count(labels.length)} different ${labels.length === 1 ? 'label' : 'labels'}; there may be 2 to ${MOST_CLASSES}.`,
    );
  const numbers = new Map(labels.map((label, k) => [label, k]));
  const hot = labels.map((_, k) => labels.map((_, other) => Number(other === k)));
  const targets = cells.map((row) => {
    const k = /** @type {number} */ (numbers.get(row[column]));
    return labels.length === 2 ? [k] : [...hot[k]];
  });
  const first = labels.length === 2 ? 0 : 1;
  const parts = labels.map((label, k) => `${shorten(String(label))} is ${k + first}`);
  const isSame = labels.every((label, k) => label === k + first);
  return { targets, note: isSame ? '' : `As classes: ${parts.join(', ')}.` };
}

/**
 * Numbers by size, then texts by their letters.
 * @param {number | string} a
 * @param {number | string} b
 */
function inOrder(a, b) {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : 1;
}

/**
 * Runs a reading in short steps, with the page's own work between them.
 * @template T
 * @param {Generator<void, T>} reading
 * @param {AbortSignal} signal
 * @returns {Promise<T | undefined>} undefined where it was given up
 */
export async function inSteps(reading, signal) {
  for (;;) {
    const end = performance.now() + 8;
    while (performance.now() < end) {
      const { done, value } = reading.next();
      if (done) return value;
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (signal.aborted) return undefined;
  }
}
