/** The contract of config providers: where `${provider:path:key}` comes from (org.apache.kafka.common.config.provider.ConfigProvider). */

import type { Props } from '../../api/connector';
import { ConnectError } from '../../errors';

/** What one set of settings may have read by providers, in bytes; who may set up a connector must not fill the memory by that. */
export const MAX_BYTES_READ = 4 * 1024 * 1024;

/** More than that was asked for. */
export const tooMuchAsked = (what: string): ConnectError =>
  new ConnectError('ConfigException', `The variables of these settings ask for ${what}, which is not allowed: use fewer or smaller ones`);

/** What a provider knows; keys it does not know are absent. */
export interface ConfigData {
  readonly data: Readonly<Record<string, string>>;
  /** Milliseconds after which the values may change; absent: they stay. */
  readonly ttlMs?: number;
  /** How many bytes were read for it. */
  readonly bytesRead?: number;
}

/** Looks up variables. Configured once; `get` may be called at any time until `close`. */
export interface ConfigProvider {
  /** @param props the settings below `config.providers.<name>.param.` @throws ConfigException */
  configure(props: Props): void;
  /**
   * @param path where to look; empty when the variable names none
   * @param keys which keys are asked for
   * @throws ConfigException if the place cannot be read
   */
  get(path: string, keys: ReadonlySet<string>): ConfigData;
  close(): void;
}
