/** Plugins by name, for threads that have not loaded their code. */
import type { ConnectorPlugin, Plugin, PluginType } from '../../api/plugin';
import { ConnectError } from '../../errors';

/** The name of a plugin, without its code; may be posted between threads. */
export interface PluginName {
  readonly className: string;
  readonly type: PluginType;
  readonly version: string;
  /** For connectors only. */
  readonly taskClassName?: string;
}

/** The name of a plugin. */
export function nameOf(plugin: Plugin): PluginName {
  const { className, type, version } = plugin;
  return { className, type, version, ...('taskClassName' in plugin && { taskClassName: plugin.taskClassName }) };
}

/** A plugin without its code: enough for lists, versions and statuses; functions that would run its code throw. */
export function namedPlugin({ className, type, version, taskClassName = `${className}Task` }: PluginName): Plugin {
  const refuse = (): never => {
    throw new ConnectError('ConnectException', `The plugin ${className} is not loaded in this thread`);
  };
  const base = { className, version };
  if (type === 'source' || type === 'sink') {
    return { ...base, type, taskClassName, createConnector: refuse, createTask: refuse } satisfies ConnectorPlugin;
  }
  return { ...base, type, create: refuse };
}

/** The location of a built-in plugin, in Java's words. */
export const CLASSPATH = 'classpath';

/** A plugin as lists of plugins show it. @param location `classpath`, or `file:` with the path, which is shown */
export function shownPlugin({ className }: PluginName, location = CLASSPATH): string {
  return location === CLASSPATH ? className : `${className} (${location})`;
}
