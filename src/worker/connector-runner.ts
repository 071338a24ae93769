/** The life of one configured connector's instance: started, paused, stopped, failed. */
import type { Connector, ConnectorContext, Props } from '../api/connector';
import type { ConnectorPlugin } from '../api/plugin';
import { ConnectError } from '../errors';
import { getLogger, type Logger } from '../log';
import type { StatusStore } from './status';
import { within } from './within';

/** What the user wants a connector to do. */
export type TargetState = 'STARTED' | 'PAUSED' | 'STOPPED';

/** Limits for calls into a plugin. */
export interface PluginCallLimits {
  /** For `stop`, after which the instance is given up. */
  readonly stopMs: number;
  /** For `start` and `taskConfigs`, after which the connector is FAILED. */
  readonly callMs: number;
}

export interface RunnerOptions {
  readonly name: string;
  readonly plugin: ConnectorPlugin;
  /** The configuration with its variables resolved. */
  readonly props: Props;
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
  private instance: Connector | null = null;

  constructor(private readonly options: RunnerOptions) {
    this.label = `WorkerConnector{id=${options.name}}`;
    this.log = getLogger('org.apache.kafka.connect.runtime.WorkerConnector', `[${options.name}|worker] `);
  }

  get plugin(): ConnectorPlugin {
    return this.options.plugin;
  }

  get isStarted(): boolean {
    return this.state === 'STARTED';
  }

  /**
   * Starts, pauses or stops the instance and records the status.
   * @throws what the plugin's `start` threw (then the connector is FAILED), or ConnectError if it has failed before: only STOPPED is
   *   open to a failed connector
   */
  async transitionTo(target: TargetState): Promise<void> {
    if (this.state === target) return;
    if (this.state === 'FAILED' && target !== 'STOPPED') {
      throw new ConnectError('ConnectException', `${this.label} Cannot transition connector to ${target} since it has failed`);
    }
    if (target === 'STARTED') return this.startInstance();
    await this.stopInstance();
    this.state = target;
    this.options.statuses.setConnector(this.options.name, target, this.plugin.version);
  }

  /**
   * Asks the connector for the settings of its tasks.
   * @throws what the plugin threw, or ConnectError if its answer is no list of settings; the connector is FAILED then
   */
  async taskConfigs(maxTasks: number): Promise<Props[]> {
    const { instance } = this;
    if (!instance) throw new ConnectError('IllegalStateException', `${this.label} is not running`);
    try {
      const configs = await this.limited('taskConfigs', async () => instance.taskConfigs(maxTasks));
      if (!Array.isArray(configs) || configs.some(config => typeof config !== 'object' || config === null)) {
        throw new ConnectError('ConnectException', `Connector ${this.options.name} must return a list of task configurations`);
      }
      return configs;
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  /** Makes the connector FAILED; its tasks are not touched. */
  fail(error: unknown): void {
    this.log.error(`${this.label} Connector has failed`, error);
    this.state = 'FAILED';
    this.options.statuses.failConnector(this.options.name, error, this.plugin.version);
  }

  /** Ends the instance without a word in the status, for a removal, a new configuration, or the end of the worker. */
  async shutdown(): Promise<void> {
    const worker = getLogger('org.apache.kafka.connect.runtime.Worker', `[${this.options.name}|worker] `);
    worker.info(`Stopping connector ${this.options.name}`);
    this.log.info(`Scheduled shutdown for ${this.label}`);
    await this.stopInstance();
    this.state = 'STOPPED';
    this.log.info(`Completed shutdown for ${this.label}`);
  }

  private async startInstance(): Promise<void> {
    try {
      // Kept before `start`, so that a failed start is followed by `stop` too.
      const instance = this.plugin.createConnector();
      this.instance = instance;
      await this.limited('start', async () => instance.start(this.options.props, this.contextFor(instance)));
    } catch (error) {
      this.fail(error);
      throw error;
    }
    // `raiseError` may have been called meanwhile.
    if (this.hasFailed()) return;
    this.state = 'STARTED';
    this.options.statuses.setConnector(this.options.name, 'RUNNING', this.plugin.version);
  }

  private contextFor(instance: Connector): ConnectorContext {
    const ifCurrent = (action: () => void) => () => {
      if (this.instance === instance) action();
    };
    return {
      requestTaskReconfiguration: ifCurrent(this.options.onReconfigure),
      raiseError: error => ifCurrent(() => this.fail(error))(),
    };
  }

  private async stopInstance(): Promise<void> {
    const { instance } = this;
    this.instance = null;
    if (!instance) return;
    const stopped = Promise.resolve().then(() => instance.stop());
    try {
      await within(this.options.limits.stopMs, stopped);
    } catch (error) {
      this.log.error(
        `Connector '${this.options.name}' failed to properly shut down, has become unresponsive, and may be consuming external resources. Correct the configuration for this connector or remove the connector. After fixing the connector, it may be necessary to restart this worker to release any consumed resources.`,
        error,
      );
    }
  }

  private hasFailed(): boolean {
    return this.state === 'FAILED';
  }

  private limited<T>(method: string, call: () => Promise<T>): Promise<T> {
    const { callMs } = this.options.limits;
    return within(callMs, call(), `Connector ${this.options.name} did not return from ${method}() within ${callMs} ms`);
  }
}
