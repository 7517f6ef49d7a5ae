// The npm package as npm packs and installs it, used by other people's programs: in Node, on a page
// without a bundler, through bundlers, in workers. What is bundled is made in test:all, by the tools
// of consumers/, but for Vite, which is ours as well.
import assert from 'node:assert/strict';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { attempt, root, run, Stop } from '../../tools/run.mjs';
import { setUp, thisMachine } from '../../tools/setup.mjs';
import { atRest, dist, openBrowser, openPage, seek, serveFor, stateOf } from './browser.mjs';
import { snippetOf } from './guide.mjs';
import { assertLoss } from './post.mjs';

const skip = process.env.BACKPROP_SWEEP !== 'full' && 'only in npm run test:all';
const lib = path.join(dist, 'lib');
const folder = mkdtempSync(path.join(tmpdir(), 'backprop-package-'));
after(() => rmSync(folder, { recursive: true }));
const browser = await openBrowser();

/** Somebody's project, in which the packed package is installed. */
const project = path.join(folder, 'project');
const npm = ['--offline', '--no-audit', '--no-fund'];
mkdirSync(project);
writeFileSync(path.join(project, 'package.json'), '{ "type": "module", "private": true }');
await run('npm', ['pack', lib, '--pack-destination', folder, ...npm]);
const { version } = JSON.parse(readFileSync(path.join(lib, 'package.json'), 'utf8'));
const packed = path.join(folder, `backprop-wasm-${version}.tgz`);
await run('npm', ['install', packed, ...npm], { cwd: project });
const installed = path.join(project, 'node_modules/backprop-wasm');

/** What every program below ends with: the post's digest after 100 epochs, and that of a worker. */
const DIGEST = `import { loadBackprop } from 'backprop-wasm';
export async function digest(options) {
  const backprop = await loadBackprop(options);
  const session = new backprop.Session();
  session.train(100);
  return session.digest();
}
`;
const WORKER = `import { digest } from './digest.js';
digest().then((text) => postMessage(text));
`;
const MAIN = `import 'backprop-wasm/element';
import { digest } from './digest.js';
const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
worker.onmessage = async ({ data }) => {
  document.title = [await digest(), data].join(' ');
};
`;
const html = (/** @type {string} */ head) =>
  `<!doctype html><html lang="en"><link rel="icon" href="data:,">${head}<backprop-demo></backprop-demo>`;
writeFileSync(path.join(project, 'digest.js'), DIGEST);
writeFileSync(path.join(project, 'worker.js'), WORKER);
writeFileSync(path.join(project, 'main.js'), MAIN);

/** @param {string} program @returns {Promise<string>} what it prints in Node */
async function inNode(program) {
  const file = path.join(project, 'program.mjs');
  writeFileSync(file, program);
  return (await run(process.execPath, [file], { cwd: project })).trim();
}
const expected = await inNode(`import { digest } from './digest.js'; console.log(await digest());`);

/**
 * The page does what it does in Node, and says nothing else.
 * @param {string} site the folder of its index.html
 */
async function assertWorks(site) {
  const host = await serveFor({ root: site });
  const { page, messages } = await openPage(browser);
  await page.goto(`${host.url}/`);
  await page.waitForFunction(() => document.title.includes(' '));
  assert.equal(await page.title(), `${expected} ${expected}`);
  await atRest(page);
  assertLoss((await seek(page, 9999)).loss, 9999);
  assert.deepEqual(messages, []);
  await page.close();
}

test('what is packed: what runs, its types, what describes it', async () => {
  const list = await attempt('npm', ['pack', lib, '--dry-run', '--json', ...npm]);
  const [{ files }] = JSON.parse(list.stdout);
  const names = files.map((/** @type {{ path: string }} */ file) => file.path);
  for (const name of [
    'LICENSE',
    'README.md',
    'THIRD-PARTY-NOTICES.txt',
    'backprop.wasm',
    'custom-elements.json',
    'element-server.js',
    'element.d.ts',
    'element.js',
    'index.d.ts',
    'index.js',
    'package.json',
  ])
    assert.ok(names.includes(name), name);
  for (const name of names) assert.match(name, /^[\w-]+(\.d\.ts|\.js|\.wasm|\.json|\.txt|\.md)?$/);
  const about = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8'));
  assert.ok(!('scripts' in about) && !('dependencies' in about));
  for (const entry of Object.values(about.exports))
    if (typeof entry === 'object') assert.equal(Object.keys(entry)[0], 'types');
});

