/** Loads plugins from files; the same in the main thread and in task threads. */
import type { Plugin } from '../api/plugin';
import { ConnectError } from '../errors';

/**
 * The plugins that modules export as `plugins`.
 * @param files absolute paths of CommonJS modules
 * @throws ConnectException that names the file and what is missing
 */
export function loadPluginModules(files: readonly string[]): Plugin[] {
  return files.flatMap(file => pluginsOf(file, load(file)));
}

function load(file: string): unknown {
  try {
    return require(file);
  } catch (error) {
    throw new ConnectError('ConnectException', `Could not load the plugin module ${file}`, error);
  }
}

function pluginsOf(file: string, module: unknown): Plugin[] {
  const { plugins } = (module ?? {}) as { plugins?: unknown };
  if (!Array.isArray(plugins)) throw new ConnectError('ConnectException', `The plugin module ${file} exports no array "plugins"`);
  for (const plugin of plugins as Partial<Plugin>[]) {
    if (typeof plugin?.className !== 'string' || typeof plugin.type !== 'string') {
      throw new ConnectError('ConnectException', `The plugin module ${file} exports a plugin without className or type`);
    }
  }
  return plugins as Plugin[];
}
