/** Where reading begins: which file a stored position belongs to, and which files have had the name since. */
import type { FileMark } from '../shared/file-identity';
import { isSameFile } from '../shared/file-identity';
import { compareAge, type FoundFile, type LogFolder } from './log-folder';

/** A place to begin at. */
export interface Beginning {
  readonly file: FoundFile;
  readonly position: number;
  /** Files that follow, in their order, each from 0. */
  readonly later: readonly FoundFile[];
  /** It is another file with the same bytes, to which nobody writes. */
  readonly isCopy: boolean;
  /** Why something may be lost: the file of the position is gone, perhaps with bytes that nobody had read. Null where nothing is. */
  readonly lost: string | null;
}

/**
 * Finds the file of a position. A position is used in a file only if that is proven to be the one: by its identity, or by the bytes before
 * it.
 * @param mark what is known of the position; null for nothing: then the file that has the name is taken for the one
 * @param missingSinceNs since when there has been no file of the name, in epoch nanoseconds; null where there was one at the first look.
 *   Where nothing else is known, files that have had the name since come first
 * @returns null while there is no file at all @throws a system error
 */
export function findBeginning(folder: LogFolder, position: number, mark: FileMark | null, missingSinceNs: bigint | null): Beginning | null {
  const named = folder.named();
  if (named && !named.isRegular) return { file: named, position, later: [], isCopy: false, lost: null };
  if (!mark) return named && withoutMark(folder, named, position, missingSinceNs);
  const original = mark.identity && folder.find(mark.identity);
  if (original && folder.isUnchanged(original, position, mark.hash))
    return { file: original, position, later: after(folder, original, named), isCopy: false, lost: null };
  const copy = position > 0 && mark.hash !== null ? folder.withContent(position, mark.hash, null) : null;
  if (copy) return { file: copy, position, later: after(folder, copy, named), isCopy: !isNamed(copy, named), lost: null };
  return fromStart(folder, position, mark, original, named);
}

function withoutMark(folder: LogFolder, named: FoundFile, position: number, missingSinceNs: bigint | null): Beginning {
  const before = missingSinceNs !== null && position === 0 ? folder.rotatedBetween(missingSinceNs, named) : [];
  const [file = named, ...later] = [...before, named];
  return { file, position, later: before.length > 0 ? later : [], isCopy: false, lost: null };
}

/** The file of the position is gone, or has other content: all that came after it is read from its start. */
function fromStart(
  folder: LogFolder,
  position: number,
  { identity }: FileMark,
  original: FoundFile | null,
  named: FoundFile | null,
): Beginning | null {
  if (original) {
    const lost = `it was truncated, rewritten or replaced while nobody read it: the bytes before position ${position} have changed`;
    return { file: original, position: 0, later: after(folder, original, named), isCopy: false, lost };
  }
  if (!named) return null;
  const between = identity && identity.birthNs > 0n ? folder.rotatedBetween(identity.birthNs, named) : [];
  const [file = named, ...rest] = [...between, named];
  const lost = `it was replaced while nobody read it: the file that was read up to position ${position} is no longer in the folder`;
  return { file, position: 0, later: rest, isCopy: false, lost };
}

function after(folder: LogFolder, file: FoundFile, named: FoundFile | null): FoundFile[] {
  if (isNamed(file, named)) return [];
  const between = folder.rotatedBetween(file.orderNs, named, file.path).filter(each => compareAge(file, each) < 0);
  return named ? [...between, named] : between;
}

function isNamed(file: FoundFile, named: FoundFile | null): boolean {
  return named !== null && isSameFile(file.identity, named.identity);
}
