/** The plugins that come with this worker, each listed here by hand. */
import type { Plugin } from '../api/plugin';
import { fileStreamSinkPlugin } from '../connectors/file/file-sink-connector';
import { fileStreamSourcePlugin } from '../connectors/file/file-source-connector';
import { jdbcPlugins } from '../connectors/jdbc/jdbc-plugins';
import { BUILTIN_CONVERTERS } from './builtin-converters';
import { BUILTIN_TRANSFORMATIONS } from './builtin-transformations';
import type { PluginFailure } from './plugin-locations';
import { PluginTable } from './plugin-table';

/** Descriptors only: a plugin's code is loaded by the thread that uses it. */
export const BUILTIN_PLUGINS: readonly Plugin[] = [
  fileStreamSinkPlugin,
  fileStreamSourcePlugin,
  ...jdbcPlugins,
  ...BUILTIN_CONVERTERS,
  ...BUILTIN_TRANSFORMATIONS,
];

/** The table of built-in plugins and of those that the caller adds; failures and locations as `PluginTable` takes them. */
export function createPluginTable(
  more: readonly Plugin[] = [],
  failures: readonly PluginFailure[] = [],
  locations: ReadonlyMap<Plugin, string> = new Map(),
): PluginTable {
  return new PluginTable([...BUILTIN_PLUGINS, ...more], failures, locations);
}
