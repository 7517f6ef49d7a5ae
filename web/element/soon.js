/**
 * In a task of its own, before the next frame where the browser knows of priorities (Safari does not).
 * @param {() => void} act
 * @returns {Promise<void>} when it is done
 */
export function soon(act) {
  return 'scheduler' in globalThis
    ? scheduler.postTask(act, { priority: 'user-blocking' })
    : new Promise((resolve) => setTimeout(resolve)).then(act);
}
