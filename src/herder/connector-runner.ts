/** The life of one configured connector's instance: started, paused, stopped, failed. */
import type { ConnectorContext, OffsetAlteration, Props, SinkOffsetAlteration } from '../api/connector';
import type { ConnectorPlugin } from '../api/plugin';
import { ConnectError } from '../errors';
import { connectorContext, getLogger, type Logger } from '../log';
import type { PluginReport } from '../metrics/plugin-metrics';
import { PluginReadings } from '../metrics/plugin-readings';
import { PluginReporter } from '../metrics/plugin-reporter';
import type { Measurement } from '../metrics/registry';
import type { SampleSettings } from '../metrics/samples';
import { OverdueError, within } from '../waiting';
import type { StatusStore } from './status';

/** What the user wants a connector to do. */
export type TargetState = 'STARTED' | 'PAUSED' | 'STOPPED';

/** Time limits of calls into a plugin. */
export interface PluginCallLimits {
  /** For `stop`, after which the instance is given up; also for running calls once a request is to end the instance. */
  readonly stopMs: number;
  /** For `start`, `taskConfigs` and `alterOffsets`, after which the call counts as failed. */
  readonly callMs: number;
}

/** What an instance may ask, and how those that live in a thread tell of their metrics. */
export interface InstanceContext extends ConnectorContext {
  onMetrics(report: PluginReport): void;
}

/**
 * One instance of a connector, wherever it lives: built-in ones on the main thread, outside plugins in a thread of their own, so that they
 * can block nobody else. Methods throw what the plugin throws.
 */
export interface ConnectorInstance {
  /** Creates the instance and starts it. @param context may be used from now until the end */
  start(props: Props, context: InstanceContext): Promise<void>;
  taskConfigs(maxTasks: number): Promise<Props[]>;
  /** Calls `alterOffsets` of the connector without starting it. @returns null if it has no such method */
  alterOffsets(props: Props, alterations: OffsetAlterations): Promise<boolean | null>;
  /** Stops the instance. Resolves at once if there is none. */
  stop(): Promise<void>;
  /** The last call: ends what the instance is doing, if that is possible. Never throws. */
  end(): void;
}

/** Alterations for `alterOffsets`, by the kind of connector. */
export type OffsetAlterations = readonly OffsetAlteration[] | readonly SinkOffsetAlteration[];

/** Prepares an instance of a plugin for the connector of this name; no code of the plugin runs yet. */
export type OpenInstance = (plugin: ConnectorPlugin, name: string) => ConnectorInstance;

/** Java's limits for the stop of a connector and for a REST request. */
export const DEFAULT_LIMITS: PluginCallLimits = { stopMs: 5000, callMs: 90_000 };

export interface RunnerOptions {
  readonly name: string;
  readonly plugin: ConnectorPlugin;
  /** The configuration with its variables resolved. */
  readonly props: Props;
  readonly openInstance: OpenInstance;
  readonly statuses: StatusStore;
  readonly limits: PluginCallLimits;
  /** How long values of its metrics are remembered. */
  readonly samples: SampleSettings;
  /** Called when the connector asks for new task configurations. */
  readonly onReconfigure: () => void;
}

type RunnerState = 'INIT' | TargetState | 'FAILED';

/**
 * Runs one connector with one configuration; a new configuration gets a new runner. A paused connector has no instance: resuming creates a
 * new one, since an instance is started and stopped only once.
 */
export class ConnectorRunner {
  private readonly log: Logger;
  private readonly label: string;
  private state: RunnerState = 'INIT';
  private instance: ConnectorInstance | null = null;
  private calls = 0;
  /** Metrics that the instance has registered on this thread; null where there is none. */
  private reporter: PluginReporter | null = null;
  /** What it has registered here or in its thread. */
  private readings: PluginReadings;
  private hurry = new AbortController();

  constructor(private readonly options: RunnerOptions) {
    this.label = `WorkerConnector{id=${options.name}}`;
    this.readings = new PluginReadings(options.samples);
    this.log = getLogger('org.apache.kafka.connect.runtime.WorkerConnector', connectorContext(options.name));
  }

  get plugin(): ConnectorPlugin {
    return this.options.plugin;
  }

  /** True while a call into the plugin is running. */
  get isBusy(): boolean {
    return this.calls > 0;
  }

  get isStarted(): boolean {
    return this.state === 'STARTED';
  }

  /** The metrics that the instance has registered. @param nowMs epoch milliseconds */
  measurements(nowMs: number): Measurement[] {
    return this.readings.measurements(nowMs);
  }

  /**
   * Starts, pauses or stops the instance and records the status. If the plugin throws, the connector is FAILED; if it takes too long to
   * stop, it is given up.
   * @throws ConnectError with Java's text if it has failed, now or before: a failed connector can only become STOPPED; the cause is what
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
   * @throws what the plugin threw, or ConnectError if it did not return a list of settings; the connector is then FAILED
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

  /** Limits a running call to the time of a stop, since the end of this runner is being waited for. */
  hurryUp(): void {
    this.hurry.abort();
  }

  /** Makes the connector FAILED; its tasks are left alone. */
  fail(error: unknown): void {
    this.log.error(`${this.label} Connector has failed`, error);
    this.state = 'FAILED';
    this.options.statuses.failConnector(this.options.name, error, this.plugin.version);
  }

  /** Ends the instance without changing the status: for a removal, a new configuration, or the end of the worker. */
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
    // Stored before `start`, so that a failed start is also followed by `stop`.
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
    // Once it has failed, an error of its `stop` does not matter.
    if (error && !hasFailed && !(error instanceof OverdueError)) throw error;
    this.state = target;
    this.options.statuses.setConnector(this.options.name, target, this.plugin.version);
  }

  private contextFor(instance: ConnectorInstance): InstanceContext {
    const ifCurrent = (action: () => void) => () => {
      if (this.instance === instance) action();
    };
    const onMetrics = (report: PluginReport): void => ifCurrent(() => this.readings.take(report, Date.now()))();
    this.reporter = new PluginReporter(this.options.name, onMetrics);
    return {
      logger: getLogger(this.plugin.className, this.log.context),
      metrics: this.reporter.metrics,
      onMetrics,
      requestTaskReconfiguration: ifCurrent(this.options.onReconfigure),
      raiseError: error => ifCurrent(() => this.fail(error))(),
    };
  }

  /** @returns the error of the plugin's `stop`; the instance is gone in any case */
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
      this.reporter?.close();
      this.readings = new PluginReadings(this.options.samples);
    }
  }

  private hasFailed(): boolean {
    return this.state === 'FAILED';
  }

  /** Calls with a time limit. An instance that exceeds it is ended, since it could serve no further call. */
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
