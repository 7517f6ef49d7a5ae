// The tables: what a run says, and what it writes into docs/performance.md.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, type } from 'node:os';
import path from 'node:path';
import { root } from '../../tools/run.mjs';
import { flopOfWidth } from '../workloads.mjs';
import { goals } from './goals.mjs';
import { idOf, rows, samples, widths } from './rows.mjs';

/** @typedef {import('./rows.mjs').Row} Row */

const [begin, end] = ['<!-- bench:peers writes from here -->', '<!-- to here -->'];

const hosts = /** @type {const} */ (['native', 'Node', 'Chromium']);

/** Columns of the main table: the unit, and nanoseconds in it. */
const columns = /** @type {const} */ ([
  ['W1', 'ns', 1],
  ['W2', 'µs', 1e3],
  ['W3', 'ms', 1e6],
  ['W4', 'ns', 1e3], // an epoch is that of a thousand members
]);

/** @param {number[]} values */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Three digits. @param {number} x */
const short = (x) => (x >= 100 ? Math.round(x).toLocaleString('en') : x.toPrecision(3));

/**
 * @param {string[]} head
 * @param {string[][]} body
 */
function table(head, body) {
  const widthOf = (/** @type {number} */ c) =>
    Math.max(3, ...[head, ...body].map((row) => row[c].length));
  const line = (/** @type {string[]} */ row) =>
    `| ${row.map((cell, c) => cell.padEnd(widthOf(c))).join(' | ')} |`;
  const rule = `| ${head.map((_, c) => '-'.repeat(widthOf(c))).join(' | ')} |`;
  return [line(head), rule, ...body.map(line)].join('\n');
}

export class Report {
  /** @type {Map<string, number[]>} row and column to nanoseconds an epoch, round by round */
  #times = new Map();
  /** @type {Map<string, number[]>} row to nanoseconds an epoch */
  #cold = new Map();
  /** @type {Map<string, string>} row to version */
  #versions = new Map();
  /** @type {string[]} */
  #skipped = [];
  /** @type {{ row: Row, column: string, difference: number, agrees: boolean }[]} */
  #agreements = [];
  /** @type {Map<string, Set<string>>} column to our digests */
  #digests = new Map();

  /**
   * @param {string} browser
   * @param {number} rounds
   */
  constructor(browser, rounds) {
    this.browser = browser;
    this.rounds = rounds;
  }

  /** @param {Row} row @param {string} reason */
  skip(row, reason) {
    this.#skipped.push(`${idOf(row)}: ${reason}`);
    process.stderr.write(`Skipped ${this.#skipped[this.#skipped.length - 1]}\n`);
  }

  /** @param {Row} row @param {string} version */
  version(row, version) {
    this.#versions.set(idOf(row), version);
  }

  /** @param {Row} row @param {string} column @param {number[]} times */
  times(row, column, times) {
    this.#times.set(`${idOf(row)} ${column}`, times);
  }

  /** @param {string} id @param {number} time */
  cold(id, time) {
    this.#cold.set(id, [...(this.#cold.get(id) ?? []), time]);
  }

  /**
   * @param {Row} row
   * @param {string} column
   * @param {number} difference of the loss, relative; NaN: nothing was compared
   * @param {number} tolerance
   * @param {string} digest
   */
  agreement(row, column, difference, tolerance, digest) {
    if (digest && row.precision === 'f64') {
      this.#digests.set(column, (this.#digests.get(column) ?? new Set()).add(digest));
    }
    if (Number.isNaN(difference)) return;
    const agrees = difference <= tolerance;
    this.#agreements.push({ row, column, difference, agrees });
    if (!agrees) {
      process.stderr.write(`${idOf(row)}, ${column}: the loss differs by ${difference}\n`);
    }
  }

