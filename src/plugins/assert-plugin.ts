/** Checks of what a stranger's module hands over: its descriptors, and each instance that they create. */
import { ConfigDef } from '../api/config-def';
import type { Plugin, PluginType } from '../api/plugin';
import { ConnectError, toError } from '../errors';

type AnyFunction = (...args: unknown[]) => unknown;
/** Methods of an instance: those that must be there, and those that may be left out. */
interface Contract {
  readonly name: string;
  readonly methods: readonly string[];
  readonly optional: readonly string[];
}

const CONNECTOR = { methods: ['version', 'config', 'start', 'taskConfigs', 'stop'], optional: ['validate', 'alterOffsets'] };
const SOURCE_CONNECTOR: Contract = { name: 'SourceConnector', ...CONNECTOR };
const SINK_CONNECTOR: Contract = { name: 'SinkConnector', ...CONNECTOR };
const SOURCE_TASK: Contract = { name: 'SourceTask', methods: ['start', 'poll', 'stop'], optional: ['drained', 'commit', 'commitRecord'] };
const SINK_TASK: Contract = {
  name: 'SinkTask',
  methods: ['start', 'put', 'stop'],
  optional: ['open', 'putTexts', 'flush', 'preCommit', 'close'],
};
const CONVERTER: Contract = {
  name: 'Converter',
  methods: ['config', 'configure', 'fromConnectData', 'toConnectData'],
  optional: ['fromTexts', 'toTexts'],
};
const HEADER_CONVERTER: Contract = {
  name: 'HeaderConverter',
  methods: ['config', 'configure', 'fromConnectHeader', 'toConnectHeader'],
  optional: [],
};
const TRANSFORMATION: Contract = { name: 'Transformation', methods: ['config', 'configure', 'apply', 'close'], optional: [] };
const PREDICATE: Contract = { name: 'Predicate', methods: ['config', 'configure', 'test', 'close'], optional: [] };

/** What the functions of a descriptor create, by its type. */
const CREATES: Readonly<Record<PluginType, Readonly<Record<string, Contract>>>> = {
  source: { createConnector: SOURCE_CONNECTOR, createTask: SOURCE_TASK },
  sink: { createConnector: SINK_CONNECTOR, createTask: SINK_TASK },
  converter: { create: CONVERTER },
  header_converter: { create: HEADER_CONVERTER },
  transformation: { create: TRANSFORMATION },
  predicate: { create: PREDICATE },
};

const isFunction = (value: unknown): value is AnyFunction => typeof value === 'function';

/** True for an object that presents itself as a plugin, however badly. */
export function isDescriptor(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && 'className' in value;
}

/**
 * The plugin that a value describes. Each instance it creates is checked in its turn.
 * @param where the file and the export, for messages
 * @throws ConnectException that names the place and what is missing or wrong
 */
export function assertPlugin(value: unknown, where: string): Plugin {
  const refuse = (problem: string): ConnectError => new ConnectError('ConnectException', `${where}: ${problem}`);
  if (!isDescriptor(value)) throw refuse('this is no plugin: it has no className');
  const { className, version, type } = value;
  if (typeof className !== 'string' || !/^[\w$]+(\.[\w$]+)*$/.test(className)) {
    throw refuse(`className must be the name of a class such as com.example.MyTransform, not ${show(className)}`);
  }
  if (typeof version !== 'string' || version.trim() === '') throw refuse(`version of ${className} must be a text, not ${show(version)}`);
  if (typeof type !== 'string' || !Object.hasOwn(CREATES, type)) {
    throw refuse(`type of ${className} must be one of ${Object.keys(CREATES).join(', ')}, not ${show(type)}`);
  }
  const creates = CREATES[type as PluginType];
  const { taskClassName = `${className}Task` } = value;
  if ('createTask' in creates && typeof taskClassName !== 'string') {
    throw refuse(`taskClassName of ${className} must be a text, not ${show(taskClassName)}`);
  }
  const functions = Object.entries(creates).map(([name, contract]) => {
    if (!isFunction(value[name])) throw refuse(`${className} has no function ${name}(), which creates a ${contract.name}`);
    return [name, () => createChecked(value, name, contract, `${where}: ${className}`)] as const;
  });
  return {
    className,
    version,
    type,
    ...('createTask' in creates && { taskClassName }),
    ...Object.fromEntries(functions),
  } as unknown as Plugin;
}

function createChecked(descriptor: Readonly<Record<string, unknown>>, creator: string, contract: Contract, where: string): unknown {
  const refuse = (problem: string, cause?: unknown): ConnectError =>
    new ConnectError('ConnectException', `${where}: ${creator}() ${problem}`, cause);
  let instance: unknown;
  try {
    instance = (descriptor as Record<string, AnyFunction>)[creator]?.();
  } catch (error) {
    throw refuse(`has thrown: ${toError(error).message}`, error);
  }
  if (typeof instance !== 'object' || instance === null) throw refuse(`must return a ${contract.name}, not ${show(instance)}`);
  if (instance instanceof Promise) throw refuse(`must return a ${contract.name}, not a promise of one`);
  const members = instance as Readonly<Record<string, unknown>>;
  const missing = contract.methods.find(method => !isFunction(members[method]));
  if (missing !== undefined) throw refuse(`returns a ${contract.name} without the method ${missing}()`);
  const wrong = contract.optional.find(method => members[method] !== undefined && !isFunction(members[method]));
  if (wrong !== undefined) throw refuse(`returns a ${contract.name} whose ${wrong} is no method, but ${show(members[wrong])}`);
  return instance;
}

/**
 * Creates one instance, as Java does when it scans for plugins, so that a fault shows at the start and not with the first connector.
 * Tasks are left out: they are made in their thread only.
 * @throws ConnectException that says what is wrong with the instance or with its `config`
 */
export function tryPlugin(plugin: Plugin): void {
  const instance = plugin.type === 'source' || plugin.type === 'sink' ? plugin.createConnector() : plugin.create();
  let config: unknown;
  try {
    config = instance.config();
  } catch (error) {
    throw new ConnectError('ConnectException', `config() of ${plugin.className} has thrown: ${toError(error).message}`, error);
  }
  if (config instanceof ConfigDef) return;
  const isForeign = config?.constructor?.name === 'ConfigDef';
  throw new ConnectError(
    'ConnectException',
    `config() of ${plugin.className} must return a ConfigDef of connect-standalone/api, not ` +
      (isForeign ? 'one of another copy of it; a bundler must leave that import alone' : show(config)),
  );
}

/** A value, short enough for a message. */
function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
