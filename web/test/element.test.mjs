// The element's attributes, methods, events and views, in somebody else's page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VIEWS } from '../state/strings.js';
import { waitUntil } from './browser.mjs';
import { makeHost, run } from './host.mjs';
import { assertLoss } from './post.mjs';

const { open, script } = await makeHost();

test('methods are promises, resolved when epoch and loss say so', async () => {
  const { page, messages } = await open(`<backprop-demo></backprop-demo>${script}`);
  const seen = await run(
    page,
    `await demo.ready;
    const log = [[demo.epoch, demo.loss]];
    const note = async (promise) => { const value = await promise; log.push([demo.epoch, demo.loss, value]); };
    await note(demo.seek(5000));
    await note(demo.step(1));
    await note(demo.step(-1));
    await note(demo.reset());
    await Promise.all([demo.step(2), demo.step(3)]);
    await note(demo.seek(demo.epoch));
    await demo.play();
    log.push(['playing', demo.playing, demo.epoch > 5]);
    await note(demo.pause());
    log.push(['paused', demo.playing]);
    return log;`,
  );
  const [start, there, further, back, reset, stepped, playing, , paused] = seen;
  assert.equal(start[0], 0);
  assertLoss(start[1], 0);
  assert.equal(there[0], 5000);
  assertLoss(there[1], 5000);
  assert.equal(further[0], 5001);
  assert.deepEqual(back, there);
  assert.deepEqual(reset.slice(0, 2), start);
  assert.equal(stepped[0], 5);
  assert.deepEqual(playing, ['playing', true, true]);
  assert.deepEqual(paused, ['paused', false]);
  assert.deepEqual(messages, []);
  await page.close();
});

test('pause and seek end a sweep', async () => {
  const { page } = await open(`<backprop-demo autoplay></backprop-demo>${script}`);
  await waitUntil(() => run(page, 'return demo.playing && demo.epoch > 100'));
  assert.deepEqual(await run(page, 'await demo.seek(50); return [demo.playing, demo.epoch]'), [
    false,
    50,
  ]);
  await run(page, 'await demo.play()');
  const [playing, epoch] = await run(page, 'await demo.pause(); return [demo.playing, demo.epoch]');
  assert.equal(playing, false);
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.equal(await run(page, 'return demo.epoch'), epoch);
  await page.close();
});

test('attributes and properties mirror each other', async () => {
  const { page, messages } = await open(`<backprop-demo epoch="7"></backprop-demo>${script}`);
  const log = await run(
    page,
    `await demo.ready;
    const log = [demo.epoch, demo.view, demo.theme, demo.group, demo.autoplay, demo.experiment];
    demo.view = 'loss'; demo.theme = 'dark'; demo.group = 'g'; demo.autoplay = true; demo.autoplay = false;
    log.push(['view', 'theme', 'group', 'autoplay'].map((name) => demo.getAttribute(name)));
    demo.removeAttribute('group');
    demo.experiment = { initializer: { kind: 'numpy_randn', seed: 3 } };
    log.push(demo.getAttribute('experiment'));
    await demo.ready;
    const other = demo.loss;
    demo.setAttribute('experiment', '{}');
    await demo.ready;
    log.push(demo.experiment, other !== demo.loss, demo.epoch);
    demo.epoch = 20;
    log.push(demo.getAttribute('epoch'));
    await demo.seek(30);
    log.push(demo.epoch, demo.getAttribute('epoch'));
    return log;`,
  );
  assert.deepEqual(log, [
    7,
    'overview',
    'auto',
    '',
    false,
    {},
    ['loss', 'dark', 'g', null],
    '{"initializer":{"kind":"numpy_randn","seed":3}}',
    {},
    true,
    7,
    '20',
    30,
    '30',
  ]);
  assert.deepEqual(messages, []);
  await page.close();
});

test('events bubble out of any shadow', async () => {
  const { page } = await open(`<div></div>${script}`);
  const log = await run(
    page,
    `const log = [];
    for (const name of ['ready', 'change', 'error'])
      document.addEventListener('backprop-' + name, ({ type, detail }) => log.push([type, detail]));
    const shadow = document.querySelector('div').attachShadow({ mode: 'open' });
    shadow.innerHTML = '<backprop-demo></backprop-demo>';
    const inner = shadow.firstChild;
    await inner.ready;
    await inner.seek(10);
    return log;`,
  );
  const ready = log.filter((/** @type {[string]} */ [name]) => name === 'backprop-ready');
  assert.equal(ready.length, 1);
  const [type, detail] = log[log.length - 1];
  assert.equal(type, 'backprop-change');
  assert.deepEqual(Object.keys(detail).sort(), ['epoch', 'loss']);
  assert.equal(detail.epoch, 10);
  await page.close();
});

test('a refused experiment: the default run, one clear message, an event, nothing in the console', async () => {
  const bad = {
    '{"layers":[{"units":0},{"units":1}]}': [
      'layers[0].units',
      /^layers\[0\]\.units must be 1 to 1024, not 0/,
    ],
    '{"nonsense":1}': ['nonsense', /nonsense/],
    '{': ['experiment', /not valid JSON/],
    '[1]': ['experiment', /must be a JSON object/],
  };
  for (const [experiment, [at, message]] of Object.entries(bad)) {
    const { page, messages } = await open(
      `<backprop-demo experiment='${experiment}'></backprop-demo>${script}`,
    );
    const seen = await run(
      page,
      `await demo.ready; await demo.seek(0);
      const problems = demo.shadowRoot.querySelectorAll('.problem');
      return { loss: demo.loss, errors, texts: [...problems].map((p) => p.textContent) };`,
    );
    assertLoss(seen.loss, 0);
    assert.equal(seen.errors.length, 1, experiment);
    assert.equal(seen.errors[0].path, at);
    assert.match(seen.errors[0].message, /** @type {RegExp} */ (message));
    assert.equal(seen.texts.length, 1);
    assert.match(seen.texts[0], /The figure shows the default run instead\.$/);
    assert.deepEqual(messages, []);
    await page.close();
  }
});

