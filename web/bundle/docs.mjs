// The pages of docs/ as pages of the site, so that the article can point to a numbered equation.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Marked } from 'marked';
import { formula, numberedFormula } from './math.mjs';

/**
 * @param {object} places
 * @param {string} places.docs the folder of the sources
 * @param {string} places.links to the icon and the stylesheet, for the pages' heads
 * @returns {Promise<{ name: string, html: string }[]>}
 */
export async function docPages({ docs, links }) {
  const names = (await readdir(docs)).filter((name) => name.endsWith('.md')).sort();
  return Promise.all(
    names.map(async (name) => {
      const markdown = await readFile(path.join(docs, name), 'utf8');
      const title = /^# (.+)$/m.exec(markdown)?.[1] ?? name;
      const body = renderer(names).parse(markdown);
      return { name: toHtml(name), html: page(title, String(body), links) };
    }),
  );
}

/** @param {string} name of a source, perhaps with a fragment */
const toHtml = (name) => name.replace(/\.md(#|$)/, '.html$1');

/** @param {string[]} names of the sources that are pages */
function renderer(names) {
  return new Marked({
    extensions: [inlineFormula],
    renderer: {
      code({ text, lang }) {
        return lang === 'math' ? numberedFormula(text) : false;
      },
      heading({ tokens, depth, text }) {
        const inner = this.parser.parseInline(tokens);
        return `<h${depth} id="${slug(text)}">${inner}</h${depth}>\n`;
      },
      table(token) {
        const cells = (/** @type {import('marked').Tokens.TableCell[]} */ row) =>
          row.map((cell) => this.tablecell(cell)).join('');
        const rows = token.rows.map((row) => `<tr>${cells(row)}</tr>`).join('\n');
        const head = cells(token.header).replaceAll('<th></th>', '<td></td>');
        return `<div class="scroll" tabindex="0" role="group" aria-label="Table"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>\n`;
      },
      // What is no page of the site is named, not linked.
      link({ href, tokens }) {
        const text = this.parser.parseInline(tokens);
        const [file] = href.split('#');
        if (!/^[a-z]+:|^#/.test(href) && !names.includes(file)) return text;
        return `<a href="${toHtml(href)}">${text}</a>`;
      },
    },
  });
}

/** @type {import('marked').TokenizerExtension & import('marked').RendererExtension} */
const inlineFormula = {
  name: 'formula',
  level: 'inline',
  start: (source) => source.indexOf('$'),
  tokenizer(source) {
    const [raw, text] = /^\$([^$]+)\$/.exec(source) ?? [];
    return raw ? { type: 'formula', raw, text } : undefined;
  },
  renderer: ({ text }) => formula(text, false),
};

/**
 * The name that a heading is linked by, as GitHub makes it.
 * @param {string} heading
 */
function slug(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

/**
 * @param {string} title
 * @param {string} body
 * @param {string} links
 */
function page(title, body, links) {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${title} – Backprop</title>
    ${links}
  </head>
  <body class="document">
    <nav aria-label="Site"><a href="../index.html">Backpropagation, number by number</a></nav>
    <main>
${body}
    </main>
  </body>
</html>
`;
}
