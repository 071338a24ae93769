/** Tells whether enough descriptors, threads and memory are left for another task. On Linux only. */
import fs from 'node:fs';
import { toError } from '../errors';

/** Descriptors kept for the worker itself, so that REST, offsets and the log keep working. */
const SPARE_DESCRIPTORS = 64;
const SPARE_THREADS = 128;
const SPARE_MEMORY_BYTES = 192 * 1024 * 1024;

const FAILURES =
  /\b(?:EMFILE|ENFILE|ENOMEM|EAGAIN|ERR_WORKER_OUT_OF_MEMORY|ERR_WORKER_INIT_FAILED)\b|too many open files|cannot allocate memory|resource temporarily unavailable|failed to create thread/i;

/** Where the figures are read; tests use a folder of their own. */
export interface ResourceFiles {
  /** `/proc`. */
  readonly proc: string;
  /** `/sys/fs/cgroup`. */
  readonly cgroup: string;
}

const LINUX: ResourceFiles = { proc: '/proc', cgroup: '/sys/fs/cgroup' };

/** Which resource is running out, with the limit to raise; null if none is, or that is unknown. Never throws. */
export function scarceResource(files: ResourceFiles = LINUX): string | null {
  return scarceDescriptors(files) ?? scarceThreads(files) ?? scarceMemory(files);
}

/** True for a failure to get descriptors, threads or memory, after which the next task would fail too. */
export function isWantOfResources(thrown: unknown): boolean {
  for (let error: unknown = thrown, depth = 0; error !== undefined && error !== null && depth < 20; depth++) {
    const { message, cause } = toError(error);
    const { code } = error as NodeJS.ErrnoException;
    if (FAILURES.test(message) || (typeof code === 'string' && FAILURES.test(code))) return true;
    error = cause;
  }
  return false;
}

function scarceDescriptors({ proc }: ResourceFiles): string | null {
  const limit = numberIn(`${proc}/self/limits`, /^Max open files +(\d+)/m);
  const used = countIn(`${proc}/self/fd`);
  if (limit === null || used === null || limit - used >= SPARE_DESCRIPTORS) return null;
  return `${used} of ${limit} file descriptors are in use. Raise the limit (ulimit -n, or LimitNOFILE= of systemd)`;
}

function scarceThreads({ proc, cgroup }: ResourceFiles): string | null {
  const limit = numberIn(`${cgroup}/pids.max`, /^(\d+)/);
  const used = numberIn(`${cgroup}/pids.current`, /^(\d+)/);
  if (limit !== null && used !== null && limit - used < SPARE_THREADS) {
    return `${used} of ${limit} threads and processes are in use. Raise the limit (pids.max, TasksMax= of systemd)`;
  }
  const system = numberIn(`${proc}/sys/kernel/threads-max`, /^(\d+)/);
  const all = numberIn(`${proc}/loadavg`, /^\S+ \S+ \S+ \d+\/(\d+)/);
  if (system === null || all === null || system - all >= SPARE_THREADS) return null;
  return `${all} of the ${system} threads that this machine can have are in use`;
}

function scarceMemory({ proc, cgroup }: ResourceFiles): string | null {
  const availableKiB = numberIn(`${proc}/meminfo`, /^MemAvailable: +(\d+) kB/m);
  const limit = numberIn(`${cgroup}/memory.max`, /^(\d+)/);
  const used = numberIn(`${cgroup}/memory.current`, /^(\d+)/);
  const reclaimable = numberIn(`${cgroup}/memory.stat`, /^inactive_file (\d+)/m) ?? 0;
  const left = Math.min(
    availableKiB === null ? Number.POSITIVE_INFINITY : availableKiB * 1024,
    limit === null || used === null ? Number.POSITIVE_INFINITY : limit - used + reclaimable,
  );
  if (left >= SPARE_MEMORY_BYTES) return null;
  return `only ${Math.max(0, Math.round(left / 1024 / 1024))} MiB of memory are left`;
}

function numberIn(file: string, pattern: RegExp): number | null {
  try {
    const found = pattern.exec(fs.readFileSync(file, 'utf8'))?.[1];
    return found === undefined ? null : Number(found);
  } catch {
    // Not Linux, or an unknown layout of cgroups.
    return null;
  }
}

function countIn(folder: string): number | null {
  try {
    return fs.readdirSync(folder).length;
  } catch {
    return null;
  }
}
