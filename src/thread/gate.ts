/**
 * Keeps a task thread from being ended inside native code. `terminate()` in the middle of an FFI call that makes JavaScript values aborts
 * the whole process, and a thread that ends while it holds messages or events leaves a client that can never be freed. So native code runs
 * behind a gate in shared memory. The main thread closes the gate before it ends the thread, which succeeds only while the thread is
 * outside; a thread that reaches a closed gate waits there for its end.
 */

const FREE = 0;
const BUSY = 1;
const CLOSED = 2;

/** The gate of this thread, one word of shared memory; the main thread has none. */
let gate: Int32Array | null = null;
let depth = 0;

/** For the main thread, before it starts a thread: a gate that is busy, since a thread must not be ended before it has loaded its code. */
export function makeGate(): Int32Array {
  const made = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  Atomics.store(made, 0, BUSY);
  return made;
}

/** For a task thread, once it may be ended. */
export function openGate(own: Int32Array): void {
  gate = own;
  Atomics.store(own, 0, FREE);
}

/** For the main thread. @returns true if the thread is outside of native code and will stay there */
export function closeGate(other: Int32Array): boolean {
  return Atomics.compareExchange(other, 0, FREE, CLOSED) !== BUSY;
}

/** Runs something native, or several steps of it that belong together. May be nested; must not wait or call plugins. */
export function guarded<T>(run: () => T): T {
  enter();
  try {
    return run();
  } finally {
    leave();
  }
}

function enter(): void {
  if (depth++ > 0 || !gate) return;
  if (Atomics.compareExchange(gate, 0, FREE, BUSY) === CLOSED) Atomics.wait(gate, 0, CLOSED);
}

function leave(): void {
  if (--depth === 0 && gate) Atomics.store(gate, 0, FREE);
}
