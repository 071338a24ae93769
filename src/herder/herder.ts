/** The standalone herder: all operations on connectors for REST and the command line, and the order of start and stop. */
import { ConnectError } from '../errors';
import { getLogger } from '../log';
import { MetricsRegistry } from '../metrics/registry';
import type { PluginTable } from '../plugins/plugin-table';
import { formatTaskId, type TaskId } from '../thread/messages';
import { ActiveTopics } from './active-topics';
import { ConnectorChanges } from './changes/connector-changes';
import { RequestQueue, type Stage } from './changes/request-queue';
import { type ConnectorEntry, ConnectorLifecycle } from './connector-lifecycle';
import { DEFAULT_LIMITS } from './connector-runner';
import { DrainWatch, drainOptions } from './drain-watch';
import type { HerderOptions, PutOptions } from './herder-options';
import { ConnectorOffsets, type ConnectorOffsetsReply } from './offsets/connector-offsets';
import { OffsetCommitter } from './offsets/offset-committer';
import { assertOffsetRequests } from './offsets/offset-request';
import type { OffsetStore, RawConfig } from './ports';
import { AutomaticRestarts } from './restarts/automatic-restarts';
import { restartOptions } from './restarts/failed-restart';
import type { RestartRequest } from './restarts/restart-plan';
import { StatusStore, type TaskStatusInfo } from './status';
import { type TaskProgress, TaskSupervisor } from './task-supervisor';
import {
  type ConnectorInfo,
  type ConnectorStatusInfo,
  connectorInfo,
  connectorStatus,
  entryOf,
  failedParts,
  notFound,
  type TaskInfo,
  taskInfos,
} from './views';
import { WorkerMetrics } from './worker-metrics';

const log = getLogger('org.apache.kafka.connect.runtime.standalone.StandaloneHerder');
const workerLog = getLogger('org.apache.kafka.connect.runtime.Worker');
/** Java's limit for closing the herder's executor. */
const QUEUE_CLOSE_MS = 30_000;

/** Reads return at once, from memory; changes are queued by connector and resolve when they are done. */
export class Herder {
  readonly workerId: string;
  readonly kafkaClusterId: string;
  readonly plugins: PluginTable;
  readonly topicTracking: HerderOptions['topicTracking'];
  /** False until the connectors of the command line have been created. */
  isReady = false;
  /** What is counted of the worker, its connectors and their tasks. */
  readonly metrics = new MetricsRegistry();
  private readonly entries = new Map<string, ConnectorEntry>();
  private readonly statuses: StatusStore;
  private readonly topics = new ActiveTopics();
  private readonly queue = new RequestQueue();
  private readonly supervisor: TaskSupervisor;
  private readonly lifecycle: ConnectorLifecycle;
  private readonly changes: ConnectorChanges;
  private readonly offsets: ConnectorOffsets;
  private readonly committer: OffsetCommitter;
  private readonly drainWatch: DrainWatch;
  private readonly restarts: AutomaticRestarts;
  private offsetStore: OffsetStore | null = null;

