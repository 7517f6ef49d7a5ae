// Vite's configuration: one way to build a script, one to build the site.
import path from 'node:path';
import { build, createLogger } from 'vite';
import { gatheredTemplates, shortTemplates } from './templates.mjs';

/** Browsers that have everything the page uses, among it container queries. */
const target = ['chrome111', 'firefox113', 'safari16.4'];

/**
 * The texts of the modules `virtual:backprop-engine`, `virtual:backprop-jobs` and
 * `virtual:backprop-catalog`, and where the engine has them, the files in whose place one text stands.
 * @typedef {object} Made
 * @property {string} engine
 * @property {string} jobs
 * @property {string} catalog
 * @property {{ files: string[], text: string }} [shared]
 */

/** Of `virtual:backprop-names`, for the engine itself. @typedef {{ names: string }} MadeForEngine */

/**
 * @param {Partial<Made & MadeForEngine>} made
 * @returns {import('vite').Plugin}
 */
function madePlugin({ shared, ...made }) {
  const texts = new Map(
    Object.entries(made).map(([name, text]) => [`\0virtual:backprop-${name}`, text]),
  );
  if (shared) texts.set('\0shared', shared.text);
  return {
    name: 'backprop-made',
    enforce: 'pre',
    async resolveId(source, importer) {
      if (texts.has(`\0${source}`)) return `\0${source}`;
      const found = shared && (await this.resolve(source, importer, { skipSelf: true }));
      return found && shared.files.includes(found.id) ? '\0shared' : undefined;
    },
    load: (id) => texts.get(id),
  };
}

/** @type {Set<string>} the files that are in what has been built */
export const bundledModules = new Set();

/** @type {import('vite').Plugin} */
const record = {
  name: 'backprop-record',
  generateBundle(_options, bundle) {
    for (const part of Object.values(bundle)) {
      if (part.type !== 'chunk') continue;
      for (const [file, { renderedLength }] of Object.entries(part.modules))
        if (renderedLength > 0) bundledModules.add(file);
    }
  },
};

/** Says everything but that the program lies beside the package, and that minifying takes its time. */
const customLogger = createLogger('warn');
const { warn, warnOnce } = customLogger;
const expected = ["'./backprop.wasm', import.meta.url", 'PLUGIN_TIMINGS'];
const isExpected = (/** @type {string} */ message) =>
  expected.some((part) => message.includes(part));
customLogger.warn = (message, options) => isExpected(message) || warn(message, options);
customLogger.warnOnce = (message, options) => isExpected(message) || warnOnce(message, options);

/** @type {import('vite').InlineConfig} */
const base = { configFile: false, logLevel: 'warn', customLogger, publicDir: false };

/** @type {import('vite').BuildOptions} */
const small = { minify: 'terser', terserOptions: { compress: { passes: 2 } } };

/**
 * A script, whole in one text.
 * @param {object} options
 * @param {string} options.entry
 * @param {Partial<Made & MadeForEngine>} [options.made]
 * @param {string} [options.name] the global that holds what the entry exports
 * @param {'iife' | 'es'} [options.format]
 * @param {Record<string, string>} [options.alias] files that stand for others
 * @param {Record<string, string>} [options.define] texts that stand for expressions
 * @returns {Promise<string>}
 */
