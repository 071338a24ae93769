/** The converters of a task: the connector's own with only its own keys, otherwise the worker's with the worker's keys. */

import { invalidValue } from '../../api/config-types';
import type { Converter, ConverterType, HeaderConverter } from '../../api/converter';
import type { Logger } from '../../log';
import type { TaskPlugins, UsedPlugin } from '../../metrics/task-plugins';
import type { PluginTable } from '../../plugins/plugin-table';
import type { TaskSpec } from '../../thread/messages';
import { formatTaskId } from '../../thread/messages';
import type { TaskHost } from './task-host';

/** A converter, and the class name that errors and logs show. */
export interface NamedConverter<C> extends UsedPlugin {
  readonly converter: C;
}

export interface TaskConverters {
  readonly key: NamedConverter<Converter>;
  readonly value: NamedConverter<Converter>;
  readonly header: NamedConverter<HeaderConverter>;
}

/** A chain of transformations, as far as this file looks at it. */
type UsedChain = { used(): Pick<TaskPlugins, 'transforms' | 'predicates'> };

/** Creates and configures the three converters. @throws ConfigException */
export function createTaskConverters(spec: TaskSpec, plugins: PluginTable, logger: Logger): TaskConverters {
  const setUp = <C extends Converter | HeaderConverter>(
    use: ConverterType,
    find: (name: string) => ConverterDescriptor<C> | undefined,
  ): NamedConverter<C> => create(spec, logger, use, find);
  return {
    key: setUp('key', name => plugins.find('converter', name)),
    value: setUp('value', name => plugins.find('converter', name)),
    header: setUp('header', name => plugins.find('header_converter', name)),
  };
}

interface ConverterDescriptor<C> extends UsedPlugin {
  create(): C;
}

function create<C extends Converter | HeaderConverter>(
  spec: TaskSpec,
  logger: Logger,
  use: ConverterType,
  find: (name: string) => ConverterDescriptor<C> | undefined,
): NamedConverter<C> {
  const { className, origin, props } = spec.settings.converters[use];
  const plugin = find(className);
  if (!plugin) throw invalidValue(`${use}.converter`, className, `Class ${className} could not be found.`);
  const converter = plugin.create();
  converter.configure(props, use);
  logger.info(`Set up the ${use} converter class ${plugin.className} for task ${formatTaskId(spec.id)} using the ${origin} config`);
  return { converter, className: plugin.className, version: plugin.version };
}

/** Tells the main thread which plugins the task has made. */
export function postPlugins(host: Pick<TaskHost, 'post'>, { key, value, header }: TaskConverters, chain: UsedChain): void {
  const bare = ({ className, version }: UsedPlugin): UsedPlugin => ({ className, version });
  host.post({ type: 'plugins', plugins: { key: bare(key), value: bare(value), header: bare(header), ...chain.used() } });
}
