/** The life of one configured connector's instance: started, paused, stopped, failed. */
import type { ConnectorContext, OffsetAlteration, Props, SinkOffsetAlteration } from '../api/connector';
import type { ConnectorPlugin } from '../api/plugin';
import { ConnectError } from '../errors';
import { connectorContext, getLogger, type Logger } from '../log';
import { OverdueError, within } from '../waiting';
import type { StatusStore } from './status';

/** What the user wants a connector to do. */
export type TargetState = 'STARTED' | 'PAUSED' | 'STOPPED';

/** Limits for calls into a plugin. */
export interface PluginCallLimits {
  /** For `stop`, after which the instance is given up; and for calls that a request cuts short which ends the instance anyway. */
  readonly stopMs: number;
  /** For `start`, `taskConfigs` and `alterOffsets`, after which the call has failed. */
  readonly callMs: number;
}

/**
 * One instance of a connector, wherever it lives: built-in ones on the main thread, those of plugins from outside in a thread of their
 * own, so that whatever they do holds up nobody. Methods throw what the plugin throws.
 */
export interface ConnectorInstance {
  /** Makes the instance and starts it. @param context may be used from now until the end */
  start(props: Props, context: ConnectorContext): Promise<void>;
  taskConfigs(maxTasks: number): Promise<Props[]>;
  /** Asks the connector without starting it. @returns null if it has no such method */
  alterOffsets(props: Props, alterations: OffsetAlterations): Promise<boolean | null>;
  /** Stops it if it was made. Resolves at once where nothing is left to stop. */
  stop(): Promise<void>;
  /** The last call of all: ends what the instance is doing, where that is possible. Never throws. */
  end(): void;
}

/** Alterations for `alterOffsets`; which of both depends on the kind of connector. */
export type OffsetAlterations = readonly OffsetAlteration[] | readonly SinkOffsetAlteration[];

/** Prepares an instance of a plugin for the connector of this name; nothing of the plugin runs yet. */
export type OpenInstance = (plugin: ConnectorPlugin, name: string) => ConnectorInstance;

/** Java's limits: for a connector's stop, for a REST request. */
export const DEFAULT_LIMITS: PluginCallLimits = { stopMs: 5000, callMs: 90_000 };

export interface RunnerOptions {
  readonly name: string;
  readonly plugin: ConnectorPlugin;
  /** The configuration with its variables resolved. */
  readonly props: Props;
  readonly openInstance: OpenInstance;
  readonly statuses: StatusStore;
  readonly limits: PluginCallLimits;
  /** Called when the connector asks for new task configurations. */
  readonly onReconfigure: () => void;
}

type RunnerState = 'INIT' | TargetState | 'FAILED';

/**
 * Runs one connector under one configuration; a new configuration gets a new runner. A paused connector has no instance:
 * resuming makes a new one, since an instance is started and stopped once.
 */
export class ConnectorRunner {
  private readonly log: Logger;
  private readonly label: string;
  private state: RunnerState = 'INIT';
  private instance: ConnectorInstance | null = null;
  private calls = 0;
  private hurry = new AbortController();

  constructor(private readonly options: RunnerOptions) {
    this.label = `WorkerConnector{id=${options.name}}`;
    this.log = getLogger('org.apache.kafka.connect.runtime.WorkerConnector', connectorContext(options.name));
  }

  get plugin(): ConnectorPlugin {
    return this.options.plugin;
  }

  /** True while the plugin has a call to answer. */
  get isBusy(): boolean {
    return this.calls > 0;
  }

  get isStarted(): boolean {
    return this.state === 'STARTED';
  }

  /**
   * Starts, pauses or stops the instance and records the status. A plugin that throws makes the connector FAILED; one that takes too
   * long to stop is given up.
   * @throws ConnectError with Java's text if it has failed, now or before: only STOPPED is open to a failed connector; the cause is what
   *   the plugin threw
   */
  async transitionTo(target: TargetState): Promise<void> {
    if (this.state === target) return;
    if (this.state === 'FAILED' && target !== 'STOPPED') {
      throw new ConnectError('ConnectException', `${this.label} Cannot transition connector to ${target} since it has failed`);
    }
    try {
      if (target === 'STARTED') await this.startInstance();
      else await this.suspend(target);
    } catch (error) {
      this.fail(error);
      if (error instanceof OverdueError) throw error;
      throw new ConnectError('ConnectException', `Failed to transition connector ${this.options.name} to state ${target}`, error);
    }
  }

