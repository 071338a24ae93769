/** The thread of `watchSignals`. */
import fs from 'node:fs';
import { constants } from 'node:os';
import { endAtOnce } from '../libc';
import { collectAtRest } from './rest-collection';

/** What Node's own `process.on('SIGTERM')` stands on. Only the main thread may use that; this works in every thread. */
interface SignalHandle {
  onsignal: (signal: number) => void;
  /** @returns 0, or the error of libuv */
  start(signal: number): number;
  unref(): void;
}

const STDERR_FD = 2;
/** Signals that come sooner are one wish to end: `timeout` signals a child and its group, and some supervisors ask twice. */
const ONE_WISH_MS = 1000;
/** How long the main thread has to end by itself. */
const GRACE_MS = 500;
/** Exit codes tell the signal, as those of a shell do. */
const SIGNALED = 128;

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
  setTimeout(end, GRACE_MS, signal);
}

/** @throws Error where this Node offers no such handle */
function watch(): void {
  // the warning is for what goes away in a later version of Node; then this thread ends, and says so
  process.noDeprecation = true;
  const { binding } = process as unknown as { binding(name: 'signal_wrap'): { readonly Signal: new () => SignalHandle } };
  const { Signal } = binding.call(process, 'signal_wrap');
  for (const signal of [constants.signals.SIGINT, constants.signals.SIGTERM]) {
    const handle = new Signal();
    handle.onsignal = onSignal;
    const code = handle.start(signal);
    if (code !== 0) throw new Error(`signal ${signal} cannot be watched: error ${code}`);
  }
}

watch();
collectAtRest();
