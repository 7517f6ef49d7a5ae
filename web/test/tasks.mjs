// The tasks of a page's main thread, from a trace of the browser.

/** @typedef {{ name: string, dur?: number, tdur?: number, pid: number, tid: number }} TraceEvent */

/**
 * @typedef {object} Task
 * @property {number} time milliseconds from its begin to its end
 * @property {number} work milliseconds of the CPU's that the thread had: what else the machine does is not in it
 */

const MARK = 'the main thread';

/**
 * @param {import('puppeteer-core').Page} page
 * @param {() => Promise<unknown>} act
 * @returns {Promise<Task[]>} those that are begun and ended while it lasts
 */
export async function tasksWhile(page, act) {
  await page.tracing.start({
    categories: ['disabled-by-default-devtools.timeline', 'blink.user_timing'],
  });
  await act();
  await page.evaluate((mark) => performance.mark(mark), MARK);
  const trace = await page.tracing.stop();
  /** @type {{ traceEvents: TraceEvent[] }} */
  const { traceEvents } = JSON.parse(Buffer.from(trace ?? []).toString());
  const main = traceEvents.find(({ name }) => name === MARK);
  return traceEvents
    .filter(({ name, pid, tid }) => name === 'RunTask' && pid === main?.pid && tid === main.tid)
    .flatMap(({ dur, tdur }) => (dur && tdur ? [{ time: dur / 1000, work: tdur / 1000 }] : []));
}
