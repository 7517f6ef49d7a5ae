// The built site in Chromium, under the policy of a careful host.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { root } from '../../tools/run.mjs';
import {
  atRest,
  dist,
  openBrowser,
  openPage,
  POLICY,
  seek,
  serveFor,
  stateOf,
  textIn,
  waitUntil,
} from './browser.mjs';
import { assertLoss, LOSSES, PREDICTIONS } from './post.mjs';

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {import('../element/backprop-demo.js').BackpropDemo} BackpropDemo */

const browser = await openBrowser();
const site = await serveFor({
  root: path.join(dist, 'site'),
  headers: { 'Content-Security-Policy': POLICY },
});

/**
 * @param {string} [hash]
 * @param {Parameters<typeof openPage>[1]} [options]
 */
async function open(hash = '', options = {}) {
  const opened = await openPage(browser, options);
  await opened.page.goto(`${site.url}/${hash}`);
  await opened.page.waitForFunction(() => customElements.get('backprop-demo'));
  return opened;
}

test('the run is swept once in three seconds, then rests at its end', async () => {
  const { page, messages, requests } = await open();
  const started = Date.now();
  await page.waitForFunction(() => {
    const figure = /** @type {BackpropDemo} */ (document.querySelector('#run'));
    return figure.epoch > 3000 && figure.epoch < 9000 && figure.playing;
  });
  await atRest(page);
  const passed = Date.now() - started;
  assert.ok(passed > 1000 && passed < 6000, `${passed} ms`);
  assert.equal((await stateOf(page)).epoch, 10000);
  assert.match(
    await textIn(page, '.sentence'),
    /^After 10,000 epochs at learning rate 0\.1 the loss is 0\.1387\./,
  );
  assert.equal(new URL(page.url()).hash, '', 'the sweep is not written down');
  assert.deepEqual(messages, []);
  assert.deepEqual(
    requests.filter((url) => !url.startsWith(site.url) && !/^(blob|data):/.test(url)),
    [],
  );
  await page.close();
});

test("the losses on screen are the post's", async () => {
  const { page, messages } = await open('#epoch=0');
  for (const [epoch, loss] of Object.entries(LOSSES)) {
    const state = await seek(page, Number(epoch));
    assert.equal(state.epoch, Number(epoch));
    assertLoss(state.loss, Number(epoch));
    const shown = loss.toPrecision(4);
    assert.match(await textIn(page, '.sentence'), new RegExp(`the loss is ${shown}\\.`));
    assert.match(await textIn(page, '.readout'), new RegExp(`loss ${shown}$`));
  }
  const rows = await page.$eval('#run', (element) =>
    [...(element.shadowRoot?.querySelectorAll('.rows tbody tr') ?? [])].map((row) =>
      row.children[2].getAttribute('data-exact'),
    ),
  );
  for (const [i, value] of PREDICTIONS.entries())
    assert.ok(Math.abs(Number(rows[i]) - value) < 1e-8, String(rows[i]));
  assert.deepEqual(messages, []);
  await page.close();
});

test('the numbers in the text are computed here, and are those of the build', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'backprop-blank-'));
  after(() => rmSync(folder, { recursive: true }));
  cpSync(path.join(dist, 'site'), folder, { recursive: true });
  const html = readFileSync(path.join(folder, 'index.html'), 'utf8');
  const live = /(data-number="(?!native|scenarios)[^"]+">)([^<]*)/g;
  const numbers = [...html.matchAll(live)].map(([, , text]) => text);
  assert.ok(numbers.length > 150 && numbers.every((text) => text !== ''));
  writeFileSync(
    path.join(folder, 'index.html'),
    html.replace(live, (_, tag) => tag),
  );
  const blank = await serveFor({ root: folder });
  const { page, messages } = await openPage(browser);
  await page.goto(`${blank.url}/#epoch=0`);
  await page.$eval('#land', (figure) => figure.scrollIntoView());
  await page.waitForFunction(() =>
    [...document.querySelectorAll('[data-number]')].every((element) => element.textContent),
  );
  const texts = await page.$$eval('[data-number]', (all) =>
    all
      .filter((element) => !/native|scenarios/.test(element.getAttribute('data-number') ?? ''))
      .map((element) => element.textContent),
  );
  assert.deepEqual(texts, numbers);
  assert.match(await page.$eval('#where', (element) => element.textContent ?? ''), /your browser/);
  assert.equal(await page.$eval('#verdict', (element) => element.textContent), 'The same 64 bits.');
  assert.equal(await page.$eval('.digest', (element) => element.textContent), goldenDigest());
  assert.deepEqual(messages, []);
  await page.close();
});

