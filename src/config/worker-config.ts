/** Settings of the worker, parsed once at the start (org.apache.kafka.connect.runtime.standalone.StandaloneConfig). */

import { type ClassLookup, type ParsedConfig, type ProblemListener, parseType, throwProblem } from '../api/config-def';
import type { ConfigProvider } from '../api/config-provider';
import type { Props } from '../api/connector';
import { asSentence, ConnectError, SettingError } from '../errors';
import { getLogger } from '../log';
import { CLIENT_DEFS } from './clients/client-keys';
import { checkWorkerClients } from './clients/client-values';
import { otherThanWorkerFile } from './files/file-kinds';
import { isExactlyOnce } from './keys/exactly-once';
import { WORKER_DEF } from './keys/worker-keys';
import { ConfigTransformer } from './providers/config-transformer';
import { createConfigProviders, settingsBelow } from './providers/provider-table';

const log = getLogger('org.apache.kafka.connect.runtime.WorkerConfig');
const defLog = getLogger('org.apache.kafka.common.config.ConfigDef');

/** Settings below these prefixes are checked elsewhere. */
const FOREIGN_PREFIXES = [
  'producer.',
  'consumer.',
  'admin.',
  'key.converter.',
  'value.converter.',
  'header.converter.',
  'config.providers.',
  'listeners.https.',
  'metrics.context.',
];

/** Options of building a worker configuration. */
export interface WorkerConfigOptions {
  /** Looks up the converter classes; without it any class name is accepted. */
  readonly findClass?: ClassLookup;
  /**
   * Called with each problem, in the order in which they are found; a wrong setting then has its default or is empty, which may cause
   * further problems. Absent: the first problem is thrown.
   */
  readonly onProblem?: ProblemListener;
}

/** The worker's settings, with variables resolved; immutable. */
export class WorkerConfig {
  /** All values by key, for settings without a field of their own. */
  readonly values: ParsedConfig;
  /** The settings as given, variables resolved. */
  readonly originals: Props;
  /** Providers for variables in connector settings; close them at the end. */
  readonly configProviders: ReadonlyMap<string, ConfigProvider>;
  /** Unknown keys; they are logged, never refused. */
  readonly unusedKeys: readonly string[];

  /** Joined by commas, as clients take it. */
  readonly bootstrapServers: string;
  /** Full class names. */
  readonly keyConverter: string;
  readonly valueConverter: string;
  readonly headerConverter: string;
  readonly offsetStorageFile: string;
  readonly exactlyOnceSourceEnabled: boolean;
  readonly offsetFlushIntervalMs: number;
  readonly offsetFlushTimeoutMs: number;
  readonly taskShutdownGracefulTimeoutMs: number;
  readonly taskThreadsMax: number;
  /** `metrics.num.samples` and `metrics.sample.window.ms`. */
  readonly metricSamples: { readonly samples: number; readonly windowMs: number };
  readonly tasksMaxLimit: number;
  readonly clientConfigOverridePolicy: string;
  readonly clientConfigOverrideAllowlist: readonly string[];
  readonly topicCreationEnable: boolean;
  readonly topicTrackingEnable: boolean;
  readonly topicTrackingAllowReset: boolean;
  readonly listeners: readonly string[];
  /** Null: admin endpoints are on the usual listeners; empty: there are none. */
  readonly adminListeners: readonly string[] | null;

  /** @throws ConfigException with Java's text for the first wrong setting, without `onProblem` */
  constructor(props: Props, { findClass, onProblem = throwProblem }: WorkerConfigOptions = {}) {
    this.configProviders = createConfigProviders(props, onProblem);
    this.originals = Object.freeze(resolve(props, new ConfigTransformer(this.configProviders), onProblem));
    const warn = (message: string): void => defLog.warn(message);
    this.values = WORKER_DEF.parseAll(this.originals, sayingKind(this.originals, onProblem), findClass ? { findClass, warn } : { warn });
    checkWorkerClients(this.originals, onProblem);
    this.unusedKeys = Object.keys(this.originals).filter(isUnused);

    const { values } = this;
    this.bootstrapServers = values.getList('bootstrap.servers').join(',');
    this.keyConverter = values.getStringOrNull('key.converter') ?? '';
    this.valueConverter = values.getStringOrNull('value.converter') ?? '';
    this.headerConverter = values.getString('header.converter');
    this.offsetStorageFile = values.getStringOrNull('offset.storage.file.filename') ?? '';
    this.exactlyOnceSourceEnabled = isExactlyOnce(this.originals);
    this.offsetFlushIntervalMs = Math.max(values.getDelayMs('offset.flush.interval.ms'), 1);
    this.offsetFlushTimeoutMs = Math.max(values.getDelayMs('offset.flush.timeout.ms'), 1);
    this.taskShutdownGracefulTimeoutMs = Math.max(values.getDelayMs('task.shutdown.graceful.timeout.ms'), 1);
    this.taskThreadsMax = values.getInt('task.threads.max');
    this.metricSamples = {
      samples: values.getInt('metrics.num.samples'),
      windowMs: Math.max(values.getDelayMs('metrics.sample.window.ms'), 1),
    };
    this.tasksMaxLimit = values.getInt('tasks.max.limit');
    this.clientConfigOverridePolicy = values.getString('connector.client.config.override.policy');
    this.clientConfigOverrideAllowlist = values.getList('connector.client.config.override.allowlist');
    this.topicCreationEnable = values.getBoolean('topic.creation.enable');
    this.topicTrackingEnable = values.getBoolean('topic.tracking.enable');
    this.topicTrackingAllowReset = values.getBoolean('topic.tracking.allow.reset');
    this.listeners = values.getList('listeners');
    this.adminListeners = values.getListOrNull('admin.listeners');
    Object.freeze(this);
    warnAboutInternalConverters(props);
    warnAboutPluginPath(props, this.originals);
  }

