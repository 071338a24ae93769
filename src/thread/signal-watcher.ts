/**
 * A thread that only watches for a second signal (signal-watch.ts): for a worker without task threads, and for a stop, during which task
 * threads end.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { getLogger } from '../log';

const log = getLogger('org.apache.kafka.connect.cli.ConnectStandalone');
const THREAD_FILE = path.join(__dirname, 'signal-watch-thread.js');
/** It needs next to nothing, and V8 reserves no more than it is allowed. */
const LIMITS = { maxOldGenerationSizeMb: 12, maxYoungGenerationSizeMb: 2, codeRangeSizeMb: 4 };

/** What the thread gets. */
export interface SignalWatcherData {
  /** When the first signal came, in epoch milliseconds; null if none has. */
  readonly sinceMs: number | null;
}

let isStarted = false;

/** Starts the thread unless it runs; it does not keep the process alive. The worker also runs without it, so a failure is only logged. */
export function startSignalWatcher(sinceMs: number | null): void {
  if (isStarted) return;
  isStarted = true;
  const worker = new Worker(THREAD_FILE, { resourceLimits: LIMITS, env: {}, workerData: { sinceMs } satisfies SignalWatcherData });
  worker.on('error', error => log.warn('Only the main thread sees signals: while it is busy, only kill -9 ends the process', error));
  worker.unref();
}
