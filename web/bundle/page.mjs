// The page's text: put together from its sections, with its formulas, numbers and stills put in.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { plainPermalink } from '../state/permalink.js';
import { OTHERS } from '../story/numbers.js';
import { formula } from './math.mjs';
import { markup } from './templates.mjs';

/** @typedef {import('./stills.mjs').Story} Story */

/**
 * Puts together what index.html names: `<!-- section: name -->` is story/name.html, `<!-- contents
 * -->` a list of the sections, `<tex>` a formula (`<tex display>` on a line of its own,
 * with n its number in the mathematics), `data-number="name"` a number, `<!-- name -->` a table or a still, `#run:name` a
 * link to another run; the captions' `<b>Figure.</b>` and `<b>Table.</b>` are counted, and a row
 * such as (0, 1) is kept on one line.
 * @param {string} html
 * @param {string} web
 * @param {Story} story
 */
export async function storyFilled(html, web, { numbers, pieces }) {
  let whole = html;
  for (const [mark, name] of html.matchAll(/<!-- section: (\w+) -->/g)) {
    const section = await readFile(path.join(web, 'story', `${name}.html`), 'utf8');
    whole = whole.replace(mark, () => section.trim());
  }
  /** @type {Record<string, number>} */
  const counts = { Figure: 0, Table: 0 };
  return markup(whole)
    .replace(/\(([01]), ([01])\)/g, '($1,&nbsp;$2)')
    .replace(/<b>(Figure|Table)\.<\/b>/g, (_, kind) => `<b>${kind} ${++counts[kind]}.</b>`)
    .replace('<!-- contents -->', () => contents(whole))
    .replace(/<!-- ([\w-]+) -->/g, (_, name) => known(pieces, name))
    .replace(/<tex( display)?(?: n="(\d+)")?>([^<]*)<\/tex>/g, (_, display, n, tex) =>
      texFilled(unescaped(tex), Boolean(display), n),
    )
    .replace(/href="#run:(\w+)"/g, (_, name) => `href="${linkTo(name)}"`)
    .replace(
      /(<[^<>]*\bdata-number="([^"]+)"[^<>]*>)[^<]*/g,
      (_, tag, name) => tag + known(numbers, name).text,
    );
}

/** @param {string} text */
const unescaped = (text) => text.replaceAll('&lt;', '<').replaceAll('&amp;', '&');

/** @param {string} html with its sections */
function contents(html) {
  const entries = [...html.matchAll(/<section id="([\w-]+)"[^>]*>[\s\S]*?<h2[^>]*>([^<]+)<\/h2>/g)];
  return entries.map(([, id, title]) => `<li><a href="#${id}">${title.trim()}</a></li>`).join('');
}

/**
 * @param {string} tex
 * @param {boolean} isDisplay
 * @param {string | undefined} n its number in the mathematics
 */
function texFilled(tex, isDisplay, n) {
  if (!isDisplay) return formula(tex, false);
  const link = n
    ? `<a class="number" href="./docs/mathematics.html#eq-${n}" aria-label="Equation ${n} of the mathematics">(${n})</a>`
    : '';
  return `<div class="equation"><div class="formula">${formula(tex, true)}</div>${link}</div>`;
}

/** @param {string} name of an experiment that the article points to; `post` is the default run */
function linkTo(name) {
  const experiment = name === 'post' ? {} : known(OTHERS, name);
  return plainPermalink(experiment, 10000).replaceAll('&', '&amp;');
}

/**
 * @template T
 * @param {Record<string, T>} things
 * @param {string} name
 * @returns {T}
 */
function known(things, name) {
  if (!Object.hasOwn(things, name))
    throw new Error(`The page asks for "${name}", which is not made`);
  return things[name];
}

/**
 * Styles, script and pictures go into the page, so that it needs no other file; links to other pages
 * of the site become plain text.
 * @param {object} parts
 * @param {string} parts.html
 * @param {string} parts.web
 * @param {string} parts.styles
 * @param {string} parts.script
 * @param {Story['pictures']} parts.pictures
 */
export async function intoOneFile({ html, web, styles, script, pictures }) {
  const inline = script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
  const icon = await readFile(path.join(web, 'icon.svg'), 'base64');
  return html
    .replaceAll(' vite-ignore', '')
    .replace(/\.\/stills\/([\w-]+\.svg)/g, (_, name) => dataUri(known(pictures, name)))
    .replace(/<a\b([^>]*) href="\.\/docs\/[^"]*"([^>]*)>([^<]*)<\/a>/g, '<span$1>$3</span>')
    .replace('href="./icon.svg"', `href="data:image/svg+xml;base64,${icon}"`)
    .replace(/<link rel="stylesheet" href="\.\/page\.css" \/>/, () => `<style>${styles}</style>`)
    .replace(/\s*<script type="module" async src="\.\/page\.js"><\/script>/, '')
    .replace('</body>', () => `<script>${inline}</script>\n  </body>`);
}

/** @param {string} svg */
function dataUri(svg) {
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}
