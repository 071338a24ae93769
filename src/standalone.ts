/**
 * Puts a worker together, in Kafka Connect's order: settings, REST port, cluster id, herder, connectors of the command line;
 * and takes it apart again in the opposite order.
 */
import type { ConnectorPlugin, Plugin, PluginType } from './api/plugin';
import { type OverridePolicy, createOverridePolicy } from './config/client-overrides';
import { invalidConfigMessage, toConfigKeyInfo } from './config/config-infos';
import { ConfigTransformer } from './config/config-transformer';
import { validateConnectorConfig } from './config/connector-config';
import { loadConnectorFile } from './config/connector-file';
import { classLookup, type PluginLookup } from './config/plugin-lookup';
import { loadProperties } from './config/properties';
import { WorkerConfig } from './config/worker-config';
import { ConnectError } from './errors';
import { KafkaAdmin } from './kafka/admin';
import { adminClientConfig } from './kafka/client-config';
import { createClientKeeper } from './kafka/client-keeper';
import { EMBEDDED_BOOTSTRAP, EmbeddedBroker } from './kafka/embedded-broker';
import { findLibrdkafka, loadLibrdkafka } from './kafka/librdkafka';
import { getLogger, type LogEntry, logLevels } from './log';
import { FileOffsetStore } from './offsets/file-offset-store';
import { createPluginTable } from './plugins/builtins';
import type { RetentionWindow } from './thread/messages';
import { TaskThreads } from './thread/task-thread-handle';
import { Herder } from './worker/herder';
import type { ConnectorConfigs, RawConfig, StartTask } from './worker/ports';
import { RestServer } from './worker/rest/server';

const log = getLogger('org.apache.kafka.connect.runtime.Connect');
const cliLog = getLogger('org.apache.kafka.connect.cli.ConnectStandalone');
const utilsLog = getLogger('org.apache.kafka.connect.runtime.WorkerConfig');

/** What the command line asks for. */
export interface StandaloneOptions {
  /** Path of the worker file; empty for none. */
  readonly workerFile: string;
  readonly embeddedBroker: boolean;
  readonly drain: boolean;
  /** Takes log lines of task threads. */
  readonly logSink: (entry: LogEntry) => void;
}

/** The parts of a worker that has been built. */
export class Standalone {
  private constructor(
    readonly herder: Herder,
    private readonly rest: RestServer,
    private readonly parts: WorkerParts,
    private readonly threads: TaskThreads,
    private readonly admin: KafkaAdmin,
  ) {}

  /** Builds a worker and opens its REST port. @throws ConnectError; nothing is left running then */
  static async build(options: StandaloneOptions): Promise<Standalone> {
    const startedMs = Date.now();
    log.info('Kafka Connect worker initializing ...');
    const libraryPath = findLibrdkafka();
    const threads = new TaskThreads(createClientKeeper(libraryPath), logLevels, options.logSink);
    threads.prepare();
    let rest: RestServer | undefined;
    let admin: KafkaAdmin | undefined;
    try {
      const parts = readSettings(options, libraryPath);
      rest = await openRest(parts.worker);
      const client = adminClientConfig(parts.worker.originals);
      for (const warning of client.warnings) utilsLog.warn(warning);
      admin = new KafkaAdmin(loadLibrdkafka(libraryPath), client.settings, client.apiTimeoutMs, getLogger('org.apache.kafka.clients.admin.AdminClient'));
      const clusterId = await clusterIdOf(admin);
      const herder = createHerder(parts, rest, admin, threads, clusterId, options.drain);
      log.info(`Kafka Connect worker initialization took ${Date.now() - startedMs}ms`);
      return new Standalone(herder, rest, parts, threads, admin);
    } catch (error) {
      await Promise.all([rest?.stop(), admin?.close(), threads.close()]);
      throw error;
    }
  }

  /** Opens the offset file and starts the herder. @throws ConnectError */
  async start(): Promise<void> {
    log.info('Kafka Connect starting');
    await this.herder.start();
    log.info('Kafka Connect started');
  }

  /** Begins to answer REST requests. */
  async serve(): Promise<void> {
    const { configs, plugins, levels } = this.parts;
    await this.rest.initializeResources({
      herder: this.herder,
      pluginConfigs: {
        describe: plugin => describePlugin(plugin),
        validate: config => configs.validate(config),
      },
      onLogLevel: levels,
    });
    void plugins;
  }

  /** Creates the connector of a file. @throws ConnectError that says what is wrong with it */
  async createConnector(path: string): Promise<void> {
    const file = loadConnectorFile(path);
    const initialState = file.initialState === 'STOPPED' ? 'STOPPED' : file.initialState === 'PAUSED' ? 'PAUSED' : 'STARTED';
    await this.herder.putConnectorConfig(file.name, file.config, { initialState, allowReplace: false });
    cliLog.info(`Created connector ${file.name}`);
  }

  /** Stops everything in order. Never throws. */
  async stop(): Promise<void> {
    log.info('Kafka Connect stopping');
    await this.rest.stop();
    await this.herder.stop();
    await this.threads.close();
    await this.admin.close();
    log.info('Kafka Connect stopped');
  }
}
