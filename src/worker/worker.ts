/**
 * Puts a worker together, in Kafka Connect's order: settings, REST port, cluster id, herder, connectors of the command line;
 * and takes it apart again in the opposite order.
 */
import type { ConnectorFile } from '../config/files/connector-file';
import { fromRest, type OriginOf } from '../config/files/setting';
import type { WorkerConfig } from '../config/worker-config';
import { ConnectError } from '../errors';
import { checkConfig } from '../herder/changes/check-config';
import type { Herder } from '../herder/herder';
import { KeptConnectors, targetOf } from '../herder/kept/kept-connectors';
import type { PublishOffsets, WantedConnector } from '../herder/ports';
import { sameProps } from '../herder/task-configs';
import { ConnectorThreads } from '../isolation/connector-thread-handle';
import { ModuleInspection } from '../isolation/module-inspection';
import { PluginChecks } from '../isolation/plugin-checks';
import type { KafkaAdmin } from '../kafka/clients/worker-admin';
import { createClientKeeper } from '../kafka/native/client-keeper';
import { findLibrdkafka } from '../kafka/native/librdkafka';
import { getLogger, type LogEntry, logLevels } from '../log';
import { isPipe } from '../named-files';
import type { RestServer } from '../rest/http/server';
import type { SpareThread } from '../thread/spare-thread';
import { TaskThreads } from '../thread/task-threads';
import { KAFKA_VERSION, PRODUCT_VERSION } from '../version';
import { connectorConfigs } from './connector-configs';
import { createHerder } from './create-herder';
import { ConnectorFileWatch } from './files/connector-file-watch';
import { FolderWatches } from './files/folder-watches';
import { GivenConnectors } from './files/given-connectors';
import { clusterIdOf, openAdmin } from './kafka-access';
import { openParts, type WorkerParts } from './open-parts';
import { openRest } from './open-rest';
import { UnusableWorkerSettings } from './settings/findings';
import { provenanceOf } from './settings/provenance';
import { closeProviders, readSettings, type SettingsSource } from './settings/read';
import { taskStarter } from './task-starter';

// Loaded when offsets of a connector are changed by REST.
const publisherModule = (): typeof import('./offset-publisher') => require('./offset-publisher');

const log = getLogger('org.apache.kafka.connect.runtime.Connect');
const cliLog = getLogger('org.apache.kafka.connect.cli.ConnectStandalone');

/** What the command line asks for. */
export interface StandaloneOptions extends SettingsSource {
  readonly drain: boolean;
  /** Paths of connector files, which are read and judged before a broker is waited for. */
  readonly connectorFiles?: readonly string[];
  /** Receives the log lines of task threads. */
  readonly logSink: (entry: LogEntry) => void;
  /** Used by the first task; ended with the worker if no task used it. */
  readonly spareThread?: SpareThread | null;
}

/** How long connector threads may take to end; only native code can hold one up. */
const THREADS_CLOSE_MS = 2000;
/** If the broker answers within this time, connector settings are judged one by one as connectors are created. */
const BROKER_FIRST_MS = 400;

/** The parts of a worker that has been built. */
export class Standalone {
  private readonly watches: ConnectorFileWatch[] = [];
  private readonly folders = new FolderWatches();

  private constructor(
    private readonly given: GivenConnectors,
    readonly herder: Herder,
    private readonly rest: RestServer,
    private readonly parts: WorkerParts,
    private readonly checks: PluginChecks,
    private readonly threads: TaskThreads,
    private readonly connectorThreads: ConnectorThreads,
    private readonly admin: KafkaAdmin,
    /** Null without `connectors.state.file`. */
    private readonly kept: KeptConnectors | null,
    /** Resolves when the first task of any connector has reported its state. */
    readonly firstTaskUp: Promise<void>,
  ) {}