  constructor(private readonly options: HerderOptions) {
    this.workerId = options.workerId;
    this.kafkaClusterId = options.kafkaClusterId;
    this.plugins = options.plugins;
    this.topicTracking = options.topicTracking;
    this.statuses = new StatusStore(options.workerId);
    const limits = options.pluginCallLimits ?? DEFAULT_LIMITS;
    const workerMetrics = new WorkerMetrics(options.metricSamples, this.entries, this.statuses);
    const offsetStore = (): OffsetStore => {
      if (this.offsetStore) return this.offsetStore;
      throw new ConnectError('IllegalStateException', 'The offset store is not open');
    };
    const onDrainChange = (): void => this.drainWatch.onChange();
    this.drainWatch = new DrainWatch(
      drainOptions(
        this.entries,
        () => this.supervisor,
        name => this.restarts.isDue(name),
      ),
    );
    this.supervisor = new TaskSupervisor({
      startTask: options.startTask,
      statuses: this.statuses,
      topics: this.topics,
      trackTopics: options.topicTracking.enabled,
      offsetStore,
      gracefulTimeoutMs: options.taskShutdownGracefulTimeoutMs,
      samples: options.metricSamples,
      starts: workerMetrics.taskStarts,
      onDrainChange,
    });
    this.lifecycle = new ConnectorLifecycle({
      ...options,
      statuses: this.statuses,
      supervisor: this.supervisor,
      offsetStore,
      limits,
      starts: workerMetrics.connectorStarts,
      onReconfigure: connector => this.changes.reconfigureTasks(connector),
    });
    this.metrics.add(nowMs => workerMetrics.measure(nowMs));
    this.metrics.add(nowMs => this.supervisor.measure(nowMs));
    const { entries, statuses, queue, lifecycle, topics } = this;
    this.changes = new ConnectorChanges({ ...options, entries, statuses, queue, lifecycle, topics, onDrainChange });
    this.restarts = new AutomaticRestarts(restartOptions({ entries, statuses, queue, lifecycle, onDrainChange }, options));
    this.offsets = new ConnectorOffsets({ ...options, limits, offsetStore });
    this.committer = new OffsetCommitter({
      intervalMs: options.offsetFlushIntervalMs,
      timeoutMs: options.offsetFlushTimeoutMs,
      tasks: () => this.supervisor.runningSources(),
    });
  }

  /** Opens the offset store and starts periodic commits. Call it once, before any other method. @throws ConnectError of the store */
  async start(): Promise<void> {
    log.info('Herder starting');
    workerLog.info('Worker starting');
    this.offsetStore = await this.options.openOffsetStore();
    workerLog.info('Worker started');
    this.committer.start();
    log.info('Herder started');
  }

  /**
   * Ends everything in order: open requests, tasks, connectors, offset store. Never throws.
   * @returns false if offsets could not be saved
   */
  async stop(): Promise<boolean> {
    log.info('Herder stopping');
    this.drainWatch.close();
    this.changes.hurryUpAll();
    this.restarts.close();
    if (!(await this.queue.close(QUEUE_CLOSE_MS))) log.error('Some requests did not end in time');
    await this.committer.stop();
    const ended = await Promise.allSettled([...this.entries.values()].map(entry => this.lifecycle.shutdown(entry)));
    for (const outcome of ended) if (outcome.status === 'rejected') log.error('Error while stopping a connector', outcome.reason);
    workerLog.info('Worker stopping');
    const isSaved = await this.offsetStore?.close().catch(error => log.error('Failed to close the offset store', error));
    workerLog.info('Worker stopped');
    log.info('Herder stopped');
    return isSaved ?? true;
  }

  /** Notes that the connectors of the command line have been created: GET /health returns 200 from now on. */
  setReady(): void {
    this.isReady = true;
  }

  /** The longest-running request at this moment, or null. */
  currentStage(): Stage | null {
    return this.queue.oldestStage();
  }

  /** Names of all connectors, in the order of their creation. */
  connectors(): string[] {
    return [...this.entries.keys()];
  }

  /** @throws ConnectError (NotFoundException) */
  connectorInfo(name: string): ConnectorInfo {
    return connectorInfo(entryOf(this.entries, name));
  }

  /** Settings of the tasks, variables unresolved. @throws ConnectError (NotFoundException) */
  taskInfos(name: string): TaskInfo[] {
    return taskInfos(entryOf(this.entries, name));
  }

  /** @throws ConnectError (NotFoundException) */
  connectorStatus(name: string): ConnectorStatusInfo {
    const entry = this.entries.get(name);
    const status = entry && connectorStatus(entry, this.statuses);
    if (!status) throw notFound(`No status found for connector ${name}`);
    return status;
  }

  /** @throws ConnectError (NotFoundException) */
  taskStatus(id: TaskId): TaskStatusInfo {
    const status = this.statuses.task(id);
    if (!status) throw notFound(`No status found for task ${formatTaskId(id)}`);
    return status;
  }

