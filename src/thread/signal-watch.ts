/**
 * A second signal ends the process whatever the main thread does: its own handlers never run while it is in a call that does not return.
 * Task threads watch beside their work, since a thread for this alone takes 6 MB; signal-watcher.ts is used while there are none.
 */
import fs from 'node:fs';
import { constants } from 'node:os';
import { threadId } from 'node:worker_threads';
import { endAtOnce } from '../libc';
import { getLogger } from '../log';

const log = getLogger('org.apache.kafka.connect.cli.ConnectStandalone');

/** The handle behind Node's `process.on('SIGTERM')`. Only the main thread may use that; the handle works in every thread. */
interface SignalHandle {
  onsignal: (signal: number) => void;
  /** @returns 0, or an error code of libuv */
  start(signal: number): number;
  unref(): void;
}

const STDERR_FD = 2;
/** Signals within this time count as one: `timeout`, `npm` and process managers signal the process and its group, and some send two. */
export const ONE_WISH_MS = 1000;
/** How long the main thread has to end by itself. It differs by thread, so that only one of them prints the message. */
const GRACE_MS = 500 + threadId;
/** The exit code is this plus the number of the signal, as in a shell. */
export const SIGNALED = 128;

let firstAtMs: number | null = null;
let ending = false;

function end(signal: number): void {
  try {
    fs.writeSync(STDERR_FD, 'Told to end a second time, and the main thread does not answer: the process ends without an orderly stop\n');
  } catch {
    // Nobody reads the message; ending is what counts.
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
 * Makes the calling thread watch for a second signal; does not keep it alive. If this Node offers no such handle, a warning is logged.
 * @param sinceMs when the first signal came, in epoch milliseconds; null if none has
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
  // The warning is about an interface that a later Node will remove.
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
