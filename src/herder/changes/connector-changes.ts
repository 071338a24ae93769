/**
 * Changes of connectors, requested by REST, connector files and connectors themselves. Each is one request in its connector's queue; its
 * steps are in connector-lifecycle.ts.
 */
import type { Props } from '../../api/connector';
import { ConnectError } from '../../errors';
import { getLogger } from '../../log';
import type { PluginTable } from '../../plugins/plugin-table';
import { formatTaskId, type TaskId } from '../../thread/messages';
import type { ActiveTopics } from '../active-topics';
import type { ConnectorEntry, ConnectorLifecycle } from '../connector-lifecycle';
import type { TargetState } from '../connector-runner';
import type { PutOptions } from '../herder-options';
import type { ConnectorConfigs, ConnectorStore, RawConfig } from '../ports';
import { carryOutRestart } from '../restarts/connector-restart';
import type { RestartRequest } from '../restarts/restart-plan';
import type { StatusStore } from '../status';
import { type ConnectorInfo, type ConnectorStatusInfo, connectorInfo, entryOf, notFound } from '../views';
import { BusyConnectors } from './busy-connectors';
import { checkConfig } from './check-config';
import type { RequestQueue } from './request-queue';

const log = getLogger('org.apache.kafka.connect.runtime.standalone.StandaloneHerder');

/** The parts of a herder that a change touches. */
export interface ChangesOptions {
  readonly entries: Map<string, ConnectorEntry>;
  readonly plugins: PluginTable;
  readonly configs: ConnectorConfigs;
  readonly queue: RequestQueue;
  readonly lifecycle: ConnectorLifecycle;
  readonly statuses: StatusStore;
  readonly topics: ActiveTopics;
  readonly connectorStore?: ConnectorStore;
  /** Called after changes that may leave nothing to do, for `--drain`. */
  readonly onDrainChange: () => void;
}

/** Methods resolve when the change is done, and throw as the methods of `Herder` that use them. */
export class ConnectorChanges {
  private readonly busy: BusyConnectors;
  /** By connector: a pause that waits for its turn and is the last in its queue. */
  private readonly waitingPauses = new Map<string, { overtaken: boolean }>();

  constructor(private readonly options: ChangesOptions) {
    this.busy = new BusyConnectors(options.entries);
  }

  /** Limits running calls of all connectors to the time of a stop, when the worker ends. */
  hurryUpAll(): void {
    this.busy.hurryUpAll();
  }

  put(name: string, config: RawConfig, put: PutOptions): Promise<{ created: boolean; info: ConnectorInfo }> {
    const check = (): Promise<Props> => checkConfig(this.options, config, put.originOf);
    const early = put.allowReplace && this.busy.isBusy(name) ? check() : null;
    const request = this.run(name, `creating or changing connector ${name}`, async () => {
      const checked = await (early ?? check());
      const existing = this.options.entries.get(name);
      if (existing && !put.allowReplace) throw new ConnectError('AlreadyExistsException', `Connector ${name} already exists`);
      const info = await this.apply(name, checked, put.initialState ?? 'STARTED');
      return { created: !existing, info };
    });
    return early ? this.busy.hurryUpIf(name, early, request) : request;
  }

  patch(name: string, patch: RawConfig): Promise<ConnectorInfo> {
    const check = (): Promise<Props> => checkConfig(this.options, merge(this.entryOf(name).config, patch));
    const early = this.busy.isBusy(name) ? check() : null;
    const request = this.run(name, `changing connector ${name}`, async () => {
      await early;
      // Checked again, since earlier requests may have changed what is merged into.
      return this.apply(name, await check(), this.entryOf(name).target);
    });
    return early ? this.busy.hurryUpIf(name, early, request) : request;
  }

  remove(name: string): Promise<void> {
    const { entries, lifecycle, statuses, topics, connectorStore, onDrainChange } = this.options;
    this.busy.hurryUp(name);
    return this.run(name, `deleting connector ${name}`, async () => {
      const entry = this.entryOf(name);
      await lifecycle.removeTasks(entry);
      await lifecycle.stopConnector(entry);
      entries.delete(name);
      statuses.removeConnector(name);
      topics.reset(name);
      onDrainChange();
      await connectorStore?.forget(name);
    });
  }

