import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requireNode, Stop } from '../run.mjs';
import { setUp } from '../setup.mjs';

/** @typedef {import('../setup.mjs').Machine} Machine */

/**
 * A machine on which only the named programs and files are. What is done to it is written down.
 * @param {object} [parts]
 * @param {Record<string, string>} [parts.programs] name to path
 * @param {Record<string, string>} [parts.files] path to text
 * @param {(line: string, input: string) => { status: number, output: string } | undefined} [parts.answer]
 *   to quick commands; others fail
 * @param {(line: string) => void} [parts.onWork]
 * @param {Partial<Machine>} [parts.rest]
 */
function play({ programs = {}, files = {}, answer, onWork, rest = {} } = {}) {
  /** @type {string[]} */
  const done = [];
  /** @type {Machine} */
  const machine = {
    platform: 'linux',
    env: {},
    home: '/home/reader',
    root: '/repository',
    isRoot: true,
    hasTerminal: false,
    which: (name) => (name in files ? name : programs[name]),
    exists: (file) => file in files,
    read: (file) => files[file] ?? '',
    real: (file) => file,
    list: (folder) => [
      ...new Set(
        Object.keys(files)
          .filter((file) => file.startsWith(`${folder}/`))
          .map((file) => file.slice(folder.length + 1).split('/')[0]),
      ),
    ],
    modified: (file) => (file in files ? 1 : 0),
    probe: async (file, args, input = '') =>
      answer?.([file, ...args].join(' '), input) ?? { status: 1, output: '' },
    work: async (title, file, args) => {
      const line = [file, ...args].join(' ');
      done.push(title, line);
      onWork?.(line);
      return '';
    },
    ask: async (file, args) => {
      done.push([file, ...args].join(' '));
      return true;
    },
    say: (line) => {
      done.push(line);
    },
    ...rest,
  };
  return { machine, done, programs, files };
}

const apt = { 'apt-get': '/usr/bin/apt-get' };
const knowsAll = (/** @type {string} */ line) =>
  line.startsWith('apt-cache policy')
    ? { status: 0, output: '  Candidate: 1.0\n'.repeat(line.split(' ').length - 2) }
    : undefined;

test('where nothing installs it, every need says what to do by hand', async () => {
  const sentences = /** @type {const} */ ({
    compiler:
      'This needs a C++20 compiler. Install g++ 10 or clang++ 12 or newer, or name one in CXX.',
    cmake: 'This needs CMake 3.22 and make. Install CMake 3.22 or newer, and make or Ninja.',
    googletest:
      'This needs GoogleTest. Install GoogleTest, so that the compiler finds <gtest/gtest.h>.',
    benchmark:
      'This needs Google Benchmark. Install Google Benchmark, so that the compiler finds <benchmark/benchmark.h>.',
    json: 'This needs nlohmann/json. Install nlohmann/json, so that the compiler finds <nlohmann/json.hpp>.',
    emscripten:
      'This needs Emscripten. Install Emscripten 3.1.6 or newer (with emsdk: "emsdk install latest", "emsdk activate latest"), and put em++ on the PATH or name the emsdk folder in EMSDK.',
    chromium:
      'This needs Chromium. Install Chromium or Google Chrome, or name its program in CHROME_PATH.',
    arm: 'This needs a compiler and an emulator for 64-bit Arm. Install aarch64-linux-gnu-g++ and qemu-aarch64, on Linux.',
    modules: 'This needs the node modules. Run "npm ci" here with a network connection.',
  });
  for (const [name, message] of Object.entries(sentences)) {
    const need = /** @type {keyof typeof sentences} */ (name);
    await assert.rejects(setUp([need], play().machine), new Stop(message), name);
  }
});

test('on macOS a compiler comes from Apple', async () => {
  const { machine } = play({ programs: { 'c++': '/usr/bin/c++' }, rest: { platform: 'darwin' } });
  const message = 'This needs a C++20 compiler. Run "xcode-select --install".';
  await assert.rejects(setUp(['compiler'], machine), { message });
});

test('Windows is told about WSL', async () => {
  const { machine } = play({ rest: { platform: 'win32' } });
  await assert.rejects(setUp(['compiler'], machine), {
    message: 'On Windows, Backprop is built inside WSL: clone it there and run this again.',
  });
});

test('Node 20.19 is old enough', () => {
  for (const version of ['20.19.0', '20.20.2', '22.0.0', '26.1.0']) requireNode(version);
  for (const version of ['18.20.0', '20.18.9']) {
    const message = `Backprop's tools need Node 20.19 or newer; this is ${version}.`;
    assert.throws(() => requireNode(version), { message });
  }
});

