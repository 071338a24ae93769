/** What the tests of the offset store share. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setLogSink } from '../../src/log';
import type { TakeLock } from '../../src/offsets/file-offset-store';

/** A lock that is not a lock: Jest must not load native modules. */
export const noLock: TakeLock = async () => ({ release: async () => undefined });

/** A folder of its own for a test. */
export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'offsets-'));
}

/** Collects the log as `LEVEL message`. */
export function collectLog(): string[] {
  const lines: string[] = [];
  setLogSink(entry => lines.push(`${entry.level} ${entry.message}`));
  return lines;
}
