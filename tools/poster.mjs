// npm run poster -- [--view=… --experiment=… --epoch=… --theme=… --width=… --out=… --page=…]: a picture
// of a figure, and the HTML that shows it with a link to the live run.
import { statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSite } from './build.mjs';
import { command, root, Stop, say, step } from './run.mjs';
import { setUp } from './setup.mjs';

const load = (/** @type {string} */ file) => import(pathToFileURL(path.join(root, file)).href);

/** What an option is when it is left out. @type {Record<string, string | undefined>} */
const USUAL = {
  view: 'overview',
  experiment: '{}',
  epoch: undefined,
  theme: 'light',
  width: '720',
  out: 'poster.png',
  page: 'https://embed.example/',
};

/**
 * @param {string[]} args
 * @returns {Record<string, string | undefined>}
 */
function readArguments(args) {
  const given = args.map((arg) => {
    const [, name, value] = /^--(\w+)=(.*)$/s.exec(arg) ?? [];
    if (name === undefined || !(name in USUAL))
      throw new Stop(`Options are ${optionList()}; "${arg}" is none.`);
    return [name, value];
  });
  return { ...USUAL, ...Object.fromEntries(given) };
}

function optionList() {
  const names = Object.keys(USUAL).map((name) => `--${name}=…`);
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/**
 * @param {Record<string, any>} options
 * @returns {Promise<{ view: string, experiment: object, epoch: number, theme: string, width: number, out: string, page: string }>}
 *   what web/bundle/poster.mjs calls a wish
 * @throws {Stop} at the first that is wrong
 */
async function check({ view, experiment: text, epoch: asked, theme, width, out, page }) {
  const { VIEWS } = await load('web/state/strings.js');
  const { complete, parseEpoch, parseExperiment } = await load('web/state/experiment.js');
  const views = view.split(/\s+/).filter(Boolean);
  const unknown = views.find((/** @type {string} */ name) => !VIEWS.includes(name));
  if (views.length === 0 || unknown)
    throw new Stop(`--view takes ${VIEWS.join(', ')}, not "${unknown ?? view}".`);
  const { experiment, message } = parseExperiment(text);
  if (message) throw new Stop(`--experiment: ${message}.`);
  const epoch = parseEpoch(asked ?? lengthOf(complete, experiment));
  if (epoch === undefined)
    throw new Stop(`--epoch takes a whole number from 0 up, not "${asked}".`);
  if (!['light', 'dark'].includes(theme))
    throw new Stop(`--theme takes light or dark, not "${theme}".`);
  if (!/^\d+$/.test(width) || width < 240 || width > 2000)
    throw new Stop(`--width takes a whole number of pixels from 240 to 2000, not "${width}".`);
  if (!/\.(png|svg)$/.test(out))
    throw new Stop(`--out takes the name of a .png or an .svg, not "${out}".`);
  if (!statSync(path.dirname(path.resolve(out)), { throwIfNoEntry: false })?.isDirectory())
    throw new Stop(`--out: there is no folder ${path.dirname(out)}.`);
  if (!/^https?:/.test(page) || !URL.canParse(page))
    throw new Stop(`--page takes an address that begins with https:, not "${page}".`);
  return { view: views.join(' '), experiment, epoch, theme, width: Number(width), out, page };
}

/**
 * How long a run is meant to be; one that the engine will refuse has the default length.
 * @param {(experiment: object) => { epochs: number }} complete
 * @param {object} experiment
 */
function lengthOf(complete, experiment) {
  try {
    return complete(experiment).epochs;
  } catch {
    return complete({}).epochs;
  }
}

await command(async () => {
  const wish = await check(readArguments(process.argv.slice(2)));
  const { chromium } = await setUp(['modules', 'chromium']);
  await buildSite();
  const html = await step(`Drawing ${wish.out}`, async () => {
    const { makePoster } = await load('web/bundle/poster.mjs');
    const { html, problem } = await makePoster({ root, chromium, wish });
    if (problem) throw new Stop(problem);
    return html;
  });
  if (wish.page === USUAL.page) say('The link is to be your copy of the page: name it by --page=…');
  console.log(html);
});
