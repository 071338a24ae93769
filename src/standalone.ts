/**
 * Puts a worker together, in Kafka Connect's order: settings, REST port, cluster id, herder, connectors of the command line;
 * and takes it apart again in the opposite order.
 */
import type { Plugin, PluginType } from './api/plugin';
import { checkBootstrapServers, whenNoneResolves } from './config/bootstrap-servers';
import { createOverridePolicy, type OverridePolicy } from './config/client-overrides';
import { invalidConfigMessage } from './config/config-infos';
import { ConfigTransformer } from './config/config-transformer';
import { validateConnectorConfig } from './config/connector-config';
import { loadConnectorFile } from './config/connector-file';
import { warnOfIdleConnectorKeys, warnOfIdleWorkerKeys } from './config/idle-keys';
import { describePlugin } from './config/plugin-description';
import { classLookup, type PluginLookup, requirePlugin } from './config/plugin-lookup';
import { loadProperties } from './config/properties';
import { pluginPathOf, WorkerConfig } from './config/worker-config';
import { ConnectError, toError } from './errors';
import { KafkaAdmin } from './kafka/admin';
import { adminProps, consumerGroup, translateClientProps } from './kafka/client-config';
import { createClientKeeper } from './kafka/client-keeper';
import { EMBEDDED_BOOTSTRAP, EMBEDDED_CLIENT_DEFAULTS, EmbeddedBroker } from './kafka/embedded-broker';
import { findLibrdkafka, loadLibrdkafka } from './kafka/librdkafka';
import { getLogger, type LogEntry, logLevels } from './log';
import { FileOffsetStore } from './offsets/file-offset-store';
import { BUILTIN_PLUGINS, createPluginTable } from './plugins/builtins';
import { type LoadedModule, loadPluginPath, modulesFor } from './plugins/plugin-loader';
import type { RetentionWindow } from './thread/messages';
import type { SpareThread } from './thread/spare-thread';
import type { TaskListener } from './thread/task-handle';
import { TaskThreads } from './thread/task-thread-handle';
import { Herder } from './worker/herder';
import type { ConnectorConfigs, RawConfig, StartTask } from './worker/ports';
import { RestServer } from './worker/rest/server';

const log = getLogger('org.apache.kafka.connect.runtime.Connect');
const cliLog = getLogger('org.apache.kafka.connect.cli.ConnectStandalone');
const utilsLog = getLogger('org.apache.kafka.connect.runtime.WorkerConfig');

const pluginLog = getLogger('org.apache.kafka.connect.runtime.isolation.PluginScanner');

/** What the command line asks for. */
export interface StandaloneOptions {
  /** Path of the worker file; empty for none. */
  readonly workerFile: string;
  readonly embeddedBroker: boolean;
  readonly drain: boolean;
  /** Takes log lines of task threads. */
  readonly logSink: (entry: LogEntry) => void;
  /** For the first task; it is ended when the worker is. */
  readonly spareThread?: SpareThread | null;
}

/** What is known once the settings are read. */
interface WorkerParts {
  readonly worker: WorkerConfig;
  readonly plugins: ReturnType<typeof createPluginTable>;
  /** Where plugins from outside were found. */
  readonly pluginModules: readonly LoadedModule[];
  readonly lookup: PluginLookup;
  readonly broker: EmbeddedBroker | null;
  /** Validates a connector's settings as REST shows them. */
  validate(config: RawConfig): ReturnType<typeof validateConnectorConfig>;
}

/** The parts of a worker that has been built. */
export class Standalone {
  private constructor(
    readonly herder: Herder,
    private readonly rest: RestServer,
    private readonly parts: WorkerParts,
    private readonly threads: TaskThreads,
    private readonly admin: KafkaAdmin,
    /** Resolves when a task of any connector has said for the first time how it is. */
    readonly firstTaskUp: Promise<void>,
  ) {}

  /** Builds a worker and opens its REST port. @throws ConnectError; nothing is left running then */
  static async build(options: StandaloneOptions): Promise<Standalone> {
    const startedMs = Date.now();
    log.info('Kafka Connect worker initializing ...');
    const libraryPath = findLibrdkafka();
    const threads = new TaskThreads(createClientKeeper(libraryPath), logLevels, options.logSink, options.spareThread);
    let rest: RestServer | undefined;
    let admin: KafkaAdmin | undefined;
    let worker: WorkerConfig | undefined;
    try {
      const parts = await readSettings(options, libraryPath);
      worker = parts.worker;
      rest = await openRest(parts.worker);
      const client = translateClientProps('admin', adminProps(parts.worker.originals, {}, 'connect-standalone-admin'));
      for (const warning of client.warnings) utilsLog.warn(warning);
      admin = new KafkaAdmin(
        loadLibrdkafka(libraryPath),
        client.settings,
        client.defaultApiTimeoutMs,
        getLogger('org.apache.kafka.clients.admin.AdminClient'),
      );
      const clusterId = parts.broker ? parts.broker.clusterId : await clusterIdOf(admin, parts.worker.bootstrapServers);
      let taskUp = (): void => {};
      const firstTaskUp = new Promise<void>(resolve => {
        taskUp = resolve;
      });
      const startTask = taskStarter(parts, threads, options, taskUp);
      const herder = createHerder(parts, rest, admin, startTask, clusterId);
      log.info(`Kafka Connect worker initialization took ${Date.now() - startedMs}ms`);
      return new Standalone(herder, rest, parts, threads, admin, firstTaskUp);
    } catch (error) {
      await Promise.all([rest?.stop(), admin?.close(), threads.close()]);
      if (worker) closeProviders(worker);
      throw error;
    }
  }

