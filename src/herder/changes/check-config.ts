/** Checks what a user submits, before anything is changed. */
import type { Props } from '../../api/connector';
import { ConnectError } from '../../errors';
import type { PluginTable } from '../../plugins/plugin-table';
import type { ConnectorConfigs, RawConfig } from '../ports';

/**
 * A configuration that may be used.
 * @throws BadRequestException with Java's text: no class, an unknown one, or settings that will not do
 */
export async function checkConfig(
  by: { readonly plugins: PluginTable; readonly configs: ConnectorConfigs },
  config: RawConfig,
): Promise<Props> {
  requireKnownClass(by.plugins, config);
  const problem = await by.configs.check(config);
  if (problem !== null) throw new ConnectError('BadRequestException', problem);
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