/** What the native programs come to after the post's 10,000 epochs. */
function goldenDigest() {
  const golden = readFileSync(path.join(root, 'core/test/golden/digests.json'), 'utf8');
  /** @type {{ experiment: object, epochs: number, digest: string }[]} */
  const scenarios = JSON.parse(golden);
  return scenarios.find(
    ({ experiment, epochs }) => Object.keys(experiment).length === 0 && epochs === 10000,
  )?.digest;
}

/**
 * @param {Page} page
 * @param {string} selector in the element's shadow
 */
async function boxOf(page, selector) {
  const box = await page.$eval(`#run >>> ${selector}`, (element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x, y, width, height };
  });
  assert.ok(box.width > 0);
  return box;
}

test('the curve is dragged by mouse, both ways', async () => {
  const { page, messages } = await open('#epoch=0');
  await atRest(page);
  const { x, y, width, height } = await boxOf(page, '.loss .surface');
  await page.mouse.move(x + width * 0.25, y + height / 2);
  await page.mouse.down();
  for (const part of [0.4, 0.6, 0.75]) await page.mouse.move(x + width * part, y + height / 2);
  await waitUntil(async () => Math.abs((await stateOf(page)).epoch - 7500) < 120);
  await page.mouse.move(x + width * 0.3, y + height / 2);
  await page.mouse.up();
  await waitUntil(async () => Math.abs((await stateOf(page)).epoch - 3000) < 120);
  await page.mouse.move(x + width * 0.5, y + height / 2);
  await waitUntil(async () => /^epoch 5,\d+ · loss 0\.23/.test(await textIn(page, '.readout')));
  assert.ok(Math.abs((await stateOf(page)).epoch - 3000) < 120, 'hovering does not move it');
  assert.deepEqual(messages, []);
  await page.close();
});

test('the curve is dragged by touch, and the page can still be scrolled', async () => {
  const { page, messages } = await open('#epoch=0', { width: 390, hasTouch: true });
  await atRest(page);
  await page.$eval('#run', (element) =>
    element.shadowRoot?.querySelector('.loss')?.scrollIntoView({ block: 'center' }),
  );
  const { x, y, width, height } = await boxOf(page, '.loss .surface');
  const touch = await page.touchscreen.touchStart(x + width * 0.2, y + height / 2);
  for (const part of [0.3, 0.45, 0.6]) await touch.move(x + width * part, y + height / 2);
  await touch.end();
  await waitUntil(async () => Math.abs((await stateOf(page)).epoch - 6000) < 400);
  const action = await page.$eval(
    '#run',
    (element) =>
      getComputedStyle(/** @type {Element} */ (element.shadowRoot?.querySelector('.loss svg')))
        .touchAction,
  );
  assert.equal(action, 'pan-y');
  assert.deepEqual(messages, []);
  await page.close();
});

test('everything can be done by keys', async () => {
  const { page, messages } = await open('#epoch=0');
  await atRest(page);
  const focused = () =>
    page.evaluate(() => {
      const inner = document.activeElement?.shadowRoot?.activeElement;
      return `${inner?.tagName} ${inner?.textContent?.replace(/\s+/g, ' ').trim()}`;
    });
  const links = await page.$$('nav a');
  for (let i = 0; i < links.length; i++) await page.keyboard.press('Tab');
  const order = [];
  for (let i = 0; i < 10; i++) {
    await page.keyboard.press('Tab');
    order.push(await focused());
  }
  assert.deepEqual(
    order.map((name) => name.replace(/parameters.*/, 'parameters')),
    [
      'SUMMARY All 9 parameters',
      'TD 0.4417',
      'BUTTON linear',
      'BUTTON log',
      'INPUT ',
      'BUTTON Play',
      'BUTTON +1 epoch',
      'BUTTON +10 epochs',
      'BUTTON +1,000 epochs',
      'BUTTON Reset',
    ],
  );
  const press = async (
    /** @type {import('puppeteer-core').KeyInput} */ key,
    /** @type {number} */ epoch,
  ) => {
    await page.keyboard.press(key);
    await waitUntil(async () => (await stateOf(page)).epoch === epoch, `${key} to ${epoch}`);
  };
  const focus = (/** @type {string} */ selector) => page.focus(`#run >>> ${selector}`);
  await focus('.scrubber');
  await press('ArrowRight', 1);
  await press('PageUp', 1001);
  await press('ArrowLeft', 1000);
  await press('End', 10000);
  const value = await page.$eval('#run', (element) =>
    element.shadowRoot?.querySelector('.scrubber')?.getAttribute('aria-valuetext'),
  );
  assert.equal(value, 'epoch 10,000, loss 0.1387');
  await press('Home', 0);
  await focus('.toggle button:last-child');
  await page.keyboard.press('Enter');
  await focus('.scrubber');
  await press('ArrowRight', 1);
  await press('PageUp', 10);
  await press('ArrowRight', 20);
  await focus('.controls button:nth-child(4)');
  await press('Enter', 1020);
  await focus('.controls .main');
  await page.keyboard.press('Space');
  await waitUntil(async () => (await stateOf(page)).playing);
  await page.keyboard.press('Space');
  await waitUntil(async () => !(await stateOf(page)).playing);
  await focus('.controls button:last-child');
  await press('Enter', 0);
  await focus('.rows td[tabindex="0"]');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  assert.equal(await focused(), 'TD −0.5856');
  assert.deepEqual(messages, []);
  await page.close();
});

