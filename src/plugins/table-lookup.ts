/** The plugin table as validation sees it. */
import type { Plugin, PluginType } from '../api/plugin';
import type { PluginLookup } from '../config/validation/plugin-lookup';
import type { PluginTable } from './plugin-table';

/** What validation needs of a table. */
export function pluginLookup(table: PluginTable): PluginLookup {
  return {
    find: (type, name) => table.find(type, name),
    list: type => ofType(table.list([type]), type),
    locationOf: plugin => table.locationOf(plugin),
    whyMissing: name => table.whyMissing(name),
  };
}

function ofType<T extends PluginType>(plugins: readonly Plugin[], type: T): Extract<Plugin, { type: T }>[] {
  return plugins.filter((plugin): plugin is Extract<Plugin, { type: T }> => plugin.type === type);
}
