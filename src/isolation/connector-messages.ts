/**
 * All that crosses between the main thread and a connector thread, in which the connector code of plugins from outside runs: an instance of
 * a connector, validations, the inspection of modules. And what of our own connectors may look at files.
 */
import type { OffsetAlteration, Props, SinkOffsetAlteration, StoredOffset } from '../api/connector';
import type { TokenSources } from '../config/clients/token-sources';
import type { ConnectorProps } from '../config/connector-props';
import type { ConfigInfos, ConfigKeyInfo } from '../config/validation/config-infos';
import type { ConverterDefaults } from '../config/validation/connector-config';
import type { PluginName } from '../config/validation/plugin-name';
import type { ErrorEnvelope } from '../errors';
import type { LogEntry, LogLevel } from '../log';
import type { PluginReport } from '../metrics/plugin-metrics';

/** A module of `plugin.path`, and what was found in it. */
export interface ModuleToInspect {
  readonly file: string;
  readonly path: string;
  readonly classNames: readonly string[];
}
export interface ModuleFindings {
  readonly plugins: readonly PluginName[];
  /** Plugins that cannot be used; with the error only if its trace is of interest. */
  readonly failures: readonly { readonly text: string; readonly classNames: readonly string[]; readonly error: ErrorEnvelope | null }[];
}

/** What a thread must know of its worker to validate settings. */
export interface ValidationSetting {
  /** All plugins of the worker; those not loaded in this thread are known by name only. */
  readonly known: readonly PluginName[];
  /** What could not be loaded, see PluginTable. */
  readonly failures: readonly { readonly text: string; readonly classNames: readonly string[] }[];
  readonly converters: ConverterDefaults;
  /** `connector.client.config.override.policy` and its list. */
  readonly overridePolicy: { readonly name: string; readonly allowlist: readonly string[]; readonly tokenSources: TokenSources };
}

/** Calls of the main thread with their results; they run one after the other, but `stop` may overtake. */
export interface ConnectorCalls {
  /** Creates the instance and starts it. Variables are resolved, so the settings must not be logged. */
  readonly start: { readonly args: readonly [plugin: PluginName, props: Props]; readonly result: null };
  readonly taskConfigs: { readonly args: readonly [maxTasks: number]; readonly result: Props[] };
  /** Calls `alterOffsets` of an instance that is never started. @returns null if the connector has no such method */
  readonly alterOffsets: {
    readonly args: readonly [plugin: PluginName, props: Props, alterations: readonly (OffsetAlteration | SinkOffsetAlteration)[]];
    readonly result: boolean | null;
  };
  /** See `SourceConnector.convertOffsets`: asks all connectors that come with the worker, one after the other. */
  readonly convertOffsets: {
    readonly args: readonly [offsets: readonly StoredOffset[], afterOwn: boolean];
    readonly result: readonly StoredOffset[];
  };
  /** Stops the instance, if there is one. */
  readonly stop: { readonly args: readonly []; readonly result: null };
  /** Loads a module and checks its plugins. */
  readonly inspect: { readonly args: readonly [module: ModuleToInspect]; readonly result: ModuleFindings };
  readonly validate: { readonly args: readonly [props: ConnectorProps, setting: ValidationSetting]; readonly result: ConfigInfos };
  readonly describe: {
    readonly args: readonly [plugin: PluginName, version: string | undefined, setting: ValidationSetting];
    readonly result: ConfigKeyInfo[];
  };
}

export type ConnectorMethod = keyof ConnectorCalls;

/** One call as it is posted. */
export type ConnectorCall = {
  readonly [M in ConnectorMethod]: { readonly method: M; readonly args: ConnectorCalls[M]['args'] };
}[ConnectorMethod];

/** What a connector thread gets when it is started. */
export interface ConnectorThreadSpec {
  /** Files that export the plugins it needs. */
  readonly pluginModules: readonly string[];
  readonly logLevels: ReadonlyMap<string, LogLevel>;
}

export type MainToConnector =
  | { readonly type: 'call'; readonly id: number; readonly call: ConnectorCall }
  | { readonly type: 'log-level'; readonly logger: string; readonly level: LogLevel };

export type ConnectorToMain =
  | { readonly type: 'result'; readonly id: number; readonly value: ConnectorCalls[ConnectorMethod]['result'] }
  | { readonly type: 'failure'; readonly id: number; readonly error: ErrorEnvelope }
  /** The instance asks for new task configurations. */
  | { readonly type: 'reconfigure' }
  /** The instance has reported a failure, or an error occurred outside all calls. */
  | { readonly type: 'raised'; readonly error: ErrorEnvelope }
  /** Metrics that the instance has registered. */
  | { readonly type: 'metrics'; readonly report: PluginReport }
  | { readonly type: 'log'; readonly entry: LogEntry }
  /** Names of loggers that are new in the thread. */
  | { readonly type: 'loggers'; readonly names: readonly string[] };
