/** The converters of a task: the connector's own with only its own keys, otherwise the worker's with the worker's keys. */

import { invalidValue } from '../../api/config-types';
import type { Converter, ConverterType, HeaderConverter } from '../../api/converter';
import type { Logger } from '../../log';
import type { PluginTable } from '../../plugins/plugin-table';
import type { TaskSpec } from '../../thread/messages';
import { formatTaskId } from '../../thread/messages';

/** A converter and the class name that errors and logs show. */
export interface NamedConverter<C> {
  readonly converter: C;
  readonly className: string;
}

export interface TaskConverters {
  readonly key: NamedConverter<Converter>;
  readonly value: NamedConverter<Converter>;
  readonly header: NamedConverter<HeaderConverter>;
}

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

interface ConverterDescriptor<C> {
  readonly className: string;
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
  return { converter, className: plugin.className };
}
