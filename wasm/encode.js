// How an experiment crosses into WebAssembly: any JavaScript value becomes one row of numbers, which
// decode.cpp reads; decode.h says how it is laid out. Everything odd that JavaScript can hand over
// ends here: what JSON cannot say crosses as words for a message, what has no end is refused.
import { ExperimentError } from './error.js';
import { describe, kindOf, shortened } from './words.js';

const TOKEN = {
  null: 0,
  false: 1,
  true: 2,
  number: 3,
  text: 4,
  foreign: 5,
  array: 6,
  numbers: 7,
  object: 8,
};

/** An experiment nests four. */
const MOST_LEVELS = 8;
/** A longer array is refused by the field that it stands in. */
const LONGEST_ARRAY = 2 ** 20;
/** So many, and a session of them, fit into WebAssembly's memory. */
const MOST_VALUES = 2 ** 24;
/** A longer text is no name; its beginning is enough to say so. */
const LONGEST_TEXT = 256;

/**
 * @param {unknown} value
 * @returns {Float64Array}
 * @throws {ExperimentError} when it has no end, or cannot be read
 */
export function encode(value) {
  const encoder = new Encoder();
  encoder.add(value, '');
  return encoder.stream();
}

class Encoder {
  #tokens = new Float64Array(256);
  #length = 0;
  /** @type {Map<string, number>} their places */
  #texts = new Map();
  /** @type {{ container: object, path: string }[]} from the experiment inwards */
  #ancestors = [];
  #values = 0;

  stream() {
    const utf8 = new TextEncoder();
    const texts = [...this.#texts.keys()].flatMap((text) => {
      const bytes = utf8.encode(text);
      return [bytes.length, ...bytes];
    });
    const stream = new Float64Array(1 + texts.length + this.#length);
    stream[0] = this.#texts.size;
    stream.set(texts, 1);
    stream.set(this.#tokens.subarray(0, this.#length), 1 + texts.length);
    return stream;
  }

  /** @param {ArrayLike<number>} numbers */
  #write(numbers) {
    const end = this.#length + numbers.length;
    if (end > this.#tokens.length) {
      const larger = new Float64Array(2 * end);
      larger.set(this.#tokens);
      this.#tokens = larger;
    }
    const tokens = this.#tokens;
    for (let i = 0, at = this.#length; at < end; i++, at++) tokens[at] = numbers[i];
    this.#length = end;
  }

  /**
   * @param {unknown} value
   * @param {string} path
   */
  add(value, path) {
    this.#count(1);
    if (value === null) this.#write([TOKEN.null]);
    else if (typeof value === 'boolean') this.#write([value ? TOKEN.true : TOKEN.false]);
    else if (typeof value === 'number') this.#write([TOKEN.number, value]);
    else if (typeof value === 'string') this.#write([TOKEN.text, this.#place(value)]);
    else if (typeof value === 'object') this.#addObject(value, path);
    else this.#addForeign(describe(value));
  }

  /** @param {number} more */
  #count(more) {
    this.#values += more;
    if (this.#values <= MOST_VALUES) return;
    throw new ExperimentError(`the experiment must hold at most ${MOST_VALUES} values`, '');
  }

  /**
   * @param {string} text
   * @returns {number} its place among the texts
   */
  #place(text) {
    const short = shortened(text, LONGEST_TEXT);
    const place = this.#texts.get(short) ?? this.#texts.size;
    this.#texts.set(short, place);
    return place;
  }

  /** @param {string} words */
  #addForeign(words) {
    this.#write([TOKEN.foreign, this.#place(words)]);
  }

  /**
   * @param {object} object of any kind
   * @param {string} path
   */
  #addObject(object, path) {
    const kind = attempt(path, () => (Array.isArray(object) ? 'Array' : kindOf(object)));
    if (kind === 'Array') {
      this.#within(object, path, () => this.#addArray(/** @type {unknown[]} */ (object), path));
    } else if (ArrayBuffer.isView(object) && /^(Int|Uint|Float).*Array$/.test(kind)) {
      this.#addNumbers(/** @type {Float64Array} */ (object));
    } else if (kind === 'Object') {
      const fields = /** @type {Record<string, unknown>} */ (object);
      this.#within(object, path, () => this.#addFields(fields, path));
    } else {
      this.#addForeign(attempt(path, () => describe(object)));
    }
  }

  /**
   * @param {object} container
   * @param {string} path
   * @param {() => void} add what it contains
   */
  #within(container, path, add) {
    const same = this.#ancestors.find((ancestor) => ancestor.container === container);
    if (same) {
      const name = same.path || 'the experiment';
      throw new ExperimentError(`${path} must not be ${name}, which contains it`, path);
    }
    if (this.#ancestors.length === MOST_LEVELS) {
      throw new ExperimentError(`${path} is nested deeper than ${MOST_LEVELS} levels`, path);
    }
    this.#ancestors.push({ container, path });
    add();
    this.#ancestors.pop();
  }

  /**
   * @param {unknown[]} array
   * @param {string} path
   */
  #addArray(array, path) {
    const length = attempt(path, () => array.length);
    if (length > LONGEST_ARRAY) return this.#addForeign(`an array of ${length}`);
    const { elements, areNumbers } = attempt(path, () => read(array, length));
    if (areNumbers) return this.#addNumbers(/** @type {number[]} */ (elements));
    this.#write([TOKEN.array, length]);
    elements.forEach((element, i) => {
      this.add(element, `${path}[${i}]`);
    });
  }

  /** @param {ArrayLike<number>} numbers */
  #addNumbers(numbers) {
    const { length } = numbers;
    if (length > LONGEST_ARRAY) return this.#addForeign(`an array of ${length}`);
    this.#count(length);
    this.#write([TOKEN.numbers, length]);
    this.#write(numbers);
  }

  /**
   * The object's own fields; one that is undefined counts as left out.
   * @param {Record<string, unknown>} object
   * @param {string} path
   */
  #addFields(object, path) {
    const fields = attempt(path, () => Object.keys(object)).map((name) => {
      const short = shortened(name, LONGEST_TEXT);
      const place = path ? `${path}.${short}` : short;
      return { name, place, value: attempt(place, () => object[name]) };
    });
    const given = fields.filter(({ value }) => value !== undefined);
    this.#write([TOKEN.object, given.length]);
    for (const { name, place, value } of given) {
      this.#write([this.#place(name)]);
      this.add(value, place);
    }
  }
}

/**
 * Reads each element once: it may be a getter.
 * @param {unknown[]} array
 * @param {number} length
 */
function read(array, length) {
  const elements = new Array(length);
  let areNumbers = true;
  for (let i = 0; i < length; i++) {
    elements[i] = array[i];
    areNumbers &&= typeof elements[i] === 'number';
  }
  return { elements, areNumbers };
}

/**
 * @template T
 * @param {string} path
 * @param {() => T} look runs code of the caller's: a getter, a proxy
 * @returns {T}
 */
function attempt(path, look) {
  try {
    return look();
  } catch (cause) {
    throw new ExperimentError(`${path || 'the experiment'} cannot be read`, path, { cause });
  }
}
