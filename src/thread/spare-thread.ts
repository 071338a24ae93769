/**
 * A task thread that loads its code before there is a task for it. It needs nothing of the rest, so that the command line can start
 * it first of all: the thread then loads on one core while the main thread loads on another.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';

/** A thread that waits for `start`. */
export type SpareThread = Worker;

const THREAD_FILE = path.join(__dirname, '..', 'task', 'task-thread.js');

/** Starts a thread; it says `ready` when it has loaded its code. */
export function startSpareThread(): SpareThread {
  return new Worker(THREAD_FILE);
}
