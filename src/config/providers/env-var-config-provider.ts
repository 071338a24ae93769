/** `${env:NAME}` (org.apache.kafka.common.config.provider.EnvVarConfigProvider, KIP-887). */

import type { Props } from '../../api/connector';
import { ConnectError } from '../../errors';
import { compileFullMatch } from '../../java/regex/regex';
import { getLogger } from '../../log';
import type { ConfigData, ConfigProvider } from './config-provider';

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
    const matcher = compileFullMatch(pattern ?? '.*');
    for (const name of matcher.filter(Object.keys(this.#environment))) {
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