test('play, pause, steps and reset by mouse', async () => {
  const { page, messages } = await open('#epoch=100');
  await atRest(page);
  const press = async (/** @type {string} */ name) => {
    const buttons = await page.$$('#run >>> .controls button');
    for (const button of buttons) {
      const text = await button.evaluate((element) =>
        element.textContent?.replace(/\s+/g, ' ').trim(),
      );
      if (text === name) return button.click();
    }
    assert.fail(`There is no button ${name}`);
  };
  await press('+1 epoch');
  await press('+10 epochs');
  await press('+1,000 epochs');
  await waitUntil(async () => (await stateOf(page)).epoch === 1111);
  await press('Play');
  await waitUntil(async () => (await stateOf(page)).epoch > 1500);
  await press('Pause');
  const { epoch } = await stateOf(page);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal((await stateOf(page)).epoch, epoch, 'it stands still');
  await press('Reset');
  await waitUntil(async () => (await stateOf(page)).epoch === 0);
  assert.deepEqual(messages, []);
  await page.close();
});

test('the address holds the run, and back and forward go between runs', async () => {
  const { page, messages } = await open(
    '#experiment=%7B%22initializer%22%3A%7B%22seed%22%3A7%7D%7D&epoch=400',
  );
  await atRest(page);
  const { loss } = await stateOf(page);
  assert.equal((await stateOf(page)).epoch, 400);
  await seek(page, 500);
  await waitUntil(async () => page.url().endsWith('&epoch=500'));
  assert.match(page.url(), /#experiment=%7B%22initializer%22%3A%7B%22seed%22%3A7%7D%7D&epoch=500$/);
  await page.evaluate(() => {
    location.hash = '#epoch=300';
  });
  await waitUntil(async () => (await stateOf(page)).epoch === 300);
  assert.notEqual((await stateOf(page)).loss, loss);
  await page.goBack();
  await waitUntil(async () => (await stateOf(page)).epoch === 500);
  await page.goForward();
  await waitUntil(async () => (await stateOf(page)).epoch === 300);
  await page.click('a[href^="#experiment"]');
  await waitUntil(async () => (await stateOf(page)).epoch === 10000);
  assert.ok((await stateOf(page)).loss < 0.01);
  assert.deepEqual(messages, []);
  await page.close();
});

test('another run is a step of the history, another epoch is not, a place keeps the run', async () => {
  const { page, messages } = await open('#epoch=0');
  await atRest(page);
  const length = () => page.evaluate(() => history.length);
  const before = await length();
  await seek(page, 500);
  await waitUntil(async () => page.url().endsWith('&epoch=500'));
  assert.equal(await length(), before);
  const seven = { initializer: { kind: 'numpy_randn', seed: 7 } };
  await page.$eval(
    '#run',
    (element, experiment) => {
      /** @type {BackpropDemo} */ (element).experiment = experiment;
    },
    seven,
  );
  await waitUntil(async () => page.url().includes('seed'));
  assert.equal(await length(), before + 1);
  const given = () =>
    page.$eval('#run', (element) => /** @type {BackpropDemo} */ (element).experiment);
  await page.click('nav a[href="#how-it-is-made"]');
  await waitUntil(async () => page.url().endsWith('#how-it-is-made'));
  assert.deepEqual(await given(), seven);
  await page.reload();
  await atRest(page);
  assert.deepEqual(await given(), seven, 'after a reload too');
  await page.goBack();
  await waitUntil(async () => page.url().includes('seed'));
  await page.goBack();
  await waitUntil(async () => Object.keys(await given()).length === 0);
  await waitUntil(async () => (await stateOf(page)).epoch === 500);
  await page.goForward();
  await waitUntil(async () => JSON.stringify(await given()) === JSON.stringify(seven));
  assert.equal(await page.$eval('#address-problem', (element) => element.checkVisibility()), false);
  assert.deepEqual(messages, []);
  await page.close();
});

for (const width of [1280, 768, 320]) {
  test(`the focus goes the way that one reads, at ${width} px`, async () => {
    const { page } = await open('#epoch=6000', { width, isStill: true });
    await atRest(page);
    /** @type {{ name: string, left: number, right: number, top: number, bottom: number }[]} */
    const way = [];
    for (let i = 0; i < 300; i++) {
      await page.keyboard.press('Tab');
      const place = await page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        if (!element || element === document.body) return undefined;
        const { left, right, top, bottom } = element.getBoundingClientRect();
        const name = `${element.tagName} ${element.textContent?.trim().slice(0, 30)}`;
        return { name, left, right, top: top + scrollY, bottom: bottom + scrollY };
      });
      if (!place) break;
      way.push(place);
    }
    assert.ok(way.length > 20, String(way.length));
    const wrong = way.slice(1).flatMap((next, i) => {
      const last = way[i];
      const isOn = next.bottom > last.top || next.left >= last.right;
      return isOn ? [] : [`${next.name} after ${last.name}`];
    });
    assert.deepEqual(wrong, []);
    await page.close();
  });
}

