/** The `errors.` settings of a connector, parsed. */
import { toDelayMs } from '../../api/config-types';
import type { ParsedConfig } from '../../api/parsed-config';

/** How failed records are handled. */
export interface ErrorSettings {
  readonly tolerance: 'none' | 'all';
  readonly logEnabled: boolean;
  /** Whether the log shows the record. */
  readonly includeMessages: boolean;
  /** Negative: for ever; 0: no retries. */
  readonly retryTimeoutMs: number;
  readonly retryMaxDelayMs: number;
}

/** Reads the settings. @param connector as `connectorDef` parses it */
export function errorSettings(connector: ParsedConfig): ErrorSettings {
  const retryTimeoutMs = connector.getLong('errors.retry.timeout');
  return {
    tolerance: connector.getString('errors.tolerance') === 'all' ? 'all' : 'none',
    logEnabled: connector.getBoolean('errors.log.enable'),
    includeMessages: connector.getBoolean('errors.log.include.messages'),
    retryTimeoutMs: retryTimeoutMs < 0 ? retryTimeoutMs : toDelayMs(retryTimeoutMs),
    retryMaxDelayMs: connector.getDelayMs('errors.retry.delay.max.ms'),
  };
}
