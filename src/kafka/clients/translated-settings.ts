/** What becomes of the settings of a client before it is made. */
import type { Props } from '../../api/connector';
import type { Logger } from '../../log';
import { type ClientSettings, translateClientProps } from '../settings/client-config';
import type { ClientKind } from '../settings/client-key';
import type { Purpose } from './purposes';

/** The settings of a client, in librdkafka's names; `props` has them in Java's. */
export interface TranslatedSettings extends Omit<ClientSettings, 'warnings' | 'defaultApiTimeoutMs'> {
  readonly props: Props;
  readonly apiTimeoutMs: number;
}

/** Merges and translates the settings of a client. @param logger is told of those without an effect @throws ConfigException */
export function translated<Origin>(kind: ClientKind, purpose: Purpose<Origin>, origin: Origin, logger: Logger): TranslatedSettings {
  const props = purpose.props(origin);
  const { settings, warnings, maxPollRecords, defaultApiTimeoutMs } = translateClientProps(kind, props);
  if (purpose.warns) for (const warning of warnings) logger.warn(warning);
  return {
    props,
    settings: { ...settings, ...purpose.fixed },
    maxPollRecords,
    apiTimeoutMs: purpose.apiTimeoutMs ?? defaultApiTimeoutMs,
  };
}