test('a view that does not exist is refused by a message that names those that do', async () => {
  const { page, messages } = await open(`<backprop-demo view="maps"></backprop-demo>${script}`);
  const seen = await run(
    page,
    `await demo.ready; return [errors, demo.shadowRoot.querySelector('.problem').textContent]`,
  );
  assert.deepEqual(
    seen[0].map((/** @type {{ path: string }} */ { path: at }) => at),
    ['view'],
  );
  assert.equal(
    seen[1],
    `There is no view "maps" here. The views are ${VIEWS.slice(0, -1).join(', ')} and controls.`,
  );
  await run(page, `demo.view = 'loss network'; await demo.updateComplete`);
  const parts = await run(
    page,
    `return [...demo.shadowRoot.querySelectorAll('.part, .problem')].map((part) => part.className)`,
  );
  assert.deepEqual(parts, ['part network-part', 'part loss-part']);
  assert.deepEqual(messages, []);
  await page.close();
});

test('any dense experiment is drawn', async () => {
  const points = {
    kind: 'points',
    inputs: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    targets: [
      [0, 1],
      [1, 0],
    ],
  };
  const many = {
    kind: 'points',
    inputs: Array.from({ length: 300 }, (_, i) => [Math.sin(i), Math.cos(i * 3)]),
    targets: Array.from({ length: 300 }, (_, i) => [i % 2]),
  };
  const experiments = [
    { layers: Array(15).fill({ units: 30, activation: 'tanh' }).concat({ units: 1 }), epochs: 50 },
    { data: points, layers: [{ units: 3, activation: 'relu' }, { units: 2 }], epochs: 100 },
    { data: many, layers: [{ units: 8, activation: 'tanh' }, { units: 1 }], epochs: 200 },
    {
      data: { ...many, targets: many.targets.map(([t]) => [t, 1 - t]) },
      layers: [{ units: 2 }],
      epochs: 100,
    },
    {
      layers: [{ units: 1, activation: 'identity' }],
      optimizer: { kind: 'sgd', learningRate: 50 },
      epochs: 500,
    },
    {
      data: { kind: 'moons' },
      features: ['x1', 'x2', 'sin_x1', 'x1_x2'],
      epochs: 100,
      layers: [{ units: 3, activation: 'gelu' }, { units: 1 }],
      optimizer: { kind: 'adam' },
    },
    {
      data: { kind: 'sine' },
      layers: [
        { units: 6, activation: 'tanh' },
        { units: 1, activation: 'identity' },
      ],
      epochs: 100,
    },
    {
      data: { kind: 'gaussians', classes: 3 },
      layers: [{ units: 3, activation: 'softmax' }],
      loss: 'cross_entropy',
      epochs: 100,
    },
    { data: { kind: 'points', inputs: [[1]], targets: [[1]] }, layers: [{ units: 1 }], epochs: 1 },
  ];
  const { page, messages } = await open(`<backprop-demo></backprop-demo>${script}`);
  for (const experiment of experiments) {
    for (const width of [1000, 300]) {
      await page.setViewport({ width, height: 800 });
      const seen = await run(
        page,
        `demo.experiment = ${JSON.stringify(experiment)}; await demo.ready; await demo.seek(${experiment.epochs});
        await new Promise((resolve) => setTimeout(resolve, 120));
        return {
          errors, sentence: demo.shadowRoot.querySelector('.sentence').textContent,
          overflow: document.documentElement.scrollWidth - innerWidth,
        };`,
      );
      assert.deepEqual(seen.errors, [], JSON.stringify(experiment));
      assert.ok(
        seen.overflow <= 0,
        `${width} px: ${seen.overflow} px too wide for ${JSON.stringify(experiment).slice(0, 90)}`,
      );
      assert.doesNotMatch(seen.sentence, /undefined|NaN/);
    }
  }
  assert.deepEqual(messages, []);
  await page.close();
});

test('a diverging run says so', async () => {
  const experiment =
    '{"layers":[{"units":1,"activation":"identity"}],"optimizer":{"kind":"sgd","learningRate":50}}';
  const { page } = await open(
    `<backprop-demo experiment='${experiment}'></backprop-demo>${script}`,
  );
  const seen = await run(
    page,
    `await demo.ready; await demo.seek(9000);
    return [demo.diverged, demo.epoch, demo.shadowRoot.querySelector('.sentence').textContent];`,
  );
  assert.equal(seen[0], true);
  assert.ok(seen[1] < 9000);
  assert.match(seen[2], /The run diverges/);
  await page.close();
});

test('themes and custom properties', async () => {
  const { page } = await open(
    `<style>#b { --backprop-paper: rgb(1, 2, 3); }</style>
    <backprop-demo theme="dark"></backprop-demo><backprop-demo id="b"></backprop-demo>${script}`,
  );
  const colours = await run(
    page,
    `const all = [...document.querySelectorAll('backprop-demo')];
    await Promise.all(all.map((one) => one.ready));
    return all.map((one) => getComputedStyle(one.shadowRoot.querySelector('.figure')).backgroundColor);`,
  );
  assert.deepEqual(colours, ['rgb(21, 24, 28)', 'rgb(1, 2, 3)']);
  await page.close();
});
