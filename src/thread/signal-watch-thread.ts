/** The thread of `startSignalWatcher`. */
import { parentPort, workerData } from 'node:worker_threads';
import { collectAtRest } from './rest-collection';
import { watchSignals } from './signal-watch';
import type { SignalWatcherData } from './signal-watcher';

// Nothing is ever said here: it keeps the thread.
parentPort?.on('message', () => {});
watchSignals((workerData as SignalWatcherData).sinceMs);
collectAtRest();
