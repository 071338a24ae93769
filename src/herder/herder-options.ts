/** What a herder is created from, and options of creating a connector. */
import type { Props } from '../api/connector';
import type { OriginOf } from '../config/files/setting';
import type { RestartPolicy } from '../config/keys/restart-policy';
import type { SampleSettings } from '../metrics/samples';
import type { PluginTable } from '../plugins/plugin-table';
import type { OpenInstance, PluginCallLimits, TargetState } from './connector-runner';
import type { ConnectorConfigs, ConnectorStore, GroupAdmin, OffsetStore, PublishOffsets, StartTask } from './ports';

/** Everything a herder needs. */
export interface HerderOptions {
  /** `<advertised host>:<advertised port>`. */
  readonly workerId: string;
  readonly kafkaClusterId: string;
  readonly plugins: PluginTable;
  readonly configs: ConnectorConfigs;
  readonly openInstance: OpenInstance;
  /** Opens the store of source offsets; called by `start`. */
  readonly openOffsetStore: () => Promise<OffsetStore>;
  readonly admin: GroupAdmin;
  /** Absent: changed offsets go to the offset store only. */
  readonly publishOffsets?: PublishOffsets;
  readonly startTask: StartTask;
  /** `consumer.group.id` of the worker, if set. */
  readonly consumerGroupId?: string;
  readonly taskShutdownGracefulTimeoutMs: number;
  readonly offsetFlushIntervalMs: number;
  readonly offsetFlushTimeoutMs: number;
  /** How long values are remembered for rates and averages. */
  readonly metricSamples: SampleSettings;
  /** `topic.tracking.enable` and `topic.tracking.allow.reset`. */
  readonly topicTracking: { readonly enabled: boolean; readonly allowReset: boolean };
  /** `tasks.max.limit`; absent: none. */
  readonly tasksMaxLimit?: number;
  readonly pluginCallLimits?: PluginCallLimits;
  /** The `restart.policy` of a connector with this configuration; absent: nothing is restarted. Never throws. */
  readonly restartPolicyOf?: (config: Props) => RestartPolicy;
  /** Absent: connectors are forgotten at the end, as in Java. */
  readonly connectorStore?: ConnectorStore;
}

/** Options of `putConnectorConfig`. */
export interface PutOptions {
  /** State of a new connector; RUNNING if absent. */
  readonly initialState?: TargetState;
  /** False: an existing connector is an error (POST). */
  readonly allowReplace: boolean;
  /** Where the settings come from, for messages; absent: REST. */
  readonly originOf?: OriginOf;
}
