/** What source and sink connectors share: the part of a plugin that is configured once and splits the work into tasks. */
import type { Logger } from '../log';
import type { ConfigDef, ConfigValue } from './config-def';
import type { PluginMetrics } from './plugin-metrics';

/** Settings as they stand in a file: text by key, variables already resolved. */
export type Props = Readonly<Record<string, string>>;

/** What a running connector may ask of its worker. */
export interface ConnectorContext {
  /**
   * Lines by it carry the context of this connector, e.g. `[name|worker] `; `withContext(logger.context)` gives it to loggers of other
   * names.
   */
  readonly logger: Logger;
  /** Metrics of the connector's own, shown beside those of the worker; removed after `stop` (KIP-877). */
  readonly metrics: PluginMetrics;
  /** Says that `taskConfigs` would return something else now; the worker calls it again and replaces the tasks that changed. */
  requestTaskReconfiguration(): void;
  /** Makes the connector FAILED with this error; its tasks go on. */
  raiseError(error: unknown): void;
}

/**
 * A connector (org.apache.kafka.connect.connector.Connector). One instance serves one configured connector: it is started once and stopped
 * once, and after a pause, a restart or a new configuration there is a new one.
 *
 * A plugin of `plugin.path` has a thread for each instance, and another one for validation: whatever takes long or blocks there holds up
 * this connector only, and a thread that does not end is ended. The worker's own connectors run on the main thread, where they must not
 * block; `alterOffsets` and `convertOffsets`, which may look at what the offsets are about, have a thread there too. Records never come by
 * here; they are the business of tasks.
 */
export interface Connector {
  /** Version shown in status and REST. */
  version(): string;
  /** The settings it knows; called without `start`, also on instances that are never started, and must not touch the outside. */
  config(): ConfigDef;
  /**
   * Extra checks across settings, after those of `config`; called without `start`, whenever a configuration is submitted or validated. A
   * user's mistake is not thrown but added to `errors` of the value it belongs to. Without an answer within 60 seconds the request fails.
   * @param values one for each key of `config`, parsed; the answer takes their place
   */
  validate?(props: Props, values: ConfigValue[]): ConfigValue[] | Promise<ConfigValue[]>;
  /**
   * Called once, before `taskConfigs`. An error, or no answer within 90 seconds, makes the connector FAILED; once a request wants to end
   * the instance (stop, DELETE, restart, a new configuration), there are 5 seconds more.
   */
  start(props: Props, context: ConnectorContext): void | Promise<void>;
  /**
   * Settings for each task, at most `maxTasks`; called after `start` and whenever reconfiguration was requested. Tasks whose settings
   * have changed are replaced. An error, or no answer within 90 seconds, makes the connector FAILED.
   */
  taskConfigs(maxTasks: number): Props[] | Promise<Props[]>;
  /**
   * Called once at the end, also when `start` failed. An error makes a connector FAILED that was to be paused or stopped, and is only
   * logged otherwise; after 5 seconds the worker goes on without an answer.
   */
  stop(): void | Promise<void>;
}

/** A partition and the offset to set for it; null removes the offset. */
export interface OffsetAlteration {
  readonly partition: Readonly<Record<string, unknown>> | null;
  readonly offset: Readonly<Record<string, unknown>> | null;
}

/** An offset that is stored, with its source partition; integers are bigint. */
export interface StoredOffset {
  readonly partition: Readonly<Record<string, unknown>>;
  readonly offset: Readonly<Record<string, unknown>>;
}

/** A connector whose tasks read from the outside (org.apache.kafka.connect.source.SourceConnector). */
export interface SourceConnector extends Connector {
  /**
   * Whether its tasks can begin again exactly where an offset says, with these settings; called without `start`, where
   * `exactly.once.support=required` asks for it. Absent: nobody knows.
   */
  exactlyOnceSupport?(props: Props): 'SUPPORTED' | 'UNSUPPORTED' | null;
  /** Whether its tasks use `transactionContext`, for `transaction.boundary=connector`. Absent: they do not. */
  canDefineTransactionBoundaries?(props: Props): 'SUPPORTED' | 'UNSUPPORTED' | null;
  /**
   * Checks offsets that a user wants to set (KIP-875); called while the connector is stopped. Integers arrive as bigint.
   * @returns true if the connector vouches for them; absent means that changing offsets is not supported
   * @throws ConnectError with the text for the user
   */
  alterOffsets?(props: Props, alterations: readonly OffsetAlteration[]): boolean | Promise<boolean>;
  /**
   * Converts offsets that Kafka Connect on Java has stored, where its connector counts otherwise than this one. Called without `start`,
   * once for an offset file that Java has written last, before any connector is started. Only the connectors that come with the worker are
   * asked.
   * @param offsets those of all connectors in the file, since nobody knows yet which name belongs to which class: they are told by their
   *   shape
   * @param afterOwn this program has written the file before, so Java may have gone on from offsets of ours
   * @returns one element for each of `offsets`: what takes its place, or null where it stays
   */
  convertOffsets?(offsets: readonly StoredOffset[], afterOwn: boolean): Promise<readonly (StoredOffset['offset'] | null)[]>;
}

/** Like `OffsetAlteration`, for the consumer group of a sink; a null offset deletes it. */
export interface SinkOffsetAlteration {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number | null;
}

/** A connector whose tasks write to the outside (org.apache.kafka.connect.sink.SinkConnector). */
export interface SinkConnector extends Connector {
  /** See `SourceConnector.alterOffsets`; here the worker changes the consumer group afterwards. */
  alterOffsets?(props: Props, alterations: readonly SinkOffsetAlteration[]): boolean | Promise<boolean>;
}
