// The page's text: its numbers and stills put in, and all of it in one file.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writePermalink } from '../state/permalink.js';
import { OTHERS } from '../story/numbers.js';

/**
 * Puts numbers into `<data data-number="name">` and drawings into `<!-- still: name -->`.
 * @param {string} html
 * @param {{ numbers: Record<string, string>, stills: Record<string, string> }} story
 */
export function storyFilled(html, { numbers, stills }) {
  return html
    .replace(/<!-- still: ([\w-]+) -->/g, (_, name) => known(stills, name))
    .replace(/href="#run:(\w+)"/g, (_, name) => `href="${linkTo(name)}"`)
    .replace(
      /(<data\b[^>]*\bdata-number="([^"]+)"[^>]*>)[^<]*/g,
      (_, tag, name) => tag + known(numbers, name),
    );
}

/** @param {string} name of an experiment that the article points to; `post` is the default run */
function linkTo(name) {
  const experiment = name === 'post' ? {} : OTHERS[name];
  return writePermalink(experiment, 10000).replaceAll('&', '&amp;');
}

/**
 * @param {Record<string, string>} texts
 * @param {string} name
 */
function known(texts, name) {
  if (!Object.hasOwn(texts, name))
    throw new Error(`The page asks for "${name}", which is not made`);
  return texts[name];
}

/**
 * Styles and script go into the page, so that it needs no other file.
 * @param {{ html: string, web: string, script: string }} parts
 */
export async function intoOneFile({ html, web, script }) {
  const css = await readFile(path.join(web, 'page.css'), 'utf8');
  const inline = script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
  const icon = await readFile(path.join(web, 'icon.svg'), 'base64');
  return html
    .replace('href="./icon.svg"', `href="data:image/svg+xml;base64,${icon}"`)
    .replace(/<link rel="stylesheet" href="\.\/page\.css" \/>/, () => `<style>${css}</style>`)
    .replace(/\s*<script type="module" src="\.\/page\.js"><\/script>/, '')
    .replace('</body>', () => `<script>${inline}</script>\n  </body>`);
}
