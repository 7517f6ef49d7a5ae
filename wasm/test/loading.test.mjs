// One glue everywhere: the program from beside the module, from a URL, as bytes, compiled; in Node, in
// a worker, and without eval.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { copyLibrary } from '../package.mjs';
import { loadBackprop, root, temporaryFolder, wasmDir } from './library.mjs';

const file = path.join(wasmDir, 'backprop.wasm');
const bytes = readFileSync(file);

/** @param {import('../load.js').LoadOptions} options */
async function assertLoads(options) {
  const { Session } = await loadBackprop(options);
  const session = new Session();
  assert.equal(session.loss.toFixed(4), '0.2558');
  session.dispose();
}

test('the program as bytes of any kind, or compiled', async () => {
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  await assertLoads({ wasmBinary: bytes });
  await assertLoads({ wasmBinary: buffer });
  await assertLoads({ wasmBinary: new DataView(buffer) });
  await assertLoads({ wasmBinary: await WebAssembly.compile(bytes) });
});

test('the program from a path, a file URL or a server', async () => {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/backprop.wasm' ? 200 : 404);
    response.end(bytes);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  after(() => server.close());
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  const url = `http://127.0.0.1:${address.port}`;
  await assertLoads({ wasmUrl: file });
  await assertLoads({ wasmUrl: pathToFileURL(file) });
  await assertLoads({ wasmUrl: `${url}/backprop.wasm` });
  await assert.rejects(loadBackprop({ wasmUrl: `${url}/no.wasm` }), {
    message: `${url}/no.wasm could not be loaded: status 404`,
  });
  await assert.rejects(loadBackprop({ wasmUrl: '/nowhere/backprop.wasm' }), /ENOENT/);
});

test('what is not the program', async () => {
  await assert.rejects(
    loadBackprop({ wasmBinary: bytes.subarray(0, 1000) }),
    WebAssembly.CompileError,
  );
  const empty = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
  await assert.rejects(loadBackprop({ wasmBinary: empty }), TypeError);
  for (const wasmBinary of ['backprop.wasm', 7, null, {}]) {
    const options = /** @type {any} */ ({ wasmBinary });
    await assert.rejects(loadBackprop(options), /^TypeError: wasmBinary must be /);
  }
});

test('modules loaded twice know nothing of each other', async () => {
  const [one, other] = await Promise.all([loadBackprop(), loadBackprop()]);
  const [a, b] = [new one.Session(), new other.Session()];
  a.train(10);
  assert.equal(b.epoch, 0);
});

test('in a worker', async () => {
  const outDir = temporaryFolder();
  await copyLibrary({ root, wasmDir, outDir });
  const script = path.join(outDir, 'worker.mjs');
  writeFileSync(
    script,
    `import { parentPort, workerData } from 'node:worker_threads';
    import { loadBackprop } from './index.js';
    const { Session } = await loadBackprop({ wasmBinary: workerData });
    parentPort.postMessage(new Session().digest());`,
  );
  const worker = new Worker(script, { workerData: await WebAssembly.compile(bytes) });
  const digest = await new Promise((resolve, reject) => {
    worker.on('message', resolve).on('error', reject);
  });
  const { Session } = await loadBackprop();
  assert.equal(digest, new Session().digest());
});

test('without eval', async () => {
  const outDir = temporaryFolder();
  await copyLibrary({ root, wasmDir, outDir });
  writeFileSync(
    path.join(outDir, 'strict.mjs'),
    `import { loadBackprop } from './index.js';
    const session = new (await loadBackprop()).Session();
    session.train(10);
    session.predict([[0, 1]]), session.activations([[0, 1]]), session.lossAt(session.parameters());
    session.trace(), session.history(), session.dataset(), session.gradientCheck();
    console.log(session.digest());`,
  );
  const args = ['--disallow-code-generation-from-strings', path.join(outDir, 'strict.mjs')];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
  assert.match(stdout, /^[0-9a-f]{16}\n$/);
  assert.equal(stderr, '');
});
