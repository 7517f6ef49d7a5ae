// The package as it is shipped: its files, its types, and its README's examples.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { makePackage } from '../package.mjs';
import { root, temporaryFolder, wasmDir } from './library.mjs';

const run = promisify(execFile);

/** Another program's folder, in which the package is installed. */
const folder = temporaryFolder();
const outDir = path.join(folder, 'node_modules/backprop-wasm');
await makePackage({ root, wasmDir, outDir: path.join(folder, 'made') });
mkdirSync(path.dirname(outDir));
renameSync(path.join(folder, 'made'), outDir);
writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');

/** @param {string} name */
const textOf = (name) => readFileSync(path.join(outDir, name), 'utf8');

test('everything that package.json names is there, but for the element', () => {
  const about = JSON.parse(textOf('package.json'));
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  assert.equal(about.version, version);
  assert.equal(about.scripts, undefined);
  for (const entry of Object.values(about.exports)) {
    const files = typeof entry === 'string' ? [entry] : Object.values(entry);
    for (const file of files) {
      assert.ok(existsSync(path.join(outDir, file)) || /^\.\/element[.-]/.test(file), file);
    }
  }
  for (const name of ['README.md', 'LICENSE', 'experiment-types.d.ts']) assert.ok(textOf(name));
});

test('every module and its types', () => {
  const names = readdirSync(outDir);
  for (const name of names.filter((name) => name.endsWith('.js'))) {
    assert.ok(names.includes(name.replace(/\.js$/, '.d.ts')), `types of ${name}`);
    for (const [, used] of textOf(name).matchAll(/\bfrom\s*'\.\/([^']+)'/g)) {
      assert.ok(names.includes(used), `${used}, which ${name} uses`);
    }
  }
});

test('the examples of the README', async () => {
  const examples = [...textOf('README.md').matchAll(/```js\n(.*?)```/gs)].map(([, text]) => text);
  assert.ok(examples.length >= 3);
  for (const [index, text] of examples.entries()) {
    const file = path.join(folder, `example${index}.js`);
    writeFileSync(file, text);
    const expected = [...text.matchAll(/\/\/ → (.*)/g)].map(([, output]) => `${output}\n`).join('');
    const { stdout } = await run(process.execPath, [file]);
    assert.equal(stdout, expected);
  }
});

const PROGRAM = `
import { ExperimentError, type Experiment, loadBackprop, type Session } from 'backprop-wasm';

const experiment: Experiment = {
  data: { kind: 'points', inputs: [[0, 1], Float64Array.of(1, 0)], targets: [[0], [1]] },
  features: ['x1', 'sin_x2'],
  layers: [{ units: 4, activation: 'tanh' }, { units: 1 }],
  optimizer: { learningRate: 0.5, momentum: 0.9 },
  initializer: { kind: 'he_normal', seed: 1 },
  edits: [{ epoch: 5, learningRate: 0.1 }],
};
const { Session: Run, catalog } = await loadBackprop({ wasmUrl: new URL('https://example.org/') });
const session: Session = new Run(experiment);
const loss: number = session.loss;
const epochs: Float64Array = session.history().epochs;
const names: ('mse' | string)[] = catalog().losses.map(({ name }) => name);
const outputs: Float64Array = session.predict([[0, 1]]);
try {
  new Run({ optimizer: { kind: 'adam', beta1: 0.8 } });
} catch (error) {
  if (error instanceof ExperimentError) console.log(error.path, loss, epochs, names, outputs);
}
// @ts-expect-error
new Run({ loss: 'msee' });
// @ts-expect-error
new Run({ optimizer: { kind: 'adam', momentum: 0.8 } });
// @ts-expect-error
new Run({ layers: [{ activation: 'tanh' }] });
// @ts-expect-error
new Run({ epoch: 5 });
// @ts-expect-error
session.loss = 3;
// @ts-expect-error
session.train('7');
`;

test('the types say what works', async () => {
  writeFileSync(path.join(folder, 'program.ts'), PROGRAM);
  symlinkSync(
    path.join(root, 'node_modules/typescript'),
    path.join(folder, 'node_modules/typescript'),
  );
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  for (const resolution of ['nodenext', 'esnext --moduleResolution bundler']) {
    const options = `--noEmit --strict --target es2022 --lib es2023,dom --types --module ${resolution}`;
    const args = [compiler, 'program.ts', ...options.split(' ')];
    await run(process.execPath, args, { cwd: folder }).catch(({ stdout }) => assert.fail(stdout));
  }
});
