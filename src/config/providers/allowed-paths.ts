/** The `allowed.paths` setting of providers that read files (org.apache.kafka.common.config.internals.AllowedPaths). */

import { existsSync } from 'node:fs';
import { isAbsolute, normalize, sep } from 'node:path';
import { SettingError } from '../../errors';

/** Key of the setting. */
export const ALLOWED_PATHS_CONFIG = 'allowed.paths';

/** The paths that a provider may read; without the setting, all. */
export class AllowedPaths {
  readonly #allowed: readonly string[] | null;

  /** @throws ConfigException if a path is not absolute or does not exist */
  constructor(setting: string | undefined) {
    this.#allowed = setting ? setting.split(',').map(checkPath) : null;
  }

  /** The path to read (normalised if paths are restricted), or null if it must not be read. */
  resolve(path: string): string | null {
    if (this.#allowed === null) return path;
    const wanted = withoutEndingSlash(normalize(path));
    return this.#allowed.some(allowed => wanted === allowed || wanted.startsWith(allowed === sep ? sep : allowed + sep)) ? wanted : null;
  }
}

function checkPath(text: string): string {
  const path = withoutEndingSlash(normalize(text));
  if (!isAbsolute(path)) throw new SettingError(ALLOWED_PATHS_CONFIG, `Path ${text === '' ? '' : path} is not absolute`);
  if (!existsSync(path)) throw new SettingError(ALLOWED_PATHS_CONFIG, `Path ${path} does not exist`);
  return path;
}

const withoutEndingSlash = (path: string): string => (path.length > 1 && path.endsWith(sep) ? path.slice(0, -1) : path);
