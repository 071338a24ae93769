/** The steps that changes of a connector consist of: start it, stop it, bring its tasks up to date. */
import type { Props } from '../api/connector';
import type { ConnectorPlugin } from '../api/plugin';
import { tasksMax } from '../config/tasks/tasks-max';
import { connectorContext, getLogger } from '../log';
import type { SampleSettings } from '../metrics/samples';
import type { StartCounts } from '../metrics/start-counts';
import type { PluginTable } from '../plugins/plugin-table';
import { formatTaskId, type TaskId } from '../thread/messages';
import { ConnectorRunner, type OpenInstance, type PluginCallLimits, type TargetState } from './connector-runner';
import type { ConnectorConfigs, OffsetStore, TaskStart } from './ports';
import type { StatusStore } from './status';
import { checkTasksMax, completeTaskConfig, sameProps } from './task-configs';
import { startTasks } from './task-starts';
import type { TaskSupervisor } from './task-supervisor';

const log = getLogger('org.apache.kafka.connect.runtime.Worker');
const herderLog = getLogger('org.apache.kafka.connect.runtime.standalone.StandaloneHerder');

/** The herder's record of one configured connector. Changed only by requests in the connector's queue. */
export interface ConnectorEntry {
  readonly name: string;
  plugin: ConnectorPlugin;
  /** As submitted, variables unresolved, `name` included. */
  config: Props;
  target: TargetState;
  /** Null if the configuration could not be resolved. */
  runner: ConnectorRunner | null;
  /** Settings of the existing tasks, variables unresolved. */
  taskConfigs: Props[];
  /** The configuration from which `taskConfigs` was made. */
  appliedConfig: Props | null;
}

export interface LifecycleOptions {
  readonly plugins: PluginTable;
  readonly configs: ConnectorConfigs;
  readonly openInstance: OpenInstance;
  readonly statuses: StatusStore;
  readonly supervisor: TaskSupervisor;
  readonly offsetStore: () => OffsetStore;
  readonly limits: PluginCallLimits;
  readonly metricSamples: SampleSettings;
  /** Where starts of connectors are counted. */
  readonly starts: StartCounts;
  /** `tasks.max.limit`; absent: none. */
  readonly tasksMaxLimit?: number;
  /** Called when a connector wants its tasks regenerated; must queue, not act. */
  readonly onReconfigure: (connector: string) => void;
}

export class ConnectorLifecycle {
  constructor(private readonly options: LifecycleOptions) {}

  /**
   * Creates a new instance with the entry's configuration and brings it to the entry's target state.
   * @throws the reason if it cannot start; the connector is then FAILED
   */
  async startConnector(entry: ConnectorEntry): Promise<void> {
    const { starts } = this.options;
    try {
      await this.makeConnector(entry);
    } catch (error) {
      starts.count(false, Date.now());
      throw error;
    }
    // Resuming one that was made in another state is no start, as in Java.
    if (entry.target === 'STARTED') starts.count(entry.runner?.isStarted ?? false, Date.now());
  }

  private async makeConnector(entry: ConnectorEntry): Promise<void> {
    const { statuses } = this.options;
    const logger = log.withContext(connectorContext(entry.name));
    logger.info(`Creating connector ${entry.name} of type ${entry.config['connector.class']}`);
    try {
      entry.runner = null;
      entry.plugin = this.options.plugins.connector(entry.config['connector.class'] ?? '');
      entry.runner = await this.createRunner(entry);
    } catch (error) {
      logger.error(`Failed to start connector ${entry.name}`, error);
      statuses.failConnector(entry.name, error, null);
      throw error;
    }
    const { version, className } = entry.plugin;
    logger.info(`Instantiated connector ${entry.name} with version ${version} of type class ${className}`);
    await entry.runner.transitionTo(entry.target);
    logger.info(`Finished creating connector ${entry.name}`);
  }

  /** Ends the instance; its tasks keep running. */
  async stopConnector(entry: ConnectorEntry): Promise<void> {
    await entry.runner?.shutdown();
    entry.runner = null;
  }

  /**
   * Asks the connector for its task configurations, and replaces the tasks if these or the connector's configuration changed. Does nothing
   * if the connector is not running.
   * @throws what `taskConfigs` threw, or too many tasks; the connector is then FAILED, and its old tasks keep running
   */
  async updateTasks(entry: ConnectorEntry): Promise<void> {
    const { runner } = entry;
    if (!runner?.isStarted) {
      herderLog.info(`Skipping update of connector ${entry.name} since it is not running`);
      return;
    }
    const taskConfigs = await this.generateTaskConfigs(entry, runner);
    if (!hasChanged(entry, taskConfigs)) return;
    await this.removeTasks(entry);
    entry.taskConfigs = taskConfigs;
    entry.appliedConfig = entry.config;
    await this.startTasks(entry, taskIdsOf(entry));
  }

