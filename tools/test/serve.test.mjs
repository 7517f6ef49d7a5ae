import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { serve } from '../serve.mjs';

const outside = mkdtempSync(path.join(tmpdir(), 'backprop-serve-'));
const folder = path.join(outside, 'site');
/** @type {import('../serve.mjs').Site} */
let site;

before(async () => {
  mkdirSync(path.join(folder, 'sub'), { recursive: true });
  writeFileSync(path.join(outside, 'secret.txt'), 'secret');
  symlinkSync(path.join(outside, 'secret.txt'), path.join(folder, 'link.txt'));
  writeFileSync(path.join(folder, 'index.html'), '<p>root</p>');
  writeFileSync(path.join(folder, 'sub/index.html'), '<p>sub</p>');
  writeFileSync(path.join(folder, 'with space.txt'), 'space');
  for (const extension of ['wasm', 'js', 'css', 'svg', 'json', 'png', 'bin']) {
    writeFileSync(path.join(folder, `file.${extension}`), extension);
  }
  site = await serve({ root: folder });
});

after(async () => {
  await site.close();
  rmSync(outside, { recursive: true });
});

/**
 * Sends the address as it stands; fetch would tidy it first.
 * @param {string} address
 * @returns {Promise<string>} the whole answer
 */
function rawGet(address) {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(site.port, '127.0.0.1');
    socket.setEncoding('utf8').on('data', (text) => {
      answer += text;
    });
    socket.on('end', () => resolve(answer)).on('error', reject);
    socket.write(`GET ${address} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  });
}

test('files come with their types', async () => {
  const types = {
    wasm: 'application/wasm',
    js: 'text/javascript; charset=utf-8',
    css: 'text/css; charset=utf-8',
    svg: 'image/svg+xml; charset=utf-8',
    json: 'application/json; charset=utf-8',
    png: 'image/png',
    bin: 'application/octet-stream',
  };
  for (const [extension, type] of Object.entries(types)) {
    const response = await fetch(`${site.url}/file.${extension}`);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), type);
    assert.equal(await response.text(), extension);
  }
  const page = await fetch(`${site.url}/`);
  assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.equal(await (await fetch(`${site.url}/with%20space.txt?a=b`)).text(), 'space');
});

test('a folder is its index.html, with a slash at the end', async () => {
  assert.equal(await (await fetch(`${site.url}/sub/`)).text(), '<p>sub</p>');
  const response = await fetch(`${site.url}/sub?a=1`, { redirect: 'manual' });
  assert.equal(response.status, 301);
  assert.equal(response.headers.get('location'), '/sub/?a=1');
  const elsewhere = await rawGet('//sub');
  assert.doesNotMatch(elsewhere, /Location: \/\//, 'never another host');
});

test('no address leads out of the folder', async () => {
  const addresses = [
    '/../secret.txt',
    '/sub/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e%2fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/link.txt',
    `/${path.join(outside, 'secret.txt')}`,
    '/%00',
    '/%zz',
    '/file.js/',
  ];
  for (const address of addresses) {
    const answer = await rawGet(address);
    assert.match(answer, /^HTTP\/1\.1 404 /, address);
    assert.doesNotMatch(answer, /secret/, address);
  }
});

test('what is not there is 404, what is not asked for by GET or HEAD is 405', async () => {
  assert.equal((await fetch(`${site.url}/nothing.html`)).status, 404);
  const response = await fetch(`${site.url}/file.js`, { method: 'POST' });
  assert.equal(response.status, 405);
  assert.equal(response.headers.get('allow'), 'GET, HEAD');
});

test('HEAD has the length and no body', async () => {
  const response = await fetch(`${site.url}/file.wasm`, { method: 'HEAD' });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-length'), '4');
  assert.equal(await response.text(), '');
});

test('reloading shows a new build, and costs nothing when there is none', async () => {
  const file = path.join(folder, 'changing.js');
  writeFileSync(file, 'one');
  const first = await fetch(`${site.url}/changing.js`);
  assert.equal(first.headers.get('cache-control'), 'no-cache');
  const headers = { 'If-None-Match': first.headers.get('etag') ?? '' };
  assert.equal((await fetch(`${site.url}/changing.js`, { headers })).status, 304);
  writeFileSync(file, 'number two');
  const second = await fetch(`${site.url}/changing.js`, { headers });
  assert.equal(await second.text(), 'number two');
});

test('headers of the tests, and other origins when they are let in', async () => {
  const policy = "default-src 'none'";
  const open = await serve({
    root: folder,
    headers: { 'Content-Security-Policy': policy },
    cors: true,
  });
  const response = await fetch(`${open.url}/`);
  assert.equal(response.headers.get('content-security-policy'), policy);
  assert.equal(response.headers.get('access-control-allow-origin'), '*');
  await open.close();
  assert.equal((await fetch(`${site.url}/`)).headers.get('access-control-allow-origin'), null);
});

test('a busy port is one sentence', async () => {
  await assert.rejects(serve({ root: folder, port: site.port }), {
    message: `Port ${site.port} is in use: choose another, for example PORT=${site.port + 1} npm start.`,
  });
});
