/** The `errors.` settings of a connector, parsed. */
import { parseType } from '../api/config-def';
import type { ConfigType } from '../api/config-types';
import type { Props } from '../api/connector';

/** What happens to records that fail. */
export interface ErrorSettings {
  readonly tolerance: 'none' | 'all';
  readonly logEnabled: boolean;
  /** Whether the log says which record it was. */
  readonly includeMessages: boolean;
  /** Negative for ever, 0 for no retries. */
  readonly retryTimeoutMs: number;
  readonly retryMaxDelayMs: number;
}

/** Reads the settings; what is left out has Java's default. @throws ConfigException */
export function readErrorSettings(props: Props): ErrorSettings {
  const read = (key: string, type: ConfigType): unknown => parseType(key, props[key] ?? null, type);
  return {
    tolerance: props['errors.tolerance']?.trim() === 'all' ? 'all' : 'none',
    logEnabled: read('errors.log.enable', 'BOOLEAN') === true,
    includeMessages: read('errors.log.include.messages', 'BOOLEAN') === true,
    retryTimeoutMs: Number(read('errors.retry.timeout', 'LONG') ?? 0),
    retryMaxDelayMs: Number(read('errors.retry.delay.max.ms', 'LONG') ?? 60_000),
  };
}