  /** Only accepted, as in Java, if it would have to wait for the plugin; skipped if a resume overtakes it before its turn. */
  pause(name: string): Promise<void> {
    const pause = { overtaken: false };
    return this.busy.accept(name, () => {
      const done = this.run(name, `setting connector ${name} to PAUSED`, async () => {
        if (this.waitingPauses.get(name) === pause) this.waitingPauses.delete(name);
        if (pause.overtaken) log.info(`Connector ${name} is not paused: a resume has overtaken the request`);
        else await this.changeTarget(name, 'PAUSED');
      });
      this.waitingPauses.set(name, pause);
      return done;
    });
  }

  /** Accepted as a pause is. */
  resume(name: string): Promise<void> {
    const pause = this.waitingPauses.get(name);
    if (pause) pause.overtaken = true;
    return this.busy.accept(name, () => this.run(name, `setting connector ${name} to STARTED`, () => this.changeTarget(name, 'STARTED')));
  }

  stop(name: string): Promise<void> {
    this.busy.hurryUp(name);
    return this.run(name, `setting connector ${name} to STOPPED`, () => this.changeTarget(name, 'STOPPED'));
  }

  restart(name: string): Promise<void> {
    this.busy.hurryUp(name);
    return this.run(name, `restarting connector ${name}`, async () => {
      const entry = this.entryOf(name, `Unknown connector: ${name}`);
      await this.options.lifecycle.stopConnector(entry);
      await this.startAndUpdate(entry);
    });
  }

  restartWithTasks(request: RestartRequest): Promise<ConnectorStatusInfo> {
    const { lifecycle, statuses } = this.options;
    const name = request.connector;
    if (!request.onlyFailed) this.busy.hurryUp(name);
    return this.run(name, `restarting connector ${name} and tasks`, async () =>
      carryOutRestart(lifecycle, statuses, this.entryOf(name, `Unknown connector: ${name}`), request),
    );
  }

  restartTask(id: TaskId): Promise<void> {
    return this.run(id.connector, `restarting task ${formatTaskId(id)}`, async () => {
      const entry = this.options.entries.get(id.connector);
      if (!entry?.taskConfigs[id.task]) throw notFound(`Task ${formatTaskId(id)} not found`);
      await this.options.lifecycle.restartTasks(entry, [id]);
    });
  }

  /** A connector's own request for new task configurations; a failure is logged. */
  reconfigureTasks(name: string): void {
    this.run(name, `reconfiguring tasks of connector ${name}`, async () => {
      const entry = this.options.entries.get(name);
      if (entry) await this.options.lifecycle.updateTasks(entry);
    }).catch(error => log.error(`Failed to reconfigure the tasks of connector ${name}`, error));
  }

  /** Runs another request of a connector in its turn. */
  run<T>(name: string, description: string, request: () => Promise<T>): Promise<T> {
    this.waitingPauses.delete(name);
    return this.options.queue.run(name, description, request);
  }

  private async apply(name: string, config: Props, target: TargetState): Promise<ConnectorInfo> {
    const { entries, lifecycle, connectorStore } = this.options;
    const existing = entries.get(name);
    if (existing) await lifecycle.stopConnector(existing);
    const entry = existing ?? this.newEntry(name, config, target);
    entry.config = config;
    entries.set(name, entry);
    await this.startAndUpdate(entry).finally(() => connectorStore?.keep(entry));
    return connectorInfo(entry);
  }

  private newEntry(name: string, config: Props, target: TargetState): ConnectorEntry {
    const plugin = this.options.plugins.connector(config['connector.class'] ?? '');
    this.options.statuses.setConnector(name, 'UNASSIGNED', plugin.version);
    return { name, plugin, config, target, runner: null, taskConfigs: [], appliedConfig: null };
  }

  private async startAndUpdate(entry: ConnectorEntry): Promise<void> {
    await this.options.lifecycle.startConnector(entry);
    await this.options.lifecycle.updateTasks(entry);
    this.options.onDrainChange();
  }

  private async changeTarget(name: string, target: TargetState): Promise<void> {
    const entry = this.entryOf(name, `Unknown connector ${name}`);
    await this.options.lifecycle.changeTarget(entry, target);
    await this.options.connectorStore?.keep(entry);
    this.options.onDrainChange();
  }

  private entryOf(name: string, message?: string): ConnectorEntry {
    return entryOf(this.options.entries, name, message);
  }
}

/** A configuration with a patch applied; null removes a key. */
function merge(config: Props, patch: RawConfig): Props {
  const merged = Object.entries({ ...config, ...patch });
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== null));
}