export async function buildScript(options) {
  const {
    entry,
    made = {},
    name = 'backpropDemo',
    format = 'iife',
    alias = {},
    define = {},
  } = options;
  const result = await build({
    ...base,
    plugins: [madePlugin(made), shortTemplates, gatheredTemplates, record],
    define,
    resolve: { alias: Object.entries(alias).map(([find, replacement]) => ({ find, replacement })) },
    build: {
      target,
      write: false,
      ...small,
      reportCompressedSize: false,
      assetsInlineLimit: 0,
      lib: { entry, formats: [format], name, fileName: 'script' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const [{ output }] = /** @type {import('rolldown').RolldownOutput[]} */ (
    Array.isArray(result) ? result : [result]
  );
  return output[0].code;
}

/**
 * A module in files of its own, beside each other.
 * @param {object} options
 * @param {string} options.entry
 * @param {Made} options.made
 * @param {string} options.outDir
 * @returns {Promise<string>} the name of the first file
 */
export async function buildParts({ entry, made, outDir }) {
  const result = await build({
    ...base,
    base: './',
    plugins: [madePlugin(made), shortTemplates, record],
    build: {
      target,
      outDir,
      ...small,
      reportCompressedSize: false,
      assetsInlineLimit: 0,
      modulePreload: false,
      rolldownOptions: {
        input: entry,
        preserveEntrySignatures: 'strict',
        output: {
          entryFileNames: 'figure-[hash].js',
          chunkFileNames: '[name]-[hash].js',
          assetFileNames: '[name]-[hash][extname]',
        },
      },
    },
  });
  const { output } = /** @type {import('rolldown').RolldownOutput} */ (result);
  return output[0].fileName;
}

/** The article's entry and what it needs at once are one file, whoever else uses parts of them. */
const article = { name: 'article', test: /web\/(page|article)\.js$|preload-helper/ };

/** What the scripts of the site have from the first one, `start.js`. */
const started = {
  engine: 'export const { engineSource } = globalThis.backpropEngine;',
  client: 'export const { acquireEngine, EngineClient } = globalThis.backpropEngine;',
  start: '',
};
const startedFiles = [
  { find: /^\.\.?\/(engine\/)?client\.js$/, replacement: 'virtual:backprop-client' },
  { find: './start.js', replacement: 'virtual:backprop-start' },
];

/**
 * The first script and the engine's program, as files of the site that come with the page: that script
 * runs before the rest is read, and all of the article is compiled meanwhile.
 * @param {string} start
 * @param {Uint8Array} wasm
 * @returns {import('vite').Plugin}
 */
function early(start, wasm) {
  return {
    name: 'backprop-early',
    buildStart() {
      this.emitFile({ type: 'asset', name: 'start.js', source: start });
      this.emitFile({ type: 'asset', name: 'backprop.wasm', source: wasm });
    },
    generateBundle: {
      order: 'post',
      handler: (_options, bundle) => {
        for (const part of Object.values(bundle))
          if (part.type === 'chunk' && part.name === article.name)
            part.code = `//# allFunctionsCalledOnLoad\n${part.code}`;
      },
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle = {} }) {
        const [script, program] = ['start-', 'backprop-'].map((name) =>
          Object.keys(bundle).find((file) => file.startsWith(`assets/${name}`)),
        );
        const load = { rel: 'preload', as: 'fetch', fetchpriority: 'low', crossorigin: true };
        return [
          { tag: 'link', attrs: { ...load, href: `./${program}` }, injectTo: 'head-prepend' },
          { tag: 'script', attrs: { src: `./${script}` }, injectTo: 'head-prepend' },
        ];
      },
    },
  };
}

/**
 * @param {object} options
 * @param {string} options.web the folder of index.html
 * @param {string} options.outDir
 * @param {Omit<Made, 'engine'>} options.made
 * @param {string} options.start the first script
 * @param {Uint8Array} options.wasm
 * @param {string} options.html what index.html becomes
 * @param {string} options.styles what page.css becomes
 */
export async function buildSite({ web, outDir, made, start, wasm, html, styles }) {
  await build({
    ...base,
    root: web,
    base: './',
    resolve: { alias: startedFiles },
    plugins: [
      madePlugin({ ...made, ...started }),
      shortTemplates,
      record,
      {
        name: 'backprop-story',
        transformIndexHtml: { order: 'pre', handler: () => html },
        load: (id) => (id === path.join(web, 'page.css') ? styles : undefined),
      },
      early(start, wasm),
    ],
    build: {
      target,
      outDir,
      ...small,
      emptyOutDir: true,
      reportCompressedSize: false,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { output: { codeSplitting: { groups: [article] } } },
    },
  });
}
