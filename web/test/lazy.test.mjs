// dist/embed/lazy: a small start, and the rest when a figure comes near the viewport.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { measureHeights } from '../bundle/heights.mjs';
import { roomFor } from '../embed/room.js';
import { chromium, dist, openBrowser, openPage, POLICY, serveFor } from './browser.mjs';
import { makeHost, run } from './host.mjs';
import { assertLoss } from './post.mjs';

const { open, origin } = await makeHost();
const start = `${origin}/lazy/backprop-demo.js`;
const tags = {
  classic: `<script src="${start}"></script>`,
  module: `<script type="module" src="${start}"></script>`,
};
const skip = process.env.BACKPROP_SWEEP !== 'full' && 'only in npm run test:all';
const far = '<div style="height: 4000px"></div>';

test('the start weighs at most 5 kB', () => {
  const bytes = gzipSync(readFileSync(path.join(dist, 'embed/lazy/backprop-demo.js'))).length;
  assert.ok(bytes <= 5000, `${bytes} bytes gzipped`);
});

for (const [kind, tag] of Object.entries(tags)) {
  test(`as a ${kind} script of another origin it fetches nothing until a figure is near`, async () => {
    const { page, messages, requests } = await open(
      `${tag}${far}<backprop-demo view="loss">A picture</backprop-demo>`,
    );
    const own = () => requests.filter((url) => url.startsWith(origin));
    await page.waitForNetworkIdle();
    assert.deepEqual(own(), [start]);
    assert.equal(await run(page, 'return demo.checkVisibility() && demo.innerText'), 'A picture');
    const loss = await run(
      page,
      `const sought = demo.seek(9999); scrollTo(0, 4000); await sought; return demo.loss`,
    );
    assertLoss(loss, 9999);
    assert.equal(own().length > 1, true);
    assert.deepEqual(messages, []);
    await page.close();
  });
}

test('what is asked of it before is kept; attributes, methods and events are the whole file’s', async () => {
  const { page, messages } = await open(
    `<script>seen = []; addEventListener('backprop-ready', (e) => seen.push(e.target.localName));
    addEventListener('backprop-change', (e) => seen.push(e.detail.epoch));</script>
    ${far}<backprop-demo epoch="7"></backprop-demo>
    <script>document.querySelector('backprop-demo').theme = 'dark';</script>${tags.classic}`,
  );
  const before = await run(
    page,
    `demo.view = 'loss network';
    asked = [demo.seek(1000), demo.step(234), demo.step(-4)];
    return [demo.epoch, demo.getAttribute('theme'), demo.view, demo.group, demo.autoplay, demo.playing, Number.isNaN(demo.loss)];`,
  );
  assert.deepEqual(before, [7, 'dark', 'loss network', '', false, false, true]);
  const log = await run(
    page,
    `demo.scrollIntoView();
    await Promise.all(asked);
    await demo.ready;
    const log = [demo.epoch, demo.getAttribute('epoch'), seen.includes('backprop-demo'), seen.includes(1230)];
    demo.experiment = { initializer: { kind: 'numpy_randn', seed: 3 } };
    await demo.ready;
    log.push(demo.getAttribute('experiment'));
    demo.epoch = 20;
    await demo.seek(30);
    await demo.play();
    await demo.pause();
    await demo.reset();
    log.push(demo.epoch, demo.getAttribute('epoch'), demo.diverged, await demo.seek(-1).catch((e) => e.name));
    return log;`,
  );
  assert.deepEqual(log, [
    1230,
    '1230',
    true,
    true,
    '{"initializer":{"kind":"numpy_randn","seed":3}}',
    0,
    '0',
    false,
    'RangeError',
  ]);
  assert.deepEqual(messages, []);
  await page.close();
});

/** Posts of three figures each. */
const posts = [
  ['network', 'loss', 'overview'],
  ['step', 'controls', 'landscape predictions'],
];

for (const views of posts) {
  test(`a post with ${views.join(', ')} does not shift`, async () => {
    const text = `<p>${'Words of the post. '.repeat(40)}</p>`;
    const figures = views.map((view) => `${text}<backprop-demo view="${view}"></backprop-demo>`);
    for (const width of [1280, 768, 375]) {
      const { page } = await open(
        `<meta name="viewport" content="width=device-width"><script>shifts = [];
        new PerformanceObserver((list) => shifts.push(...list.getEntries().map((one) => one.value)))
          .observe({ type: 'layout-shift', buffered: true });</script>
        ${tags.classic}${figures.join('')}${text}`,
        { width },
      );
      const shifts = await run(
        page,
        `for (const one of document.querySelectorAll('backprop-demo')) {
          one.scrollIntoView();
          await one.ready;
          await new Promise((resolve) => setTimeout(resolve, 300));
        }
        return shifts;`,
      );
      assert.deepEqual(shifts, [], `at ${width} px`);
      await page.close();
    }
  });
}

/** Pixels by which a figure may be higher or lower than the room that is taken for it. */
const NEAR = 40;

test('the room that is taken is as high as the figures', { skip }, async () => {
  const widths = [320, 375, 480, 640, 768, 900, 1100];
  const embed = path.join(dist, 'embed');
  const { heights } = await measureHeights({ embed, chromium: chromium(), widths });
  for (const [view, all] of Object.entries(heights))
    for (const [i, width] of widths.entries()) {
      const room = roomFor(view, width);
      const message = `${view}, ${width} px wide: ${all[i]} px, not ${room}; npm run build -- heights`;
      assert.ok(Math.abs(all[i] - room) <= NEAR, message);
    }
});

test('beside the page, at a sub-path, under a strict policy', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'backprop-lazy-'));
  after(() => rmSync(folder, { recursive: true }));
  cpSync(path.join(dist, 'embed/lazy'), path.join(folder, 'a/b/lazy'), { recursive: true });
  writeFileSync(
    path.join(folder, 'a/index.html'),
    `<!doctype html><title>Host</title><link rel="icon" href="data:,">
    <backprop-demo view="step"></backprop-demo><script src="b/lazy/backprop-demo.js"></script>`,
  );
  const host = await serveFor({ root: folder, headers: { 'Content-Security-Policy': POLICY } });
  const { page, messages } = await openPage(await openBrowser());
  await page.goto(`${host.url}/a/`);
  const [loss, text] = await run(
    page,
    `await demo.ready; await demo.seek(9999);
    return [demo.loss, demo.shadowRoot.firstChild.shadowRoot.textContent];`,
  );
  assertLoss(loss, 9999);
  assert.match(text, /d_loss_a2/);
  assert.deepEqual(messages, []);
  await page.close();
});

test('where the rest cannot be had it says so and keeps what is between the tags', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'backprop-lazy-'));
  after(() => rmSync(folder, { recursive: true }));
  cpSync(path.join(dist, 'embed/lazy/backprop-demo.js'), path.join(folder, 'backprop-demo.js'));
  const alone = await serveFor({ root: folder, cors: true });
  const { page } = await open(
    `<backprop-demo>A picture</backprop-demo><script src="${alone.url}/backprop-demo.js"></script>`,
  );
  const [messages, shown, text] = await run(
    page,
    `await demo.ready; await demo.seek(5);
    return [errors.map((one) => one.message), demo.shadowRoot.textContent, demo.innerText];`,
  );
  assert.equal(messages.length, 1);
  assert.match(messages[0], /^The figure could not be loaded: /);
  assert.equal(shown, messages[0]);
  assert.equal(text, 'A picture');
  await page.close();
});