  /** Builds a worker and opens its REST port. @throws ConnectError; nothing is left running then */
  static async build(options: StandaloneOptions): Promise<Standalone> {
    const startedMs = Date.now();
    log.info(`connect-standalone ${PRODUCT_VERSION}, as Kafka Connect ${KAFKA_VERSION}, on Node ${process.version}`);
    log.info('Kafka Connect worker initializing ...');
    const libraryPath = findLibrdkafka();
    let rest: RestServer | undefined;
    let admin: KafkaAdmin | undefined;
    let worker: WorkerConfig | undefined;
    const keeper = createClientKeeper(libraryPath);
    const threads = new TaskThreads({
      keeper,
      logLevels,
      log: options.logSink,
      maxThreads: () => worker?.taskThreadsMax ?? 1,
      spare: options.spareThread ?? null,
    });
    const connectorThreads = new ConnectorThreads(logLevels, options.logSink);
    try {
      const inspection = new ModuleInspection(connectorThreads);
      const { settings, findings } = await readSettings(options, inspection.inspect).finally(() => inspection.close());
      worker = settings.worker;
      if (findings.length > 0) throw new UnusableWorkerSettings(findings, options.workerFile);
      const parts = openParts(settings, libraryPath);
      const given = await GivenConnectors.read(options.connectorFiles ?? []);
      const first = parts.plugins.findConnector(given.firstClass.trim());
      if (first) threads.expect(first.type);
      rest = await openRest(parts.worker, parts.rest);
      admin = openAdmin(parts.adminSettings, libraryPath);
      const checks = new PluginChecks(parts, connectorThreads);
      const configs = connectorConfigs(parts, checks);
      const stateFile = parts.worker.values.getStringOrNull('connectors.state.file');
      // With a state file, the settings made over REST may replace those of the file.
      const judge = async ({ config, settings }: ConnectorFile): Promise<unknown> =>
        stateFile ?? checkConfig({ plugins: parts.plugins, configs }, config, provenanceOf(settings, parts.worker.configProviders));
      const { bad, cancel } = given.refusal(judge, BROKER_FIRST_MS);
      const asked = parts.broker ? parts.broker.clusterId : clusterIdOf(admin, parts.worker.bootstrapServers);
      const clusterId = await Promise.race([asked, bad]).finally(cancel);
      let taskUp = (): void => {};
      const firstTaskUp = new Promise<void>(resolve => {
        taskUp = resolve;
      });
      const startTask = taskStarter(parts, threads, options.drain, taskUp);
      const kept = stateFile === null ? null : new KeptConnectors(stateFile);
      const publishOffsets: PublishOffsets = (connector, props, entries) =>
        new (publisherModule().OffsetPublisher)(parts.identity, keeper).publish(connector, props, entries);
      const running = { connectors: connectorThreads, startTask, publishOffsets };
      const herder = createHerder(parts, rest, admin, configs, running, clusterId, kept);
      log.info(`Kafka Connect worker initialization took ${Date.now() - startedMs}ms`);
      return new Standalone(given, herder, rest, parts, checks, threads, connectorThreads, admin, kept, firstTaskUp);
    } catch (error) {
      await Promise.all([rest?.stop(), admin?.close(), threads.close(), connectorThreads.close(THREADS_CLOSE_MS)]);
      if (worker) closeProviders(worker);
      throw error;
    }
  }

  /** False if no thread runs tasks or waits for the first one. */
  get hasTaskThreads(): boolean {
    return this.threads.hasThreads;
  }

  /** URL of the REST API. */
  get url(): string {
    return this.rest.advertisedUrl;
  }

  /** Opens the offset file and the connector state file, and starts the herder. @throws ConnectError */
  async start(): Promise<void> {
    log.info('Kafka Connect starting');
    await this.kept?.open();
    await this.herder.start();
    log.info('Kafka Connect started');
  }

  /** Begins to serve REST requests. */
  serve(): void {
    this.rest.initializeResources({
      herder: this.herder,
      pluginConfigs: {
        describe: (plugin, version) => this.checks.describe(plugin, version),
        validate: config => this.checks.validate(config),
      },
      onLogLevel: (logger, level) => {
        this.threads.setLogLevel(logger, level);
        this.connectorThreads.setLogLevel(logger, level);
      },
    });
  }