test('the speed is measured in a worker, when the reader comes near, and again on demand', async () => {
  const { page, messages } = await open('#epoch=0');
  await atRest(page);
  assert.match(await page.$eval('#speed', (box) => box.textContent ?? ''), /needs JavaScript/);
  const measured = () =>
    page.$$eval('#speed tbody td:nth-child(2)', (all) => all.map((cell) => cell.textContent));
  await page.$eval('#speed', (box) => box.scrollIntoView());
  await waitUntil(async () => (await measured()).filter((text) => text !== '…').length === 2);
  for (const text of await measured()) assert.ok(Number(text) > 0, String(text));
  const losses = await page.$$eval('#speed td[title]', (all) =>
    all.map((cell) => [cell.textContent, Number(cell.getAttribute('title'))]),
  );
  assert.deepEqual(
    losses.map(([text]) => text),
    ['0.1387', '0.1387'],
  );
  assert.ok(Math.abs(Number(losses[0][1]) - Number(losses[1][1])) < 1e-9, 'the same sums');
  await page.click('#speed button');
  const label = () => page.$eval('#speed button', (button) => button.textContent?.trim());
  assert.equal(await label(), 'Measuring…');
  await waitUntil(async () => (await label()) === 'Measure again');
  assert.match(await page.$eval('#speed', (box) => box.textContent ?? ''), /times as fast as/);
  assert.deepEqual(messages, []);
  await page.close();
});

test('nonsense in the address gets a clear message and the default run', async () => {
  const bad = {
    '#nonsense': /"nonsense" is neither experiment, epoch nor step/,
    '#epoch=-3': /epoch must be a whole number from 0 up, not "-3"/,
    '#experiment=%7B': /experiment: it is not valid JSON/,
    '#experiment=%E0%A4%A': /experiment is not URI-encoded/,
  };
  for (const [hash, message] of Object.entries(bad)) {
    const { page, messages } = await open(hash);
    await atRest(page);
    assert.match(
      await page.$eval('#address-problem', (element) => element.textContent ?? ''),
      message,
    );
    assertLoss((await seek(page, 0)).loss, 0);
    assert.deepEqual(messages, []);
    await page.close();
  }
});

test('an experiment that the engine refuses gets its message', async () => {
  const experiment = encodeURIComponent('{"layers":[{"units":0},{"units":1}]}');
  const { page, messages } = await open(`#experiment=${experiment}&epoch=5000`);
  await atRest(page);
  assert.match(
    await textIn(page, '.problem'),
    /layers\[0\]\.units must be 1 to 1024, not 0\. The figure shows the default run instead\.$/,
  );
  await waitUntil(async () => (await stateOf(page)).epoch === 5000);
  assertLoss((await stateOf(page)).loss, 5000);
  assert.deepEqual(messages, []);
  await page.close();
});

