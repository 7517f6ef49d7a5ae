// Makes everything in dist/: the site, the page in one file, the element in one file, the package.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { catalogModule } from '../wasm/package.mjs';
import { docPages } from './bundle/docs.mjs';
import {
  engineText,
  jobsModule,
  linkedWasm,
  loadedWasm,
  urlWasm,
  wholeEngine,
} from './bundle/engine.mjs';
import { makeNotices, packagesOf } from './bundle/notices.mjs';
import { addElement, makePackage } from './bundle/package.mjs';
import { intoOneFile, storyFilled } from './bundle/page.mjs';
import { pageStyles } from './bundle/room.mjs';
import { makeStory } from './bundle/stills.mjs';
import { buildParts, buildScript, buildSite, bundledModules } from './bundle/vite.mjs';

/**
 * @typedef {object} Places
 * @property {string} root the repository
 * @property {string} wasmDir holds backprop.js, backprop.wasm and catalog.wasm
 * @property {string} outDir
 */

/** @param {Places} places */
export async function bundle({ root, wasmDir, outDir }) {
  const web = path.join(root, 'web');
  const wasmFile = path.join(wasmDir, 'backprop.wasm');
  const wasm = await readFile(wasmFile);
  const script = await engineText(root, wasmDir);
  const made = { jobs: await jobsModule(root), catalog: await catalogModule(wasmDir) };
  const inline = { ...made, ...(await wholeEngine(root, wasmDir)) };
  const linked = { engine: linkedWasm(script, wasmFile), ...made };

  await rm(outDir, { recursive: true, force: true });
  const write = async (/** @type {string} */ name, /** @type {string | Uint8Array} */ content) => {
    const file = path.join(outDir, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  };

  await makePackage({ root, wasmDir, outDir });
  const story = await makeStory({ root, entry: path.join(outDir, 'lib/index.js') });

  const html = await storyFilled(await readFile(path.join(web, 'index.html'), 'utf8'), web, story);
  const styles = await pageStyles(web, html);
  const lazy = path.join(outDir, 'embed/lazy');
  const entryOf = (/** @type {string} */ name) => path.join(web, name);
  const start = await buildScript({
    entry: entryOf('start.js'),
    made: { engine: loadedWasm(script) },
  });
  const [page, element, frame, figure] = await Promise.all([
    buildScript({ entry: entryOf('page.js'), made: inline }),
    buildScript({ entry: entryOf('embed/backprop-demo.js'), made: inline }),
    buildScript({ entry: entryOf('embed/frame.js'), made: inline }),
    buildParts({ entry: entryOf('element/backprop-demo.js'), made: linked, outDir: lazy }),
    buildSite({ web, outDir: path.join(outDir, 'site'), made, start, wasm, html, styles }),
    addElement({ web, made: { engine: urlWasm(script), ...made }, write }),
  ]);

  for (const [name, svg] of Object.entries(story.pictures)) await write(`site/stills/${name}`, svg);
  const index = await readFile(path.join(outDir, 'site/index.html'), 'utf8');
  const links = [...index.matchAll(/<link rel="(?:icon|stylesheet)"[^>]*>/g)]
    .join('\n    ')
    .replaceAll('="./', '="../');
  for (const { name, html } of await docPages({ docs: path.join(root, 'docs'), links }))
    await write(`site/docs/${name}`, html);

  const { pictures } = story;
  await write('backprop.html', await intoOneFile({ html, web, styles, script: page, pictures }));

  const frameHtml = await readFile(path.join(web, 'embed/backprop-demo.html'));
  for (const folder of ['embed', 'site/embed']) {
    await write(`${folder}/backprop-demo.js`, element);
    await write(`${folder}/backprop-frame.js`, frame);
    await write(`${folder}/backprop-demo.html`, frameHtml);
  }

  const lazyStart = await buildScript({
    entry: entryOf('embed/lazy.js'),
    define: { FIGURE_FILE: JSON.stringify(`./${figure}`) },
  });
  await write('embed/lazy/backprop-demo.js', lazyStart);
  await cp(lazy, path.join(outDir, 'site/embed/lazy'), { recursive: true });

  const notices = await makeNotices(root, packagesOf(bundledModules));
  for (const folder of ['lib', 'site', 'embed'])
    await write(`${folder}/THIRD-PARTY-NOTICES.txt`, notices);
}
