/** What validation needs to know of plugins; implemented by the plugin table. */

import type { ClassLookup } from '../../api/config-def';
import type { Plugin, PluginType } from '../../api/plugin';
import { ConnectError } from '../../errors';
import type { PluginName } from './plugin-name';
import { VersionRange } from './version-range';

const hintsModule = (): typeof import('./class-hints') => require('./class-hints');

/** A plugin of one kind. */
export type PluginOf<T extends PluginType> = Extract<Plugin, { type: T }>;

/** The plugins of a worker. */
export interface PluginLookup {
  /** The plugin of a kind by full class name or alias; undefined if there is none or more than one. */
  find<T extends PluginType>(type: T, nameOrAlias: string): PluginOf<T> | undefined;
  /** All plugins of a kind, sorted by class name. */
  list<T extends PluginType>(type: T): readonly PluginOf<T>[];
  /** Where a plugin lies, see `shownPlugin`. */
  locationOf?(plugin: PluginName): string;
  /** Why there is no plugin of this name, if it could not be loaded; null otherwise. */
  whyMissing?(name: string): string | null;
}

const ALL_TYPES: readonly PluginType[] = ['sink', 'source', 'transformation', 'predicate', 'converter', 'header_converter'];

/** Java's names of the plugin interfaces. */
export const INTERFACE_OF: Readonly<Record<PluginType, string>> = {
  sink: 'SinkConnector',
  source: 'SourceConnector',
  transformation: 'Transformation',
  predicate: 'Predicate',
  converter: 'Converter',
  header_converter: 'HeaderConverter',
};

/**
 * For settings of type CLASS: any plugin, or the outer class of some (such as Cast), as in Java. The error says why a plugin was not
 * loaded.
 */
export function classLookup(plugins: PluginLookup): ClassLookup {
  return name => {
    for (const type of ALL_TYPES) {
      const plugin = plugins.find(type, name);
      if (plugin) return plugin.className;
    }
    if (innerClasses(plugins, name).length > 0) return name;
    const hint = hintsModule().classHint(
      name,
      ALL_TYPES.flatMap(type => plugins.list(type)),
    );
    const why = [plugins.whyMissing?.(name) ?? '', hint].filter(text => text !== '').join('. ');
    if (why !== '') throw new ConnectError('ConnectException', `Class ${name} could not be found. ${why}`);
    return undefined;
  };
}

const innerClasses = (plugins: PluginLookup, outer: string): string[] => [
  ...new Set(ALL_TYPES.flatMap(type => plugins.list(type).map(({ className }) => className)).filter(name => name.startsWith(`${outer}$`))),
];

/**
 * The plugin of a kind for an existing class.
 * @throws ConfigException with Java's text if the class has another kind or is abstract
 */
export function requirePlugin<T extends PluginType>(plugins: PluginLookup, type: T, className: string): PluginOf<T> {
  const plugin = plugins.find(type, className);
  if (plugin) return plugin;
  const inner = innerClasses(plugins, className);
  throw new ConnectError(
    'ConfigException',
    inner.length > 0
      ? `This class is abstract and cannot be created. Did you mean ${inner.join(', ')}?`
      : `Class class ${className} does not implement the ${INTERFACE_OF[type]} interface`,
  );
}

/**
 * Checks that the version of a plugin is the one asked for.
 * @param setting value of its `plugin.version` setting, if any
 * @throws ConfigException with Java's text for a malformed range or a version outside of it
 */
export function checkVersion(plugins: PluginLookup, { className, version }: Plugin, setting: string | null | undefined): void {
  const range = VersionRange.parse(setting);
  if (range === null || range.contains(version)) return;
  const available = ALL_TYPES.flatMap(type => plugins.list(type)).filter(plugin => plugin.className === className);
  throw new ConnectError(
    'ConfigException',
    `Plugin ${className} not found that matches the version range ${range}, available versions: ` +
      `[${available.map(plugin => plugin.version).join(', ')}]`,
  );
}
