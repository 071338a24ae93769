/** `${env:NAME}` (org.apache.kafka.common.config.provider.EnvVarConfigProvider, KIP-887). */

import type { ConfigData, ConfigProvider } from '../../api/config-provider';
import { invalidValue } from '../../api/config-types';
import type { Props } from '../../api/connector';
import { ConnectError, toError } from '../../errors';
import { compileFullMatch } from '../../java/regex/regex';
import { getLogger } from '../../log';

const log = getLogger('org.apache.kafka.common.config.provider.EnvVarConfigProvider');
const ALLOWLIST_PATTERN_CONFIG = 'allowlist.pattern';

/** Environment variables whose names match `allowlist.pattern`, as they were when the provider was configured. */
export class EnvVarConfigProvider implements ConfigProvider {
  readonly #environment: Readonly<Record<string, string | undefined>>;
  #allowed = new Map<string, string>();

  constructor(environment: Readonly<Record<string, string | undefined>> = process.env) {
    this.#environment = environment;
  }

  configure(props: Props): void {
    const pattern = props[ALLOWLIST_PATTERN_CONFIG];
    if (pattern === undefined) log.info("No pattern for environment variables provided. Using default pattern '(.*)'.");
    for (const name of matchingNames(pattern ?? '.*', Object.keys(this.#environment))) {
      const value = this.#environment[name];
      if (value !== undefined) this.#allowed.set(name, value);
    }
  }

  get(path: string, keys: ReadonlySet<string>): ConfigData {
    if (path !== '') {
      const problem = `Path is not supported for EnvVarConfigProvider, invalid value '${path}'`;
      log.error(problem);
      throw new ConnectError('ConfigException', problem);
    }
    return { data: Object.fromEntries([...this.#allowed].filter(([name]) => keys.has(name))) };
  }

  close(): void {}
}

/** Java lets the error of the pattern pass as it is, which names no setting. */
function matchingNames(pattern: string, names: readonly string[]): readonly string[] {
  try {
    return compileFullMatch(pattern).filter(names);
  } catch (error) {
    throw invalidValue(ALLOWLIST_PATTERN_CONFIG, pattern, toError(error).message, error);
  }
}
