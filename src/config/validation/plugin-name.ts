/** Plugins by name: what is known of them where their code is not loaded. */
import type { ConnectorPlugin, Plugin, PluginType } from '../../api/plugin';
import { ConnectError } from '../../errors';

/** What a plugin is called, without its code; may be posted between threads. */
export interface PluginName {
  readonly className: string;
  readonly type: PluginType;
  readonly version: string;
  /** Of connectors only. */
  readonly taskClassName?: string;
}

/** The name of a plugin. */
export function nameOf(plugin: Plugin): PluginName {
  const { className, type, version } = plugin;
  return { className, type, version, ...('taskClassName' in plugin && { taskClassName: plugin.taskClassName }) };
}

/** A plugin whose code is elsewhere: enough for lists, versions and statuses; whatever would run its code throws. */
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

/** Where a plugin is that came with the worker, in Java's words. */
export const CLASSPATH = 'classpath';

/** A plugin in a list of those there are. @param location `classpath`, or `file:` with the path, which is shown */
export function shownPlugin({ className }: PluginName, location = CLASSPATH): string {
  return location === CLASSPATH ? className : `${className} (${location})`;
}
