/** Validates settings with the code of the plugins that they name. */
import type { Plugin } from '../../api/plugin';
import { createOverridePolicy } from '../../config/clients/client-overrides';
import type { ConnectorProps } from '../../config/connector-props';
import type { ConfigInfos, ConfigKeyInfo } from '../../config/validation/config-infos';
import { validateConnectorConfig } from '../../config/validation/connector-config';
import { describePlugin } from '../../config/validation/plugin-description';
import { namedPlugin, type PluginName } from '../../config/validation/plugin-name';
import { ConnectError } from '../../errors';
import { BUILTIN_PLUGINS } from '../../plugins/builtins';
import { PluginTable } from '../../plugins/plugin-table';
import { pluginLookup } from '../../plugins/table-lookup';
import type { ValidationSetting } from '../connector-messages';

/** See validateConnectorConfig. @param own the plugins of this thread's modules */
export async function validate(own: readonly Plugin[], props: ConnectorProps, setting: ValidationSetting): Promise<ConfigInfos> {
  const { converters, overridePolicy } = setting;
  return validateConnectorConfig({
    props,
    plugins: pluginLookup(tableOf(own, setting)),
    worker: converters,
    policy: createOverridePolicy(overridePolicy.name, overridePolicy.allowlist, overridePolicy.tokenSources),
  });
}

/** See describePlugin. @throws BadRequestException for a version that is not there */
export function describe(
  own: readonly Plugin[],
  name: PluginName,
  version: string | undefined,
  setting: ValidationSetting,
): ConfigKeyInfo[] {
  const table = tableOf(own, setting);
  const plugin = table.find(name.type, name.className);
  if (!plugin) throw new ConnectError('ConnectException', `The plugin ${name.className} is no longer in its file`);
  return describePlugin(plugin, pluginLookup(table), version);
}

/** The worker's plugins: with their code if they are loaded in this thread, else by name only. */
function tableOf(own: readonly Plugin[], { known, failures }: ValidationSetting): PluginTable {
  const loaded = [...BUILTIN_PLUGINS, ...own];
  const isKnown = (plugin: PluginName) => (other: PluginName) => other.className === plugin.className && other.type === plugin.type;
  // Plugins that a module has gained since the start of the worker do not count.
  const mine = loaded.filter(plugin => known.some(isKnown(plugin)));
  return new PluginTable([...mine, ...known.filter(plugin => !mine.some(isKnown(plugin))).map(namedPlugin)], failures);
}
