/**
 * In a task of its own: before the next frame if the reader waits for it, where the browser knows of
 * priorities (Safari does not), else between frames.
 * @param {() => void} act
 * @param {boolean} isUrgent
 * @returns {Promise<void>} when it is done
 */
export function soon(act, isUrgent) {
  if (!('scheduler' in globalThis)) return new Promise((resolve) => setTimeout(resolve)).then(act);
  return scheduler.postTask(act, { priority: isUrgent ? 'user-blocking' : 'user-visible' });
}
