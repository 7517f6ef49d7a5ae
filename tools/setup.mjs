// Finds what a command needs, and installs what is missing. Everything is asked of a Machine, so
// that the tests can play one on which nothing is installed.
import {
  accessSync,
  constants,
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { attempt, root, run, Stop, say, step } from './run.mjs';

/**
 * What set-up may ask of the computer and do to it.
 * @typedef {object} Machine
 * @property {string} platform as in process.platform
 * @property {Record<string, string | undefined>} env
 * @property {string} home
 * @property {string} root the repository
 * @property {boolean} isRoot
 * @property {boolean} hasTerminal somebody can be asked for a password
 * @property {(name: string) => string | undefined} which the program of that name on the PATH
 * @property {(file: string) => boolean} exists
 * @property {(file: string) => string} read the text of a file; empty when there is none
 * @property {(file: string) => string} real the path without symbolic links
 * @property {(folder: string) => string[]} list names in a folder; empty when there is none
 * @property {(file: string) => number} modified milliseconds; 0 when there is no such file
 * @property {(file: string, args: string[], input?: string) => Promise<{ status: number | string, output: string }>} probe
 *   runs something quick
 * @property {(title: string, file: string, args: string[], options: { log: string, cwd?: string, env?: Record<string, string>, terminal?: boolean }) => Promise<string>} work
 *   runs something long, under a title
 * @property {(file: string, args: string[]) => Promise<boolean>} ask runs something that may ask for a password
 * @property {(line: string) => void} say
 */

/**
 * One thing that a command can need.
 * @template T
 * @typedef {object} Need
 * @property {string} title
 * @property {string} time how long installing it takes
 * @property {string[]} [apt] Debian's and Ubuntu's packages
 * @property {string[]} [brew] Homebrew's arguments
 * @property {(machine: Machine) => string} advice what to do by hand, as a sentence
 * @property {(machine: Machine) => Promise<T | undefined>} find
 * @property {(machine: Machine) => Promise<void>} [install] another way than apt and Homebrew
 */

/** @returns {Machine} the one that this runs on */
export function thisMachine() {
  return {
    platform: process.platform,
    env: process.env,
    home: homedir(),
    root,
    isRoot: process.getuid?.() === 0,
    hasTerminal: Boolean(process.stdin.isTTY && process.stderr.isTTY),
    which: (name) => which(name, process.env.PATH ?? ''),
    exists: existsSync,
    read: (file) => orElse('', () => readFileSync(file, 'utf8')),
    real: (file) => realpathSync(file),
    list: (folder) => orElse([], () => readdirSync(folder)),
    modified: (file) => orElse(0, () => statSync(file).mtimeMs),
    probe: (file, args, input) => attempt(file, args, { input }),
    work: (title, file, args, options) => step(title, () => run(file, args, options)),
    ask: async (file, args) => (await attempt(file, args, { terminal: true })).status === 0,
    say,
  };
}

/**
 * @template T
 * @param {T} otherwise
 * @param {() => T} read
 */
function orElse(otherwise, read) {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/**
 * @param {string} name
 * @param {string} searchPath
 */
export function which(name, searchPath) {
  const folders = name.includes('/') ? [''] : searchPath.split(path.delimiter);
  return folders
    .map((folder) => path.join(folder, name))
    .find((file) =>
      orElse(false, () => {
        accessSync(file, constants.X_OK);
        return statSync(file).isFile();
      }),
    );
}

// ---------------------------------------------------------------------------------------------
// The needs
// ---------------------------------------------------------------------------------------------

/** @type {Need<true>} */
const modules = {
  title: 'the node modules',
  time: 'about 20 seconds',
  advice: () => 'Run "npm ci" here with a network connection.',
  async find(machine) {
    const installed = machine.modified(path.join(machine.root, 'node_modules/.package-lock.json'));
    const wanted = machine.modified(path.join(machine.root, 'package-lock.json'));
    return installed > 0 && installed >= wanted ? true : undefined;
  },
  async install(machine) {
    const npm = machine.env.npm_execpath;
    const before = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
    const patience = ['--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=10000'];
    const [file, ...args] = [...before, 'ci', '--prefer-offline', ...patience];
    const title = 'Installing the node modules by npm ci (about 20 seconds)';
    await machine.work(title, file, args, { log: 'npm-ci', cwd: machine.root });
  },
};

/** @type {Need<string>} */
const compiler = {
  title: 'a C++20 compiler',
  time: 'about a minute',
  apt: ['g++'],
  advice: ({ platform }) =>
    platform === 'darwin'
      ? 'Run "xcode-select --install".'
      : 'Install g++ 10 or clang++ 12 or newer, or name one in CXX.',
  async find(machine) {
    if (
      machine.platform === 'darwin' &&
      (await machine.probe('xcode-select', ['-p'])).status !== 0
    ) {
      return undefined; // /usr/bin/clang++ is there, but only opens a window
    }
    const names = [machine.env.CXX, 'c++', 'g++', 'clang++'].filter((name) => name !== undefined);
    for (const file of names.map(machine.which).filter((found) => found !== undefined)) {
      const source = '#include <bit>\n#include <numbers>\n#include <span>\n';
      const args = ['-std=c++20', '-fsyntax-only', '-x', 'c++', '-'];
      if ((await machine.probe(file, args, source)).status === 0) return file;
    }
    return undefined;
  },
};

/** @type {Need<{ generator: string }>} */
const cmake = {
  title: 'CMake 3.22 and make',
  time: 'about a minute',
  apt: ['cmake', 'make'],
  brew: ['cmake'],
  advice: () => 'Install CMake 3.22 or newer, and make or Ninja.',
  async find(machine) {
    const file = machine.which('cmake');
    const generator = machine.which('make') ? 'Unix Makefiles' : machine.which('ninja') && 'Ninja';
    if (!file || !generator) return undefined;
    const version = /version (\d+)\.(\d+)/.exec((await machine.probe(file, ['--version'])).output);
    if (!version) return undefined;
    const [major, minor] = [Number(version[1]), Number(version[2])];
    return major > 3 || (major === 3 && minor >= 22) ? { generator } : undefined;
  },
};

/**
 * A C++ library: its header can be included by the compiler that was found.
 * @param {{ title: string, header: string, apt: string[], brew: string[] }} library
 * @returns {Need<true>}
 */
function cppLibrary({ title, header, apt, brew }) {
  return {
    title,
    time: 'about 20 seconds',
    apt,
    brew,
    advice: () => `Install ${title}, so that the compiler finds <${header}>.`,
    async find(machine) {
      const file = await compiler.find(machine);
      if (!file) return undefined;
      const brewFile = machine.which('brew');
      const prefixes = [
        ...(machine.env.CMAKE_PREFIX_PATH?.split(/[:;]/) ?? []),
        ...(brewFile ? [path.resolve(machine.real(path.dirname(brewFile)), '..')] : []),
      ];
      const places = prefixes.filter(Boolean).map((prefix) => `-I${path.join(prefix, 'include')}`);
      const source = `#if !__has_include(<${header}>)\n#error missing\n#endif\n`;
      const { status } = await machine.probe(file, [...places, '-E', '-x', 'c++', '-'], source);
      return status === 0 ? true : undefined;
    },
  };
}

const googletest = cppLibrary({
  title: 'GoogleTest',
  header: 'gtest/gtest.h',
  apt: ['libgtest-dev'],
  brew: ['googletest'],
});

const benchmark = cppLibrary({
  title: 'Google Benchmark',
  header: 'benchmark/benchmark.h',
  apt: ['libbenchmark-dev'],
  brew: ['google-benchmark'],
});

const json = cppLibrary({
  title: 'nlohmann/json',
  header: 'nlohmann/json.hpp',
  apt: ['nlohmann-json3-dev'],
  brew: ['nlohmann-json'],
});

const eigen = cppLibrary({
  title: 'Eigen',
  header: 'eigen3/Eigen/Dense',
  apt: ['libeigen3-dev'],
  brew: ['eigen'],
});

const dlib = cppLibrary({
  title: 'dlib',
  header: 'dlib/dnn.h',
  apt: ['libdlib-dev'],
  brew: ['dlib'],
});

const fann = cppLibrary({
  title: 'FANN',
  header: 'doublefann.h',
  apt: ['libfann-dev'],
  brew: ['fann'],
});

const sleef = cppLibrary({
  title: 'SLEEF',
  header: 'sleef.h',
  apt: ['libsleef-dev'],
  brew: ['sleef'],
});

/**
 * A Python that has a module: apt's packages are for the system's own.
 * @param {{ title: string, module: string, time: string, apt: string[] }} library
 * @returns {Need<string>}
 */
function pythonModule({ title, module, time, apt }) {
  return {
    title,
    time,
    apt,
    advice: () => `Install Python 3 with ${title}, so that "import ${module}" works in python3.`,
    async find(machine) {
      for (const file of ['python3', '/usr/bin/python3'].map(machine.which)) {
        if (file && (await machine.probe(file, ['-c', `import ${module}`])).status === 0)
          return file;
      }
      return undefined;
    },
  };
}

const numpy = pythonModule({
  title: 'NumPy',
  module: 'numpy',
  time: 'about a minute',
  apt: ['python3-numpy', 'libopenblas0-pthread'],
});

const torch = pythonModule({
  title: 'PyTorch',
  module: 'torch',
  time: 'about 2 minutes',
  apt: ['python3-torch', 'libopenblas0-pthread'],
});

/**
 * @typedef {object} Emscripten
 * @property {string} toolchain its CMake toolchain file
 * @property {Record<string, string>} env what its programs need in the environment
 */

/** @type {Need<Emscripten>} */
const emscripten = {
  title: 'Emscripten',
  time: 'about 2 minutes',
  apt: ['emscripten', 'node-acorn'],
  brew: ['emscripten'],
  advice: () =>
    'Install Emscripten 3.1.6 or newer (with emsdk: "emsdk install latest", "emsdk activate latest"), and put em++ on the PATH or name the emsdk folder in EMSDK.',
  async find(machine) {
    for (const folder of emscriptenFolders(machine)) {
      const toolchain = path.join(folder, 'cmake/Modules/Platform/Emscripten.cmake');
      const version = machine.read(path.join(folder, 'emscripten-version.txt'));
      if (!machine.exists(toolchain) || !isAtLeast(version, [3, 1, 6])) continue;
      const env = acornEnvironment(machine, folder);
      if (env) return { toolchain, env };
    }
    return undefined;
  },
};

/**
 * Where em++ on the PATH, or an emsdk, keeps its files.
 * @param {Machine} machine
 */
function emscriptenFolders(machine) {
  const folders = [];
  const onPath = machine.which('em++');
  if (onPath) {
    const home = path.dirname(machine.real(onPath));
    folders.push(home, path.resolve(home, '../libexec')); // the latter is Homebrew's
  }
  const emsdks = [
    machine.env.EMSDK,
    path.join(machine.home, 'emsdk'),
    path.resolve(machine.root, '../emsdk'),
    '/opt/emsdk',
    '/usr/local/emsdk',
  ];
  for (const emsdk of emsdks) if (emsdk) folders.push(path.join(emsdk, 'upstream/emscripten'));
  return folders;
}

/**
 * From -O2 on, em++ runs a script that wants the node module acorn. Debian keeps it where only
 * Debian's own Node looks.
 * @param {Machine} machine
 * @param {string} folder Emscripten's
 * @returns {Record<string, string> | undefined} undefined: there is no acorn
 */
function acornEnvironment(machine, folder) {
  if (machine.exists(path.join(folder, 'node_modules/acorn'))) return {};
  const places = [machine.env.NODE_PATH ?? '', '/usr/share/nodejs', '/usr/lib/nodejs'];
  const modulesPath = places
    .flatMap((place) => place.split(path.delimiter))
    .find((place) => place && machine.exists(path.join(place, 'acorn/package.json')));
  return modulesPath ? { NODE_PATH: modulesPath } : undefined;
}

/**
 * @param {string} version such as "3.1.6"
 * @param {[number, number, number]} least
 */
function isAtLeast(version, least) {
  const found = /(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number);
  if (!found) return false;
  const at = found.findIndex((part, index) => part !== least[index]);
  return at < 0 || found[at] > least[at];
}

/** @type {Need<string>} */
const chromium = {
  title: 'Chromium',
  time: 'about a minute',
  advice: () => 'Install Chromium or Google Chrome, or name its program in CHROME_PATH.',
  async find(machine) {
    const named = machine.env.CHROME_PATH;
    if (named && !machine.which(named)) {
      throw new Stop(`CHROME_PATH names ${named}, and there is no such program.`);
    }
    for (const file of chromiumFiles(machine)) {
      // Ubuntu's chromium-browser may be a script that only asks for the snap.
      if ((await machine.probe(file, ['--version'])).status === 0) return file;
    }
    return undefined;
  },
  async install(machine) {
    const isUbuntu = /^ID=ubuntu$/m.test(machine.read('/etc/os-release'));
    if (machine.which('apt-get') && !isUbuntu) await installByApt(this, ['chromium'], machine);
    else if (machine.which('brew')) await installByBrew(this, ['--cask', 'google-chrome'], machine);
    else await downloadChrome(this, machine);
  },
};

/**
 * Ubuntu has Chromium as a snap only, which works neither in a container nor with profiles in a
 * temporary folder, so Chrome is fetched by puppeteer's own installer.
 * @param {Need<string>} need
 * @param {Machine} machine
 */
async function downloadChrome(need, machine) {
  const installer = path.join(machine.root, 'node_modules/@puppeteer/browsers/lib/cjs/main-cli.js');
  await machine.work(
    `Downloading Chrome by puppeteer's installer (${need.time})`,
    process.execPath,
    [installer, 'install', 'chrome@stable', '--path', puppeteerCache(machine)],
    { log: 'chrome' },
  );
  const [file] = downloadedChromes(machine);
  const libraries = file && machine.read(path.join(path.dirname(file), 'deb.deps'));
  if (!libraries || !machine.which('apt-get')) return;
  const apt = await aptFor(need, 'satisfy', [libraries.trim().split('\n').join(', ')], machine);
  await apt.update();
  await apt.add("Installing Chrome's libraries by apt (about 20 seconds)");
}

/** @param {Machine} machine */
function puppeteerCache(machine) {
  return path.join(machine.home, '.cache/puppeteer');
}

/** @param {Machine} machine */
function downloadedChromes(machine) {
  const folder = path.join(puppeteerCache(machine), 'chrome');
  return machine
    .list(folder)
    .map((version) => path.join(folder, version, 'chrome-linux64/chrome'))
    .filter(machine.exists);
}

/** @param {Machine} machine */
function chromiumFiles(machine) {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const apps = ['Google Chrome', 'Chromium'].flatMap((name) =>
    ['/Applications', path.join(machine.home, 'Applications')].map(
      (folder) => `${folder}/${name}.app/Contents/MacOS/${name}`,
    ),
  );
  const places = machine.platform === 'darwin' ? apps : downloadedChromes(machine);
  return [machine.env.CHROME_PATH, ...names, ...places]
    .map((name) => machine.which(name ?? ''))
    .filter((file) => file !== undefined);
}

/** @type {Need<{ compiler: string, emulator: string }>} */
const arm = {
  title: 'a compiler and an emulator for 64-bit Arm',
  time: 'about a minute',
  apt: ['g++-aarch64-linux-gnu', 'qemu-user-static'],
  advice: () => 'Install aarch64-linux-gnu-g++ and qemu-aarch64, on Linux.',
  async find(machine) {
    const file = machine.which('aarch64-linux-gnu-g++');
    const emulator = machine.which('qemu-aarch64-static') ?? machine.which('qemu-aarch64');
    return file && emulator ? { compiler: file, emulator } : undefined;
  },
};

/** @type {Need<string>} */
const doxygen = {
  title: 'Doxygen',
  time: 'about 20 seconds',
  apt: ['doxygen'],
  brew: ['doxygen'],
  advice: () => 'Install Doxygen 1.9 or newer.',
  find: async (machine) => machine.which('doxygen'),
};

/** @type {Need<string>} */
const jekyll = {
  title: 'Jekyll',
  time: 'about a minute',
  apt: ['jekyll'],
  brew: ['jekyll'],
  advice: () => 'Install Jekyll 4.',
  find: async (machine) => machine.which('jekyll'),
};

/** @type {Need<string>} */
const hugo = {
  title: 'Hugo',
  time: 'about 20 seconds',
  apt: ['hugo'],
  brew: ['hugo'],
  advice: () => 'Install Hugo 0.111 or newer.',
  find: async (machine) => machine.which('hugo'),
};

/** @type {Need<string>} */
const jupyter = {
  title: "Jupyter's nbconvert",
  time: 'about a minute',
  apt: ['jupyter-nbconvert', 'python3-ipykernel'],
  brew: ['jupyterlab'],
  advice: () => 'Install nbconvert and ipykernel, so that "jupyter-nbconvert --execute" works.',
  find: async (machine) => machine.which('jupyter-nbconvert'),
};

const needs = {
  modules,
  compiler,
  cmake,
  googletest,
  benchmark,
  json,
  emscripten,
  chromium,
  arm,
  doxygen,
  jekyll,
  hugo,
  jupyter,
  eigen,
  dlib,
  fann,
  sleef,
  numpy,
  torch,
};

// ---------------------------------------------------------------------------------------------
// Finding and installing
// ---------------------------------------------------------------------------------------------

/**
 * @typedef {{ [Name in keyof typeof needs]: Awaited<ReturnType<(typeof needs)[Name]['find']>> & {} }} Found
 */

/**
 * Finds these, installs those that are missing.
 * @template {keyof typeof needs} Name
 * @param {readonly Name[]} names in the order of installing: the compiler before its libraries
 * @param {Machine} [machine]
 * @returns {Promise<Pick<Found, Name>>}
 * @throws {Stop} saying exactly what to install by hand
 */
export async function setUp(names, machine = thisMachine()) {
  if (machine.platform === 'win32') {
    throw new Stop('On Windows, Backprop is built inside WSL: clone it there and run this again.');
  }
  const found = /** @type {Record<string, any>} */ ({});
  const look = async (/** @type {Name} */ name) => {
    found[name] = await needs[name].find(machine);
  };
  await Promise.all(names.map(look));
  for (const name of names) {
    if (found[name] === undefined) await look(name); // a compiler may have come in the meantime
    if (found[name] !== undefined) continue;
    await install(needs[name], machine);
    await look(name);
    if (found[name] === undefined) throw missing(needs[name], machine);
  }
  return /** @type {Pick<Found, Name>} */ (found);
}

/**
 * @param {Need<any>} need
 * @param {Machine} machine
 * @param {string} [reason]
 */
function missing(need, machine, reason = '') {
  return new Stop(`This needs ${need.title}. ${reason}${need.advice(machine)}`);
}

/**
 * @param {Need<any>} need
 * @param {Machine} machine
 */
async function install(need, machine) {
  try {
    if (need.install) await need.install(machine);
    else if (need.apt && machine.which('apt-get')) await installByApt(need, need.apt, machine);
    else if (need.brew && machine.which('brew')) await installByBrew(need, need.brew, machine);
  } catch (error) {
    if (!(error instanceof Stop) || !error.output) throw error;
    const failed = `Installing it failed; is this machine offline? ${error.message} `;
    throw new Stop(missing(need, machine, failed).message, complaints(error.output));
  }
}

/**
 * The lines in which apt, brew or npm say what went wrong.
 * @param {string} output
 */
function complaints(output) {
  const lines = output.trimEnd().split('\n');
  const errors = lines.filter((line) => /^(E:|Error|npm error|sudo:)/.test(line));
  return (errors.length > 0 ? errors : lines).slice(-5).join('\n');
}

/**
 * @param {Need<any>} need
 * @param {string[]} packages
 * @param {Machine} machine
 */
async function installByApt(need, packages, machine) {
  const apt = await aptFor(need, 'install', packages, machine);
  const known = await allKnown(packages, machine);
  if (!known) {
    await apt.update();
    if (!(await allKnown(packages, machine))) {
      throw missing(
        need,
        machine,
        `Apt knows no package ${packages.join(' or ')}; is this machine offline? `,
      );
    }
  }
  const title = `Installing ${need.title} by apt (${need.time})`;
  try {
    await apt.add(title);
  } catch (error) {
    if (!known || !(error instanceof Stop)) throw error;
    await apt.update(); // the list was there, but old
    await apt.add(title);
  }
}

/**
 * apt-get with the rights to change something.
 * @param {Need<any>} need
 * @param {'install' | 'satisfy'} verb
 * @param {string[]} packages
 * @param {Machine} machine
 */
async function aptFor(need, verb, packages, machine) {
  const add = [verb, '--yes', '--no-install-recommends', ...packages];
  const rights = await rootRights(machine);
  if (!rights) {
    const byHand = `apt-get ${verb} --no-install-recommends ${packages.join(' ')}`;
    throw missing(need, machine, `Run "${byHand}" as root, then this again. Or: `);
  }
  const settings = ['DPkg::Lock::Timeout=300', 'Acquire::Retries=1', 'Acquire::http::Timeout=30'];
  const [file, ...before] = [
    ...rights,
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '--quiet',
    ...settings.flatMap((setting) => ['-o', setting]),
  ];
  const options = { log: 'apt', terminal: rights.length > 0 };
  return {
    update: () =>
      machine.work(
        'Bringing the list of packages up to date by apt',
        file,
        [...before, 'update'],
        options,
      ),
    /** @param {string} title */
    add: (title) => machine.work(title, file, [...before, ...add], options),
  };
}

/**
 * What stands before a command that only root may run; undefined when there is no way.
 * @param {Machine} machine
 */
async function rootRights(machine) {
  if (machine.isRoot) return [];
  if (!machine.which('sudo')) return undefined;
  if ((await machine.probe('sudo', ['-n', 'true'])).status === 0) return ['sudo', '-n'];
  if (!machine.hasTerminal) return undefined;
  machine.say('Installing needs root: sudo asks for your password.');
  return (await machine.ask('sudo', ['-v'])) ? ['sudo', '-n'] : undefined;
}

/**
 * Whether apt's lists have a version of each package that could be installed.
 * @param {string[]} packages
 * @param {Machine} machine
 */
async function allKnown(packages, machine) {
  const { output } = await machine.probe('apt-cache', ['policy', ...packages]);
  const candidates = output.match(/Candidate: (?!\(none\))\S/g) ?? [];
  return candidates.length === packages.length;
}

/**
 * @param {Need<any>} need
 * @param {string[]} args
 * @param {Machine} machine
 */
async function installByBrew(need, args, machine) {
  await machine.work(
    `Installing ${need.title} by Homebrew (${need.time})`,
    'brew',
    ['install', ...args],
    {
      log: 'brew',
      env: { NONINTERACTIVE: '1', HOMEBREW_NO_ENV_HINTS: '1' },
    },
  );
}
