/** Checks what an outside module exports: its descriptors, and each instance that they create. */
import { ConfigDef } from '../api/config-def';
import type { Connector, SinkConnector, SourceConnector } from '../api/connector';
import type { Converter, HeaderConverter } from '../api/converter';
import type { Plugin, PluginType } from '../api/plugin';
import type { SinkTask } from '../api/sink';
import type { SourceTask } from '../api/source';
import type { Predicate, Transformation } from '../api/transformation';
import { ConnectError, toError } from '../errors';

type AnyFunction = (...args: unknown[]) => unknown;

/** An entry for each member of an interface, so that the compiler notices when one is added there and forgotten here. */
type Members<T> = {
  readonly [K in keyof T]-?: NonNullable<T[K]> extends boolean ? 'flag' : undefined extends T[K] ? 'optional' : 'required';
};

const CONNECTOR: Members<Connector> = {
  version: 'required',
  config: 'required',
  validate: 'optional',
  start: 'required',
  taskConfigs: 'required',
  stop: 'required',
};
const SOURCE_CONNECTOR: Members<SourceConnector> = {
  ...CONNECTOR,
  alterOffsets: 'optional',
  convertOffsets: 'optional',
  exactlyOnceSupport: 'optional',
  canDefineTransactionBoundaries: 'optional',
};
const SINK_CONNECTOR: Members<SinkConnector> = { ...CONNECTOR, alterOffsets: 'optional' };
const SOURCE_TASK: Members<SourceTask> = {
  start: 'required',
  poll: 'required',
  drained: 'optional',
  commit: 'optional',
  commitRecord: 'optional',
  canRewind: 'optional',
  pollHeld: 'optional',
  takePlace: 'optional',
  stop: 'required',
};
const SINK_TASK: Members<SinkTask> = {
  recordsPerPut: 'optional',
  allowsFetchAhead: 'flag',
  ignoresMetadata: 'flag',
  start: 'required',
  open: 'optional',
  put: 'required',
  putBatch: 'optional',
  flush: 'optional',
  preCommit: 'optional',
  close: 'optional',
  stop: 'required',
};
const CONVERTER: Members<Converter> = {
  config: 'required',
  configure: 'required',
  fromConnectData: 'required',
  encode: 'optional',
  toConnectData: 'required',
  readsAnyBytes: 'flag',
  decode: 'optional',
};
const HEADER_CONVERTER: Members<HeaderConverter> = {
  config: 'required',
  configure: 'required',
  fromConnectHeader: 'required',
  toConnectHeader: 'required',
  readsAnyBytes: 'flag',
};
const TRANSFORMATION: Members<Transformation> = {
  config: 'required',
  configure: 'required',
  apply: 'required',
  changeShape: 'optional',
  close: 'required',
};
const PREDICATE: Members<Predicate> = {
  config: 'required',
  configure: 'required',
  test: 'required',
  testShape: 'optional',
  close: 'required',
};

/** The interface of what a descriptor's function creates. */
interface Contract {
  readonly name: string;
  readonly members: Readonly<Record<string, 'required' | 'optional' | 'flag'>>;
}

/** The functions of descriptors, by their type. */
const CREATES: Readonly<Record<PluginType, Readonly<Record<string, Contract>>>> = {
  source: {
    createConnector: { name: 'SourceConnector', members: SOURCE_CONNECTOR },
    createTask: { name: 'SourceTask', members: SOURCE_TASK },
  },
  sink: {
    createConnector: { name: 'SinkConnector', members: SINK_CONNECTOR },
    createTask: { name: 'SinkTask', members: SINK_TASK },
  },
  converter: { create: { name: 'Converter', members: CONVERTER } },
  header_converter: { create: { name: 'HeaderConverter', members: HEADER_CONVERTER } },
  transformation: { create: { name: 'Transformation', members: TRANSFORMATION } },
  predicate: { create: { name: 'Predicate', members: PREDICATE } },
};

const isFunction = (value: unknown): value is AnyFunction => typeof value === 'function';

/** True for an object that is meant as a descriptor, even a bad one. */
export function isDescriptor(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && 'className' in value;
}

/**
 * The plugin that a value describes. Each instance that it creates is checked too.
 * @param where the file and the export, for messages
 * @throws ConnectException that names the place and what is missing or wrong
 */
export function assertPlugin(value: unknown, where: string): Plugin {
  const refuse = (problem: string): ConnectError => new ConnectError('ConnectException', `${where}: ${problem}`);
  if (!isDescriptor(value)) throw refuse('this is not a plugin: it has no className');
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
  for (const [member, need] of Object.entries(contract.members)) {
    const value: unknown = (instance as Readonly<Record<string, unknown>>)[member];
    if (need === 'flag' || isFunction(value)) continue;
    if (need === 'required') throw refuse(`returns a ${contract.name} without the method ${member}()`);
    if (value !== undefined) throw refuse(`returns a ${contract.name} whose ${member} is not a method but ${show(value)}`);
  }
  return instance;
}

/**
 * Creates one instance, as Java does when it scans for plugins, so that a fault shows at the start and not with the first connector. Tasks
 * are left out, since they are created in task threads only.
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
