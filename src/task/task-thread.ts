/** Entry of a task thread: waits for `start`, runs one task, ends. Everything it says to the main thread is in thread/messages.ts. */
import { isMainThread, parentPort } from 'node:worker_threads';
import { ConnectError, fromEnvelope, toEnvelope } from '../errors';
import { getLogger, setLogLevel, setLogSink } from '../log';
import { ErrorHandler } from '../pipeline/error-handler';
import { readErrorSettings } from '../pipeline/error-settings';
import { BUILTIN_PLUGINS, createPluginTable } from '../plugins/builtins';
import { loadTaskPlugins } from '../plugins/plugin-loader';
import type { PluginTable } from '../plugins/plugin-table';
import { openGate } from '../thread/gate';
import { formatTaskId, type MainToTask, SHARED, type TaskSpec, type TaskToMain } from '../thread/messages';
import { SinkLoop } from './sink-loop';
import { SourceLoop } from './source-loop';
import type { TaskHost, TaskLoop } from './task-host';
import { Wake } from './wake';

if (isMainThread || !parentPort) throw new Error('task-thread runs only as a worker thread of connect-standalone');
const port = parentPort;
const post = (message: TaskToMain): void => port.postMessage(message);

let loop: TaskLoop | null = null;
let wake: Wake | null = null;
/** What the main thread says while plugins are being loaded; null when nothing is. */
let held: MainToTask[] | null = null;

/** Takes the read end of the pipe before anything can go wrong: from now on it is closed with this thread. */
function takePipe({ wakePipe, shared }: TaskSpec): Wake {
  const taken = new Wake(wakePipe.readFd);
  Atomics.store(shared, SHARED.pipeTaken, 1);
  openGate(shared, SHARED.gate);
  return taken;
}

/** The services of this thread for the task of a spec. */
function makeHost(spec: TaskSpec, plugins: PluginTable, wake: Wake): TaskHost {
  const kind = spec.kind === 'source' ? 'Source' : 'Sink';
  const logger = getLogger(`org.apache.kafka.connect.runtime.Worker${kind}Task`, `[${spec.id.connector}|task-${spec.id.task}] `);
  const { workerProps } = spec;
  return {
    spec,
    plugins,
    wake,
    logger,
    errors: new ErrorHandler(formatTaskId(spec.id), readErrorSettings(spec.connectorProps), logger),
    ledger: {
      clientCreated: client => post({ type: 'client-created', client }),
      queueCreated: address => post({ type: 'queue-created', address }),
    },
    flushIntervalMs: Number(workerProps['offset.flush.interval.ms'] ?? 60_000),
    flushTimeoutMs: Number(workerProps['offset.flush.timeout.ms'] ?? 5000),
    post,
  };
}

function makeLoop(spec: TaskSpec, plugins: PluginTable, wake: Wake): TaskLoop {
  const host = makeHost(spec, plugins, wake);
  const plugin = host.plugins.connector(spec.connectorProps['connector.class'] ?? '');
  if (plugin.type !== spec.kind) throw new ConnectError('ConnectException', `${plugin.className} is not a ${spec.kind} connector`);
  return plugin.type === 'source' ? new SourceLoop(plugin.createTask(), host) : new SinkLoop(plugin.createTask(), host);
}

/** Loading ES modules takes turns of the event loop; a pause that comes meanwhile must reach the task all the same. */
async function loadPlugins({ pluginModules }: TaskSpec): Promise<PluginTable> {
  if (pluginModules.length === 0) return createPluginTable();
  held = [];
  return createPluginTable(await loadTaskPlugins(pluginModules, BUILTIN_PLUGINS));
}

async function start(spec: TaskSpec): Promise<void> {
  for (const [logger, level] of spec.logLevels) setLogLevel(logger, level);
  try {
    wake = takePipe(spec);
    loop = makeLoop(spec, await loadPlugins(spec), wake);
  } catch (error) {
    post({ type: 'failed', error: toEnvelope(error) });
    end();
    return;
  }
  const running = loop.run();
  const messages = held ?? [];
  held = null;
  messages.forEach(obey);
  await running;
  end();
}

/** Says goodbye and ends the thread, whatever a plugin has left open: a socket, a timer. */
function end(): void {
  wake?.close();
  post({ type: 'stopped' });
  process.exit(0);
}

/** An error in none of our calls (a timer of a plugin, a rejected promise): the task fails, the process goes on. */
function failFromOutside(error: unknown): void {
  post({ type: 'failed', error: toEnvelope(error) });
  if (loop) loop.stop();
  else end();
}

setLogSink(entry => post({ type: 'log', entry }));
process.on('uncaughtException', failFromOutside);
process.on('unhandledRejection', failFromOutside);
port.on('message', (message: MainToTask) => {
  if (held && message.type !== 'stop') held.push(message);
  else obey(message);
});
post({ type: 'ready' });

function obey(message: MainToTask): void {
  switch (message.type) {
    case 'start':
      void start(message.spec);
      break;
    case 'pause':
      loop?.pause();
      break;
    case 'resume':
      loop?.resume();
      break;
    case 'stop':
      if (loop) loop.stop();
      else end();
      break;
    case 'report-offsets':
      loop?.reportOffsets?.();
      break;
    case 'drain':
      loop?.drain?.();
      break;
    case 'offsets-saved':
      void loop?.offsetsSaved?.(message.error && fromEnvelope(message.error));
      break;
    case 'log-level':
      setLogLevel(message.logger, message.level);
      break;
    default:
      message satisfies never;
  }
}
