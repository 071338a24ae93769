/** `${directory:/path:file}` (org.apache.kafka.common.config.provider.DirectoryConfigProvider). */

import fs from 'node:fs';
import { join, sep } from 'node:path';
import type { ConfigData, ConfigProvider } from '../../api/config-provider';
import type { Props } from '../../api/connector';
import { ConnectError } from '../../errors';
import { getLogger } from '../../log';
import { MAX_SECRETS_FILE_BYTES, readNamedFile } from '../../named-files';
import { ALLOWED_PATHS_CONFIG, AllowedPaths } from './allowed-paths';
import { MAX_BYTES_READ, tooMuchAsked } from './read-limit';

const log = getLogger('org.apache.kafka.common.config.provider.DirectoryConfigProvider');

/** Each regular file of the directory is a key; its content as UTF-8 is the value, untrimmed. */
export class DirectoryConfigProvider implements ConfigProvider {
  #allowedPaths = new AllowedPaths(undefined);

  configure(props: Props): void {
    this.#allowedPaths = new AllowedPaths(props[ALLOWED_PATHS_CONFIG]);
  }

  get(path: string, keys: ReadonlySet<string>): ConfigData {
    if (path === '') return { data: {} };
    const directory = this.#allowedPaths.resolve(path);
    if (directory === null) {
      log.warn(`The path ${path} is not allowed to be accessed`);
      return { data: {} };
    }
    if (!isDirectory(directory)) {
      log.warn(`The path ${directory} is not a directory`);
      return { data: {} };
    }
    attempt(`Could not list directory ${directory}`, () => fs.accessSync(directory, fs.constants.R_OK | fs.constants.X_OK));
    const data = new Map<string, string>();
    let bytesRead = 0;
    // The folder is not listed: it may hold any number of files, and only these are wanted.
    for (const name of keys) {
      if (!isFileOf(directory, name)) continue;
      const content = readSecrets(directory, name);
      bytesRead += content.length;
      if (bytesRead > MAX_BYTES_READ) throw tooMuchAsked(`files of more than ${MAX_BYTES_READ} bytes altogether`);
      data.set(name, content.toString('utf8'));
    }
    return { data: Object.fromEntries(data), bytesRead };
  }

  close(): void {}
}

function isDirectory(path: string): boolean {
  try {
    return fs.statSync(path).isDirectory();
  } catch {
    return false; // As in Java, what cannot be examined does not count.
  }
}

/** True for a regular file in the directory itself. Anything else of this name is logged. */
function isFileOf(directory: string, name: string): boolean {
  if (name === '' || name === '.' || name === '..' || name.includes(sep) || name.includes('\0')) return false;
  try {
    if (fs.statSync(join(directory, name)).isFile()) return true;
    log.warn(`${join(directory, name)} is not a regular file, so it is not read`);
  } catch {
    // Ignored, as in Java.
  }
  return false;
}

function readSecrets(directory: string, name: string): Buffer {
  const file = join(directory, name);
  return attempt(`Could not read file ${file} for property ${name}`, () => readNamedFile(file, MAX_SECRETS_FILE_BYTES));
}

function attempt<T>(failure: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    log.error(failure, error);
    throw new ConnectError('ConfigException', failure, error);
  }
}
