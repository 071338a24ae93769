/** The narrow interfaces of what the herder needs from the rest of the program; provided by `src/worker`, faked in tests. */
import type { Props } from '../api/connector';
import type { OriginOf } from '../config/files/setting';
import type { ConfigFindings } from '../config/validation/findings';
import type { OffsetEntry, TaskSpec } from '../thread/messages';
import type { TaskHandle, TaskListener } from '../thread/task-handle';

/** A connector's configuration as it was submitted: variables unresolved; null only for a JSON null. */
export type RawConfig = Readonly<Record<string, string | null>>;

/** Stored source offsets. */
export interface OffsetStore {
  /** Stored offsets of a connector, without removed ones; reads memory only. */
  offsetsOf(connector: string): OffsetEntry[];
  /** The same for a task that starts, with the marks stored beside them. */
  offsetsForTask(connector: string): OffsetEntry[];
  /** Merges entries; resolves when they are safe. */
  save(entries: readonly OffsetEntry[]): Promise<void>;
  /** @returns false if something that was merged is lost, which is logged */
  close(): Promise<boolean>;
}

/** Offset of a partition in a consumer group. */
export interface GroupOffset {
  readonly topic: string;
  readonly partition: number;
  /** A bigint where it is above 2^53. */
  readonly offset: number | bigint;
}

/** A partition of a topic. */
export interface GroupPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Offsets of consumer groups. All methods throw a ConnectError named after Kafka's error. */
export interface GroupAdmin {
  /** Committed offsets; empty for a group that does not exist. */
  listGroupOffsets(group: string): Promise<GroupOffset[]>;
  alterGroupOffsets(group: string, offsets: readonly GroupOffset[]): Promise<void>;
  deleteGroupOffsets(group: string, partitions: readonly GroupPartition[]): Promise<void>;
  /** Deletes the group; one that does not exist is fine. */
  deleteGroup(group: string): Promise<void>;
}

/** Checks connector configurations and resolves their variables. */
export interface ConnectorConfigs {
  /**
   * Validates a configuration whose `connector.class` is known.
   * @param originOf where its settings come from; absent: REST
   */
  check(config: RawConfig, originOf?: OriginOf): Promise<ConfigFindings>;
  /** Replaces `${provider:path:key}`. @throws ConnectError if a provider fails */
  resolve(config: Props): Props | Promise<Props>;
  /**
   * Checks settings that Java checks only when a connector starts, such as `topic.creation.`.
   * @param props with their variables resolved
   * @throws ConfigException with Java's text
   */
  checkAtStart?(props: Props, kind: 'source' | 'sink'): void;
}

/** A connector as the user wants it. */
export interface WantedConnector {
  readonly name: string;
  /** As submitted, variables unresolved. */
  readonly config: Props;
  readonly target: 'STARTED' | 'PAUSED' | 'STOPPED';
}

/** Keeps connectors beyond the end of the worker. Both methods resolve once the change is safe. @throws ConnectException */
export interface ConnectorStore {
  keep(connector: WantedConnector): Promise<void>;
  /** Notes that the connector was deleted. */
  forget(name: string): Promise<void>;
}

/** The part of a task's spec that the herder knows; the rest is the same for all tasks. */
export type TaskStart = Pick<TaskSpec, 'id' | 'kind' | 'connectorProps' | 'taskProps' | 'paused' | 'storedOffsets'>;

/** Starts a task and returns at once; its events go to the listener. */
export type StartTask = (start: TaskStart, listener: TaskListener) => TaskHandle;

/**
 * Writes changed offsets of a stopped source connector to where its tasks read them, besides the offset store.
 * @param props the connector's settings, resolved
 * @throws ConnectError; then nothing was changed
 */
export type PublishOffsets = (connector: string, props: Props, entries: readonly OffsetEntry[]) => Promise<void>;
