/** Writing files so that a crash, at any moment, leaves either the old content or the new one. */
import { type FileHandle, open, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createAnew, isTrusted } from '../own-files';
import { errorCode, fileError } from './file-error';

/** As Java creates files: 0666 without the bits of the umask. */
const NEW_FILE_MODE = 0o666;
const PERMISSION_BITS = 0o7777;

/**
 * Writes a temporary file beside the target and puts it in the target's place; no link is followed.
 * @throws ConnectError with path and reason
 */
export async function writeDurably(path: string, content: Buffer): Promise<void> {
  const temporary = `${path}.tmp`;
  await writeAndSync(temporary, content);
  await renameInto(temporary, path);
}

/**
 * Writes a file anew, in the place of whatever has its name, and waits until it is on disk.
 * @param like a file whose mode it gets, if that exists; its owner too, where the folder is ours or root's
 * @param mode permission bits where there is no such file, less those of the umask
 */
export async function writeAndSync(path: string, content: Buffer, like?: string, mode = NEW_FILE_MODE): Promise<void> {
  try {
    const handle = await createAnew(path, mode);
    try {
      if (like !== undefined) await copyPermissions(handle, like);
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // What was written before a disk ran full would only keep it full.
    await unlink(path).catch(() => undefined);
    throw fileError('write', path, error);
  }
}

/** Renames within a folder and waits until the folder is on disk. */
export async function renameInto(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
    await syncFolder(dirname(to));
  } catch (error) {
    throw fileError('replace', to, error);
  }
}

/** Removes a file if it is there. */
export async function removeIfPresent(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw fileError('remove', path, error);
  }
}

async function copyPermissions(handle: FileHandle, like: string): Promise<void> {
  try {
    const [wanted, found, folder] = await Promise.all([stat(like), handle.stat(), stat(dirname(like))]);
    const isOther = wanted.uid !== found.uid || wanted.gid !== found.gid;
    // Only root may give files away; for others the owner changes, as with every editor that saves by renaming.
    if (isOther && process.getuid?.() === 0 && isTrusted(folder.uid)) await handle.chown(wanted.uid, wanted.gid);
    if (((wanted.mode ^ found.mode) & PERMISSION_BITS) !== 0) await handle.chmod(wanted.mode & PERMISSION_BITS);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some network file systems know no fsync of a folder; the rename itself is done.
    if (errorCode(error) !== 'EINVAL' && errorCode(error) !== 'ENOTSUP') throw error;
  } finally {
    await handle.close();
  }
}
