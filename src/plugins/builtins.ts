/** The plugins that come with this worker, each listed here by hand. */
import type { Plugin } from '../api/plugin';
import { PluginTable } from './plugin-table';

/** Descriptors only: a plugin's code is loaded by the thread that uses it. */
export const BUILTIN_PLUGINS: readonly Plugin[] = [];

/** The table of built-in plugins and of those that the caller adds. */
export function createPluginTable(more: readonly Plugin[] = []): PluginTable {
  return new PluginTable([...BUILTIN_PLUGINS, ...more]);
}
