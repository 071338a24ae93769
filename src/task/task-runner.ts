/** One task in its thread, from the `start` of the main thread to its goodbye. */
import { freezeSettings } from '../config/tasks/frozen-settings';
import { ConnectError, fromEnvelope, toEnvelope } from '../errors';
import { type ClientEnvironment, KafkaClients, loadClient } from '../kafka/clients/kafka-clients';
import { getLogger, taskContext } from '../log';
import { ErrorHandler } from '../pipeline/error-handler';
import { BUILTIN_PLUGINS, createPluginTable } from '../plugins/builtins';
import type { PluginTable } from '../plugins/plugin-table';
import { guarded } from '../thread/gate';
import { formatTaskId, type MainToTask, type TaskSpec, type TaskToMain } from '../thread/messages';
import { StopDeadline } from './shared/stop-deadline';
import type { TaskHost, TaskLoop } from './shared/task-host';
import { TaskMetrics } from './shared/task-metrics';
import { Wake } from './shared/wake';

// Loaded with the first task that needs it: most threads have one task, of one kind, and no plugins of strangers.
const sinkLoopModule = (): typeof import('./sink/sink-loop') => require('./sink/sink-loop');
const offsetCodecModule = (): typeof import('./source/offset-codec') => require('./source/offset-codec');
const sourceLoopModule = (): typeof import('./source/source-loop') => require('./source/source-loop');
const pluginLoaderModule = (): typeof import('../plugins/plugin-loader') => require('../plugins/plugin-loader');

/** Loads what tasks of a kind run on, before there is one. */
export function loadFor(kind: TaskSpec['kind']): void {
  if (kind === 'source') {
    sourceLoopModule();
    // A source may have to keep its place before its first record goes.
    builtins().find('converter', offsetCodecModule().OFFSET_CONVERTER)?.create();
  } else sinkLoopModule();
  loadClient(kind === 'source' ? 'producer' : 'consumer');
}

let builtinTable: PluginTable | null = null;

/** The table of all tasks without plugins of strangers. */
function builtins(): PluginTable {
  builtinTable ??= createPluginTable();
  return builtinTable;
}

export class TaskRunner {
  private readonly spec: TaskSpec;
  private loop: TaskLoop | null = null;
  private wake: Wake | null = null;
  /** What the main thread says while plugins are being loaded; null when nothing is. */
  private held: MainToTask[] | null = null;
  private hasEnded = false;

  /**
   * @param post takes what the task says to the main thread
   * @param onEnded called once, after the last word
   */
  constructor(
    spec: TaskSpec,
    private readonly post: (message: TaskToMain) => void,
    private readonly onEnded: () => void,
  ) {
    // It was frozen when it was posted, but a copy is not.
    this.spec = { ...spec, settings: freezeSettings(spec.settings) };
  }

  /** Runs the task to its end. Never rejects. */
  async run(): Promise<void> {
    try {
      this.wake = takePipe(this.spec);
      const plugins = await this.loadPlugins();
      if (this.hasEnded) return;
      this.loop = this.makeLoop(plugins, this.wake);
    } catch (error) {
      this.post({ type: 'failed', error: toEnvelope(error) });
      this.end();
      return;
    }
    const running = this.loop.run();
    const messages = this.held ?? [];
    this.held = null;
    for (const message of messages) this.obey(message);
    await running;
    this.end();
  }

  /** Does what the main thread says. */
  receive(message: MainToTask): void {
    if (this.held && message.type !== 'stop') this.held.push(message);
    else this.obey(message);
  }

  private obey(message: MainToTask): void {
    const { loop } = this;
    switch (message.type) {
      case 'pause':
        loop?.pause();
        break;
      case 'resume':
        loop?.resume();
        break;
      case 'stop':
        this.stop(message.deadlineMs);
        break;
      case 'commit-offsets':
        loop?.commitOffsets?.();
        break;
      case 'drain':
        loop?.drain?.();
        break;
      case 'offsets-saved':
        void loop?.offsetsSaved?.(message.error && fromEnvelope(message.error));
        break;
      default:
        message satisfies never;
    }
  }

  /** An error in none of our calls (a timer of a plugin, a rejected promise): the task fails, and is stopped in order. */
  fail(error: unknown): void {
    if (this.hasEnded) return;
    this.post({ type: 'failed', error: toEnvelope(error) });
    this.stop(null);
  }

  private stop(deadlineMs: number | null): void {
    if (this.loop) this.loop.stop(deadlineMs);
    else this.end();
  }

  private end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.wake?.close();
    this.post({ type: 'stopped' });
    this.onEnded();
  }

  /** Loading ES modules takes turns of the event loop; a pause that comes meanwhile must reach the task all the same. */
  private async loadPlugins(): Promise<PluginTable> {
    const { pluginModules } = this.spec;
    if (pluginModules.length === 0) return builtins();
    this.held = [];
    return createPluginTable(await pluginLoaderModule().loadTaskPlugins(pluginModules, BUILTIN_PLUGINS));
  }

  private makeLoop(plugins: PluginTable, wake: Wake): TaskLoop {
    const { spec } = this;
    const host = this.makeHost(plugins, wake);
    const plugin = plugins.connector(spec.connectorClass);
    if (plugin.type !== spec.kind) throw new ConnectError('ConnectException', `${plugin.className} is not a ${spec.kind} connector`);
    if (plugin.type === 'sink') return new (sinkLoopModule().SinkLoop)(plugin.createTask(), host);
    return new (sourceLoopModule().SourceLoop)(() => plugin.createTask(), host);
  }

  /** The services of the thread for this task. */
  private makeHost(plugins: PluginTable, wake: Wake): TaskHost {
    const { spec, post } = this;
    const kind = spec.kind === 'source' ? 'Source' : 'Sink';
    const logger = getLogger(`org.apache.kafka.connect.runtime.Worker${kind}Task`, taskContext(spec.id));
    const metrics = new TaskMetrics(spec.id, logger, report => post({ type: 'progress', report }));
    return {
      spec,
      plugins,
      wake,
      logger,
      pluginLogger: getLogger(spec.connectorClass, logger.context),
      errors: new ErrorHandler(formatTaskId(spec.id), spec.settings.errors, logger, undefined, metrics),
      metrics,
      kafka: new KafkaClients({ libraryPath: spec.libraryPath, ledger: ledgerOf(post), wakeFd: spec.wakePipe.writeFd, logger }, spec),
      flushIntervalMs: spec.settings.flushIntervalMs,
      flushTimeoutMs: spec.settings.flushTimeoutMs,
      stopDeadline: new StopDeadline(),
      post,
    };
  }
}

/** The main thread frees the clients of a task. */
function ledgerOf(post: TaskHost['post']): ClientEnvironment['ledger'] {
  return {
    clientCreated: client => post({ type: 'client-created', client }),
    queueCreated: address => post({ type: 'queue-created', address }),
    clientGivenUp: (client, queues) => post({ type: 'client-given-up', client, queues }),
  };
}

/** Takes the read end of the pipe before anything can go wrong: from now on it is closed with the task, or with this thread. */
function takePipe({ wakePipe, pipeTaken }: TaskSpec): Wake {
  return guarded(() => {
    const taken = new Wake(wakePipe.readFd);
    Atomics.store(pipeTaken, 0, 1);
    return taken;
  });
}
