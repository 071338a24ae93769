/** The contract of config providers: where `${provider:path:key}` comes from (org.apache.kafka.common.config.provider.ConfigProvider). */
import type { Props } from './connector';

/** The values of a provider; unknown keys are absent. */
export interface ConfigData {
  readonly data: Readonly<Record<string, string>>;
  /** Milliseconds after which the values may change; absent if they do not. */
  readonly ttlMs?: number;
  /** The bytes that were read for it. */
  readonly bytesRead?: number;
}

/** Looks up variables. Configured once; `get` may be called at any time until `close`. */
export interface ConfigProvider {
  /** @param props the settings below `config.providers.<name>.param.` @throws ConfigException */
  configure(props: Props): void;
  /**
   * @param path the path of the variable; empty if it has none
   * @param keys which keys are asked for
   * @throws ConfigException if the place cannot be read
   */
  get(path: string, keys: ReadonlySet<string>): ConfigData;
  close(): void;
}