  /** Where the REST API is. */
  get url(): string {
    return this.rest.advertisedUrl;
  }

  /** Opens the offset file and starts the herder. @throws ConnectError */
  async start(): Promise<void> {
    log.info('Kafka Connect starting');
    await this.herder.start();
    log.info('Kafka Connect started');
  }

  /** Begins to answer REST requests. */
  async serve(): Promise<void> {
    await this.rest.initializeResources({
      herder: this.herder,
      pluginConfigs: {
        describe: (plugin, version) => describePlugin(plugin, this.parts.lookup, version),
        validate: config => this.parts.validate(config),
      },
      onLogLevel: (logger, level) => this.threads.setLogLevel(logger, level),
    });
  }

  /** Creates the connector of a file. @throws ConnectError that says what is wrong with it */
  async createConnector(path: string): Promise<void> {
    const file = loadConnectorFile(path);
    const initialState = file.initialState === 'STOPPED' ? 'STOPPED' : file.initialState === 'PAUSED' ? 'PAUSED' : 'STARTED';
    await this.herder.putConnectorConfig(file.name, file.config, { initialState, allowReplace: false });
    cliLog.info(`Created connector ${file.name}`);
  }

  /** Stops everything in order. Never throws. @returns false when something native could not be freed */
  async stop(): Promise<boolean> {
    log.info('Kafka Connect stopping');
    await this.rest.stop();
    await this.herder.stop();
    const freed = await this.threads.close();
    await this.admin.close();
    closeProviders(this.parts.worker);
    log.info('Kafka Connect stopped');
    return freed;
  }
}

async function readSettings(options: StandaloneOptions, libraryPath: string): Promise<WorkerParts> {
  const props = options.workerFile === '' ? {} : loadProperties(options.workerFile);
  const { modules: pluginModules, failures } = await loadPluginPath(pluginPathOf(props), BUILTIN_PLUGINS, pluginLog);
  const plugins = createPluginTable(
    pluginModules.flatMap(module => module.plugins),
    failures,
  );
  const wantsBroker = options.embeddedBroker || props['bootstrap.servers']?.trim() === EMBEDDED_BOOTSTRAP;
  const broker = wantsBroker ? new EmbeddedBroker(loadLibrdkafka(libraryPath), getLogger('org.apache.kafka.connect.EmbeddedBroker')) : null;
  const lookup: PluginLookup = {
    find: (type, name) => plugins.find(type, name),
    list: type => listPlugins(plugins.list([type]), type),
    whyMissing: name => plugins.whyMissing(name),
  };
  const worker = new WorkerConfig(
    broker ? { ...EMBEDDED_CLIENT_DEFAULTS, ...props, 'bootstrap.servers': broker.bootstrapServers } : props,
    {
      findClass: classLookup(lookup),
    },
  );
  checkBootstrapServers(worker.bootstrapServers);
  checkConverters(worker, lookup);
  refuseRestExtensions(worker);
  if (worker.unusedKeys.length > 0)
    utilsLog.info(`These configurations were supplied but are not used yet: ${worker.unusedKeys.join(', ')}`);
  warnOfIdleWorkerKeys(worker.originals, utilsLog);
  const policy: OverridePolicy = createOverridePolicy(worker.clientConfigOverridePolicy, worker.clientConfigOverrideAllowlist);
  return {
    worker,
    plugins,
    pluginModules,
    lookup,
    broker,
    validate: config => validateConnectorConfig({ props: config, plugins: lookup, worker, policy }),
  };
}

/** Java finds out only when a task starts that a class is no converter; what can never work is refused here. */
function checkConverters({ keyConverter, valueConverter, headerConverter }: WorkerConfig, plugins: PluginLookup): void {
  const check = (key: string, type: 'converter' | 'header_converter', className: string): void => {
    try {
      requirePlugin(plugins, type, className);
    } catch (error) {
      throw new ConnectError('ConfigException', `Invalid value ${className} for configuration ${key}: ${toError(error).message}`);
    }
  };
  check('key.converter', 'converter', keyConverter);
  check('value.converter', 'converter', valueConverter);
  check('header.converter', 'header_converter', headerConverter);
}