  /**
   * Asks the connector for the settings of its tasks.
   * @throws what the plugin threw, or ConnectError if its answer is not a list of settings; the connector is FAILED then
   */
  async taskConfigs(maxTasks: number): Promise<Props[]> {
    const { instance } = this;
    if (!instance) throw new ConnectError('IllegalStateException', `${this.label} is not running`);
    try {
      const configs = await this.limited('taskConfigs', instance, () => instance.taskConfigs(maxTasks));
      if (!Array.isArray(configs) || configs.some(config => typeof config !== 'object' || config === null)) {
        throw new ConnectError('ConnectException', `Connector ${this.options.name} must return a list of task configurations`);
      }
      return configs;
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  /** Says that somebody waits for the end of this runner: a call under way gets no more time than a stop. */
  hurryUp(): void {
    this.hurry.abort();
  }

  /** Makes the connector FAILED; its tasks are not touched. */
  fail(error: unknown): void {
    this.log.error(`${this.label} Connector has failed`, error);
    this.state = 'FAILED';
    this.options.statuses.failConnector(this.options.name, error, this.plugin.version);
  }

  /** Ends the instance without a word in the status, for a removal, a new configuration, or the end of the worker. */
  async shutdown(): Promise<void> {
    const worker = getLogger('org.apache.kafka.connect.runtime.Worker', this.log.context);
    worker.info(`Stopping connector ${this.options.name}`);
    this.log.info(`Scheduled shutdown for ${this.label}`);
    await this.stopInstance();
    this.state = 'STOPPED';
    this.log.info(`Completed shutdown for ${this.label}`);
  }

  private async startInstance(): Promise<void> {
    const { plugin, name, props, openInstance } = this.options;
    // Kept before `start`, so that a failed start is followed by `stop` too.
    const instance = openInstance(plugin, name);
    this.instance = instance;
    await this.limited('start', instance, () => instance.start(props, this.contextFor(instance)));
    // `raiseError` may have been called meanwhile.
    if (this.hasFailed()) return;
    this.state = 'STARTED';
    this.options.statuses.setConnector(name, 'RUNNING', plugin.version);
  }

  private async suspend(target: 'PAUSED' | 'STOPPED'): Promise<void> {
    const hasFailed = this.hasFailed();
    this.hurry = new AbortController();
    const error = await this.stopInstance();
    // After a failure the plugin's view of its own end does not matter.
    if (error && !hasFailed && !(error instanceof OverdueError)) throw error;
    this.state = target;
    this.options.statuses.setConnector(this.options.name, target, this.plugin.version);
  }

  private contextFor(instance: ConnectorInstance): ConnectorContext {
    const ifCurrent = (action: () => void) => () => {
      if (this.instance === instance) action();
    };
    return {
      logger: getLogger(this.plugin.className, this.log.context),
      requestTaskReconfiguration: ifCurrent(this.options.onReconfigure),
      raiseError: error => ifCurrent(() => this.fail(error))(),
    };
  }

  /** @returns what went wrong with the plugin's `stop`; the instance is gone anyway */
  private async stopInstance(): Promise<unknown> {
    const { instance } = this;
    this.instance = null;
    if (!instance) return undefined;
    try {
      await within(this.options.limits.stopMs, instance.stop());
      return undefined;
    } catch (error) {
      this.log.error(
        `Connector '${this.options.name}' failed to properly shut down, has become unresponsive, and may be consuming external resources. Correct the configuration for this connector or remove the connector. After fixing the connector, it may be necessary to restart this worker to release any consumed resources.`,
        error,
      );
      return error;
    } finally {
      instance.end();
    }
  }

  private hasFailed(): boolean {
    return this.state === 'FAILED';
  }

  /** An instance that takes too long is ended: nothing could be asked of it any more. */
  private async limited<T>(method: string, instance: ConnectorInstance, call: () => Promise<T>): Promise<T> {
    const { limits, name } = this.options;
    this.calls++;
    try {
      return await within(limits.callMs, call(), {
        message: `Connector ${name} did not return from ${method}() within ${limits.callMs} ms`,
        hurry: {
          signal: this.hurry.signal,
          timeoutMs: limits.stopMs,
          message: `Connector ${name} did not return from ${method}() within ${limits.stopMs} ms after it was told to end`,
        },
      });
    } catch (error) {
      if (error instanceof OverdueError) instance.end();
      throw error;
    } finally {
      this.calls--;
    }
  }
}