  /** @param {string} id @param {string} column */
  #median(id, column) {
    const times = this.#times.get(`${id} ${column}`);
    return times ? median(times) : Number.NaN;
  }

  /** Ratio of two, round by round. @param {[string, string]} of @param {[string, string]} to */
  #ratio(of, to) {
    const [above, below] = [of, to].map(([id, column]) => {
      const scale = column === 'W4' ? 1e-3 : 1; // its epoch is that of a thousand members
      return this.#times.get(`${id} ${column}`)?.map((time) => time * scale);
    });
    if (!above || !below) return Number.NaN;
    return median(above.map((time, round) => time / below[round]));
  }

  /** The peers, host by host. */
  #peers() {
    const body = hosts.flatMap((host) =>
      rows
        .filter((row) => row.host === host && row.precision !== 'functions')
        .map((row) => {
          const id = idOf(row);
          const cells = columns.map(([column, , scale]) => {
            const time = this.#median(id, column);
            const isOff = this.#agreements.some(
              (one) => idOf(one.row) === id && one.column === column && !one.agrees,
            );
            return Number.isNaN(time) ? '' : short(time / scale) + (isOff ? ' (differs)' : '');
          });
          return [row.name, host, row.precision, ...cells];
        })
        .filter((cells) => cells.slice(3).some((cell) => cell !== '')),
    );
    const head = columns.map(([column, unit]) => `${column}, ${unit}`);
    return table(['', 'where', 'precision', ...head], body);
  }

  /** @param {number} value @param {number} limit @param {boolean} isMost */
  #verdict(value, limit, isMost) {
    if (Number.isNaN(value)) return ['', 'not measured'];
    return [short(value), (isMost ? value <= limit : value >= limit) ? 'yes' : '**no**'];
  }

  #goals() {
    const body = goals.map(({ host, work, text, of, to, least, most }) => {
      const ratio = this.#ratio(of, to);
      return [host, work, text, ...this.#verdict(ratio, least ?? most ?? 0, least === undefined)];
    });
    for (const host of hosts) {
      const id = `${host}: Backprop f64`;
      const { slowest, lowest } = this.#growth(id);
      const flat = 'time a sample, 64 to 100,000, most ÷ least: 1.5x';
      body.push([host, 'samples', flat, ...this.#verdict(slowest, 1.5, true)]);
      const rising = 'GFLOP/s, width 64 to 1,024, against the best before: 1x (5 % is noise)';
      body.push([host, 'width', rising, ...this.#verdict(lowest, 0.95, false)]);
      if (host === 'native') continue;
      const kept = `${host}: Backprop, losses kept f64`;
      const cold = this.#cold.get(kept);
      const ratio = cold ? median(cold) / this.#median(kept, 'W1') : Number.NaN;
      const warm = 'the first 10,000 epochs at most the settled time: 3x';
      body.push([host, 'W1', warm, ...this.#verdict(ratio, 3, true)]);
    }
    const seconds = (this.#median('Chromium: Backprop f64', 'W4, whole') * 1e4) / 1e9;
    const whole = 'a thousand seeds, 10,000 epochs, in a worker: under 1 s';
    body.push(['Chromium', 'W4', whole, ...this.#verdict(seconds, 1, true)]);
    return table(['where', 'work', 'goal', 'measured', 'holds'], body);
  }

  /** @param {string} id */
  #growth(id) {
    const times = samples.filter((n) => n >= 64).map((n) => this.#median(id, `samples-${n}`) / n);
    const rates = widths
      .filter((w) => w >= 64)
      .map((w) => flopOfWidth(w) / this.#median(id, `width-${w}`));
    const falls = rates.slice(1).map((rate, i) => rate / Math.max(...rates.slice(0, i + 1)));
    return { slowest: Math.max(...times) / Math.min(...times), lowest: Math.min(...falls) };
  }

  /**
   * @param {string} head
   * @param {number[]} sizes
   * @param {string} prefix
   * @param {(nanoseconds: number, size: number) => number} value
   */
  #sizes(head, sizes, prefix, value) {
    const body = sizes.map((size) => [
      size.toLocaleString('en'),
      ...hosts.map((host) => {
        const time = this.#median(`${host}: Backprop f64`, `${prefix}-${size}`);
        return Number.isNaN(time) ? '' : short(value(time, size));
      }),
    ]);
    return table([head, ...hosts], body);
  }

  #functions() {
    const names = ['exp', 'tanh', 'sigmoid'];
    const body = rows
      .filter((row) => row.precision === 'functions')
      .map((row) => [
        row.name,
        row.host,
        ...names.map((name) => {
          const time = this.#median(idOf(row), name);
          return Number.isNaN(time) ? '' : short(time / 1024);
        }),
      ])
      .filter((cells) => cells.slice(2).some((cell) => cell !== ''));
    return table(['', 'where', ...names], body);
  }

  /** What is worth saying about who agrees. */
  #notes() {
    const off = this.#agreements.filter(({ agrees }) => !agrees);
    const notes = off.map(
      ({ row, column, difference }) =>
        `- ${row.name} in ${row.host}, ${column}: its loss differs from ours by ${difference.toPrecision(2)} (relative), more than it should.`,
    );
    const seen = new Set(this.#agreements.map(({ row }) => row));
    for (const row of seen) {
      if (!row.note) continue;
      const tolerance = row.tolerance ? ` Its loss may differ from ours by ${row.tolerance}.` : '';
      notes.push(`- ${row.name}: ${row.note}.${tolerance}`);
    }
    const same = ['W1', 'W2', 'W3'].filter((column) => this.#digests.get(column)?.size === 1);
    if (same.length > 0) {
      notes.push(
        `- Our own f64 rows end in the same bits, native and in WebAssembly: ${same.join(', ')}.`,
      );
    }
    return [...notes, ...this.#skipped.map((line) => `- Left out: ${line}`)].join('\n');
  }

  text() {
    const compiler = execFileSync(process.env.CXX ?? 'c++', ['--version'])
      .toString()
      .split('\n')[0];
    const versions = new Set([...this.#versions.values()].filter((version) => version !== ''));
    versions.delete('Backprop');
    const date = new Date().toISOString().slice(0, 10);
    return `Measured on ${date}: ${cpus()[0].model.trim()}, ${type()} ${release()}, one thread; ${compiler}; Node
${process.versions.node}; ${this.browser.replace('/', ' ')}; ${[...versions].join(', ')}. Medians of ${this.rounds} rounds in
which everybody takes a turn.

### An epoch

${this.#peers()}

${this.#notes()}

### Where we must stand

A ratio is the median of the ratios of each round.

${this.#goals()}

### As the work grows

Nanoseconds an epoch and sample, 2-8-8-1, full batch:

${this.#sizes('samples', samples, 'samples', (time, n) => time / n)}

GFLOP/s, two layers of so many units, 128 samples:

${this.#sizes('width', widths, 'width', (time, w) => flopOfWidth(w) / time)}

### Elementary functions

Nanoseconds an element:

${this.#functions()}`;
  }

  /** @param {string} text */
  write(text) {
    const file = path.join(root, 'docs/performance.md');
    const [before, rest] = readFileSync(file, 'utf8').split(begin);
    const after = rest.split(end)[1];
    writeFileSync(file, `${before}${begin}\n\n${text}\n\n${end}${after}`);
  }
}
