/**
 * Keeps a task thread from being ended inside native code. `terminate()` in the middle of an FFI call that makes JavaScript values
 * aborts the whole process, and a thread that ends while it holds messages or events leaves a client that can never be freed. So
 * native code runs behind a gate in shared memory: the main thread closes it first, which it can do only while nobody is inside,
 * and a thread that comes to a closed gate waits there for its end.
 */

const FREE = 0;
const BUSY = 1;
const CLOSED = 2;

/** The gate of this thread; the main thread has none. */
let gate: { readonly shared: Int32Array; readonly slot: number } | null = null;
let depth = 0;

/** For the main thread, before it starts a thread: nobody may end it before it has loaded its code. */
export function lockGate(shared: Int32Array, slot: number): void {
  Atomics.store(shared, slot, BUSY);
}

/** For a task thread that is ready for its end. */
export function openGate(shared: Int32Array, slot: number): void {
  gate = { shared, slot };
  Atomics.store(shared, slot, FREE);
}

/** For the main thread. @returns true if the thread is outside of native code and will stay there */
export function closeGate(shared: Int32Array, slot: number): boolean {
  return Atomics.compareExchange(shared, slot, FREE, CLOSED) !== BUSY;
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
  if (Atomics.compareExchange(gate.shared, gate.slot, FREE, BUSY) === CLOSED) Atomics.wait(gate.shared, gate.slot, CLOSED);
}

function leave(): void {
  if (--depth === 0 && gate) Atomics.store(gate.shared, gate.slot, FREE);
}