test('a change after a bad address: the message goes, and the address holds the run', async () => {
  for (const hash of ['#experiment=%7B', '#experiment=%7B%22batchSize%22%3A-1%7D']) {
    const { page, messages } = await open(hash, { isStill: true });
    await atRest(page);
    await waitUntil(async () => (await problems(page)).length === 1);
    await page.$eval('#playground', (element) => element.scrollIntoView());
    await waitUntil(async () => (await page.$('#playground >>> #field-batchSize')) !== null);
    await page.$eval('#playground >>> #field-batchSize', (element) => {
      /** @type {HTMLInputElement} */ (element).value = '2';
      element.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await waitUntil(async () => /batchSize%22%3A2/.test(page.url()));
    assert.deepEqual(await problems(page), []);
    assert.deepEqual(
      await page.$eval('#run', (element) => JSON.parse(element.getAttribute('experiment') ?? '')),
      { batchSize: 2 },
    );
    assert.deepEqual(messages, []);
    await page.close();
  }
});

/**
 * What the page and its figures say is wrong.
 * @param {Page} page
 */
function problems(page) {
  return page.evaluate(() => {
    const own = document.querySelector('#address-problem:not([hidden])');
    const figures = [...document.querySelectorAll('backprop-demo')];
    return [own, ...figures.map((figure) => figure.shadowRoot?.querySelector('.problem'))].flatMap(
      (problem) => problem?.textContent ?? [],
    );
  });
}

test('with reduced motion there are three stills', async () => {
  const { page } = await open('', { isStill: true });
  await page.evaluate(() => {
    const seen = /** @type {number[]} */ ([]);
    Object.assign(window, { seen });
    document
      .querySelector('#run')
      ?.addEventListener('backprop-change', (event) =>
        seen.push(/** @type {CustomEvent} */ (event).detail.epoch),
      );
  });
  await waitUntil(async () => (await stateOf(page)).epoch === 10000);
  const seen = await page.evaluate(() => /** @type {any} */ (window).seen);
  // Every figure of the group says it.
  assert.deepEqual([...new Set(seen)].slice(-2), [5000, 10000]);
  assert.ok(new Set(seen).size <= 3, String(seen));
  await page.close();
});

for (const width of [1280, 768, 320]) {
  test(`nothing shifts while the page loads, sweeps and is scrolled, at ${width} px`, async (t) => {
    const { page } = await openPage(browser, { width });
    await page.evaluateOnNewDocument(() => {
      const record = { tasks: /** @type {number[]} */ ([]), shift: 0, ready: Infinity };
      Object.assign(window, { record });
      addEventListener('backprop-ready', () => {
        record.ready = Math.min(record.ready, performance.now());
      });
      new PerformanceObserver((list) => {
        for (const { startTime, duration } of list.getEntries())
          if (startTime > record.ready) record.tasks.push(Math.round(duration));
      }).observe({ type: 'longtask', buffered: true });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) record.shift += /** @type {any} */ (entry).value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(site.url);
    await atRest(page);
    for (let y = 0; y < (await heightOf(page)); y += 600) {
      await page.evaluate((top) => scrollTo(0, top), y);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    await page.waitForSelector('#speed [aria-disabled="false"]');
    const { shift, tasks, ready } = await page.evaluate(() => /** @type {any} */ (window).record);
    // How long a task takes depends on what else the machine does, so it is said and not judged.
    t.diagnostic(
      `ready after ${Math.round(ready)} ms; tasks over 50 ms since: ${tasks.join(', ') || 'none'}`,
    );
    assert.ok(shift < 0.02, `layout shift ${shift}`);
    await page.close();
  });
}

/** @param {Page} page */
function heightOf(page) {
  return page.evaluate(() => document.documentElement.scrollHeight);
}

test('without JavaScript it is an article with its numbers and pictures', async () => {
  const { page, messages } = await openPage(browser);
  await page.setJavaScriptEnabled(false);
  await page.goto(site.url);
  const text = await page.$eval('main', (element) => element.textContent ?? '');
  for (const loss of ['0.2558', '0.2342', '0.1387', '0.1254']) assert.ok(text.includes(loss), loss);
  const widths = await page.$$eval('.stills img', (all) =>
    all.map((image) => /** @type {HTMLImageElement} */ (image).naturalWidth),
  );
  assert.ok(widths.length >= 3 && widths.every((width) => width > 100), String(widths));
  assert.deepEqual(messages, []);
  await page.close();
});
