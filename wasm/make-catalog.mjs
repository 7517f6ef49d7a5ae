// The text of docs/catalog.md, made from the catalog: every name, setting, range and default.
import { rangeOf } from './catalog-words.mjs';

/** @typedef {import('./catalog-words.mjs').Setting} Setting */
/** @typedef {import('./catalog-words.mjs').Entry} Entry */
/** @typedef {import('./catalog-words.mjs').Catalog} Catalog */

/**
 * @param {Catalog} catalog
 * @returns {string}
 */
export function makeCatalog(catalog) {
  const { defaults } = catalog;
  return `# The catalog

Every name that an experiment can use, with its settings, their ranges and defaults. This page is
made from \`backprop.catalog()\` by \`npm run build -- catalog\`. The same table checks every
experiment and makes the package's types. [The mathematics](mathematics.md) derives the formulas.

## An experiment

Every field may be left out.

${choices(defaults)}
${settings(catalog.experiment)}
### A layer

\`activation\`, by default \`${defaults.layers[0].activation}\`, and

${settings(catalog.layer)}
### \`regularization\`

${settings(catalog.regularization)}
### \`stop\`

${settings(catalog.stop)}
### An edit

\`{epoch, learningRate}\` or \`{epoch, parameter, value}\`.

${settings(catalog.edit)}
## Activations

What a unit makes of its sum z. \`softmax\` is for the output layer only.

${names(catalog.activations, 'da/dz')}
## Losses

Of what the network says, a, and the target y; n is the number of elements.

${names(catalog.losses, 'd loss/da')}
## Optimizers

p is a parameter, g its gradient, lr the learning rate, t the step, counted from 1.

${kinds(catalog.optimizers)}
## Schedules

The learning rate of an epoch; lr is the optimizer's.

${kinds(catalog.schedules)}
## Initializers

Of the weights, each layer's fan_in x fan_out; biases begin at zero.

${kinds(catalog.initializers)}
## Data

Targets are 0 and 1; -1 and 1 where the loss is hinge or the output tanh; a column for each class
where the output is softmax or there are more than two.

${kinds(catalog.data)}
## Features

A list of these takes the place of the inputs, where there are two.

${names(catalog.features)}
## Precisions

${names(catalog.precisions)}`;
}

/** @param {Catalog['defaults']} defaults */
function choices({ data, layers, loss, initializer, optimizer, schedule, precision }) {
  const rows = [
    ['data', 'one of the [data](#data)', code(data.kind)],
    ['features', 'some of the [features](#features)', 'the inputs as they are'],
    ['layers', '1 to 16 [layers](#a-layer), the output last', layers.map(layerWords).join(', ')],
    ['loss', 'one of the [losses](#losses)', code(loss)],
    ['initializer', 'one of the [initializers](#initializers)', code(initializer.kind)],
    ['optimizer', 'one of the [optimizers](#optimizers)', code(optimizer.kind)],
    ['schedule', 'one of the [schedules](#schedules)', code(schedule.kind)],
    ['regularization', '[penalties](#regularization) on the weights', 'none'],
    ['precision', 'one of the [precisions](#precisions)', code(precision)],
    ['stop', 'what [ends the run](#stop) early', 'nothing'],
    ['edits', 'what a hand [changed](#an-edit) on the way', 'none'],
  ];
  return table(
    ['Field', 'What it is', 'Default'],
    rows.map(([name, ...words]) => [code(name), ...words]),
  );
}

/** @param {{ units: number, activation: string }} layer */
function layerWords({ units, activation }) {
  return `${units} ${code(activation)}`;
}

/**
 * A row a name.
 * @param {Entry[]} entries
 * @param {string} [derivative] the heading of that column
 */
function names(entries, derivative) {
  const hasFormula = entries.some(({ formula }) => formula);
  const headings = [
    'Name',
    ...(hasFormula ? ['Formula'] : []),
    ...(derivative ? [derivative] : []),
  ];
  const rows = entries.map((entry) => [
    code(entry.name),
    ...(hasFormula ? [code(entry.formula ?? '')] : []),
    ...(derivative ? [code(entry.derivative ?? '')] : []),
    entry.description,
  ]);
  return table([...headings, 'What it does'], rows);
}

/**
 * A section a kind; what `kind` chooses between.
 * @param {Entry[]} entries
 */
function kinds(entries) {
  const sections = entries.map(({ name, formula, description, settings: own }) => {
    const parts = [`### ${code(name)}\n`, `${description}\n`];
    if (formula) parts.push(`\`\`\`text\n${formula.replaceAll('; ', '\n')}\n\`\`\`\n`);
    if (own.length > 0) parts.push(settings(own));
    return parts.join('\n');
  });
  return sections.join('\n');
}

/** @param {Setting[]} rows */
function settings(rows) {
  const cells = rows.map((setting) => [
    code(setting.name),
    typeOf(setting),
    setting.default === null ? 'none' : `${setting.default}`,
    setting.description,
  ]);
  return table(['Setting', 'Value', 'Default', 'What it is'], cells);
}

/** @param {Setting} setting */
function typeOf(setting) {
  if (setting.type === 'boolean') return 'true or false';
  const kind = setting.type === 'integer' ? 'whole number' : 'number';
  const range = rangeOf(setting);
  return range ? `${kind}, ${range}` : kind;
}

/** @param {string} text */
function code(text) {
  return text && `\`${text}\``;
}

/**
 * @param {string[]} headings
 * @param {string[][]} rows
 */
function table(headings, rows) {
  const lines = [headings, headings.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`,
  );
  return lines.join('');
}
