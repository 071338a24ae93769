/** `file.allowed.paths`: the folders in which connectors may read and write files. Not in Java, whose file connectors take any file. */
import fs from 'node:fs';
import path from 'node:path';
import { invalidValue } from '../api/config-types';
import type { Props } from '../api/connector';
import type { NamedFile } from '../api/plugin';
import { AllowedPaths } from './providers/allowed-paths';

/** Key of the setting. */
export const FILE_ALLOWED_PATHS = 'file.allowed.paths';
/** As many as Linux follows. */
const MAX_LINKS = 40;

/** Which files connectors may name. */
export class AllowedFiles {
  private readonly folders: AllowedPaths | null;

  /**
   * @param folders `file.allowed.paths`; empty allows any file
   * @throws ConfigException for a folder that is not absolute or does not exist
   */
  constructor(folders: readonly string[]) {
    // Allowed folders are also resolved, since files are compared with their links resolved.
    this.folders =
      folders.length === 0
        ? null
        : new AllowedPaths(
            checked(folders)
              .map(folder => fs.realpathSync(folder))
              .join(','),
          );
  }

  /** @param filesOf the files that settings name @throws ConfigException for a file outside the folders, by its name or through a link */
  check(props: Props, filesOf: (props: Props) => readonly NamedFile[]): void {
    if (this.folders === null) return;
    for (const { key, file } of filesOf(props)) {
      const target = isClimbing(file) ? null : targetOf(file);
      if (target !== null && this.folders.resolve(target) !== null) continue;
      throw invalidValue(key, file, `it is not in one of the folders that ${FILE_ALLOWED_PATHS} of the worker lists`);
    }
  }
}

/** @throws ConfigException that names the setting */
function checked(folders: readonly string[]): readonly string[] {
  try {
    new AllowedPaths(folders.join(','));
    return folders;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw invalidValue(FILE_ALLOWED_PATHS, folders.join(','), why, error);
  }
}

/** True for a path with `..`, which after a link leads elsewhere than it seems. */
function isClimbing(file: string): boolean {
  return file.split(path.sep).includes('..');
}

/** Where a file is or will be created, with links followed, dangling ones included; null if that is unknown. */
function targetOf(file: string): string | null {
  const missing: string[] = [];
  let current = path.resolve(file);
  for (let links = 0; links < MAX_LINKS; ) {
    try {
      return path.join(fs.realpathSync(current), ...missing);
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    }
    const link = linkAt(current);
    if (link !== null && isClimbing(link)) return null;
    if (link !== null) {
      current = path.resolve(path.dirname(current), link);
      links++;
    } else {
      missing.unshift(path.basename(current));
      current = path.dirname(current);
    }
  }
  return null;
}

function linkAt(file: string): string | null {
  try {
    return fs.readlinkSync(file);
  } catch {
    return null;
  }
}