  /** Topics the connector has used; empty for an unknown connector. */
  activeTopics(name: string): string[] {
    return this.topics.of(name);
  }

  resetActiveTopics(name: string): void {
    this.topics.reset(name);
  }

  /**
   * Creates or replaces a connector. A replaced one keeps its target state, and tasks restart only if something changed.
   * @returns once the connector has started and its tasks were told to start
   * @throws ConnectError: BadRequestException (invalid), AlreadyExistsException; or the reason if the connector could not start: it is
   *   kept, FAILED
   */
  putConnectorConfig(name: string, config: RawConfig, put: PutOptions): Promise<{ created: boolean; info: ConnectorInfo }> {
    return this.changes.put(name, config, put);
  }

  /** Merges into the configuration; null removes a key. @throws as `putConnectorConfig`, or NotFoundException */
  async patchConnectorConfig(name: string, patch: RawConfig): Promise<ConnectorInfo> {
    return this.changes.patch(name, patch);
  }

  /** Stops and removes a connector. Its offsets stay. @throws ConnectError (NotFoundException) */
  deleteConnector(name: string): Promise<void> {
    return this.changes.remove(name);
  }

  /** @throws ConnectError (NotFoundException) */
  pauseConnector(name: string): Promise<void> {
    return this.changes.pause(name);
  }

  /** @throws ConnectError (NotFoundException) */
  resumeConnector(name: string): Promise<void> {
    return this.changes.resume(name);
  }

  /** Stops the connector and removes its tasks; its configuration stays. @throws ConnectError (NotFoundException) */
  stopConnector(name: string): Promise<void> {
    return this.changes.stop(name);
  }

  /** Restarts the connector instance; tasks only if that changes their configurations. @throws NotFoundException, or as a start */
  restartConnector(name: string): Promise<void> {
    return this.changes.restart(name);
  }

  /**
   * Restarts the connector instance and its tasks, or those that have failed.
   * @returns the states at the beginning; RESTARTING for what is restarted
   * @throws ConnectError (NotFoundException); a failure to start shows in the status only
   */
  restartConnectorAndTasks(request: RestartRequest): Promise<ConnectorStatusInfo> {
    return this.changes.restartWithTasks(request);
  }

  /** Restarts one task. @throws ConnectError (NotFoundException) */
  restartTask(id: TaskId): Promise<void> {
    return this.changes.restartTask(id);
  }

  /** Offsets of a connector in any state. @throws ConnectError: NotFoundException, or an error of Kafka */
  async connectorOffsets(name: string): Promise<ConnectorOffsetsReply> {
    return this.offsets.list(entryOf(this.entries, name));
  }

  /** Changes offsets of a stopped connector (KIP-875). @returns the message for the user @throws ConnectError */
  async alterConnectorOffsets(name: string, body: unknown): Promise<string> {
    const requests = assertOffsetRequests(body);
    return this.changes.run(name, `altering offsets of connector ${name}`, async () =>
      this.offsets.alter(entryOf(this.entries, name), requests),
    );
  }

  /** Removes all offsets of a stopped connector. @returns the message for the user @throws ConnectError */
  resetConnectorOffsets(name: string): Promise<string> {
    return this.changes.run(name, `resetting offsets of connector ${name}`, async () => this.offsets.reset(entryOf(this.entries, name)));
  }

  /** For `--drain`. @returns true when there is nothing left to do; false if the herder was stopped first */
  drained(): Promise<boolean> {
    return this.drainWatch.drained();
  }

  /** How far every task is, in the order of connectors. */
  progress(): TaskProgress[] {
    return [...this.entries.keys()].flatMap(name => this.supervisor.progressOf(name));
  }

  /** Names of failed connectors and tasks, for the exit code of `--drain`. */
  failures(): string[] {
    return [...this.entries.values()].flatMap(entry => failedParts(entry, this.statuses));
  }
}
