// Vite's configuration: one way to build a script, one to build the site.
import path from 'node:path';
import { build, createLogger } from 'vite';
import { shortTemplates } from './templates.mjs';

/** Browsers that have everything the page uses, among it container queries. */
const target = ['chrome111', 'firefox113', 'safari16.4'];

/**
 * The texts of the modules `virtual:backprop-engine`, `virtual:backprop-jobs` and
 * `virtual:backprop-catalog`.
 * @typedef {{ engine: string, jobs: string, catalog: string }} Made
 */

/**
 * @param {Partial<Made>} made
 * @returns {import('vite').Plugin}
 */
function madePlugin(made) {
  const texts = new Map(
    Object.entries(made).map(([name, text]) => [`\0virtual:backprop-${name}`, text]),
  );
  return {
    name: 'backprop-made',
    resolveId: (source) => (texts.has(`\0${source}`) ? `\0${source}` : undefined),
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
 * @param {Partial<Made>} [options.made]
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
    plugins: [madePlugin(made), shortTemplates, record],
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

/**
 * The page's first script, which starts the engine, and the rest of the article are one file each,
 * whoever else uses parts of them.
 */
const first = {
  name: 'first',
  test: /web\/page\.js$|engine\/client\.js$|virtual:backprop-engine$|preload-helper/,
  priority: 2,
};
const article = { name: 'article', test: /web\/article\.js$/, priority: 1 };

/**
 * What the first script asks for comes with it. The page waits for that script, which is small, so
 * that the engine starts while the page is laid out, and all of the article is compiled meanwhile.
 * @type {import('vite').Plugin}
 */
const early = {
  name: 'backprop-early',
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
    handler: (html, { bundle = {} }) => {
      const [script, wasm] = [`/${article.name}-`, '.wasm'].map((name) => {
        const file = Object.keys(bundle).find((file) => file.includes(name));
        return { href: `./${file}`, crossorigin: true };
      });
      const tags = [
        { tag: 'link', attrs: { rel: 'modulepreload', ...script } },
        { tag: 'link', attrs: { rel: 'preload', as: 'fetch', fetchpriority: 'low', ...wasm } },
      ];
      return {
        html: html.replace('<script async', '<script async blocking="render"'),
        tags: tags.map((tag) => ({ ...tag, injectTo: 'head' })),
      };
    },
  },
};

/**
 * @param {object} options
 * @param {string} options.web the folder of index.html
 * @param {string} options.outDir
 * @param {Made} options.made
 * @param {string} options.html what index.html becomes
 * @param {string} options.styles what page.css becomes
 */
export async function buildSite({ web, outDir, made, html, styles }) {
  await build({
    ...base,
    root: web,
    base: './',
    plugins: [
      madePlugin(made),
      shortTemplates,
      record,
      {
        name: 'backprop-story',
        transformIndexHtml: { order: 'pre', handler: () => html },
        load: (id) => (id === path.join(web, 'page.css') ? styles : undefined),
      },
      early,
    ],
    build: {
      target,
      outDir,
      ...small,
      emptyOutDir: true,
      reportCompressedSize: false,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { output: { codeSplitting: { groups: [first, article] } } },
    },
  });
}
