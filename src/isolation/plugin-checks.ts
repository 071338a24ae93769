/**
 * Validates and describes settings beside the code of plugins: built-in ones here, unless they open files, and those from outside in a
 * thread that has a time limit.
 */
import type { Plugin } from '../api/plugin';
import type { OverridePolicy } from '../config/clients/client-overrides';
import { trimmed } from '../config/connector-props';
import { ConfigTransformer } from '../config/providers/config-transformer';
import type { ConfigInfos, ConfigKeyInfo } from '../config/validation/config-infos';
import { type ConnectorValidation, validateConnectorConfig } from '../config/validation/connector-config';
import { describePlugin } from '../config/validation/plugin-description';
import type { PluginLookup } from '../config/validation/plugin-lookup';
import { nameOf } from '../config/validation/plugin-name';
import { validateWithVariables } from '../config/validation/resolved-validation';
import type { WorkerConfig } from '../config/worker-config';
import type { RawConfig } from '../herder/ports';
import { getLogger } from '../log';
import type { PluginFailure } from '../plugins/plugin-locations';
import type { PluginTable } from '../plugins/plugin-table';
import { type LoadedModule, modulesFor } from '../plugins/used-modules';
import { OverdueError, within } from '../waiting';
import type { ValidationSetting } from './connector-messages';
import type { ConnectorThread, ConnectorThreads } from './connector-thread-handle';

const log = getLogger('org.apache.kafka.connect.runtime.AbstractHerder');
/** How long plugins may take to validate; less than the 90 s of a REST request, so that the response can say whose fault it is. */
const CHECK_LIMIT_MS = 60_000;
/** How long a thread is kept for the next validation of the same plugins, since connectors are often created in series. */
const IDLE_MS = 5000;

/** A thread that is kept for the next validation. */
interface IdleThread {
  readonly files: string;
  readonly thread: ConnectorThread;
  readonly timer: NodeJS.Timeout;
}

/** The plugins of a worker, and the worker settings that decide how plugin settings are checked. */
export interface CheckedPlugins {
  readonly worker: WorkerConfig;
  readonly plugins: PluginTable;
  /** The modules of outside plugins. */
  readonly pluginModules: readonly LoadedModule[];
  /** Outside plugins that could not be loaded. */
  readonly pluginFailures: readonly PluginFailure[];
  readonly lookup: PluginLookup;
  /** Which client settings connectors may override. */
  readonly policy: OverridePolicy;
}

export class PluginChecks {
  private readonly setting: ValidationSetting;
  private idle: IdleThread | null = null;

  constructor(
    private readonly parts: CheckedPlugins,
    private readonly threads: ConnectorThreads,
    private readonly limitMs = CHECK_LIMIT_MS,
  ) {
    const { worker, plugins, pluginFailures } = parts;
    const { keyConverter, valueConverter, headerConverter, exactlyOnceSourceEnabled, topicCreationEnable, tasksMaxLimit } = worker;
    this.setting = {
      known: plugins.list().map(nameOf),
      failures: pluginFailures,
      converters: { keyConverter, valueConverter, headerConverter, exactlyOnceSourceEnabled, topicCreationEnable, tasksMaxLimit },
      overridePolicy: {
        name: worker.clientConfigOverridePolicy,
        allowlist: worker.clientConfigOverrideAllowlist,
        tokenSources: parts.policy.tokenSources,
      },
    };
  }

  /** See `validateWithVariables`. @throws as that does, or what a plugin throws, or ConnectError (TimeoutException) */
  async validate(config: RawConfig): Promise<ConfigInfos> {
    const { lookup, worker, policy } = this.parts;
    const transformer = new ConfigTransformer(worker.configProviders);
    const validation = { props: config, plugins: lookup, worker, policy };
    return validateWithVariables(validation, transformer, resolved => this.validateResolved(resolved));
  }

  private async validateResolved(validation: ConnectorValidation): Promise<ConfigInfos> {
    const { props } = validation;
    const texts = trimmed(props);
    const files = modulesFor([texts], this.parts.pluginModules);
    const opensFiles = this.parts.plugins.findConnector(texts['connector.class'] ?? '')?.opensFiles?.(texts) ?? false;
    if (files.length === 0 && !opensFiles) return validateConnectorConfig(validation);
    return this.inThread(files, `validate a configuration of ${texts['connector.class']}`, thread =>
      thread.call('validate', props, this.setting),
    );
  }

  /** See `describePlugin`. @throws as `validate` */
  async describe(plugin: Plugin, version: string | undefined): Promise<ConfigKeyInfo[]> {
    const file = moduleOf(this.parts, plugin);
    if (file === undefined) return describePlugin(plugin, this.parts.lookup, version);
    return this.inThread([file], `describe the settings of ${plugin.className}`, thread =>
      thread.call('describe', nameOf(plugin), version, this.setting),
    );
  }

  private async inThread<T>(files: readonly string[], what: string, call: (thread: ConnectorThread) => Promise<T>): Promise<T> {
    const thread = this.takeIdle(files) ?? this.startThread(files, what);
    const message = `The plugin did not ${what} within ${this.limitMs} ms; nothing was changed`;
    let isStuck = false;
    try {
      return await within(this.limitMs, call(thread), { message });
    } catch (error) {
      isStuck = error instanceof OverdueError;
      throw error;
    } finally {
      if (isStuck || this.idle || !thread.isAlive) void thread.end();
      else this.keep(files, thread);
    }
  }

  private startThread(files: readonly string[], what: string): ConnectorThread {
    return this.threads.start(`those who ${what}`, files, {
      onReconfigure: () => {},
      onMetrics: () => {},
      onRaised: error => log.error('A plugin has thrown after it was asked to validate', error),
    });
  }

  private takeIdle(files: readonly string[]): ConnectorThread | null {
    const { idle } = this;
    if (idle?.files !== files.join('\n') || !idle.thread.isAlive) return null;
    clearTimeout(idle.timer);
    this.idle = null;
    return idle.thread;
  }

  private keep(files: readonly string[], thread: ConnectorThread): void {
    const timer = setTimeout(() => {
      this.idle = null;
      void thread.end();
    }, IDLE_MS).unref();
    this.idle = { files: files.join('\n'), thread, timer };
  }
}

/** The file of an outside plugin; undefined for a built-in one. */
export function moduleOf({ pluginModules }: CheckedPlugins, plugin: Plugin): string | undefined {
  return pluginModules.find(({ plugins }) => plugins.includes(plugin))?.file;
}
