// What data ask of a network: how many numbers go in and come out, and whether these are classes.

/** @typedef {import('./types.js').Experiment} Experiment */
/** @typedef {import('./types.js').Catalog} Catalog */
/** @typedef {import('./types.js').CatalogEntry} CatalogEntry */

/**
 * @typedef {object} Problem
 * @property {number} inputs numbers in a row
 * @property {number} classes 0: the targets are values, as for regression
 * @property {number} [columns] of the targets, where these are the reader's own
 * @property {[number, number]} range of the targets
 */

/**
 * @param {Experiment['data']} data
 * @param {Catalog} catalog
 * @returns {Problem}
 */
export function problemOf(data, catalog) {
  if (data.kind === 'points') return ownProblem(rowsOf(data.inputs), rowsOf(data.targets));
  const entry = entryOf(data.kind, catalog);
  const formula = formulaOf(entry);
  return {
    inputs: settingOf(data, entry, 'bits') ?? (formula && !/\bx2\b/.test(formula) ? 1 : 2),
    classes: formula ? 0 : (settingOf(data, entry, 'classes') ?? 2),
    range: formula ? [-1, 1] : [0, 1],
  };
}

/**
 * Whether the targets of these data are values of a formula, rather than classes.
 * @param {CatalogEntry} entry
 */
export function isRegression(entry) {
  return formulaOf(entry) !== '';
}

/** @param {CatalogEntry} entry */
function formulaOf({ formula }) {
  return formula ?? '';
}

/**
 * @param {string} kind
 * @param {Catalog} catalog
 */
function entryOf(kind, catalog) {
  return /** @type {CatalogEntry} */ (catalog.data.find(({ name }) => name === kind));
}

/**
 * @param {{ [setting: string]: unknown }} data
 * @param {CatalogEntry} entry
 * @param {string} name
 * @returns {number | undefined} undefined where the data have no such setting
 */
function settingOf(data, entry, name) {
  const setting = entry.settings.find((one) => one.name === name);
  return setting && /** @type {number} */ (data[name] ?? setting.default);
}

/** @param {unknown} rows @returns {number[][]} */
export function rowsOf(rows) {
  return Array.isArray(rows) ? rows : [];
}

/**
 * @param {number[][]} inputs
 * @param {number[][]} targets
 * @returns {Problem}
 */
function ownProblem(inputs, targets) {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const row of targets) {
    for (const value of row) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  const columns = targets[0]?.length ?? 0;
  const classes = columns === 1 ? 2 : columns;
  return {
    inputs: inputs[0]?.length ?? 0,
    classes: noOf(targets) === undefined ? 0 : classes,
    columns,
    range: [low, high],
  };
}

/**
 * What stands for no where the targets are classes: 0 or −1, and 1 for yes; with several columns
 * one yes a row.
 * @param {number[][]} targets
 * @returns {number | undefined} undefined where they are values
 */
export function noOf(targets) {
  return [0, -1].find((no) =>
    targets.every((row) => {
      const yes = row.filter((value) => value === 1).length;
      const isTold = row.length === 1 || yes === 1;
      return isTold && row.every((value) => value === 1 || value === no);
    }),
  );
}
