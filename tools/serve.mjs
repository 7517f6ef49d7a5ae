// A small server of static files, for npm start and for the tests.
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { Stop } from './run.mjs';

/** @type {Record<string, string>} */
const mimeTypes = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.ts': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
};

/**
 * @typedef {object} Site
 * @property {string} url without a slash at the end
 * @property {number} port
 * @property {() => Promise<void>} close
 */

/**
 * Serves a folder until it is closed.
 * @param {object} options
 * @param {string} options.root the folder
 * @param {number} [options.port] 0: any that is free
 * @param {string} [options.host]
 * @param {Record<string, string>} [options.headers] sent with every answer
 * @param {boolean} [options.cors] whether pages of other origins may read the answers
 * @returns {Promise<Site>}
 * @throws {Stop} when the port cannot be had
 */
export async function serve({ root, port = 0, host = '127.0.0.1', headers = {}, cors = false }) {
  const allHeaders = {
    'Cache-Control': 'no-cache',
    'X-Content-Type-Options': 'nosniff',
    ...(cors ? { 'Access-Control-Allow-Origin': '*' } : {}),
    ...headers,
  };
  const folder = await realpath(root);
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(allHeaders)) response.setHeader(name, value);
    answer(folder, request, response).catch(() => fail(response, 500));
  });
  await listen(server, port, host);
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://${host}:${address.port}`,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * @param {import('node:http').Server} server
 * @param {number} port
 * @param {string} host
 */
function listen(server, port, host) {
  return new Promise((resolve, reject) => {
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      const reasons = /** @type {Record<string, string>} */ ({
        EADDRINUSE: `Port ${port} is in use: choose another, for example PORT=${port + 1} npm start.`,
        EACCES: `Port ${port} is reserved for root: choose one above 1023, for example PORT=8080.`,
      });
      reject(new Stop(reasons[error.code ?? ''] ?? `Cannot serve on ${host}: ${error.message}.`));
    });
    server.listen(port, host, () => resolve(undefined));
  });
}

/**
 * @param {string} root
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function answer(root, request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return fail(response, 405);
  }
  const [address, query] = splitOnce(request.url ?? '/', '?');
  const file = fileFor(root, address);
  const found = file && (await fileInside(root, file));
  if (!found) return fail(response, 404);
  if (found.isFolder && !address.endsWith('/')) {
    response.setHeader('Location', `${address.replace(/^\/+/, '/')}/${query && `?${query}`}`);
    return fail(response, 301);
  }
  const target = found.isFolder
    ? await fileInside(root, path.join(found.file, 'index.html'))
    : found;
  if (!target || target.isFolder) return fail(response, 404);
  send(target, request, response);
}

/**
 * @param {string} text
 * @param {string} separator
 */
function splitOnce(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/**
 * The file that an address names; undefined where the address is malformed or leads elsewhere.
 * @param {string} root
 * @param {string} address
 */
function fileFor(root, address) {
  let name;
  try {
    name = decodeURIComponent(address);
  } catch {
    return undefined;
  }
  if (name.includes('\0') || name.split(/[/\\]/).includes('..')) return undefined;
  return path.join(root, name);
}

/**
 * @param {string} root
 * @param {string} file
 * @returns {Promise<{ file: string, isFolder: boolean, size: number, modified: number } | undefined>}
 */
async function fileInside(root, file) {
  try {
    const real = await realpath(file);
    if (real !== root && !real.startsWith(root + path.sep)) return undefined; // a link that leads out
    const about = await stat(real);
    if (!about.isFile() && !about.isDirectory()) return undefined;
    if (about.isFile() && file.endsWith('/')) return undefined;
    const { size, mtimeMs: modified } = about;
    return { file: real, isFolder: about.isDirectory(), size, modified };
  } catch {
    return undefined;
  }
}

/**
 * @param {{ file: string, size: number, modified: number }} target
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
function send({ file, size, modified }, request, response) {
  const tag = `W/"${size.toString(36)}-${Math.round(modified).toString(36)}"`;
  response.setHeader('ETag', tag);
  if (request.headers['if-none-match'] === tag) {
    response.writeHead(304).end();
    return;
  }
  const type = mimeTypes[path.extname(file).toLowerCase()] ?? 'application/octet-stream';
  response.writeHead(200, { 'Content-Type': type, 'Content-Length': size });
  if (request.method === 'HEAD') response.end();
  else
    createReadStream(file)
      .on('error', () => response.destroy())
      .pipe(response);
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 */
function fail(response, status) {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${status}\n`);
}