test('in Node: alone, in a worker, by every name that it exports', async () => {
  assert.match(expected, /^[0-9a-f]{16}$/);
  const printed = await inNode(`import { Worker } from 'node:worker_threads';
    import { readFile } from 'node:fs/promises';
    import about from 'backprop-wasm/package.json' with { type: 'json' };
    import { digest } from './digest.js';
    const program = new URL(import.meta.resolve('backprop-wasm/backprop.wasm'));
    const text = \`import { parentPort } from 'node:worker_threads';
      import { digest } from './digest.js';
      parentPort.postMessage(await digest());\`;
    await import('node:fs').then((fs) => fs.writeFileSync('threads.mjs', text));
    const worker = new Worker(new URL('./threads.mjs', import.meta.url));
    const data = await new Promise((resolve) => worker.once('message', resolve));
    console.log(about.version, data, await digest({ wasmBinary: await readFile(program) }));`);
  const last = printed.split('\n').at(-1);
  assert.equal(last, `${version} ${expected} ${expected}`);
});

test('on a server the element can be imported, and nothing happens', async () => {
  const printed = await inNode(`const before = Object.keys(globalThis).length;
    const { BackpropDemo } = await import('backprop-wasm/element');
    try { new BackpropDemo(); } catch (error) { console.log(error.message); }
    console.log(Object.keys(globalThis).length - before);`);
  assert.equal(printed, 'BackpropDemo is an element of a browser: there is none here.\n0');
});

