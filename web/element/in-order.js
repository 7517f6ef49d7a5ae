// Figures out of sight begin after those in sight, one after the other, so that no reader waits for them.

/** Milliseconds between two of them: a frame. */
const EVERY = 16;

/** @type {Promise<void>} until all that began so far have what they need */
let others = Promise.resolve();

/**
 * @param {boolean} isNear whether it is in sight, or soon may be
 * @param {() => Promise<void>} begin
 */
export function inOrder(isNear, begin) {
  const rest = () => new Promise((resolve) => setTimeout(resolve, EVERY));
  const own = isNear ? begin() : others.then(rest).then(begin);
  // Without their results, each of which would hold all before it.
  others = Promise.allSettled([others, own]).then(() => {});
}
