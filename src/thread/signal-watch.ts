/**
 * A thread that sees signals for itself, so that a second one ends the process whatever the main thread does: it may be in a call that
 * does not come back, and then its own handlers never run.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { getLogger } from '../log';

const log = getLogger('org.apache.kafka.connect.cli.ConnectStandalone');
const THREAD_FILE = path.join(__dirname, 'signal-watch-thread.js');
/** It needs next to nothing; what is not allowed is not reserved. */
const LIMITS = { maxOldGenerationSizeMb: 12, maxYoungGenerationSizeMb: 2, codeRangeSizeMb: 4 };

/** Starts the thread, which keeps nobody from ending. Without it the worker runs as well, so trouble with it is a line of the log. */
export function watchSignals(): void {
  const worker = new Worker(THREAD_FILE, { resourceLimits: LIMITS, env: {} });
  worker.on('error', error => log.warn('Only the main thread sees signals: while it is busy, only kill -9 ends the process', error));
  worker.unref();
}
