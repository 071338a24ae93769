/** The few calls of the C library that Node lacks. koffi is loaded with the first call, since most processes need none of them. */

interface Native {
  readonly koffi: typeof import('koffi');
  readonly library: import('koffi').LibraryHandle;
}

let loaded: Native | undefined;

function native(): Native {
  if (!loaded) {
    const koffi = require('koffi') as typeof import('koffi');
    loaded = { koffi, library: koffi.load(null) };
  }
  return loaded;
}

const LOCK_EX = 2;
const LOCK_NB = 4;

/**
 * flock(2): takes an exclusive lock on an open file without waiting. The lock ends when the descriptor does, so kill -9 leaves none behind.
 * @returns undefined if the lock is taken, `busy` if another process holds it, else the errno of a file system that cannot lock
 */
export function tryLock(fd: number): 'busy' | number | undefined {
  const { koffi, library } = native();
  if (library.func('int flock(int fd, int operation)')(fd, LOCK_EX | LOCK_NB) === 0) return undefined;
  const errno = koffi.errno();
  const { EWOULDBLOCK, EAGAIN, EACCES } = koffi.os.errno;
  return errno === EWOULDBLOCK || errno === EAGAIN || errno === EACCES ? 'busy' : errno;
}

/** dup(2): a second descriptor of the same open file, owned by the caller. @throws Error when there is none left */
export function duplicateFd(fd: number): number {
  const copy: number = native().library.func('int dup(int fd)')(fd);
  if (copy < 0) throw new Error(`descriptor ${fd} could not be duplicated: too many open files?`);
  return copy;
}

/**
 * malloc_trim(3): gives back to the system what is free in the C heaps of all threads. Only glibc keeps so much, and only it has the call.
 */
export function trimHeaps(): void {
  let trim: (padBytes: number) => number;
  try {
    trim = native().library.func('int malloc_trim(size_t pad)');
  } catch {
    return;
  }
  trim(0);
}

/** _exit(2): ends the process at once, from any thread; `process.exit` would wait for native calls, which may never return. */
export function endAtOnce(code: number): void {
  native().library.func('void _exit(int code)')(code);
}
