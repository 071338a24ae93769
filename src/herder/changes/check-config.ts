/** Checks a submitted configuration before anything is changed. */
import type { Props } from '../../api/connector';
import type { OriginOf } from '../../config/files/setting';
import { type ConfigFindings, describeFindings } from '../../config/validation/findings';
import { ConnectError } from '../../errors';
import type { PluginTable } from '../../plugins/plugin-table';
import type { ConnectorConfigs, RawConfig } from '../ports';

/** Invalid settings; the message says what is wrong with each, as in Java. */
export class InvalidConfig extends ConnectError {
  constructor(readonly found: ConfigFindings) {
    super('BadRequestException', describeFindings(found));
  }
}

/**
 * Checks a configuration, and returns it without nulls.
 * @param originOf where its settings come from; absent: REST
 * @throws BadRequestException with Java's text: no class, an unknown class, or invalid settings (InvalidConfig)
 */
export async function checkConfig(
  by: { readonly plugins: PluginTable; readonly configs: ConnectorConfigs },
  config: RawConfig,
  originOf?: OriginOf,
): Promise<Props> {
  requireKnownClass(by.plugins, config);
  const found = await by.configs.check(config, originOf);
  if (found.findings.length > 0) throw new InvalidConfig(found);
  return config as Props;
}

function requireKnownClass(plugins: PluginTable, config: RawConfig): void {
  const className = config['connector.class'];
  if (className === undefined || className === null) {
    const shown = Object.entries(config).map(([key, value]) => `${key}=${value}`);
    throw new ConnectError('BadRequestException', `Connector config {${shown.join(', ')}} contains no connector type`);
  }
  try {
    plugins.connector(className);
  } catch (error) {
    throw new ConnectError('BadRequestException', error instanceof Error ? error.message : String(error), error);
  }
}