test('root installs by apt, once, without a question', async () => {
  const played = play({
    programs: { ...apt },
    answer: (line) => knowsAll(line) ?? { status: line.includes('clang') ? 1 : 0, output: '' },
    onWork: () => {
      played.programs['g++'] = '/usr/bin/g++';
    },
  });
  assert.deepEqual(await setUp(['compiler'], played.machine), { compiler: '/usr/bin/g++' });
  const [title, line, ...more] = played.done;
  assert.equal(title, 'Installing a C++20 compiler by apt (about a minute)');
  assert.match(
    line,
    /^env DEBIAN_FRONTEND=noninteractive apt-get --quiet .*install --yes --no-install-recommends g\+\+$/,
  );
  assert.deepEqual(more, []);
});

test('apt reads its lists only where they lack the package', async () => {
  let lists = '';
  const played = play({
    programs: { ...apt },
    answer: (line) =>
      line.startsWith('apt-cache')
        ? { status: 0, output: lists }
        : line.endsWith('--version')
          ? { status: 0, output: '' }
          : undefined,
    onWork: (line) => {
      if (line.endsWith('update')) lists = 'chromium:\n  Candidate: 150\n';
      else played.programs.chromium = '/usr/bin/chromium';
    },
  });
  assert.deepEqual(await setUp(['chromium'], played.machine), { chromium: '/usr/bin/chromium' });
  assert.equal(played.done[0], 'Bringing the list of packages up to date by apt');
  assert.equal(played.done[2], 'Installing Chromium by apt (about a minute)');

  const unknown = play({ programs: { ...apt } });
  await assert.rejects(setUp(['chromium'], unknown.machine), {
    message:
      'This needs Chromium. Apt knows no package chromium; is this machine offline? Install Chromium or Google Chrome, or name its program in CHROME_PATH.',
  });
});

test('a user without rights is told what root has to run', async () => {
  const { machine, done } = play({ programs: { ...apt }, rest: { isRoot: false } });
  const message =
    'This needs CMake 3.22 and make. Run "apt-get install --no-install-recommends cmake make" as root, then this again. Or: Install CMake 3.22 or newer, and make or Ninja.';
  await assert.rejects(setUp(['cmake'], machine), { message });
  assert.deepEqual(done, []);
});

test('sudo is used without a password where it can be, and asks at a terminal', async () => {
  for (const free of [true, false]) {
    const played = play({
      programs: { ...apt, sudo: '/usr/bin/sudo' },
      answer: (line) =>
        line === 'sudo -n true'
          ? { status: free ? 0 : 1, output: '' }
          : (knowsAll(line) ?? { status: 0, output: 'cmake version 3.25.1' }),
      onWork: () => {
        Object.assign(played.programs, { cmake: '/usr/bin/cmake', make: '/usr/bin/make' });
      },
      rest: { isRoot: false, hasTerminal: true },
    });
    assert.deepEqual(await setUp(['cmake'], played.machine), {
      cmake: { generator: 'Unix Makefiles' },
    });
    assert.equal(played.done.includes('sudo -v'), !free);
    assert.match(played.done.at(-1) ?? '', /^sudo -n env DEBIAN_FRONTEND=noninteractive apt-get /);
  }
});

test('an offline machine gets the reason and the way by hand', async () => {
  const { machine } = play({
    programs: { ...apt },
    answer: knowsAll,
    rest: {
      work: async () => {
        throw new Stop(
          'apt-get ended with 100.',
          'Reading…\nE: Unable to fetch some archives\nBye\n',
        );
      },
    },
  });
  await assert.rejects(
    setUp(['emscripten'], machine),
    new Stop(
      'This needs Emscripten. Installing it failed; is this machine offline? apt-get ended with 100. Install Emscripten 3.1.6 or newer (with emsdk: "emsdk install latest", "emsdk activate latest"), and put em++ on the PATH or name the emsdk folder in EMSDK.',
      'E: Unable to fetch some archives',
    ),
  );
});

test('Homebrew installs where there is no apt', async () => {
  const played = play({
    programs: { brew: '/opt/homebrew/bin/brew', 'c++': '/usr/bin/c++' },
    answer: (line, input) =>
      input.includes('__has_include')
        ? {
            status: played.done.length > 0 && line.includes('-I/opt/homebrew/include') ? 0 : 1,
            output: '',
          }
        : { status: 0, output: '' },
    rest: { platform: 'darwin' },
  });
  await setUp(['googletest'], played.machine);
  assert.deepEqual(played.done, [
    'Installing GoogleTest by Homebrew (about 20 seconds)',
    'brew install googletest',
  ]);
});

