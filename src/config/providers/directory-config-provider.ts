/** `${directory:/path:file}` (org.apache.kafka.common.config.provider.DirectoryConfigProvider). */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Props } from '../../api/connector';
import { ConnectError } from '../../errors';
import { getLogger } from '../../log';
import { ALLOWED_PATHS_CONFIG, AllowedPaths } from './allowed-paths';
import type { ConfigData, ConfigProvider } from './config-provider';

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
    if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
      log.warn(`The path ${directory} is not a directory`);
      return { data: {} };
    }
    const files = attempt(`Could not list directory ${directory}`, () => readdirSync(directory))
      .filter(name => keys.has(name))
      .filter(name => statSync(join(directory, name), { throwIfNoEntry: false })?.isFile());
    return { data: Object.fromEntries(files.map(name => [name, readFile(directory, name)])) };
  }

  close(): void {}
}

function readFile(directory: string, name: string): string {
  const file = join(directory, name);
  return attempt(`Could not read file ${file} for property ${name}`, () => readFileSync(file, 'utf8'));
}

function attempt<T>(failure: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    log.error(failure, error);
    throw new ConnectError('ConfigException', failure, error);
  }
}
