/**
 * Entry of a connector thread: loads the modules of its plugins, if it has some, and answers calls until it is ended. Everything it says to
 * the main thread is in thread/connector-messages.ts.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { Plugin } from '../../api/plugin';
import { nameOf } from '../../config/validation/plugin-name';
import { toEnvelope } from '../../errors';
import { copyLogLevels, onNewLoggers, setLogLevel, setLogSink } from '../../log';
import { inspectModule, loadTaskPlugins } from '../../plugins/plugin-loader';
import type {
  ConnectorCall,
  ConnectorCalls,
  ConnectorMethod,
  ConnectorThreadSpec,
  ConnectorToMain,
  MainToConnector,
  ModuleFindings,
  ModuleToInspect,
} from '../connector-messages';
import { Instance } from './instance';

if (isMainThread || !parentPort) throw new Error('connector-thread runs only as a worker thread of connect-standalone');
const port = parentPort;
const post = (message: ConnectorToMain): void => port.postMessage(message);
const raise = (error: unknown): void => post({ type: 'raised', error: toEnvelope(error) });

const spec = workerData as ConnectorThreadSpec;
/** The plugins of this thread's modules; if one cannot be loaded, the call that needs it fails. */
const loaded = (async () => loadTaskPlugins(spec.pluginModules, []))();
loaded.catch(() => undefined);
const instance = new Instance(
  spec.pluginModules.length > 0 ? () => loaded : builtIn,
  { requestTaskReconfiguration: () => post({ type: 'reconfigure' }), raiseError: raise },
  report => post({ type: 'metrics', report }),
);

/** Of no use to a thread that runs plugins from outside. */
async function builtIn(): Promise<readonly Plugin[]> {
  return (require('../../plugins/builtins') as typeof import('../../plugins/builtins')).BUILTIN_PLUGINS;
}

type Result = ConnectorCalls[ConnectorMethod]['result'];

async function perform(call: ConnectorCall): Promise<Result> {
  switch (call.method) {
    case 'start':
      return instance.start(...call.args);
    case 'taskConfigs':
      return instance.taskConfigs(...call.args);
    case 'alterOffsets':
      return instance.alterOffsets(...call.args);
    case 'convertOffsets':
      return conversion().convertOffsets(...call.args);
    case 'stop':
      return instance.stop();
    case 'inspect':
      return inspect(...call.args);
    case 'validate':
      return validation().validate(await loaded, ...call.args);
    case 'describe':
      return validation().describe(await loaded, ...call.args);
    default:
      return call satisfies never;
  }
}

async function inspect(module: ModuleToInspect): Promise<ModuleFindings> {
  const { plugins, failures } = await inspectModule(module);
  return {
    plugins: plugins.map(nameOf),
    failures: failures.map(({ failure, error }) => ({ ...failure, error: error === undefined ? null : toEnvelope(error) })),
  };
}

/** Loaded on demand: it knows all settings and all built-in plugins, which an instance does not need. */
function validation(): typeof import('./validation') {
  return require('./validation') as typeof import('./validation');
}

/** Loaded when it is needed, once in the life of an offset file. */
function conversion(): typeof import('./conversion') {
  return require('./conversion') as typeof import('./conversion');
}

async function serve(id: number, call: ConnectorCall): Promise<void> {
  try {
    // Posting is inside the try, since a value that cannot be cloned fails too.
    post({ type: 'result', id, value: await perform(call) });
  } catch (error) {
    post({ type: 'failure', id, error: toEnvelope(error) });
  }
}

copyLogLevels(spec.logLevels);
setLogSink(entry => post({ type: 'log', entry }));
onNewLoggers(names => post({ type: 'loggers', names }));
process.on('uncaughtException', raise);
process.on('unhandledRejection', raise);
port.on('message', (message: MainToConnector) => {
  switch (message.type) {
    case 'call':
      void serve(message.id, message.call);
      break;
    case 'log-level':
      setLogLevel(message.logger, message.level);
      break;
    default:
      message satisfies never;
  }
});