test('Ubuntu, which has Chromium as a snap only, gets Chrome from puppeteer', async () => {
  const chrome = '/home/reader/.cache/puppeteer/chrome/linux-150/chrome-linux64/chrome';
  const played = play({
    programs: { ...apt },
    files: { '/etc/os-release': 'NAME="Ubuntu"\nID=ubuntu\n' },
    answer: (line) => (line === `${chrome} --version` ? { status: 0, output: '' } : undefined),
    onWork: () => {
      played.files[chrome] = '';
      played.files[chrome.replace(/chrome$/, 'deb.deps')] = 'libnss3 (>= 3.26)\nlibgbm1\n';
    },
  });
  assert.deepEqual(await setUp(['chromium'], played.machine), { chromium: chrome });
  assert.match(
    played.done[1],
    /main-cli\.js install chrome@stable --path \/home\/reader\/\.cache\/puppeteer$/,
  );
  assert.match(
    played.done[5],
    /satisfy --yes --no-install-recommends libnss3 \(>= 3\.26\), libgbm1$/,
  );
});

test('CHROME_PATH is taken at its word', async () => {
  const { machine } = play({ rest: { env: { CHROME_PATH: '/nowhere/chrome' } } });
  await assert.rejects(setUp(['chromium'], machine), {
    message: 'CHROME_PATH names /nowhere/chrome, and there is no such program.',
  });
});

test('Emscripten is found on the PATH, in an emsdk, and as Debian and Homebrew lay it out', async () => {
  const toolchain = 'cmake/Modules/Platform/Emscripten.cmake';
  const files = (/** @type {string} */ folder, version = '3.1.6') => ({
    [`${folder}/${toolchain}`]: '',
    [`${folder}/emscripten-version.txt`]: `"${version}"\n`,
  });
  const acorn = { '/usr/share/nodejs/acorn/package.json': '' };
  const own = (/** @type {string} */ folder) => ({ [`${folder}/node_modules/acorn`]: '' });
  const found = (/** @type {Parameters<typeof play>[0]} */ parts) =>
    setUp(['emscripten'], play(parts).machine).then(({ emscripten }) => emscripten);

  assert.deepEqual(
    await found({
      programs: { 'em++': '/usr/share/emscripten/wrapper' },
      files: { ...files('/usr/share/emscripten'), ...acorn },
    }),
    {
      toolchain: `/usr/share/emscripten/${toolchain}`,
      env: { NODE_PATH: '/usr/share/nodejs' },
    },
  );
  const cellar = '/opt/homebrew/Cellar/emscripten/6.0.2';
  assert.deepEqual(
    await found({
      programs: { 'em++': `${cellar}/bin/em++` },
      files: { ...files(`${cellar}/libexec`, '6.0.2'), ...own(`${cellar}/libexec`) },
    }),
    { toolchain: `${cellar}/libexec/${toolchain}`, env: {} },
  );
  const emsdk = '/somewhere/emsdk/upstream/emscripten';
  const parts = {
    files: { ...files(emsdk), ...own(emsdk) },
    rest: { env: { EMSDK: '/somewhere/emsdk' } },
  };
  assert.equal((await found(parts)).toolchain, `${emsdk}/${toolchain}`);
  await assert.rejects(found({ ...parts, files: { ...files(emsdk, '2.0.34'), ...own(emsdk) } }));
  await assert.rejects(found({ ...parts, files: files(emsdk) }), 'no acorn');
});

test('the node modules are installed when they are missing or older than the lockfile', async () => {
  for (const installed of [0, 1]) {
    let time = installed;
    const lock = '/repository/package-lock.json';
    const played = play({
      onWork: () => {
        time = 3;
      },
      rest: { modified: (file) => (file === lock ? 2 : time) },
    });
    await setUp(['modules'], played.machine);
    assert.deepEqual(played.done, [
      'Installing the node modules by npm ci (about 20 seconds)',
      'npm ci --prefer-offline --fetch-retry-mintimeout=2000 --fetch-retry-maxtimeout=10000',
    ]);
    await setUp(['modules'], played.machine);
    assert.equal(played.done.length, 2);
  }
});

test('a second run finds everything in under two seconds', async () => {
  const started = performance.now();
  await setUp(['modules', 'compiler', 'cmake', 'googletest', 'json', 'emscripten', 'chromium']);
  assert.ok(performance.now() - started < 2000);
});
