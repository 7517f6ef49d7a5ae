// The page's state in its address: #experiment=<URI-encoded JSON of what differs>&epoch=<n>, and where
// that is long #packed=<base64url of the same JSON, deflated>&epoch=<n>. A step within the epoch
// follows as &step=<n>.
import { difference, parseEpoch, parseExperiment } from './experiment.js';

/**
 * @typedef {object} Permalink
 * @property {Record<string, unknown>} experiment what differs from the defaults
 * @property {number} [epoch]
 * @property {number} [step] within the epoch; the experiment says how many there are
 * @property {string} [problem] why the address could not be read; then it is the default run
 */

/** Characters of a link: up to so many it is left readable, and more than so many are not a link. */
const READABLE = 2000;
export const LONGEST = 16000;
/** What stands in the address in place of a link that would be longer. */
export const TOO_LONG = '#too-long';
/** Characters that are unpacked, or read from a file, at most. */
export const MOST_TEXT = 8_000_000;
/** Bytes that are packed between two pauses. */
const STEP = 2 ** 18;
const NAMES = ['experiment', 'packed', 'epoch', 'step'];

/**
 * @param {string} hash as `location.hash` has it
 * @returns {Promise<Permalink>}
 */
export async function readPermalink(hash) {
  /** @type {Permalink} */
  const link = { experiment: {} };
  for (const part of hash.replace(/^#/, '').split('&').filter(Boolean)) {
    const problem = await readPart(part, link);
    if (problem) return { experiment: {}, problem };
  }
  return link;
}

/**
 * @param {string} part
 * @param {Permalink} link gets what the part says
 * @returns {Promise<string | undefined>} what is wrong with it
 */
async function readPart(part, link) {
  const at = part.indexOf('=');
  const name = at < 0 ? part : part.slice(0, at);
  if (`#${name}` === TOO_LONG)
    return 'its run was too long for an address, and can only be opened from a file';
  if (!NAMES.includes(name)) return `${shorten(name)} is neither experiment, epoch nor step`;
  const text = decode(at < 0 ? '' : part.slice(at + 1));
  if (text === undefined) return `${name} is not URI-encoded`;
  if (name === 'experiment') return readExperiment(name, text, link);
  if (name === 'packed') {
    const { json, problem } = await unpack(text);
    return problem ?? readExperiment(name, json ?? '', link);
  }
  const number = parseEpoch(text);
  if (number === undefined) return `${name} must be a whole number from 0 up, not ${shorten(text)}`;
  Object.assign(link, { epoch: link.epoch ?? 0, [name]: number });
  return undefined;
}

/**
 * @param {string} name
 * @param {string} json
 * @param {Permalink} link
 */
function readExperiment(name, json, link) {
  const parsed = parseExperiment(json);
  if ('message' in parsed) return `${name}: ${parsed.message}`;
  link.experiment = parsed.experiment;
  return undefined;
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** @param {string} text */
export function shorten(text) {
  return `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
}

/**
 * @param {Record<string, unknown>} experiment
 * @param {number} epoch
 * @param {number} [step] within it
 * @returns {Promise<string>} with its #, however long
 */
export async function writePermalink(experiment, epoch, step = 0) {
  const json = JSON.stringify(difference(experiment));
  const within = step > 0 ? `&step=${step}` : '';
  const plain = json.length <= READABLE ? plainLink(json, epoch) + within : undefined;
  if (plain && plain.length <= READABLE) return plain;
  return `#packed=${await pack(json)}&epoch=${epoch}${within}`;
}

/**
 * @param {Record<string, unknown>} experiment
 * @param {number} epoch
 */
export function plainPermalink(experiment, epoch) {
  return plainLink(JSON.stringify(difference(experiment)), epoch);
}

/**
 * @param {string} json
 * @param {number} epoch
 */
function plainLink(json, epoch) {
  return `#experiment=${encodeURIComponent(json)}&epoch=${epoch}`;
}

/**
 * In short steps, with the page's own work between them, where it is long.
 * @param {string} text
 */
async function pack(text) {
  const pause = () => text.length > STEP && new Promise((resolve) => setTimeout(resolve, 0));
  await pause();
  const { readable, writable } = new CompressionStream('deflate-raw');
  const packed = new Response(readable).arrayBuffer();
  const writer = writable.getWriter();
  const given = new TextEncoder().encode(text);
  for (let at = 0; at < given.length; at += STEP) {
    await pause();
    await writer.write(given.subarray(at, at + STEP));
  }
  await writer.close();
  const bytes = new Uint8Array(await packed);
  await pause();
  const all = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(all).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * @param {string} text
 * @returns {Promise<{ json?: string, problem?: string }>}
 */
async function unpack(text) {
  if (!/^[\w-]+$/.test(text) || text.length % 4 === 1)
    return { problem: `packed is not base64url: ${shorten(text)}` };
  const all = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const reader = new Blob([Uint8Array.from(all, (letter) => letter.charCodeAt(0))])
    .stream()
    .pipeThrough(new DecompressionStream('deflate-raw'))
    .pipeThrough(new TextDecoderStream('utf-8', { fatal: true }))
    .getReader();
  let json = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { json };
      json += value;
      if (json.length > MOST_TEXT) break;
    }
    await reader.cancel();
  } catch {
    return { problem: 'packed cannot be unpacked: it is damaged, or not whole' };
  }
  return { problem: `packed must hold at most ${MOST_TEXT} characters, and holds more` };
}
