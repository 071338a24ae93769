/**
 * A task thread that loads its code before there is a task for it. This module imports little, so that the command line can start the
 * thread first of all: it then loads on one core while the main thread loads on another.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { makeGate } from './gate';
import type { TaskThreadData } from './messages';

/** A thread that waits for `start`, and its gate, which opens when it has loaded its code. */
export interface SpareThread {
  readonly worker: Worker;
  readonly gate: Int32Array;
}

const THREAD_FILE = path.join(__dirname, '..', 'task', 'task-thread.js');

/** Starts a thread; it says `ready` when it has loaded its code. */
export function startSpareThread(): SpareThread {
  const gate = makeGate();
  const worker = new Worker(THREAD_FILE, { workerData: { gate } satisfies TaskThreadData });
  return { worker, gate };
}
