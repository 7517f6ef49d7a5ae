// The page's state in its address: #experiment=<URI-encoded JSON of what differs>&epoch=<n>.
import { difference, parseEpoch, parseExperiment } from './experiment.js';

/**
 * @typedef {object} Permalink
 * @property {Record<string, unknown>} experiment what differs from the defaults
 * @property {number} [epoch]
 * @property {string} [problem] why the address could not be read; then it is the default run
 */

/**
 * @param {string} hash as `location.hash` has it
 * @returns {Permalink}
 */
export function readPermalink(hash) {
  /** @type {Permalink} */
  const link = { experiment: {} };
  for (const part of hash.replace(/^#/, '').split('&').filter(Boolean)) {
    const problem = readPart(part, link);
    if (problem) return { experiment: {}, problem };
  }
  return link;
}

/**
 * @param {string} part
 * @param {Permalink} link gets what the part says
 * @returns {string | undefined} what is wrong with it
 */
function readPart(part, link) {
  const at = part.indexOf('=');
  const name = at < 0 ? part : part.slice(0, at);
  const text = decode(at < 0 ? '' : part.slice(at + 1));
  if (text === undefined) return `${name} is not URI-encoded`;
  if (name === 'experiment') {
    const parsed = parseExperiment(text);
    if ('message' in parsed) return `experiment: ${parsed.message}`;
    link.experiment = parsed.experiment;
  } else if (name === 'epoch') {
    link.epoch = parseEpoch(text);
    if (link.epoch === undefined)
      return `epoch must be a whole number from 0 up, not ${shorten(text)}`;
  } else {
    return `${shorten(name)} is neither experiment nor epoch`;
  }
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
function shorten(text) {
  return `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
}

/**
 * @param {Record<string, unknown>} experiment
 * @param {number} epoch
 * @returns {string} with its #
 */
export function writePermalink(experiment, epoch) {
  const json = encodeURIComponent(JSON.stringify(difference(experiment)));
  return `#experiment=${json}&epoch=${epoch}`;
}
