/** Modules of `plugin.path`, once they are loaded. Apart from what loads them, which most workers never need. */
import type { Plugin } from '../api/plugin';
import { namesOf } from './plugin-table';

/** A module with the plugins that are used of it. */
export interface LoadedModule {
  readonly file: string;
  /** The file or folder in `plugin.path`. */
  readonly path: string;
  readonly plugins: readonly Plugin[];
}

/**
 * The modules that a task needs, in order: those of which a setting names a plugin, in whatever form.
 * @param settings all settings that the task gets to see
 */
export function modulesFor(settings: readonly Readonly<Record<string, string>>[], modules: readonly LoadedModule[]): string[] {
  if (modules.length === 0) return [];
  const values = new Set(settings.flatMap(props => Object.values(props)).flatMap(value => value.split(',').map(item => item.trim())));
  return modules.filter(({ plugins }) => plugins.some(plugin => namesOf(plugin).some(name => values.has(name)))).map(({ file }) => file);
}