test('from a static server, without a bundler', async () => {
  const site = path.join(folder, 'static');
  cpSync(project, site, { recursive: true });
  const imports = {
    'backprop-wasm': './node_modules/backprop-wasm/index.js',
    'backprop-wasm/element': './node_modules/backprop-wasm/element.js',
  };
  const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`;
  // An import map is the page's: a worker names the file itself.
  const own = DIGEST.replace("'backprop-wasm'", `'${imports['backprop-wasm']}'`);
  writeFileSync(path.join(site, 'digest.js'), own);
  const head = `${map}<script type="module" src="main.js"></script>`;
  writeFileSync(path.join(site, 'index.html'), html(head));
  await assertWorks(site);
});

test('through Vite', async () => {
  const index = html('<script type="module" src="./main.js"></script>');
  writeFileSync(path.join(project, 'index.html'), index);
  const outDir = path.join(folder, 'vite');
  await build({
    configFile: false,
    root: project,
    logLevel: 'silent',
    worker: { format: 'es' },
    build: { outDir },
  });
  await assertWorks(outDir);
});

const consumers = path.join(root, 'build/consumers');

/**
 * A test with the tools of consumers/, installed in build/, so that the sources stay clean. Where they
 * cannot be had it is skipped, and that is said.
 * @param {string} title
 * @param {(load: NodeJS.Require) => Promise<void>} body
 */
function testWithTools(title, body) {
  test(title, { skip }, async (t) => {
    mkdirSync(consumers, { recursive: true });
    for (const name of ['package.json', 'package-lock.json', '.npmrc'])
      cpSync(path.join(root, 'web/test/consumers', name), path.join(consumers, name), {
        preserveTimestamps: true,
      });
    try {
      await setUp(['modules'], { ...thisMachine(), root: consumers });
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      return t.skip(error.message);
    }
    await body(createRequire(path.join(consumers, 'package.json')));
  });
}

testWithTools('through esbuild', async (load) => {
  const esbuild = load('esbuild');
  const outdir = path.join(folder, 'esbuild');
  await esbuild.build({
    absWorkingDir: project,
    entryPoints: ['main.js', 'worker.js'],
    bundle: true,
    format: 'esm',
    outdir,
    logLevel: 'error',
  });
  cpSync(path.join(installed, 'backprop.wasm'), path.join(outdir, 'backprop.wasm'));
  const head = '<script type="module" src="main.js"></script>';
  writeFileSync(path.join(outdir, 'index.html'), html(head));
  await assertWorks(outdir);
});

testWithTools('through webpack', async (load) => {
  const webpack = load('webpack');
  const outdir = path.join(folder, 'webpack');
  const stats = await new Promise((resolve, reject) =>
    webpack(
      {
        mode: 'production',
        context: project,
        entry: './main.js',
        output: { path: outdir, filename: 'main.js' },
        performance: { hints: false },
      },
      (/** @type {Error | null} */ error, /** @type {any} */ stats) =>
        error ? reject(error) : resolve(stats),
    ),
  );
  assert.equal(stats.toString({ all: false, errors: true, warnings: true }), '');
  writeFileSync(path.join(outdir, 'index.html'), html('<script src="main.js" defer></script>'));
  await assertWorks(outdir);
});

/**
 * Each names the component of the guide, and what puts it into the page.
 * @type {Record<string, { file: string, language: string, main: string }>}
 */
const frameworks = {
  React: {
    file: 'xor.jsx',
    language: 'jsx',
    main: `import { createElement } from 'react';
      import { createRoot } from 'react-dom/client';
      import { Xor } from './xor.jsx';
      createRoot(document.querySelector('#app')).render(createElement(Xor, { onEpoch }));`,
  },
  Vue: {
    file: 'xor.vue',
    language: 'vue',
    main: `import { createApp } from 'vue';
      import Xor from './xor.vue';
      createApp(Xor, { onEpoch }).mount('#app');`,
  },
  MDX: {
    file: 'xor.mdx',
    language: 'mdx',
    main: `import { createElement } from 'react';
      import { createRoot } from 'react-dom/client';
      import Post from './xor.mdx';
      addEventListener('backprop-change', (event) => onEpoch(event.detail.epoch));
      createRoot(document.querySelector('#app')).render(createElement(Post));`,
  },
};

for (const [name, { file, language, main }] of Object.entries(frameworks)) {
  testWithTools(`in ${name}`, async (load) => {
    const source = path.join(folder, name);
    const outDir = path.join(source, 'dist');
    mkdirSync(source);
    symlinkSync(path.join(consumers, 'node_modules'), path.join(source, 'node_modules'));
    writeFileSync(path.join(source, file), snippetOf(name, language));
    const onEpoch = 'const onEpoch = (epoch) => { document.title = epoch; };';
    writeFileSync(path.join(source, 'main.js'), `${onEpoch}\n${main}`);
    const app = '<div id="app"></div><script type="module" src="./main.js"></script>';
    const icon = '<link rel="icon" href="data:,">';
    writeFileSync(path.join(source, 'index.html'), `<!doctype html><html lang="en">${icon}${app}`);
    const isCustomElement = (/** @type {string} */ tag) => tag === 'backprop-demo';
    const vue = load('@vitejs/plugin-vue');
    const { compile } = load('@mdx-js/mdx');
    const mdx = {
      name: 'mdx',
      transform: async (/** @type {string} */ code, /** @type {string} */ id) =>
        id.endsWith('.mdx') ? String(await compile(code)) : undefined,
    };
    await build({
      configFile: false,
      root: source,
      logLevel: 'silent',
      define: { 'process.env.NODE_ENV': '"production"' },
      resolve: { alias: { 'backprop-wasm/element': path.join(installed, 'element.js') } },
      plugins: [vue({ template: { compilerOptions: { isCustomElement } } }), mdx],
      build: { outDir },
    });
    const host = await serveFor({ root: outDir });
    const { page, messages } = await openPage(browser);
    await page.goto(`${host.url}/`);
    await atRest(page);
    assertLoss((await seek(page, 9999)).loss, 9999);
    assert.equal(await page.title(), '9999');
    assert.deepEqual(messages, []);
    await page.close();
  });
}

testWithTools('a poster, where scripts are stripped', async (load) => {
  const live = await serveFor({ root: path.join(dist, 'site') });
  const command = snippetOf('A poster', 'sh')
    .replace('https://embed.example', live.url)
    .replace('poster.png', path.join(folder, 'poster.png'));
  const printed = (await run('sh', ['-c', command])).split('\n');
  const poster = printed.find((line) => line.startsWith('<a '));
  const post = `${snippetOf('Plain HTML', 'html')}${poster}`;
  const host = await serveFor({ root: folder });
  const { page, messages } = await openPage(browser);
  const sanitize = load('sanitize-html');
  const allowedTags = [...sanitize.defaults.allowedTags, 'img'];
  await page.addScriptTag({ path: load.resolve('dompurify/dist/purify.min.js') });
  const purify = (/** @type {string} */ dirty) => `DOMPurify.sanitize(${JSON.stringify(dirty)})`;
  const rests = [sanitize(post, { allowedTags }), await page.evaluate(purify(post))];
  for (const rest of rests) {
    assert.doesNotMatch(rest, /script|backprop-demo/);
    writeFileSync(
      path.join(folder, 'feed.html'),
      `<!doctype html><html lang="en"><title>Feed</title><link rel="icon" href="data:,">${rest}`,
    );
    await page.goto(`${host.url}/feed.html`);
    assert.match(
      await page.$eval('body', (body) => body.textContent ?? ''),
      /^A network learns XOR\./,
    );
    const { width, shown, alt } = await page.$eval('img', async (image) => {
      await image.decode();
      return { width: image.naturalWidth, shown: image.width, alt: image.alt };
    });
    assert.deepEqual([width, shown], [1440, 720]);
    assert.match(alt, /^After 6,000 epochs at learning rate 1 /);
    await Promise.all([page.waitForNavigation(), page.click('a')]);
    await atRest(page);
    assert.ok(page.url().startsWith(live.url));
    assert.equal((await stateOf(page)).epoch, 6000);
  }
  assert.deepEqual(messages, []);
  await page.close();
});

testWithTools('publint and are-the-types-wrong have nothing to say', async () => {
  const bin = path.join(consumers, 'node_modules/.bin');
  const publint = path.join(bin, 'publint');
  const said = await attempt(publint, ['run', installed, '--strict', '--pack', 'false'], {
    env: { NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  assert.equal(said.status, 0, said.output);
  assert.match(said.output, /All good!/);
  const attw = path.join(bin, 'attw');
  // The program itself has no types.
  const options = '--profile esm-only --exclude-entrypoints ./backprop.wasm --format ascii';
  const types = await attempt(attw, [packed, ...options.split(' ')]);
  assert.equal(types.status, 0, types.output);
  const wrong = types.output.split('\n').filter((line) => !line.includes('ignored'));
  assert.doesNotMatch(wrong.join('\n'), /⚠|💀|❌|🎭|👺/u);
});

test('custom-elements.json describes the element as it is', async () => {
  const site = path.join(folder, 'described');
  cpSync(lib, path.join(site, 'lib'), { recursive: true });
  const head = '<script type="module" src="lib/element.js"></script>';
  writeFileSync(path.join(site, 'index.html'), html(head));
  const host = await serveFor({ root: site });
  const { page } = await openPage(browser);
  await page.goto(`${host.url}/`);
  await atRest(page);
  const source = readFileSync(path.join(lib, 'custom-elements.json'), 'utf8');
  const [{ declarations }] = JSON.parse(source).modules;
  /** @type {Record<string, { name: string, kind?: string }[]>} */
  const described = declarations[0];
  const found = await page.$eval(
    'backprop-demo',
    (element, members) => {
      const attributes = /** @type {any} */ (element.constructor).observedAttributes;
      const isThere = (/** @type {string} */ name) => name in element;
      const isMethod = (/** @type {any} */ { name, kind }) =>
        (typeof (/** @type {any} */ (element)[name]) === 'function') === (kind === 'method');
      return {
        attributes,
        parts: /** @type {string[]} */ (/** @type {any} */ (element.constructor).partNames),
        missing: members.filter(({ name }) => !isThere(name)),
        wrong: members.filter((member) => !isMethod(member)),
      };
    },
    described.members,
  );
  const namesOf = (/** @type {{ name: string }[]} */ list) => list.map(({ name }) => name).sort();
  assert.deepEqual(found.attributes.sort(), namesOf(described.attributes));
  assert.deepEqual([found.missing, found.wrong], [[], []]);
  const face = readFileSync(path.join(root, 'web/element/public.d.ts'), 'utf8');
  const declared = [...face.matchAll(/^ {2}(?:readonly )?(\w+)[:(]/gm)].map(([, name]) => name);
  assert.deepEqual(namesOf(described.members), declared.sort());

  const script = readFileSync(path.join(lib, 'element.js'), 'utf8');
  const used = [...script.matchAll(/var\(\s*(--backprop-[\w-]+)/g)].map(([, name]) => name);
  assert.deepEqual(namesOf(described.cssProperties), [...new Set(used)].sort());
  assert.deepEqual(namesOf(described.cssParts), [...found.parts].sort());
  const element = readFileSync(path.join(root, 'web/element/backprop-demo.js'), 'utf8');
  const fired = [...element.matchAll(/#fire\('(\w+)'/g)].map(([, name]) => `backprop-${name}`);
  assert.deepEqual(namesOf(described.events), fired.sort());
  await page.close();
});

test('what others made is named with its licence', () => {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  for (const place of ['lib', 'site', 'embed']) {
    const text = readFileSync(path.join(dist, place, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of ['lit', 'lit-html']) {
      const { version, license } = packages[`node_modules/${name}`];
      assert.ok(text.includes(`\n${name} ${version}, ${license}\n\n`), `${name} in ${place}`);
    }
    assert.match(text, /^Copyright \(c\) 2010-2014 Emscripten authors$/m);
  }
});

const filesIn = (/** @type {string} */ folder) =>
  readdirSync(path.join(dist, folder)).map((name) => `${folder}/${name}`);

/** What the page or a script asks for at once; the stills are for readers without JavaScript. @param {string} name */
const linkedFrom = (name) =>
  [
    ...readFileSync(path.join(dist, name), 'utf8').matchAll(
      /(?:<[^>]+ (?:src|href)=|from|import)"(\.\/[^"]+\.(?:js|css|svg))"/g,
    ),
  ]
    .map(([, other]) => path.join(path.dirname(name), other))
    .filter((other) => !other.includes('/stills/'));

const isProgram = (/** @type {string} */ name) => name.endsWith('.wasm');
const isFigure = (/** @type {string} */ name) => path.basename(name).startsWith('figure-');
const scripts = () =>
  filesIn('lib').filter((name) => name.endsWith('.js') && !name.startsWith('lib/element'));
const index = 'site/index.html';
const site = () => filesIn('site/assets');
const lazy = () => filesIn('embed/lazy');
const overview = () => lazy().filter((name) => isProgram(name) || isFigure(name));

/**
 * Gzipped kilobytes: what is, at most so much; and what it shall come to. A ceiling is a little above
 * what is, so that a row that is not at its goal can only get lighter.
 * @type {{ what: string, files: () => string[], ceiling: number, goal?: number }[]}
 */
const WEIGHTS = [
  { what: 'package: JavaScript', files: scripts, ceiling: 16.5 },
  { what: 'package: backprop.wasm', files: () => ['lib/backprop.wasm'], ceiling: 43, goal: 45 },
  {
    what: 'package: both',
    files: () => [...scripts(), 'lib/backprop.wasm'],
    ceiling: 60,
    goal: 60,
  },
  {
    what: 'package: element.js, without the program',
    files: () => ['lib/element.js'],
    ceiling: 131,
  },
  {
    what: 'embed: the one file, every view',
    files: () => ['embed/backprop-demo.js'],
    ceiling: 172,
    goal: 160,
  },
  {
    what: 'embed: the lazy start',
    files: () => ['embed/lazy/backprop-demo.js'],
    ceiling: 5,
    goal: 5,
  },
  {
    what: 'embed: one figure, the overview, in all',
    files: () => [
      'embed/lazy/backprop-demo.js',
      ...overview(),
      ...overview().filter(isFigure).flatMap(linkedFrom),
    ],
    ceiling: 100,
    goal: 100,
  },
  {
    what: 'site: the first view',
    files: () => [index, ...linkedFrom(index), ...site().filter(isProgram)],
    ceiling: 130,
    goal: 130,
  },
  {
    what: 'site: the page with all its parts',
    files: () => [index, ...site()],
    ceiling: 212,
    goal: 250,
  },
];

test('weights', (t) => {
  for (const { what, files, ceiling, goal } of WEIGHTS) {
    const weight = files().reduce((sum, name) => sum + weigh(name), 0) / 1000;
    const kilobytes = `${weight.toFixed(1).padStart(6)} kB gzipped, at most ${ceiling}`;
    const aim = goal === undefined ? '' : `, goal ${goal}${weight > goal ? ': not reached' : ''}`;
    t.diagnostic(`${what.padEnd(42)}${kilobytes}${aim}`);
    assert.ok(weight <= ceiling, `${what} weighs ${weight.toFixed(1)} kB, more than ${ceiling}`);
  }
});

/** @param {string} name in dist/ */
function weigh(name) {
  return gzipSync(readFileSync(path.join(dist, name)), { level: 9 }).length;
}
