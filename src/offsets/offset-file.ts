/**
 * The offset file on disk and the generation before it. A save never touches the current file: it writes the next one beside it
 * and renames, so that at any moment, also after kill -9 or a power cut, a whole file is in place.
 */
import { constants } from 'node:fs';
import { access, copyFile, link, rename, stat } from 'node:fs/promises';
import { asSentence, ConnectError } from '../errors';
import { HashMapFormatError, type JavaEntry, readHashMap, writeHashMap } from '../java/serialization/java-hash-map';
import { getLogger } from '../log';
import { readOwn } from '../own-files';
import { removeIfPresent, renameInto, writeAndSync } from './durable-write';
import { errorCode, fileError } from './file-error';
import type { OffsetFilePaths } from './offset-file-paths';
import { hashOf, isAltered, type OwnFile, readOwnFiles, writeOwnFiles } from './own-hashes';

const log = getLogger('org.apache.kafka.connect.storage.FileOffsetBackingStore');
/** So many files of failed saves stay on record, since any of them may have come to lie at the path after all. */
const MAX_OWN_FILES = 16;
const PROBE_BYTES = 4096;

const ALTERED = new HashMapFormatError('damaged', 'its content has changed, though nothing was written to it since the last save');

/** What was found at the start. */
export interface LoadedOffsets {
  readonly entries: readonly JavaEntry[];
  /** Who wrote them: this program, a Java worker where this program never was, or one that came after this program. */
  readonly writer: 'own' | 'java' | 'java-after-own';
}

/** Reads and replaces the offset file. Calls must not overlap. */
export class OffsetFile {
  /** What lies at the path now: a whole file, nothing, or a damaged one whose place the previous generation takes. */
  private state: 'whole' | 'missing' | 'damaged' = 'missing';
  /** Files of ours that may lie at the path now. */
  private own: readonly OwnFile[] = [];

  constructor(private readonly paths: OffsetFilePaths) {}

  /** Fails now rather than at the first commit if nothing can be written. @throws ConnectError with path and reason */
  async probe(): Promise<void> {
    const { file, next } = this.paths;
    try {
      await access(file, constants.R_OK | constants.W_OK);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw fileError('use offset file', file, error);
    }
    await writeAndSync(next, Buffer.alloc(PROBE_BYTES));
    await removeIfPresent(next);
  }

  /** Reads the file, or the previous generation if it is damaged. @throws ConnectError if neither can be used */
  async load(): Promise<LoadedOffsets> {
    const { file, previous, hashes } = this.paths;
    const content = await readIfPresent(file);
    if (content === null) {
      log.info(`Offset file ${file} does not exist yet: sources start from the beginning`);
      return { entries: [], writer: 'own' };
    }
    if (content.length === 0 && (await this.isNew())) {
      log.warn(`Offset file ${file} is empty (0 bytes) and was never written by this program: sources start from the beginning`);
      return { entries: [], writer: 'own' };
    }
    const ownFiles = await readOwnFiles(hashes);
    const current = isAltered({ hash: hashOf(content), mtimeMs: (await stat(file)).mtimeMs }, ownFiles ?? []) ? ALTERED : parse(content);
    const used = Array.isArray(current) ? { content, entries: current } : await this.recover(current);
    this.state = used.content === content ? 'whole' : 'damaged';
    const hash = hashOf(used.content);
    const own = ownFiles?.find(known => known.hash === hash);
    if (own) {
      this.own = [own];
      return { entries: used.entries, writer: 'own' };
    }
    const usedBefore = ownFiles !== null || (await readIfPresent(previous)) !== null;
    return { entries: used.entries, writer: usedBefore ? 'java-after-own' : 'java' };
  }

  /** Replaces the file; when it returns, the entries are safe. @throws ConnectError with path and reason; the old file stays */
  async write(entries: readonly JavaEntry[]): Promise<void> {
    const { file, next, hashes } = this.paths;
    const content = writeHashMap(entries);
    const hash = hashOf(content);
    await writeAndSync(next, content, file);
    const written = { hash, mtimeMs: (await stat(next)).mtimeMs };
    const others = this.own.filter(other => other.hash !== hash);
    // The last one lies at the path.
    const known = [written, ...others.slice(0, -1).slice(0, MAX_OWN_FILES), ...others.slice(-1)];
    await writeOwnFiles(hashes, known);
    this.own = known;
    await this.keepPrevious();
    await renameInto(next, file);
    // The one before stays on record, since it is the previous generation now.
    this.own = [written];
    this.state = 'whole';
  }

  /** An empty file that somebody made for us (touch, mktemp) is a new one, as in Java; once we have saved it is a damaged one. */
  private async isNew(): Promise<boolean> {
    const { previous, hashes } = this.paths;
    return (await readOwnFiles(hashes)) === null && (await readIfPresent(previous)) === null;
  }

  private async keepPrevious(): Promise<void> {
    const { file, previous, damaged } = this.paths;
    // A user who removes the file starts anew; what was before must not come back when the new file gets damaged.
    if (this.state === 'missing') await removeIfPresent(previous);
    else await linkOver(file, this.state === 'whole' ? previous : damaged);
  }

  private async recover(damage: HashMapFormatError): Promise<{ content: Buffer; entries: JavaEntry[] }> {
    const { file, previous } = this.paths;
    if (damage.kind === 'foreign') throw new ConnectError('ConnectException', `${damage.message} (offset file ${file})`, damage);
    const content = await readIfPresent(previous);
    const entries = content === null ? null : parse(content);
    if (content !== null && Array.isArray(entries)) {
      log.warn(
        `Offset file ${file} is DAMAGED: ${asSentence(damage.message)} Going on with the previous generation ${previous}; records after it are ` +
          `sent again. The damaged file is kept as ${this.paths.damaged} with the next save`,
      );
      return { content, entries };
    }
    const other = entries === null ? 'does not exist' : `is damaged too: ${entries instanceof Error ? entries.message : ''}`;
    throw new ConnectError(
      'ConnectException',
      `Offset file ${file} is damaged: ${damage.message}; the previous generation ${previous} ${other}. Put back a copy of the file, ` +
        'or delete it if all sources should start from the beginning (with exactly.once.source.support=enabled: from what the topic of offsets has)',
      damage,
    );
  }
}

function parse(content: Buffer): JavaEntry[] | HashMapFormatError {
  if (content.length === 0) return new HashMapFormatError('damaged', 'it is empty (0 bytes)');
  try {
    return readHashMap(content);
  } catch (error) {
    if (error instanceof HashMapFormatError) return error;
    throw error;
  }
}

async function readIfPresent(path: string): Promise<Buffer | null> {
  try {
    return await readOwn(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw fileError('read offset file', path, error);
  }
}

/** Makes `to` a second name of `from`, replacing what was there at once; a copy where links are not allowed. */
async function linkOver(from: string, to: string): Promise<void> {
  const temporary = `${to}.tmp`;
  try {
    await removeIfPresent(temporary);
    await link(from, temporary).catch(() => copyFile(from, temporary, constants.COPYFILE_EXCL));
    await rename(temporary, to);
    // Two names of one file: POSIX rename does nothing then and leaves both.
    await removeIfPresent(temporary);
  } catch (error) {
    // Removed by hand while the worker runs: there is nothing to keep.
    if (errorCode(error) !== 'ENOENT') throw fileError('keep', to, error);
  }
}
