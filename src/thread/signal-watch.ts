/**
 * A second signal ends the process whatever the main thread does: it may be in a call that does not come back, and then its own handlers
 * never run. Threads of tasks watch beside their work, since a thread for it alone takes 6 MB; signal-watcher.ts is for when there are none.
 */
import fs from 'node:fs';
import { constants } from 'node:os';
import { threadId } from 'node:worker_threads';
import { endAtOnce } from '../libc';
import { getLogger } from '../log';

const log = getLogger('org.apache.kafka.connect.cli.ConnectStandalone');

/** What Node's own `process.on('SIGTERM')` stands on. Only the main thread may use that; this works in every thread. */
interface SignalHandle {
  onsignal: (signal: number) => void;
  /** @returns 0, or the error of libuv */
  start(signal: number): number;
  unref(): void;
}

const STDERR_FD = 2;
/** Signals that come sooner are one wish to end: `timeout`, `npm` and process managers signal the process and its group, and some ask twice. */
export const ONE_WISH_MS = 1000;
/** How long the main thread has to end by itself; one thread a little longer than the other, so that one of them speaks. */
const GRACE_MS = 500 + threadId;
/** Exit codes are this and the number of the signal, as those of a shell. */
export const SIGNALED = 128;

let firstAtMs: number | null = null;
let ending = false;

function end(signal: number): void {
  try {
    fs.writeSync(STDERR_FD, 'Told to end a second time, and the main thread does not answer: the process ends without an orderly stop\n');
  } catch {
    // Nobody reads us; the end is what counts.
  }
  endAtOnce(SIGNALED + signal);
}

function onSignal(signal: number): void {
  const nowMs = Date.now();
  firstAtMs ??= nowMs;
  if (ending || nowMs - firstAtMs < ONE_WISH_MS) return;
  ending = true;
  setTimeout(end, GRACE_MS, signal).unref();
}

/**
 * Has the calling thread watch for a second signal from now on; keeps nobody from ending. Where this Node offers no such handle, that is a
 * line of the log.
 * @param sinceMs when the first one came, in epoch milliseconds; null if none has
 */
export function watchSignals(sinceMs: number | null): void {
  firstAtMs = sinceMs;
  try {
    for (const signal of [constants.signals.SIGINT, constants.signals.SIGTERM]) watch(signal);
  } catch (error) {
    log.warn('Only the main thread sees signals: while it is busy, only kill -9 ends the process', error);
  }
}

function watch(signal: number): void {
  const { noDeprecation = false } = process;
  // The warning is for what goes away in a later version of Node.
  process.noDeprecation = true;
  const { binding } = process as unknown as { binding(name: 'signal_wrap'): { readonly Signal: new () => SignalHandle } };
  const { Signal } = binding.call(process, 'signal_wrap');
  process.noDeprecation = noDeprecation;
  const handle = new Signal();
  handle.onsignal = onSignal;
  handle.unref();
  const code = handle.start(signal);
  if (code !== 0) throw new Error(`signal ${signal} cannot be watched: error ${code}`);
}
