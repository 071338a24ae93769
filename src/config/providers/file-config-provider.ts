/** `${file:/path/to.properties:key}` (org.apache.kafka.common.config.provider.FileConfigProvider). */

import type { ConfigData, ConfigProvider } from '../../api/config-provider';
import type { Props } from '../../api/connector';
import { ConnectError } from '../../errors';
import { getLogger } from '../../log';
import { MAX_SECRETS_FILE_BYTES, readNamedFile } from '../../named-files';
import { parseProperties } from '../files/properties';
import { ALLOWED_PATHS_CONFIG, AllowedPaths } from './allowed-paths';

const log = getLogger('org.apache.kafka.common.config.provider.FileConfigProvider');

/** Reads the properties file at every call, as UTF-8. A path that is not allowed is logged and has no values. */
export class FileConfigProvider implements ConfigProvider {
  #allowedPaths = new AllowedPaths(undefined);

  configure(props: Props): void {
    this.#allowedPaths = new AllowedPaths(props[ALLOWED_PATHS_CONFIG]);
  }

  get(path: string, keys: ReadonlySet<string>): ConfigData {
    if (path === '') return { data: {} };
    const file = this.#allowedPaths.resolve(path);
    if (file === null) {
      log.warn(`The path ${path} is not allowed to be accessed`);
      return { data: {} };
    }
    const bytes = readSecrets(path, file);
    const all = parseProperties(bytes.toString('utf8'), path);
    return { data: Object.fromEntries(Object.entries(all).filter(([key]) => keys.has(key))), bytesRead: bytes.length };
  }

  close(): void {}
}

function readSecrets(path: string, file: string): Buffer {
  try {
    return readNamedFile(file, MAX_SECRETS_FILE_BYTES);
  } catch (error) {
    log.error(`Could not read properties from file ${path}`, error);
    throw new ConnectError('ConfigException', `Could not read properties from file ${path}`, error);
  }
}
