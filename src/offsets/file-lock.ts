/**
 * The lock that keeps two workers from one offset file: flock on a file beside it. The kernel drops it with the process, also
 * after kill -9, so no stale lock is ever left; the lock file itself stays.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { ConnectError } from '../errors';
import { tryLock } from '../libc';
import { getLogger } from '../log';
import { fileError } from './file-error';

const log = getLogger('org.apache.kafka.connect.storage.FileOffsetBackingStore');

/** A lock that is held. */
export interface FileLock {
  /** Gives the lock up; once. */
  release(): Promise<void>;
}

/**
 * Locks an offset file for this process, without waiting.
 * @param lockPath the lock file, made if it is missing
 * @param file the offset file, for messages
 * @throws ConnectError naming the file and the pid of the worker that has it
 */
export async function lockFile(lockPath: string, file: string): Promise<FileLock> {
  let handle: FileHandle;
  try {
    handle = await open(lockPath, 'a+');
  } catch (error) {
    throw fileError('lock offset file', file, error, `The lock file is ${lockPath}`);
  }
  try {
    await take(handle, file);
  } catch (error) {
    await handle.close();
    throw fileError('lock offset file', file, error);
  }
  return { release: () => handle.close() };
}

async function take(handle: FileHandle, file: string): Promise<void> {
  const failure = tryLock(handle.fd);
  if (failure === 'busy') {
    const pid = (await handle.readFile('latin1')).trim();
    const who = /^[0-9]+$/.test(pid) ? `pid ${pid}` : 'pid unknown';
    throw new ConnectError(
      'ConnectException',
      `Offset file ${file} is in use by another worker (${who}). Stop that worker or give this one its own offset.storage.file.filename`,
    );
  }
  if (failure !== undefined) {
    log.warn(`Offset file ${file} cannot be locked on this file system (errno ${failure}); make sure that no other worker uses it`);
  }
  await handle.truncate(0);
  await handle.write(`${process.pid}\n`);
}
