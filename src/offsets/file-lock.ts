/**
 * The lock that keeps a second worker off an offset file: flock on a file beside it. The kernel drops it with the process, also
 * after kill -9, so that no stale lock is ever left; the lock file itself stays.
 */
import type { FileHandle } from 'node:fs/promises';
import { ConnectError } from '../errors';
import { tryLock } from '../libc';
import { getLogger } from '../log';
import { openOwn } from '../own-files';
import { fileError } from './file-error';

const log = getLogger('org.apache.kafka.connect.storage.FileOffsetBackingStore');

/** A lock that is held. */
export interface FileLock {
  /** Gives the lock up; once. */
  release(): Promise<void>;
}

/** What a locked file is, for messages. */
export interface LockedFile {
  readonly what: string;
  /** The setting that names it. */
  readonly setting: string;
}

const NEW_FILE_MODE = 0o666;
const MAX_PID_BYTES = 32;
const OFFSET_FILE: LockedFile = { what: 'Offset file', setting: 'offset.storage.file.filename' };

/**
 * Locks a file of a worker for this process, without waiting.
 * @param lockPath the lock file, made if it is missing
 * @param file the file itself, for messages
 * @throws ConnectError naming the file and the pid of the worker that has it
 */
export async function lockFile(lockPath: string, file: string, kind: LockedFile = OFFSET_FILE): Promise<FileLock> {
  const action = `lock ${kind.what.toLowerCase()}`;
  let handle: FileHandle;
  try {
    handle = await openOwn(lockPath, NEW_FILE_MODE);
  } catch (error) {
    throw fileError(action, file, error, `The lock file is ${lockPath}`);
  }
  try {
    await take(handle, file, kind);
  } catch (error) {
    await handle.close();
    throw fileError(action, file, error, `The lock file is ${lockPath}`);
  }
  return { release: () => handle.close() };
}

async function take(handle: FileHandle, file: string, { what, setting }: LockedFile): Promise<void> {
  const failure = tryLock(handle.fd);
  const pid = await pidIn(handle);
  if (failure === 'busy') {
    const who = pid ? `pid ${pid}` : 'pid unknown';
    throw new ConnectError(
      'ConnectException',
      `${what} ${file} is in use by another worker (${who}). Stop that worker or give this one its own ${setting}`,
    );
  }
  if (failure !== undefined) {
    log.warn(`${what} ${file} cannot be locked on this file system (errno ${failure}); make sure that no other worker uses it`);
  }
  if (pid === null && (await handle.stat()).nlink > 1) throw new Error('it is another file, by a second name (a hard link)');
  await handle.truncate(0);
  await handle.write(`${process.pid}\n`);
}

/** What a lock file holds: the number of a process, or nothing yet; null for a file that is no lock file. */
async function pidIn(handle: FileHandle): Promise<string | null> {
  const { size } = await handle.stat();
  const text = size > MAX_PID_BYTES ? null : (await handle.readFile('latin1')).trim();
  return text !== null && /^\d*$/.test(text) ? text : null;
}
