/** Where the offset file and the files around it lie. */
import { readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ConnectError } from '../errors';
import { isLinkToFollow } from '../own-files';
import { errorCode, fileError } from './file-error';

/** The offset file and its companions, all in the folder of the real file. */
export interface OffsetFilePaths {
  /** The offset file itself, symbolic links resolved. */
  readonly file: string;
  readonly folder: string;
  /** The next generation while it is written. */
  readonly next: string;
  /** The generation before the current one. */
  readonly previous: string;
  /** A damaged offset file, kept for the user when the previous generation takes its place. */
  readonly damaged: string;
  /** SHA-256 of what this program wrote, see own-hashes.ts. */
  readonly hashes: string;
  /** What tasks have marked their offsets with, see offset-marks.ts. */
  readonly marks: string;
  /** The same once more, since what rotated cannot be found again without them. */
  readonly marksCopy: string;
  readonly lock: string;
  /** See worker-uuid.ts. */
  readonly workerUuid: string;
}

const MAX_LINKS = 40;

/**
 * Finds the real file; it need not exist, its folder must.
 * @throws ConnectError if the folder is missing or the path is not a place for a file
 */
export async function locateOffsetFile(path: string): Promise<OffsetFilePaths> {
  const file = await resolveLinks(resolve(path), 0);
  return {
    file,
    folder: dirname(file),
    next: `${file}.next`,
    previous: `${file}.previous`,
    damaged: `${file}.damaged`,
    hashes: `${file}.sha256`,
    marks: `${file}.marks`,
    marksCopy: `${file}.marks.copy`,
    lock: `${file}.lock`,
    workerUuid: `${file}.worker-uuid`,
  };
}

/** As realpath, but the last link may point to a file that does not exist yet. */
async function resolveLinks(path: string, links: number): Promise<string> {
  if (links > MAX_LINKS) throw new ConnectError('ConnectException', `Cannot use offset file ${path}: too many symbolic links`);
  const folder = await realFolder(path);
  const file = join(folder, basename(path));
  try {
    if (!(await isLinkToFollow(file))) return file;
    return await resolveLinks(resolve(folder, await readlink(file)), links + 1);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return file;
    throw fileError('use offset file', path, error);
  }
}

async function realFolder(path: string): Promise<string> {
  const folder = dirname(path);
  try {
    return await realpath(folder);
  } catch (error) {
    const remedy = `Create the folder ${folder} or change offset.storage.file.filename`;
    throw fileError('use offset file', path, error, remedy);
  }
}

/** What stands at the path: a regular file, a character device such as /dev/null (which keeps nothing), or nothing yet. */
export async function kindOfFile(file: string): Promise<'file' | 'device' | 'missing'> {
  try {
    const stats = await stat(file);
    if (stats.isFile()) return 'file';
    if (stats.isCharacterDevice()) return 'device';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'missing';
    throw fileError('use offset file', file, error);
  }
  throw new ConnectError('ConnectException', `Cannot use offset file ${file}: it is not a regular file`);
}