/** An extension may be what asks for passwords: a worker without it would be open to everybody. */
function refuseRestExtensions({ values }: WorkerConfig): void {
  const classes = values.getList('rest.extension.classes');
  if (classes.length === 0) return;
  throw new ConnectError(
    'ConfigException',
    `Invalid value ${classes.join(',')} for configuration rest.extension.classes: extensions are Java classes, which this worker ` +
      'cannot run. Remove the setting, and protect the REST API by other means, e.g. listeners=http://127.0.0.1:8083',
  );
}

function closeProviders({ configProviders }: WorkerConfig): void {
  for (const [name, provider] of configProviders) {
    try {
      provider.close();
    } catch (error) {
      log.warn(`Failed to close config provider ${name}`, error);
    }
  }
}

function listPlugins<T extends PluginType>(plugins: readonly Plugin[], type: T): Extract<Plugin, { type: T }>[] {
  return plugins.filter((plugin): plugin is Extract<Plugin, { type: T }> => plugin.type === type);
}

function openRest({ listeners, adminListeners, values }: WorkerConfig): Promise<RestServer> {
  return RestServer.open({
    listeners,
    adminListeners,
    advertised: {
      hostName: values.getStringOrNull('rest.advertised.host.name') ?? undefined,
      port: values.getIntOrNull('rest.advertised.port') ?? undefined,
      listener: values.getStringOrNull('rest.advertised.listener') ?? undefined,
    },
    responseHeaders: {
      allowOrigin: values.getStringOrNull('access.control.allow.origin') ?? '',
      allowMethods: values.getStringOrNull('access.control.allow.methods') ?? '',
      headers: values.getStringOrNull('response.http.headers.config') ?? '',
    },
  });
}

async function clusterIdOf(admin: KafkaAdmin, bootstrapServers: string): Promise<string> {
  const unknownHosts = whenNoneResolves(checkBootstrapServers(bootstrapServers));
  try {
    const id = (await Promise.race([admin.clusterId(), unknownHosts])) ?? '';
    utilsLog.info(`Kafka cluster ID: ${id}`);
    return id;
  } catch (error) {
    throw new ConnectError(
      'ConnectException',
      "Failed to connect to and describe Kafka cluster. Check worker's broker connection and security properties. " +
        `Nothing usable at bootstrap.servers=${bootstrapServers}`,
      error,
    );
  }
}

function createHerder(parts: WorkerParts, rest: RestServer, admin: KafkaAdmin, startTask: StartTask, kafkaClusterId: string): Herder {
  const { worker, plugins } = parts;
  const group = worker.withPrefix('consumer.')['group.id'];
  const configs: ConnectorConfigs = {
    check: async config => {
      const infos = await parts.validate(config);
      warnOfIdleConnectorKeys(config, utilsLog);
      return infos.error_count > 0 ? invalidConfigMessage(infos) : null;
    },
    resolve: config => new ConfigTransformer(worker.configProviders).transform(config).data,
  };
  return new Herder({
    workerId: rest.workerId,
    kafkaClusterId,
    plugins,
    configs,
    openOffsetStore: () => FileOffsetStore.open(worker.offsetStorageFile),
    admin,
    startTask,
    ...(group === undefined ? {} : { consumerGroupId: group }),
    taskShutdownGracefulTimeoutMs: worker.taskShutdownGracefulTimeoutMs,
    offsetFlushIntervalMs: worker.offsetFlushIntervalMs,
    offsetFlushTimeoutMs: worker.offsetFlushTimeoutMs,
    topicTracking: { enabled: worker.topicTrackingEnable, allowReset: worker.topicTrackingAllowReset },
  });
}

function taskStarter(
  { worker, broker, pluginModules: modules }: WorkerParts,
  threads: TaskThreads,
  { drain }: StandaloneOptions,
  onTaskUp: () => void,
): StartTask {
  const workerProps = worker.originals;
  return (start, listener) => {
    const retentionWindows = broker ? windowsOf(broker, workerProps, start) : [];
    const onState: TaskListener['onState'] = state => {
      onTaskUp();
      listener.onState(state);
    };
    const pluginModules = modulesFor([start.connectorProps, start.taskProps, workerProps], modules);
    return threads.start({ ...start, workerProps, draining: drain, retentionWindows, pluginModules }, { ...listener, onState });
  };
}

/** Where a task counts its way, so that the embedded broker forgets nothing that a sink has still to read. */
function windowsOf(
  broker: EmbeddedBroker,
  workerProps: Record<string, string> | WorkerConfig['originals'],
  start: Parameters<StartTask>[0],
): RetentionWindow[] {
  const { connectorProps, taskProps, kind, id } = start;
  if (kind === 'source') return connectorProps.topic ? [broker.windowOfSource(connectorProps.topic)] : [];
  const group = consumerGroup(workerProps, connectorProps, id.connector);
  const topics = (taskProps.topics ?? '').split(',').map(topic => topic.trim());
  return topics.filter(topic => topic !== '').map(topic => broker.windowOfGroup(topic, group));
}
