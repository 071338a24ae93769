/**
 * Returns memory that the start of a thread has used. V8 does so only after a full collection, which loading code never causes: without
 * this, a third of an idle thread's memory is garbage and room for it.
 */
const LOOK_EVERY_MS = 10_000;
/** A thread counts as idle if it worked for less than this share of the time between two checks. A collection stops it for 60 ms. */
const REST = 0.05;

/**
 * Collects once, as soon as the calling thread was idle between two checks; does not keep the thread alive.
 * @param afterwards called when that is done
 */
export function collectAtRest(afterwards: () => void = () => {}, lookEveryMs = LOOK_EVERY_MS): void {
  let before = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    if (utilization > REST) return;
    clearInterval(timer);
    collect(afterwards);
  }, lookEveryMs);
  timer.unref();
}

/** A collection through the inspector frees more than `gc()` (it also compacts the heap) and needs no flag of V8. */
function collect(afterwards: () => void): void {
  if (!process.features.inspector) {
    afterwards();
    return;
  }
  const { Session } = require('node:inspector') as typeof import('node:inspector');
  const session = new Session();
  session.connect();
  // Deferred, since disconnecting within the session's own callback blocks the thread.
  session.post('HeapProfiler.collectGarbage', () =>
    setImmediate(() => {
      session.disconnect();
      afterwards();
    }),
  );
}
