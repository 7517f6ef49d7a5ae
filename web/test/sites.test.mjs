// A figure in a post that a static-site generator makes, as docs/embedding.md says.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { run, Stop } from '../../tools/run.mjs';
import { setUp } from '../../tools/setup.mjs';
import { atRest, dist, openBrowser, openPage, serveFor, stateOf } from './browser.mjs';
import { snippetOf } from './guide.mjs';
import { assertLoss } from './post.mjs';

const skip = process.env.BACKPROP_SWEEP !== 'full' && 'only in npm run test:all';
const folder = mkdtempSync(path.join(tmpdir(), 'backprop-sites-'));
after(() => rmSync(folder, { recursive: true }));

/**
 * @typedef {object} Site
 * @property {Record<string, string>} files of the source
 * @property {string} element where the element's file is to be copied
 * @property {(program: string, made: string) => string[]} command that makes the site
 * @property {string} post the address of the page with the figure
 */

/** Under an address that is not the server's root. @type {Record<'jekyll' | 'hugo', Site>} */
const sites = {
  jekyll: {
    files: {
      '_config.yml': 'title: Blog\nbaseurl: /blog\n',
      '_layouts/default.html':
        '<!doctype html><html lang="en"><title>{{ page.title }}</title><link rel="icon" href="data:,">{{ content }}',
      '_posts/2026-01-01-xor.md': snippetOf('Jekyll', 'md').replace(
        '---\n',
        '---\nlayout: default\npermalink: /xor/\n',
      ),
    },
    element: 'assets',
    command: (program, made) => [program, 'build', '--disable-disk-cache', '--destination', made],
    post: 'xor/',
  },
  hugo: {
    files: {
      'config.toml': 'baseURL = "/blog/"\ntitle = "Blog"\n',
      'layouts/_default/single.html':
        '<!doctype html><html lang="en"><title>{{ .Title }}</title><link rel="icon" href="data:,">{{ .Content }}',
      'layouts/shortcodes/backprop.html': snippetOf('Hugo', 'html'),
      'content/xor.md': `---\ntitle: A network learns\n---\n\n${snippetOf('Hugo', 'md')}`,
    },
    element: 'static',
    command: (program, made) => [program, '--quiet', '--destination', made],
    post: 'xor/',
  },
};

for (const name of /** @type {(keyof typeof sites)[]} */ (Object.keys(sites))) {
  const { files, element, command, post } = sites[name];
  test(`a post of ${name}`, { skip }, async (t) => {
    let program;
    try {
      ({ [name]: program } = await setUp([name]));
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      return t.skip(error.message);
    }
    const source = path.join(folder, name);
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(source, file)), { recursive: true });
      writeFileSync(path.join(source, file), text);
    }
    const script = 'backprop-demo.js';
    cpSync(path.join(dist, 'embed', script), path.join(source, element, script));
    const served = path.join(folder, `${name}-made`);
    const [file, ...args] = command(program, path.join(served, 'blog'));
    await run(file, args, { cwd: source });

    const host = await serveFor({ root: served });
    const { page, messages } = await openPage(await openBrowser());
    await page.goto(`${host.url}/blog/${post}`);
    await atRest(page);
    assertLoss((await stateOf(page)).loss, 9999);
    assert.equal(
      await page.$eval('backprop-demo', (one) => one.textContent),
      'A network learns XOR.',
    );
    assert.deepEqual(messages, []);
    await page.close();
  });
}
