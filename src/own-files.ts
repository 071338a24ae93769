/**
 * Files that this program makes beside others, in folders that may be another user's: what lies under such a name may be a symbolic link
 * that somebody has put there, so none is followed, neither to write, to read nor to lock, and nothing is given to another user in a folder
 * that is not ours or root's.
 */
import fs from 'node:fs';
import { type FileHandle, lstat, open, unlink } from 'node:fs/promises';

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_APPEND } = fs.constants;
/** What is made anew is not there before: whatever comes between is an error (EEXIST). */
const MAKE_ANEW = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW;

/**
 * Makes a file anew, in the place of what is there.
 * @param mode permission bits, less those of the umask
 * @throws a system error
 */
export async function createAnew(path: string, mode: number): Promise<FileHandle> {
  await unlink(path).catch(ignoreMissing);
  return open(path, MAKE_ANEW, mode);
}

/** The same for those who cannot wait. @returns the descriptor @throws a system error */
export function createAnewSync(path: string, mode: number): number {
  fs.rmSync(path, { force: true });
  return fs.openSync(path, MAKE_ANEW, mode);
}

/** Opens a file of ours for reading and appending, and makes it if it is missing. @throws a system error (ELOOP for a link), Error for no file */
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

/** The content of a file of ours. @throws a system error: ENOENT if it is missing, ELOOP for a link; Error for no file */
export async function readOwn(path: string): Promise<Buffer> {
  const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    refuseOther(await handle.stat());
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** The same for those who cannot wait. @throws a system error, Error for no file */
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
  if (!stat.isFile()) throw new Error('it is not a regular file');
}

/** True for a user whose links and folders can be relied on: root, and the user that this process runs as. */
export function isTrusted(uid: number): boolean {
  return uid === 0 || uid === process.getuid?.();
}

/**
 * Looks at a name that a user has set: it may be a link, but not one that another user has put there.
 * @returns true for a link that can be followed @throws Error for one that cannot; a system error, ENOENT if there is nothing
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
