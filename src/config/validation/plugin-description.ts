/** Rows of GET /connector-plugins/{plugin}/config. */
import type { ConnectorPlugin, Plugin } from '../../api/plugin';
import { ConnectError, toError } from '../../errors';
import { connectorDef } from '../keys/connector-def';
import { type ConfigKeyInfo, toConfigKeyInfo } from './config-infos';
import { checkVersion, type PluginLookup } from './plugin-lookup';

/**
 * The plugin's own settings, then those of the framework that the plugin does not define itself.
 * @param version range in which the plugin's version must lie
 * @throws BadRequestException with Java's text if it does not
 */
export function describePlugin(plugin: Plugin, plugins: PluginLookup, version: string | undefined): ConfigKeyInfo[] {
  try {
    checkVersion(plugins, plugin, version);
  } catch (error) {
    throw new ConnectError('BadRequestException', toError(error).message, error);
  }
  const own = (isConnector(plugin) ? plugin.createConnector() : plugin.create()).config();
  const framework = isConnector(plugin)
    ? [...connectorDef(plugin.type, { 'connector.plugin.version': { defaultValue: plugin.version } }).keys.values()]
    : [];
  return [...own.keys.values(), ...framework.filter(({ name }) => !own.keys.has(name))].map(key => toConfigKeyInfo(key));
}

function isConnector(plugin: Plugin): plugin is ConnectorPlugin {
  return plugin.type === 'source' || plugin.type === 'sink';
}
