/** Rows of GET /connector-plugins/{plugin}/config. */
import type { ConnectorPlugin, Plugin } from '../api/plugin';
import { type ConfigKeyInfo, toConfigKeyInfo } from './config-infos';
import { connectorDef } from './connector-config';

/** The plugin's own settings, then those of the framework that it does not define itself. */
export function describePlugin(plugin: Plugin): ConfigKeyInfo[] {
  const own = (isConnector(plugin) ? plugin.createConnector() : plugin.create()).config();
  const framework = isConnector(plugin) ? [...connectorDef(plugin.type).keys.values()] : [];
  return [...own.keys.values(), ...framework.filter(({ name }) => !own.keys.has(name))].map(key => toConfigKeyInfo(key));
}

function isConnector(plugin: Plugin): plugin is ConnectorPlugin {
  return plugin.type === 'source' || plugin.type === 'sink';
}