  /** The same worker with other brokers. */
  withBrokers(bootstrapServers: string): WorkerConfig {
    const originals = Object.freeze({ ...this.originals, 'bootstrap.servers': bootstrapServers });
    return Object.freeze(
      Object.assign(Object.create(WorkerConfig.prototype) as object, this, { bootstrapServers, originals }),
    ) as WorkerConfig;
  }

  /** The settings below a prefix such as `producer.`, without it; as given, not parsed. */
  withPrefix(prefix: string): Record<string, string> {
    return settingsBelow(this.originals, prefix);
  }
}

/** Resolves variables. If a provider fails, each setting is tried alone to find those that fail, which are left out. */
function resolve(props: Props, transformer: ConfigTransformer, onProblem: ProblemListener): Props {
  try {
    return transformer.transform(props).data;
  } catch (failure) {
    if (!(failure instanceof ConnectError)) throw failure;
    let isFound = false;
    const resolved = Object.entries(props).flatMap(([key, text]) => {
      try {
        return Object.entries(transformer.transform({ [key]: text }).data);
      } catch (error) {
        if (!(error instanceof ConnectError)) throw error;
        isFound = true;
        onProblem(key, error);
        return [];
      }
    });
    // Each resolves alone, so together they exceed a limit.
    if (!isFound) onProblem(null, failure);
    return Object.fromEntries(resolved);
  }
}

function isUnused(key: string): boolean {
  return !WORKER_DEF.keys.has(key) && !CLIENT_DEFS.admin.keys.has(key) && !FOREIGN_PREFIXES.some(prefix => key.startsWith(prefix));
}

/**
 * The folders of `plugin.path`, each once. Taken from the settings as given, since plugins are found before variables are resolved and
 * before the settings that name plugins can be checked.
 */
export function pluginPathOf(props: Props): readonly string[] {
  const elements = parseType('plugin.path', props['plugin.path'], 'LIST') as readonly string[] | null;
  return [...new Set(elements ?? [])];
}

/** Adds to the first missing setting which program the file may be for; Java only says what is missing. */
function sayingKind(props: Props, onProblem: ProblemListener): ProblemListener {
  let hint = otherThanWorkerFile(Object.keys(props));
  return (key, error) => {
    const isMissing = key !== null && !Object.hasOwn(props, key);
    if (!isMissing || hint === '') return onProblem(key, error);
    const text = `${asSentence(error.message)} ${hint}.`;
    hint = '';
    onProblem(key, new SettingError(key, text));
  };
}

function warnAboutInternalConverters(props: Props): void {
  const removed = Object.keys(props).filter(key => /^internal\.(key|value)\.converter(\.|$)/.test(key));
  if (removed.length === 0) return;
  log.warn(
    `The worker has been configured with one or more internal converter properties ([${removed.join(', ')}]). These properties have ` +
      'been removed since version 3.0 and an instance of the JsonConverter with schemas.enable set to false will be used instead.',
  );
}

function warnAboutPluginPath(given: Props, resolved: Props): void {
  const key = 'plugin.path';
  if (given[key] === resolved[key]) return;
  log.warn(
    `Variables cannot be used in the 'plugin.path' property, since the property is used by plugin scanning before the config providers ` +
      `that replace the variables are initialized. The raw value '${given[key]}' was used for plugin scanning, as opposed to the ` +
      `transformed value '${resolved[key]}', and this may cause unexpected results.`,
  );
}
