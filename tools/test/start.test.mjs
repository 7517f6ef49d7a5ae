import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { test } from 'node:test';
import { root } from '../run.mjs';
import { serve } from '../serve.mjs';

test('npm start refuses a bad or busy port before it builds', async () => {
  const site = await serve({ root: path.join(root, 'tools') });
  const start = (/** @type {string} */ port) =>
    spawnSync(process.execPath, ['tools/start.mjs'], {
      cwd: root,
      env: { ...process.env, PORT: port },
      encoding: 'utf8',
    });
  for (const port of ['abc', '-1', '65536', '80.5', '']) {
    const { status, stderr } = start(port);
    assert.equal(status, 1);
    assert.equal(stderr, `PORT must be a whole number from 0 to 65535, not "${port}".\n`);
  }
  const { status, stderr } = start(String(site.port));
  await site.close();
  assert.equal(status, 1);
  assert.match(stderr, /^Port \d+ is in use: choose another, for example PORT=\d+ npm start\.\n$/);
});

test('npm start prints the address of the page, and ends when it is asked to', async () => {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    const child = spawn(process.execPath, ['tools/start.mjs'], {
      cwd: root,
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [text] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    const address = /http:\S+/.exec(String(text))?.[0] ?? '';
    const page = await fetch(address);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<html/i);
    child.kill(signal);
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  }
});
