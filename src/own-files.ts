/**
 * Files that this program creates beside others, perhaps in folders of other users. Another user may have put a symbolic link under such a
 * name, so links are never followed, whether to read, write or lock; and no file is given to another user in a folder that is neither ours
 * nor root's.
 */
import fs from 'node:fs';
import { type FileHandle, lstat, open, unlink } from 'node:fs/promises';
import { notRegular } from './named-files';

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_APPEND } = fs.constants;
/** For a file that must not exist yet: if one appears meanwhile, opening fails (EEXIST). */
const MAKE_ANEW = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW;

/**
 * Creates a file, and replaces what is there.
 * @param mode permission bits, less those of the umask
 * @throws a system error
 */
export async function createAnew(path: string, mode: number): Promise<FileHandle> {
  await unlink(path).catch(ignoreMissing);
  return open(path, MAKE_ANEW, mode);
}

/** The same, synchronously. @returns the descriptor @throws a system error */
export function createAnewSync(path: string, mode: number): number {
  fs.rmSync(path, { force: true });
  return fs.openSync(path, MAKE_ANEW, mode);
}

/**
 * Opens a file of ours for reading and appending, and creates it if it is missing.
 * @throws a system error (ELOOP for a link); Error if it is not a regular file
 */
export async function openOwn(path: string, mode: number): Promise<FileHandle> {
  const handle = await open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK, mode);
  try {
    refuseOther(await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The content of a file of ours. @throws a system error: ENOENT if it is missing, ELOOP for a link; Error if it is not a regular file */
export async function readOwn(path: string): Promise<Buffer> {
  const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    refuseOther(await handle.stat());
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** The same, synchronously. @throws as `readOwn` */
export function readOwnSync(path: string): Buffer {
  const fd = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    refuseOther(fs.fstatSync(fd));
    return fs.readFileSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

function refuseOther(stat: fs.Stats): void {
  if (!stat.isFile()) throw new Error(notRegular(stat));
}

/** True for users whose links and folders are trusted: root, and the user of this process. */
export function isTrusted(uid: number): boolean {
  return uid === 0 || uid === process.getuid?.();
}

/**
 * Checks a path from the settings: it may be a link, but not one created by another user.
 * @returns true for a link that may be followed @throws Error for one that may not; a system error, ENOENT if there is nothing
 */
export async function isLinkToFollow(path: string): Promise<boolean> {
  const stat = await lstat(path);
  const { uid } = stat;
  const isLink = stat.isSymbolicLink();
  if (isLink && !isTrusted(uid))
    throw new Error(
      `${path} is a symbolic link of another user (uid ${uid}) and is not followed. Name the file itself, or make the link again as the user of the worker`,
    );
  return isLink;
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
