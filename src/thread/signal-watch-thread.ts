/** The thread of `startSignalWatcher`. */
import { parentPort, workerData } from 'node:worker_threads';
import { collectAtRest } from './rest-collection';
import { watchSignals } from './signal-watch';
import type { SignalWatcherData } from './signal-watcher';

// No message is ever sent; listening keeps the thread alive.
parentPort?.on('message', () => {});
watchSignals((workerData as SignalWatcherData).sinceMs);
collectAtRest();