  /** Stops all tasks and forgets their configurations and statuses. */
  async removeTasks(entry: ConnectorEntry): Promise<void> {
    const { supervisor, statuses } = this.options;
    await supervisor.stop(supervisor.idsOf(entry.name));
    for (const id of taskIdsOf(entry)) statuses.removeTask(id);
    entry.taskConfigs = [];
    entry.appliedConfig = null;
  }

  /** Stops these tasks and starts them again with the same configurations, variables resolved anew. */
  async restartTasks(entry: ConnectorEntry, ids: readonly TaskId[]): Promise<void> {
    await this.options.supervisor.stop(ids);
    await this.startTasks(entry, ids);
  }

  /** Stops tasks, then the connector: for a removal, or at the end of the worker. */
  async shutdown(entry: ConnectorEntry): Promise<void> {
    await this.options.supervisor.stop(this.options.supervisor.idsOf(entry.name));
    await this.stopConnector(entry);
  }

  /** Brings connector and tasks to another target state. If the connector cannot follow, that is logged and it is FAILED, as in Java. */
  async changeTarget(entry: ConnectorEntry, target: TargetState): Promise<void> {
    const { supervisor } = this.options;
    entry.target = target;
    log.info(`Setting connector ${entry.name} state to ${target}`);
    if (target === 'STOPPED') await this.removeTasks(entry);
    if (target === 'PAUSED') supervisor.pause(entry.name);
    try {
      await this.transition(entry, target);
    } catch (error) {
      herderLog.error(`Failed to transition connector ${entry.name} to target state ${target}`, error);
    }
    // Resumed last: tasks of an older configuration have been replaced by now and must not run again.
    if (target === 'STARTED') supervisor.resume(entry.name);
  }

  private async transition(entry: ConnectorEntry, target: TargetState): Promise<void> {
    if (entry.runner) await entry.runner.transitionTo(target);
    else if (target === 'STOPPED') this.options.statuses.setConnector(entry.name, 'STOPPED', null);
    if (target === 'STARTED') await this.updateTasks(entry);
  }

  private async createRunner(entry: ConnectorEntry): Promise<ConnectorRunner> {
    const props = await this.options.configs.resolve(entry.config);
    this.options.configs.checkAtStart?.(props, entry.plugin.type);
    return new ConnectorRunner({
      name: entry.name,
      plugin: entry.plugin,
      props,
      openInstance: this.options.openInstance,
      statuses: this.options.statuses,
      limits: this.options.limits,
      samples: this.options.metricSamples,
      onReconfigure: () => this.options.onReconfigure(entry.name),
    });
  }

  private async generateTaskConfigs(entry: ConnectorEntry, runner: ConnectorRunner): Promise<Props[]> {
    const props = await this.options.configs.resolve(entry.config);
    const max = tasksMax(props);
    const generated = await runner.taskConfigs(max.count);
    try {
      checkTasksMax(entry.name, generated.length, max, this.options.tasksMaxLimit);
    } catch (error) {
      runner.fail(error);
      throw error;
    }
    return generated.map(config => completeTaskConfig(config, entry.config, entry.plugin));
  }

  private async startTasks(entry: ConnectorEntry, ids: readonly TaskId[]): Promise<void> {
    const { supervisor } = this.options;
    const { plugin } = entry;
    await startTasks(ids, {
      start: async id => ({ up: supervisor.start(await this.describeTask(entry, id), plugin) }),
      refuse: (refused, error) => supervisor.startFailed(refused, error, plugin.version),
    });
  }

  private async describeTask(entry: ConnectorEntry, id: TaskId): Promise<TaskStart> {
    const { configs, offsetStore } = this.options;
    const kind = entry.plugin.type;
    return {
      id,
      kind,
      connectorProps: await configs.resolve(entry.config),
      taskProps: await configs.resolve(entry.taskConfigs[id.task] ?? {}),
      paused: entry.target === 'PAUSED',
      storedOffsets: kind === 'source' ? offsetStore().offsetsForTask(entry.name) : [],
    };
  }
}

/** Ids of the tasks that an entry has configurations for. */
export function taskIdsOf(entry: ConnectorEntry): TaskId[] {
  return entry.taskConfigs.map((_, task) => ({ connector: entry.name, task }));
}

function hasChanged(entry: ConnectorEntry, next: readonly Props[]): boolean {
  const { name, taskConfigs: current, appliedConfig } = entry;
  if (current.length !== next.length) {
    herderLog.debug(`Connector ${name} task count changed from ${current.length} to ${next.length}`);
    return true;
  }
  const changed = next.findIndex((config, i) => !sameProps(config, current[i] ?? {}));
  if (changed >= 0) {
    herderLog.debug(`Connector ${name} has change in configuration for task ${formatTaskId({ connector: name, task: changed })}`);
    return true;
  }
  if (appliedConfig && sameProps(appliedConfig, entry.config)) {
    herderLog.debug(`Skipping reconfiguration of connector ${name} as generated configs appear unchanged`);
    return false;
  }
  herderLog.debug(`Forcing task restart for connector ${name} as its configuration appears to be updated`);
  return true;
}