  /** Creates the connector of a file, with the changes kept in the state file. @throws ConnectError that says what is wrong with it */
  async createConnector(path: string): Promise<void> {
    const file = await this.given.fileAt(path);
    const wanted = this.kept ? this.kept.fromFile(file) : { ...file, target: targetOf(file) ?? 'STARTED' };
    this.watch(path, file);
    if (!wanted) return;
    // A bad change made over REST must not keep the whole worker from starting.
    if (sameProps(wanted.config, file.config)) await this.create(wanted, this.originsOf(file));
    else
      await this.create(wanted).catch(error =>
        cliLog.error(`Failed to create connector ${file.name} with the changes made over REST`, error),
      );
  }

  /** Watches the file from now on; changes wait in the connector's request queue until it has been created. */
  private watch(path: string, file: ConnectorFile): void {
    if (isPipe(path)) {
      cliLog.info(`Connector file ${path} is a pipe, which is read once: later changes are not followed`);
      return;
    }
    const watch = new ConnectorFileWatch(path, file, (next, before) => this.applyFile(next, before), this.folders);
    this.watches.push(watch);
    if (this.parts.worker.values.getBoolean('connectors.files.watch')) watch.start();
  }

  /** Reads again the files that may have changed: the key stores of the REST API, and connector files. Never throws. */
  async reload(): Promise<void> {
    cliLog.info('Reading connector files and keys again');
    this.rest.reloadKeys();
    await Promise.all(this.watches.map(watch => watch.checkNow()));
  }

  private async applyFile(file: ConnectorFile, before: ConnectorFile): Promise<void> {
    this.kept?.noteFile(file);
    try {
      const initialState = targetOf(file) ?? 'STARTED';
      const put = { initialState, allowReplace: true, originOf: this.originsOf(file) };
      await this.herder.putConnectorConfig(file.name, file.config, put);
    } catch (error) {
      if (error instanceof ConnectError && error.code === 'BadRequestException') this.kept?.noteFile(before);
      throw error;
    }
  }

  private originsOf({ settings }: ConnectorFile): OriginOf {
    return provenanceOf(settings, this.parts.worker.configProviders);
  }

  private async create({ name, config, target }: WantedConnector, originOf = fromRest): Promise<void> {
    await this.herder.putConnectorConfig(name, config, { initialState: target, allowReplace: false, originOf });
    cliLog.info(`Created connector ${name}`);
  }

  /**
   * Creates the connectors that were created over REST in an earlier run of the worker, after those of files. Never throws: a connector
   * that cannot be created is logged and stays in the state file.
   */
  async restoreConnectors(): Promise<void> {
    for (const wanted of this.kept?.fromRest() ?? []) {
      await this.create(wanted).catch(error =>
        cliLog.error(`Failed to restore connector ${wanted.name}; it stays in connectors.state.file`, error),
      );
    }
  }

  /**
   * Stops everything in order. Never throws.
   * @returns `isFreed`: false if something native could not be freed; `isSaved`: false when offsets could not, so that what is behind them
   *   is sent again (with exactly-once the topic of offsets has them)
   */
  async stop(): Promise<{ readonly isFreed: boolean; readonly isSaved: boolean }> {
    log.info('Kafka Connect stopping');
    await this.rest.stop();
    await Promise.all([this.folders.close(), ...this.watches.map(watch => watch.close())]);
    const isSaved = await this.herder.stop();
    await this.kept?.close();
    const ended = await Promise.all([this.threads.close(), this.connectorThreads.close(THREADS_CLOSE_MS)]);
    await this.admin.close();
    closeProviders(this.parts.worker);
    log.info('Kafka Connect stopped');
    return { isFreed: ended.every(Boolean), isSaved: isSaved || this.parts.worker.exactlyOnceSourceEnabled };
  }
}
