/** What a run leaves behind when it is interrupted: nothing. */
import fs from 'node:fs';
import os from 'node:os';
import { processTree } from '../../helpers/processes/process-tree';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const PATIENCE_MS = 10_000;

/**
 * From now on these signals end this process with all it has started, frozen processes too, and what it registered for its `exit`,
 * such as folders, is cleared away after those are gone.
 */
export function endTidilyOnSignals(): void {
  for (const signal of SIGNALS) {
    process.once(signal, () => {
      killDescendants();
      process.exit(128 + os.constants.signals[signal]);
    });
  }
}

/** All in one go, so that nothing of ours can start more of them meanwhile. */
function killDescendants(): void {
  const [, ...descendants] = processTree(process.pid);
  for (const pid of descendants) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it has ended by itself
    }
  }
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (const end = Date.now() + PATIENCE_MS; descendants.some(isRunning) && Date.now() < end; ) Atomics.wait(pause, 0, 0, 20);
}

/** False for a process that is gone, or of which only its exit code is left: who should collect that is us. */
function isRunning(pid: number): boolean {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
